#include "crypto/esp.hpp"

#include "base/cursor.hpp"
#include "base/writer.hpp"

#include <array>

namespace ikescope::crypto {
namespace {

std::array<Byte, 4> wire(std::uint32_t number) {
    return {static_cast<Byte>(number >> 24), static_cast<Byte>(number >> 16), static_cast<Byte>(number >> 8),
            static_cast<Byte>(number)};
}

/// The buffers that Parts of an ESP packet point into besides the packet itself.
struct Extra {
    std::array<Byte, 4> high{};
    Buffer implicit_iv;
};

/// Cuts the packet; one that is too short gives parts that open() calls malformed.
Parts cut(const Protection& protection, Bytes packet, std::optional<std::uint32_t> high, Extra& extra) {
    const auto& encryption = *protection.encryption;
    Cursor in(packet);
    Parts parts;
    parts.aad = in.take(8, "SPI and sequence number");
    if (high) {
        extra.high = wire(*high);
        parts.extended = extra.high;
    }
    if (encryption.has_implicit_iv()) { // RFC 8750 section 3
        const auto upper = wire(high.value_or(0));
        extra.implicit_iv.assign(upper.begin(), upper.end());
        if (!parts.aad.empty()) extra.implicit_iv.insert(extra.implicit_iv.end(), parts.aad.begin() + 4, parts.aad.end());
        parts.iv = extra.implicit_iv;
    } else {
        parts.iv = in.take(encryption.iv, "initialization vector");
    }
    const auto icv = protection.icv_size();
    if (in.left() >= icv) parts.ciphertext = in.take(in.left() - icv, "ciphertext");
    parts.icv = in.take(icv, "integrity check value");
    return parts;
}

} // namespace

Opened open_esp(const Protection& protection, Bytes packet, std::optional<std::uint32_t> high) {
    Extra extra;
    return open(protection, cut(protection, packet, high, extra));
}

Result<Unverified> decrypt_esp_without_checking(const Protection& protection, Bytes packet) {
    Extra extra;
    return decrypt_without_checking(protection, cut(protection, packet, std::nullopt, extra));
}

Result<Buffer> seal_esp(const Protection& protection, std::uint32_t spi, std::uint32_t sequence, Bytes iv, Bytes padded,
                        std::optional<std::uint32_t> high) {
    Buffer packet;
    Writer to(packet);
    to.number(spi, 4);
    to.number(sequence, 4);
    const Buffer header = packet;
    Extra extra;
    auto parts = cut(protection, header, high, extra);
    if (!protection.encryption->has_implicit_iv()) parts.iv = iv;
    auto sealed = seal(protection, parts, padded);
    if (!sealed) return sealed.error();
    if (!protection.encryption->has_implicit_iv()) to.bytes(iv);
    to.bytes(sealed->ciphertext);
    to.bytes(sealed->icv);
    return packet;
}

std::optional<EspTrailer> esp_trailer(Bytes plaintext) {
    if (plaintext.size() < 2) return std::nullopt;
    EspTrailer trailer;
    trailer.next_header = plaintext.back();
    trailer.padding = plaintext[plaintext.size() - 2];
    if (trailer.padding + std::size_t{2} > plaintext.size()) return std::nullopt;
    trailer.content = plaintext.size() - trailer.padding - 2;
    for (std::size_t i = 0; i < trailer.padding; ++i)
        if (plaintext[trailer.content + i] != i + 1) trailer.counts_up = false;
    return trailer;
}

} // namespace ikescope::crypto
