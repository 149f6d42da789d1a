#include "replay/key_pair.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::replay {
namespace {

/// Twice the strength of the largest group is enough for an exponent (RFC 3526 section 8).
constexpr std::size_t longest_exponent = 64;

std::size_t private_size(const crypto::DhGroup& group) {
    switch (group.kind) {
    case crypto::GroupKind::modp: return std::min(longest_exponent, group.public_size - 1);
    case crypto::GroupKind::ecp: return group.shared_size - 2; // below the order of every curve, P-521's 521 bits too
    case crypto::GroupKind::montgomery: return group.shared_size;
    }
    return 0;
}

} // namespace

Result<KeyPair> make_key_pair(std::uint16_t group, Random& random) {
    KeyPair pair;
    pair.group = crypto::find_group(group);
    if (!pair.group) return Error{fmt::format("Diffie-Hellman group {} cannot be computed here", group)};
    pair.private_value = Secret(random.take(private_size(*pair.group)));
    auto made = crypto::public_value(*pair.group, pair.private_value);
    if (!made) return made.error();
    pair.public_value = std::move(*made);
    return pair;
}

} // namespace ikescope::replay
