#include "session/legality.hpp"

#include "crypto/dh.hpp"
#include "dissect/ikev1.hpp"
#include "dissect/ikev2.hpp"
#include "dissect/numbers_common.hpp"
#include "session/pools.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::session {

struct Legality::Judged {
    const dissect::Message& clear; ///< as it came
    const dissect::Message& chain; ///< its payloads, decrypted where they were encrypted
    const Record& record;
    Stage stage;
    std::uint8_t step;

    bool v2() const { return clear.version() == Version::v2; }
    std::uint8_t exchange() const { return clear.header.exchange; }
    bool response() const { return clear.header.response(); }
    bool begins_ikev2() const {
        return v2() && (exchange() == dissect::ikev2::exchange::ike_sa_init || exchange() == dissect::ikev2::exchange::ike_session_resume);
    }
    /// Of an exchange of IKEv2 that makes SAs of the two ends, no group's.
    bool negotiates() const {
        return v2() && (exchange() == dissect::ikev2::exchange::ike_sa_init || exchange() == dissect::ikev2::exchange::ike_auth || exchange() == dissect::ikev2::exchange::create_child_sa);
    }
    bool is_v1(std::uint8_t wanted) const { return !v2() && exchange() == wanted; }
};

namespace {

namespace ike1 = dissect::ikev1;
namespace ike2 = dissect::ikev2;

/// The number of a message in its exchange, as MessageRule::step counts; 0 = any, nothing when its place is not known.
std::optional<std::uint8_t> step_of(Label label, std::uint8_t ordinal) {
    const auto from = [&](Label first) {
        return static_cast<std::uint8_t>(static_cast<int>(label) - static_cast<int>(first) + 1);
    };
    if (label >= Label::mm1 && label <= Label::mm6) return from(Label::mm1);
    if (label >= Label::am1 && label <= Label::am3) return from(Label::am1);
    if (label >= Label::qm1 && label <= Label::qm4) return from(Label::qm1);
    if (label == Label::base_mode || label == Label::auth_only) return ordinal;
    if (label == Label::info || label == Label::transaction || label == Label::new_group) return std::uint8_t{0};
    if (label < Label::sa_init_request || label >= Label::count) return std::nullopt;
    const bool response = (static_cast<int>(label) - static_cast<int>(Label::sa_init_request)) % 2 != 0;
    return static_cast<std::uint8_t>(response ? 2 : 1);
}

bool readable(const dissect::Message& message) { return !message.fault && !message.snapped; }

/// The chain whose payloads can be believed to be the sender's; nullptr when it cannot be read.
const dissect::Message* chain_of(const Record& record, const Outcome& seen, const dissect::Message& clear) {
    if (!record.encrypted) return &clear;
    return seen.opened && seen.hash != Proof::failed && record.hash != Proof::failed ? seen.opened : nullptr;
}

/// Is there a rule for this place by which a message may be encrypted, or clear? If not, `against` is the first, the most
/// general one.
bool protection_fits(const dissect::Message& message, std::uint8_t step, bool sealed, const MessageRule*& against) {
    against = nullptr;
    for (const auto& rule : message_rules()) {
        if (rule.version != message.version() || rule.exchange != message.header.exchange) continue;
        if (rule.step != 0 && step != 0 && rule.step != step) continue;
        if (check_protection(rule, sealed).empty()) return true;
        if (!against) against = &rule;
    }
    return against == nullptr;
}

using Judged = Legality::Judged;
using Found = std::vector<Violation>;

/// Tells `visit` of the payloads of a type that can be read; the others are malformed, which is another finding.
template <class P, class Visit>
void each_readable(const dissect::Message& chain, std::uint8_t type, P (*parse)(const dissect::PayloadRef&, std::optional<Fault>*), Visit visit) {
    for (const auto& payload : chain.payloads) {
        if (payload.type != type) continue;
        std::optional<Fault> fault;
        if (const auto parsed = parse(payload, &fault); !fault) visit(parsed);
    }
}

/// RFC 2409 5 and RFC 7296 2.10 bound nonces. A nonce of phase 1 may lie encrypted under a public key (RFC 2409 5.2), and is
/// larger then.
void check_nonces(const Judged& at, Found& found) {
    const std::size_t least = at.v2() ? 16 : 8, most = 256;
    for (const auto& payload : at.chain.payloads) {
        if (payload.type != (at.v2() ? ike2::payload::nonce : ike1::payload::nonce)) continue;
        const auto size = payload.body.size();
        if (size < least || (size > most && (at.v2() || at.exchange() == ike1::exchange::quick)))
            found.push_back({fmt::format("the nonce has {} bytes, {} to {} are allowed", size, least, most),
                             at.v2() ? "RFC 7296 2.10, 3.9" : "RFC 2409 5"});
    }
}

void check_message_id(const Judged& at, Found& found) {
    const auto id = at.clear.header.message_id;
    if (at.v2() && at.exchange() == ike2::exchange::ike_sa_init && id != 0)
        found.push_back({fmt::format("the Message ID of IKE_SA_INIT is {}, not 0", id), "RFC 7296 2.2"});
    if (at.v2() && at.exchange() == ike2::exchange::ike_auth && id == 0)
        found.push_back({"the Message ID of IKE_AUTH is 0, which only the first exchange has", "RFC 7296 2.2"});
    if (!at.v2() && at.exchange() >= ike1::exchange::base && at.exchange() <= ike1::exchange::aggressive && id != 0)
        found.push_back({fmt::format("the Message ID is {:08x}, not 0 as in all of phase 1", id), "RFC 2408 3.1"});
}

void check_flags(const Judged& at, Found& found) {
    constexpr std::uint8_t of_v1 = dissect::flag_encryption | dissect::flag_commit | dissect::flag_authentication;
    constexpr std::uint8_t of_v2 = dissect::flag_initiator | dissect::flag_response;
    if (const int reserved = at.clear.header.flags & ~(at.v2() ? of_v2 : of_v1); reserved != 0)
        found.push_back({fmt::format("the flags have bits set that must be clear: {:#04x}", reserved), at.v2() ? "RFC 7296 3.1" : "RFC 2408 3.1", at.v2()});
    if (at.begins_ikev2() && at.clear.header.from_initiator() == at.response())
        found.push_back({at.response() ? "the Initiator flag is set in the response" : "the Initiator flag is clear in the request, which only the initiator sends", "RFC 7296 3.1"});
}

void check_responder_spi(const Judged& at, Found& found) {
    const bool zero = at.clear.header.responder_spi == dissect::no_spi;
    if (!at.begins_ikev2()) return;
    if (!at.response() && !zero) found.push_back({"the responder's SPI is not 0 in the first request", "RFC 7296 3.1"});
    if (at.response() && zero && at.chain.find(ike2::payload::sa)) found.push_back({"the responder accepts and its SPI is 0", "RFC 7296 3.1"});
}

void check_critical(const Judged& at, Found& found) {
    constexpr std::uint8_t critical = 0x80;
    const auto is_wrong = [](const dissect::PayloadRef& payload) {
        return (payload.reserved & critical) != 0 && payload.type >= ike2::payload::sa && payload.type <= ike2::payload::eap;
    };
    if (!at.v2()) return;
    for (const auto* message : {&at.clear, &at.chain}) {
        const auto wrong = std::ranges::find_if(message->payloads, is_wrong);
        if (wrong == message->payloads.end()) continue;
        found.push_back({fmt::format("the critical bit is set in {}, which every implementation knows", brief_of(dissect::payload_types, wrong->type)), "RFC 7296 3.2", true});
        return;
    }
}

void check_cookies(const Judged& at, Found& found) {
    constexpr std::size_t most = 64;
    if (!at.v2() || at.exchange() != ike2::exchange::ike_sa_init) return;
    const auto is_cookie = [](const dissect::PayloadRef& payload) {
        return payload.type == ike2::payload::notify && ike2::parse<ike2::Notification>(payload).type == ike2::notify::cookie;
    };
    const auto cookie = std::ranges::find_if(at.chain.payloads, is_cookie);
    if (cookie == at.chain.payloads.end()) return;
    if (!at.response() && cookie != at.chain.payloads.begin())
        found.push_back({"N(COOKIE) must be the first payload", "RFC 7296 2.6"});
    if (const auto size = ike2::parse<ike2::Notification>(*cookie).data.size(); size == 0 || size > most)
        found.push_back({fmt::format("N(COOKIE) has {} bytes, 1 to {} are allowed", size, most), "RFC 7296 2.6"});
}

/// More than one transform of a type, which leaves the choice open that a response must make.
bool leaves_choice(const ike2::Proposal& proposal) {
    std::vector<std::uint8_t> types;
    for (const auto& transform : proposal.transforms) types.push_back(transform.type);
    std::ranges::sort(types);
    return std::ranges::adjacent_find(types) != types.end();
}

void check_proposals(const Judged& at, Found& found) {
    if (!at.negotiates()) return;
    each_readable(at.chain, ike2::payload::sa, ike2::parse<ike2::SecurityAssociation>, [&](const ike2::SecurityAssociation& sa) {
        if (sa.proposals.empty()) found.push_back({"SA has no proposal", "RFC 7296 3.3"});
        if (std::ranges::any_of(sa.proposals, [](const auto& proposal) { return proposal.transforms.empty(); }))
            found.push_back({"a proposal has no transform", "RFC 7296 3.3"});
        if (!at.response()) return;
        if (sa.proposals.size() > 1) found.push_back({fmt::format("the response has {} proposals, it must choose one", sa.proposals.size()), "RFC 7296 2.7, 3.3"});
        if (sa.proposals.size() == 1 && leaves_choice(sa.proposals.front()))
            found.push_back({"the response has several transforms of one type, it must choose one", "RFC 7296 2.7, 3.3"});
    });
}

/// Of the KE payloads of groups whose size is known here; the additional ones of RFC 9370 have numbers of their own.
void check_key_exchange(const Judged& at, Found& found) {
    if (!at.v2()) return;
    each_readable(at.chain, ike2::payload::ke, ike2::parse<ike2::KeyExchange>, [&](const ike2::KeyExchange& ke) {
        const auto* group = crypto::find_group(ke.method);
        if (group && ke.data.size() != group->public_size)
            found.push_back({fmt::format("KE has {} bytes, a public value of {} has {}", ke.data.size(), group->name, group->public_size), "RFC 7296 3.4"});
        if (!at.negotiates()) return;
        each_readable(at.chain, ike2::payload::sa, ike2::parse<ike2::SecurityAssociation>, [&](const ike2::SecurityAssociation& sa) {
            const auto names_it = [&](const ike2::Transform& transform) { return transform.type == ike2::transform::ke && transform.id == ke.method; };
            const auto has_it = [&](const ike2::Proposal& proposal) { return std::ranges::any_of(proposal.transforms, names_it); };
            if (!sa.proposals.empty() && std::ranges::none_of(sa.proposals, has_it))
                found.push_back({fmt::format("KE is of group {}, which no proposal of the message has", ke.method), "RFC 7296 1.2, 3.4"});
        });
    });
}

void check_ike_rekey(const Judged& at, Found& found) {
    if (!at.v2() || at.exchange() != ike2::exchange::create_child_sa || !at.chain.find(ike2::payload::ts_i)) return;
    each_readable(at.chain, ike2::payload::sa, ike2::parse<ike2::SecurityAssociation>, [&](const ike2::SecurityAssociation& sa) {
        const auto is_ike = [](const auto& proposal) { return proposal.protocol == ike2::protocol::ike; };
        if (!sa.proposals.empty() && std::ranges::all_of(sa.proposals, is_ike))
            found.push_back({"TSi and TSr do not belong to a new IKE SA", "RFC 7296 1.3.2"});
    });
}

bool is_of_child(std::uint8_t protocol) { return protocol == ike2::protocol::ah || protocol == ike2::protocol::esp; }

void check_spi_sizes(const Judged& at, Found& found) {
    constexpr std::uint8_t of_child = 4;
    if (!at.v2()) return;
    if (at.exchange() == ike2::exchange::create_child_sa && !at.response())
        each_readable(at.chain, ike2::payload::notify, ike2::parse<ike2::Notification>, [&](const ike2::Notification& notify) {
            if (notify.type == ike2::notify::rekey_sa && notify.spi_size != of_child)
                found.push_back({fmt::format("N(REKEY_SA) names an SA by an SPI of {} bytes, not {}", notify.spi_size, of_child), "RFC 7296 1.3.3, 3.10"});
        });
    if (at.exchange() != ike2::exchange::informational) return;
    each_readable(at.chain, ike2::payload::delete_, ike2::parse<ike2::Delete>, [&](const ike2::Delete& gone) {
        if (gone.protocol == ike2::protocol::ike && (gone.spi_size != 0 || gone.count != 0))
            found.push_back({"D of the IKE SA has SPIs: the header names it", "RFC 7296 3.11"});
        if (is_of_child(gone.protocol) && gone.spi_size != of_child)
            found.push_back({fmt::format("D names a Child SA by an SPI of {} bytes, not {}", gone.spi_size, of_child), "RFC 7296 3.11"});
    });
}

/// RFC 7296 3.13.1: port 65535 to 0 stands for ports that cannot be seen; of ICMP the ports are type and code.
bool has_inverted_ports(const ike2::TrafficSelector& selector) {
    constexpr std::uint8_t icmp = 1, icmp6 = 58;
    const bool opaque = selector.start_port == 0xffff && selector.end_port == 0;
    return selector.start_port > selector.end_port && !opaque && selector.protocol != icmp && selector.protocol != icmp6;
}

void check_selectors(const Judged& at, Found& found) {
    if (!at.negotiates()) return;
    for (const auto type : {ike2::payload::ts_i, ike2::payload::ts_r})
        each_readable(at.chain, type, ike2::parse<ike2::TrafficSelectors>, [&](const ike2::TrafficSelectors& all) {
            const auto name = brief_of(dissect::payload_types, type);
            if (all.selectors.empty()) found.push_back({fmt::format("{} has no traffic selector", name), "RFC 7296 2.9, 3.13"});
            for (const auto& selector : all.selectors) {
                if (selector.type != ike2::ts_type::ipv4_range && selector.type != ike2::ts_type::ipv6_range) continue;
                if (has_inverted_ports(selector))
                    found.push_back({fmt::format("a range of {} ends before it begins: ports {} to {}", name, selector.start_port, selector.end_port), "RFC 7296 3.13.1"});
                if (std::ranges::lexicographical_compare(selector.end, selector.start))
                    found.push_back({fmt::format("a range of {} ends before it begins: {}", name, selector.text()), "RFC 7296 3.13.1"});
            }
        });
}

/// The responder's SA of IKEv1's phase 1.
void check_choice(const Judged& at, Found& found) {
    constexpr std::uint8_t answer = 2;
    if ((!at.is_v1(ike1::exchange::main) && !at.is_v1(ike1::exchange::aggressive)) || at.step != answer) return;
    each_readable(at.chain, ike1::payload::sa, ike1::parse<ike1::SecurityAssociation>, [&](const ike1::SecurityAssociation& sa) {
        if (sa.proposals.size() > 1) found.push_back({fmt::format("the answer has {} proposals, it must choose one", sa.proposals.size()), "RFC 2408 4.2"});
        if (sa.proposals.size() == 1 && sa.proposals.front().transforms.size() > 1)
            found.push_back({fmt::format("the answer has {} transforms, it must choose one", sa.proposals.front().transforms.size()), "RFC 2408 4.2"});
    });
}

/// Without keys nobody can encrypt; who has lost its SA answers with errors, in the clear.
bool has_keys(Stage stage) { return stage == Stage::mm6 || (stage >= Stage::am3 && stage <= Stage::qm_complete); }

void check_information(const Judged& at, Found& found) {
    constexpr std::uint16_t first_status = 16'384, r_u_there = 36'136, r_u_there_ack = 36'137;
    constexpr std::size_t sequence_number = 4;
    if (!at.is_v1(ike1::exchange::informational)) return;
    bool secret = at.chain.find(ike1::payload::delete_) != nullptr;
    each_readable(at.chain, ike1::payload::notify, ike1::parse<ike1::Notification>, [&](const ike1::Notification& notify) {
        secret = secret || notify.type >= first_status;
        if ((notify.type == r_u_there || notify.type == r_u_there_ack) && notify.data.size() != sequence_number)
            found.push_back({fmt::format("the sequence number of dead peer detection has {} bytes, not {}", notify.data.size(), sequence_number), "RFC 3706 5.3"});
    });
    each_readable(at.chain, ike1::payload::delete_, ike1::parse<ike1::Delete>, [&](const ike1::Delete& gone) {
        if (gone.spi_size == 0 && gone.count != 0) found.push_back({fmt::format("D names {} SAs by SPIs of 0 bytes", gone.count), "RFC 2408 3.15"});
    });
    if (secret && !at.record.encrypted && has_keys(at.stage))
        found.push_back({"this message must be encrypted: both ends have keys by now", "RFC 2409 5.7"});
}

/// What is no question of payload types.
constexpr void (*content_checks[])(const Judged&, Found&) = {
    check_nonces, check_message_id, check_flags, check_responder_spi, check_critical, check_cookies, check_spi_sizes, check_selectors, check_information,
};
/// These depend on the place, the SA payload and on what terms_of() adds.
constexpr void (*suite_checks[])(const Judged&, Found&) = {check_proposals, check_key_exchange, check_ike_rekey, check_choice};

/// All that suite_checks look at. Empty where that is too much to be kept, or where there is no SA payload.
std::string terms_of(const Judged& at, std::uint64_t place) {
    constexpr std::size_t largest = 1024;
    const auto sa_type = at.v2() ? ike2::payload::sa : ike1::payload::sa, ke_type = at.v2() ? ike2::payload::ke : ike1::payload::ke;
    const dissect::PayloadRef *sa = nullptr, *ke = nullptr;
    for (const auto& payload : at.chain.payloads) {
        const bool is_sa = payload.type == sa_type, is_ke = payload.type == ke_type;
        if ((is_sa && sa) || (is_ke && ke)) return {};
        if (is_sa) sa = &payload;
        if (is_ke) ke = &payload;
    }
    if (!sa || sa->body.size() > largest) return {};
    const std::uint64_t selectors = at.v2() && at.chain.find(ike2::payload::ts_i) ? 1 : 0;
    const std::uint64_t group = ke ? big_endian(ke->body.first(std::min<std::size_t>(ke->body.size(), 2))) : 0;
    const std::uint64_t numbers[] = {place, selectors, group, ke ? ke->body.size() + 1 : 0};
    std::string terms(reinterpret_cast<const char*>(numbers), sizeof numbers);
    return terms += text_of(sa->body);
}

/// Version, exchange, number in it and protection of a message in 32 bits.
std::uint64_t place_of(const Record& record, const dissect::Header& header, std::uint8_t step) {
    return std::uint64_t{header.exchange} << 16 | std::uint64_t{step} << 8 | std::uint64_t{header.major() == 2} << 1 |
           std::uint64_t{record.encrypted};
}

} // namespace

