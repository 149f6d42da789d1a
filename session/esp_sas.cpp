#include "session/esp_sas.hpp"

#include "capture/checksum.hpp"
#include "capture/explain.hpp"
#include "crypto/esp.hpp"
#include "session/esp_given.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace ikescope::session {
namespace {

constexpr std::size_t header = 8; ///< SPI and sequence number
/// Keys that fit nothing are not searched for again and again. A given key costs little to try: packets of another SA with the
/// same SPI may come first. Where its ICV is right but no packet comes out, that counts for many.
constexpr std::uint8_t most_searches = 3, most_of_given = 200, cost_of_half = 16;
/// All trials of given keys on SPIs that no negotiation knows: some seconds of work.
constexpr std::size_t most_trials = 1'000'000;
/// Directions with keys; beyond, the one that was negotiated longest ago loses its keys, not its counts.
constexpr std::size_t most_live = 100'000;
/// SPIs without a negotiation that given keys without SPI are tried on.
constexpr std::size_t most_adopted = 4'096;
/// How often 2^32 packets may have gone by before a capture begins, when given keys are tried.
constexpr std::uint32_t most_laps = 8;
constexpr std::size_t most_of_one_spi = 8;
constexpr std::uint32_t half_window = 0x8000'0000U;

// IANA protocol numbers that ESP's Next Header may have here.
constexpr std::uint8_t ipv4 = 4, tcp = 6, udp = 17, ipv6 = 41, icmp = 1, icmpv6 = 58, no_next = 59;

/// The upper halves a sequence number may have, the likeliest first. RFC 4303 appendix A2.2.
std::vector<std::optional<std::uint32_t>> halves(std::optional<bool> extended, bool known, std::uint64_t highest,
                                                 std::uint32_t low) {
    if (extended == false) return {std::nullopt};
    std::vector<std::optional<std::uint32_t>> list;
    if (known) {
        const auto top = static_cast<std::uint32_t>(highest >> 32), top_low = static_cast<std::uint32_t>(highest);
        if (low < top_low && top_low - low > half_window) list.emplace_back(top + 1);
        if (low > top_low && low - top_low > half_window && top > 0) list.emplace_back(top - 1);
        list.emplace_back(top);
        return list;
    }
    if (!extended) list.emplace_back(std::nullopt);
    for (std::uint32_t lap = 0; lap < most_laps; ++lap) list.emplace_back(lap);
    return list;
}

/// What else ESP carries in transport mode, of IANA's protocol numbers.
constexpr std::uint8_t usual[] = {icmp, 2,   tcp, udp, 33,  43,  44,  46,  47,  50,  51,  icmpv6, no_next, 60, 88,
                                  89,   94,  97,  103, 108, 112, 115, 132, 135, 136, 137, 139,    143,     144};

bool is_tunnelled(std::uint8_t next_header) { return next_header == ipv4 || next_header == ipv6; }

/// A whole IP packet; what follows it is padding for the sake of secrecy (RFC 4303 2.7).
bool begins_with_ip(Bytes content, std::uint8_t next_header) {
    constexpr std::size_t v4_header = 20, v6_header = 40;
    if (next_header == ipv6)
        return content.size() >= v6_header && content[0] >> 4 == 6 &&
               big_endian(content.subspan(4, 2)) + v6_header <= content.size();
    if (content.size() < v4_header || content[0] >> 4 != 4) return false;
    const auto length = big_endian(content.subspan(2, 2)), own = std::uint64_t{content[0]} % 16 * 4;
    return own >= v4_header && own <= length && length <= content.size();
}

/// Does the content begin with the header that it is said to begin with?
bool fits_header(Bytes content, std::uint8_t next_header) {
    if (is_tunnelled(next_header)) return begins_with_ip(content, next_header);
    capture::Datagram inner;
    constexpr std::uint8_t others[] = {tcp, udp, icmp, icmpv6};
    return std::ranges::find(others, next_header) != std::end(others) &&
           capture::read_inner(content, next_header, {}, inner) && inner.notes.empty();
}

/// Without an ICV only the looks of the content say that a key is right: padding that counts up and a header that fits.
bool looks_right(Bytes plain) {
    const auto trailer = crypto::esp_trailer(plain);
    return trailer && trailer->counts_up && fits_header(plain.first(trailer->content), trailer->next_header);
}

/// UDP whose length is that of the packet, or ICMP whose checksum is right: no accident.
bool proves_itself(Bytes content, std::uint8_t next_header) {
    constexpr std::size_t udp_header = 8;
    if (next_header == udp) return content.size() >= udp_header && big_endian(content.subspan(4, 2)) == content.size();
    return next_header == icmp && content.size() >= udp_header && capture::internet_checksum(capture::add_words(content)) == 0;
}

enum class Looks : std::uint8_t { wrong, possible, right };

/// An ICV of its own key says nothing about the cipher and its key. Padding may be of another kind than counting up, and
/// protocols may be any: only what no sender makes is wrong.
Looks looks_of(Bytes plain) {
    constexpr std::uint8_t telling = 2; ///< bytes of padding that seldom count up by chance
    const auto trailer = crypto::esp_trailer(plain);
    if (!trailer) return Looks::wrong;
    const auto next = trailer->next_header;
    if (trailer->counts_up && trailer->padding >= telling) return Looks::right;
    if (is_tunnelled(next)) return fits_header(plain.first(trailer->content), next) ? Looks::right : Looks::wrong;
    if (proves_itself(plain.first(trailer->content), next)) return Looks::right;
    const bool known = std::ranges::find(usual, next) != std::end(usual);
    if (trailer->counts_up) return known ? Looks::right : Looks::possible;
    return known ? Looks::possible : Looks::wrong;
}

constexpr std::string_view no_packet = "the integrity check value is right, but the encryption key or cipher is another "
                                       "one: what it makes of the packet is no packet";
constexpr std::string_view hardly_a_packet = "the integrity check value is right, but what the encryption key makes of "
                                             "the packet hardly looks like one: it is believed when the next looks the same";
constexpr std::string_view other_cipher_key = "the key given for this SPI made right integrity check values of earlier "
                                              "packets, but its encryption key or cipher is another one";

/// Why nothing vouches for what these keys decrypt.
std::string_view why_unverified(const crypto::Protection& keys) {
    return keys.unchecked_icv != 0 ? "its integrity check value cannot be checked, the key for it is not known"
                                   : "this SA has no integrity";
}

void count_flow(const EspOutcome& seen, EspTraffic& traffic) {
    EspFlow flow;
    flow.protocol = seen.next_header;
    if (const auto* inner = seen.inner) {
        flow.source = inner->source;
        flow.destination = inner->destination;
        flow.source_port = inner->source_port;
        flow.destination_port = inner->destination_port;
        flow.protocol = inner->ip_protocol;
    }
    const auto same = [&](const EspFlow& known) {
        return known.protocol == flow.protocol && known.source_port == flow.source_port &&
               known.destination_port == flow.destination_port && known.source == flow.source &&
               known.destination == flow.destination;
    };
    auto at = std::ranges::find_if(traffic.flows, same);
    if (at == traffic.flows.end()) {
        if (traffic.flows.size() >= EspTraffic::most_flows) {
            ++traffic.in_other_flows;
            return;
        }
        at = traffic.flows.insert(at, flow);
    }
    ++at->packets;
    at->bytes += seen.content.size();
}

} // namespace

