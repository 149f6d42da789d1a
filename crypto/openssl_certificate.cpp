// Certificates: description, reading of files, chains.

#include "crypto/algorithms.hpp"
#include "crypto/certificate.hpp"
#include "crypto/openssl_handle.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <fmt/format.h>

#include <ctime>

namespace ikescope::crypto {
namespace {

using Certificate = Handle<X509, X509_free>;
using Memory = Handle<BIO, BIO_free_all>;
using Number = Handle<BIGNUM, BN_free>;
using Store = Handle<X509_STORE, X509_STORE_free>;
using StoreContext = Handle<X509_STORE_CTX, X509_STORE_CTX_free>;
struct FreeStack {
    void operator()(STACK_OF(X509)* stack) const { sk_X509_pop_free(stack, X509_free); }
};
using Stack = std::unique_ptr<STACK_OF(X509), FreeStack>;
struct FreeNames {
    void operator()(GENERAL_NAMES* names) const { GENERAL_NAMES_free(names); }
};
using Names = std::unique_ptr<GENERAL_NAMES, FreeNames>;
using Name = Handle<X509_NAME, X509_NAME_free>;
using OneName = Handle<GENERAL_NAME, GENERAL_NAME_free>;
using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using RevocationList = Handle<X509_CRL, X509_CRL_free>;
using Pkcs7 = Handle<PKCS7, PKCS7_free>;

constexpr std::size_t most_certificates = 10'000; // of one file

Certificate parsed(Bytes der) {
    const auto* at = der.data();
    Certificate made(X509_new_ex(library(), nullptr));
    auto* raw = made.get();
    if (!raw || !d2i_X509(&raw, &at, static_cast<long>(der.size()))) {
        static_cast<void>(made.release()); // d2i_X509 has freed it
        openssl_reason();
        return nullptr;
    }
    return made;
}

/// An object of DER; nothing when bytes are left over or are no such thing.
template <class Owner, class Decode> Owner decoded(Bytes der, Decode decode) {
    const auto* at = non_null(der);
    Owner made(decode(nullptr, &at, static_cast<long>(der.size())));
    openssl_reason();
    if (at != non_null(der) + der.size()) made.reset();
    return made;
}

Memory memory() { return Memory(BIO_new(BIO_s_mem())); }
Memory memory_of(Bytes bytes) { return Memory(BIO_new_mem_buf(non_null(bytes), static_cast<int>(bytes.size()))); }

std::string text_in(BIO* memory) {
    char* data = nullptr;
    const auto size = BIO_get_mem_data(memory, &data);
    return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::string name_text(const X509_NAME* name) {
    const auto out = memory();
    constexpr unsigned long flags = (ASN1_STRFLGS_RFC2253 & ~static_cast<unsigned long>(ASN1_STRFLGS_ESC_MSB)) | XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN;
    if (!out || X509_NAME_print_ex(out.get(), name, 0, flags) < 0) return "(unreadable name)";
    return text_in(out.get());
}

std::string time_text(const ASN1_TIME* time) {
    std::tm parts{};
    if (ASN1_TIME_to_tm(time, &parts) != 1) return "(unreadable time)";
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                       parts.tm_min, parts.tm_sec);
}

std::string key_text(const EVP_PKEY* key) {
    if (!key) return "(unreadable key)";
    if (EVP_PKEY_is_a(key, "EC")) {
        char curve[80] = "";
        std::size_t size = 0;
        EVP_PKEY_get_group_name(key, curve, sizeof curve, &size);
        return fmt::format("EC {}", curve);
    }
    const char* type = EVP_PKEY_get0_type_name(key);
    return fmt::format("{} {} bits", type ? type : "?", EVP_PKEY_get_bits(key));
}

std::string general_name_text(GENERAL_NAME* name) {
    const auto out = memory();
    if (!out || GENERAL_NAME_print(out.get(), name) != 1) return "(unreadable name)";
    return text_in(out.get());
}

std::vector<std::string> alternative_names(const X509* certificate) {
    std::vector<std::string> out;
    const Names names(static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); ++i)
        out.push_back(general_name_text(sk_GENERAL_NAME_value(names.get(), i)));
    return out;
}

std::string serial_text(const X509* certificate) {
    const Number number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
    if (!number) return "?";
    Buffer bytes(static_cast<std::size_t>(BN_num_bytes(number.get())));
    BN_bn2bin(number.get(), bytes.data());
    return hex(bytes);
}

template <class T, class Encode> Buffer der_of(const T* object, Encode encode) {
    Byte* made = nullptr;
    const int size = encode(object, &made);
    Buffer out(made, made + std::max(0, size));
    OPENSSL_free(made);
    return out;
}

Stack stack_of(std::span<const Buffer> ders) {
    Stack stack(sk_X509_new_null());
    for (const auto& der : ders)
        if (auto one = parsed(der); one && sk_X509_push(stack.get(), one.get()) > 0) static_cast<void>(one.release());
    return stack;
}

Store store_of(std::span<const Buffer> authorities) {
    Store store(X509_STORE_new());
    for (const auto& der : authorities)
        if (const auto one = parsed(der); one) X509_STORE_add_cert(store.get(), one.get());
    return store;
}

std::vector<std::string> subjects_of(X509_STORE_CTX* context) {
    std::vector<std::string> out;
    const auto* chain = X509_STORE_CTX_get0_chain(context);
    for (int i = 0; chain && i < sk_X509_num(chain); ++i) out.push_back(name_text(X509_get_subject_name(sk_X509_value(chain, i))));
    return out;
}

std::string chain_reason(X509_STORE_CTX* context) {
    const auto* at = X509_STORE_CTX_get_current_cert(context);
    return fmt::format("{}: {}", at ? name_text(X509_get_subject_name(at)) : "the certificate",
                       X509_verify_cert_error_string(X509_STORE_CTX_get_error(context)));
}

} // namespace