std::vector<Violation> Legality::violations_of(const Record& record, const Outcome& seen, const dissect::Message& clear) {
    const auto step = step_of(record.label, record.ordinal);
    // In IKEv2 the header says which message it is; what came before does not matter.
    const bool known_place = clear.version() == Version::v2 || seen.expected;
    if (!step || record.back != 0 || !known_place || !readable(clear)) return {};
    const auto place = place_of(record, clear.header, *step);
    if (!fitting_.contains(place)) {
        const MessageRule* against = nullptr;
        if (!protection_fits(clear, *step, record.encrypted, against)) return check_protection(*against, record.encrypted);
        fitting_.insert(place);
    }
    const bool closed = record.encrypted && !seen.opened && record.hash != Proof::failed; // then its header can be judged
    const auto* chain = closed ? &clear : chain_of(record, seen, clear);
    if (!chain || !readable(*chain)) return {};
    auto found = closed ? Found{} : misplaced(record, *chain, place, *step);
    const Judged at{clear, *chain, record, seen.stage, *step};
    for (const auto check : content_checks) check(at, found);
    judge_suites(at, place, found);
    return found;
}

void Legality::judge_suites(const Judged& at, std::uint64_t place, std::vector<Violation>& found) {
    constexpr std::size_t most = 4'096;
    auto terms = terms_of(at, place);
    if (!terms.empty() && sound_suites_.contains(terms)) return;
    const auto before = found.size();
    for (const auto check : suite_checks) check(at, found);
    if (!terms.empty() && found.size() == before && sound_suites_.size() < most) sound_suites_.insert(std::move(terms));
}

/// Payloads that the rules of this place do not have.
std::vector<Violation> Legality::misplaced(const Record& record, const dissect::Message& chain, std::uint64_t place, std::uint8_t step) {
    const bool has_number = record.payloads != 0 && chain.payloads.size() < Pools::most_payloads;
    const auto key = std::uint64_t{record.payloads} << 32 | place;
    if (has_number && fitting_.contains(key)) return {};
    std::vector<std::uint8_t> types;
    for (const auto& payload : chain.payloads) types.push_back(payload.meaning());
    auto found = judge(chain.version(), chain.header.exchange, step, types, record.encrypted).violations;
    if (!found.empty() && !record.encrypted) // right but for the encryption?
        if (const auto sealed = judge(chain.version(), chain.header.exchange, step, types, true); sealed.rule && sealed.violations.empty())
            return check_protection(*sealed.rule, false);
    constexpr std::size_t most = 65'536;
    if (has_number && found.empty() && fitting_.size() < most) fitting_.insert(key);
    return found;
}

} // namespace ikescope::session
