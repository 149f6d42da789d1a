// wrong-psk: who used which key, and the first check that fails at the responder.

#include "diagnose/catalogue.hpp"
#include "diagnose/sanity.hpp"
#include "diagnose/words.hpp"
#include "ios/advice.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose::rules {

using session::Mode;
using session::Proof;

namespace {

std::optional<Finding> different_keys_proved(const Case& at, Finding finding) {
    const auto& keys = at.sa.keys;
    if (keys.one_key().value_or(true)) return std::nullopt;
    finding.certainty = Certainty::proved;
    finding.title = fmt::format("Different pre-shared keys: the initiator used {}, the responder used {}", *keys.psk[0], *keys.psk[1]);
    finding.explanation =
        "SKEYID is computed from the pre-shared key, so each side's encrypted messages and its HASH fit only the key of their "
        "sender. Each direction was tried with every key that was given; the two directions need different ones.";
    for (const auto side : {Side::initiator, Side::responder}) {
        const auto index = static_cast<std::size_t>(side);
        std::vector<std::uint64_t> opened;
        for (const auto& message : at.sa.messages)
            if (message.from == side && (message.decrypted || message.hash == Proof::verified)) opened.push_back(message.frame);
        prove(finding.evidence, fmt::format("{} of the {} fit{} {}", frames_text(opened), session::side_name(side),
                                            opened.size() == 1 ? "s" : "", *keys.psk[index]));
        finding.frames.insert(finding.frames.end(), opened.begin(), opened.end());
    }
    std::ranges::sort(finding.frames);
    if (!keys.psk_index[0] || !keys.psk_index[1])
        prove(finding.evidence, "what was given is SKEYID, not the key itself; SKEYID = prf(key, Ni | Nr), and the nonces are the same "
                                "for both sides, so two SKEYIDs are two keys");
    return finding;
}

/// The responder's own messages open, and MM5 does not with what opens them (only the responder's log was given).
std::optional<Finding> closed_under_responders_key(const Case& at, Finding finding) {
    const auto& sa = at.sa;
    if (!stalled_at_mm5(sa) || !by_psk(sa) || !sa.keys.psk[1] || sa.keys.psk[0]) return std::nullopt;
    const auto* mm5 = find(sa, "MM5");
    if (!mm5 || !mm5->encrypted || mm5->decrypted || mm5->malformed) return std::nullopt;
    finding.certainty = Certainty::proved;
    finding.frames = {mm5->frame};
    finding.title = fmt::format("Different pre-shared keys: MM5 does not open with {}, which the responder used", *sa.keys.psk[1]);
    finding.explanation = "MM5 is the first message that depends on the pre-shared key. The responder's messages open with its key and the "
                          "Diffie-Hellman secret, MM5 does not: the initiator made it with another key.";
    for (const auto& message : sa.messages) {
        if (message.from != Side::responder || message.hash != Proof::verified) continue;
        finding.frames.push_back(message.frame);
        prove(finding.evidence, fmt::format("frame {} of the responder is right under {}{}", message.frame, *sa.keys.psk[1],
                                            message.notifies.empty() ? "" : ": its error message"));
        break;
    }
    prove(finding.evidence, fmt::format("frame {}, MM5 of the initiator, opens with neither this key nor another one that was given", mm5->frame));
    return finding;
}

/// All keys by address of that router fail on MM5: then it does not matter which one it picked.
bool no_key_of_router_fits(const Case& at, const ios::Router& router, const ios::KeyChoice& pick) {
    const auto fails = [&](const ios::KeyEntry& entry) {
        return entry.key.usable() && at.try_psk(Side::initiator, entry.key.key.reveal()) == Proof::failed;
    };
    const auto each = [&](const ios::Keyring& keyring) { return std::ranges::all_of(keyring.entries, fails); };
    return fails(*pick.entry) && each(router.global_keys) && std::ranges::all_of(router.keyrings, each);
}

std::string used_sentence(const Case& at) {
    const auto& keys = at.sa.keys;
    if (keys.psk[0]) return fmt::format("MM5 opens with the key of {}: that is the one the initiator used", *keys.psk[0]);
    return "the key that the initiator used is not among those that were given";
}

/// The capture and the responder's configuration together: decrypt MM5 as that router does and read what it reads.
std::optional<Finding> responder_fails_check(const Case& at, Finding finding) {
    const auto* router = at.at(Side::responder);
    if (!router || !stalled_at_mm5(at.sa) || !by_psk(at.sa)) return std::nullopt;
    const auto ends = at.ends(Side::responder);
    const auto pick = ios::ikev1_key_by_address(*router, ends);
    if (!pick || !pick.entry->key.usable()) return std::nullopt;
    const auto check = at.first_failed_check(pick.entry->key.key.reveal());
    if (!check || check->what == session::SanityCheck::What::passed) return std::nullopt;

    const auto place = key_place(*router, *pick.keyring, *pick.entry);
    const bool any = no_key_of_router_fits(at, *router, pick);
    finding.certainty = any ? Certainty::proved : Certainty::predicted;
    finding.causes = pick.causes;
    finding.frames = waiting(at.sa).frames();
    finding.title = fmt::format("{}: {} opens MM5 with another pre-shared key than {} used", check_name(*check), router->name,
                                at.name(Side::initiator));
    finding.explanation = fmt::format(
        "{0} picks {1} from the address {2} alone and decrypts MM5 with that key. MM5 was encrypted under another one, so what {0} "
        "reads is random, and the first check that fails is: {3}. {0} drops the message and sends no MM6.{4}",
        router->name, place, ends.peer.text(), check_words(*check),
        any ? "" : " That it is this key that was picked follows from the configuration; another key of the same router would open MM5.");
    prove(finding.evidence, used_sentence(at));
    any ? prove(finding.evidence, fmt::format("no key of {} opens MM5; {} is the one it picks: {}", router->name, place,
                                              ios::rule_text(pick.rule)))
        : predict(finding.evidence, fmt::format("{} picks {}: {}{}", router->name, place, ios::rule_text(pick.rule),
                                                pick.supported ? "" : " (Cisco: unsupported, may differ)"));
    prove(finding.evidence, fmt::format("MM5 (frame {}) under that key begins {}: {}", check->frame, check_bytes(*check),
                                        check_words(*check)));
    for (const auto& other : pick.others)
        if (other.entry && other.keyring && initiator_used(at, *other.entry).fits == Proof::verified)
            prove(finding.evidence, fmt::format("{} opens MM5; it was not picked: {}",
                                                key_place(*router, *other.keyring, *other.entry), other.why_not));
    if (const auto waits = waiting(at.sa)) prove(finding.evidence, waiting_sentence(at, waits));
    finding.router_log[router->name] = log_of_check(*check, ends);
    if (const auto* initiator = at.at(Side::initiator); initiator && !waiting(at.sa).copies.empty())
        finding.router_log[initiator->name] = log_retransmitting(at, waiting(at.sa));
    const auto profile = ios::ikev1_profile_by_identity(*router, initiator_identity(at).identity, ends.vrf);
    finding.advice = advice_text(ios::advise("wrong-psk", *router, ends, pick, profile.profile));
    return finding;
}

/// Two configurations and no Diffie-Hellman secret: compare what they say.
std::optional<Finding> configurations_differ(const Case& at, Finding finding) {
    const auto* router = at.at(Side::responder);
    const auto theirs = configured_initiator_key(at);
    if (!router || !theirs || !stalled_at_mm5(at.sa) || !by_psk(at.sa)) return std::nullopt;
    const auto ends = at.ends(Side::responder);
    const auto pick = ios::ikev1_key_by_address(*router, ends);
    if (!pick || initiator_used(at, *pick.entry).fits != Proof::failed) return std::nullopt;
    finding.certainty = Certainty::predicted;
    finding.causes = pick.causes;
    finding.frames = waiting(at.sa).frames();
    const auto& initiator = *at.at(Side::initiator);
    finding.title = fmt::format("{} uses {}, {} uses {}: the keys differ", initiator.name, theirs->keyring_name(), router->name,
                                pick.keyring_name());
    finding.explanation = "The configurations say so; the capture agrees, as MM5 gets no answer. With the Diffie-Hellman secret the "
                          "bytes could be shown.";
    predict(finding.evidence, fmt::format("{} takes {}: {}", initiator.name, key_place(initiator, *theirs->keyring, *theirs->entry),
                                          ios::rule_text(theirs->rule)));
    predict(finding.evidence, fmt::format("{} takes {}: {}", router->name, key_place(*router, *pick.keyring, *pick.entry),
                                          ios::rule_text(pick.rule)));
    if (const auto waits = waiting(at.sa)) prove(finding.evidence, waiting_sentence(at, waits));
    finding.router_log[router->name] = ios::log_wrong_psk(ends);
    const auto profile = ios::ikev1_profile_by_identity(*router, initiator_identity(at).identity, ends.vrf);
    finding.advice = advice_text(ios::advise("wrong-psk", *router, ends, pick, profile.profile));
    return finding;
}

/// INVALID-HASH-INFORMATION, AUTHENTICATION-FAILED: the initiator of Aggressive Mode checked HASH_R.
std::optional<Finding> initiator_refuses_hash(const Case& at, Finding finding) {
    if (at.sa.version != session::Version::v1 || at.sa.mode != Mode::aggressive || !by_psk(at.sa)) return std::nullopt;
    const auto* refusal = find_notify(at.sa, 23, Side::initiator);
    if (!refusal) refusal = find_notify(at.sa, 24, Side::initiator);
    if (!refusal) return std::nullopt;
    finding.certainty = Certainty::likely; // two keys that are known to differ are a finding of their own
    const auto* am2 = find(at.sa, "AM2");
    finding.frames = {am2 ? am2->frame : refusal->frame, refusal->frame};
    finding.title = "The initiator refuses HASH_R in AM2: it computes it from another pre-shared key";
    finding.explanation = "In Aggressive Mode the responder proves its key first, with HASH_R in AM2. The initiator answered with an "
                          "error instead of AM3: its own key gives another hash.";
    prove(finding.evidence, fmt::format("frame {} from the initiator carries notify {}", refusal->frame, refusal->notifies.front()));
    if (at.sa.keys.psk[1]) prove(finding.evidence, fmt::format("HASH_R is right under {}, the responder's key", *at.sa.keys.psk[1]));
    finding.advice = "Make the key for this peer the same on both sides; blanks at its end count.";
    return finding;
}

/// A Cisco initiator of Aggressive Mode sends no error: it throws AM2 away and asks again. HASH_R in AM2 is in the clear, so
/// the key in its configuration can be held against it without any secret.
std::optional<Finding> initiator_drops_am2(const Case& at, Finding finding) {
    const auto* am2 = find(at.sa, "AM2");
    const auto* router = at.at(Side::initiator);
    if (!am2 || !router || find(at.sa, "AM3") || !by_psk(at.sa)) return std::nullopt;
    const auto own = configured_initiator_key(at);
    const auto waits = waiting(at.sa);
    if (!own || !own->entry->key.usable() || !waits || !waits.in_vain(at.material.capture_end)) return std::nullopt;
    if (at.try_psk(Side::responder, own->entry->key.key.reveal()) != Proof::failed) return std::nullopt;
    finding.certainty = Certainty::predicted;
    finding.causes = own->causes;
    finding.frames = {am2->frame};
    const auto place = key_place(*router, *own->keyring, *own->entry);
    finding.title = fmt::format("{} cannot verify HASH_R in AM2: {} has another pre-shared key", router->name, at.name(Side::responder));
    finding.explanation = fmt::format("In Aggressive Mode the responder proves its key first, with HASH_R in AM2. {} takes {} and computes "
                                      "another hash, so it drops AM2 and never sends AM3.",
                                      router->name, place);
    prove(finding.evidence, fmt::format("HASH_R in AM2 (frame {}) is not that of {}", am2->frame, place));
    if (at.sa.keys.psk[1]) prove(finding.evidence, fmt::format("HASH_R is right under {}, the responder's key", *at.sa.keys.psk[1]));
    predict(finding.evidence, fmt::format("{} takes {}: {}", router->name, place, ios::rule_text(own->rule)));
    if (const auto* other = at.at(Side::responder))
        if (const auto pick = configured_responder_key(at); pick && *pick) {
            predict(finding.evidence, fmt::format("{} takes {}: {}", other->name, key_place(*other, *pick->keyring, *pick->entry),
                                                  ios::rule_text(pick->rule)));
            for (const auto& cause : pick->causes)
                if (std::ranges::find(finding.causes, cause) == finding.causes.end()) finding.causes.push_back(cause);
        }
    prove(finding.evidence, waiting_sentence(at, waits));
    ios::LogFacts facts;
    facts.connection = 1001;
    facts.peer = at.sa.responder.address.text();
    finding.router_log[router->name] = {ios::log_line(ios::Say::process_hash, facts), ios::log_line(ios::Say::aggressive_failure, facts)};
    return finding;
}

} // namespace

