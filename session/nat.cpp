#include "session/nat.hpp"

#include "dissect/ikev1.hpp"
#include "dissect/ikev2.hpp"
#include "session/ikev1_suite.hpp"

#include <fmt/format.h>

namespace ikescope::session {
namespace {

std::string nat_sentence(Side from, bool source_changed, bool destination_changed) {
    std::string text;
    if (source_changed)
        text =
            fmt::format("the {} is behind NAT (or forces NAT traversal): no hash of its own address fits its packets",
                        side_name(from));
    if (destination_changed)
        text += fmt::format("{}the {} is behind NAT: its peer's hash of the destination does not fit the packets",
                            text.empty() ? "" : "; ", side_name(other(from)));
    return text;
}

/// Compares the hashes of one message with the addresses of its packet.
class NatJudge {
public:
    NatJudge(crypto::HashId hash, const dissect::Header& header, const capture::Datagram& datagram)
        : hash_(hash), header_(header), source_(of(datagram.from())), destination_(of(datagram.to())) {}

    void check(const dissect::PayloadRef& payload, bool source, Bytes value, Outcome& outcome) {
        const auto& expected = source ? source_ : destination_;
        const bool fits = std::ranges::equal(value, expected);
        (source ? source_seen_ : destination_seen_) = true;
        (source ? source_fits_ : destination_fits_) |= fits;
        outcome.nat.push_back({payload.offset, source, fits, expected});
    }
    /// One hash that fits is enough (RFC 7296 2.23).
    void conclude(Track& track, Side from, Outcome& outcome) const {
        const bool source_changed = source_seen_ && !source_fits_,
                   destination_changed = destination_seen_ && !destination_fits_;
        if (!source_changed && !destination_changed) return;
        track.nat_seen = true;
        const auto bits = (source_changed ? nat_source : 0) | (destination_changed ? nat_destination : 0);
        track.nat = static_cast<std::uint8_t>(track.nat | bits << (2 * index_of(from)));
        outcome.notes.push_back(nat_sentence(from, source_changed, destination_changed));
    }

private:
    Buffer of(const Endpoint& end) const {
        const Byte port[] = {static_cast<Byte>(end.port >> 8), static_cast<Byte>(end.port & 0xff)};
        return crypto::digest(hash_, {header_.initiator_spi, header_.responder_spi, end.address.bytes(), port});
    }

    crypto::HashId hash_;
    const dissect::Header& header_;
    Buffer source_, destination_;
    bool source_seen_ = false, source_fits_ = false, destination_seen_ = false, destination_fits_ = false;
};

/// The first payload is about the destination.
void note_v1(Track& track, const dissect::Message& message, Side from, const capture::Datagram& datagram,
             Outcome& outcome) {
    namespace payload = dissect::ikev1::payload;
    const auto suite = ikev1::computable(track.suite);
    if (!suite) return;
    std::optional<NatJudge> judge;
    for (const auto& each : message.payloads) {
        if (each.meaning() != payload::nat_d && each.type != payload::nat_d_draft) continue;
        const bool source = judge.has_value();
        if (!judge) judge.emplace(suite->hash, message.header, datagram);
        judge->check(each, source, each.body, outcome);
    }
    if (judge) judge->conclude(track, from, outcome);
}

void note_v2(Track& track, const dissect::Message& message, Side from, const capture::Datagram& datagram,
             Outcome& outcome) {
    namespace notify = dissect::ikev2::notify;
    std::optional<NatJudge> judge;
    for (const auto& each : message.payloads) {
        if (each.type != dissect::ikev2::payload::notify) continue;
        const auto value = dissect::ikev2::parse<dissect::ikev2::Notification>(each);
        const bool source = value.type == notify::nat_detection_source_ip;
        if (!source && value.type != notify::nat_detection_destination_ip) continue;
        if (!judge) judge.emplace(crypto::HashId::sha1, message.header, datagram);
        judge->check(each, source, value.data, outcome);
    }
    if (judge) judge->conclude(track, from, outcome);
}

} // namespace

void note_nat(Track& track, const dissect::Message& message, Side from, const capture::Datagram& datagram,
              Outcome& outcome) {
    (message.version() == Version::v2 ? note_v2 : note_v1)(track, message, from, datagram, outcome);
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

} // namespace ikescope::session
