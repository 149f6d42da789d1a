// Signatures of RSA, DSA, ECDSA, Ed25519 and Ed448.

#include "crypto/openssl_handle.hpp"
#include "crypto/signature.hpp"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <fmt/format.h>

#include <array>

namespace ikescope::crypto {
namespace {

using Verdict = SignatureCheck::Verdict;
using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Certificate = Handle<X509, X509_free>;
using AlgorithmIdentifier = Handle<X509_ALGOR, X509_ALGOR_free>;
using PssParameters = Handle<RSA_PSS_PARAMS, RSA_PSS_PARAMS_free>;
using TwoNumbers = Handle<ECDSA_SIG, ECDSA_SIG_free>;

SignatureCheck cannot(std::string algorithm, std::string why) { return {Verdict::unsupported, std::move(algorithm), std::move(why)}; }

SignatureCheck judged(bool right, std::string algorithm) {
    openssl_reason();
    if (right) return {Verdict::right, std::move(algorithm), {}};
    return {Verdict::wrong, std::move(algorithm), "the signature does not fit: another key signed, or other octets were signed"};
}

Key key_of(Bytes der) {
    const auto* at = der.data();
    const auto size = static_cast<long>(der.size());
    if (const Certificate certificate(d2i_X509(nullptr, &at, size)); certificate) return Key(X509_get_pubkey(certificate.get()));
    at = der.data();
    Key key(d2i_PUBKEY_ex(nullptr, &at, size, library(), nullptr));
    openssl_reason();
    return key;
}

bool is(const Key& key, const char* type) { return EVP_PKEY_is_a(key.get(), type) == 1; }

/// What is wanted besides the digest: padding and, for PSS, its mask digest and salt (-2: any).
struct Scheme {
    const char* digest = nullptr; ///< nullptr for Ed25519 and Ed448, which bring their own
    int padding = 0;
    std::string mask_digest;
    int salt = RSA_PSS_SALTLEN_AUTO;
};

bool apply(EVP_PKEY_CTX* context, const Scheme& scheme) {
    if (scheme.padding == 0) return true;
    if (EVP_PKEY_CTX_set_rsa_padding(context, scheme.padding) != 1) return false;
    return scheme.padding != RSA_PKCS1_PSS_PADDING ||
           (EVP_PKEY_CTX_set_rsa_pss_saltlen(context, scheme.salt) == 1 &&
            EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, scheme.mask_digest.c_str(), nullptr) == 1);
}

bool verifies(const Key& key, const Scheme& scheme, Bytes octets, Bytes signature) {
    const DigestContext context(EVP_MD_CTX_new());
    EVP_PKEY_CTX* inner = nullptr;
    return context && EVP_DigestVerifyInit_ex(context.get(), &inner, scheme.digest, library(), nullptr, key.get(), nullptr) == 1 &&
           apply(inner, scheme) &&
           EVP_DigestVerify(context.get(), non_null(signature), signature.size(), non_null(octets), octets.size()) == 1;
}

/// Over `hash` as it is, without hashing it again.
bool verifies_raw(const Key& key, int padding, Bytes hash, Bytes signature) {
    const KeyContext context(EVP_PKEY_CTX_new_from_pkey(library(), key.get(), nullptr));
    return context && EVP_PKEY_verify_init(context.get()) == 1 &&
           (padding == 0 || EVP_PKEY_CTX_set_rsa_padding(context.get(), padding) == 1) &&
           EVP_PKEY_verify(context.get(), non_null(signature), signature.size(), non_null(hash), hash.size()) == 1;
}

/// r | s, of equal length (RFC 4754 section 7), as the DER that the library wants.
Buffer der_of_two_numbers(Bytes signature) {
    const auto half = signature.size() / 2;
    const TwoNumbers numbers(ECDSA_SIG_new());
    auto* r = BN_bin2bn(signature.data(), static_cast<int>(half), nullptr);
    auto* s = BN_bin2bn(signature.data() + half, static_cast<int>(half), nullptr);
    if (!numbers || signature.empty() || signature.size() % 2 != 0 || ECDSA_SIG_set0(numbers.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    Buffer out(static_cast<std::size_t>(i2d_ECDSA_SIG(numbers.get(), nullptr)));
    auto* to = out.data();
    i2d_ECDSA_SIG(numbers.get(), &to);
    return out;
}

// RFC 4754 section 3
struct EcdsaRow {
    std::uint16_t method;
    const char *name, *digest;
    std::size_t size; ///< bytes of r | s
};
constexpr std::array ecdsa_rows = {
    EcdsaRow{9, "ECDSA with SHA2-256 on P-256", "SHA2-256", 64},
    EcdsaRow{10, "ECDSA with SHA2-384 on P-384", "SHA2-384", 96},
    EcdsaRow{11, "ECDSA with SHA2-512 on P-521", "SHA2-512", 132},
};
const EcdsaRow* ecdsa_row(std::uint16_t method) {
    for (const auto& row : ecdsa_rows)
        if (row.method == method) return &row;
    return nullptr;
}

std::optional<SignatureCheck> unfit_ecdsa(const EcdsaRow& row, const Key& key, Bytes signature) {
    if (!is(key, "EC")) return cannot(row.name, "the key is not one of an elliptic curve");
    if (signature.size() == row.size) return std::nullopt;
    return cannot(row.name, fmt::format("the signature has {} bytes, not {}", signature.size(), row.size));
}

SignatureCheck unknown_key() { return cannot({}, "the key is neither an X.509 certificate nor a public key that OpenSSL can read"); }

} // namespace

// ------------------------------------------------------------------------------------------------------------- IKEv1

namespace ikev1 {
namespace {

enum class Kind : std::uint8_t { none, dss, rsa, ecdsa };

// RFC 2409 appendix A, RFC 4754, draft-ietf-ipsec-isakmp-hybrid-auth, draft-ietf-ipsec-isakmp-xauth
Kind kind_of(std::uint16_t method) {
    switch (method) {
    case 2: case 64223: case 64224: case 65003: case 65004: return Kind::dss;
    case 3: case 64221: case 64222: case 65005: case 65006: return Kind::rsa;
    case 9: case 10: case 11: return Kind::ecdsa;
    default: return Kind::none;
    }
}

SignatureCheck verify_dss(const Key& key, Bytes hash, Bytes signature) {
    if (!is(key, "DSA")) return cannot("DSS", "the key is not a DSA key");
    const auto der = der_of_two_numbers(signature);
    return judged(verifies_raw(key, 0, hash, der) || verifies(key, {"SHA1", 0, {}, 0}, hash, der), "DSS");
}

SignatureCheck verify_rsa(const Key& key, Bytes hash, Bytes signature) {
    if (!is(key, "RSA")) return cannot("RSA", "the key is not an RSA key");
    return judged(verifies_raw(key, RSA_PKCS1_PADDING, hash, signature), "RSA PKCS#1 over the bare hash");
}

// RFC 4754 hashes HASH_I once more; daemons sign it as it is. Both are accepted.
SignatureCheck verify_ecdsa(const EcdsaRow& row, const Key& key, Bytes hash, Bytes signature) {
    if (auto unfit = unfit_ecdsa(row, key, signature)) return *unfit;
    const auto der = der_of_two_numbers(signature);
    return judged(verifies_raw(key, 0, hash, der) || verifies(key, {row.digest, 0, {}, 0}, hash, der), row.name);
}

} // namespace

SignatureCheck verify_signature(std::uint16_t method, Bytes key_der, Bytes hash, Bytes signature) {
    const auto key = key_of(key_der);
    if (!key) return unknown_key();
    switch (kind_of(method)) {
    case Kind::dss: return verify_dss(key, hash, signature);
    case Kind::rsa: return verify_rsa(key, hash, signature);
    case Kind::ecdsa: return verify_ecdsa(*ecdsa_row(method), key, hash, signature);
    case Kind::none: break;
    }
    return cannot({}, fmt::format("authentication method {} is not one with signatures", method));
}

} // namespace ikev1

// ------------------------------------------------------------------------------------------------------------- IKEv2

namespace ikev2 {
namespace {

// RFC 7296 section 3.8 leaves the hash to the signer (SHA1 by default); PKCS#1 names it inside the signature.
SignatureCheck verify_rsa(const Key& key, Bytes octets, Bytes signature) {
    if (!is(key, "RSA")) return cannot("RSA", "the key is not an RSA key");
    for (const char* digest : {"SHA1", "SHA2-256", "SHA2-384", "SHA2-512", "MD5"})
        if (verifies(key, {digest, RSA_PKCS1_PADDING, {}, 0}, octets, signature))
            return judged(true, fmt::format("RSA PKCS#1 with {}", digest));
    return judged(false, "RSA PKCS#1");
}

SignatureCheck verify_dss(const Key& key, Bytes octets, Bytes signature) {
    if (!is(key, "DSA")) return cannot("DSS", "the key is not a DSA key");
    return judged(verifies(key, {"SHA1", 0, {}, 0}, octets, der_of_two_numbers(signature)), "DSS with SHA1");
}

SignatureCheck verify_ecdsa(const EcdsaRow& row, const Key& key, Bytes octets, Bytes signature) {
    if (auto unfit = unfit_ecdsa(row, key, signature)) return *unfit;
    return judged(verifies(key, {row.digest, 0, {}, 0}, octets, der_of_two_numbers(signature)), row.name);
}

std::string digest_of(const X509_ALGOR* algorithm) {
    const ASN1_OBJECT* object = nullptr;
    X509_ALGOR_get0(&object, nullptr, nullptr, algorithm);
    return OBJ_nid2sn(OBJ_obj2nid(object));
}

AlgorithmIdentifier nested(const X509_ALGOR* algorithm) {
    const void* parameter = nullptr;
    int type = 0;
    X509_ALGOR_get0(nullptr, &type, &parameter, algorithm);
    if (type != V_ASN1_SEQUENCE) return nullptr;
    const auto* sequence = static_cast<const ASN1_STRING*>(parameter);
    const auto* at = ASN1_STRING_get0_data(sequence);
    return AlgorithmIdentifier(d2i_X509_ALGOR(nullptr, &at, ASN1_STRING_length(sequence)));
}

/// The parameters of RSASSA-PSS (RFC 4055 section 3.1); what is left out is SHA1, MGF1 with SHA1, a salt of 20 bytes.
struct Pss {
    std::string digest = "SHA1", mask_digest = "SHA1";
    long salt = 20;
};
std::optional<Pss> pss_of(const X509_ALGOR* algorithm) {
    const void* parameter = nullptr;
    int type = 0;
    X509_ALGOR_get0(nullptr, &type, &parameter, algorithm);
    if (type != V_ASN1_SEQUENCE) return std::nullopt;
    const auto* sequence = static_cast<const ASN1_STRING*>(parameter);
    const auto* at = ASN1_STRING_get0_data(sequence);
    const PssParameters parameters(d2i_RSA_PSS_PARAMS(nullptr, &at, ASN1_STRING_length(sequence)));
    if (!parameters) return std::nullopt;
    Pss pss;
    if (parameters->hashAlgorithm) pss.digest = digest_of(parameters->hashAlgorithm);
    if (parameters->maskGenAlgorithm)
        if (const auto mask = nested(parameters->maskGenAlgorithm); mask) pss.mask_digest = digest_of(mask.get());
    if (parameters->saltLength) pss.salt = ASN1_INTEGER_get(parameters->saltLength);
    return pss;
}

SignatureCheck verify_pss(const Key& key, const X509_ALGOR* algorithm, Bytes octets, Bytes signature) {
    const auto pss = pss_of(algorithm);
    if (!pss) return cannot("RSASSA-PSS", "its parameters cannot be read");
    if (!is(key, "RSA") && !is(key, "RSA-PSS")) return cannot("RSASSA-PSS", "the key is not an RSA key");
    if (pss->salt < 0 || pss->salt > 4096) return cannot("RSASSA-PSS", fmt::format("a salt of {} bytes makes no sense", pss->salt));
    const Scheme scheme{pss->digest.c_str(), RSA_PKCS1_PSS_PADDING, pss->mask_digest, static_cast<int>(pss->salt)};
    return judged(verifies(key, scheme, octets, signature), fmt::format("RSASSA-PSS with {}, salt {}", pss->digest, pss->salt));
}

SignatureCheck verify_named(const Key& key, int nid, Bytes octets, Bytes signature) {
    const std::string name = OBJ_nid2ln(nid);
    int digest = NID_undef, key_type = NID_undef;
    if (nid == NID_ED25519 || nid == NID_ED448) {
        if (!is(key, OBJ_nid2sn(nid))) return cannot(name, "the key is of another kind");
        return judged(verifies(key, {}, octets, signature), name);
    }
    if (OBJ_find_sigid_algs(nid, &digest, &key_type) != 1 || digest == NID_undef) return cannot(name, "this signature algorithm is not known here");
    if (!is(key, OBJ_nid2sn(key_type)) && EVP_PKEY_get_base_id(key.get()) != key_type) return cannot(name, "the key is of another kind");
    const Scheme scheme{OBJ_nid2sn(digest), is(key, "RSA") ? RSA_PKCS1_PADDING : 0, {}, 0};
    return judged(verifies(key, scheme, octets, signature), name);
}

// RFC 7427 section 3: | length of AlgorithmIdentifier (1) | AlgorithmIdentifier, DER | signature |
SignatureCheck verify_digital_signature(const Key& key, Bytes octets, Bytes data) {
    if (data.empty() || data.size() < std::size_t{1} + data[0])
        return cannot({}, "the AlgorithmIdentifier in front of the signature is cut short");
    const auto identifier = data.subspan(1, data[0]);
    const auto* at = identifier.data();
    const AlgorithmIdentifier algorithm(d2i_X509_ALGOR(nullptr, &at, static_cast<long>(identifier.size())));
    if (!algorithm) {
        openssl_reason();
        return cannot({}, "the AlgorithmIdentifier in front of the signature is no valid DER");
    }
    const ASN1_OBJECT* object = nullptr;
    X509_ALGOR_get0(&object, nullptr, nullptr, algorithm.get());
    const auto signature = data.subspan(1 + identifier.size());
    const int nid = OBJ_obj2nid(object);
    return nid == NID_rsassaPss ? verify_pss(key, algorithm.get(), octets, signature) : verify_named(key, nid, octets, signature);
}

} // namespace

SignatureCheck verify_signature(std::uint8_t method, Bytes key_der, Bytes signed_octets, Bytes auth_data) {
    const auto key = key_of(key_der);
    if (!key) return unknown_key();
    switch (method) {
    case 1: return verify_rsa(key, signed_octets, auth_data);
    case 3: return verify_dss(key, signed_octets, auth_data);
    case 9: case 10: case 11: return verify_ecdsa(*ecdsa_row(method), key, signed_octets, auth_data);
    case 14: return verify_digital_signature(key, signed_octets, auth_data);
    default: return cannot({}, fmt::format("authentication method {} is not one with signatures", method));
    }
}

} // namespace ikev2

} // namespace ikescope::crypto
