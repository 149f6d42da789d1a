#include "ios/reader.hpp"

#include "ios/commands.hpp"
#include "ios/predict.hpp"

#include <algorithm>

namespace ikescope::ios {
namespace {

constexpr std::size_t most_lines = 500'000, longest_line = 4096;

// What stands in front of a command in a terminal session, and which mode it tells.
enum class Prompt : std::uint8_t { none, exec, config, sub };
struct Prompted {
    Prompt prompt = Prompt::none;
    std::string_view host, text;
};

bool host_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.' || c == '/';
}

// R1#show run, R1(config)#hostname X, R1(config-isakmp)# encr 3des
Prompted split_prompt(std::string_view text) {
    const auto host = static_cast<std::size_t>(std::ranges::find_if_not(text, host_letter) - text.begin());
    if (host == 0 || host == text.size()) return {Prompt::none, {}, text};
    if (text[host] == '#' || text[host] == '>') return {Prompt::exec, text.substr(0, host), text.substr(host + 1)};
    if (text[host] != '(') return {Prompt::none, {}, text};
    const auto close = text.find(")#", host);
    const auto mode = text.substr(host + 1, close == std::string_view::npos ? 0 : close - host - 1);
    if (!mode.starts_with("config")) return {Prompt::none, {}, text};
    return {mode == "config" ? Prompt::config : Prompt::sub, text.substr(0, host), text.substr(close + 2)};
}

// The best row of a mode for a line: most keywords spelled out, then most keywords.
struct Hit {
    const Command* command = nullptr;
    Fit fit;
};
Hit look_up(Mode mode, const Words& words) {
    Hit best;
    for (const auto rows : {isakmp_commands(), ipsec_commands(), interface_commands(), ikev2_commands()})
        for (const auto& row : rows) {
            if (row.mode != mode) continue;
            const auto found = fit(row.pattern, words);
            if (!found) continue;
            const bool better = !best.command || found->exact > best.fit.exact ||
                                (found->exact == best.fit.exact && found->keywords > best.fit.keywords);
            if (better) best = {&row, *found};
        }
    return best;
}

// Blocks in which an unknown line is worth a remark.
bool matters(Mode mode) {
    constexpr Mode modes[] = {Mode::keyring, Mode::policy, Mode::isakmp_profile, Mode::isakmp_peer, Mode::ipsec_profile, Mode::map_entry,
                              Mode::ikev2_keyring, Mode::ikev2_peer, Mode::ikev2_profile, Mode::ikev2_proposal, Mode::ikev2_policy};
    return std::ranges::find(modes, mode) != std::end(modes);
}
// Global commands of which an unknown form is worth a remark.
bool matters(const Words& words) {
    constexpr std::string_view seconds[] = {"isakmp", "keyring", "ipsec", "map", "dynamic-map", "ikev2"};
    return abbreviates(words[0], "crypto") && !complete(words[1], seconds).empty();
}

class Reader {
public:
    Router read(std::string_view text, std::string_view fallback_name) {
        reading_.router.global_keys.name = "default";
        reading_.router.global_keys.global = true;
        split(text);
        for (number_ = 0; number_ < reading_.router.lines.size(); ++number_) line(reading_.router.lines[number_]);
        if (reading_.router.name.empty()) reading_.router.name = prompt_host_.empty() ? std::string(fallback_name) : prompt_host_;
        return std::move(reading_.router);
    }

private:
    void split(std::string_view text) {
        if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
        auto& lines = reading_.router.lines;
        while (!text.empty() && lines.size() < most_lines) {
            const auto end = std::min(text.find('\n'), text.size());
            auto one = text.substr(0, end);
            while (one.ends_with('\r')) one.remove_suffix(1);
            lines.push_back(plain_blanks(one));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        if (!text.empty()) reading_.router.remarks.push_back({{lines.size(), {}}, "the text is longer than 500000 lines; the rest was not read", false});
    }

    void line(const std::string& whole) {
        if (whole.size() > longest_line) return;
        auto [prompt, host, text] = split_prompt(whole);
        if (!host.empty() && prompt_host_.empty()) prompt_host_ = std::string(host);
        if (prompt == Prompt::exec) return close();
        const bool indented = prompt == Prompt::none && (text.starts_with(' ') || text.starts_with('\t'));
        const auto words = cut(text);
        if (words.size() == 0) return;
        if (words[0].starts_with('!')) {
            if (!indented && prompt == Prompt::none) close();
            return;
        }
        if (same_word(words[0], "end") || (same_word(words[0], "exit") && words.size() == 1)) return close();
        if (reading_.mode == Mode::rsa_key && same_word(words[0], "quit")) return;
        if (same_word(words[0], "banner")) return skip_banner(words);
        reading_.line = {number_ + 1, without_keys(trimmed(text))};
        command(words, prompt == Prompt::sub || indented, indented);
    }

    // Sub-commands of the open block first when the line looks like one, else global commands first.
    void command(const Words& words, bool sub_first, bool indented) {
        const bool block = reading_.mode != Mode::global;
        if (sub_first && block && try_mode(reading_.mode, words)) return;
        if (sub_first && reading_.mode == Mode::ikev2_peer && try_mode(Mode::ikev2_keyring, words)) return;
        if (sub_first && reading_.mode == Mode::rsa_key && try_mode(Mode::keyring, words)) return;
        const bool foreign = indented && reading_.mode == Mode::other;
        if (!foreign && try_mode(Mode::global, words)) return;
        if (!sub_first && block && try_mode(reading_.mode, words)) {
            flat_ = true;
            return;
        }
        unknown(words, indented);
    }

    bool try_mode(Mode mode, const Words& words) {
        const auto hit = look_up(mode, words);
        if (!hit.command) return false;
        if (mode == Mode::global) close();
        else reading_.mode = reading_.mode == Mode::ikev2_peer && mode == Mode::ikev2_keyring ? Mode::ikev2_peer : mode;
        if (hit.command->handle) hit.command->handle(reading_, {words, hit.fit});
        return true;
    }

    void unknown(const Words& words, bool indented) {
        if (same_word(words[0], "no") || same_word(words[0], "default")) {
            if (abbreviates(words[1], "crypto")) reading_.note("a negated command: not applied");
            return;
        }
        const bool in_block = reading_.mode != Mode::global && (indented || flat_);
        if (in_block ? matters(reading_.mode) : matters(words)) reading_.note("not understood; ignored");
        if (in_block) return;
        close();
        if (!indented) reading_.mode = Mode::other;
    }

    void close() {
        reading_.mode = Mode::global;
        flat_ = false;
    }

    // banner motd ^C … ^C: text of any kind up to the delimiter. Without a second one the line stands alone.
    void skip_banner(const Words& words) {
        close();
        const auto place = words.size() > 2 ? 2U : 1U;
        auto delimiter = words[place].substr(0, words[place].starts_with("^C") ? 2 : 1);
        if (delimiter.empty() || words.from(place).substr(delimiter.size()).find(delimiter) != std::string_view::npos) return;
        for (auto at = number_ + 1; at < reading_.router.lines.size() && at < number_ + 200; ++at)
            if (reading_.router.lines[at].find(delimiter) != std::string::npos) {
                number_ = at;
                return;
            }
    }

    static std::string_view trimmed(std::string_view text) {
        const auto begin = std::min(text.find_first_not_of(" \t"), text.size());
        return text.substr(begin);
    }

    Reading reading_;
    std::size_t number_ = 0;
    std::string prompt_host_;
    bool flat_ = false; ///< the block's lines are not indented
};

} // namespace

Router read_config(std::string_view text, std::string_view fallback_name) { return Reader().read(text, fallback_name); }

void repair_masks(Router& router, const Router& other) {
    for (auto& interface : router.interfaces)
        for (auto& address : interface.addresses) {
            if (!address.mask_assumed) continue;
            for (const auto& neighbour : other.interfaces)
                for (const auto& there : neighbour.addresses)
                    if (!there.mask_assumed && Prefix{there.address, there.length}.contains(address.address)) {
                        address.length = there.length;
                        address.mask_assumed = false;
                    }
        }
}

} // namespace ikescope::ios
