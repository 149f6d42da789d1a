// A dump is a head line and rows, each with the prefix of its thread, of which several may be at work at once:
//
//     Nov 23 16:59:54 14[IKE] <lab|6> SKEYID => 20 bytes @ 0x7f0920004de0
//     Nov 23 16:59:54 14[IKE] <lab|6>    0: 78 C2 8D 55 4E DC 5C BC 38 FC 7E 06 27 A8 DB B5  x..UN.\.8.~.'...
//     Nov 23 16:59:54 14[IKE] <lab|6>   16: 8C 50 55 EB                                      .PU.
//
// The journal shows no prefix, its rows follow their head, indented. As JSON a dump is one message with line ends in
// it:
//
//     {"time":"…","thread":14,"group":"IKE","level":4,"ikesa-uniqueid":"6","ikesa-name":"lab","msg":"SKEYID => 20 bytes
//     @ …\n   0: …"}
//     {"MESSAGE":"SKEYID => 20 bytes @ …\n   0:
//     …","THREAD":"14","GROUP":"IKE","IKE_SA_NAME":"lab","IKE_SA_UNIQUE_ID":"6",…}
//
// In a syslog of several hosts their threads and SAs have the same numbers, so that both are told apart by the daemon.

#include "secrets/charon_lines.hpp"

#include "secrets/formats.hpp"

#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

