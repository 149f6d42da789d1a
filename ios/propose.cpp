// Changes that would make a failing direction come up: each remedy edits the text of one configuration, the result is
// read and predicted again, and only what works is proposed.
// Source: Cisco document on ISAKMP profiles and keyrings (IOS 15.3T), summary.

#include "ios/commands.hpp"
#include "ios/decision.hpp"
#include "ios/reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace ikescope::ios {
namespace {

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines) out += line + "\n";
    return out;
}

std::string_view trimmed(std::string_view text) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
    return text;
}

/// A configuration under change: lines are dropped, replaced, or followed by new ones; numbers stay those of the original.
class Draft {
public:
    explicit Draft(const Router& router) : lines_(router.lines), dropped_(lines_.size() + 1, false) {}

    const std::string& line(std::size_t number) const { return lines_.at(number - 1); }
    bool has(std::size_t number) const { return number > 0 && number <= lines_.size(); }
    void drop(std::size_t number) {
        if (has(number)) dropped_[number] = true;
    }
    void replace(std::size_t number, std::string text) {
        if (has(number)) lines_[number - 1] = std::move(text);
    }
    void insert_after(std::size_t number, std::string text) { behind_[std::min(number, lines_.size())].push_back(std::move(text)); }

    /// The first line of the block opened at `header` that fits a pattern; 0 when there is none.
    std::size_t find_in_block(std::size_t header, std::string_view pattern) const {
        for (auto number = header + 1; has(number) && !ends_block(line(number)); ++number)
            if (fit(pattern, cut(trimmed(line(number))))) return number;
        return 0;
    }
    void drop_block(std::size_t header) {
        drop(header);
        for (auto number = header + 1; has(number) && !ends_block(line(number)); ++number)
            if (!trimmed(line(number)).empty()) drop(number);
    }
    std::string text() const {
        std::vector<std::string> out;
        const auto add_behind = [&](std::size_t number) {
            if (const auto at = behind_.find(number); at != behind_.end()) out.insert(out.end(), at->second.begin(), at->second.end());
        };
        add_behind(0);
        for (std::size_t number = 1; number <= lines_.size(); ++number) {
            if (!dropped_[number]) out.push_back(lines_[number - 1]);
            add_behind(number);
        }
        return joined(out);
    }
    std::size_t size() const { return lines_.size(); }

private:
    static bool ends_block(std::string_view text) {
        const auto words = cut(trimmed(text));
        constexpr std::string_view openers[] = {"crypto", "interface", "hostname", "router", "exit", "end"};
        if (words.size() == 0) return false;
        return words[0].starts_with('!') || (text == trimmed(text) && std::ranges::find(openers, words[0]) != std::end(openers)) ||
               same_word(words[0], "crypto");
    }
    std::vector<std::string> lines_;
    std::vector<bool> dropped_;
    std::map<std::size_t, std::vector<std::string>> behind_;
};

/// What a remedy works on: the router whose configuration decides, the other one, and the choices made.
struct Case {
    const Router& router;
    const Router& other;
    const Ikev1Decision& decision;
};
struct Edit {
    std::string sentence, text;
};
using Remedy = std::optional<Edit> (*)(const Case&);

const IsakmpProfile* profile_of(const Case& c) { return c.decision.responder_profile.profile; }

// The keyring that the router's own profile for this peer uses; also when MM5 never opened.
const Keyring* right_keyring(const Case& c) {
    auto profile = ikev1_profile_by_identity(c.router, c.decision.initiator_id, c.decision.way.responder.vrf);
    if (!profile) return nullptr;
    return ikev1_key_of_profile(c.router, profile.profile, c.decision.way.responder).keyring;
}

bool mergeable(const Keyring& a, const Keyring& b) { return a.vrf == b.vrf && a.local_addresses.empty() && b.local_addresses.empty(); }

