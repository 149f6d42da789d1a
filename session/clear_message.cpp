#include "session/clear_message.hpp"

#include "dissect/ikev2.hpp"

#include <algorithm>

namespace ikescope::session {
namespace {

namespace payload = dissect::ikev2::payload;
using dissect::Message;

/// The decrypted payloads without what stands behind the last one.
Bytes content(const Message& opened, Bytes plain) {
    if (opened.payloads.empty()) return {};
    const auto& last = opened.payloads.back();
    return plain.first(std::min<std::size_t>(plain.size(), last.offset - opened.base + last.declared));
}

/// IKEv2: what stands between the header and SK or SKF. `link` is where the next payload field lies that named it.
Bytes before_sealed(const Message& message) {
    const auto& last = message.payloads.back();
    return message.bytes.subspan(dissect::header_size, last.offset - message.base - dissect::header_size);
}

Buffer assemble(dissect::Header header, Bytes before, Bytes inside) {
    header.length = static_cast<std::uint32_t>(dissect::header_size + before.size() + inside.size());
    Buffer out;
    dissect::write_header(header, out);
    // the length is the caller's to patch
    for (std::size_t i = 0; i < 4; ++i) out[24 + i] = static_cast<Byte>(header.length >> (8 * (3 - i)));
    out.insert(out.end(), before.begin(), before.end());
    out.insert(out.end(), inside.begin(), inside.end());
    return out;
}

Buffer clear_ikev1(const Message& message, const Message& opened, Bytes plain) {
    auto header = message.header;
    header.flags = static_cast<std::uint8_t>(header.flags & ~dissect::flag_encryption);
    return assemble(header, {}, content(opened, plain));
}

std::optional<Buffer> clear_ikev2(const Message& message, const Message& opened, Bytes plain) {
    if (message.payloads.empty()) return {};
    const auto type = message.payloads.back().type;
    if (type != payload::sk && type != payload::skf) return {};
    const std::uint8_t first = opened.payloads.empty() ? std::uint8_t{0} : opened.payloads.front().type;
    auto header = message.header;
    if (message.payloads.size() == 1) header.next_payload = first;
    auto out = assemble(header, before_sealed(message), content(opened, plain));
    if (message.payloads.size() > 1) out[message.payloads[message.payloads.size() - 2].offset - message.base] = first;
    return out;
}

} // namespace

std::optional<Buffer> clear_message(const Outcome& outcome) {
    const auto* message = outcome.whole ? outcome.whole : outcome.message;
    if (!message) return {};
    if (!outcome.opened) {
        if (outcome.whole && !outcome.encrypted)
            return Buffer(outcome.whole->bytes.begin(), outcome.whole->bytes.end());
        return {};
    }
    return message->version() == Version::v1 ? clear_ikev1(*message, *outcome.opened, outcome.plain)
                                             : clear_ikev2(*message, *outcome.opened, outcome.plain);
}

} // namespace ikescope::session
