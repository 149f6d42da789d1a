// What the command tables share: numbers, masks, prefixes, keys, identities.

#include "ios/commands.hpp"

#include "ios/reader.hpp"

#include <algorithm>
#include <charconv>

namespace ikescope::ios {

std::string Call::rest_text() const {
    auto text = words.from(fit.rest);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return std::string(text);
}

std::optional<unsigned> number_of(std::string_view text) {
    unsigned value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

std::optional<Mask> mask_from(std::string_view text) {
    if (const auto address = IpAddress::parse(text)) {
        const auto length = mask_length(*address);
        return length ? std::optional(Mask{*length, false}) : std::nullopt;
    }
    // `255.255.255.` or `255.255`: the complete parts count, each must be 255.
    std::uint8_t length = 0;
    while (text.starts_with("255")) {
        length = static_cast<std::uint8_t>(length + 8);
        text.remove_prefix(3);
        if (text.starts_with('.')) text.remove_prefix(1);
    }
    if (!text.empty() || length == 0 || length >= 32) return std::nullopt;
    return Mask{length, true};
}

std::optional<Prefix> ipv6_prefix(std::string_view text) {
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address || address->family != 6) return std::nullopt;
    const auto length = slash == std::string_view::npos ? std::optional(128U) : number_of(text.substr(slash + 1));
    if (!length || *length > 128) return std::nullopt;
    return Prefix{*address, static_cast<std::uint8_t>(*length)};
}

std::optional<Prefix> read_prefix(Reading& reading, const Words& words, std::size_t& place) {
    if (abbreviates(words[place], "ipv6")) ++place;
    if (auto prefix = ipv6_prefix(words[place])) {
        ++place;
        return prefix;
    }
    auto text = words[place];
    const auto slash = text.find('/');
    const auto address = IpAddress::parse(text.substr(0, slash));
    if (!address) return std::nullopt;
    ++place;
    Prefix out{*address, static_cast<std::uint8_t>(address->v4_number() == 0 ? 0 : 32)};
    if (slash != std::string_view::npos) {
        const auto length = number_of(text.substr(slash + 1));
        if (!length || *length > 32) return std::nullopt;
        out.length = static_cast<std::uint8_t>(*length);
        return out;
    }
    const auto next = words[place];
    if (next.empty() || next[0] < '0' || next[0] > '9') return out;
    const auto mask = mask_from(next);
    if (!mask) {
        if (std::ranges::count(next, '.') < 2) return out; // a VRF may be called 1
        reading.note("'" + std::string(next) + "' is not a netmask; /32 assumed");
        ++place;
        return Prefix{*address, 32};
    }
    ++place;
    out.length = mask->length;
    if (mask->assumed)
        reading.note("the mask '" + std::string(next) + "' is cut short; /" + std::to_string(mask->length) + " assumed");
    return out;
}

std::optional<Secret> decode_type7(std::string_view digits) {
    // Cisco's type 7 is an XOR with this text, started at the offset that the first two digits name.
    constexpr std::string_view pad = "dsfd;kfoA,.iyewrkldJKDHSUBsgvca69834ncxv9873254k;fg87";
    while (!digits.empty() && (digits.back() == ' ' || digits.back() == '\t')) digits.remove_suffix(1);
    if (digits.size() < 4 || digits.size() % 2 != 0) return std::nullopt;
    const auto start = number_of(digits.substr(0, 2));
    const auto cipher = parse_hex(digits.substr(2));
    if (!start || *start >= pad.size() || !cipher || cipher->size() != digits.size() / 2 - 1) return std::nullopt;
    Buffer plain(*cipher);
    for (std::size_t i = 0; i < plain.size(); ++i)
        plain[i] = static_cast<Byte>(plain[i] ^ static_cast<Byte>(pad[(*start + i) % pad.size()]));
    return Secret(std::move(plain));
}

KeyMaterial read_key(const Words& words) {
    KeyMaterial out;
    const auto spot = find_key(words);
    if (!spot) {
        out.unusable = "there is no key in the line";
        return out;
    }
    const auto text = words.line.substr(spot->begin, spot->end - spot->begin);
    out.trailing_blank = !text.empty() && (text.back() == ' ' || text.back() == '\t');
    if (spot->form == "6") {
        out.form = KeyForm::type6;
        out.trailing_blank = false;
        out.unusable = "a type 6 key cannot be read without the router's master key; give the clear key by hand";
    } else if (spot->form == "7") {
        out.form = KeyForm::type7;
        out.trailing_blank = false;
        if (auto clear = decode_type7(text)) out.key = std::move(*clear);
        else out.unusable = "not a type 7 key: two decimal digits and pairs of hexadecimal digits are expected";
    } else if (spot->form == "hex") {
        out.form = KeyForm::hex;
        out.trailing_blank = false;
        if (auto bytes = parse_hex(words[spot->place])) out.key = Secret(std::move(*bytes));
        else out.unusable = "not hexadecimal digits";
    } else if (text.size() >= 3 && text.find_first_not_of("* \t") == std::string_view::npos) {
        out.unusable = "the key is starred out; give the clear key by hand";
    } else {
        out.key = Secret(bytes_of(text));
    }
    return out;
}

namespace {

using Kind = IdentityMatch::Kind;

// The forms whose value is one word, with the words in front of it.
struct MatchForm {
    std::string_view first, second;
    Kind kind;
    bool ikev2;
};
constexpr MatchForm match_forms[] = {
    {"host", "domain", Kind::host_domain, false}, {"host", "", Kind::host, false},
    {"user", "domain", Kind::user_domain, false}, {"user", "fqdn", Kind::user, false}, {"user", "", Kind::user, false},
    {"group", "", Kind::group, false},            {"fqdn", "domain", Kind::host_domain, true},
    {"fqdn", "", Kind::host, true},               {"email", "domain", Kind::user_domain, true},
    {"email", "", Kind::user, true},              {"key-id", "", Kind::key_id, true},
};

} // namespace

void read_match(Reading& reading, const Call& call, bool ikev2, std::vector<IdentityMatch>& into) {
    IdentityMatch match;
    match.line = reading.line;
    const auto& words = call.words;
    auto place = call.fit.rest;
    if (abbreviates(words[place], "any") && ikev2) {
        into.push_back(match);
        return;
    }
    if (abbreviates(words[place], "address")) {
        ++place;
        const auto prefix = read_prefix(reading, words, place);
        if (!prefix) return reading.block_on("the address of the identity cannot be read");
        match.kind = Kind::address;
        match.prefix = *prefix;
        match.fvrf = std::string(words[place]);
        into.push_back(match);
        return;
    }
    for (const auto& form : match_forms) {
        if (form.ikev2 != ikev2 || !abbreviates(words[place], form.first)) continue;
        const bool two = !form.second.empty();
        if (two && (!same_word(words[place + 1], form.second) || words[place + 2].empty())) continue;
        match.text = std::string(words[place + (two ? 2 : 1)]);
        if (match.text.empty()) break;
        match.kind = form.kind;
        match.fvrf = std::string(words[place + (two ? 3 : 2)]);
        into.push_back(match);
        return;
    }
    reading.block_on("this form of identity is not known");
}

LocalAddress read_local_address(const Reading& reading, const Call& call) {
    LocalAddress out;
    out.line = reading.line;
    std::size_t next = 1;
    if (const auto address = IpAddress::parse(call.rest(0))) {
        out.address = *address;
    } else {
        const auto number = call.rest(1);
        const bool apart = !number.empty() && number[0] >= '0' && number[0] <= '9';
        out.interface = interface_name(call.rest(0), apart ? number : std::string_view());
        next = apart ? 2 : 1;
    }
    out.vrf = std::string(call.rest(next));
    return out;
}

std::string interface_name(std::string_view type, std::string_view number) {
    static constexpr std::string_view types[] = {
        "Ethernet", "FastEthernet", "GigabitEthernet", "TenGigabitEthernet", "TwentyFiveGigE", "FortyGigabitEthernet",
        "HundredGigE", "Loopback", "Tunnel", "Vlan", "Serial", "Dialer", "Virtual-Template", "Virtual-Access",
        "Port-channel", "BVI", "ATM", "Cellular", "Multilink", "Null", "Wlan-GigabitEthernet", "Async",
    };
    const auto digit = std::min(type.find_first_of("0123456789"), type.size());
    const auto letters = type.substr(0, digit);
    std::string_view full = letters;
    for (const auto known : types)
        if (!letters.empty() && letters.size() <= known.size() && same_word(letters, known.substr(0, letters.size()))) {
            full = known;
            break;
        }
    return std::string(full) + std::string(type.substr(digit)) + std::string(number);
}

} // namespace ikescope::ios
