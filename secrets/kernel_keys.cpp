// ESP keys as kernels list them. `ip xfrm state`:
//
//     src 10.77.0.1 dst 10.77.0.2
//     	proto esp spi 0xb3672715 reqid 1 mode tunnel
//     	replay-window 32 flag af-unspec esn
//     	auth-trunc hmac(sha1) 0x2cee… 96
//     	enc cbc(aes) 0x5cc2…             (or: aead rfc4106(gcm(aes)) 0x… 128)
//
// `ip -s xfrm state` puts decimal numbers and lengths between: spi 0xb3672715(3009881877), 0x2cee… (160 bits) 96.
//
// `setkey -D`:
//
//     10.77.0.1 10.77.0.2
//     	esp mode=tunnel spi=3009881877(0xb3672715) reqid=0(0x00000000)
//     	E: rijndael-cbc  5cc2e2ab 52a64432 c25469b6 52b7628d
//     	A: hmac-sha1  2ceead3e be72568b d49a347e 84f559e1 3dae4233

#include "crypto/protection.hpp"
#include "secrets/esp_names.hpp"
#include "secrets/formats.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

constexpr std::uint16_t null_cipher = 11; ///< ENCR_NULL (RFC 2410)

/// "10.77.0.1" or "10.77.0.1[4500]"
std::optional<IpAddress> address(std::string_view text) {
    return IpAddress::parse(std::string(text.substr(0, text.find('['))));
}

/// An SA that is being read; both readers fill one and hand it over when the next begins.
class Listed {
public:
    Listed(std::string format, const std::string& name, Store& store) : harvest(std::move(format), name, store) {}

    void begin(std::optional<IpAddress> source, std::optional<IpAddress> destination, std::size_t line) {
        end();
        key_ = EspKey{};
        key_.source = source;
        key_.destination = destination;
        line_ = line;
        begun_ = true;
    }
    EspKey* key() { return begun_ ? &key_ : nullptr; }
    /// Why this SA cannot be used, once.
    void refuse(std::size_t line, std::string_view why) {
        harvest.note(line, why);
        begun_ = false;
    }
    void end() {
        if (!std::exchange(begun_, false)) return;
        if (!key_.spi) return;
        if (!has_cipher)
            return harvest.note(line_, "no key is listed for this SA: it is still being negotiated, or whoever listed "
                                       "it may not see keys (root may).");
        if (key_.encryption_key.empty() && key_.encryption != null_cipher)
            return harvest.note(line_, "the key of this SA is hidden.");
        measure_key(key_);
        tell_misfit();
        key_.origin = harvest.origin(line_);
        harvest.esp(std::move(key_));
    }
    bool has_cipher = false;
    Harvest harvest;

private:
    /// It is kept: whoever asks what became of it is told again.
    void tell_misfit() {
        const auto* row = crypto::find_integrity(key_.integrity);
        if (row && key_.integrity_key.size() != row->key)
            harvest.note(line_, fmt::format("the key for {} has {} bytes, {} are needed: it opens nothing.", row->name,
                                            key_.integrity_key.size(), row->key));
    }
    EspKey key_;
    std::size_t line_ = 0;
    bool begun_ = false;
};

std::optional<Secret> hex_key(std::string_view text) {
    auto bytes = parse_hex(trimmed(text));
    if (!bytes) return std::nullopt;
    return Secret(std::move(*bytes));
}

/// iproute2 leaves the place of an empty key empty, and writes <<Keys hidden>> when it is told `nokeys`.
constexpr std::string_view key_missing =
    "the key of {} is missing or hidden (root sees it with ip xfrm state); the SA was passed over.";

constexpr std::string_view key_strange = "the key of {} is no hexadecimal number of whole bytes; the SA was passed over.";

/// "0xb3672715(3009881877)" without its decimal half.
std::string_view before_bracket(std::string_view word) { return word.substr(0, word.find('(')); }

/// What stands behind a key: its length in brackets is passed over.
std::string_view behind_length(std::string_view text) {
    text = trimmed(text);
    if (!text.starts_with('(')) return text;
    const auto end = text.find(')');
    return end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
}

class Xfrm : public Listed {
public:
    Xfrm(const std::string& name, Store& store) : Listed("ip xfrm state", name, store) {}

