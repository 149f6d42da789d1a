#include "session/ike_fragments.hpp"

#include "session/missing.hpp"

#include <algorithm>
#include <functional>

namespace ikescope::session {

void IkeFragments::make_room() {
    if (sets_.size() < most_sets) return;
    sets_.erase(std::ranges::min_element(sets_, {}, [](const auto& entry) { return entry.second.age; }));
}

IkeFragments::Print IkeFragments::print_of(const Key& key, unsigned number, Bytes data) {
    return {key, static_cast<std::uint8_t>(number), std::hash<std::string_view>{}(text_of(data))};
}

std::string IkeFragments::objection(std::size_t sa, const Sender& sender, const dissect::ikev1::Fragment& piece) const {
    const Key key{sa, sender.source, piece.id};
    const bool last = (piece.last & 1) != 0;
    if (complete_.contains(print_of(key, piece.number, piece.data))) return {}; // a copy
    const auto at = sets_.find(key);
    if (at == sets_.end() || at->second.repeated) {
        const auto done = done_.find(key);
        if (done == done_.end() || piece.number <= done->second.last) return {};
        return fmt::format("the message with this id was whole with {} pieces in frame {}, so this one belongs to another message or to none",
                           done->second.last, done->second.frame);
    }
    const auto& set = at->second;
    if (const auto known = set.pieces.find(piece.number); known != set.pieces.end() && !std::ranges::equal(known->second.data, piece.data))
        return fmt::format("frame {} brought another piece {} with other bytes; the first one is kept, and the receiver may have kept either",
                           known->second.frame, piece.number);
    if (set.last != 0 && (piece.number > set.last || (last && piece.number < set.last)))
        return fmt::format("an earlier piece said that number {} is the last, so one of the two is wrong", set.last);
    if (last && !set.pieces.empty() && set.pieces.rbegin()->first > piece.number)
        return fmt::format("it is marked as the last, but frame {} brought piece {}, so one of the two is wrong", set.pieces.rbegin()->second.frame,
                           set.pieces.rbegin()->first);
    return {};
}

std::optional<IkeFragments::Whole> IkeFragments::add(std::size_t sa, const Sender& sender,
                                                     const dissect::ikev1::Fragment& piece, std::uint64_t frame) {
    if (piece.number == 0) return std::nullopt;
    const Key key{sa, sender.source, piece.id};
    if (!sets_.contains(key)) make_room();
    auto& set = sets_[key];
    const bool repeated = complete_.contains(print_of(key, piece.number, piece.data));
    if (repeated && !set.repeated && !set.pieces.empty()) return std::nullopt; // a late copy, while the next message comes in
    if (!repeated && set.repeated) set = {};
    set.repeated = repeated;
    set.age = ++clock_;
    set.from = sender.side;
    // The first copy of a piece stays: whoever sends another one under its number gains nothing.
    if (set.size + piece.data.size() > most_bytes) return std::nullopt;
    if (set.pieces.try_emplace(piece.number, Part{Buffer(piece.data.begin(), piece.data.end()), frame}).second) {
        set.frames.push_back(frame);
        set.size += piece.data.size();
    }
    if ((piece.last & 1) != 0) set.last = piece.number;
    if (set.last == 0 || set.pieces.size() < set.last) return std::nullopt;
    Whole whole;
    for (unsigned number = 1; number <= set.last; ++number) {
        const auto at = set.pieces.find(static_cast<std::uint8_t>(number));
        if (at == set.pieces.end()) return std::nullopt;
        whole.bytes.insert(whole.bytes.end(), at->second.data.begin(), at->second.data.end());
    }
    for (const auto& [number, part] : set.pieces) complete_.insert(print_of(key, number, part.data));
    if (done_.size() >= most_sets) done_.clear();
    done_[key] = {set.last, frame};
    whole.words = others_text("piece", set.frames, frame);
    whole.frames = std::move(set.frames);
    sets_.erase(key);
    return whole;
}

std::vector<IkeFragments::Incomplete> IkeFragments::incomplete() const {
    std::vector<Incomplete> all;
    for (const auto& [key, set] : sets_) {
        if (set.repeated) continue;
        const unsigned until = set.last != 0 || set.pieces.empty() ? set.last : set.pieces.rbegin()->first;
        all.push_back({key.sa, set.from, key.id, set.frames, missing_text(set.pieces, until), set.last == 0});
    }
    return all;
}

} // namespace ikescope::session
