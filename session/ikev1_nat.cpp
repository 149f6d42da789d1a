#include "session/ikev1_nat.hpp"

#include "dissect/ikev1.hpp"
#include "session/ikev1_suite.hpp"

#include <fmt/format.h>

namespace ikescope::session::ikev1 {
namespace {

namespace payload = dissect::ikev1::payload;

Buffer nat_hash(const Track& track, crypto::HashId hash, const Endpoint& end) {
    const Byte port[] = {static_cast<Byte>(end.port >> 8), static_cast<Byte>(end.port & 0xff)};
    return crypto::digest(hash, {track.initiator_spi, track.responder_spi, end.address.bytes(), port});
}

std::string nat_sentence(Side from, bool source_changed, bool destination_changed) {
    std::string text;
    if (source_changed)
        text = fmt::format("the {} is behind NAT (or forces NAT traversal): no NAT-D hash of its own address fits its packets",
                           side_name(from));
    if (destination_changed)
        text += fmt::format("{}the {} is behind NAT: its peer's NAT-D hash of the destination does not fit the packets",
                            text.empty() ? "" : "; ", side_name(other(from)));
    return text;
}

bool is_nat_d(const dissect::PayloadRef& each) { return each.type == payload::nat_d || each.type == payload::nat_d_draft; }

} // namespace

std::string note_nat(Track& track, const dissect::Message& message, Side from, const capture::Datagram& datagram) {
    const auto suite = computable(track.suite);
    if (!suite) return {};
    bool first = true, source_fits = false, source_seen = false, destination_fits = true;
    Buffer source;
    for (const auto& each : message.payloads) {
        if (!is_nat_d(each)) continue;
        if (std::exchange(first, false)) {
            destination_fits = std::ranges::equal(each.body, nat_hash(track, suite->hash, datagram.to()));
            source = nat_hash(track, suite->hash, datagram.from());
        } else {
            source_seen = true;
            source_fits = source_fits || std::ranges::equal(each.body, source);
        }
    }
    const bool source_changed = source_seen && !source_fits;
    if (first || (destination_fits && !source_changed)) return {};
    track.nat_seen = true;
    const auto bits = (source_changed ? nat_source : 0) | (destination_fits ? 0 : nat_destination);
    track.nat = static_cast<std::uint8_t>(track.nat | bits << (2 * index_of(from)));
    return nat_sentence(from, source_changed, !destination_fits);
}

std::string nat_words(const Track& track) {
    std::string text;
    for (const auto from : {Side::initiator, Side::responder}) {
        const auto bits = track.nat >> (2 * index_of(from));
        const auto sentence = nat_sentence(from, (bits & nat_source) != 0, (bits & nat_destination) != 0);
        if (!sentence.empty()) text += (text.empty() ? "" : "; ") + sentence;
    }
    return text;
}

} // namespace ikescope::session::ikev1
