// racoon -ddd, and what descends from it: racoon2, the daemons of gateways, MikroTik's RouterOS. A dump is a record of
// its own whose text begins with a line end, so that its digits stand on lines without a prefix; a syslog writes #012
// or \012 for it:
//
//     2026-11-23 17:00:01: DEBUG: oakley.c:2476:oakley_skeyid(): SKEYID computed:
//     2026-11-23 17:00:01: DEBUG:
//     78c28d55 4edc5cbc 38fc7e06 27a8dbb5 8c5055eb
//
//     Nov 23 17:00:01 gw racoon: DEBUG: #01278c28d55 4edc5cbc 38fc7e06 27a8dbb5 8c5055eb
//
//     17:00:01 ipsec,debug final encryption key computed:
//     17:00:01 ipsec,debug fc9c635a a7a316d3 7442463e d2e581ea

#include "secrets/formats.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

enum class Use : std::uint8_t { none, private_value, shared, psk, skeyid, skeyid_e, ka };

struct Label {
    std::string_view text;
    Use use;
};
// ipsec-tools: oakley.c; behind the last character may come ':' or '.'.
constexpr Label labels[] = {
    {"compute DH's private", Use::private_value},
    {"compute DH's shared", Use::shared},
    {"psk", Use::psk},
    {"SKEYID computed", Use::skeyid},
    {"SKEYID_e computed", Use::skeyid_e},
    {"final encryption key computed", Use::ka},
};
// Labels of these daemons that nothing else prints; their dumps are no secrets of ours.
constexpr std::string_view typical[] = {"compute DH's public",
                                        "SKEYID_d computed",
                                        "SKEYID_a computed",
                                        "IV computed",
                                        "compute intermediate encryption key",
                                        "the psk found",
                                        "HASH (init) computed",
                                        "HASH (resp) computed",
                                        "KEYMAT compute with",
                                        "phase2 IV computed"};
// plog.c, and the tags of what descends from it.
constexpr std::string_view levels[] = {"DEBUG2", "DEBUG", "INFO", "NOTIFY", "WARNING",  "ERROR",
                                       "DUMP",   "DEBG",  "PNTF", "PERR",   "PROTO_ERR"};

/// Behind "name.c:123:function(): ", if it is there.
std::string_view without_place(std::string_view text) {
    const auto end = text.find("(): ");
    const auto place = text.substr(0, end);
    if (end == std::string_view::npos || place.find(".c:") == std::string_view::npos ||
        place.find(' ') != std::string_view::npos)
        return text;
    return text.substr(end + 4);
}

/// The text of a record; nothing when the line begins none.
std::optional<std::string_view> racoon_record(std::string_view line) {
    for (const auto level : levels) {
        const auto at = line.find(level);
        if (at == std::string_view::npos) continue;
        const bool tag = at >= 5 && line.substr(at - 5, 5) == "PLOG_"; // racoon2
        if (at > 0 && !tag && line[at - 1] != ' ' && line[at - 1] != '[' && line[at - 1] != '(') continue;
        auto rest = line.substr(at + level.size());
        if (!rest.starts_with(':') && !rest.starts_with(']') && !rest.starts_with(')') && !tag) continue;
        while (!rest.empty() &&
               (rest.front() == ':' || rest.front() == ']' || rest.front() == ')' || rest.front() == ' '))
            rest.remove_prefix(1);
        return without_place(rest);
    }
    return std::nullopt;
}

/// "17:00:01 ipsec,debug,packet TEXT"; the topics may come in any order.
std::optional<std::string_view> mikrotik_record(std::string_view line) {
    for (auto at = line.find("ipsec"); at != std::string_view::npos; at = line.find("ipsec", at + 1)) {
        const auto from = line.substr(0, at).rfind(' ') + 1; // npos + 1 is 0
        auto topics = line.substr(from, line.find(' ', at) - from);
        const bool listed =
            std::ranges::all_of(topics, [](char c) { return (c >= 'a' && c <= 'z') || c == ',' || c == '!'; });
        if (!listed || topics.find(',') == std::string_view::npos) continue;
        auto text = line.substr(std::min(line.size(), from + topics.size() + 1));
        if (text.starts_with("ipsec: ")) text.remove_prefix(7);
        return text;
    }
    return std::nullopt;
}

