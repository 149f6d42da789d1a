// strongSwan's charon, log level 4. A dump is a head line and rows, each with the prefix of its thread, of which several
// may be at work at once:
//
//     Nov 23 16:59:54 14[IKE] <lab|6> SKEYID => 20 bytes @ 0x7f0920004de0
//     Nov 23 16:59:54 14[IKE] <lab|6>    0: 78 C2 8D 55 4E DC 5C BC 38 FC 7E 06 27 A8 DB B5  x..UN.\.8.~.'...
//     Nov 23 16:59:54 14[IKE] <lab|6>   16: 8C 50 55 EB                                      .PU.
//
// Without a prefix (journal) the rows follow their head.

#include "secrets/formats.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

enum class Use : std::uint8_t { dh_shared, psk, skeyid, skeyid_e, ka, sk };

struct Label {
    std::string_view text;
    Use use;
    Secret Ikev2Key::*sk = nullptr; ///< of Use::sk
};
// libcharon: keymat_v1.c, keymat_v2.c, psk_authenticator.c; "key exchange secret" since 6.0.
constexpr Label labels[] = {
    {"shared Diffie Hellman secret", Use::dh_shared},
    {"key exchange secret", Use::dh_shared},
    {"secret", Use::psk},
    {"SKEYID", Use::skeyid},
    {"SKEYID_e", Use::skeyid_e},
    {"encryption key Ka", Use::ka},
    {"Sk_d secret", Use::sk, &Ikev2Key::d},
    {"Sk_ai secret", Use::sk, &Ikev2Key::ai},
    {"Sk_ar secret", Use::sk, &Ikev2Key::ar},
    {"Sk_ei secret", Use::sk, &Ikev2Key::ei},
    {"Sk_er secret", Use::sk, &Ikev2Key::er},
    {"Sk_pi secret", Use::sk, &Ikev2Key::pi},
    {"Sk_pr secret", Use::sk, &Ikev2Key::pr},
};
constexpr std::size_t most_bytes = 4'096;  ///< of one secret; MODP 8192 has 1024
constexpr std::size_t most_threads = 1'024;
constexpr std::size_t row_size = 16;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_group(std::string_view text) {
    return text.size() == 3 && std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// A line's message, and the thread and IKE_SA that wrote it; both empty where there is no prefix.
struct LogLine {
    std::string_view thread, message;
};

/// Prefix: two digits of the thread, [GRP] or [GRPn], <name|number>, each behind whatever a syslog puts first.
LogLine split(std::string_view line) {
    for (auto at = line.find('['); at != std::string_view::npos; at = line.find('[', at + 1)) {
        if (at < 2 || !is_digit(line[at - 1]) || !is_digit(line[at - 2])) continue;
        const auto close = line.find(']', at);
        if (close == std::string_view::npos) break;
        auto group = line.substr(at + 1, close - at - 1);
        if (group.size() == 4 && is_digit(group.back())) group.remove_suffix(1);
        if (!is_group(group)) continue;
        auto message = line.substr(close + 1);
        if (message.starts_with(' ')) message.remove_prefix(1);
        if (message.starts_with('<'))
            if (const auto end = message.find("> "); end != std::string_view::npos) message.remove_prefix(end + 2);
        return {line.substr(at - 2, 2), message};
    }
    return {{}, line};
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

struct Head {
    std::string_view label;
    std::size_t size;
};

/// "LABEL => N bytes @ 0x…"
std::optional<Head> head_of(std::string_view message) {
    const auto arrow = message.find(" => ");
    if (arrow == std::string_view::npos) return std::nullopt;
    const auto rest = message.substr(arrow + 4);
    const auto bytes = rest.find(" bytes @ ");
    if (bytes == std::string_view::npos) return std::nullopt;
    const auto size = number<std::size_t>(rest.substr(0, bytes));
    if (!size) return std::nullopt;
    return Head{trimmed(message.substr(0, arrow)), *size};
}

int digit_value(char c) {
    if (is_digit(c)) return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/// "  16: 8C 50 55 EB    .PU.": exactly as many bytes as the head still promises; the text column may look like hex, too.
bool append_row(std::string_view message, std::size_t total, Buffer& out) {
    const auto colon = message.find(": ");
    if (colon == std::string_view::npos) return false;
    const auto offset = number<std::size_t>(trimmed(message.substr(0, colon)));
    if (!offset || *offset != out.size() || out.size() >= total) return false;
    const auto hex = message.substr(colon + 2);
    const auto count = std::min(row_size, total - out.size());
    if (hex.size() < 3 * count - 1) return false;
    for (std::size_t i = 0; i < count; ++i) {
        const int high = digit_value(hex[3 * i]), low = digit_value(hex[3 * i + 1]);
        if (high < 0 || low < 0 || (i + 1 < count && hex[3 * i + 2] != ' ')) return false;
        out.push_back(static_cast<Byte>(high * 16 + low));
    }
    return true;
}

/// A dump that a thread is printing.
struct Dump {
    const Label* label = nullptr;
    std::size_t size = 0, line = 0;
    Buffer bytes;
};

class Reader {
public:
    Reader(const std::string& name, Store& store) : name_(name), store_(store) {}

    void line(std::string_view text, std::size_t number) {
        if (text.ends_with('\r')) text.remove_suffix(1);
        const auto [thread, message] = split(text);
        const auto at = dumps_.find(thread);
        if (at != dumps_.end() && append_row(message, at->second.size, at->second.bytes)) {
            if (at->second.bytes.size() == at->second.size) finish(at);
            return;
        }
        if (at != dumps_.end()) {
            broken(at->second);
            dumps_.erase(at);
        }
        begin(thread, message, number);
    }
    Report report() {
        for (const auto& [thread, dump] : dumps_) broken(dump);
        if (report_.found() == 0)
            report_.notes.push_back(fmt::format("{}: no key material is in it; charon prints it at level 4 only (ike = 4, enc = 3).", name_));
        return std::move(report_);
    }

private:
    using Dumps = std::map<std::string, Dump, std::less<>>;

    void begin(std::string_view thread, std::string_view message, std::size_t line_number) {
        const auto head = head_of(message);
        if (!head || head->size == 0 || head->size > most_bytes || dumps_.size() >= most_threads) return;
        for (const auto& label : labels) {
            // Lines without a prefix may have a time or a host before the label.
            const bool fits = thread.empty() ? head->label.ends_with(label.text) && label.use != Use::psk : head->label == label.text;
            if (!fits) continue;
            dumps_[std::string(thread)] = {&label, head->size, line_number, {}};
            return;
        }
    }
    void finish(Dumps::iterator at) {
        auto& dump = at->second;
        const Origin origin{place(name_, dump.line), true};
        const auto key = [&](Ikev1Key::Form form) {
            report_.ikev1_keys += store_.add_ikev1_key({{}, true, form, Secret(std::move(dump.bytes)), origin});
        };
        switch (dump.label->use) {
        case Use::dh_shared:
            report_.dh += store_.add_dh({Secret(std::move(dump.bytes)), DhSecret::Form::shared, origin, {}});
            break;
        case Use::psk: add_psk({Secret(std::move(dump.bytes)), origin}); break;
        case Use::skeyid: key(Ikev1Key::Form::skeyid); break;
        case Use::skeyid_e: key(Ikev1Key::Form::skeyid_e); break;
        case Use::ka: key(Ikev1Key::Form::ka); break;
        case Use::sk: take_sk(at->first, dump.label->sk, Secret(std::move(dump.bytes)), origin); break;
        }
        dumps_.erase(at);
    }
    /// A set begins with SK_d and ends with SK_pr (keymat_v2.c); an AEAD has no SK_a.
    void take_sk(const std::string& thread, Secret Ikev2Key::*which, Secret value, const Origin& origin) {
        if (which == &Ikev2Key::d) {
            auto& begun = sets_[thread] = {};
            begun.any_sa = true;
            begun.origin = origin;
        }
        const auto set = sets_.find(thread);
        if (set == sets_.end()) return;
        set->second.*which = std::move(value);
        if (which != &Ikev2Key::pr) return;
        if (!set->second.ei.empty() && !set->second.er.empty()) report_.ikev2_keys += store_.add_ikev2_key(std::move(set->second));
        sets_.erase(set);
    }
    void add_psk(Psk psk) {
        for (const auto& known : store_.psks)
            if (known.key == psk.key) return;
        store_.add_psk(std::move(psk));
        ++report_.psks;
    }
    void broken(const Dump& dump) {
        constexpr std::size_t most_notes = 100;
        if (report_.notes.size() >= most_notes) return;
        report_.notes.push_back(fmt::format("{}: a dump of {} bytes ends after {} and was passed over.", place(name_, dump.line), dump.size, dump.bytes.size()));
    }

    const std::string& name_;
    Store& store_;
    Report report_{"charon log", 0, 0, 0, {}};
    Dumps dumps_;
    std::map<std::string, Ikev2Key, std::less<>> sets_; ///< begun, per thread
};

} // namespace

bool is_charon_log(std::string_view text) {
    Lines lines(text);
    for (std::string_view line; lines.next(line);) {
        if (line.find("[IKE") == std::string_view::npos && line.find("[ENC") == std::string_view::npos &&
            line.find("[NET") == std::string_view::npos && line.find(" bytes @ ") == std::string_view::npos)
            continue;
        const auto [thread, message] = split(line);
        if (!thread.empty() || head_of(message)) return true;
    }
    return false;
}

Result<Report> read_charon_log(std::string_view text, const std::string& name, Store& store) {
    Reader reader(name, store);
    Lines lines(text);
    for (std::string_view line; lines.next(line);) reader.line(line, lines.number());
    return reader.report();
}

} // namespace ikescope::secrets
