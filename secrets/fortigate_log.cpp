// FortiGate. Keys stand in one line each, which terminals wrap:
//
//     ike 0:IPSECVPN:1094499: IKE SA 65d3ae182a9bf8e4/53cd353c74a2861e SK_ar 32:20171069004658BE…
//     ike V=root:0:p1:14: ISAKMP SA 12f2cbed073d6dba/21c98f93c506f466 key 16:5D2F…
//
// diagnose vpn tunnel list has the keys of ESP:
//
//     name=p1 ver=1 serial=1 10.77.0.1:0->10.77.0.2:0 …
//       dec: spi=7c1098ca esp=aes key=16 d8a8…
//            ah=sha1 key=20 851c…
//       enc: spi=b3672715 esp=aes key=16 5cc2…

#include "secrets/esp_names.hpp"
#include "secrets/formats.hpp"
#include "secrets/fortigate_lines.hpp"

#include <fmt/format.h>
#include <map>

namespace ikescope::secrets {
namespace {

using Cookies = std::array<Byte, 16>;

/// "SK_ar 32:2017…": a key that was begun; wrapped digits follow.
struct Begun {
    Cookies cookies{};
    std::string name;
    std::size_t bytes = 0, line = 0;
    HexCollector hex;
};

constexpr std::pair<std::string_view, Secret Ikev2Key::*> parts[] = {
    {"SK_d", &Ikev2Key::d},   {"SK_ai", &Ikev2Key::ai}, {"SK_ar", &Ikev2Key::ar}, {"SK_ei", &Ikev2Key::ei},
    {"SK_er", &Ikev2Key::er}, {"SK_pi", &Ikev2Key::pi}, {"SK_pr", &Ikev2Key::pr}};

/// "65d3…/53cd…"
std::optional<Cookies> cookies_of(std::string_view text) {
    const auto slash = text.find('/');
    if (slash != 16 || text.size() != 33) return std::nullopt;
    return exactly<16>(std::string(text.substr(0, 16)) + std::string(text.substr(17)));
}

std::array<Byte, 8> half(const Cookies& cookies, std::size_t which) {
    std::array<Byte, 8> spi{};
    std::copy_n(cookies.begin() + static_cast<std::ptrdiff_t>(8 * which), 8, spi.begin());
    return spi;
}

/// One direction of an SA in `diagnose vpn tunnel list`.
struct Half {
    bool inbound = false;
    std::size_t line = 0;
    EspKey key;
};

class Reader {
public:
    Reader(const std::string& name, Store& store) : harvest_("FortiGate log", name, store) {}