EspSas::EspSas(const secrets::Store& store, DhSecrets& dh, ikev1::Opener::Tally& tally)
    : store_(store), dh_(dh), tally_(tally) {
    for (std::size_t i = 0; i < store.esp_keys.size(); ++i) {
        const auto& key = store.esp_keys[i];
        if (!key.spi) {
            loose_.push_back(i);
            continue;
        }
        EspPlan plan{.spi = *key.spi, .extended = key.esn, .keys = protections_of(key)};
        if (plan.keys.empty()) continue;
        plan.given = i;
        expect(std::move(plan));
    }
}

bool EspSas::provide(EspPlan& plan, GroupNumber group, const Buffer (&ke)[2], decltype(EspPlan::under) under) {
    if (ke[0].empty() && ke[1].empty()) {
        plan.keys = under({});
        return !plan.keys.empty();
    }
    dh_.see_group(group);
    if (const auto found = dh_.computed(group, ke[0], ke[1])) {
        plan.keys = under(found->shared.reveal());
        tally_.dh_used[found->index] = true;
        return !plan.keys.empty();
    }
    plan.group = group;
    plan.under = std::move(under);
    return false;
}

std::uint32_t EspSas::expect(EspPlan plan) {
    const auto number = static_cast<std::uint32_t>(directions_.size());
    by_spi_.emplace(plan.spi, number);
    auto& direction = directions_.emplace_back();
    if (plan.given) direction.traffic.keys = store_.esp_keys[*plan.given].origin.text;
    direction.plan = std::move(plan);
    if (directions_.size() - next_to_forget_ > most_live) forget_oldest();
    return number;
}