// NOLINTNEXTLINE(performance-unnecessary-value-param): every rule has this form.
std::optional<Finding> wrong_psk(const Case& at, Finding finding) {
    if (at.sa.version != session::Version::v1) return std::nullopt;
    for (const auto way : {responder_fails_check, different_keys_proved, configurations_differ, initiator_refuses_hash, initiator_drops_am2,
                           closed_under_responders_key})
        if (auto made = way(at, finding)) {
            if (made->advice.empty())
                made->advice = "Make the key for this peer the same on both sides. Blanks at the end of a key count, and so does the "
                               "entry that a router picks: it may have more than one key for the same address.";
            return made;
        }
    return std::nullopt;
}

namespace {

/// An initiator that accepts HASH_R sends AM3; this one sent an encrypted Informational instead, which cannot be read.
std::optional<Finding> initiator_stops_behind_hash(const Case& at, Finding finding) {
    const auto& sa = at.sa;
    if (sa.version != session::Version::v1 || sa.mode != Mode::aggressive || !by_psk(sa)) return std::nullopt;
    const auto* am2 = find(sa, "AM2");
    if (!am2) return std::nullopt;
    const session::MessageRecord* refusal = nullptr;
    for (const auto& message : sa.messages) {
        if (message.frame <= am2->frame || message.retransmission_of) continue;
        if (message.label != "INFO") return std::nullopt;
        const bool closed = message.from == session::Side::initiator && message.encrypted && !message.decrypted;
        if (closed && !refusal) refusal = &message;
    }
    if (!refusal) return std::nullopt;
    finding.certainty = Certainty::likely;
    finding.frames = {am2->frame, refusal->frame};
    finding.title = "The initiator answers AM2 with an error instead of AM3: it probably refuses HASH_R";
    finding.explanation = "In Aggressive Mode the responder proves its key first, with HASH_R in AM2. An initiator with the same key goes "
                          "on with AM3; this one sent an Informational, encrypted under its own key. By far the most frequent reason is "
                          "a different pre-shared key.";
    prove(finding.evidence, fmt::format("frame {} from the initiator follows AM2 and is an encrypted Informational; AM3 never comes",
                                        refusal->frame));
    if (sa.keys.psk[1])
        prove(finding.evidence, fmt::format("HASH_R is right under {}, the responder's key; it does not open frame {} with any "
                                            "Diffie-Hellman secret that was given",
                                            *sa.keys.psk[1], refusal->frame));
    finding.advice = "Make the key for this peer the same on both sides; blanks at its end count. With the Diffie-Hellman secret "
                     "(--dh-secret, or --secrets with a daemon's log) and the initiator's key (--psk) the error itself can be read.";
    return finding;
}

} // namespace