namespace ikescope::secrets {
namespace {

constexpr std::size_t most_bytes = 65'600; ///< of one dump: a datagram and its marker
constexpr std::size_t most_threads = 1'024;
constexpr std::size_t row_size = 16;

// libstrongswan: debug_names, in capitals.
constexpr std::string_view groups[] = {"DMN", "MGR", "IKE", "CHD", "JOB", "CFG", "KNL", "NET", "ASN",
                                       "ENC", "TNC", "IMC", "IMV", "PTS", "TLS", "APP", "ESP", "LIB"};

bool is_group(std::string_view text) {
    if (text.size() == 4 && is_digit(text.back())) text.remove_suffix(1); // log_level = yes
    return std::ranges::find(groups, text) != std::end(groups);
}

/// "gw charon[812]:" at the end of what stands before a message of a syslog. Without a name of the host its time stands
/// there, which is no part of it.
std::string_view daemon_of(std::string_view before) {
    if (!before.ends_with(':')) return {};
    const auto tag = before.rfind(' ') + 1; // npos + 1 is 0
    if (is_digit(before[tag])) return {};   // a time
    const auto host = tag < 2 ? 0 : before.rfind(' ', tag - 2) + 1;
    const bool is_time = is_digit(before[host]) && before.substr(host, tag - host).find(':') != std::string_view::npos;
    return before.substr(is_time ? tag : host);
}

/// Prefix: two digits of the thread, [GRP] or [GRPn], <name|number>, each behind whatever a syslog puts first.
std::optional<CharonRecord> prefixed(std::string_view line) {
    for (auto at = line.find('['); at != std::string_view::npos; at = line.find('[', at + 1)) {
        if (at < 2 || !is_digit(line[at - 1]) || !is_digit(line[at - 2])) continue;
        const auto close = line.find(']', at);
        if (close == std::string_view::npos) break;
        if (!is_group(line.substr(at + 1, close - at - 1))) continue;
        const auto before = trimmed(line.substr(0, at - 2));
        const auto daemon = daemon_of(before);
        const auto thread = daemon.empty() ? at - 2 : static_cast<std::size_t>(daemon.data() - line.data());
        CharonRecord record{before, daemon, line.substr(thread, at - thread), {}, line.substr(close + 1), 0};
        if (record.text.starts_with(' ')) record.text.remove_prefix(1);
        if (!record.text.starts_with('<')) return record;
        if (const auto end = record.text.find("> "); end != std::string_view::npos) {
            record.sa = record.text.substr(1, end - 1);
            record.text.remove_prefix(end + 2);
        }
        return record;
    }
    return std::nullopt;
}

/// "Nov 23 16:59:54 gw charon-systemd[812]: MESSAGE", or only a message.
CharonRecord bare(std::string_view line) {
    const auto colon = line.find("]: ");
    constexpr std::string_view programs[] = {"charon", "ipsec", "strongswan"}; // the last one: its unit
    const auto before = line.substr(0, colon == std::string_view::npos ? 0 : colon);
    if (std::ranges::none_of(programs, [&](auto name) { return before.find(name) != std::string_view::npos; }))
        return {{}, {}, {}, {}, line, 0};
    const auto daemon = daemon_of(line.substr(0, colon + 2));
    return {trimmed(before), daemon, daemon, {}, line.substr(colon + 3), 0};
}

struct Head {
    std::string_view label;
    std::size_t size;
};

/// "LABEL => N bytes @ 0x…"
std::optional<Head> head_of(std::string_view message) {
    const auto arrow = message.find("=> ");
    if (arrow == std::string_view::npos) return std::nullopt;
    const auto rest = message.substr(arrow + 3);
    const auto bytes = rest.find(" bytes @ ");
    if (bytes == std::string_view::npos) return std::nullopt;
    const auto size = number<std::size_t>(rest.substr(0, bytes));
    if (!size) return std::nullopt;
    return Head{trimmed(message.substr(0, arrow)), *size};
}

/// "  16: 8C 50 55 EB    .PU.": exactly as many bytes as the head still promises; the text column may look like hex,
/// too.
bool append_row(std::string_view message, std::size_t total, Buffer& out) {
    const auto colon = message.find(": ");
    if (colon == std::string_view::npos) return false;
    const auto offset = number<std::size_t>(trimmed(message.substr(0, colon)));
    if (!offset || *offset != out.size() || out.size() >= total) return false;
    const auto hex = message.substr(colon + 2);
    const auto count = std::min(row_size, total - out.size());
    if (hex.size() < 3 * count - 1) return false;
    Byte row[row_size];
    for (std::size_t i = 0; i < count; ++i) {
        const int high = digit_value(hex[3 * i]), low = digit_value(hex[3 * i + 1]);
        if (high < 0 || low < 0 || (i + 1 < count && hex[3 * i + 2] != ' ')) return false;
        row[i] = static_cast<Byte>(high * 16 + low);
    }
    out.insert(out.end(), row, row + count);
    wipe(row);
    return true;
}

/// A text or a number of a JSON object; journald writes what it holds for binary as an array of bytes.
std::string text_in(const nlohmann::json& object, const char* key) {
    const auto at = object.find(key);
    if (at == object.end()) return {};
    if (at->is_string()) return at->get<std::string>();
    if (at->is_number_integer()) return fmt::format("{}", at->get<std::int64_t>());
    std::string text;
    if (at->is_array())
        for (const auto& byte : *at)
            if (byte.is_number_integer()) text += static_cast<char>(byte.get<std::int64_t>());
    return text;
}

class Walker {
public:
    explicit Walker(CharonListener& listener) : listener_(listener) {}

    void line(std::string_view text, std::size_t number) {
        if (text.ends_with('\r')) text.remove_suffix(1);
        if (object_line_ != 0 ? text.empty() || is_blank(text[0]) || text[0] == '}' : text == "{")
            return indented(text, number);
        forget_object(); // it is none after all
        if (text.starts_with("[{")) text.remove_prefix(1); // an array of objects
        if (text.starts_with('{')) return json(text.substr(0, text.rfind('}') + 1), number);
        auto record = prefixed(text).value_or(bare(text));
        record.line = number;
        take(record);
    }
    void finish() {
        forget_object();
        for (const auto& [thread, dump] : dumps_) listener_.cut(dump);
    }

private:
    using Dumps = std::map<std::string, CharonDump, std::less<>>;