// One keyring with one entry per peer.
std::optional<Edit> one_keyring(const Case& c) {
    const auto* keep = right_keyring(c);
    const auto& picked = c.decision.responder_key;
    if (!keep || keep->global || !picked || picked.keyring->global || keep == picked.keyring || !mergeable(*keep, *picked.keyring)) return std::nullopt;
    Draft draft(c.router);
    for (const auto& entry : picked.keyring->entries) {
        const bool known = std::ranges::any_of(keep->entries, [&](const auto& mine) { return mine.prefix == entry.prefix && mine.hostname == entry.hostname; });
        if (!known) draft.insert_after(keep->entries.back().line.number, draft.line(entry.line.number));
    }
    draft.drop_block(picked.keyring->line.number);
    for (const auto& profile : c.router.profiles)
        if (std::ranges::find(profile.keyrings, picked.keyring->name) != profile.keyrings.end())
            if (const auto number = draft.find_in_block(profile.line.number, "keyring ...")) draft.replace(number, "  keyring " + keep->name);
    return Edit{fmt::format("one keyring with one entry per peer on {}: the keys of {} move into {}, every address once", c.router.name, picked.keyring->name, keep->name), draft.text()};
}

// The picked entry goes, the profile's own stays.
std::optional<Edit> drop_picked(const Case& c) {
    const auto& picked = c.decision.responder_key;
    const auto* keep = right_keyring(c);
    if (!picked || !keep || keep == picked.keyring) return std::nullopt;
    Draft draft(c.router);
    draft.drop(picked.entry->line.number);
    if (picked.keyring->global)
        return Edit{fmt::format("the global key for {} leaves {}: it hides the keyrings (peers that need it must get an entry in a keyring)", picked.entry->prefix->text(), c.router.name), draft.text()};
    return Edit{fmt::format("the key for {} leaves keyring {} of {}; keyring {} keeps it", picked.entry->prefix->text(), picked.keyring->name, c.router.name, keep->name), draft.text()};
}

// The global key goes when another entry holds the key that the initiator uses.
std::optional<Edit> drop_shadow(const Case& c) {
    const auto& picked = c.decision.responder_key;
    if (!picked || !picked.keyring->global) return std::nullopt;
    Draft draft(c.router);
    draft.drop(picked.entry->line.number);
    return Edit{fmt::format("the global key for {} leaves {}: it hides the keyrings (peers that need it must get an entry in a keyring)", picked.entry->prefix->text(), c.router.name), draft.text()};
}

// The picked keyring goes first in the configuration. Last resort: Cisco does not support relying on the order.
std::optional<Edit> reorder(const Case& c) {
    const auto* keep = right_keyring(c);
    const auto& picked = c.decision.responder_key;
    if (!keep || !picked || keep->global || picked.keyring->global || keep == picked.keyring) return std::nullopt;
    Draft draft(c.router);
    draft.drop_block(keep->line.number);
    std::string block = draft.line(keep->line.number);
    for (const auto& entry : keep->entries) block += "\n" + draft.line(entry.line.number);
    draft.insert_after(picked.keyring->line.number - 1, block);
    return Edit{fmt::format("keyring {} goes before {} on {} (works, but Cisco does not support relying on the order)", keep->name, picked.keyring->name, c.router.name), draft.text()};
}

std::optional<Edit> name_keyring(const Case& c) {
    const auto* profile = profile_of(c);
    const auto& picked = c.decision.responder_key;
    if (!profile || !profile->keyrings.empty() || !picked || picked.keyring->global) return std::nullopt;
    Draft draft(c.router);
    draft.insert_after(profile->line.number, "  keyring " + picked.keyring->name);
    return Edit{fmt::format("profile {} of {} names keyring {}", profile->name, c.router.name, picked.keyring->name), draft.text()};
}

