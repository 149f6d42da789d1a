// Findings about strength, form and secrets: malformed, weak-crypto, aggressive-psk-exposed, dh-secret-missing, psk-missing.

#include "diagnose/catalogue.hpp"
#include "diagnose/suite_words.hpp"
#include "diagnose/words.hpp"
#include "dissect/ikev2.hpp"
#include "session/ikev1_suite.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose {

std::string malformation_words(const Malformation& bad) {
    auto text = bad.field.empty() ? std::string("a field") : bad.field;
    if (!bad.words.empty()) return fmt::format("{}: {}", text, bad.words);
    if (bad.wanted) return fmt::format("{}: {} byte{} wanted, {} there", text, bad.wanted, bad.wanted == 1 ? "" : "s", bad.available);
    return text + " cannot be what it says";
}

std::string malformation_text(const Malformation& bad) {
    auto text = fmt::format("frame {}{}, offset {} of the {}: {}", bad.frame, bad.label.empty() ? "" : " (" + bad.label + ")", bad.offset,
                            bad.where, malformation_words(bad));
    if (bad.wanted && !bad.words.empty()) text += fmt::format(" ({} byte{} wanted, {} there)", bad.wanted, bad.wanted == 1 ? "" : "s", bad.available);
    return text;
}

namespace rules {

using session::Mode;
using session::Version;

namespace {

struct Weakness {
    std::string_view word, why;
};
/// RFC 8247 2 and 4, RFC 9395: must not or should not be used any more.
constexpr Weakness weaknesses[] = {
    {"DES-CBC", "DES: 56-bit keys are found by search in hours"},
    {"DES-IV64", "DES: 56-bit keys are found by search in hours"},
    {"3DES-CBC", "3DES: 64-bit blocks, deprecated (RFC 9395)"},
    {"NULL", "no encryption at all"},
    {"MD5", "MD5: broken as a hash, deprecated even as HMAC (RFC 8247)"},
    {"HMAC-MD5", "HMAC-MD5: deprecated (RFC 8247)"},
    {"HMAC-MD5-96", "HMAC-MD5: deprecated (RFC 8247)"},
};
constexpr std::pair<std::uint32_t, std::string_view> weak_groups[] = {
    {1, "a 768-bit group: within reach of a university"},
    {2, "a 1024-bit group: within reach of a state"},
    {5, "a 1536-bit group: below today's minimum of 2048 bits"},
    {22, "a 1024-bit group whose primes may hide a weakness (RFC 8247)"},
    {23, "primes that may hide a weakness (RFC 8247)"},
    {24, "primes that may hide a weakness (RFC 8247)"},
};

std::string where_to_get_dh() {
    return "Get it from one of the ends: strongSwan with charon's log level ike=4 (swanctl --log, or charondebug=\"ike 4\"), racoon or MikroTik "
           "with debug logging, or a lab copy of one end. Give the log with --secrets, or the value with --dh-secret. Debug output of Cisco IOS "
           "never contains it; neither does libreswan's.";
}

} // namespace

std::optional<Finding> malformed(const Case& at, Finding finding) {
    const auto* list = at.material.observations ? at.material.observations->of(at.sa.index) : nullptr;
    if (!list) return std::nullopt;
    for (const auto& bad : *list) {
        prove(finding.evidence, malformation_text(bad));
        if (finding.frames.empty() || finding.frames.back() != bad.frame) finding.frames.push_back(bad.frame);
    }
    const auto& first = list->front();
    finding.title = fmt::format("{} is malformed: {}{}", first.label.empty() ? "A message" : first.label, malformation_words(first),
                                list->size() > 1 ? fmt::format("; {} more in the evidence", list->size() - 1) : "");
    if (phase1_complete(at.sa) && !waiting(at.sa)) finding.severity = Severity::warning; // it did no harm
    finding.explanation = "A length or number in the message contradicts the bytes that are there. What could be understood is shown; the rest is "
                          "marked in the details of the packet. Receivers drop such messages.";
    finding.advice = "Look at the bytes (ikescope read -V -x). Faulty senders, tampering and a wrong decryption key all look like this.";
    return finding;
}

namespace {

/// Did the other side still say something after this message, other than the same as before?
bool went_on(const Case& at, const Illegality& bad) {
    return std::ranges::any_of(at.sa.messages, [&](const auto& message) {
        return message.frame > bad.frame && message.from != bad.from && !message.retransmission_of;
    });
}

} // namespace

std::optional<Finding> illegal_message(const Case& at, Finding finding) {
    const auto* list = at.material.observations ? at.material.observations->illegal(at.sa.index) : nullptr;
    if (!list) return std::nullopt;
    for (const auto& bad : *list) {
        finding.frames.push_back(bad.frame);
        for (const auto& violation : bad.violations)
            prove(finding.evidence, fmt::format("frame {}, {} of the {}: {} ({})", bad.frame, bad.label, session::side_name(bad.from),
                                                violation.text, violation.source));
    }
    const auto& first = list->front();
    finding.title = fmt::format("The {}'s {} breaks a rule: {}", session::side_name(first.from), first.label, first.violations.front().text);
    finding.source = first.violations.front().source;
    if (phase1_complete(at.sa) || went_on(at, list->back())) finding.severity = Severity::warning; // the peer did not mind
    const auto is_ignored = [](const Illegality& bad) { return std::ranges::all_of(bad.violations, &session::Violation::ignored); };
    const bool ignored = std::ranges::all_of(*list, is_ignored);
    if (ignored) finding.severity = Severity::note;
    finding.explanation = ignored ? "Receivers must ignore it, so it explains no failure."
                          : finding.severity == Severity::warning
                              ? "The peer went on nonetheless. Another implementation may refuse such a message."
                              : "Nothing new came back afterwards. Receivers refuse or drop such messages.";
    finding.advice = "Look at the message (ikescope read -V). Its sender does not follow the RFC, or somebody changed the message on the way.";
    return finding;
}

std::optional<Finding> snap_length(const Case& at, Finding finding) {
    const auto* frames = at.material.observations ? at.material.observations->snapped(at.sa.index) : nullptr;
    if (!frames) return std::nullopt;
    finding.frames = *frames;
    finding.title = fmt::format("{} message{} cut by the capture's snap length: {}", frames->size(), frames->size() == 1 ? " is" : "s are",
                                frames_text(*frames));
    finding.explanation = "What is missing was sent, but not recorded. Nothing is said about it, and what depends on it cannot be decrypted or checked.";
    finding.advice = "Capture whole packets (tcpdump -s 0).";
    return finding;
}

std::optional<Finding> weak_crypto(const Case& at, Finding finding) {
    if (!suite_known(at.sa) || !suite_agreed(at.sa)) return std::nullopt;
    const auto words = words_of(at.sa.suite, at.sa.version);
    std::vector<std::string> weak;
    const auto prf = at.sa.version == Version::v2 ? words.prf : std::string(); // IKEv1's prf is its hash
    for (const auto& part : {words.encryption, words.hash, prf, words.integrity})
        for (const auto& [word, why] : weaknesses)
            if (!part.empty() && part == word) {
                weak.push_back(part);
                prove(finding.evidence, std::string(why));
            }
    for (const auto& [group, why] : weak_groups)
        if (at.sa.suite.group == group) {
            weak.push_back(fmt::format("group {}", group));
            prove(finding.evidence, fmt::format("{}: {}", group_text(group), why));
        }
    if (weak.empty()) return std::nullopt;
    if (!at.sa.messages.empty()) finding.frames = {at.sa.messages[at.sa.messages.size() > 1 ? 1 : 0].frame};
    finding.title = fmt::format("The suite agreed on is weak: {}", fmt::join(weak, ", "));
    finding.explanation = "The exchange works. Who records it may be able to read it later.";
    finding.advice = "Prefer AES with SHA-2 and group 14, 19 or higher on both sides, and IKEv2 where possible.";
    return finding;
}

std::optional<Finding> aggressive_psk_exposed(const Case& at, Finding finding) {
    const auto* am2 = find(at.sa, "AM2");
    if (at.sa.version != Version::v1 || at.sa.mode != Mode::aggressive || !am2 || !by_psk(at.sa)) return std::nullopt;
    finding.frames = {am2->frame};
    finding.title = "Aggressive Mode with a pre-shared key: HASH_R went over the wire in the clear";
    finding.explanation = "HASH_R depends on nothing that is secret but the pre-shared key. Whoever sees AM1 and AM2 can try keys against it "
                          "without talking to either side again; identities are visible as well.";
    prove(finding.evidence, fmt::format("frame {} carries HASH_R unencrypted", am2->frame));
    if (at.sa.keys.psk[1]) prove(finding.evidence, fmt::format("{} gives exactly this HASH_R", *at.sa.keys.psk[1]));
    finding.advice = "Use Main Mode or IKEv2, or certificates; otherwise a long random key. On IOS: crypto isakmp aggressive-mode disable.";
    return finding;
}

namespace {

constexpr std::string_view where_to_give_psk = "Give the key with --psk, a list with --psk-file, or a router's configuration with --config.";

/// What is still closed of messages behind `from`.
std::vector<std::uint64_t> closed_frames(const session::Sa& sa, std::size_t from = 0) {
    std::vector<std::uint64_t> frames;
    for (std::size_t i = from; i < sa.messages.size(); ++i)
        if (sa.messages[i].encrypted && !sa.messages[i].decrypted && frames.size() < 1000) frames.push_back(sa.messages[i].frame);
    return frames;
}

std::string closed_words(std::size_t count) { return fmt::format("{} encrypted message{} cannot be opened", count, count == 1 ? "" : "s"); }

/// The IKE SA is open; what a second exchange protects is not.
std::optional<Finding> second_secret_missing(const Case& at, Finding finding) {
    std::uint64_t packets = 0;
    for (const auto& child : at.sa.children)
        if (child.lacks_secret)
            for (const auto& traffic : child.traffic) packets += traffic ? traffic->packets - traffic->opened : 0;
    if (packets == 0) return std::nullopt;
    const auto exchange = at.sa.version == Version::v1 ? "Quick Mode" : "CREATE_CHILD_SA";
    finding.title = fmt::format("{} ESP packet{} cannot be opened: {} had a Diffie-Hellman exchange of its own (PFS), and no secret for it fits", packets,
                                packets == 1 ? "" : "s", exchange);
    finding.explanation = fmt::format("The keys of this ESP SA are made from SKEYID_d or SK_d and the secret of the KE payloads in {}, which is another one "
                                      "than that of the IKE SA.",
                                      exchange);
    finding.advice = where_to_get_dh();
    return finding;
}

/// Behind IKE_INTERMEDIATE with an additional key exchange everything has new keys (RFC 9370 2.2.2).
std::optional<Finding> additional_secret_missing(const Case& at, Finding finding) {
    const auto& messages = at.sa.messages;
    const auto last = std::find_if(messages.rbegin(), messages.rend(),
                                   [](const auto& message) { return message.exchange == dissect::ikev2::exchange::ike_intermediate && message.decrypted; });
    if (at.sa.version != Version::v2 || last == messages.rend()) return std::nullopt;
    finding.frames = closed_frames(at.sa, static_cast<std::size_t>(messages.rend() - last));
    if (finding.frames.empty()) return std::nullopt;
    finding.title = fmt::format("{} behind IKE_INTERMEDIATE: the result of the additional key exchange is not known", closed_words(finding.frames.size()));
    finding.explanation = "With an additional key exchange (RFC 9370), for example ML-KEM, its shared secret goes into all keys from there on.";
    finding.source = "RFC 9370 2.2.2";
    finding.advice = "Give it with --secrets: charon's log of level ike=4 has it, or a TOML file with [[addke]].";
    return finding;
}

/// The Diffie-Hellman secret may be right: what else the keys are made of is not there.
std::optional<Finding> beginning_missing(const Case& at, Finding finding) {
    if (suite_known(at.sa)) return std::nullopt;
    finding.title = fmt::format("{}: the capture lacks the messages that choose the algorithms", closed_words(finding.frames.size()));
    finding.explanation = "Without the suite neither the keys nor the proof that they are right can be computed.";
    finding.advice = "Capture from the first message of the SA on.";
    return finding;
}

/// Public key encryption: no key can be made before the nonces are opened at both ends, which shows their identities, too.
std::optional<Finding> private_keys_missing(const Case& at, Finding finding) {
    const auto& sa = at.sa;
    if (sa.version != Version::v1 || !session::ikev1::by_encryption(sa.suite.authentication) || (sa.identity[0] && sa.identity[1])) return std::nullopt;
    finding.title = fmt::format("{}: the nonces are encrypted to the ends' keys, and the private keys of both ends are needed",
                                closed_words(finding.frames.size()));
    finding.explanation = "With public key encryption the nonces (in the revised mode KE, too) are encrypted to the receiver's public key. All "
                          "keys are made from them and from the Diffie-Hellman secret g^xy.";
    finding.source = "RFC 2409 5.2, 5.3";
    finding.advice = "Give the private keys of both ends with --private-key.";
    if (at.material.dh_given == 0) finding.advice += " The Diffie-Hellman secret is needed as well: " + where_to_get_dh();
    return finding;
}

/// What the snap length cut off was sent; whether a secret fits cannot be seen.
std::optional<Finding> cut_short(const Case& at, Finding finding) {
    const auto* cut = at.material.observations ? at.material.observations->snapped(at.sa.index) : nullptr;
    if (!cut || finding.frames.empty()) return std::nullopt;
    const auto is_cut = [&](std::uint64_t frame) { return std::ranges::find(*cut, frame) != cut->end(); };
    const bool clear_ones = std::ranges::any_of(at.sa.messages, [&](const auto& message) { return !message.encrypted && is_cut(message.frame); });
    if (!clear_ones && !std::ranges::all_of(finding.frames, is_cut)) return std::nullopt;
    finding.title = fmt::format("{}: {}", closed_words(finding.frames.size()),
                                clear_ones ? "messages that keys are made of are cut by the capture's snap length"
                                           : "they are cut by the capture's snap length");
    finding.explanation = "What is missing was sent, but not recorded. No secret can be tested without it.";
    finding.advice = "Capture whole packets (tcpdump -s 0).";
    return finding;
}

/// In IKEv1 a Diffie-Hellman secret proves nothing without the pre-shared key: psk-missing says so.
bool only_psk_missing(const Case& at) {
    const auto& sa = at.sa;
    return by_psk(sa) && suite_known(sa) && sa.encrypted_seen && !sa.keys.available && sa.has_ke[0] && sa.has_ke[1] && at.material.dh_given != 0 &&
           at.material.psks_given == 0;
}

} // namespace

std::optional<Finding> dh_secret_missing(const Case& at, Finding finding) {
    const auto& sa = at.sa;
    if (sa.keys.available) {
        if (auto made = additional_secret_missing(at, finding)) return made;
        return second_secret_missing(at, std::move(finding));
    }
    if (sa.keys.dh || !sa.encrypted_seen || !sa.has_ke[0] || !sa.has_ke[1]) return std::nullopt;
    finding.frames = closed_frames(sa);
    if (auto made = cut_short(at, finding)) return made;
    if (auto made = beginning_missing(at, finding)) return made;
    if (auto made = private_keys_missing(at, finding)) return made;
    if (only_psk_missing(at)) return std::nullopt;
    // Where the keys depend on both, a trial that fails does not say which of the two was wrong.
    const bool given = at.material.dh_given != 0, both = by_psk(sa) && sa.version == session::Version::v1 && given;
    const bool no_psk = by_psk(sa) && at.material.psks_given == 0;
    const auto why = both    ? "no pair of a Diffie-Hellman secret and a pre-shared key that were given fits this SA"
                     : given ? "no Diffie-Hellman secret that was given fits this SA"
                             : "no Diffie-Hellman secret for this SA";
    finding.title = fmt::format("{}: {}", closed_words(finding.frames.size()), why);
    finding.explanation = at.sa.version == Version::v1
                              ? "The keys are made from the pre-shared key and the Diffie-Hellman secret g^xy. The capture holds only the public "
                                "values; the pre-shared key alone is not enough."
                              : "The keys are made from the Diffie-Hellman secret g^ir and the nonces. The capture holds only the public values; the "
                                "pre-shared key does not help to decrypt.";
    if (both)
        finding.advice = "Either of the two may be the wrong one. Try more keys (--psk-file, or ikescope psk with a word list), or look at the secret: " +
                         where_to_get_dh();
    else
        finding.advice = where_to_get_dh();
    if (no_psk && sa.version == Version::v1) finding.advice += " The pre-shared key is needed as well (--psk or --config).";
    return finding;
}

std::optional<Finding> psk_missing(const Case& at, Finding finding) {
    const auto& sa = at.sa;
    if (!by_psk(sa) || sa.keys.available || !sa.encrypted_seen) return std::nullopt;
    if (!sa.keys.dh) {
        if (!only_psk_missing(at)) return std::nullopt;
        finding.frames = closed_frames(sa);
        if (cut_short(at, finding)) return std::nullopt;
    }
    constexpr std::string_view untested = "a Diffie-Hellman secret was given, but no pre-shared key, without which it cannot be tested";
    finding.title = !sa.keys.dh                   ? fmt::format("{}: {}", closed_words(finding.frames.size()), untested)
                    : at.material.psks_given == 0 ? "The Diffie-Hellman secret is known, the pre-shared key is not"
                                                  : fmt::format("None of the {} pre-shared keys that were given fits", at.material.psks_given);
    finding.explanation = "With the right key the encrypted messages could be opened and both HASHes checked.";
    if (sa.keys.dh) prove(finding.evidence, fmt::format("the Diffie-Hellman secret of {} fits", *sa.keys.dh));
    finding.advice = where_to_give_psk;
    return finding;
}

} // namespace rules
} // namespace ikescope::diagnose