    /// An object over several lines, as journalctl -o json-pretty and jq write it: its braces stand at the beginning.
    void indented(std::string_view text, std::size_t number) {
        constexpr std::size_t most = 1 << 20;
        if (object_line_ == 0) object_line_ = number;
        if (object_.size() + text.size() < most) object_ += text;
        if (!text.starts_with('}')) return;
        if (object_.ends_with(',')) object_.pop_back();
        json(object_, object_line_);
        forget_object();
    }
    void forget_object() {
        wipe({reinterpret_cast<Byte*>(object_.data()), object_.size()});
        object_.clear();
        object_line_ = 0;
    }
    void json(std::string_view text, std::size_t number) {
        const auto object = nlohmann::json::parse(text, nullptr, false);
        if (!object.is_object()) return;
        const bool journal = object.contains("MESSAGE");
        const auto either = [&](const char* file, const char* in_journal) {
            return text_in(object, journal ? in_journal : file);
        };
        auto message = either("msg", "MESSAGE");
        const auto time = either("time", "__REALTIME_TIMESTAMP"), host = text_in(object, "_HOSTNAME");
        const auto named = either("thread", "THREAD"), thread = host + " " + named;
        const auto sa = either("ikesa-name", "IKE_SA_NAME") + "|" + either("ikesa-uniqueid", "IKE_SA_UNIQUE_ID");
        Lines lines(message);
        for (std::string_view part; lines.next(part);) {
            // What came to the journal by syslog has thread and SA in its text.
            const auto written = named.empty() ? prefixed(part) : std::nullopt;
            const auto its_thread = written ? host + " " + std::string(written->thread) : thread;
            take({time, host, its_thread, written ? written->sa : sa == "|" ? std::string_view() : std::string_view(sa),
                  written ? written->text : part, number});
        }
        wipe({reinterpret_cast<Byte*>(message.data()), message.size()});
    }
    void take(const CharonRecord& record) {
        // The rows of a message with several lines may have nothing in front of them, as journalctl prints them.
        const auto at = dumps_.find(record.thread.empty() ? std::string_view(latest_) : record.thread);
        if (at != dumps_.end()) {
            auto& dump = at->second;
            if (append_row(record.text, dump.size, dump.bytes)) {
                if (dump.bytes.size() == dump.size) listener_.dumped(std::move(dumps_.extract(at).mapped()));
                return;
            }
            listener_.cut(dump);
            dumps_.erase(at);
        }
        const auto head = head_of(record.text);
        if (!head || head->size > most_bytes) return listener_.said(record);
        if (head->size == 0 || dumps_.size() >= most_threads) return;
        auto& dump = dumps_[std::string(record.thread)];
        dump.time = record.time;
        dump.daemon = record.daemon;
        dump.thread = record.thread;
        dump.sa = record.sa;
        dump.label = head->label;
        dump.line = record.line;
        dump.size = head->size;
        latest_ = dump.thread;
    }

    CharonListener& listener_;
    Dumps dumps_;
    std::string latest_;          ///< thread of the dump that began last
    std::string object_;          ///< its lines so far
    std::size_t object_line_ = 0; ///< its first line; 0: none
};

} // namespace

void walk_charon_log(std::string_view text, CharonListener& listener) {
    Walker walker(listener);
    Lines lines(text);
    for (std::string_view line; lines.next(line);) walker.line(line, lines.number());
    walker.finish();
}

unsigned weigh_charon(std::string_view line) {
    constexpr std::string_view of_charon[] = {"charon", "\"IKE_SA_UNIQUE_ID\"", " bytes @ 0x"};
    if (line.starts_with('{'))
        return (line.find("\"group\":") != std::string_view::npos && line.find("\"msg\":") != std::string_view::npos) ||
                       (line.find("\"MESSAGE\"") != std::string_view::npos &&
                        std::ranges::any_of(of_charon, [&](auto words) { return line.find(words) != std::string_view::npos; }))
                   ? 10
                   : 0;
    if (line.find(" bytes @ ") != std::string_view::npos && head_of(line)) return 10;
    return prefixed(line) ? 3 : 0;
}

} // namespace ikescope::secrets
