// Our own format, ikescope-secrets/1:
//
//     format = "ikescope-secrets/1"
//     [[psk]]    key = "text" or hex = "6c6162",  name = "keyring1 of R1"
//     [[dh]]     shared = "…" or private = "…",   comment = "log-a",  initiator_spi = "9f…"
//     [[ikev2]]  initiator_spi = "9f…", responder_spi = "…",  sk_ei = "…", sk_er = "…", sk_ai … sk_ar, sk_d, sk_pi,
//     sk_pr
//     [[ikev1]]  initiator_cookie = "9f…",  ka = "…" or skeyid_e = "…" or skeyid = "…",  comment = "…"

#ifndef TOML_HEADER_ONLY
#define TOML_HEADER_ONLY 0
#endif
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
    const auto key = entry.text("key");
    const auto digits = entry.text("hex");
    if (key.has_value() == digits.has_value()) return entry.error("needs `key` or `hex`, and not both");
    auto secret = key ? Result<Secret>(Secret(bytes_of(*key))) : entry.secret("hex");
    if (!secret) return secret.error();
    if (secret->empty()) return entry.error("the key is empty");
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

/// The arrays of the format. A new kind of secret is a row.
struct Kind {
    std::string_view array;
    Result<Done> (*add)(const Entry&, Gathered&);
};
constexpr Kind kinds[] = {{"psk", add_psk}, {"dh", add_dh}, {"ikev1", add_ikev1}, {"ikev2", add_ikev2}};

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
    return std::move(out.report);
}

} // namespace

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
