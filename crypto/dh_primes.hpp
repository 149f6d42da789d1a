#pragma once
// The primes and generators of the MODP groups, as hexadecimal text.

#include <cstdint>
#include <span>
#include <string_view>

namespace ikescope::crypto {

struct ModpRow {
    std::uint16_t number;
    std::string_view prime, generator;
};
/// Groups 1, 2, 5, 14-18, 22-24, ascending.
std::span<const ModpRow> modp_table();

} // namespace ikescope::crypto
