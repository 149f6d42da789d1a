#include "crypto/dh.hpp"

#include "crypto/dh_kinds.hpp"
#include "crypto/dh_primes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace ikescope::crypto {
namespace {

constexpr auto modp = GroupKind::modp;
constexpr auto ecp = GroupKind::ecp;
constexpr auto montgomery = GroupKind::montgomery;

constexpr std::array groups = {
    DhGroup{1, modp, "768-bit MODP", 96, 96},                                // RFC 2409 section 6.1
    DhGroup{2, modp, "1024-bit MODP", 128, 128},                             // RFC 2409 section 6.2
    DhGroup{5, modp, "1536-bit MODP", 192, 192},                             // RFC 3526 section 2
    DhGroup{14, modp, "2048-bit MODP", 256, 256},                            // RFC 3526 section 3
    DhGroup{15, modp, "3072-bit MODP", 384, 384},                            // RFC 3526 section 4
    DhGroup{16, modp, "4096-bit MODP", 512, 512},                            // RFC 3526 section 5
    DhGroup{17, modp, "6144-bit MODP", 768, 768},                            // RFC 3526 section 6
    DhGroup{18, modp, "8192-bit MODP", 1024, 1024},                          // RFC 3526 section 7
    DhGroup{19, ecp, "256-bit random ECP", 64, 32},                          // RFC 5903 section 3.1
    DhGroup{20, ecp, "384-bit random ECP", 96, 48},                          // RFC 5903 section 3.2
    DhGroup{21, ecp, "521-bit random ECP", 132, 66},                         // RFC 5903 section 3.3
    DhGroup{22, modp, "1024-bit MODP with 160-bit Prime Order Subgroup", 128, 128}, // RFC 5114 section 2.1
    DhGroup{23, modp, "2048-bit MODP with 224-bit Prime Order Subgroup", 256, 256}, // RFC 5114 section 2.2
    DhGroup{24, modp, "2048-bit MODP with 256-bit Prime Order Subgroup", 256, 256}, // RFC 5114 section 2.3
    DhGroup{25, ecp, "192-bit random ECP", 48, 24},                          // RFC 5114 section 2.4
    DhGroup{26, ecp, "224-bit random ECP", 56, 28},                          // RFC 5114 section 2.5
    DhGroup{27, ecp, "brainpoolP224r1", 56, 28},                             // RFC 6954 section 2
    DhGroup{28, ecp, "brainpoolP256r1", 64, 32},                             // RFC 6954 section 2
    DhGroup{29, ecp, "brainpoolP384r1", 96, 48},                             // RFC 6954 section 2
    DhGroup{30, ecp, "brainpoolP512r1", 128, 64},                            // RFC 6954 section 2
    DhGroup{31, montgomery, "Curve25519", 32, 32},                           // RFC 8031 section 2
    DhGroup{32, montgomery, "Curve448", 56, 56},                             // RFC 8031 section 2
};
static_assert(std::ranges::adjacent_find(groups, std::ranges::greater_equal{}, &DhGroup::number) == groups.end());

ModpGroup modp_numbers(const DhGroup& group) {
    const auto table = modp_table();
    const auto row = std::ranges::lower_bound(table, group.number, {}, &ModpRow::number);
    return {*parse_hex(row->prime), *parse_hex(row->generator)};
}

/// A peer's value of the wrong length is answered before any arithmetic.
std::optional<Error> wrong_size(const DhGroup& group, Bytes peer_public) {
    if (peer_public.size() == group.public_size) return std::nullopt;
    return Error{fmt::format("the peer's public value has {} bytes, group {} ({}) has {}: the KE payload belongs to another "
                             "group or is damaged", peer_public.size(), group.number, group.name, group.public_size)};
}

} // namespace

std::span<const DhGroup> all_groups() { return groups; }

const DhGroup* find_group(std::uint16_t number) {
    const auto row = std::ranges::lower_bound(groups, number, {}, &DhGroup::number);
    return row != groups.end() && row->number == number ? &*row : nullptr;
}

Result<Buffer> public_value(const DhGroup& group, const Secret& private_value) {
    switch (group.kind) {
    case GroupKind::modp: return public_value(modp_numbers(group), private_value);
    case GroupKind::ecp: return curve_public(group, private_value);
    case GroupKind::montgomery: return montgomery_public(group, private_value);
    }
    return Error{"no such kind of group"};
}

Result<Secret> shared_secret(const DhGroup& group, const Secret& private_value, Bytes peer_public) {
    if (auto wrong = wrong_size(group, peer_public)) return *wrong;
    switch (group.kind) {
    case GroupKind::modp: return shared_secret(modp_numbers(group), private_value, peer_public);
    case GroupKind::ecp: return curve_shared(group, private_value, peer_public);
    case GroupKind::montgomery: return montgomery_shared(group, private_value, peer_public);
    }
    return Error{"no such kind of group"};
}

} // namespace ikescope::crypto
