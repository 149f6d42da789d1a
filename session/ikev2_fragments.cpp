#include "session/ikev2_fragments.hpp"

#include "session/missing.hpp"

#include <algorithm>

namespace ikescope::session {

void SkFragments::make_room() {
    if (sets_.size() < most_sets) return;
    sets_.erase(std::ranges::min_element(sets_, {}, [](const auto& entry) { return entry.second.age; }));
}

std::string SkFragments::objection(const Key& key, const Piece& piece) const {
    if (piece.number == 0 || piece.number > piece.total)
        return "there is no fragment of that number (RFC 7383 2.6), so it is dropped";
    const auto at = sets_.find(key);
    if (at == sets_.end() || at->second.pieces.empty() || complete_.contains(key)) return {};
    const auto& set = at->second;
    const auto& first = set.pieces.begin()->second;
    if (piece.total < set.total)
        return fmt::format("frame {} said that the message has {} fragments; one with a smaller total is dropped (RFC 7383 2.6)",
                           first.frame, set.total);
    if (piece.total > set.total)
        return fmt::format("frame {} said that the message has {} fragments; the larger total counts (RFC 7383 2.6): the sender cut the message anew, "
                           "and the earlier fragments are dropped",
                           first.frame, set.total);
    if (const auto known = set.pieces.find(piece.number); known != set.pieces.end() && known->second.fingerprint != piece.fingerprint)
        return fmt::format("frame {} brought fragment {} with other bytes; the first one is kept", known->second.frame, piece.number);
    return {};
}

SkFragments::Whole SkFragments::join(Set& set) {
    Whole whole;
    whole.content.emplace();
    for (auto& [number, piece] : set.pieces) {
        if (number == 1) whole.first = piece.first;
        whole.fingerprint ^= piece.fingerprint;
        whole.frames.push_back(piece.frame);
        if (!piece.content) whole.content.reset();
        if (whole.content) whole.content->insert(whole.content->end(), piece.content->begin(), piece.content->end());
    }
    whole.in_order = std::ranges::is_sorted(whole.frames);
    std::ranges::sort(whole.frames);
    return whole;
}

std::optional<SkFragments::Whole> SkFragments::add(const Key& key, Piece piece) {
    if (piece.number == 0 || piece.number > piece.total) return std::nullopt;
    if (!sets_.contains(key)) make_room();
    auto& set = sets_[key];
    set.age = ++clock_;
    if (piece.total < set.total) return std::nullopt;
    if (piece.total > set.total) {
        set.pieces.clear();
        set.size = 0;
        set.total = piece.total;
    }
    const auto size = piece.content ? piece.content->size() : 0;
    const auto frame = piece.frame;
    if (set.size + size > most_bytes) return std::nullopt;
    if (set.pieces.try_emplace(piece.number, std::move(piece)).second) set.size += size;
    if (set.pieces.size() < set.total) return std::nullopt;
    auto whole = join(set);
    whole.words = others_text("fragment", whole.frames, frame);
    complete_.insert(key);
    sets_.erase(key);
    return whole;
}

std::vector<SkFragments::Incomplete> SkFragments::incomplete() const {
    std::vector<Incomplete> all;
    for (const auto& [key, set] : sets_) {
        if (complete_.contains(key)) continue;
        Incomplete one{key, {}, missing_text(set.pieces, set.total), set.total};
        for (const auto& [number, piece] : set.pieces) one.frames.push_back(piece.frame);
        all.push_back(std::move(one));
    }
    return all;
}

} // namespace ikescope::session