    void line(std::string_view line, std::size_t number) {
        const auto text = trimmed(line);
        if (const auto record = fortigate_record(line)) {
            finish();
            begin(record->text, number);
        } else if (begun_ && (text.empty() || all_hex(text))) {
            begun_->hex.add(text);
        } else {
            finish();
            tunnel(text, number);
        }
        if (begun_ && begun_->hex.digits() >= 2 * begun_->bytes) finish();
    }
    Report report() {
        finish();
        end_half();
        for (auto& [cookies, set] : sets_) {
            if (set.ei.empty() && set.er.empty())
                harvest_.note(0, fmt::format("of IKE SA {} neither SK_ei nor SK_er is in it.", hex(cookies)));
            else
                harvest_.ikev2(std::move(set));
        }
        if (harvest_.read() == 0)
            harvest_.note("no key material is in it; diagnose debug application ike -1 prints keys while an SA is "
                          "negotiated, diagnose vpn tunnel list those of ESP.");
        return harvest_.take();
    }

private:
    void begin(std::string_view text, std::size_t number) {
        const bool ikev1 = text.starts_with("ISAKMP SA ");
        if (!ikev1 && !text.starts_with("IKE SA ")) return;
        text.remove_prefix(ikev1 ? 10 : 7);
        const auto cookies = cookies_of(next_word(text));
        const auto name = next_word(text);
        text = trimmed(text);
        const auto colon = text.find(':');
        if (!cookies || colon == std::string_view::npos) return;
        const auto bytes = secrets::number<std::size_t>(text.substr(0, colon));
        const bool known =
            ikev1 ? name == "key" : std::ranges::any_of(parts, [&](const auto& part) { return part.first == name; });
        if (!bytes || *bytes == 0 || *bytes > 256 || !known) return;
        auto& begun = begun_.emplace();
        begun.cookies = *cookies;
        begun.name = name;
        begun.bytes = *bytes;
        begun.line = number;
        begun.hex.add(text.substr(colon + 1));
    }
    void finish() {
        if (!begun_) return;
        auto& begun = *begun_;
        auto value = begun.hex.digits() == 2 * begun.bytes ? begun.hex.take() : std::nullopt;
        if (!value)
            harvest_.note(begun.line,
                          fmt::format("the {} bytes of {} are not all there, or there are more; they were passed over.",
                                      begun.bytes, begun.name));
        else if (begun.name == "key")
            harvest_.ikev1(std::move(*value), Ikev1Key::Form::ka, begun.line, half(begun.cookies, 0));
        else
            add(begun, std::move(*value));
        begun_.reset();
    }
    void add(const Begun& begun, Secret value) {
        constexpr std::size_t most_sets = 65'536;
        if (sets_.size() >= most_sets) return;
        auto& set = sets_[begun.cookies];
        if (set.origin.text.empty()) {
            set.initiator_spi = half(begun.cookies, 0);
            set.responder_spi = half(begun.cookies, 1);
            set.origin = harvest_.origin(begun.line);
        }
        for (const auto& [name, member] : parts) {
            if (name != begun.name) continue;
            set.*member = std::move(value);
            return;
        }
    }
    void tunnel(std::string_view text, std::size_t number) {
        if (text.starts_with("name=")) return ends(text);
        const bool inbound = text.starts_with("dec: spi=");
        if (inbound || text.starts_with("enc: spi=")) {
            end_half();
            auto& half = half_.emplace();
            half.inbound = inbound;
            half.line = number;
            text.remove_prefix(9);
            half.key.spi = secrets::number<std::uint32_t>(next_word(text), 16);
        }
        if (!half_) return;
        text = trimmed(text);
        if (text.starts_with("esp="))
            algorithm(text.substr(4), number, false);
        else if (text.starts_with("ah=")) {
            algorithm(text.substr(3), number, true);
            end_half();
        }
    }
    /// "aes key=16 d8a8…"
    void algorithm(std::string_view text, std::size_t number, bool integrity) {
        const auto name = next_word(text);
        const auto size = next_word(text);
        const auto id = integrity ? esp_integrity(Dialect::fortigate, name) : esp_encryption(Dialect::fortigate, name);
        auto bytes = parse_hex(trimmed(text));
        const auto promised = size.starts_with("key=") ? secrets::number<std::size_t>(size.substr(4)) : std::nullopt;
        if (!id || !promised || !bytes || bytes->size() != *promised) {
            harvest_.note(
                number, fmt::format("{} with its key cannot be read and was passed over.", integrity ? "ah=" : "esp="));
            half_.reset();
            return;
        }
        auto& key = half_->key;
        (integrity ? key.integrity : key.encryption) = *id;
        (integrity ? key.integrity_key : key.encryption_key) = Secret(std::move(*bytes));
    }
    void end_half() {
        if (!half_) return;
        auto& key = half_->key;
        key.source = ends_[half_->inbound ? 1 : 0];
        key.destination = ends_[half_->inbound ? 0 : 1];
        key.origin = harvest_.origin(half_->line);
        measure_key(key);
        if (key.spi && key.encryption != 0) harvest_.esp(std::move(key));
        half_.reset();
    }
    /// "name=p1 ver=1 serial=1 10.77.0.1:0->10.77.0.2:0 …": this end, the other end.
    void ends(std::string_view text) {
        ends_[0] = ends_[1] = std::nullopt;
        while (!text.empty()) {
            const auto word = next_word(text);
            const auto arrow = word.find("->");
            if (arrow == std::string_view::npos) continue;
            const auto address = [](std::string_view part) {
                return IpAddress::parse(std::string(part.substr(0, part.rfind(':'))));
            };
            ends_[0] = address(word.substr(0, arrow));
            ends_[1] = address(word.substr(arrow + 2));
            return;
        }
    }

    Harvest harvest_;
    std::optional<Begun> begun_;
    std::map<Cookies, Ikev2Key> sets_;
    std::optional<Half> half_;
    std::optional<IpAddress> ends_[2];
};

bool is_name(std::string_view text) { return text.starts_with("V=") || (!text.empty() && is_digit(text.front())); }

} // namespace

std::optional<FortigateRecord> fortigate_record(std::string_view line) {
    for (auto at = line.find("ike "); at != std::string_view::npos; at = line.find("ike ", at + 1)) {
        if (at > 0 && line[at - 1] != ' ' && line[at - 1] != '\t' && line[at - 1] != ']') continue;
        const auto rest = line.substr(at + 4);
        const auto end = rest.find(": ");
        const bool bare = end == std::string_view::npos && rest.ends_with(':');
        const auto name = rest.substr(0, bare ? rest.size() - 1 : end);
        if ((end == std::string_view::npos && !bare) || !is_name(name) || name.find(' ') != std::string_view::npos)
            continue;
        if (name.find(':') == std::string_view::npos && name.size() > 3) continue; // the number of a VDOM
        return FortigateRecord{trimmed(line.substr(0, at)), name,
                               bare ? std::string_view() : trimmed(rest.substr(end + 2))};
    }
    return std::nullopt;
}

unsigned weigh_fortigate(std::string_view line) {
    if (const auto record = fortigate_record(line))
        return record->text.starts_with("IKE SA ") || record->text.starts_with("ISAKMP SA ") ? 10 : 3;
    const auto text = trimmed(line);
    return (text.starts_with("dec: spi=") || text.starts_with("enc: spi=")) &&
                   text.find(" esp=") != std::string_view::npos
               ? 10
               : 0;
}

Result<Report> read_fortigate_log(std::string_view text, const std::string& name, Store& store) {
    Reader reader(name, store);
    Lines lines(text);
    for (std::string_view line; lines.next(line);) reader.line(line, lines.number());
    return reader.report();
}

} // namespace ikescope::secrets