void EspSas::forget_oldest() {
    auto& oldest = directions_[next_to_forget_];
    const auto [first, last] = by_spi_.equal_range(oldest.plan.spi);
    for (auto at = first; at != last; ++at)
        if (at->second == next_to_forget_) {
            by_spi_.erase(at);
            break;
        }
    oldest.plan.keys.clear();
    oldest.plan.under = {};
    oldest.proved.reset();
    ++next_to_forget_;
}

bool EspSas::promising(std::uint32_t number) const {
    const auto& direction = directions_[number];
    const auto& plan = direction.plan;
    return plan.under && direction.traffic.packets == 0 &&
           dh_.each_shared(plan.group, plan.initiator_spi,
                           [&](std::size_t index, const Secret&) { return !dh_.owned(index); });
}

std::map<std::pair<GroupNumber, Spi>, std::size_t> EspSas::awaiting() const {
    std::map<std::pair<GroupNumber, Spi>, std::size_t> all;
    for (const auto& direction : directions_) {
        const auto& plan = direction.plan;
        if (plan.under && direction.traffic.packets == 0) ++all[{plan.group, plan.initiator_spi}];
    }
    for (auto& [which, directions] : all) directions = (directions + 1) / 2; // an exchange makes two
    return all;
}

bool EspSas::awaiting_additional() const {
    return std::ranges::any_of(directions_, [](const Direction& direction) {
        return direction.plan.settled && direction.traffic.packets == 0;
    });
}

std::optional<std::uint32_t> EspSas::find_given(std::uint32_t spi) const {
    const auto [first, last] = by_spi_.equal_range(spi);
    for (auto at = first; at != last; ++at)
        if (const auto& one = directions_[at->second]; !one.plan.track && one.proved && one.traffic.packets > 0)
            return at->second;
    return std::nullopt;
}

/// Given keys without SPI: whoever sends with this one may be using them.
bool EspSas::adopt(std::uint32_t spi) {
    if (loose_.empty() || adopted_ >= most_adopted) return false;
    ++adopted_;
    expect({.spi = spi});
    return true;
}

const EspOutcome* EspSas::open(const capture::Datagram& datagram) {
    const auto packet = datagram.payload;
    if (packet.size() < header) return nullptr;
    const auto spi = datagram.esp_spi;
    if (!by_spi_.contains(spi) && !adopt(spi)) return nullptr;
    outcome_ = {};
    outcome_.spi = spi;
    outcome_.sequence = big_endian(packet.subspan(4, 4));
    const bool cut = datagram.snapped || packet.size() < datagram.declared;
    std::array<std::uint32_t, most_of_one_spi> numbers{};
    const auto those = of_spi(spi, numbers);
    if (!cut) {
        search_among(those, packet);
        if (auto* opener = opener_of(those, packet)) {
            show(*opener, *opener->proved, datagram);
            return &outcome_;
        }
    }
    Direction* nearest = nullptr;
    for (const auto number : those)
        if (auto& direction = directions_[number]; !nearest || (direction.proved && !nearest->proved)) nearest = &direction;
    if (nearest == nullptr) return nullptr;
    ++nearest->traffic.packets;
    ++nearest->traffic.failed;
    outcome_.sa = nearest->plan.track;
    outcome_.from = nearest->plan.from;
    const bool others = nearest->proved && nearest->to != datagram.destination; // an SPI is the receiver's own number
    if (!cut && nearest->proved && !others) ++nearest->traffic.wrong_icv;
    outcome_.verdict = cut               ? EspOutcome::Verdict::malformed
                       : nearest->proved && !others ? EspOutcome::Verdict::wrong_icv
                                         : EspOutcome::Verdict::no_key;
    if (cut) outcome_.why = "the capture has only the beginning of this packet";
    if (outcome_.why.empty())
        outcome_.why = nearest->proved && !others
                           ? "the integrity check value is wrong: the packet was changed on its way, or is forged"
                       : nearest->half_fits
                           ? other_cipher_key
                           : "none of the keys that may belong to this SPI gives its integrity check value";
    return &outcome_;
}