std::optional<Edit> same_key(const Case& c) {
    const auto& mine = c.decision.responder_key;
    const auto& theirs = c.decision.initiator_key;
    if (!mine || !theirs || !theirs.entry->key.usable()) return std::nullopt;
    Draft draft(c.router);
    const auto number = mine.entry->line.number;
    const auto text = draft.line(number);
    const auto words = cut(trimmed(text));
    const auto spot = find_key(words);
    if (!spot) return std::nullopt;
    const auto shift = text.size() - trimmed(text).size();
    auto begin = shift + spot->begin;
    if (!spot->form.empty()) begin = shift + words.words[spot->place - 1].begin;
    const auto clear = std::string(text_of(theirs.entry->key.key.reveal()));
    draft.replace(number, text.substr(0, begin) + clear + text.substr(shift + spot->end));
    return Edit{fmt::format("{} takes the key of {} in line {} (which of the two is the right one only you know)", c.router.name, c.other.name, number), draft.text()};
}

std::optional<Edit> add_key(const Case& c) {
    const auto& theirs = c.decision.initiator_key ? c.decision.initiator_key : c.decision.responder_key;
    const bool responder = c.decision.verdict.router == c.router.name && c.decision.policy;
    const auto& ends = responder ? c.decision.way.responder : c.decision.way.initiator;
    const auto back = ikev1_key_by_address(c.other, {ends.peer, ends.local, {}});
    const auto& known = theirs ? theirs : back;
    if (!known || !known.entry->key.usable()) return std::nullopt;
    const auto profile = ikev1_profile_by_identity(c.router, Identity::of(ends.peer), ends.vrf);
    const auto rings = profile ? keyrings_of(c.router, *profile.profile) : std::vector<const Keyring*>{};
    const auto* ring = !rings.empty() && !rings.front()->global ? rings.front() : nullptr;
    Draft draft(c.router);
    const auto entry = fmt::format(" pre-shared-key address {} key {}", ends.peer.text(), text_of(known.entry->key.key.reveal()));
    if (ring) draft.insert_after(ring->line.number, entry);
    else draft.insert_after(0, fmt::format("crypto keyring KEYRING{}\n{}", ends.vrf.empty() ? "" : " vrf " + ends.vrf, entry));
    return Edit{fmt::format("{} gets a key for {}", c.router.name, ends.peer.text()), draft.text()};
}

std::optional<Edit> add_policy(const Case& c) {
    for (const auto& offer : effective_policies(c.other)) {
        if (offer.authentication != "pre-share" || offer.unreadable) continue;
        unsigned priority = 10;
        while (std::ranges::any_of(c.router.policies, [&](const auto& own) { return own.priority == priority; })) priority += 10;
        Draft draft(c.router);
        const auto bits = offer.key_bits != 0 ? fmt::format(" {}", offer.key_bits) : "";
        draft.insert_after(0, fmt::format("crypto isakmp policy {}\n encr {}{}\n hash {}\n authentication {}\n group {}\n lifetime {}", priority, offer.encryption, bits, offer.hash,
                                          offer.authentication, offer.group, offer.lifetime));
        return Edit{fmt::format("{} gets a policy equal to policy {} of {}", c.router.name, offer.priority, c.other.name), draft.text()};
    }
    return std::nullopt;
}

// The tunnel takes SAs of the profile that the ID selects.
std::optional<Edit> rebind_tunnel(const Case& c) {
    const auto* profile = profile_of(c);
    const auto* path = c.decision.phase2.path;
    if (!profile || !path) return std::nullopt;
    Draft draft(c.router);
    std::size_t header = path->line.number;
    for (const auto& interface : c.router.interfaces)
        if (path->tunnel && interface.line.number == header)
            if (const auto* ipsec = c.router.find_ipsec_profile(interface.tunnel_protection)) header = ipsec->line.number;
    const auto number = draft.find_in_block(header, "set isakmp-profile NAME");
    if (number == 0) return std::nullopt;
    draft.replace(number, " set isakmp-profile " + profile->name);
    return Edit{fmt::format("{} of {} is bound to profile {}, which the peer's ID selects", path->name, c.router.name, profile->name), draft.text()};
}

