#include "capture/fragments.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ikescope::capture {
namespace {

constexpr std::uint32_t largest_payload = 65535;
constexpr std::size_t beginning_size = 64;

void add_note(std::vector<LinkNote>& notes, std::size_t place, std::string text) {
    notes.push_back({std::move(text), static_cast<std::uint32_t>(place)});
}

} // namespace

std::size_t FragmentKeyHash::operator()(const FragmentKey& key) const noexcept {
    const std::hash<IpAddress> of_address;
    return of_address(key.source) * 31 + of_address(key.destination) * 17 + (std::size_t{key.id} << 8 | key.protocol) * 0x9e3779b1U;
}

void Reassembler::give_up(Chains::iterator chain) {
    if (lost_.size() < most_lost) {
        auto& have = chain->whole.bytes;
        const bool beginning = !chain->spans.empty() && chain->spans.front().begin == 0;
        const auto size = beginning ? std::min<std::size_t>(beginning_size, chain->spans.front().end) : 0;
        lost_.push_back({chain->key, chain->first, std::move(chain->whole.frames),
                         Buffer(have.begin(), have.begin() + static_cast<std::ptrdiff_t>(size))});
    }
    bytes_ -= chain->whole.bytes.size();
    by_key_.erase(chain->key);
    chains_.erase(chain);
}

void Reassembler::finish() {
    while (!chains_.empty()) give_up(chains_.begin());
}

void Reassembler::make_room(const Chain& keep, std::size_t bytes) {
    while (bytes_ + bytes > most_fragment_bytes && &chains_.front() != &keep) give_up(chains_.begin());
}

Reassembler::Chain& Reassembler::chain_of(const FragmentKey& key, Timestamp now) {
    // Clocks of captures may jump back, too, and lie so far apart that only unsigned numbers subtract safely.
    const auto expired = [&](const Chain& chain) {
        const auto age = static_cast<std::uint64_t>(std::max(now, chain.first)) - static_cast<std::uint64_t>(std::min(now, chain.first));
        return age > static_cast<std::uint64_t>(fragment_lifetime);
    };
    while (!chains_.empty() && expired(chains_.front())) give_up(chains_.begin());
    if (const auto at = by_key_.find(key); at != by_key_.end()) {
        if (!expired(*at->second)) return *at->second;
        give_up(at->second);
    }
    if (chains_.size() == most_fragmented) give_up(chains_.begin());
    chains_.push_back({key, now, {}, {}, std::nullopt});
    by_key_.emplace(key, std::prev(chains_.end()));
    return chains_.back();
}

/// Keeps out pieces that contradict what is known about the datagram's size.
bool Reassembler::acceptable(Chain& chain, const FragmentPiece& piece, std::size_t place, std::vector<LinkNote>& notes) {
    const auto end = piece.offset + piece.bytes.size();
    if (end > largest_payload || piece.bytes.empty()) {
        add_note(notes, place, fmt::format("an IP fragment of {} bytes at offset {} makes no sense and is not used", piece.bytes.size(), piece.offset));
        return false;
    }
    const auto known_end = chain.spans.empty() ? 0 : chain.spans.back().end;
    const bool contradicts = chain.total ? end > *chain.total || (!piece.more && end != *chain.total) : !piece.more && end < known_end;
    if (contradicts) {
        chain.whole.conflicting = true;
        add_note(notes, place, "IP fragments disagree about where their datagram ends; this one is not used");
    }
    return !contradicts && chain.whole.frames.size() < most_pieces;
}

void Reassembler::store(Chain& chain, const FragmentPiece& piece, std::size_t place, std::vector<LinkNote>& notes) {
    const auto begin = piece.offset, end = static_cast<std::uint32_t>(begin + piece.bytes.size());
    auto& bytes = chain.whole.bytes;
    if (end > bytes.size()) {
        make_room(chain, end - bytes.size());
        bytes_ += end - bytes.size();
        bytes.resize(end);
    }
    bool differs = false;
    auto from = begin; // bytes of the piece before this place are dealt with
    Span merged{begin, end};
    std::vector<Span> apart;
    for (const auto& span : chain.spans) {
        if (span.end < begin || span.begin > end) {
            apart.push_back(span);
            continue;
        }
        if (span.begin > from) std::copy_n(piece.bytes.data() + (from - begin), span.begin - from, bytes.data() + from);
        const auto low = std::max(span.begin, begin), high = std::min(span.end, end);
        differs |= low < high && std::memcmp(piece.bytes.data() + (low - begin), bytes.data() + low, high - low) != 0;
        from = std::max(from, std::min(span.end, end));
        merged = {std::min(merged.begin, span.begin), std::max(merged.end, span.end)};
    }
    std::copy_n(piece.bytes.data() + (from - begin), end - from, bytes.data() + from);
    apart.insert(std::ranges::find_if(apart, [&](const Span& span) { return span.begin > merged.begin; }), merged);
    chain.spans = std::move(apart);
    if (!differs) return;
    chain.whole.conflicting = true;
    add_note(notes, place, "an IP fragment overlaps an earlier one with different bytes; the earlier bytes are kept");
}

const Reassembler::Whole* Reassembler::add(const FragmentKey& key, const FragmentPiece& piece, const Frame& frame,
                                           std::size_t place, std::vector<LinkNote>& notes) {
    auto& chain = chain_of(key, frame.time);
    if (!acceptable(chain, piece, place, notes)) return nullptr;
    if (!piece.more) chain.total = static_cast<std::uint32_t>(piece.offset + piece.bytes.size());
    store(chain, piece, place, notes);
    chain.whole.frames.push_back(frame.overall);
    if (!chain.total || chain.spans.size() != 1 || chain.spans[0].begin != 0 || chain.spans[0].end != *chain.total) return nullptr;
    bytes_ -= chain.whole.bytes.size();
    whole_ = std::move(chain.whole);
    chains_.erase(by_key_.find(key)->second);
    by_key_.erase(key);
    return &whole_;
}

} // namespace ikescope::capture
