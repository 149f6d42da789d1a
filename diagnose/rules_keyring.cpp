// keyring-mismatch and no-key-for-peer: what the responder's configuration does with the peer's address and ID.

#include "diagnose/catalogue.hpp"
#include "diagnose/words.hpp"
#include "ios/advice.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose::rules {

using session::Proof;

namespace {

/// The whole of the responder's reasoning between MM3 and MM6.
struct Reasoning {
    const ios::Router& router;
    ios::Ends ends;
    ios::KeyChoice pick;
    KnownIdentity identity;
    ios::ProfileChoice profile;
    ios::KeyringCheck check;
    KeyFit fit;
};

std::string opening_evidence(const Case& at, const Reasoning& why) {
    const auto* mm5 = find(at.sa, "MM5");
    const auto& origin = at.sa.keys.psk[0];
    auto text = fmt::format("MM5 (frame {}) opens with the key of {}", mm5->frame,
                            key_place(why.router, *why.pick.keyring, *why.pick.entry));
    if (origin) text += fmt::format("; the initiator used {}", *origin);
    if (at.sa.authentication[0] == Proof::verified) text += "; HASH_I is right: the passwords agree";
    return text;
}

void add_evidence(const Case& at, const Reasoning& why, Finding& finding) {
    auto& list = finding.evidence;
    if (why.fit.proved) prove(list, opening_evidence(at, why));
    else if (why.fit.fits == Proof::verified) predict(list, "both configurations have the same key, so MM5 opens");
    const auto identity = fmt::format("{} is {} {}", why.identity.how, why.identity.identity.type_name(),
                                      why.identity.identity.text);
    why.identity.proved ? prove(list, identity) : predict(list, identity);
    predict(list, fmt::format("before MM4, knowing only the address {}, {} picks {}: {}{}", why.ends.peer.text(), why.router.name,
                              key_place(why.router, *why.pick.keyring, *why.pick.entry), ios::rule_text(why.pick.rule),
                              why.pick.supported ? "" : " (Cisco: unsupported, may differ)"));
    predict(list, fmt::format("the ID matches {} ({})", why.profile.name(),
                              why.profile.match ? config_line(why.router, why.profile.match->line) : "no match line"));
    if (why.check.expected && why.check.expected_entry)
        predict(list, fmt::format("{} uses {}: another keyring than {}, the same password does not help", why.profile.name(),
                                  key_place(why.router, *why.check.expected, *why.check.expected_entry),
                                  why.pick.keyring_name()));
    else predict(list, fmt::format("no keyring of {} has a key for {}", why.profile.name(), why.ends.peer.text()));
    if (const auto waits = waiting(at.sa)) prove(list, waiting_sentence(at, waits) + ", no MM6");
}

std::string numbered(ios::Say what, std::uint64_t number) {
    ios::LogFacts facts;
    facts.number = number;
    return ios::log_line(what, facts);
}

/// The lines are made for what IOS itself sends (next payload HASH, UDP, port 500); the router prints what it received.
void put_what_was_received(const IdHeader& id, ios::LogLines& lines) {
    std::ranges::replace(lines, numbered(ios::Say::id_next_payload, 8), numbered(ios::Say::id_next_payload, id.next_payload));
    std::ranges::replace(lines, numbered(ios::Say::id_protocol, 17), numbered(ios::Say::id_protocol, id.protocol));
    std::ranges::replace(lines, numbered(ios::Say::id_port, 500), numbered(ios::Say::id_port, id.port));
}

ios::LogLines responder_log(const Case& at, const Reasoning& why) {
    auto lines = ios::log_key_search(why.pick, why.ends, false, false);
    const auto rest = ios::log_keyring_mismatch(why.identity.identity, why.profile, why.check, why.ends);
    lines.insert(lines.end(), rest.begin(), rest.end());
    if (at.material.observations)
        if (const auto id = at.material.observations->mm5_identity(at.sa.index)) put_what_was_received(*id, lines);
    return lines;
}

} // namespace

