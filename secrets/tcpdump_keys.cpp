// What tcpdump -E takes, one entry per line as in its `file NAME` form (print-esp.c):
//
//     0xb3672715@10.77.0.2 aes128-cbc-hmac96:0x5cc2e2ab…
//     ikev2 I 0xf8df968f0944b01c 0xecd2ed98e1b75f9d sha1:0x… aes128-cbc:0x…
//
// The SPI may be left out, then the algorithm stands alone. A key without 0x is text. On the command line commas stand
// between several entries.

#include "secrets/esp_names.hpp"
#include "secrets/formats.hpp"

#include <fmt/format.h>
#include <map>

namespace ikescope::secrets {
namespace {

struct Algorithm {
    std::string_view name;
    Secret key;
};

/// "aes128-cbc-hmac96:0x…"
std::optional<Algorithm> algorithm_of(std::string_view word) {
    const auto colon = word.find(':');
    if (colon == std::string_view::npos || colon == 0) return std::nullopt;
    const auto value = word.substr(colon + 1);
    if (!value.starts_with("0x")) return Algorithm{word.substr(0, colon), Secret(bytes_of(value))};
    auto bytes = parse_hex(value);
    if (!bytes) return std::nullopt;
    return Algorithm{word.substr(0, colon), Secret(std::move(*bytes))};
}

constexpr std::string_view icv_suffix = "-hmac96";
constexpr std::uint8_t icv_of_suffix = 12;

std::optional<std::uint16_t> cipher_of(std::string_view name) {
    if (name.ends_with(icv_suffix)) name.remove_suffix(icv_suffix.size());
    return esp_encryption(Dialect::tcpdump, name);
}

struct Address {
    std::optional<std::uint32_t> spi;
    std::optional<IpAddress> destination;
};
/// "0xb3672715@10.77.0.2"
std::optional<Address> address_of(std::string_view word) {
    const auto at = word.find('@');
    if (at == std::string_view::npos) return std::nullopt;
    const auto digits = word.substr(0, at);
    Address address;
    address.spi =
        digits.starts_with("0x") ? number<std::uint32_t>(digits.substr(2), 16) : number<std::uint32_t>(digits);
    address.destination = IpAddress::parse(std::string(word.substr(at + 1)));
    if (!address.spi || !address.destination) return std::nullopt;
    return address;
}

std::optional<EspKey> esp_of(std::string_view line) {
    const auto first = next_word(line);
    const auto second = next_word(line);
    const auto address = second.empty() ? Address{} : address_of(first);
    auto algorithm = algorithm_of(second.empty() ? first : second);
    if (!address || !algorithm) return std::nullopt;
    const auto cipher = cipher_of(algorithm->name);
    if (!cipher) return std::nullopt;
    EspKey key;
    key.spi = address->spi;
    key.destination = address->destination;
    key.encryption = *cipher;
    // tcpdump cuts the ICV off and does not look at it: which algorithm made it is left open.
    if (algorithm->name.ends_with(icv_suffix)) key.unchecked_icv = icv_of_suffix;
    key.encryption_key = std::move(algorithm->key);
    measure_key(key);
    return key;
}

struct IkeLine {
    std::array<Byte, 16> spis{};
    bool initiator = false;
    Secret integrity, encryption;
    std::uint16_t cipher = 0, mac = 0; ///< transform IDs; tcpdump does not use the name of the MAC, so any may stand there
};
/// "I 0xSPI 0xSPI sha1:0x… aes128-cbc:0x…"
std::optional<IkeLine> ike_of(std::string_view line) {
    if (next_word(line) != "ikev2") return std::nullopt;
    const auto role = next_word(line);
    const auto first = next_word(line), second = next_word(line);
    auto mac = algorithm_of(next_word(line)), cipher = algorithm_of(next_word(line));
    if ((role != "I" && role != "R") || !first.starts_with("0x") || !second.starts_with("0x") || !mac || !cipher)
        return std::nullopt;
    const auto spis = exactly<16>(std::string(first.substr(2)) + std::string(second.substr(2)));
    const auto id = cipher_of(cipher->name);
    if (first.size() != 18 || !spis || !id) return std::nullopt;
    return IkeLine{*spis, role == "I", std::move(mac->key), std::move(cipher->key), *id,
                   esp_integrity(Dialect::tcpdump, mac->name).value_or(0)};
}

/// What begins another entry, so that a comma before it is no part of a key.
bool begins_entry(std::string_view text) {
    const auto word = next_word(text);
    return word == "ikev2" || address_of(word) || cipher_of(word.substr(0, word.find(':')));
}

/// Takes the first entry off a line.
std::string_view next_entry(std::string_view& line) {
    auto comma = line.find(',');
    while (comma != std::string_view::npos && !begins_entry(line.substr(comma + 1))) comma = line.find(',', comma + 1);
    const auto entry = trimmed(line.substr(0, comma));
    line.remove_prefix(comma == std::string_view::npos ? line.size() : comma + 1);
    return entry;
}

/// The lines of both directions make one set of keys.
class Sets {
public:
    void add(IkeLine line, const Origin& origin) {
        auto& set = sets_[line.spis];
        if (set.origin.text.empty()) {
            std::copy_n(line.spis.begin(), 8, set.initiator_spi.begin());
            std::copy_n(line.spis.begin() + 8, 8, set.responder_spi.begin());
            set.origin = origin;
        }
        if (line.mac != 0) { // without both there is no suite (an AEAD's line could not be written)
            set.encryption = line.cipher;
            set.key_bits = measured_bits(line.cipher, line.encryption.size());
            set.integrity = line.mac;
        }
        (line.initiator ? set.ei : set.er) = std::move(line.encryption);
        (line.initiator ? set.ai : set.ar) = std::move(line.integrity);
    }
    void store(Harvest& harvest) {
        for (auto& [spis, set] : sets_) harvest.ikev2(std::move(set));
    }

private:
    std::map<std::array<Byte, 16>, Ikev2Key> sets_;
};

} // namespace

unsigned weigh_tcpdump(std::string_view line) {
    line = next_entry(line);
    if (line.starts_with("ikev2 ")) return ike_of(line) ? 10 : 0;
    return line.find(':') != std::string_view::npos && esp_of(line) ? 10 : 0;
}

Result<Report> read_tcpdump_keys(std::string_view text, const std::string& name, Store& store) {
    Harvest harvest("tcpdump -E", name, store);
    Sets sets;
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        line = trimmed(line);
        if (line.empty() || line.starts_with('#')) continue;
        const auto origin = harvest.origin(lines.number());
        while (!line.empty()) {
            const auto entry = next_entry(line);
            if (auto ike = ike_of(entry)) {
                sets.add(std::move(*ike), origin);
            } else if (auto key = esp_of(entry)) {
                key->origin = origin;
                harvest.esp(std::move(*key));
            } else {
                harvest.note(lines.number(), "this line is no SPI@ADDRESS ALGORITHM:KEY and no ikev2 I|R line, or its "
                                             "cipher is not known; it was passed over.");
            }
        }
    }
    sets.store(harvest);
    return harvest.take();
}

} // namespace ikescope::secrets