std::string_view without_end(std::string_view text) {
    text = trimmed(text);
    if (text.ends_with(':') || text.ends_with('.')) text.remove_suffix(1);
    return trimmed(text);
}

/// rsyslog writes a line end as #012, other syslogs as \012; its digits are none of the value.
std::string without_escapes(std::string_view text) {
    std::string plain(text);
    for (const std::string_view escape : {"#012", "\\012"})
        for (auto at = plain.find(escape); at != std::string::npos; at = plain.find(escape, at))
            plain.replace(at, escape.size(), " ");
    return plain;
}

class Reader {
public:
    Reader(const std::string& name, Store& store) : harvest_("racoon log", name, store) {}

    void line(std::string_view line, std::size_t number) {
        auto text = mikrotik_record(line);
        if (text)
            mikrotik_ = true;
        else
            text = racoon_record(line);
        if (text) return record(*text, number);
        if (trimmed(line).empty()) return hex_.empty() ? void() : finish();
        if (is_hex_blocks(line)) {
            if (use_ != Use::none) hex_.add(line);
            return;
        }
        // RouterOS breaks long lines and indents what follows.
        if (is_blank(line.front()) && hex_.empty())
            said(label_ + " " + std::string(trimmed(line)), label_line_);
        else
            finish();
    }
    Report report() {
        finish();
        if (mikrotik_) harvest_.report().format = "MikroTik log";
        if (harvest_.read() == 0)
            harvest_.note(
                mikrotik_ ? "no key material is in it; RouterOS logs it with /system logging add topics=ipsec,debug."
                          : "no key material is in it; racoon prints it with -ddd or log debug2.");
        return harvest_.take();
    }

private:
    void record(std::string_view text, std::size_t number) {
        const auto plain = without_escapes(text);
        const auto value = trimmed(plain);
        if (value.empty()) return;
        if (use_ != Use::none && is_hex_blocks(value)) return hex_.add(value);
        finish();
        said(std::string(value), number);
    }
    void said(std::string text, std::size_t number) {
        label_ = std::move(text);
        label_line_ = number;
        const auto known = std::ranges::find(labels, without_end(label_), &Label::text);
        use_ = known == std::end(labels) ? Use::none : known->use;
    }
    void finish() {
        const auto use = std::exchange(use_, Use::none);
        if (use == Use::none) return hex_.clear();
        if (hex_.empty()) return;
        auto value = hex_.take();
        if (!value) return harvest_.note(label_line_, "the value behind it is cut within a byte and was passed over.");
        switch (use) {
        case Use::private_value: harvest_.dh(std::move(*value), DhSecret::Form::private_value, label_line_); break;
        case Use::shared: harvest_.dh(std::move(*value), DhSecret::Form::shared, label_line_); break;
        case Use::psk: harvest_.psk(std::move(*value), label_line_); break;
        case Use::skeyid: harvest_.ikev1(std::move(*value), Ikev1Key::Form::skeyid, label_line_); break;
        case Use::skeyid_e: harvest_.ikev1(std::move(*value), Ikev1Key::Form::skeyid_e, label_line_); break;
        case Use::ka: harvest_.ikev1(std::move(*value), Ikev1Key::Form::ka, label_line_); break;
        case Use::none: break;
        }
    }

    Harvest harvest_;
    bool mikrotik_ = false;
    std::string label_;
    std::size_t label_line_ = 0;
    Use use_ = Use::none;
    HexCollector hex_;
};

} // namespace

unsigned weigh_racoon(std::string_view line) {
    if (const auto text = mikrotik_record(line)) return line.find("ipsec,") != std::string_view::npos ? 3 : 1;
    const auto text = racoon_record(line);
    if (!text) return 0;
    const auto label = without_end(*text);
    if (label != "psk" && std::ranges::find(labels, label, &Label::text) != std::end(labels)) return 10;
    for (const auto known : typical)
        if (label.starts_with(known)) return 10;
    return line.find("racoon") != std::string_view::npos ? 3 : 0;
}

Result<Report> read_racoon_log(std::string_view text, const std::string& name, Store& store) {
    Reader reader(name, store);
    Lines lines(text);
    for (std::string_view line; lines.next(line);)
        reader.line(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line, lines.number());
    return reader.report();
}

} // namespace ikescope::secrets
