#include "session/legality.hpp"

#include "dissect/ikev1.hpp"
#include "dissect/ikev2.hpp"
#include "session/pools.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::session {

namespace {

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

/// RFC 2409 5 and RFC 7296 2.10 bound nonces. A nonce of phase 1 may lie encrypted under a public key (RFC 2409 5.2), and is
/// larger then.
void check_nonces(const dissect::Message& chain, std::vector<Violation>& found) {
    const bool v2 = chain.version() == Version::v2, phase2 = chain.header.exchange == dissect::ikev1::exchange::quick;
    const std::size_t least = v2 ? 16 : 8, most = 256;
    for (const auto& each : chain.payloads) {
        if (each.type != (v2 ? dissect::ikev2::payload::nonce : dissect::ikev1::payload::nonce)) continue;
        const auto size = each.body.size();
        if (size < least || (size > most && (v2 || phase2)))
            found.push_back({fmt::format("the nonce has {} bytes, {} to {} are allowed", size, least, most),
                             v2 ? "RFC 7296 2.10, 3.9" : "RFC 2409 5"});
    }
}

/// What of IKE_SA_INIT is no question of payload types.
void check_init(const dissect::Message& message, std::vector<Violation>& found) {
    namespace ikev2 = dissect::ikev2;
    if (message.version() != Version::v2 || message.header.exchange != ikev2::exchange::ike_sa_init) return;
    if (message.header.message_id != 0)
        found.push_back({fmt::format("the Message ID of IKE_SA_INIT is {}, not 0", message.header.message_id), "RFC 7296 2.2"});
    if (message.header.response()) return;
    const auto is_cookie = [](const dissect::PayloadRef& each) {
        return each.type == ikev2::payload::notify && ikev2::parse<ikev2::Notification>(each).type == ikev2::notify::cookie;
    };
    const auto cookie = std::ranges::find_if(message.payloads, is_cookie);
    if (cookie != message.payloads.begin() && cookie != message.payloads.end())
        found.push_back({"N(COOKIE) must be the first payload", "RFC 7296 2.6"});
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
    const MessageRule* against = nullptr;
    if (!fitting_.contains(place) && !protection_fits(clear, *step, record.encrypted, against)) return check_protection(*against, record.encrypted);
    fitting_.insert(place);
    const auto* chain = chain_of(record, seen, clear);
    if (!chain || !readable(*chain)) return {};
    auto found = misplaced(record, *chain, place, *step);
    check_nonces(*chain, found);
    check_init(clear, found);
    return found;
}

/// Payloads that the rules of this place do not have.
std::vector<Violation> Legality::misplaced(const Record& record, const dissect::Message& chain, std::uint64_t place, std::uint8_t step) {
    const bool has_number = record.payloads != 0 && chain.payloads.size() < Pools::most_payloads;
    const auto key = std::uint64_t{record.payloads} << 32 | place;
    if (has_number && fitting_.contains(key)) return {};
    std::vector<std::uint8_t> types;
    for (const auto& payload : chain.payloads) types.push_back(payload.meaning());
    auto found = judge(chain.version(), chain.header.exchange, step, types, record.encrypted).violations;
    constexpr std::size_t most = 65'536;
    if (has_number && found.empty() && fitting_.size() < most) fitting_.insert(key);
    return found;
}

} // namespace ikescope::session
