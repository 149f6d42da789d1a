// Diffie-Hellman modulo a prime: RFC 2409 section 6, RFC 2631.

#include "crypto/dh.hpp"
#include "crypto/openssl_handle.hpp"

#include <openssl/bn.h>

#include <fmt/format.h>

namespace ikescope::crypto {
namespace {

using Number = Handle<BIGNUM, BN_clear_free>;
using Scratch = Handle<BN_CTX, BN_CTX_free>;

constexpr std::size_t largest_prime = 2048; // bytes; bounds the time that a made-up group can cost

Number number_of(Bytes bytes) { return Number(BN_bin2bn(non_null(bytes), static_cast<int>(bytes.size()), nullptr)); }

/// base^exponent mod prime, padded to the prime's length; the caller has checked the group.
Result<Buffer> power(const BIGNUM* base, const Secret& exponent, const BIGNUM* prime, std::size_t size) {
    const auto by = number_of(exponent.reveal());
    const Number made(BN_new());
    const Scratch scratch(BN_CTX_secure_new_ex(library()));
    Buffer out(size);
    if (!by || !made || !scratch || BN_mod_exp(made.get(), base, by.get(), prime, scratch.get()) != 1 ||
        BN_bn2binpad(made.get(), out.data(), static_cast<int>(size)) < 0)
        return Error{fmt::format("OpenSSL could not compute a power of {} bits: {}", 8 * size, openssl_reason())};
    return out;
}

std::optional<Error> misfit(const ModpGroup& group, const Secret& private_value) {
    if (private_value.empty()) return Error{"the private Diffie-Hellman value is empty"};
    if (private_value.size() > largest_prime)
        return Error{fmt::format("a private Diffie-Hellman value of {} bytes is longer than any group's", private_value.size())};
    if (group.prime.size() > largest_prime)
        return Error{fmt::format("a prime of {} bytes is more than the {} that are computed with", group.prime.size(), largest_prime)};
    const auto prime = number_of(group.prime);
    if (!prime || !BN_is_odd(prime.get()) || BN_num_bits(prime.get()) < 8)
        return Error{"the modulus of the Diffie-Hellman group is no odd number of at least 8 bits, so no prime"};
    return std::nullopt;
}

// RFC 2631 section 2.1.5, RFC 6989 section 2.1: 1 < y < p - 1
std::optional<Error> bad_peer(const BIGNUM* peer, const BIGNUM* prime) {
    const Number last(BN_dup(prime));
    if (!last || BN_sub_word(last.get(), 1) != 1) return Error{"out of memory while checking the peer's public value"};
    if (BN_is_zero(peer) || BN_is_one(peer))
        return Error{"the peer's public value is 0 or 1: with it the shared secret would be known to anybody"};
    if (BN_cmp(peer, last.get()) == 0)
        return Error{"the peer's public value is the prime minus 1: with it the shared secret would be 1 or -1"};
    if (BN_cmp(peer, prime) >= 0)
        return Error{"the peer's public value is not below the group's prime: the KE payload belongs to another group or is damaged"};
    return std::nullopt;
}

} // namespace

Result<Buffer> public_value(const ModpGroup& group, const Secret& private_value) {
    if (auto wrong = misfit(group, private_value)) return *wrong;
    return power(number_of(group.generator).get(), private_value, number_of(group.prime).get(), group.prime.size());
}

Result<Secret> shared_secret(const ModpGroup& group, const Secret& private_value, Bytes peer_public) {
    if (auto wrong = misfit(group, private_value)) return *wrong;
    const auto prime = number_of(group.prime);
    const auto peer = number_of(peer_public);
    if (auto bad = bad_peer(peer.get(), prime.get())) return *bad;
    auto made = power(peer.get(), private_value, prime.get(), group.prime.size());
    if (!made) return made.error();
    return Secret(std::move(*made));
}

} // namespace ikescope::crypto