    void line(std::string_view text, std::size_t number) {
        const bool first = !text.empty() && !is_blank(text.front());
        auto word = next_word(text);
        if (first && word == "src") {
            const auto source = IpAddress::parse(std::string(next_word(text)));
            next_word(text);
            begin(source, IpAddress::parse(std::string(next_word(text))), number);
            has_cipher = false;
            return;
        }
        auto* sa = key();
        if (!sa) return;
        if (word == "proto") {
            if (next_word(text) != "esp") return begin({}, {}, number); // AH and IPComp: without an SPI it is dropped
            next_word(text);
            const auto spi = next_word(text), digits = before_bracket(spi);
            if (digits.starts_with("0x")) sa->spi = secrets::number<std::uint32_t>(digits.substr(2), 16);
            if (!sa->spi) refuse(number, fmt::format("'{}' is no SPI; the SA was passed over.", spi));
        } else if (word == "replay-window" || word == "anti-replay") {
            if (text.find("esn") != std::string_view::npos)
                sa->esn = true;
            else if (!sa->esn && word == "replay-window")
                sa->esn = false;
        } else if (word == "auth" || word == "auth-trunc") {
            integrity(*sa, text, word == "auth-trunc", number);
        } else if (word == "enc" || word == "aead") {
            encryption(*sa, text, number);
        }
    }

private:
    void integrity(EspKey& sa, std::string_view text, bool truncated, std::size_t number) {
        const auto name = next_word(text), value = next_word(text);
        // Without a length the kernel has its own: RFC 2404 and 2403, but 96 bits also for SHA-256, as an old draft had
        // it.
        text = behind_length(text);
        const auto bits = truncated ? secrets::number<unsigned>(next_word(text)).value_or(0) : 96U;
        if (!value.starts_with("0x") && name != "digest_null") return refuse(number, fmt::format(key_missing, name));
        const auto id = esp_integrity(Dialect::linux_kernel, name, bits);
        auto bytes = hex_key(value);
        if (!bytes && name != "digest_null") return refuse(number, fmt::format(key_strange, name));
        if (!id)
            return refuse(
                number, fmt::format("{} with {} bits is no integrity algorithm that is known; the SA was passed over.",
                                    name, bits));
        sa.integrity = *id;
        if (bytes) sa.integrity_key = std::move(*bytes);
    }
    void encryption(EspKey& sa, std::string_view text, std::size_t number) {
        const auto name = next_word(text), value = next_word(text);
        if (!value.starts_with("0x") && esp_encryption(Dialect::linux_kernel, name) != null_cipher)
            return refuse(number, fmt::format(key_missing, name));
        text = behind_length(text);
        const auto bits = secrets::number<unsigned>(trimmed(next_word(text))).value_or(0);
        const auto id = esp_encryption(Dialect::linux_kernel, name, bits);
        if (!id)
            return refuse(number, fmt::format("{}{} is no cipher that is known; the SA was passed over.", name,
                                              bits != 0 ? fmt::format(" with {} bits", bits) : ""));
        has_cipher = true;
        sa.encryption = *id;
        if (*id == null_cipher) return;
        auto bytes = hex_key(value);
        if (!bytes) return refuse(number, fmt::format(key_strange, name));
        sa.encryption_key = std::move(*bytes);
    }
};

class Setkey : public Listed {
public:
    Setkey(const std::string& name, Store& store) : Listed("setkey -D", name, store) {}

    void line(std::string_view text, std::size_t number) {
        const bool first = !text.empty() && !is_blank(text.front());
        const auto word = next_word(text);
        if (first) {
            const auto source = address(word), destination = address(next_word(text));
            if (source && destination) {
                begin(source, destination, number);
                has_cipher = false;
            } else {
                end();
            }
            return;
        }
        auto* sa = key();
        if (!sa) return;
        if (word == "esp" || word == "esp-udp") {
            if (const auto spi = between(text, "(0x", ")")) sa->spi = secrets::number<std::uint32_t>(*spi, 16);
        } else if (word == "E:") {
            const auto name = next_word(text);
            const auto id = esp_encryption(Dialect::setkey, name);
            if (!id) return refuse(number, fmt::format("{} is no cipher that is known; the SA was passed over.", name));
            has_cipher = true;
            sa->encryption = *id;
            if (auto bytes = hex_key(text)) sa->encryption_key = std::move(*bytes);
        } else if (word == "A:") {
            const auto name = next_word(text);
            const auto id = esp_integrity(Dialect::setkey, name);
            if (!id)
                return refuse(number,
                              fmt::format("{} is no integrity algorithm that is known; the SA was passed over.", name));
            sa->integrity = *id;
            if (auto bytes = hex_key(text)) sa->integrity_key = std::move(*bytes);
        }
    }
};

template <class Reader>
Result<Report> read(std::string_view text, const std::string& name, Store& store) {
    Reader reader(name, store);
    Lines lines(text);
    for (std::string_view line; lines.next(line);) reader.line(line, lines.number());
    reader.end();
    return reader.harvest.take();
}

} // namespace

unsigned weigh_xfrm(std::string_view line) {
    line = trimmed(line);
    return line.starts_with("proto esp spi 0x") || line.starts_with("auth-trunc ") || line.starts_with("aead rfc") ? 10
                                                                                                                   : 0;
}
unsigned weigh_setkey(std::string_view line) {
    line = trimmed(line);
    return (line.starts_with("esp mode=") || line.starts_with("esp-udp mode=")) &&
                   line.find("spi=") != std::string_view::npos
               ? 10
               : 0;
}
Result<Report> read_xfrm_state(std::string_view text, const std::string& name, Store& store) {
    return read<Xfrm>(text, name, store);
}
Result<Report> read_setkey(std::string_view text, const std::string& name, Store& store) {
    return read<Setkey>(text, name, store);
}

} // namespace ikescope::secrets