/// The directions of an SPI, the latest first: what was negotiated before what was given.
std::span<const std::uint32_t> EspSas::of_spi(std::uint32_t spi, std::span<std::uint32_t> room) const {
    std::size_t count = 0;
    const auto [first, last] = by_spi_.equal_range(spi);
    for (auto at = first; at != last && count < room.size(); ++at) room[count++] = at->second;
    std::ranges::sort(room.first(count), std::greater{});
    return room.first(count);
}

EspSas::Direction* EspSas::opener_of(std::span<const std::uint32_t> those, Bytes packet) {
    for (const auto number : those)
        if (auto& direction = directions_[number]; direction.proved && try_keys(direction, *direction.proved, packet))
            return &direction;
    return nullptr;
}

/// A packet that known keys open is no reason to give up others of its SPI; but given ones that were never tried are, so
/// that they are not said to belong to nothing.
void EspSas::search_among(std::span<const std::uint32_t> those, Bytes packet) {
    const auto open_question = [&](std::uint32_t number) {
        const auto& direction = directions_[number];
        return !direction.proved && direction.searches < (direction.plan.given ? most_of_given : most_searches);
    };
    if (std::ranges::none_of(those, open_question)) return;
    const bool known = opener_of(those, packet) != nullptr;
    for (const auto number : those) {
        auto& direction = directions_[number];
        if (!open_question(number) || (known && (!direction.plan.given || direction.searches > 0))) continue;
        ++direction.searches;
        search(direction, packet);
    }
}

void EspSas::settle(Direction& direction, const crypto::Protection& keys) {
    if (direction.plan.settled) direction.plan.settled(keys);
    direction.proved = keys;
    direction.plan.keys.clear();
    direction.plan.under = {};
}

bool EspSas::search(Direction& direction, Bytes packet) {
    for (const auto& keys : direction.plan.keys)
        if (direction.plan.given ? try_given(direction, keys, packet) : try_keys(direction, keys, packet)) {
            if (direction.plan.given) tally_.esp_used[*direction.plan.given] = true;
            settle(direction, crypto::Protection(keys)); // a copy: the list it is from is emptied
            return true;
        }
    if (direction.plan.given) tally_.esp_tried[*direction.plan.given] = true;
    return search_given(direction, packet) || search_shared(direction, packet);
}

/// Keys that a log prints without SPI, or without algorithm: those of the negotiation are tried with them.
bool EspSas::search_given(Direction& direction, Bytes packet) {
    if (direction.plan.given) return false;
    if (!direction.plan.track && (trials_ += store_.esp_keys.size()) > most_trials) return false;
    for (std::size_t i = 0; i < store_.esp_keys.size(); ++i) {
        const auto& key = store_.esp_keys[i];
        if (key.spi && *key.spi != direction.plan.spi) continue;
        for (const auto& suite : {suite_of(key), direction.plan.suite}) {
            const auto keys = suite ? protection_of(key, *suite) : std::nullopt;
            if (!keys) continue;
            tally_.esp_tried[i] = true;
            if (!direction.plan.extended) direction.plan.extended = key.esn;
            if (!try_given(direction, *keys, packet)) continue;
            tally_.esp_used[i] = true;
            direction.traffic.keys = key.origin.text;
            direction.proved = *keys;
            return true;
        }
    }
    return false;
}

bool EspSas::search_shared(Direction& direction, Bytes packet) {
    if (!direction.plan.under) return false;
    return dh_.each_shared(direction.plan.group, direction.plan.initiator_spi,
                           [&](std::size_t index, const Secret& shared) {
                               for (const auto& keys : direction.plan.under(shared.reveal())) {
                                   if (!try_keys(direction, keys, packet)) continue;
                                   dh_.own(index);
                                   tally_.dh_used[index] = true;
                                   settle(direction, keys);
                                   return true;
                               }
                               return false;
                           });
}

/// Derived keys are right or wrong as a whole; of given ones each may be another SA's.
bool EspSas::try_given(Direction& direction, const crypto::Protection& keys, Bytes packet) {
    if (!try_keys(direction, keys, packet)) return false;
    return keys.encryption->is_aead() || !keys.integrity || believable(direction);
}

