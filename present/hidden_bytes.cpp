#include "present/hidden_bytes.hpp"

#include <algorithm>
#include <functional>

namespace ikescope::present {

namespace {

/// Payloads with secret fields: IKEv1's attributes (XAUTH) and key download, IKEv2's EAP and key download.
constexpr std::uint8_t secret_holders[] = {14, 17, 48, 52};

bool can_hold(const dissect::Message* message) {
    return message && std::ranges::any_of(message->payloads, [](const dissect::PayloadRef& payload) {
               return std::ranges::find(secret_holders, payload.type) != std::end(secret_holders);
           });
}

bool can_hold(const Packet& packet) {
    for (const auto* one = &packet; one; one = one->next)
        if (can_hold(one->message) || (one->seen && (can_hold(one->seen->whole) || can_hold(one->seen->opened)))) return true;
    return false;
}

} // namespace

void HiddenBytes::read(const Packet& packet) {
    secrets_.clear();
    if (!can_hold(packet)) return;
    build_tree(packet, whole_, tree_);
    for (const auto& node : tree_.nodes())
        if (const auto bytes = tree_.bytes(node); node.field->secret && !bytes.empty()) secrets_.push_back(bytes);
}

bool HiddenBytes::touches(Bytes bytes) const {
    const std::less<const Byte*> before;
    return std::ranges::any_of(secrets_, [&](Bytes secret) {
        return before(bytes.data(), secret.data() + secret.size()) && before(secret.data(), bytes.data() + bytes.size());
    });
}

} // namespace ikescope::present
