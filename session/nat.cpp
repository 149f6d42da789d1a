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

/// The hashes of one end of the packet.
struct HashedEnd {
    Buffer expected;
    bool seen = false, fits = false, malformed = false;
    /// One hash that fits is enough (RFC 7296 2.23); one that cannot be read might have been it.
    bool changed() const { return seen && !fits && !malformed; }
};

/// Compares the hashes of one message with the addresses of its packet.
class NatJudge {
public:
    NatJudge(crypto::HashId hash, const dissect::Header& header, const capture::Datagram& datagram, Side from)
        : hash_(hash), header_(header), from_(from), source_{of(datagram.from())}, destination_{of(datagram.to())} {}

    /// `what` and `rfc` name the hash for who must be told that it is none.
    void check(const dissect::PayloadRef& payload, bool source, Bytes value, std::string_view what, std::string_view rfc) {
        auto& end = source ? source_ : destination_;
        const bool fits = std::ranges::equal(value, end.expected);
        end.seen = true;
        end.fits |= fits;
        end.malformed |= value.size() != end.expected.size();
        if (payload.body.size() + dissect::generic_header_size < payload.declared) return; // the message is cut, nobody lied
        checks_.push_back({payload.offset, source, fits, end.expected});
        if (value.size() == end.expected.size()) return;
        problems_.push_back(fmt::format("the {}'s {} has {} bytes where {} has {} ({}): it is malformed and says nothing about NAT",
                                        side_name(from_), what, value.size(), crypto::hash_name(hash_), end.expected.size(), rfc));
    }
    bool any_fits() const { return source_.fits || destination_.fits; }

    void conclude(Track& track, Outcome& outcome) const {
        outcome.nat.insert(outcome.nat.end(), checks_.begin(), checks_.end());
        for (const auto& problem : problems_) tell(problem, track, outcome);
        if (!source_.changed() && !destination_.changed()) return;
        track.nat_seen = true;
        const auto bits = (source_.changed() ? nat_source : 0) | (destination_.changed() ? nat_destination : 0);
        track.nat = static_cast<std::uint8_t>(track.nat | bits << (2 * index_of(from_)));
        outcome.notes.push_back(nat_sentence(from_, source_.changed(), destination_.changed()));
    }
    /// Of what the sender did wrong the message and the SA speak.
    static void tell(const std::string& sentence, Track& track, Outcome& outcome) {
        outcome.notes.push_back(sentence);
        track.note(sentence);
    }

private:
    Buffer of(const Endpoint& end) const {
        const Byte port[] = {static_cast<Byte>(end.port >> 8), static_cast<Byte>(end.port & 0xff)};
        return crypto::digest(hash_, {header_.initiator_spi, header_.responder_spi, end.address.bytes(), port});
    }

    crypto::HashId hash_;
    const dissect::Header& header_;
    Side from_;
    HashedEnd source_, destination_;
    std::vector<NatCheck> checks_;
    std::vector<std::string> problems_;
};

/// The hash whose values have this size, where all payloads agree.
std::optional<crypto::HashId> hash_by_size(const std::vector<const dissect::PayloadRef*>& payloads) {
    using enum crypto::HashId;
    const auto size = payloads.front()->body.size();
    if (std::ranges::any_of(payloads, [&](const auto* each) { return each->body.size() != size; })) return {};
    for (const auto hash : {md5, sha1, sha256, sha384, sha512})
        if (crypto::digest_size(hash) == size) return hash;
    return {};
}

/// The first payload is about the destination.
void note_v1(Track& track, const dissect::Message& message, Side from, const capture::Datagram& datagram,
             Outcome& outcome) {
    namespace payload = dissect::ikev1::payload;
    std::vector<const dissect::PayloadRef*> payloads;
    for (const auto& each : message.payloads)
        if (each.meaning() == payload::nat_d || each.type == payload::nat_d_draft) payloads.push_back(&each);
    if (payloads.empty()) return;
    if (payloads.size() == 1 && !message.fault && !message.snapped)
        NatJudge::tell(fmt::format("the {0} sends only one NAT-D payload where RFC 3947 3.2 wants that of the destination and then those of "
                                   "its own addresses: nothing says whether the {0} is behind NAT", side_name(from)), track, outcome);
    const auto suite = ikev1::computable(track.suite);
    const bool unseen = track.suite.hash == 0; // the SA payloads were not captured
    const auto hash = suite ? std::optional(suite->hash) : unseen ? hash_by_size(payloads) : std::nullopt;
    if (!hash) return;
    NatJudge judge(*hash, message.header, datagram, from);
    for (const auto* each : payloads) {
        const bool source = each != payloads.front();
        judge.check(*each, source, each->body, source ? "NAT-D payload of its own address" : "NAT-D payload of the destination", "RFC 3947 3.2");
    }
    // A hash that was guessed by its size is believed when it fits somewhere.
    if (suite || judge.any_fits()) judge.conclude(track, outcome);
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
        if (!judge) judge.emplace(crypto::HashId::sha1, message.header, datagram, from);
        judge->check(each, source, value.data, name_of(dissect::ikev2::notify_types, value.type), "RFC 7296 2.23");
    }
    if (judge) judge->conclude(track, outcome);
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
