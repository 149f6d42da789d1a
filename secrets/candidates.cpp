#include "secrets/candidates.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <numeric>

namespace ikescope::secrets {
namespace {

/// Keys of one form, many at a time: the positions of the first word that turn fastest come from a table.
class MaskCandidates : public Candidates {
public:
    explicit MaskCandidates(KeyMask mask) : mask_(std::move(mask)) {
        constexpr std::size_t most_rows = 1 << 16;
        table_.push_back(0);
        for (; fast_ < std::min<std::size_t>(4, mask_.positions.size()); ++fast_) {
            const auto& set = mask_.positions[fast_];
            if (table_.size() * set.size() > most_rows) break;
            std::vector<std::uint32_t> next;
            for (const auto byte : set)
                for (const auto row : table_) next.push_back(row | static_cast<std::uint32_t>(byte) << (8 * fast_));
            table_ = std::move(next);
        }
    }
    std::optional<std::uint64_t> units() const override {
        return mask_.count / unit_size + (mask_.count % unit_size != 0);
    }
    double estimate() const override { return static_cast<double>(mask_.count); }
    bool make(std::uint64_t unit, Feed& feed) override {
        if (unit >= *units()) return false;
        const auto end = std::min(mask_.count, (unit + 1) * unit_size);
        return mask_.positions.size() > crypto::psk::Batch::most_short ? make_long(unit * unit_size, end, feed)
                                                                       : make_short(unit * unit_size, end, feed);
    }
    std::string describe(CandidateId id) const override {
        return fmt::format("mask {}, number {}", mask_.text, id.place + 1);
    }
    std::string identity() const override {
        std::string sets;
        for (const auto& position : mask_.positions) sets += hex(position) + ",";
        return fmt::format("mask {} {}", mask_.text, sets);
    }

private:
    bool make_long(std::uint64_t index, std::uint64_t end, Feed& feed) const {
        Buffer key(mask_.positions.size());
        for (; index < end; ++index) {
            mask_.write(index, key.data());
            if (!feed.add(key, {index, 0})) break;
        }
        return true;
    }
    /// Runs of keys in which only the table's positions change.
    bool make_short(std::uint64_t index, std::uint64_t end, Feed& feed) const {
        auto& batch = feed.batch();
        std::array<Byte, crypto::psk::Batch::most_short> key{};
        while (index < end) {
            const auto row = static_cast<std::size_t>(index % table_.size());
            const auto run = std::min({end - index, std::uint64_t{batch.capacity() - batch.size()},
                                       std::uint64_t{table_.size() - row}});
            mask_.write(index - row, key.data());
            std::fill_n(key.begin(), fast_, Byte{0});
            batch.extend(std::span(table_).subspan(row, run), Bytes(key).first(mask_.positions.size()), {index, 0});
            index += run;
            if (batch.full() && !feed.test()) break;
        }
        return true;
    }

    static constexpr std::uint64_t unit_size = 1 << 22;
    KeyMask mask_;
    std::size_t fast_ = 0;             ///< positions that the table holds
    std::vector<std::uint32_t> table_; ///< their bytes, as the first word of a key
};

class KnownKeys : public Candidates {
public:
    explicit KnownKeys(const Store& store) : store_(store) {}
    std::optional<std::uint64_t> units() const override { return 1; }
    double estimate() const override { return static_cast<double>(store_.psks.size()); }
    bool make(std::uint64_t unit, Feed& feed) override {
        if (unit > 0) return false;
        for (std::size_t i = 0; i < store_.psks.size(); ++i)
            if (!feed.add(store_.psks[i].key.reveal(), {i, 0})) break;
        return true;
    }
    std::string describe(CandidateId id) const override { return store_.psks[id.place].origin.text; }
    std::string identity() const override { return fmt::format("{} known keys", store_.psks.size()); }

private:
    const Store& store_;
};

} // namespace

double Variations::count() const {
    return static_cast<double>(std::max<std::size_t>(1, rules.size())) *
           (append ? static_cast<double>(append->count) : 1);
}

bool Variations::feed(Bytes word, std::uint64_t place, Buffer& room, Feed& to) const {
    if (rules.empty() && !append) return to.add(word, {place, 0});
    const auto endings = append ? append->count : 1;
    for (std::size_t rule = 0; rule < std::max<std::size_t>(1, rules.size()); ++rule) {
        room.assign(word.begin(), word.end());
        if (!rules.empty() && (!rules[rule].apply(room) || room.empty())) continue;
        const auto size = room.size();
        if (append) room.resize(size + append->positions.size());
        for (std::uint64_t ending = 0; ending < endings; ++ending) {
            if (append) append->write(ending, room.data() + size);
            if (!to.add(room, {place, static_cast<std::uint32_t>(rule * endings + ending)})) return false;
        }
    }
    return true;
}

std::string Variations::describe(std::uint32_t detail) const {
    const auto endings = append ? append->count : 1;
    std::string text;
    if (!rules.empty()) text += fmt::format(", rule '{}'", rules[detail / endings].text);
    if (append) text += fmt::format(", ending {} of {}", detail % endings + 1, append->text);
    return text;
}

std::string Variations::identity() const {
    return std::accumulate(rules.begin(), rules.end(), append ? "append " + append->text : std::string(),
                           [](std::string all, const KeyRule& rule) { return std::move(all) + "\n" + rule.text; });
}

std::unique_ptr<Candidates> mask_candidates(KeyMask mask) { return std::make_unique<MaskCandidates>(std::move(mask)); }
std::unique_ptr<Candidates> known_keys(const Store& store) { return std::make_unique<KnownKeys>(store); }

} // namespace ikescope::secrets
