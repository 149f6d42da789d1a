// Wireshark's tables (docs/secrets.md), read by 4.0 and later. Hexadecimal bare in the IKE tables, 0x in esp_sa.

#include "crypto/protection.hpp"
#include "secrets/export.hpp"
#include "secrets/wireshark_names.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::secrets {

const WiresharkName* wireshark_name(std::span<const WiresharkName> table, std::uint16_t number,
                                    std::uint16_t key_bits) {
    const auto row = std::ranges::find_if(table, [&](const WiresharkName& name) {
        return name.number == number && (name.key_bits == 0 || name.key_bits == key_bits);
    });
    return row == table.end() ? nullptr : &*row;
}

namespace {

constexpr std::string_view head = "# ikescope: {} for Wireshark. It holds keys: keep it to yourself.\n";
constexpr std::uint16_t xcbc_96 = 5, cmac_96 = 8;
constexpr bool is_unchecked_96(std::uint16_t integrity) { return integrity == xcbc_96 || integrity == cmac_96; }

/// What the integrity column of esp_sa says; nothing when Wireshark has no name for it.
std::optional<std::string> esp_integrity_name(const EspKey& key) {
    if (key.unchecked_icv != 0) return fmt::format("ANY {} bit authentication [no checking]", key.unchecked_icv * 8);
    if (is_unchecked_96(key.integrity)) return std::string(wireshark_esp_unchecked_96);
    const auto* row = wireshark_name(wireshark_esp_integrities, key.integrity);
    return row ? std::optional<std::string>(row->name) : std::nullopt;
}

std::string cipher_words(std::uint16_t number) {
    const auto* row = crypto::find_encryption(number);
    return row ? std::string(row->name) : fmt::format("encryption {}", number);
}
std::string integrity_words(std::uint16_t number) {
    const auto* row = crypto::find_integrity(number);
    return row ? std::string(row->name) : fmt::format("integrity {}", number);
}

bool has_ikev1_cipher(crypto::CipherId cipher) {
    return cipher == crypto::CipherId::des_cbc || cipher == crypto::CipherId::des3_cbc ||
           cipher == crypto::CipherId::aes_cbc;
}

void warn_of_tcp(const std::string& name, Export& made) {
    made.warnings.push_back(fmt::format(
        "{}: it came by TCP, and Wireshark decrypts IKE and ESP in UDP only: there it stays closed. `ikescope decrypt` "
        "writes its messages as UDP.",
        name));
}

void add_ikev1(const Derived::Ikev1Sa& sa, std::string& text, Export& made) {
    if (!has_ikev1_cipher(sa.cipher))
        return made.warnings.push_back(
            fmt::format("{}: Wireshark opens IKEv1 with DES, 3DES and AES only; this SA uses {} and stays closed.",
                        sa.name, crypto::cipher_name(sa.cipher)));
    if (sa.two_keys)
        made.warnings.push_back(fmt::format(
            "{}: its ends use different keys; Wireshark takes one per cookie, so only the initiator's messages are "
            "readable there and the responder's look malformed.",
            sa.name));
    if (!sa.from_the_beginning)
        made.warnings.push_back(fmt::format(
            "{}: the capture lacks its KE payloads; Wireshark opens nothing of an IKEv1 SA without them, whatever "
            "the key.",
            sa.name));
    if (sa.repetitions)
        made.warnings.push_back(fmt::format(
            "{}: encrypted messages were sent again; Wireshark moves its IV on with every copy and may show what "
            "follows as malformed.",
            sa.name));
    if (sa.tcp) warn_of_tcp(sa.name, made);
    if (sa.interleaved)
        made.warnings.push_back(fmt::format(
            "{}: fragments of its messages stand between those of another SA; Wireshark may put pieces of both into one "
            "message, which then stays closed there.",
            sa.name));
    text += fmt::format("{},{}\n", hex(sa.key.initiator_cookie), hex(sa.key.value.reveal()));
    ++made.entries;
}

void add_ikev2(const Derived::Ikev2Sa& sa, std::string& text, Export& made) {
    const auto& key = sa.key;
    const auto* cipher = wireshark_name(wireshark_ike_ciphers, key.encryption, key.key_bits);
    const auto* integrity = wireshark_name(wireshark_ike_integrities, key.integrity);
    if (!cipher || (!integrity && !is_unchecked_96(key.integrity)))
        return made.warnings.push_back(
            fmt::format("{}: Wireshark does not know {} in IKEv2; this SA stays closed there.", sa.name,
                        !cipher ? cipher_words(key.encryption) : integrity_words(key.integrity)));
    if (!integrity)
        made.warnings.push_back(fmt::format(
            "{}: Wireshark cannot compute {}; the table tells it to decrypt without checking, which ikescope did.",
            sa.name, integrity_words(key.integrity)));
    if (sa.tcp) warn_of_tcp(sa.name, made);
    if (sa.disordered)
        made.warnings.push_back(fmt::format("{}: fragments of its messages came out of order; Wireshark puts them together in the order of "
                                            "the capture, so these messages stay closed there.",
                                            sa.name));
    if (sa.second_set)
        made.warnings.push_back(fmt::format(
            "{}: it changes its keys under one pair of SPIs; Wireshark uses the last line for all messages.", sa.name));
    if (sa.changed)
        made.warnings.push_back(fmt::format("{}: an additional key exchange (IKE_INTERMEDIATE) changes its keys; "
                                            "Wireshark takes one set per pair of SPIs, so the "
                                            "messages up to that exchange stay closed there or look malformed.",
                                            sa.name));
    const auto checked = integrity != nullptr;
    text += fmt::format("{},{},{},{},\"{}\",{},{},\"{}\"\n", hex(key.initiator_spi), hex(key.responder_spi),
                        hex(key.ei.reveal()), hex(key.er.reveal()), cipher->name, checked ? hex(key.ai.reveal()) : "",
                        checked ? hex(key.ar.reveal()) : "", checked ? integrity->name : wireshark_ike_unchecked_96);
    ++made.entries;
}

std::string prefixed(const Secret& key) { return key.empty() ? "" : "0x" + hex(key.reveal()); }

void add_esp(const Derived::EspSa& sa, std::string& text, Export& made) {
    const auto& key = sa.key;
    const auto* cipher = wireshark_name(wireshark_esp_ciphers, key.encryption);
    const auto integrity = esp_integrity_name(key);
    if (!cipher || !integrity)
        return made.warnings.push_back(
            fmt::format("{}: Wireshark does not know {} in ESP; these packets stay closed there.", sa.name,
                        !cipher ? cipher_words(key.encryption) : integrity_words(key.integrity)));
    if (is_unchecked_96(key.integrity))
        made.warnings.push_back(
            fmt::format("{}: Wireshark cannot compute {}; the table tells it to decrypt without checking.", sa.name,
                        integrity_words(key.integrity)));
    if (key.esn.value_or(false))
        made.warnings.push_back(fmt::format(
            "{}: extended sequence numbers; Wireshark before 4.4 calls every ICV of such an SA wrong.", sa.name));
    const auto address = [](const std::optional<IpAddress>& one) { return one ? one->text() : "*"; };
    text += fmt::format("\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",\"{}\",\"{}\"\n",
                        key.source && key.source->family == 6 ? "IPv6" : "IPv4", address(key.source),
                        address(key.destination), key.spi ? fmt::format("0x{:08x}", *key.spi) : "*", cipher->name,
                        prefixed(key.encryption_key), *integrity,
                        is_unchecked_96(key.integrity) ? "" : prefixed(key.integrity_key));
    ++made.entries;
}

template <class Sas, class Add>
void add_table(std::string name, const Sas& sas, Add add, Export& made) {
    std::string text = fmt::format(fmt::runtime(head), name);
    for (const auto& sa : sas) add(sa, text, made);
    made.files.push_back({std::move(name), std::move(text)});
}

} // namespace

Export export_wireshark(const Derived& derived) {
    Export made;
    add_table("ikev1_decryption_table", derived.ikev1, add_ikev1, made);
    add_table("ikev2_decryption_table", derived.ikev2, add_ikev2, made);
    add_table("esp_sa", derived.esp, add_esp, made);
    made.files.push_back({"preferences",
                          "# ikescope: what a profile needs to use its esp_sa.\n"
                          "esp.enable_encryption_decode: TRUE\nesp.enable_authentication_check: TRUE\n"});
    made.usage = "Copy the directory to ~/.config/wireshark/profiles/NAME (Windows: "
                 "%APPDATA%\\Wireshark\\profiles\\NAME) and choose that profile, "
                 "or: tshark -C NAME -r FILE";
    return made;
}

} // namespace ikescope::secrets
