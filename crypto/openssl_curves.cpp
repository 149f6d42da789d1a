// Diffie-Hellman on elliptic curves: RFC 5903 (and RFC 5114, 6954, with the same encoding), RFC 7748 and RFC 8031.

#include "crypto/dh_kinds.hpp"
#include "crypto/openssl_handle.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include <fmt/format.h>

#include <array>

namespace ikescope::crypto {
namespace {

using Number = Handle<BIGNUM, BN_clear_free>;
using Scratch = Handle<BN_CTX, BN_CTX_free>;
using Curve = Handle<EC_GROUP, EC_GROUP_free>;
using Point = Handle<EC_POINT, EC_POINT_clear_free>;
using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;

struct CurveRow {
    std::uint16_t number;
    int nid;
};
constexpr std::array curve_rows = {
    CurveRow{19, NID_X9_62_prime256v1}, CurveRow{20, NID_secp384r1},       CurveRow{21, NID_secp521r1},
    CurveRow{25, NID_X9_62_prime192v1}, CurveRow{26, NID_secp224r1},       CurveRow{27, NID_brainpoolP224r1},
    CurveRow{28, NID_brainpoolP256r1},  CurveRow{29, NID_brainpoolP384r1}, CurveRow{30, NID_brainpoolP512r1},
};

/// Made once, only read afterwards; nullptr where the library lacks the curve.
const EC_GROUP* curve_of(const DhGroup& group) {
    static const auto curves = [] {
        std::array<Curve, curve_rows.size()> made;
        for (std::size_t i = 0; i < made.size(); ++i)
            made[i].reset(EC_GROUP_new_by_curve_name_ex(library(), nullptr, curve_rows[i].nid));
        openssl_reason();
        return made;
    }();
    for (std::size_t i = 0; i < curves.size(); ++i)
        if (curve_rows[i].number == group.number) return curves[i].get();
    return nullptr;
}

Error no_curve(const DhGroup& group) {
    return {fmt::format("this OpenSSL library cannot compute group {} ({}): {}", group.number, group.name, openssl_reason())};
}
Error failed(const DhGroup& group) {
    return {fmt::format("OpenSSL could not compute with group {} ({}): {}", group.number, group.name, openssl_reason())};
}
Error off_curve(const DhGroup& group) {
    openssl_reason();
    return {fmt::format("the peer's public value is no point of group {} ({}): the KE payload belongs to another group or is damaged",
                        group.number, group.name)};
}
std::optional<Error> bad_scalar(const DhGroup& group, const Secret& private_value) {
    if (!private_value.empty() && private_value.size() <= group.shared_size + 1) return std::nullopt;
    return Error{fmt::format("a private value of {} bytes does not fit group {} ({}), which has {} bytes", private_value.size(),
                             group.number, group.name, group.shared_size)};
}

/// x | y, each as long as the field (RFC 5903 section 7); `count` of the two.
Result<Buffer> coordinates(const DhGroup& group, const EC_GROUP* curve, const EC_POINT* point, int count, BN_CTX* scratch) {
    const Number x(BN_new()), y(BN_new());
    const auto half = group.shared_size;
    Buffer out(half * static_cast<std::size_t>(count));
    if (!x || !y || EC_POINT_get_affine_coordinates(curve, point, x.get(), y.get(), scratch) != 1 ||
        BN_bn2binpad(x.get(), out.data(), static_cast<int>(half)) < 0 ||
        (count == 2 && BN_bn2binpad(y.get(), out.data() + half, static_cast<int>(half)) < 0))
        return failed(group);
    return out;
}

Number scalar_of(const Secret& secret) {
    return Number(BN_bin2bn(non_null(secret.reveal()), static_cast<int>(secret.size()), nullptr));
}

Point peer_point(const DhGroup& group, const EC_GROUP* curve, Bytes peer, BN_CTX* scratch) {
    const auto half = static_cast<int>(group.shared_size);
    const Number x(BN_bin2bn(peer.data(), half, nullptr)), y(BN_bin2bn(peer.data() + half, half, nullptr));
    Point point(EC_POINT_new(curve));
    if (!x || !y || !point || EC_POINT_set_affine_coordinates(curve, point.get(), x.get(), y.get(), scratch) != 1) return nullptr;
    return point;
}

const char* montgomery_name(const DhGroup& group) { return group.number == 31 ? "X25519" : "X448"; }

Key montgomery_private(const DhGroup& group, const Secret& private_value) {
    return Key(EVP_PKEY_new_raw_private_key_ex(library(), montgomery_name(group), nullptr, private_value.reveal().data(),
                                               private_value.size()));
}

std::optional<Error> bad_montgomery(const DhGroup& group, const Secret& private_value) {
    if (private_value.size() == group.shared_size) return std::nullopt;
    return Error{fmt::format("a private value of {} has {} bytes, not {}", group.name, group.shared_size, private_value.size())};
}

} // namespace

Result<Buffer> curve_public(const DhGroup& group, const Secret& private_value) {
    if (auto wrong = bad_scalar(group, private_value)) return *wrong;
    const auto* curve = curve_of(group);
    if (!curve) return no_curve(group);
    const Scratch scratch(BN_CTX_secure_new_ex(library()));
    const auto scalar = scalar_of(private_value);
    const Point point(EC_POINT_new(curve));
    if (!scratch || !scalar || !point ||
        EC_POINT_mul(curve, point.get(), scalar.get(), nullptr, nullptr, scratch.get()) != 1)
        return failed(group);
    return coordinates(group, curve, point.get(), 2, scratch.get());
}

Result<Secret> curve_shared(const DhGroup& group, const Secret& private_value, Bytes peer_public) {
    if (auto wrong = bad_scalar(group, private_value)) return *wrong;
    const auto* curve = curve_of(group);
    if (!curve) return no_curve(group);
    const Scratch scratch(BN_CTX_secure_new_ex(library()));
    const auto scalar = scalar_of(private_value);
    const auto peer = peer_point(group, curve, peer_public, scratch.get());
    if (!peer) return off_curve(group);
    const Point point(EC_POINT_new(curve));
    if (!scalar || !point ||
        EC_POINT_mul(curve, point.get(), nullptr, peer.get(), scalar.get(), scratch.get()) != 1)
        return failed(group);
    auto shared = coordinates(group, curve, point.get(), 1, scratch.get());
    if (!shared) return shared.error();
    return Secret(std::move(*shared));
}

Result<Buffer> montgomery_public(const DhGroup& group, const Secret& private_value) {
    if (auto wrong = bad_montgomery(group, private_value)) return *wrong;
    const auto key = montgomery_private(group, private_value);
    Buffer out(group.public_size);
    auto size = out.size();
    if (!key) return no_curve(group);
    if (EVP_PKEY_get_raw_public_key(key.get(), out.data(), &size) != 1) return failed(group);
    return out;
}

Result<Secret> montgomery_shared(const DhGroup& group, const Secret& private_value, Bytes peer_public) {
    if (auto wrong = bad_montgomery(group, private_value)) return *wrong;
    const auto key = montgomery_private(group, private_value);
    if (!key) return no_curve(group);
    const Key peer(EVP_PKEY_new_raw_public_key_ex(library(), montgomery_name(group), nullptr, peer_public.data(), peer_public.size()));
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(library(), key.get(), nullptr));
    Buffer out(group.shared_size);
    auto size = out.size();
    if (!peer || !context || EVP_PKEY_derive_init(context.get()) != 1 || EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1)
        return failed(group);
    if (EVP_PKEY_derive(context.get(), out.data(), &size) != 1) { // RFC 8031 section 3: an all-zero result is refused
        openssl_reason();
        return Error{fmt::format("the peer's public value is of small order on {}: the shared secret would be zero", group.name)};
    }
    return Secret(std::move(out));
}

} // namespace ikescope::crypto