/// `plain_` is what a given key made of a packet with the right ICV.
bool EspSas::believable(Direction& direction) {
    constexpr std::uint8_t enough = 3; ///< packets in a row, whatever they carry
    const auto looks = looks_of(plain_);
    if (looks == Looks::right) return true;
    const auto next = plain_.empty() ? std::uint8_t{0} : plain_.back();
    direction.in_a_row = looks == Looks::possible ? static_cast<std::uint8_t>(direction.in_a_row + 1) : std::uint8_t{0};
    if (looks == Looks::possible && (direction.maybe == next || direction.in_a_row == enough)) return true;
    direction.maybe.reset();
    if (looks == Looks::possible) direction.maybe = next;
    direction.half_fits = true;
    direction.searches = static_cast<std::uint8_t>(std::min<unsigned>(direction.searches + cost_of_half, most_of_given));
    outcome_.why = looks == Looks::possible ? hardly_a_packet : no_packet;
    return false;
}

bool EspSas::try_keys(Direction& direction, const crypto::Protection& keys, Bytes packet) {
    if (!keys.encryption->is_aead() && !keys.integrity) return try_unverified(direction, keys, packet);
    const auto low = static_cast<std::uint32_t>(big_endian(packet.subspan(4, 4)));
    const auto& plan = direction.plan;
    const bool known = direction.proved.has_value() || (plan.extended == true && plan.track);
    for (const auto& high : halves(plan.extended, known, direction.highest, low)) {
        auto opened = crypto::open_esp(keys, packet, high);
        if (!opened) {
            if (opened.verdict() == crypto::Opened::Verdict::malformed ||
                opened.verdict() == crypto::Opened::Verdict::unsupported)
                outcome_.why = opened.why();
            continue;
        }
        plain_ = *opened.plaintext();
        direction.plan.extended = high.has_value();
        high_ = high.value_or(0);
        direction.highest = std::max(direction.highest, std::uint64_t{high_} << 32 | low);
        outcome_.why.clear();
        return true;
    }
    return false;
}

bool EspSas::try_unverified(Direction& direction, const crypto::Protection& keys, Bytes packet) {
    auto plain = crypto::decrypt_esp_without_checking(keys, packet);
    if (!plain) {
        outcome_.why = plain.error().sentence;
        return false;
    }
    if (!looks_right(plain->bytes)) {
        outcome_.why =
            fmt::format("{}, and what the key makes of the packet does not look like one", why_unverified(keys));
        return false;
    }
    plain_ = std::move(plain->bytes);
    direction.unverifiable = true;
    if (!direction.plan.extended) direction.plan.extended = false;
    high_ = 0;
    return true;
}

/// Makes the outcome of a packet that the direction's keys opened.
///   SPI | sequence number | IV | content | padding | pad length | next header | ICV
void EspSas::show(Direction& direction, const crypto::Protection& keys, const capture::Datagram& datagram) {
    const auto packet = datagram.payload;
    auto& out = outcome_;
    out.verdict = direction.unverifiable ? EspOutcome::Verdict::unverified : EspOutcome::Verdict::opened;
    if (direction.unverifiable)
        out.why = fmt::format("{}: nothing vouches for what was decrypted", why_unverified(keys));
    direction.to = datagram.destination;
    out.sa = direction.plan.track;
    out.from = direction.plan.from;
    out.keys = direction.traffic.keys;
    out.encryption = keys.encryption->name;
    if (keys.integrity) out.integrity = keys.integrity->name;
    out.extended = direction.plan.extended.value_or(false);
    if (out.extended) out.sequence |= std::uint64_t{high_} << 32;
    if (!keys.encryption->has_implicit_iv()) out.iv = packet.subspan(header, keys.encryption->iv);
    out.icv = packet.last(keys.icv_size());
    out.plain = plain_;
    if (const auto trailer = crypto::esp_trailer(plain_)) {
        out.content = Bytes(plain_).first(trailer->content);
        out.padding = trailer->padding;
        out.next_header = trailer->next_header;
        if (out.next_header != no_next && capture::read_inner(out.content, out.next_header, datagram, inner_))
            out.inner = &inner_;
    } else {
        out.why = "its pad length is larger than what was encrypted";
    }
    account(direction);
}

void EspSas::account(Direction& direction) {
    auto& traffic = direction.traffic;
    ++traffic.packets;
    ++(direction.unverifiable ? traffic.unverified : traffic.opened);
    traffic.bytes += outcome_.content.size();
    traffic.extended = outcome_.extended;
    count_flow(outcome_, traffic);
}

} // namespace ikescope::session
