// Our own format, ikescope-secrets/1:
//
//     format = "ikescope-secrets/1"
//     [[psk]]    key = "text" or hex = "6c6162",  name = "keyring1 of R1"
//     [[dh]]     shared = "…" or private = "…",   comment = "log-a",  initiator_spi = "9f…"
//     [[ikev2]]  initiator_spi = "9f…", responder_spi = "…",  sk_ei = "…", sk_er = "…", sk_ai … sk_ar, sk_d, sk_pi, sk_pr
//     [[esp]]    spi = "c0ffee01", encryption = "ENCR_AES_CBC" or 12, key = "…", integrity = "AUTH_HMAC_SHA1_96", integrity_key = "…",
//                esn = true, source = "192.0.2.1", destination = "192.0.2.2"
//     [[msk]]    msk = "…",  initiator_spi = "9f…"
//     [[ppk]]    key = "text" or hex = "…",  id = "PPK_ID"
//     [[addke]]  shared = "…",  initiator_spi = "9f…"
//     [[resume]] sk_d = "…"
//     [[private_key]]  pem = """-----BEGIN PRIVATE KEY----- …"""
//     [[ikev1]]  initiator_cookie = "9f…",  ka = "…" or skeyid_e = "…" or skeyid = "…",  comment = "…"

#ifndef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 0
#endif
#include "crypto/private_key.hpp"
#include "crypto/protection.hpp"
#include "secrets/formats.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <toml++/toml.h>

namespace ikescope::secrets {
namespace {

constexpr std::string_view our_format = "ikescope-secrets/1";

/// One entry of one of the arrays, and where it stands.
struct Entry {
    const toml::table& table;
    const std::string& name;
    std::string what; ///< "[[psk]] number 2"