struct Row {
    std::string_view finding;
    Remedy remedy;
};
// In order of preference.
constexpr Row remedies[] = {
    {"keyring-mismatch", one_keyring}, {"keyring-mismatch", name_keyring}, {"keyring-mismatch", drop_picked},
    {"keyring-mismatch", drop_shadow}, {"keyring-mismatch", reorder},
    {"wrong-psk", one_keyring},        {"wrong-psk", drop_picked},         {"wrong-psk", drop_shadow},
    {"wrong-psk", same_key},           {"no-key-for-peer", add_key},       {"no-proposal-chosen", add_policy},
    {"profile-mismatch", rebind_tunnel},
};

/// Both configurations while remedies are applied to one or the other.
struct Pair {
    Router first, second;

    const Router& named(const std::string& name) const { return first.name == name ? first : second; }
    const Router& other_than(const std::string& name) const { return first.name == name ? second : first; }
    Pair with(const std::string& name, std::string_view text) const {
        Pair out = *this;
        auto& changed = first.name == name ? out.first : out.second;
        auto again = read_config(text, name);
        again.name = name;
        again.given_addresses = changed.given_addresses;
        changed = std::move(again);
        repair_masks(out.first, out.second);
        repair_masks(out.second, out.first);
        return out;
    }
    std::vector<Prediction> predict_both() const { return {predict(first, second), predict(second, first)}; }
};

bool works(const Prediction& prediction) { return prediction.outcome == Outcome::up; }

/// One remedy that mends a failing direction and breaks no other.
std::optional<Edit> mend(const Pair& pair, const std::vector<Prediction>& now, Pair& result, std::vector<Prediction>& again) {
    for (std::size_t i = 0; i < now.size(); ++i) {
        if (works(now[i]) || now[i].version != 1) continue;
        const auto& initiator = pair.named(now[i].initiator);
        const auto& responder = pair.other_than(now[i].initiator);
        const auto decision = decide_ikev1(initiator, responder, way_between(initiator, responder));
        const Case c{pair.named(now[i].failing_router), pair.other_than(now[i].failing_router), decision};
        for (const auto& row : remedies) {
            if (row.finding != now[i].finding) continue;
            auto change = row.remedy(c);
            if (!change) continue;
            auto next = pair.with(c.router.name, change->text);
            auto outcome = next.predict_both();
            const bool better = works(outcome[i]) && (works(outcome[1 - i]) || !works(now[1 - i]));
            if (!better) continue;
            result = std::move(next);
            again = std::move(outcome);
            return change;
        }
    }
    return std::nullopt;
}

} // namespace

std::optional<Proposal> propose(const Router& first, const Router& second, const std::vector<Prediction>& failed) {
    if (first.name == second.name || failed.size() != 2) return std::nullopt;
    Pair now{first, second};
    auto directions = failed;
    Proposal out;
    constexpr int most_changes = 4;
    for (int round = 0; round < most_changes && !std::ranges::all_of(directions, works); ++round) {
        Pair next;
        std::vector<Prediction> again;
        const auto change = mend(now, directions, next, again);
        if (!change) break;
        out.sentence += (out.sentence.empty() ? "" : "; ") + change->sentence;
        now = std::move(next);
        directions = std::move(again);
    }
    if (out.sentence.empty()) return std::nullopt;
    out.sentence += std::ranges::all_of(directions, works) ? ". Predicted again, both directions come up." : ". Predicted again, one direction comes up.";
    for (const auto& [before, after] : {std::pair(&first, &now.first), std::pair(&second, &now.second)})
        if (before->lines != after->lines) out.changes.push_back({before->name, joined(before->lines), joined(after->lines)});
    out.directions = std::move(directions);
    return out;
}

} // namespace ikescope::ios
