#pragma once
// What is printed again and again is printed once: texts that depend on nothing but a field and its number.

#include "base/field.hpp"
#include "present/output.hpp"

#include <array>

namespace ikescope::present {

/// Only numbers and flags are worth keeping: other kinds read bytes, or hardly ever repeat.
inline bool repeats(const Field& field) { return field.kind == Kind::number || field.kind == Kind::boolean; }

/// A fixed table of texts; a newer one takes the place of an older one that falls into the same slot, so memory and
/// time stay bounded whatever the packets hold.
class TextCache {
public:
    TextCache() : slots_(slot_count) {}

    /// Appends the text of `number` in `field` without its first `skip` (at most 8) characters. `place` tells apart
    /// texts of one number (depths). `make` appends a text that is not known yet, in full.
    template <class Make>
    void append(Output& out, const Field& field, std::uint64_t number, std::uint32_t place, std::size_t skip,
                Make make) {
        auto& slot = slots_[hash(field, number, place)];
        if (slot.field != &field || slot.number != number || slot.place != place) [[unlikely]] {
            if (!fill(slot, field, number, place, make)) return out.text(std::string_view(made_.content).substr(skip));
        }
        out.padded(slot.text.data() + skip, slot.length - skip);
    }

private:
    static constexpr std::size_t slot_count = 2048;
    struct alignas(64) Slot {
        const Field* field = nullptr;
        std::uint64_t number = 0;
        std::uint32_t place = 0, length = 0;
        std::array<char, 168> text{}; ///< the last 64 characters of room are only read
    };
    static constexpr std::size_t longest = std::tuple_size_v<decltype(Slot::text)> - 64;

    static std::size_t hash(const Field& field, std::uint64_t number, std::uint32_t place) {
        const auto key = static_cast<std::uint64_t>(reinterpret_cast<std::uintptr_t>(&field)) ^
                         number * 0x9e3779b97f4a7c15U ^ std::uint64_t{place} << 40;
        return static_cast<std::size_t>(key * 0xff51afd7ed558ccdU >> 53);
    }
    /// False when the text is too long to keep; it is in `made_` then.
    template <class Make>
    bool fill(Slot& slot, const Field& field, std::uint64_t number, std::uint32_t place, Make make) {
        made_.content.clear();
        make(scratch_);
        scratch_.flush();
        if (made_.content.size() > longest) return false;
        slot.field = &field;
        slot.number = number;
        slot.place = place;
        slot.length = static_cast<std::uint32_t>(made_.content.size());
        made_.content.copy(slot.text.data(), longest);
        return true;
    }

    std::vector<Slot> slots_;
    StringSink made_;
    Output scratch_{made_};
};

} // namespace ikescope::present