    std::size_t line() const { return table.source().begin.line; }
    std::optional<std::string_view> text(std::string_view key) const { return table[key].value<std::string_view>(); }
    Error error(std::string_view text) const { return {fmt::format("{}: {}: {}", place(name, line()), what, text)}; }
    Origin origin(std::string_view key) const {
        const auto given = text(key);
        return {given && !given->empty() ? std::string(*given) : place(name, line()), true};
    }
    /// `key`, a text, or `hex`.
    Result<Secret> key() const {
        const auto words = text("key");
        if (words.has_value() == text("hex").has_value()) return error("needs `key` or `hex`, and not both");
        auto found = words ? Result<Secret>(Secret(bytes_of(*words))) : secret("hex");
        if (found && found->empty()) return error("the key is empty");
        return found;
    }
    Result<Secret> secret(std::string_view key) const {
        return secret_from_hex(*text(key), fmt::format("{}: {}: {}", place(name, line()), what, key));
    }
};

/// Everything is gathered first, so that a file with an error adds nothing.
struct Gathered {
    Store store;
    Report report{"ikescope secrets", 0, 0, 0, {}};
};

Result<Done> add_psk(const Entry& entry, Gathered& out) {
    auto secret = entry.key();
    if (!secret) return secret.error();
    out.store.add_psk({std::move(*secret), entry.origin("name")});
    ++out.report.psks;
    return Done{};
}

Result<Done> add_dh(const Entry& entry, Gathered& out) {
    const bool shared = entry.text("shared").has_value();
    if (shared == entry.text("private").has_value()) return entry.error("needs `shared` or `private`, and not both");
    auto secret = entry.secret(shared ? "shared" : "private");
    if (!secret) return secret.error();
    DhSecret dh{std::move(*secret),
                shared ? DhSecret::Form::shared : DhSecret::Form::private_value,
                entry.origin("comment"),
                {}};
    if (const auto spi = entry.text("initiator_spi")) {
        dh.initiator_spi = exactly<8>(*spi);
        if (!dh.initiator_spi) return entry.error("`initiator_spi` must be 16 hexadecimal digits");
    }
    out.store.add_dh(std::move(dh));
    ++out.report.dh;
    return Done{};
}

Result<Done> add_ikev1(const Entry& entry, Gathered& out) {
    using Form = Ikev1Key::Form;
    constexpr std::pair<std::string_view, Form> forms[] = {
        {"ka", Form::ka}, {"skeyid_e", Form::skeyid_e}, {"skeyid", Form::skeyid}};
    std::array<Byte, 8> cookie{};
    const auto named = entry.text("initiator_cookie");
    if (named) {
        const auto bytes = exactly<8>(*named);
        if (!bytes) return entry.error("`initiator_cookie` must be 16 hexadecimal digits");
        cookie = *bytes;
    }
    std::size_t found = 0;
    for (const auto& [key, form] : forms) {
        if (!entry.text(key)) continue;
        auto secret = entry.secret(key);
        if (!secret) return secret.error();
        out.store.add_ikev1_key({cookie, !named, form, std::move(*secret), entry.origin("comment")});
        ++found;
    }
    if (found == 0) return entry.error("needs `ka`, `skeyid_e` or `skeyid`");
    out.report.ikev1_keys += found;
    return Done{};
}

Result<Done> add_ikev2(const Entry& entry, Gathered& out) {
    constexpr std::pair<std::string_view, Secret Ikev2Key::*> parts[] = {
        {"sk_d", &Ikev2Key::d},   {"sk_ai", &Ikev2Key::ai}, {"sk_ar", &Ikev2Key::ar}, {"sk_ei", &Ikev2Key::ei},
        {"sk_er", &Ikev2Key::er}, {"sk_pi", &Ikev2Key::pi}, {"sk_pr", &Ikev2Key::pr}};
    Ikev2Key key;
    const auto initiator = entry.text("initiator_spi"), responder = entry.text("responder_spi");
    if (initiator.has_value() != responder.has_value())
        return entry.error("needs both `initiator_spi` and `responder_spi`, or neither");
    key.any_sa = !initiator;
    if (initiator) {
        const auto first = exactly<8>(*initiator), second = exactly<8>(*responder);
        if (!first || !second)
            return entry.error("`initiator_spi` and `responder_spi` must be 16 hexadecimal digits each");
        key.initiator_spi = *first;
        key.responder_spi = *second;
    }
    for (const auto& [name, member] : parts) {
        if (!entry.text(name)) continue;
        auto secret = entry.secret(name);
        if (!secret) return secret.error();
        key.*member = std::move(*secret);
    }
    if (key.ei.empty() && key.er.empty()) return entry.error("needs `sk_ei` or `sk_er`");
    key.origin = entry.origin("comment");
    out.report.ikev2_keys += out.store.add_ikev2_key(std::move(key));
    return Done{};
}

Result<Done> add_extra(const Entry& entry, Ikev2Extra::Form form, std::string_view value, Gathered& out) {
    if (!entry.text(value)) return entry.error(fmt::format("needs `{}`", value));
    auto secret = entry.secret(value);
    if (!secret) return secret.error();
    Ikev2Extra extra{form, std::move(*secret), {}, {}, entry.origin("comment")};
    if (const auto spi = entry.text("initiator_spi")) {
        extra.initiator_spi = exactly<8>(*spi);
        if (!extra.initiator_spi) return entry.error("`initiator_spi` must be 16 hexadecimal digits");
    }
    out.report.ikev2_keys += out.store.add_ikev2_extra(std::move(extra));
    return Done{};
}
Result<Done> add_msk(const Entry& entry, Gathered& out) { return add_extra(entry, Ikev2Extra::Form::msk, "msk", out); }
Result<Done> add_addke(const Entry& entry, Gathered& out) { return add_extra(entry, Ikev2Extra::Form::additional, "shared", out); }
Result<Done> add_resume(const Entry& entry, Gathered& out) { return add_extra(entry, Ikev2Extra::Form::old_d, "sk_d", out); }

Result<Done> add_ppk(const Entry& entry, Gathered& out) {
    auto secret = entry.key();
    if (!secret) return secret.error();
    const auto id = entry.text("id");
    out.report.psks += out.store.add_ikev2_extra({Ikev2Extra::Form::ppk, std::move(*secret), std::string(id.value_or("")), {}, entry.origin("comment")});
    return Done{};
}

Result<Done> add_private_key(const Entry& entry, Gathered& out) {
    const auto pem = entry.text("pem");
    if (!pem) return entry.error("needs `pem`");
    auto keys = crypto::read_private_keys(bytes_of(*pem));
    if (!keys) return entry.error(fmt::format("pem: {}", keys.error().sentence));
    for (auto& key : *keys) out.store.add_private_key({std::move(key), entry.origin("comment")});
    return Done{};
}

/// A transform by its number or by the name that IANA's registry has for it; 0 is none.
template <class Find>
std::optional<std::uint16_t> transform(const Entry& entry, std::string_view key, Find find) {
    constexpr std::uint16_t most = 2'048;
    if (const auto number = entry.table[key].value<std::int64_t>()) return *number >= 0 && *number < 65'536 ? std::optional(static_cast<std::uint16_t>(*number)) : std::nullopt;
    const auto name = entry.text(key);
    if (!name) return std::uint16_t{0};
    for (std::uint16_t number = 1; number < most; ++number)
        if (const auto* row = find(number); row && row->name == *name) return number;
    return std::nullopt;
}

Result<Done> add_esp(const Entry& entry, Gathered& out) {
    EspKey key;
    if (const auto spi = entry.text("spi")) {
        const auto bytes = exactly<4>(spi->starts_with("0x") ? spi->substr(2) : *spi);
        if (!bytes) return entry.error("`spi` must be 8 hexadecimal digits");
        key.spi = static_cast<std::uint32_t>(big_endian(*bytes));
    }
    const auto encryption = transform(entry, "encryption", crypto::find_encryption);
    const auto integrity = transform(entry, "integrity", crypto::find_integrity);
    if (!encryption || !integrity) return entry.error("`encryption` and `integrity` are transform names like ENCR_AES_CBC and AUTH_HMAC_SHA1_96, or their numbers");
    key.encryption = *encryption;
    key.integrity = *integrity;
    for (const auto& [name, member] : {std::pair("key", &EspKey::encryption_key), std::pair("integrity_key", &EspKey::integrity_key)}) {
        if (!entry.text(name)) continue;
        auto secret = entry.secret(name);
        if (!secret) return secret.error();
        key.*member = std::move(*secret);
    }
    if (key.encryption_key.empty() && key.integrity_key.empty()) return entry.error("needs `key` or `integrity_key`");
    key.esn = entry.table["esn"].value<bool>();
    for (const auto& [name, member] : {std::pair("source", &EspKey::source), std::pair("destination", &EspKey::destination)}) {
        const auto text = entry.text(name);
        if (text && !(key.*member = IpAddress::parse(std::string(*text)))) return entry.error(fmt::format("`{}` is no IP address", name));
    }
    key.origin = entry.origin("comment");
    out.store.add_esp_key(std::move(key));
    return Done{};
}

/// The arrays of the format. A new kind of secret is a row.
struct Kind {
    std::string_view array;
    Result<Done> (*add)(const Entry&, Gathered&);
};
constexpr Kind kinds[] = {{"psk", add_psk}, {"dh", add_dh}, {"ikev1", add_ikev1}, {"ikev2", add_ikev2}, {"esp", add_esp},
                          {"msk", add_msk}, {"ppk", add_ppk}, {"addke", add_addke}, {"resume", add_resume}, {"private_key", add_private_key}};

Result<Done> gather(const toml::table& root, const std::string& name, const Kind& kind, Gathered& out) {
    const auto* node = root.get(kind.array);
    if (!node) return Done{};
    const auto* array = node->as_array();
    if (!array)
        return Error{fmt::format("{}: `{}` must be an array of tables: write [[{}]]",
                                 place(name, node->source().begin.line), kind.array, kind.array)};
    std::size_t number = 0;
    for (const auto& element : *array) {
        ++number;
        const auto* table = element.as_table();
        if (!table)
            return Error{fmt::format("{}: [[{}]] number {} is no table", place(name, element.source().begin.line),
                                     kind.array, number)};
        if (auto done = kind.add({*table, name, fmt::format("[[{}]] number {}", kind.array, number)}, out); !done)
            return done.error();
    }
    return Done{};
}

Result<Report> take(const toml::table& root, const std::string& name, Store& store) {
    if (root["format"].value<std::string_view>() != our_format)
        return Error{fmt::format("{}: its format is not {}; this program reads no other", name, our_format)};
    Gathered out;
    for (const auto& kind : kinds)
        if (auto done = gather(root, name, kind, out); !done) return done.error();
    for (const auto& [key, value] : root) {
        const std::string_view array = key.str(); // clang 14 captures no structured binding
        const auto known = [array](const Kind& kind) { return kind.array == array; };
        if (array != "format" && std::ranges::none_of(kinds, known))
            out.report.notes.push_back(fmt::format("{}: `{}` is none of the format's tables and was passed over.",
                                                   place(name, value.source().begin.line), array));
    }
    for (auto& psk : out.store.psks) store.add_psk(std::move(psk));
    for (auto& dh : out.store.dh) store.add_dh(std::move(dh));
    for (auto& key : out.store.ikev1_keys) store.add_ikev1_key(std::move(key));
    for (auto& key : out.store.ikev2_keys) store.add_ikev2_key(std::move(key));
    for (auto& key : out.store.esp_keys) store.add_esp_key(std::move(key));
    for (auto& extra : out.store.ikev2_extras) store.add_ikev2_extra(std::move(extra));
    for (auto& key : out.store.private_keys) store.add_private_key(std::move(key));
    return std::move(out.report);
}

} // namespace

std::string write_toml(const Store& store) {
    std::string out = fmt::format("format = \"{}\"\n", our_format);
    for (const auto& dh : store.dh) {
        const bool shared = dh.form == DhSecret::Form::shared;
        out += fmt::format("\n[[dh]]\n{} = \"{}\"\ncomment = \"{}\"\n", shared ? "shared" : "private", hex(dh.value.reveal()), dh.origin.text);
        if (dh.initiator_spi) out += fmt::format("initiator_spi = \"{}\"\n", hex(*dh.initiator_spi));
    }
    return out;
}

unsigned weigh_toml(std::string_view line) {
    constexpr unsigned decisive = 1'000; ///< no other format has such a line
    line = trimmed(line);
    if (!line.starts_with("format")) return 0;
    const auto equals = trimmed(line.substr(6));
    return equals.starts_with('=') && equals.find("ikescope-secrets/") != std::string_view::npos ? decisive : 0;
}

Result<Report> read_toml(std::string_view text, const std::string& name, Store& store) {
    try {
        return take(toml::parse(text), name, store);
    } catch (const toml::parse_error& failed) {
        return Error{fmt::format("{}: {}", place(name, failed.source().begin.line), failed.description())};
    } catch (const std::exception& failed) {
        return Error{fmt::format("{}: cannot be read as TOML: {}", name, failed.what())};
    }
}

} // namespace ikescope::secrets
