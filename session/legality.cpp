#include "session/legality.hpp"

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
    if (label == Label::base_mode) return ordinal;
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

/// Is there a rule for this place by which a message may be encrypted, or clear?
bool protection_fits(const dissect::Message& message, std::uint8_t step, bool sealed, const MessageRule*& against) {
    against = nullptr;
    for (const auto& rule : message_rules()) {
        if (rule.version != message.version() || rule.exchange != message.header.exchange) continue;
        if (rule.step != 0 && step != 0 && rule.step != step) continue;
        if (check_protection(rule, sealed).empty()) return true;
        against = &rule;
    }
    return against == nullptr;
}

} // namespace

std::vector<Violation> violations_of(const Record& record, const Outcome& seen, const dissect::Message& clear) {
    const auto step = step_of(record.label, record.ordinal);
    if (!step || record.back != 0 || !seen.expected || !readable(clear)) return {};
    const MessageRule* against = nullptr;
    if (!protection_fits(clear, *step, record.encrypted, against)) return check_protection(*against, record.encrypted);
    const auto* chain = chain_of(record, seen, clear);
    if (!chain || !readable(*chain)) return {};
    std::vector<std::uint8_t> types;
    for (const auto& payload : chain->payloads) types.push_back(payload.type);
    return judge(clear.version(), clear.header.exchange, *step, types, record.encrypted).violations;
}

} // namespace ikescope::session