Result<CertificateText> describe_certificate(Bytes der) {
    const auto certificate = parsed(der);
    if (!certificate) return Error{fmt::format("{} bytes that are no X.509 certificate in DER", der.size())};
    CertificateText text;
    text.subject = name_text(X509_get_subject_name(certificate.get()));
    text.issuer = name_text(X509_get_issuer_name(certificate.get()));
    text.serial = serial_text(certificate.get());
    text.not_before = time_text(X509_get0_notBefore(certificate.get()));
    text.not_after = time_text(X509_get0_notAfter(certificate.get()));
    text.key = key_text(X509_get0_pubkey(certificate.get()));
    text.signature_algorithm = OBJ_nid2ln(X509_get_signature_nid(certificate.get()));
    text.alternative_names = alternative_names(certificate.get());
    text.is_authority = X509_check_ca(certificate.get()) > 0;
    text.sha1 = digest(HashId::sha1, {der});
    text.key_sha1 = digest(HashId::sha1, {der_of(X509_get_X509_PUBKEY(certificate.get()), i2d_X509_PUBKEY)});
    text.subject_der = der_of(X509_get_subject_name(certificate.get()), i2d_X509_NAME);
    openssl_reason();
    return text;
}

std::optional<std::string> distinguished_name(Bytes der) {
    const auto name = decoded<Name>(der, d2i_X509_NAME);
    if (!name || X509_NAME_entry_count(name.get()) == 0) return std::nullopt;
    return name_text(name.get());
}

std::optional<std::string> general_name(Bytes der) {
    // Whose bytes they are is unknown: control characters become dots.
    const auto words = [](GENERAL_NAME* name) { return printable(bytes_of(general_name_text(name))); };
    if (const auto one = decoded<OneName>(der, d2i_GENERAL_NAME)) return words(one.get());
    const auto several = decoded<Names>(der, d2i_GENERAL_NAMES);
    std::string text;
    for (int i = 0; several && i < sk_GENERAL_NAME_num(several.get()); ++i)
        text += (i > 0 ? ", " : "") + words(sk_GENERAL_NAME_value(several.get(), i));
    return text.empty() ? std::nullopt : std::optional(text);
}

std::optional<std::string> describe_public_key(Bytes der) {
    const auto rsa = [](EVP_PKEY** into, const Byte** at, long size) { return d2i_PublicKey(EVP_PKEY_RSA, into, at, size); };
    auto key = decoded<Key>(der, d2i_PUBKEY);
    if (!key) key = decoded<Key>(der, rsa);
    return key ? std::optional(key_text(key.get())) : std::nullopt;
}

Result<RevocationText> describe_revocations(Bytes der) {
    const auto list = decoded<RevocationList>(der, d2i_X509_CRL);
    if (!list) return Error{fmt::format("{} bytes that are no X.509 CRL in DER", der.size())};
    const auto* next = X509_CRL_get0_nextUpdate(list.get());
    const auto* revoked = X509_CRL_get_REVOKED(list.get());
    return RevocationText{name_text(X509_CRL_get_issuer(list.get())), time_text(X509_CRL_get0_lastUpdate(list.get())),
                          next ? time_text(next) : std::string(),
                          revoked ? static_cast<std::size_t>(sk_X509_REVOKED_num(revoked)) : 0};
}

std::vector<Buffer> certificates_in_pkcs7(Bytes der) {
    const auto wrapper = decoded<Pkcs7>(der, d2i_PKCS7);
    if (!wrapper || !PKCS7_type_is_signed(wrapper.get()) || !wrapper->d.sign) return {};
    std::vector<Buffer> out;
    const auto* inside = wrapper->d.sign->cert;
    for (int i = 0; inside && i < sk_X509_num(inside); ++i) out.push_back(der_of(sk_X509_value(inside, i), i2d_X509));
    return out;
}

Result<std::vector<Buffer>> read_certificates(Bytes file) {
    std::vector<Buffer> out;
    if (!file.empty() && file[0] == 0x30 && parsed(file)) {
        out.emplace_back(file.begin(), file.end());
        return out;
    }
    const auto in = memory_of(file);
    while (out.size() < most_certificates) {
        const Certificate one(in ? PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr) : nullptr);
        if (!one) break;
        out.push_back(der_of(one.get(), i2d_X509));
    }
    openssl_reason();
    if (out.empty()) return Error{"there is no certificate in it, neither PEM (-----BEGIN CERTIFICATE-----) nor DER"};
    return out;
}

ChainVerdict check_chain(Bytes leaf, std::span<const Buffer> others, std::span<const Buffer> authorities,
                         std::optional<std::int64_t> unix_seconds) {
    const auto end = parsed(leaf);
    if (!end) return {false, "the end's certificate is no X.509 certificate in DER", {}};
    const auto store = store_of(authorities);
    const auto untrusted = stack_of(others);
    const StoreContext context(X509_STORE_CTX_new_ex(library(), nullptr));
    if (!store || !context || X509_STORE_CTX_init(context.get(), store.get(), end.get(), untrusted.get()) != 1)
        return {false, fmt::format("OpenSSL could not begin to check the chain: {}", openssl_reason()), {}};
    if (unix_seconds) X509_STORE_CTX_set_time(context.get(), 0, static_cast<std::time_t>(*unix_seconds));
    const bool trusted = X509_verify_cert(context.get()) == 1;
    ChainVerdict verdict{trusted, trusted ? std::string() : chain_reason(context.get()), subjects_of(context.get())};
    openssl_reason();
    return verdict;
}

} // namespace ikescope::crypto
