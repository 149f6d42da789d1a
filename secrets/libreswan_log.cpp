// libreswan's pluto. Since it keeps its keys in NSS, hardly any is printed: the pre-shared key, SK_pi, SK_pr and salts,
// the keys of ESP. A dump is a label and rows in groups of four, lower case, with the text behind them:
//
//     Nov 23 17:11:10.175348: | PreShared Key
//     Nov 23 17:11:10.175349: |   6c 61 62 70  73 6b 2d 6c  69 62 72 65  73 77 61 6e   labpsk-libreswan
//
// 3.0 dumps SK_ei and its like with the size of a pointer: those four or eight bytes are an address, no key.

#include "secrets/esp_names.hpp"
#include "secrets/formats.hpp"
#include "secrets/libreswan_lines.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

enum class Use : std::uint8_t { none, psk, spi, inbound, outbound, skeyid, skeyid_e, ka, sk };

struct Label {
    std::string_view text;
    Use use;
};
// pluto: secrets.c, ikev1_quick.c, ikev2_child.c, crypt_dh_v2.c; the last ones are those of before NSS.
constexpr Label labels[] = {
    {"PreShared Key", Use::psk},
    {"PSK", Use::psk},
    {"User PSK:", Use::psk},
    {"SPI", Use::spi},
    {"inbound:", Use::inbound},
    {"outbound:", Use::outbound},
    {"KEYMAT computed:", Use::inbound},
    {"Peer KEYMAT computed:", Use::outbound},
    {"our  keymat", Use::inbound},
    {"peer keymat", Use::outbound},
    {"Skeyid:", Use::skeyid},
    {"Skeyid_e:", Use::skeyid_e},
    {"enc key:", Use::ka},
    {"SK_d:", Use::sk},
    {"SK_ai:", Use::sk},
    {"SK_ar:", Use::sk},
    {"SK_ei:", Use::sk},
    {"SK_er:", Use::sk},
    {"SK_pi:", Use::sk},
    {"SK_pr:", Use::sk},
    {"skeyseed:", Use::sk},
};

class Reader {
public:
    Reader(const std::string& name, Store& store) : harvest_("libreswan log", name, store) {}

    void line(std::string_view line, std::size_t number) {
        const auto text = libreswan_text(line);
        if (!text) return finish();
        if (use_ != Use::none)
            if (auto bytes = libreswan_row(*text)) {
                if (value_.size() < most_bytes) value_.insert(value_.end(), bytes->begin(), bytes->end());
                wipe(*bytes);
                if (bytes->size() < 16) finish();
                return;
            }
        finish();
        said(trimmed(*text), number);
    }
    Report report() {
        finish();
        if (handles_ != 0)
            harvest_.note(handles_, "libreswan keeps its IKE keys in NSS and prints only handles of them: with the "
                                    "pre-shared key alone IKE stays closed; take "
                                    "the Diffie-Hellman secret or the keys from the other end's log.");
        if (halves_ != 0)
            harvest_.note(halves_, "SK_pi and SK_pr are in it; they prove AUTH but open nothing, and libreswan does "
                                   "not print the other keys.");
        if (harvest_.read() == 0)
            harvest_.note("no key material is in it; plutodebug must name crypt and private (all leaves them out).");
        return harvest_.take();
    }

private:
    static constexpr std::size_t most_bytes = 4'096;