std::optional<Finding> keyring_mismatch(const Case& at, Finding finding) {
    const auto* router = at.at(Side::responder);
    if (!router || !stalled_at_mm5(at.sa) || !by_psk(at.sa)) return std::nullopt;
    Reasoning why{*router, at.ends(Side::responder), {}, initiator_identity(at), {}, {}, {}};
    why.pick = ios::ikev1_key_by_address(*router, why.ends);
    if (!why.pick) return std::nullopt;
    why.fit = initiator_used(at, *why.pick.entry);
    if (why.fit.fits == Proof::failed) return std::nullopt; // MM5 does not open: wrong-psk
    why.profile = ios::ikev1_profile_by_identity(*router, why.identity.identity, why.ends.vrf);
    if (!why.profile) return std::nullopt; // goes on with the global configuration
    why.check = ios::ikev1_check_keyring(*router, why.pick, why.profile.profile, why.ends);
    if (why.check.passed) return std::nullopt;

    finding.certainty = Certainty::predicted;
    finding.causes = why.check.causes.empty() ? why.pick.causes : why.check.causes;
    finding.frames = waiting(at.sa).frames();
    const auto expected = why.check.expected ? why.check.expected->name : fmt::format("the keyrings of {}", why.profile.name());
    finding.title = fmt::format("{} picked {} before MM4, but the ID in MM5 leads to {}: {} aborts, no MM6 is sent", router->name,
                                why.pick.keyring_name(), expected, router->name);
    finding.explanation = fmt::format(
        "In IKEv1 with pre-shared keys the responder needs the key before MM4, when it knows nothing of the peer but its address. "
        "{0} finds {1} that way. MM5 then brings {2}, which selects {3}, and {0} demands that the key it already used is in a "
        "keyring of that profile. It compares keyrings, not passwords. {4}",
        router->name, why.pick.keyring_name(), why.identity.identity.text, why.profile.name(),
        why.fit.proved ? fmt::format("That MM5 opens with this key is proved; which keyring {} picked follows from its configuration and cannot "
                                     "be seen in the packets.",
                                     router->name)
                       : "MM5 could not be opened, so all of this follows from the configurations.");
    add_evidence(at, why, finding);
    finding.router_log[router->name] = responder_log(at, why);
    if (const auto* initiator = at.at(Side::initiator); initiator && !waiting(at.sa).copies.empty())
        finding.router_log[initiator->name] = log_retransmitting(at, waiting(at.sa));
    finding.advice = advice_text(ios::advise("keyring-mismatch", *router, why.ends, why.pick, why.profile.profile));
    return finding;
}

std::optional<Finding> no_key_for_peer(const Case& at, Finding finding) {
    const auto* router = at.at(Side::responder);
    const auto waits = waiting(at.sa);
    constexpr std::string_view before_key[] = {"MM1", "MM3", "AM1"};
    if (!router || !waits || !by_psk(at.sa) || std::ranges::find(before_key, waits.first->label) == std::end(before_key))
        return std::nullopt;
    const bool aggressive = at.sa.mode == session::Mode::aggressive;
    if (aggressive && router->aggressive_mode_disabled) return std::nullopt; // it does not even look
    const auto ends = at.ends(Side::responder);
    const auto pick = *configured_responder_key(at);
    if (pick || !waits.in_vain(at.material.capture_end)) return std::nullopt;
    finding.certainty = Certainty::predicted;
    finding.frames = waits.frames();
    finding.title = fmt::format("{} has no key for {}", router->name, ends.peer.text());
    finding.explanation =
        aggressive ? fmt::format("The ID in AM1 is {}; among the keyrings that {} then looks into there is no entry for this name or for "
                                 "{}, so it has nothing to compute SKEYID with and does not go on.",
                                 initiator_identity(at).identity.text, router->name, ends.peer.text())
                   : fmt::format("No keyring of {} has an entry whose address fits {}, so it has nothing to compute SKEYID "
                                 "with and does not go on. Entries by host name do not count in this search.",
                                 router->name, ends.peer.text());
    prove(finding.evidence, waiting_sentence(at, waits));
    for (const auto& other : pick.others)
        if (other.entry)
            predict(finding.evidence, fmt::format("{}: {}", config_line(*router, other.entry->line), other.why_not));
    finding.router_log[router->name] = ios::log_no_key(ends, false);
    finding.advice = advice_text(ios::advise("no-key-for-peer", *router, ends, pick, nullptr));
    return finding;
}

} // namespace ikescope::diagnose::rules
