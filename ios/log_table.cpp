// What IOS prints, line by line, with its own blanks and misspellings.

#include "ios/log_lines.hpp"

#include <algorithm>
#include <array>

namespace ikescope::ios {
namespace {

// Where a wording comes from: named sections stand in the Cisco document on ISAKMP profiles and keyrings (IOS 15.3T);
// `published` is debug output in other documents.
constexpr std::string_view r1 = "R1 as IKE initiator", r2 = "R2 as IKE initiator", psk = "Debugs for different PSKs",
                           order = "Keyring selection order on the initiator", profiles = "IKE profile selection order on the responder",
                           start = "IKE profile selection order on the initiator", published = "published IOS debug output";

struct Row {
    Say what;
    std::string_view wording, source;
};

constexpr Row rows[] = {
    {Say::sa_request_profile, "ISAKMP:(0): SA request profile is {profile}", start},
    {Say::no_aggressive, "ISAKMP:(0):Can not start Aggressive mode, trying Main mode.", r1},
    {Say::begin_main_mode, "ISAKMP:(0): beginning Main Mode exchange", r1},
    {Say::no_key_for_peer, "ISAKMP:(0):No pre-shared key with {peer}!", published},
    {Say::no_cert_or_key, "ISAKMP:(0): No Cert or pre-shared address key.", published},
    {Say::cannot_start_main_mode, "ISAKMP:(0): construct_initial_message: Can not start Main mode", published},
    {Say::construct_nat_t, "ISAKMP:(0): constructed NAT-T vendor-{name} ID", r1},
    {Say::send_initial_contact, "ISAKMP:({c}):Send initial contact", r1},
    {Say::begin_quick_mode, "ISAKMP:({c}):beginning Quick Mode exchange, M-ID of {name}", r1},

    {Say::key_not_available, "ISAKMP:(0):key for {peer} not available in {ring}", order},
    {Say::key_found_in, "ISAKMP:(0):key for {peer} found in {ring}", order},
    {Say::selecting_key, "ISAKMP:(0):ISAKMP: Selecting  {addr},{mask} as  key", order},
    {Say::selecting_final_key, "ISAKMP:(0):ISAKMP: Selecting  {addr},{mask} as final key", order},
    {Say::peer_key_matching, "ISAKMP:(0):found peer pre-shared key matching {peer}", r1},
    {Say::address_key_in_keyring, "ISAKMP:({c}):Found ADDRESS key in keyring {ring}", r1},
    {Say::host_key_in_keyring, "ISAKMP:({c}):Found HOST key in keyring {ring}", "wording not confirmed"},
    {Say::local_key_found, "ISAKMP:(0): local preshared key found", r1},
    {Say::looking_for_xauth, "ISAKMP : Looking for xauth in profile {profile}", r1},

    {Say::peer_matches, "ISAKMP:(0):: peer matches {profile} profile", r1},
    {Say::peer_matches_none, "ISAKMP:(0):: peer matches *none* of the profiles", order},
    {Say::key_not_in_profile, "ISAKMP:({c}):Key not found in keyrings of profile , aborting exchange", r2},
    {Say::fsm_error, "ISAKMP ({c}): FSM action returned error: {n}", r2},
    {Say::reserved_not_zero, "ISAKMP: reserved not zero on ID payload!", psk},
    {Say::bad_message, "%CRYPTO-4-IKMP_BAD_MESSAGE: IKE message from {peer} failed its sanity check or is malformed", psk},

    {Say::sending, "ISAKMP:({c}): sending packet to {peer} my_port 500 peer_port 500 ({role}) {state}", r1},
    {Say::sending_ipv4, "ISAKMP:({c}):Sending an IKE IPv4 Packet.", r1},
    {Say::received, "ISAKMP ({c}): received packet from {peer} dport 500 sport 500 Global ({role}) {state}", r1},
    {Say::input_state, "ISAKMP:({c}):Input = {input}, {event}", r1},
    {Say::old_new_state, "ISAKMP:({c}):Old State = {state}  New State = {new}", r1},
    {Say::retransmitting, "ISAKMP:({c}): retransmitting phase 1 {state}...", published},
    {Say::death_by_retransmission, "ISAKMP:({c}):deleting SA reason \"Death by retransmission P1\" state ({role}) {state} (peer {peer})", published},

    {Say::process_sa, "ISAKMP:({c}): processing SA payload. message ID = {n}", r1},
    {Say::process_ke, "ISAKMP:({c}): processing KE payload. message ID = {n}", r1},
    {Say::process_nonce, "ISAKMP:({c}): processing NONCE payload. message ID = {n}", r1},
    {Say::process_id, "ISAKMP:({c}): processing ID payload. message ID = {n}", r1},
    {Say::process_hash, "ISAKMP:({c}): processing HASH payload. message ID = {n}", r1},
    {Say::id_payload, "ISAKMP ({c}): ID payload", r1},
    {Say::id_next_payload, "       next-payload : {n}", r1},
    {Say::id_kind, "       type         : {n}", r1},
    {Say::id_address, "       address      : {name}", r1},
    {Say::id_fqdn, "       FQDN name    : {name}", published},
    {Say::id_protocol, "       protocol     : {n}", r1},
    {Say::id_port, "       port         : {n}", r1},
    {Say::id_length, "       length       : {n}", r1},
    {Say::total_length, "ISAKMP:({c}):Total payload length: {n}", r1},
    {Say::doing_psk, "ISAKMP:({c}):SA is doing pre-shared key authentication using id type {name}", r1},
    {Say::authentication_status, "ISAKMP:({c}):SA authentication status:", r1},
    {Say::authenticated, "       authenticated", r1},
    {Say::authenticated_with, "ISAKMP:({c}):SA has been authenticated with {peer}", r1},
    {Say::initial_contact, "ISAKMP:({c}): processing NOTIFY INITIAL_CONTACT protocol 1", r1},
    {Say::process_vendor, "ISAKMP:({c}): processing vendor id payload", r1},
    {Say::vendor_major, "ISAKMP:({c}): vendor ID seems Unity/DPD but major {n} mismatch", r1},
    {Say::vendor_rfc3947, "ISAKMP ({c}): vendor ID is NAT-T RFC 3947", r1},
    {Say::vendor_dpd, "ISAKMP:({c}): vendor ID is DPD", r1},
    {Say::vendor_unity, "ISAKMP:({c}): vendor ID is Unity", r1},
    {Say::vendor_ios, "ISAKMP:({c}): speaking to another IOS box!", r1},
    {Say::vendor_xauth, "ISAKMP:({c}): vendor ID is XAUTH", r1},
    {Say::nat_payload, "ISAKMP:received payload type 20", r1},
    {Say::nat_his_hash, "ISAKMP ({c}): His hash no match - this node outside NAT", r1},
    {Say::nat_none, "ISAKMP ({c}): No NAT Found for self or peer", r1},

    {Say::checking_transform, "ISAKMP:(0):Checking ISAKMP transform {n} against priority {m} policy", r1},
    {Say::att_encryption, "ISAKMP:      encryption {name}", r1},
    {Say::att_key_length, "ISAKMP:      keylength of {n}", published},
    {Say::att_hash, "ISAKMP:      hash {name}", r1},
    {Say::att_group, "ISAKMP:      default group {n}", r1},
    {Say::att_auth, "ISAKMP:      auth {name}", r1},
    {Say::att_life_type, "ISAKMP:      life type in seconds", r1},
    {Say::att_life, "ISAKMP:      life duration (VPI) of  {name}", r1},
    {Say::atts_acceptable, "ISAKMP:(0):atts are acceptable. Next payload is {n}", r1},
    {Say::atts_not_acceptable, "ISAKMP:(0):atts are not acceptable. Next payload is {n}", published},
    {Say::bad_encryption, "ISAKMP:(0):Encryption algorithm offered does not match policy!", published},
    {Say::bad_key_length, "ISAKMP:(0):Proposed key length does not match policy", published},
    {Say::bad_hash, "ISAKMP:(0):Hash algorithm offered does not match policy!", published},
    {Say::bad_auth, "ISAKMP:(0):Authentication method offered does not match policy!", published},
    {Say::bad_group, "ISAKMP:(0):Diffie-Hellman group offered does not match policy!", published},
    {Say::bad_life, "ISAKMP:(0):Lifetime offered does not match policy!", "wording not confirmed"},
    {Say::no_offers, "ISAKMP:(0):no offers accepted!", published},
    {Say::phase1_unacceptable, "ISAKMP:(0): phase 1 SA policy not acceptable! (local {local} remote {peer})", published},
    {Say::notify_phase1, "ISAKMP:(0):Sending NOTIFY PROPOSAL_NOT_CHOSEN", published},
    {Say::mode_failure, "%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Main mode failed with peer at {peer}", published},
    {Say::life_actual, "ISAKMP:(0):Acceptable atts:actual life: 0", r1},
    {Say::life_acceptable, "ISAKMP:(0):Acceptable atts:life: 0", r1},
    {Say::life_vpi, "ISAKMP:(0):Fill atts in sa vpi_length:4", r1},
    {Say::life_seconds, "ISAKMP:(0):Fill atts in sa life_in_seconds:{n}", r1},
    {Say::life_returning, "ISAKMP:(0):Returning Actual lifetime: {n}", r1},
    {Say::life_timer, "ISAKMP:(0)::Started lifetime timer: {n}.", r1},

    {Say::ipsec_request, "IPSEC(sa_request): ,", r1},
    {Say::ipsec_outbound, " (key eng. msg.) OUTBOUND local= {local}:500, remote= {peer}:500,", r1},
    {Say::ipsec_inbound, " (key eng. msg.) INBOUND local= {local}:0, remote= {peer}:0,", profiles},
    {Say::ipsec_local_proxy, "   local_proxy= {local_proxy},", r1},
    {Say::ipsec_remote_proxy, "   remote_proxy= {remote_proxy},", r1},
    {Say::ipsec_transform, "   protocol= ESP, transform= {transform}  (Tunnel),", r1},
    {Say::ipsec_transform_none, "   protocol= ESP, transform= NONE  (Tunnel),", profiles},
    {Say::ipsec_life, "   lifedur= {n}s and {m}kb,", r1},
    {Say::ipsec_life_none, "   lifedur= 0s and 0kb,", profiles},
    {Say::ipsec_spi, "   spi= 0x0(0), conn_id= 0, keysize= {n}, flags= 0x0", r1},
    {Say::checking_ipsec, "ISAKMP:({c}):Checking IPSec proposal {n}", profiles},
    {Say::ipsec_acceptable, "ISAKMP:({c}):atts are acceptable.", profiles},
    {Say::validate_proposal, "IPSEC(validate_proposal_request): proposal part #{n}", profiles},
    {Say::profile_did_not_match, "map_db_check_isakmp_profile profile did not match", profiles},
    {Say::proxy_match, "Crypto mapdb : proxy_match", profiles},
    {Say::proxy_src, "       src addr     : {local}", profiles},
    {Say::proxy_dst, "       dst addr     : {peer}", profiles},
    {Say::proxy_protocol, "       protocol     : {protocol}", profiles},
    {Say::proxy_src_port, "       src port     : {n}", profiles},
    {Say::proxy_dst_port, "       dst port     : {n}", profiles},
    {Say::no_matching_map, "map_db_find_best did not find matching map", profiles},
    {Say::proxies_unsupported, "IPSEC(ipsec_process_proposal): proxy identities not supported", profiles},
    {Say::transform_unsupported, "IPSEC(ipsec_process_proposal): transform proposal not supported for identity:", published},
    {Say::policy_invalidated, "ISAKMP:({c}): IPSec policy invalidated proposal with error {n}", profiles},
    {Say::phase2_unacceptable, "ISAKMP:({c}): phase 2 SA policy not acceptable! (local {local} remote {peer})", profiles},
    {Say::new_node, "ISAKMP: set new node {n} to QM_IDLE", profiles},
    {Say::notify_phase2, "ISAKMP:({c}):Sending NOTIFY PROPOSAL_NOT_CHOSEN protocol 3", profiles},
    {Say::node_rejected, "ISAKMP:({c}):deleting node {n} error TRUE reason \"QM rejected\"", published},

    {Say::v2_searching_policy, "IKEv2:(SESSION ID = 1,SA ID = 1):Searching Policy with fvrf 0, local address {local}", published},
    {Say::v2_found_policy, "IKEv2:(SESSION ID = 1,SA ID = 1):Found Policy '{name}'", published},
    {Say::v2_no_policy, "IKEv2:(SESSION ID = 1,SA ID = 1):Failed to find a matching policy", published},
    {Say::v2_searching_profile, "IKEv2:(SESSION ID = 1,SA ID = 1):Searching policy based on peer's identity '{name}' of type '{protocol}'", published},
    {Say::v2_found_profile, "IKEv2:found matching IKEv2 profile '{profile}'", published},
    {Say::v2_no_profile, "IKEv2:(SESSION ID = 1,SA ID = 1):IKEv2 profile not found", published},
    {Say::v2_getting_key, "IKEv2:% Getting preshared key from profile keyring {ring}", published},
    {Say::v2_matched_peer, "IKEv2:% Matched peer block '{name}'", published},
    {Say::v2_no_key, "IKEv2:% Getting preshared key by address {peer} failed", "wording not confirmed"},
    {Say::v2_auth_failed, "IKEv2:(SESSION ID = 1,SA ID = 1):Verification of peer's authentication data FAILED", published},
    {Say::v2_no_proposal_received, "IKEv2:(SESSION ID = 1,SA ID = 1):Received no proposal chosen notify", published},
    {Say::v2_no_item, "IKEv2:(SESSION ID = 1,SA ID = 1):Failed to locate an item in the database", published},

    {Say::v2_sending, "IKEv2:(SESSION ID = 1,SA ID = 1):Sending Packet [To {peer}:{n}/From {local}:{m}/VRF i0:f0]", published},
    {Say::v2_received, "IKEv2:(SESSION ID = 1,SA ID = 1):Received Packet [From {peer}:{n}/To {local}:{m}/VRF i0:f0]", published},
    {Say::v2_spis, "Initiator SPI : {state} - Responder SPI : {new} Message id: {n}", published},
    {Say::v2_exchange, "IKEv2 {name} Exchange {protocol}", published},

    {Say::begin_aggressive, "ISAKMP:(0): beginning Aggressive Mode exchange", published},
    {Say::aggressive_failure, "%CRYPTO-6-IKMP_MODE_FAILURE: Processing of Aggressive mode failed with peer at {peer}", published},
    {Say::aggressive_disabled, "%CRYPTO-5-IKMP_AG_MODE_DISABLED: Unable to initiate or respond to Aggressive Mode while disabled", published},
    {Say::error_counter, "ISAKMP ({c}): incrementing error counter on sa, attempt {n} of 5: retransmit phase {m}", published},
    {Say::duplicate, "ISAKMP:({c}): phase {m} packet is a duplicate of a previous packet.", published},
    {Say::retransmitting_due, "ISAKMP:({c}): retransmitting due to retransmit phase {m}", published},
    {Say::retransmitting_qm, "ISAKMP:({c}): retransmitting phase 2 QM_IDLE       {name} ...", published},
    {Say::death_qm, "ISAKMP:({c}):deleting node {name} error TRUE reason \"Phase 2 err count exceeded\"", "wording not confirmed"},
    {Say::notify_without_hash, "ISAKMP:({c}):Notify has no hash. Rejected.", published},
    {Say::process_notify, "ISAKMP:({c}): processing NOTIFY PROPOSAL_NOT_CHOSEN protocol 3", published},
    {Say::delete_larval, "ISAKMP:({c}):deleting node {name} error FALSE reason \"Delete Larval\"", published},
};

constexpr bool every_line_once() {
    std::size_t next = 0;
    for (const auto& row : rows)
        if (static_cast<std::size_t>(row.what) != next++) return false;
    return next == static_cast<std::size_t>(Say::count);
}
static_assert(every_line_once(), "one row per Say, in the order of the enumeration");

std::string value(std::string_view mark, const LogFacts& f) {
    if (mark == "c") return std::to_string(f.connection);
    if (mark == "n") return std::to_string(f.number);
    if (mark == "m") return std::to_string(f.second);
    if (mark == "role") return f.initiator ? "I" : "R";
    struct Place {
        std::string_view mark;
        std::string LogFacts::*text;
    };
    constexpr Place places[] = {
        {"peer", &LogFacts::peer}, {"local", &LogFacts::local}, {"ring", &LogFacts::keyring}, {"profile", &LogFacts::profile},
        {"mask", &LogFacts::mask}, {"addr", &LogFacts::key_address}, {"state", &LogFacts::state}, {"new", &LogFacts::new_state},
        {"input", &LogFacts::input}, {"event", &LogFacts::event}, {"name", &LogFacts::name}, {"protocol", &LogFacts::protocol},
        {"local_proxy", &LogFacts::local_proxy}, {"remote_proxy", &LogFacts::remote_proxy}, {"transform", &LogFacts::transform},
    };
    for (const auto& place : places)
        if (place.mark == mark) return f.*place.text;
    return {};
}

} // namespace

std::string log_line(Say what, const LogFacts& facts) {
    std::string out;
    auto wording = rows[static_cast<std::size_t>(what)].wording;
    while (!wording.empty()) {
        const auto open = wording.find('{');
        out += wording.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = wording.find('}', open);
        out += value(wording.substr(open + 1, close - open - 1), facts);
        wording.remove_prefix(close + 1);
    }
    return out;
}

bool is_detail(std::string_view line) {
    return line.starts_with("ISAKMP:(0):key for ") || line.starts_with("ISAKMP:(0):ISAKMP: Selecting ");
}

std::string_view log_source(Say what) { return rows[static_cast<std::size_t>(what)].source; }

} // namespace ikescope::ios
