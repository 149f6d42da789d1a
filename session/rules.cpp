#include "session/rules.hpp"

#include "dissect/ikev1.hpp"
#include "dissect/numbers_ikev2.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ikescope::session {

namespace {

constexpr std::uint8_t any = 255;
constexpr auto v1 = dissect::Version::v1, v2 = dissect::Version::v2;

namespace one {
namespace p = dissect::ikev1::payload;
namespace x = dissect::ikev1::exchange;

// RFC 2408 3.16 lets Vendor IDs, and 3.14 notifications, come along with anything in phase 1.
constexpr Allowed proposal[] = {{p::sa, 1, 1}, {p::vendor, 0, any}, {p::notify, 0, any}};
constexpr Allowed key_exchange[] = {{p::ke, 1, 1},         {p::nonce, 1, 1},           {p::vendor, 0, any},
                                    {p::notify, 0, any},   {p::certreq, 0, any},       {p::cert, 0, any},
                                    {p::nat_d, 0, any, p::nat_d_draft}};
constexpr Allowed encrypted_key_exchange[] = {{p::ke, 1, 1},       {p::nonce, 1, 1},     {p::id, 1, 1},
                                              {p::hash, 0, 1},     {p::vendor, 0, any},  {p::notify, 0, any},
                                              {p::cert, 0, any},   {p::certreq, 0, any}, {p::nat_d, 0, any, p::nat_d_draft}};
constexpr Allowed identity[] = {{p::id, 1, 1},       {p::hash, 1, 1, p::sig}, {p::cert, 0, any}, {p::certreq, 0, any},
                                {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed hash_only[] = {{p::hash, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed aggressive_offer[] = {{p::sa, 1, 1},     {p::ke, 1, 1},       {p::nonce, 1, 1},     {p::id, 1, 1},
                                        {p::hash, 0, 1},   {p::cert, 0, any},   {p::certreq, 0, any}, {p::notify, 0, any},
                                        {p::vendor, 0, any}};
constexpr Allowed aggressive_answer[] = {{p::sa, 1, 1},          {p::ke, 1, 1},     {p::nonce, 1, 1},
                                         {p::id, 1, 1},          {p::hash, 1, 1, p::sig}, {p::cert, 0, any},
                                         {p::certreq, 0, any},   {p::notify, 0, any}, {p::vendor, 0, any},
                                         {p::nat_d, 0, any, p::nat_d_draft}};
constexpr Allowed aggressive_proof[] = {{p::hash, 1, 1, p::sig}, {p::cert, 0, any},   {p::notify, 0, any},
                                        {p::vendor, 0, any},     {p::nat_d, 0, any, p::nat_d_draft}};
constexpr Allowed base_offer[] = {{p::sa, 1, 1}, {p::nonce, 1, 1}, {p::id, 0, 1}, {p::vendor, 0, any}, {p::notify, 0, any}};
constexpr Allowed base_proof[] = {{p::ke, 1, 1},     {p::id, 0, 1},       {p::hash, 1, 1, p::sig},
                                  {p::cert, 0, any}, {p::vendor, 0, any}, {p::notify, 0, any}};
constexpr Allowed quick_offer[] = {{p::hash, 1, 1}, {p::sa, 1, any},     {p::nonce, 1, 1},   {p::ke, 0, 1},
                                   {p::id, 0, 2},   {p::notify, 0, any}, {p::vendor, 0, any}, {p::nat_oa, 0, 2, p::nat_oa_draft}};
constexpr Allowed quick_proof[] = {{p::hash, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed quick_connected[] = {{p::hash, 1, 1}, {p::notify, 1, any}, {p::vendor, 0, any}};
constexpr Allowed information[] = {{p::hash, 1, 1}, {p::notify, 1, any, p::delete_}, {p::vendor, 0, any}};
constexpr Allowed bare_information[] = {{p::notify, 1, any, p::delete_}, {p::vendor, 0, any}};
constexpr Allowed transaction[] = {{p::hash, 1, 1}, {p::attributes, 1, 1}, {p::vendor, 0, any}, {p::notify, 0, any}};
constexpr Allowed group[] = {{p::hash, 1, 1}, {p::sa, 1, 1}};
constexpr Allowed auth_only_offer[] = {{p::sa, 1, 1}, {p::nonce, 1, 1}, {p::vendor, 0, any}, {p::notify, 0, any}};
constexpr Allowed auth_only_answer[] = {{p::sa, 1, 1},     {p::nonce, 1, 1},    {p::id, 1, 1}, {p::hash, 1, 1, p::sig},
                                        {p::cert, 0, any}, {p::certreq, 0, any}, {p::vendor, 0, any}, {p::notify, 0, any}};
constexpr Allowed auth_only_proof[] = {{p::id, 1, 1},       {p::hash, 1, 1, p::sig}, {p::cert, 0, any},
                                       {p::vendor, 0, any}, {p::notify, 0, any}};

constexpr MessageRule rules[] = {
    {"the initiator offers suites", "RFC 2409 5", v1, x::main, 1, Protection::clear, p::sa, proposal},
    {"the responder chooses one", "RFC 2409 5", v1, x::main, 2, Protection::clear, p::sa, proposal},
    {"the initiator sends its key share and nonce", "RFC 2409 5.1, 5.4; NAT-D: RFC 3947 3.2", v1, x::main, 3, Protection::clear, 0, key_exchange},
    {"the initiator sends its key share, and identity and nonce under the peer's public key", "RFC 2409 5.2, 5.3", v1, x::main, 3, Protection::clear, 0, encrypted_key_exchange},
    {"the responder sends its key share and nonce", "RFC 2409 5.1, 5.4; NAT-D: RFC 3947 3.2", v1, x::main, 4, Protection::clear, 0, key_exchange},
    {"the responder sends its key share, and identity and nonce under the peer's public key", "RFC 2409 5.2, 5.3", v1, x::main, 4, Protection::clear, 0, encrypted_key_exchange},
    {"the initiator says who it is and proves it", "RFC 2409 5.1, 5.4", v1, x::main, 5, Protection::sealed, 0, identity},
    {"the initiator proves that it could open what was encrypted for it", "RFC 2409 5.2, 5.3", v1, x::main, 5, Protection::sealed, 0, hash_only},
    {"the responder says who it is and proves it", "RFC 2409 5.1, 5.4", v1, x::main, 6, Protection::sealed, 0, identity},
    {"the responder proves that it could open what was encrypted for it", "RFC 2409 5.2, 5.3", v1, x::main, 6, Protection::sealed, 0, hash_only},
    {"the initiator offers suites and sends key share, nonce and identity in one", "RFC 2409 5", v1, x::aggressive, 1, Protection::clear, p::sa, aggressive_offer},
    {"the responder chooses, sends the same of its own, and proves who it is", "RFC 2409 5", v1, x::aggressive, 2, Protection::clear, p::sa, aggressive_answer},
    {"the initiator proves who it is", "RFC 2409 5", v1, x::aggressive, 3, Protection::either, 0, aggressive_proof},
    {"the initiator offers suites and a nonce", "RFC 2408 4.4", v1, x::base, 1, Protection::clear, p::sa, base_offer},
    {"the responder chooses one and sends a nonce", "RFC 2408 4.4", v1, x::base, 2, Protection::clear, p::sa, base_offer},
    {"the initiator sends its key share and proves who it is", "RFC 2408 4.4", v1, x::base, 3, Protection::either, 0, base_proof},
    {"the responder sends its key share and proves who it is", "RFC 2408 4.4", v1, x::base, 4, Protection::either, 0, base_proof},
    {"the initiator offers protection for traffic", "RFC 2409 5.5; NAT-OA: RFC 3947 5.2", v1, x::quick, 1, Protection::sealed, p::hash, quick_offer},
    {"the responder chooses one", "RFC 2409 5.5; NAT-OA: RFC 3947 5.2", v1, x::quick, 2, Protection::sealed, p::hash, quick_offer},
    {"the initiator proves that it is alive", "RFC 2409 5.5", v1, x::quick, 3, Protection::sealed, p::hash, quick_proof},
    {"the responder, who had set the commit bit, says CONNECTED", "RFC 2408 3.1, RFC 2409 5.5", v1, x::quick, 4, Protection::sealed, p::hash, quick_connected},
    {"one side tells the other something, authenticated", "RFC 2409 5.7", v1, x::informational, 0, Protection::sealed, p::hash, information},
    {"one side tells the other something before there are keys", "RFC 2409 5.7", v1, x::informational, 0, Protection::clear, 0, bare_information},
    {"attributes are asked for or given", "draft-ietf-ipsec-isakmp-mode-cfg-05 3.1", v1, x::transaction, 0, Protection::sealed, p::hash, transaction},
    {"a private group is proposed or accepted", "RFC 2409 5.6", v1, x::new_group, 0, Protection::sealed, p::hash, group},
    {"the initiator offers what to authenticate with, and a nonce", "RFC 2408 4.6", v1, x::authentication_only, 1, Protection::clear, p::sa, auth_only_offer},
    {"the responder chooses, and proves who it is", "RFC 2408 4.6", v1, x::authentication_only, 2, Protection::clear, p::sa, auth_only_answer},
    {"the initiator proves who it is", "RFC 2408 4.6", v1, x::authentication_only, 3, Protection::clear, 0, auth_only_proof},
};
} // namespace one

namespace two {
namespace p = dissect::ikev2::payload;
namespace x = dissect::ikev2::exchange;

// RFC 7296 2.5 and 3.12 let notifications and Vendor IDs come along with any message.
constexpr Allowed init_request[] = {{p::sa, 1, 1}, {p::ke, 1, 1}, {p::nonce, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed init_response[] = {{p::sa, 1, 1},         {p::ke, 1, 1},       {p::nonce, 1, 1},
                                     {p::certreq, 0, any}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed refusal[] = {{p::notify, 1, any}, {p::vendor, 0, any}};
constexpr Allowed auth_request[] = {{p::id_i, 1, 1}, {p::cert, 0, any}, {p::certreq, 0, any}, {p::id_r, 0, 1},
                                    {p::auth, 1, 1}, {p::cp, 0, 1},     {p::sa, 1, 1},        {p::ts_i, 1, 1},
                                    {p::ts_r, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed childless_request[] = {{p::id_i, 1, 1}, {p::cert, 0, any},   {p::certreq, 0, any}, {p::id_r, 0, 1},
                                         {p::auth, 1, 1}, {p::cp, 0, 1},       {p::notify, 0, any},  {p::vendor, 0, any}};
constexpr Allowed eap_start[] = {{p::id_i, 1, 1}, {p::certreq, 0, any}, {p::id_r, 0, 1},     {p::cp, 0, 1},      {p::sa, 1, 1},
                                 {p::ts_i, 1, 1}, {p::ts_r, 1, 1},      {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed childless_eap_start[] = {{p::id_i, 1, 1}, {p::certreq, 0, any}, {p::id_r, 0, 1},
                                           {p::cp, 0, 1},   {p::notify, 0, any},  {p::vendor, 0, any}};
constexpr Allowed eap_resumption[] = {{p::id_i, 1, 1}, {p::eap, 1, 1},  {p::certreq, 0, any}, {p::id_r, 0, 1},     {p::cp, 0, 1},
                                      {p::sa, 1, 1},   {p::ts_i, 1, 1}, {p::ts_r, 1, 1},      {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed eap_round[] = {{p::eap, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed eap_proof[] = {{p::auth, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed auth_response[] = {{p::id_r, 1, 1}, {p::cert, 0, any}, {p::auth, 1, 1},     {p::cp, 0, 1},      {p::sa, 1, 1},
                                     {p::ts_i, 1, 1}, {p::ts_r, 1, 1},   {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed auth_without_child[] = {{p::id_r, 1, 1}, {p::cert, 0, any},   {p::auth, 1, 1},
                                          {p::cp, 0, 1},   {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed eap_offer[] = {{p::id_r, 1, 1}, {p::cert, 0, any},   {p::auth, 0, 1},
                                 {p::eap, 1, 1},  {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed eap_end[] = {{p::auth, 1, 1}, {p::cp, 0, 1},       {p::sa, 1, 1},      {p::ts_i, 1, 1},
                               {p::ts_r, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed eap_end_without_child[] = {{p::auth, 1, 1}, {p::cp, 0, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed later_end[] = {{p::sa, 1, 1}, {p::ts_i, 1, 1}, {p::ts_r, 1, 1}, {p::cp, 0, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed waiting[] = {{p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed password_start[] = {{p::gspm, 1, any}, {p::id_i, 1, 1}, {p::ke, 0, 1},        {p::certreq, 0, any}, {p::id_r, 0, 1}, {p::cp, 0, 1},
                                      {p::sa, 1, 1},     {p::ts_i, 1, 1}, {p::ts_r, 1, 1},      {p::notify, 0, any},  {p::vendor, 0, any}};
constexpr Allowed password_round[] = {{p::gspm, 1, any}, {p::ke, 0, 1}, {p::auth, 0, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed password_answer[] = {{p::gspm, 1, any}, {p::id_r, 0, 1}, {p::cert, 0, any},   {p::ke, 0, 1},
                                       {p::auth, 0, 1},   {p::eap, 0, 1},  {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed new_child[] = {{p::sa, 1, 1},   {p::nonce, 1, 1}, {p::ke, 0, 1},       {p::ts_i, 1, 1},
                                 {p::ts_r, 1, 1}, {p::cp, 0, 1},    {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed rekey_ike[] = {{p::sa, 1, 1}, {p::nonce, 1, 1}, {p::ke, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed information[] = {{p::notify, 0, any}, {p::delete_, 0, any}, {p::cp, 0, any}, {p::vendor, 0, any}};
constexpr Allowed resume_request[] = {{p::nonce, 1, 1}, {p::notify, 1, any}, {p::vendor, 0, any}};
constexpr Allowed resume_response[] = {{p::nonce, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed intermediate[] = {{p::ke, 0, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed followup_request[] = {{p::ke, 1, 1}, {p::notify, 1, any}, {p::vendor, 0, any}};
constexpr Allowed followup_response[] = {{p::ke, 1, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};

constexpr Allowed group_join[] = {{p::id_i, 0, 1}, {p::cert, 0, any}, {p::certreq, 0, any}, {p::id_r, 0, 1}, {p::auth, 0, 1},
                                  {p::id_g, 0, 1}, {p::sa, 0, 1},     {p::eap, 0, 1},       {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed group_welcome[] = {{p::id_r, 0, 1}, {p::cert, 0, any}, {p::auth, 0, 1},      {p::eap, 0, 1}, {p::gsa, 0, 1},
                                     {p::kd, 0, 1},   {p::delete_, 0, any}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed group_request[] = {{p::id_g, 1, 1}, {p::sa, 0, 1}, {p::notify, 0, any}, {p::vendor, 0, any}};
constexpr Allowed group_policy[] = {{p::gsa, 0, 1},       {p::kd, 0, 1},       {p::auth, 0, 1},
                                    {p::delete_, 0, any}, {p::notify, 0, any}, {p::vendor, 0, any}};

constexpr std::uint8_t request = 1, response = 2;

constexpr MessageRule rules[] = {
    {"the initiator offers suites, a key share and a nonce", "RFC 7296 1.2", v2, x::ike_sa_init, request, Protection::clear, 0, init_request},
    {"the responder chooses a suite and sends its key share and nonce", "RFC 7296 1.2", v2, x::ike_sa_init, response, Protection::clear, 0, init_response},
    {"the responder refuses, or asks for a cookie or another group", "RFC 7296 1.2, 2.6, 2.21.1", v2, x::ike_sa_init, response, Protection::clear, 0, refusal},
    {"the initiator proves who it is and proposes the first Child SA", "RFC 7296 1.2", v2, x::ike_auth, request, Protection::sealed, 0, auth_request},
    {"the initiator says who it is and leaves AUTH out to ask for EAP", "RFC 7296 2.16", v2, x::ike_auth, request, Protection::sealed, 0, eap_start},
    {"the initiator answers an EAP request", "RFC 7296 2.16", v2, x::ike_auth, request, Protection::sealed, 0, eap_round},
    {"the initiator proves that it is who EAP authenticated", "RFC 7296 2.16", v2, x::ike_auth, request, Protection::sealed, 0, eap_proof},
    {"the initiator proves who it is and wants no Child SA yet", "RFC 6023 3", v2, x::ike_auth, request, Protection::sealed, 0, childless_request},
    {"the initiator says who it is, asks for EAP and wants no Child SA yet, or begins a further authentication", "RFC 6023 3, RFC 4739 2.3", v2, x::ike_auth, request, Protection::sealed, 0, childless_eap_start},
    {"the initiator says who it is and takes up the EAP of an earlier session", "RFC 6867 3", v2, x::ike_auth, request, Protection::sealed, 0, eap_resumption},
    {"the initiator says who it is and begins to prove that it knows a password", "RFC 6467 3", v2, x::ike_auth, request, Protection::sealed, 0, password_start},
    {"the initiator goes on proving that it knows a password", "RFC 6467 3", v2, x::ike_auth, request, Protection::sealed, 0, password_round},
    {"the initiator waits for a further authentication of the responder", "RFC 4739 2.5", v2, x::ike_auth, request, Protection::sealed, 0, waiting},
    {"the responder proves who it is and accepts the Child SA", "RFC 7296 1.2", v2, x::ike_auth, response, Protection::sealed, 0, auth_response},
    {"the responder proves who it is without a Child SA: it refused one or none was asked for", "RFC 7296 1.2, 2.21.2, RFC 6023 3", v2, x::ike_auth, response, Protection::sealed, 0, auth_without_child},
    {"the responder proves who it is and begins EAP", "RFC 7296 2.16, RFC 5998 3", v2, x::ike_auth, response, Protection::sealed, 0, eap_offer},
    {"the responder goes on with EAP", "RFC 7296 2.16", v2, x::ike_auth, response, Protection::sealed, 0, eap_round},
    {"the responder ends EAP and accepts the Child SA", "RFC 7296 2.16", v2, x::ike_auth, response, Protection::sealed, 0, eap_end},
    {"the responder ends EAP without a Child SA", "RFC 7296 2.16, 2.21.2, RFC 6023 3", v2, x::ike_auth, response, Protection::sealed, 0, eap_end_without_child},
    {"the responder, which proved itself before, ends a further authentication and accepts the Child SA", "RFC 4739 2.4", v2, x::ike_auth, response, Protection::sealed, 0, later_end},
    {"the responder goes on proving that it knows a password", "RFC 6467 3", v2, x::ike_auth, response, Protection::sealed, 0, password_answer},
    {"the responder refuses the initiator", "RFC 7296 2.21.2", v2, x::ike_auth, response, Protection::sealed, 0, refusal},
    {"a Child SA is asked for, new or in place of an old one", "RFC 7296 1.3.1, 1.3.3", v2, x::create_child_sa, request, Protection::sealed, 0, new_child},
    {"a new IKE SA is asked for in place of this one", "RFC 7296 1.3.2", v2, x::create_child_sa, request, Protection::sealed, 0, rekey_ike},
    {"the Child SA is accepted", "RFC 7296 1.3.1, 1.3.3", v2, x::create_child_sa, response, Protection::sealed, 0, new_child},
    {"the new IKE SA is accepted", "RFC 7296 1.3.2", v2, x::create_child_sa, response, Protection::sealed, 0, rekey_ike},
    {"the SA is refused", "RFC 7296 1.3, 2.21.3", v2, x::create_child_sa, response, Protection::sealed, 0, refusal},
    {"something is told, deleted or asked for; empty, it asks whether the peer is alive", "RFC 7296 1.4, 2.4", v2, x::informational, 0, Protection::sealed, 0, information},
    {"a notification about a message of an unknown SA, outside of any", "RFC 7296 1.5", v2, x::informational, 0, Protection::clear, 0, refusal},
    {"the initiator resumes a session with its ticket", "RFC 5723 4.3", v2, x::ike_session_resume, request, Protection::clear, 0, resume_request},
    {"the responder resumes the session", "RFC 5723 4.3", v2, x::ike_session_resume, response, Protection::clear, 0, resume_response},
    {"the responder refuses the ticket", "RFC 5723 4.3", v2, x::ike_session_resume, response, Protection::clear, 0, refusal},
    {"an additional key exchange before authentication", "RFC 9242 3.2, RFC 9370 2.2.2", v2, x::ike_intermediate, 0, Protection::sealed, 0, intermediate},
    {"an additional key exchange of CREATE_CHILD_SA is asked for", "RFC 9370 2.2.4", v2, x::ike_followup_ke, request, Protection::sealed, 0, followup_request},
    {"an additional key exchange of CREATE_CHILD_SA is answered", "RFC 9370 2.2.4", v2, x::ike_followup_ke, response, Protection::sealed, 0, followup_response},
    {"a group member says who it is and which group it wants to join", "RFC 9838 2.3", v2, x::gsa_auth, request, Protection::sealed, 0, group_join},
    {"the group controller proves who it is and hands out policy and keys", "RFC 9838 2.3", v2, x::gsa_auth, response, Protection::sealed, 0, group_welcome},
    {"a group member asks for a group's policy and keys", "RFC 9838 2.3", v2, x::gsa_registration, request, Protection::sealed, 0, group_request},
    {"the group controller hands out policy and keys", "RFC 9838 2.3", v2, x::gsa_registration, response, Protection::sealed, 0, group_policy},
    {"the group controller renews policy and keys for all members", "RFC 9838 2.4", v2, x::gsa_rekey, 0, Protection::sealed, 0, group_policy},
    {"the group controller renews policy and keys of one member", "RFC 9838 2.4", v2, x::gsa_inband_rekey, 0, Protection::sealed, 0, group_policy},
    {"an additional key exchange of CREATE_CHILD_SA is refused", "RFC 9370 2.2.4", v2, x::ike_followup_ke, response, Protection::sealed, 0, refusal},
};
} // namespace two

/// One array of both, so that a span can be handed out.
constexpr auto all_rules = [] {
    std::array<MessageRule, std::size(one::rules) + std::size(two::rules)> all{};
    std::ranges::copy(two::rules, std::ranges::copy(one::rules, all.begin()).out);
    return all;
}();
static_assert(std::ranges::none_of(all_rules, [](const auto& rule) { return rule.story.empty() || rule.source.empty(); }));

std::string name(std::uint8_t type) {
    const auto brief = brief_of(dissect::payload_types, type);
    return brief.empty() ? fmt::format("payload {}", type) : std::string(brief);
}

bool covers(const Allowed& row, std::uint8_t type) { return type == row.type || (row.or_type != 0 && type == row.or_type); }

void check_count(const MessageRule& rule, const Allowed& row, std::size_t count, std::vector<Violation>& found) {
    if (count >= row.least && count <= row.most) return;
    const auto what = row.or_type == 0 ? name(row.type) : fmt::format("{} or {}", name(row.type), name(row.or_type));
    if (count == 0) return found.push_back({fmt::format("{} is missing", what), rule.source});
    found.push_back({fmt::format("{} stands here {} times, {} at most", what, count, row.most), rule.source});
}

bool is_listed(const MessageRule& rule, std::uint8_t type) {
    return std::ranges::any_of(rule.payloads, [&](const auto& row) { return covers(row, type); });
}

/// IKEv1 leaves 128 to 255 to whoever agrees on them (RFC 2408 3.1). IKEv2: RFC 7296 2.5, and what may come along in several
/// exchanges: GSPM (RFC 6467) and Puzzle Solution (RFC 8019 8.2). What a row lists is no stranger to it.
bool is_ignored(const MessageRule& rule, std::uint8_t type) {
    constexpr std::uint8_t first_private = 128;
    // draft-ietf-ipsec-nat-t-ike-00 and -01 had NAT-D and NAT-OA under numbers that are now GDOI's.
    constexpr std::uint8_t old_nat_d = 15, old_nat_oa = 16;
    if (is_listed(rule, type)) return false;
    const bool old_nat = rule.exchange == one::x::quick ? type == old_nat_oa : type == old_nat_d;
    if (rule.version == v1) return old_nat || type >= first_private;
    return type < two::p::first || type > two::p::last || type == two::p::gspm || type == two::p::puzzle;
}

} // namespace

std::span<const MessageRule> message_rules() { return all_rules; }

std::vector<Violation> check(const MessageRule& rule, std::span<const std::uint8_t> seen) {
    std::vector<Violation> found;
    for (const auto& row : rule.payloads)
        check_count(rule, row, static_cast<std::size_t>(std::ranges::count_if(seen, [&](auto type) { return covers(row, type); })), found);
    for (std::size_t i = 0; i < seen.size(); ++i) {
        const auto type = seen[i];
        const bool repeated = std::ranges::find(seen.first(i), type) != seen.first(i).end();
        if (!repeated && !is_listed(rule, type) && !is_ignored(rule, type)) found.push_back({fmt::format("{} does not belong here", name(type)), rule.source});
    }
    if (rule.first != 0 && !seen.empty() && seen.front() != rule.first)
        found.push_back({fmt::format("{} must come first, not {}", name(rule.first), name(seen.front())), rule.source});
    return found;
}

std::vector<Violation> check_protection(const MessageRule& rule, bool sealed) {
    if (rule.protection == Protection::either || (rule.protection == Protection::sealed) == sealed) return {};
    return {{sealed ? "this message stands in the clear, before there are keys" : "this message must be encrypted", rule.source}};
}

namespace {

/// check() without words: most messages fit, and fitting costs no memory.
bool fits(const MessageRule& rule, std::span<const std::uint8_t> seen) {
    if (rule.first != 0 && !seen.empty() && seen.front() != rule.first) return false;
    std::size_t known = 0;
    for (const auto& row : rule.payloads) {
        const auto count = static_cast<std::size_t>(std::ranges::count_if(seen, [&](auto type) { return covers(row, type); }));
        if (count < row.least || count > row.most) return false;
        known += count;
    }
    return known + static_cast<std::size_t>(std::ranges::count_if(seen, [&](auto type) { return is_ignored(rule, type); })) == seen.size();
}

} // namespace

Verdict judge(dissect::Version version, std::uint8_t exchange, std::uint8_t step, std::span<const std::uint8_t> seen,
              std::optional<bool> sealed) {
    const auto applies = [&](const MessageRule& rule) {
        return rule.version == version && rule.exchange == exchange && (rule.step == 0 || step == 0 || rule.step == step) &&
               (!sealed || check_protection(rule, *sealed).empty());
    };
    for (const auto& rule : all_rules)
        if (applies(rule) && fits(rule, seen)) return {&rule, {}};
    Verdict best;
    for (const auto& rule : all_rules) {
        if (!applies(rule)) continue;
        auto violations = check(rule, seen);
        if (!best.rule || violations.size() < best.violations.size()) best = {&rule, std::move(violations)};
    }
    return best;
}

} // namespace ikescope::session
