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

HeldMessage::HeldMessage(capture::Datagram datagram, const dissect::Message* message,
                         const session::Outcome* seen)
    : datagram_(std::move(datagram)) {
    if (message) message_ = *message;
    if (!seen) return;
    if (seen->esp) hold_esp(*seen->esp);
    if (!seen->isakmp) return;
    seen_ = *seen;
    seen_->esp = nullptr;
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

/// IV and ICV lie in the datagram, whose bytes stay; the content and the packet in it do not.
void HeldMessage::hold_esp(const session::EspOutcome& esp) {
    esp_ = esp;
    esp_plain_ = copy(esp.plain);
    const auto moved_part = [&](Bytes part) {
        const bool inside = !part.empty() && part.data() >= esp.plain.data() && part.data() + part.size() <= esp.plain.data() + esp.plain.size();
        return inside ? Bytes(esp_plain_).subspan(static_cast<std::size_t>(part.data() - esp.plain.data()), part.size()) : Bytes();
    };
    esp_->content = moved_part(esp.content);
    esp_->plain = esp_plain_;
    if (!esp.inner) return;
    esp_inner_ = *esp.inner;
    esp_inner_->payload = moved_part(esp.inner->payload);
    esp_->inner = &*esp_inner_;
}

void HeldMessage::fill(Packet& packet) const {
    packet.datagram = &datagram_;
    packet.message = message_ ? &*message_ : nullptr;
    packet.seen = seen_ ? &*seen_ : nullptr;
    packet.esp = esp_ ? &*esp_ : nullptr;
}

} // namespace ikescope::present
