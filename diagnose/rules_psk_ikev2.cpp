// wrong-psk in IKEv2: who refuses is known, and by its configuration also the key it checks AUTH with.

#include "diagnose/catalogue.hpp"
#include "diagnose/words.hpp"
#include "ios/ikev2_selection.hpp"

#include <fmt/format.h>

namespace ikescope::diagnose::rules {
namespace {

using session::Side;

constexpr std::uint16_t authentication_failed = 24; // RFC 7296 3.10.1
constexpr std::string_view same_key_advice = "Make the key for this peer the same on both sides; blanks at its end count.";
constexpr std::string_view needed_for_auth_alone = "IKEv2 needs the key for AUTH alone: everything else could be read.";

/// The text of an ID payload does not say its type; a configuration's lines fit one of these.
ios::Identity identity_of(const std::string& text) {
    if (const auto address = IpAddress::parse(text)) return ios::Identity::of(*address);
    return ios::Identity::of(text.find('@') != std::string::npos ? ios::id_type::user_fqdn : ios::id_type::fqdn, text);
}

std::optional<Finding> fails_with_configured_key(const Case& at, Finding finding) {
    const auto* refusal = find_notify(at.sa, authentication_failed);
    if (!refusal) return std::nullopt;
    const auto refused = session::other(refusal->from);
    const auto& identity = at.sa.identity[static_cast<std::size_t>(refused)];
    const auto* router = at.at(refusal->from);
    if (!router || !identity) return std::nullopt;
    const auto ends = at.ends(refusal->from);
    const auto peer = identity_of(*identity);
    const auto profile = ios::ikev2_profile_by_identity(*router, peer, ends);
    const auto key = ios::ikev2_key_for(*router, profile.profile, ends, peer);
    if (!key.remote || !key.remote->usable()) return std::nullopt;
    if (at.try_psk(refused, key.remote->key.reveal()) != session::Proof::failed) return std::nullopt;
    const auto where = key.keyring ? fmt::format("keyring {} (peer {})", key.keyring->name, key.peer->name)
                                   : "profile " + profile.name();
    const auto& used = at.sa.keys.psk[static_cast<std::size_t>(refused)];
    finding.frames = {refusal->frame};
    finding.title = fmt::format("AUTH of {} was not made with the pre-shared key that {} has for it", at.name(refused),
                                router->name);
    finding.explanation =
        fmt::format("{} The ID {} leads {} to {}, and AUTH does not verify under its key. It answers with AUTHENTICATION_FAILED.",
                    needed_for_auth_alone, *identity, router->name, where);
    prove(finding.evidence, fmt::format("frame {}: AUTHENTICATION_FAILED (24)", refusal->frame));
    prove(finding.evidence, fmt::format("AUTH was checked with the key of {} of {} and is wrong", where, router->name));
    if (used) prove(finding.evidence, fmt::format("it is right under the key of {}", *used));
    finding.advice = fmt::format("Enter the same key on both sides: on {} in {}.", router->name, where);
    return finding;
}

std::string checked_in_vain(const Case& at, Side checker) {
    return fmt::format("the log of the {} says that it checked AUTH of the {} with {}; under that key AUTH is wrong", session::side_name(checker),
                       session::side_name(session::other(checker)), *at.sa.keys.psk[static_cast<std::size_t>(checker)]);
}

/// Each side's AUTH shows its key; one that refuses the other's sends none, but its log may tell.
std::optional<Finding> different_keys(const Case& at, Finding finding) {
    const auto& keys = at.sa.keys;
    const auto* refusal = find_notify(at.sa, authentication_failed);
    if (!refusal || keys.one_key().value_or(true)) return std::nullopt;
    finding.certainty = Certainty::proved;
    finding.frames = {refusal->frame};
    finding.title = fmt::format("Different pre-shared keys: the initiator used {}, the responder used {}", *keys.psk[0], *keys.psk[1]);
    finding.explanation = fmt::format("{} AUTH of one side does not verify under the other's key, which answers with AUTHENTICATION_FAILED.",
                                      needed_for_auth_alone);
    prove(finding.evidence, fmt::format("frame {}: AUTHENTICATION_FAILED (24)", refusal->frame));
    for (const auto side : {Side::initiator, Side::responder}) {
        const auto index = static_cast<std::size_t>(side);
        if (keys.by_log[index])
            prove(finding.evidence, checked_in_vain(at, side));
        else
            prove(finding.evidence, fmt::format("AUTH of the {} is right under {}", session::side_name(side), *keys.psk[index]));
    }
    finding.advice = same_key_advice;
    return finding;
}

/// The log of the end that refuses names the key with which it checked AUTH in vain; the other end's key is not known.
std::optional<Finding> fails_by_log(const Case& at, Finding finding) {
    const auto* refusal = find_notify(at.sa, authentication_failed);
    if (!refusal) return std::nullopt;
    const auto& keys = at.sa.keys;
    const auto checker = static_cast<std::size_t>(refusal->from), refused = 1 - checker;
    if (!keys.by_log[checker] || !keys.psk[checker] || keys.psk[refused]) return std::nullopt;
    const auto name = session::side_name(session::other(refusal->from));
    finding.certainty = Certainty::proved;
    finding.frames = {refusal->frame};
    finding.title = fmt::format("Different pre-shared keys: AUTH of the {} was not made with {}, the key of the {}", name, *keys.psk[checker],
                                session::side_name(refusal->from));
    finding.explanation = fmt::format("{} The log names the key with which AUTH was checked. AUTH is wrong under it, so the {} used another one.",
                                      needed_for_auth_alone, name);
    prove(finding.evidence, fmt::format("frame {}: AUTHENTICATION_FAILED (24)", refusal->frame));
    prove(finding.evidence, checked_in_vain(at, refusal->from));
    finding.advice = fmt::format("{} With the key or the log of the {} it can be said which one that is.", same_key_advice, name);
    return finding;
}

} // namespace

std::optional<Finding> wrong_psk_ikev2(const Case& at, Finding finding) {
    if (at.sa.version != session::Version::v2) return std::nullopt;
    if (auto made = fails_with_configured_key(at, finding)) return made;
    if (auto made = fails_by_log(at, finding)) return made;
    return different_keys(at, std::move(finding));
}

} // namespace ikescope::diagnose::rules