/// Keys are unknown, but the picture is the one that different keys give (RFC 2409 5.4: MM5 is the first message that
/// depends on the key).
std::optional<Finding> likely_wrong_psk(const Case& at, Finding finding) {
    if (auto made = initiator_stops_behind_hash(at, finding)) return made;
    const auto waits = waiting(at.sa);
    if (!stalled_at_mm5(at.sa) || !by_psk(at.sa) || !waits || waits.first->label != "MM5" ||
        !waits.in_vain(at.material.capture_end))
        return std::nullopt;
    finding.certainty = Certainty::likely;
    finding.frames = waits.frames();
    finding.title = "MM5 is never answered: the responder probably cannot read it, or refuses it";
    const bool opened = waits.first->decrypted;
    finding.explanation =
        opened ? fmt::format("MM5 opens with {}, so that is the initiator's key and MM1 to MM4 were fine. Either the responder has "
                             "another key for this peer (wrong-psk), or it refuses the ID or, on a Cisco router, the keyring it leads to "
                             "(keyring-mismatch).",
                             at.sa.keys.psk[0].value_or("a key that was given"))
               : "MM1 to MM4 do not depend on the pre-shared key, MM5 is the first message that does. MM1 to MM4 went well, MM5 gets no "
                 "MM6. By far the most frequent reason is a different pre-shared key (wrong-psk); on a Cisco router also a key in the "
                 "wrong keyring (keyring-mismatch), which looks the same from outside.";
    prove(finding.evidence, waiting_sentence(at, waits));
    for (const auto* reply : waits.replies)
        if (reply->encrypted && !reply->decrypted) {
            prove(finding.evidence, fmt::format("frame {} from the responder is encrypted and cannot be read: probably its error message, "
                                                "which some implementations send under their own key",
                                                reply->frame));
            break;
        }
    finding.advice = opened ? "Give the responder's configuration (--config) or its key (--psk): then the exact check that fails can be named."
                            : "Give the Diffie-Hellman secret (--dh-secret, or --secrets with a daemon's log) and both keys (--psk or "
                              "--config): then it can be said who used which key. Until then compare the keys for this peer on both sides.";
    return finding;
}

} // namespace ikescope::diagnose::rules
