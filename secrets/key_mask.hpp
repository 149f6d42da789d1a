#pragma once
// Masks in hashcat's language: every key of a form, such as ?u?l?l?l?d?d.
//   ?l a-z   ?u A-Z   ?d 0-9   ?h 0-9a-f   ?H 0-9A-F   ?s punctuation and blank   ?a all of ?l ?u ?d ?s   ?b every byte
//   ?1 … ?4 the user's own sets   ?? a question mark   anything else: itself

#include "base/bytes.hpp"
#include "base/result.hpp"

#include <array>

namespace ikescope::secrets {

struct KeyMask {
    std::string text;
    std::vector<Buffer> positions; ///< the bytes that may stand at each; never empty
    std::uint64_t count = 0;       ///< of keys; fits 63 bits

    /// Key number `index`: the first position turns fastest. `out` has the mask's length.
    void write(std::uint64_t index, Byte* out) const;
};

/// The bytes of a set, written like a mask: "?d_x". `own` are the user's sets, for ?1 … ?4.
Result<Buffer> read_set(std::string_view text, std::span<const Buffer> own);
/// An error points at what is no mask, or says that it has more than 2^63 keys, or none.
Result<KeyMask> read_mask(std::string_view text, std::span<const Buffer> own);

} // namespace ikescope::secrets
