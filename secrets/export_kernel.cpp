// tcpdump -E (print-esp.c of 4.99) and ip xfrm state (iproute2, ip-xfrm(8)).
//
//     0xc50db27f@10.77.0.2 aes128-hmac96:0x0011…
//     ikev2 I 0xSPIi 0xSPIr sha1:0x… aes128-hmac96:0x…      what the initiator sends

#include "crypto/protection.hpp"
#include "secrets/esp_names.hpp"
#include "secrets/export.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

/// Transform IDs of IKEv2 and what the programs call them. `key_bits` 0: any.
struct Cipher {
    std::uint16_t number, key_bits;
    std::string_view tcpdump;    ///< OpenSSL's alias of the cipher; empty: tcpdump cannot
    std::string_view linux_name; ///< crypto API; empty: Linux cannot
};
constexpr Cipher ciphers[] = {
    {2, 0, "des", "cbc(des)"},
    {3, 0, "3des", "cbc(des3_ede)"},
    {6, 0, "", "cbc(cast5)"},
    {7, 0, "", "cbc(blowfish)"},
    {11, 0, "", "ecb(cipher_null)"},
    {12, 128, "aes128", "cbc(aes)"},
    {12, 192, "aes192", "cbc(aes)"},
    {12, 256, "aes256", "cbc(aes)"},
    {13, 0, "", "rfc3686(ctr(aes))"},
    {14, 0, "", "rfc4309(ccm(aes))"},
    {15, 0, "", "rfc4309(ccm(aes))"},
    {16, 0, "", "rfc4309(ccm(aes))"},
    {18, 0, "", "rfc4106(gcm(aes))"},
    {19, 0, "", "rfc4106(gcm(aes))"},
    {20, 0, "", "rfc4106(gcm(aes))"},
    {21, 0, "", "rfc4543(gcm(aes))"},
    {23, 128, "camellia128", "cbc(camellia)"},
    {23, 192, "camellia192", "cbc(camellia)"},
    {23, 256, "camellia256", "cbc(camellia)"},
    {28, 0, "", "rfc7539esp(chacha20,poly1305)"},
};
struct Integrity {
    std::uint16_t number;
    std::string_view tcpdump, linux_name;
};
constexpr Integrity integrities[] = {
    {1, "md5", "hmac(md5)"},          {2, "sha1", "hmac(sha1)"},      {5, "xcbc", "xcbc(aes)"},
    {6, "md5", "hmac(md5)"},          {7, "sha1", "hmac(sha1)"},      {8, "cmac", "cmac(aes)"},
    {12, "sha256", "hmac(sha256)"},   {13, "sha384", "hmac(sha384)"}, {14, "sha512", "hmac(sha512)"},
    {1025, "sha256", "hmac(sha256)"},
};

const Cipher* find_cipher(std::uint16_t number, std::uint16_t key_bits) {
    const auto* row = std::ranges::find_if(ciphers, [&](const Cipher& one) {
        return one.number == number && (one.key_bits == 0 || one.key_bits == key_bits);
    });
    return row == std::end(ciphers) ? nullptr : row;
}
const Integrity* find_integrity(std::uint16_t number) {
    const auto* row = std::ranges::find(integrities, number, &Integrity::number);
    return row == std::end(integrities) ? nullptr : row;
}
/// Where a key came without its length, the key has it.
const Cipher* find_cipher(const EspKey& key) {
    const auto bits = key.key_bits != 0 ? key.key_bits : measured_bits(key.encryption, key.encryption_key.size());
    return find_cipher(key.encryption, bits);
}
std::size_t icv_of(std::uint16_t number) {
    const auto* row = crypto::find_integrity(number);
    return row ? row->icv : 0;
}

std::string_view words(std::uint16_t encryption) {
    const auto* row = crypto::find_encryption(encryption);
    return row ? row->name : "an unknown cipher";
}
std::string cipher_words(const EspKey& key) {
    const auto size = key.encryption_key.size();
    return fmt::format("{} with a key of {} bytes", words(key.encryption), size);
}
std::string integrity_words(std::uint16_t integrity) {
    const auto* row = crypto::find_integrity(integrity);
    return row ? std::string(row->name) : fmt::format("integrity transform {}", integrity);
}
std::string spi_words(const EspKey& key) { return fmt::format("0x{:08x}", key.spi.value_or(0)); }
std::string prefixed(const Secret& key) { return "0x" + hex(key.reveal()); }

// --- tcpdump

constexpr std::size_t hmac96 = 12; ///< the one ICV size tcpdump can be told

/// IKEv2 has no need of the end of the plaintext, ESP does: pad length and next header stand there.
void add_ike_line(const Derived::Ikev2Sa& sa, char who, const Secret& encryption, const Secret& integrity,
                  std::string& text) {
    const auto* cipher = find_cipher(sa.key.encryption, sa.key.key_bits);
    const auto* mac = find_integrity(sa.key.integrity);
    text += fmt::format("ikev2 {} 0x{} 0x{} {}:{} {}{}:{}\n", who, hex(sa.key.initiator_spi), hex(sa.key.responder_spi),
                        mac->tcpdump, prefixed(integrity), cipher->tcpdump,
                        icv_of(sa.key.integrity) == hmac96 ? "-hmac96" : "", prefixed(encryption));
}

