#include "dissect/soundness.hpp"

#include <algorithm>

namespace ikescope::dissect {
namespace {

/// What repeats from SA to SA and costs much to read: SA and Vendor ID payloads of IKEv1 and IKEv2, not too large to
/// keep.
bool repeats(const PayloadRef& payload) {
    constexpr std::uint8_t types[] = {1, 13, 33, 43};
    return payload.body.size() <= 1024 && std::ranges::find(types, payload.type) != std::end(types);
}

/// Bytes without any structure cannot lie, and nor can those whose structure is a fixed head.
bool is_opaque(const PayloadRef& payload) {
    constexpr std::uint8_t types[] = {4, 8, 9, 10, 20, 40, 46}; // IKEv1's KE, HASH, SIG, NONCE, NAT-D; IKEv2's nonce, SK
    constexpr std::uint8_t ke = 34, notify = 41;                // RFC 7296 3.4, 3.10
    constexpr std::size_t head = 4;
    if (std::ranges::find(types, payload.type) != std::end(types)) return true;
    const auto& body = payload.body;
    if (payload.type == ke) return body.size() >= head;
    if (payload.type != notify || body.size() < head || body[1] != 0) return false;
    const auto type = big_endian(body.subspan(2, 2));
    constexpr std::uint64_t nat_detection_source = 16388, nat_detection_destination = 16389;
    return body.size() == head + 20 && (type == nat_detection_source || type == nat_detection_destination);
}

} // namespace

bool Soundness::of(const Message& message, const PayloadRef& payload) {
    if (is_opaque(payload)) return true;
    const auto body = text_of(payload.body);
    Known* known = nullptr;
    if (repeats(payload)) {
        known = &known_[(std::hash<std::string_view>()(body) ^ payload.type) % known_.size()];
        if (known->type == payload.type && known->version == message.version() && known->body == body) return true;
    }
    scratch_.clear();
    explain_payload(message, payload, scratch_);
    if (std::ranges::any_of(scratch_.nodes(), [](const Node& node) { return node.severity == Severity::error; })) return false;
    if (known) *known = {message.version(), payload.type, std::string(body)};
    return true;
}

bool Soundness::of(const Message& message) {
    return !message.fault && std::ranges::all_of(message.payloads, [&](const PayloadRef& payload) { return of(message, payload); });
}

} // namespace ikescope::dissect
