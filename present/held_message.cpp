#include "present/held_message.hpp"

namespace ikescope::present {

namespace {

/// A copy of a message whose bytes were copied to `to`.
dissect::Message moved(dissect::Message message, Bytes to) {
    const auto* from = message.bytes.data();
    const auto move = [&](Bytes& part) {
        if (!part.empty()) part = to.subspan(static_cast<std::size_t>(part.data() - from), part.size());
    };
    move(message.ciphertext);
    move(message.trailing);
    for (auto& payload : message.payloads) move(payload.body);
    message.excess = {};
    message.bytes = to.first(message.bytes.size());
    return message;
}

Buffer copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

} // namespace

HeldMessage::HeldMessage(const capture::Datagram& datagram, const dissect::Message* message,
                         const session::Outcome* seen)
    : datagram_(datagram) {
    if (message) message_ = *message;
    if (!seen) return;
    seen_ = *seen;
    if (seen->message) seen_->message = message_ ? &*message_ : nullptr;
    if (seen->whole) {
        whole_bytes_ = copy(seen->whole->bytes);
        seen_->whole = &whole_.emplace(moved(*seen->whole, whole_bytes_));
    }
    if (seen->opened) {
        plain_ = copy(seen->plain);
        seen_->opened = &opened_.emplace(moved(*seen->opened, plain_));
        seen_->plain = plain_;
    }
    iv_ = copy(seen->iv);
    seen_->iv = iv_;
    how_ = seen->how;
    seen_->how = how_;
}

void HeldMessage::fill(Packet& packet) const {
    packet.datagram = &datagram_;
    packet.message = message_ ? &*message_ : nullptr;
    packet.seen = seen_ ? &*seen_ : nullptr;
}

} // namespace ikescope::present