void add_tcpdump_ike(const Derived::Ikev2Sa& sa, std::string& text, Export& made) {
    const auto* cipher = find_cipher(sa.key.encryption, sa.key.key_bits);
    const auto* mac = find_integrity(sa.key.integrity);
    const auto icv = icv_of(sa.key.integrity);
    if (!cipher || cipher->tcpdump.empty() || !mac)
        return made.warnings.push_back(fmt::format("{}: tcpdump decrypts IKEv2 in CBC mode only; this SA uses {}.",
                                                   sa.name, words(sa.key.encryption)));
    const auto block = crypto::find_encryption(sa.key.encryption)->block;
    if (icv != hmac96 && icv % block != 0)
        return made.warnings.push_back(
            fmt::format("{}: tcpdump cannot be told of an ICV of {} bytes, which is no multiple of the cipher's block.",
                        sa.name, icv));
    add_ike_line(sa, 'I', sa.key.ei, sa.key.ai, text);
    add_ike_line(sa, 'R', sa.key.er, sa.key.ar, text);
    made.entries += 2;
}

void add_tcpdump_esp(const Derived::EspSa& sa, std::string& text, Export& made) {
    const auto* cipher = find_cipher(sa.key);
    if (!cipher || cipher->tcpdump.empty())
        return made.warnings.push_back(fmt::format("{}: tcpdump decrypts ESP in CBC mode only; this SA uses {}.",
                                                   sa.name, words(sa.key.encryption)));
    const auto icv = sa.key.unchecked_icv != 0 ? sa.key.unchecked_icv : icv_of(sa.key.integrity);
    if (icv != 0 && icv != hmac96)
        return made.warnings.push_back(fmt::format(
            "{}: tcpdump knows ICVs of 96 bits only; this SA has {} bits, so its packets stay closed there.", sa.name,
            icv * 8));
    if (!sa.key.destination || !sa.key.spi) return;
    text += fmt::format("{}@{} {}{}:{}\n", spi_words(sa.key), sa.key.destination->text(), cipher->tcpdump,
                        icv ? "-hmac96" : "", prefixed(sa.key.encryption_key));
    ++made.entries;
}

// --- Linux

/// auth-trunc NAME KEY BITS enc NAME KEY, or aead NAME KEY BITS
std::string algorithms(const EspKey& key, const Cipher& cipher) {
    const auto* row = crypto::find_encryption(key.encryption);
    if (row->is_aead())
        return fmt::format("aead '{}' {} {}", cipher.linux_name, prefixed(key.encryption_key), row->icv * 8);
    const auto* mac = find_integrity(key.integrity);
    const auto auth = mac ? fmt::format("auth-trunc '{}' {} {} ", mac->linux_name, prefixed(key.integrity_key),
                                        icv_of(key.integrity) * 8)
                          : "";
    return auth + fmt::format("enc '{}' {}", cipher.linux_name,
                              key.encryption_key.empty() ? "''" : prefixed(key.encryption_key));
}

void add_xfrm(const Derived::EspSa& sa, std::string& text, Export& made) {
    const auto& key = sa.key;
    const auto* cipher = find_cipher(key);
    if (!cipher || (key.integrity != 0 && !find_integrity(key.integrity)))
        return made.warnings.push_back(fmt::format("{}: Linux has no {} for ESP; this SA is not in the file.", sa.name,
                                                   cipher ? integrity_words(key.integrity) : cipher_words(key)));
    if (key.unchecked_icv != 0)
        return made.warnings.push_back(fmt::format("{}: its integrity algorithm and key are not known, which Linux needs.", sa.name));
    if (!key.source || !key.destination || !key.spi) return;
    text += fmt::format("ip xfrm state add src {} dst {} proto esp spi {} mode {}{} {}", key.source->text(),
                        key.destination->text(), spi_words(key), sa.transport ? "transport" : "tunnel",
                        key.esn.value_or(false) ? " replay-window 32 flag esn" : " replay-window 32",
                        algorithms(key, *cipher));
    if (sa.from_port != 0) text += fmt::format(" encap {} {} {} 0.0.0.0", sa.tcp ? "espintcp" : "espinudp", sa.from_port, sa.to_port);
    text += "\n";
    ++made.entries;
}

} // namespace

Export export_tcpdump(const Derived& derived) {
    Export made;
    std::string text = "# ikescope: secrets for tcpdump -E. They are keys: keep this file to yourself.\n";
    for (const auto& sa : derived.ikev2) add_tcpdump_ike(sa, text, made);
    for (const auto& sa : derived.esp) add_tcpdump_esp(sa, text, made);
    if (!derived.ikev1.empty()) made.warnings.emplace_back("tcpdump decrypts no IKEv1; only its ESP SAs are in the file.");
    made.files.push_back({"tcpdump.secrets", std::move(text)});
    made.usage = "tcpdump -v -E \"file tcpdump.secrets\" -r FILE; as root with -Z root, as tcpdump opens it after "
                 "giving up its rights";
    return made;
}

Export export_xfrm(const Derived& derived) {
    Export made;
    std::string text = "# ikescope: SAs for a Linux kernel. They hold keys: keep this file to yourself.\n";
    for (const auto& sa : derived.esp) add_xfrm(sa, text, made);
    made.files.push_back({"xfrm.sh", std::move(text)});
    made.usage = "ip netns exec NAME sh xfrm.sh (in a network namespace: these are SAs of other machines)";
    return made;
}

} // namespace ikescope::secrets