    void said(std::string_view text, std::size_t number) {
        if (text.starts_with("chunk_SK_p") && text.find(" extracted len ") != std::string_view::npos) {
            if (halves_ == 0) halves_ = number;
        } else if (text.starts_with("kernel: looking for alg with encrypt: ")) {
            children(text.substr(38));
        } else if (handles_ == 0 && (text.find("skeyid_e-key@") != std::string_view::npos ||
                                     text.find("SK_ei_k-key@") != std::string_view::npos ||
                                     text.find("pointers skeyid_d") != std::string_view::npos ||
                                     text.find("skeyseed-key@") != std::string_view::npos)) {
            handles_ = number;
        }
        for (const auto& label : labels) {
            if (!text.starts_with(label.text)) continue;
            auto rest = text.substr(label.text.size());
            if (!rest.empty() && !rest.starts_with("  ")) continue; // 3.0 has the first row on the same line
            use_ = label.use;
            line_ = number;
            label_ = label.text;
            if (auto bytes = libreswan_row(rest)) value_ = std::move(*bytes);
            return;
        }
    }
    void finish() {
        const auto use = std::exchange(use_, Use::none);
        if (use == Use::none || value_.empty()) return value_.clear();
        Secret value(std::move(value_));
        value_.clear();
        using Form = Ikev1Key::Form;
        const bool pointer = value.size() == 4 || value.size() == 8;
        if (use == Use::psk) return harvest_.psk(std::move(value), line_);
        if (use == Use::spi) return spi(value);
        if (use == Use::inbound || use == Use::outbound) return keymat(use == Use::inbound ? 0 : 1, std::move(value));
        if (use == Use::ka) return harvest_.ikev1(std::move(value), Form::ka, line_); // of DES has 8 bytes
        if (pointer) return reject(value);
        if (use == Use::sk) return sk(std::move(value));
        harvest_.ikev1(std::move(value), use == Use::skeyid ? Form::skeyid : Form::skeyid_e, line_);
    }
    void spi(const Secret& value) {
        spis_[0] = std::exchange(spis_[1], std::nullopt);
        if (value.size() == 4) spis_[1] = static_cast<std::uint32_t>(big_endian(value.reveal()));
    }
    void keymat(std::size_t side, Secret value) {
        keymat_[side] = std::move(value);
        keymat_line_ = line_;
    }
    void reject(const Secret& value) {
        harvest_.note(line_,
                      fmt::format("{} has {} bytes: that is an address in pluto's memory, no key; it was passed over.",
                                  label_, value.size()));
    }
    /// pluto before NSS: all seven, SK_d first.
    void sk(Secret value) {
        constexpr std::pair<std::string_view, Secret Ikev2Key::*> parts[] = {
            {"SK_d:", &Ikev2Key::d},   {"SK_ai:", &Ikev2Key::ai}, {"SK_ar:", &Ikev2Key::ar}, {"SK_ei:", &Ikev2Key::ei},
            {"SK_er:", &Ikev2Key::er}, {"SK_pi:", &Ikev2Key::pi}, {"SK_pr:", &Ikev2Key::pr}};
        for (const auto& [name, member] : parts) {
            if (name != label_) continue;
            if (member == &Ikev2Key::d) {
                set_ = Ikev2Key{};
                set_.any_sa = true;
                set_.origin = harvest_.origin(line_);
            }
            set_.*member = std::move(value);
            if (member == &Ikev2Key::pr && !set_.ei.empty() && !set_.er.empty())
                harvest_.ikev2(std::exchange(set_, {}));
            return;
        }
    }
    /// "AES_CBC keylen: 128 integ: HMAC_SHA1_96": now KEYMAT can be cut into its two keys.
    void children(std::string_view text) {
        const auto cipher = esp_encryption(Dialect::libreswan, next_word(text));
        auto rest = between(text, "keylen:").value_or("");
        const auto bits = number<std::size_t>(next_word(rest));
        const auto integrity = esp_integrity(Dialect::libreswan, trimmed(between(text, "integ:").value_or("")));
        for (const std::size_t side : {0U, 1U}) {
            const auto bytes = keymat_[side].reveal();
            if (bytes.empty()) continue;
            const auto size = cipher && bits ? *bits / 8 + salt_size(*cipher) : bytes.size() + 1;
            if (size > bytes.size() || !integrity) {
                harvest_.note(keymat_line_, "the algorithms of this KEYMAT are not known; it was passed over.");
            } else {
                EspKey key;
                key.spi = spis_[side];
                key.encryption = *cipher;
                key.integrity = *integrity;
                key.encryption_key = Secret(bytes.first(size));
                key.integrity_key = Secret(bytes.subspan(size));
                key.origin = harvest_.origin(keymat_line_);
                measure_key(key);
                harvest_.esp(std::move(key));
            }
            keymat_[side] = Secret();
        }
    }

    Harvest harvest_;
    Use use_ = Use::none;
    std::string_view label_;
    std::size_t line_ = 0, keymat_line_ = 0;
    std::size_t handles_ = 0, halves_ = 0; ///< lines; 0: none seen
    Buffer value_;
    std::optional<std::uint32_t> spis_[2];
    Secret keymat_[2]; ///< [0] inbound
    Ikev2Key set_;
};

} // namespace

std::optional<std::string_view> libreswan_text(std::string_view line) {
    if (line.starts_with("| ")) return line.substr(2);
    const auto bar = line.find(": | ");
    if (bar == std::string_view::npos) return std::nullopt;
    return line.substr(bar + 4);
}

/// Two digits and one or two blanks, until the gap before the text.
std::optional<Buffer> libreswan_row(std::string_view text) {
    constexpr std::size_t row_size = 16;
    if (!text.starts_with("  ")) return std::nullopt;
    text.remove_prefix(2);
    Buffer bytes;
    while (text.size() >= 2 && bytes.size() < row_size) {
        const int high = digit_value(text[0]), low = digit_value(text[1]);
        if (high < 0 || low < 0 || (text.size() > 2 && text[2] != ' ')) break;
        bytes.push_back(static_cast<Byte>(high * 16 + low));
        const auto next = text.find_first_not_of(' ', 2);
        if (next > 4) return bytes; // or nothing follows
        text.remove_prefix(next);
    }
    if (bytes.empty() || !(text.empty() || bytes.size() == row_size)) return std::nullopt;
    return bytes;
}

unsigned weigh_libreswan(std::string_view line) {
    if (line.find("pluto[") != std::string_view::npos) return 3;
    const auto text = libreswan_text(line);
    if (!text) {
        const auto quote = line.find("\" #");
        return quote != std::string_view::npos && line.find('"') < quote && quote + 3 < line.size() &&
                       is_digit(line[quote + 3])
                   ? 3
                   : 0;
    }
    return 3;
}

Result<Report> read_libreswan_log(std::string_view text, const std::string& name, Store& store) {
    Reader reader(name, store);
    Lines lines(text);
    for (std::string_view line; lines.next(line);)
        reader.line(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line, lines.number());
    return reader.report();
}

} // namespace ikescope::secrets
