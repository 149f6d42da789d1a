#include "session/ikev2_fragments.hpp"

#include "session/missing.hpp"

#include <algorithm>

namespace ikescope::session {

void SkFragments::make_room() {
    if (sets_.size() < most_sets) return;
    sets_.erase(std::ranges::min_element(sets_, {}, [](const auto& entry) { return entry.second.age; }));
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
    if (set.size + size > most_bytes) return std::nullopt;
    if (set.pieces.try_emplace(piece.number, std::move(piece)).second) set.size += size;
    if (set.pieces.size() < set.total) return std::nullopt;
    auto whole = join(set);
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
