// Findings that belong to no single SA: unusable secrets, messages without an SA, lost fragments, lint, one-way tunnels.

#include "diagnose/catalogue.hpp"
#include "diagnose/diagnose.hpp"
#include "diagnose/words.hpp"
#include "ios/predict.hpp"

#include <fmt/format.h>
#include <set>

namespace ikescope::diagnose {

namespace {

using Kind = session::UnusableSecret::Kind;
using Reason = session::UnusableSecret::Reason;
using Findings = std::vector<Finding>;

std::string_view secret_word(Kind kind) {
    switch (kind) {
    case Kind::psk: return "pre-shared key";
    case Kind::dh_shared: return "Diffie-Hellman secret";
    case Kind::dh_private: return "private Diffie-Hellman value";
    case Kind::ikev1_key: return "IKEv1 key";
    case Kind::ikev2_key: return "IKEv2 key set";
    case Kind::esp_key: return "ESP key";
    case Kind::msk: return "EAP master session key";
    case Kind::ppk: return "post-quantum pre-shared key";
    case Kind::additional: return "secret of an additional key exchange";
    case Kind::old_d: return "SK_d of a session to resume";
    case Kind::private_key: return "private key";
    }
    return "secret";
}

std::string opens_nothing_words(Kind kind) {
    switch (kind) {
    case Kind::ikev1_key: return "it was tried and what comes out is no ISAKMP message: it is the key of another SA";
    case Kind::ikev2_key: return "it was tried and no integrity check value is right under it: it is the key of another SA, or the messages are not as they were sent";
    case Kind::esp_key: return "it was tried and no integrity check value is right under it: the key, the algorithm or the SPI is another one";
    case Kind::psk: return "it was tried, also with every Diffie-Hellman secret that may belong to its SA, and proves nothing";
    case Kind::dh_shared: return "it was tried, in IKEv1 with every pre-shared key that was given, and fits no SA";
    default: return "it was tried and fits no SA";
    }
}

/// A secret shorter than its group may have lost leading zeros, which some logs leave out, or its end.
std::string zeros_words(const session::UnusableSecret& secret) {
    if (secret.size >= secret.wanted) return {};
    return fmt::format("; it has {} bytes where the group's have {}, and was tried with zeros in front: was it cut short when it was copied?",
                       secret.size, secret.wanted);
}

std::string length_words(const session::UnusableSecret& secret) {
    const auto what = secret.size < secret.wanted ? "too short" : "too long";
    if (secret.detail.empty()) return fmt::format("it is {}: it has {} bytes, {} are needed", what, secret.size, secret.wanted);
    return fmt::format("it is {} for {}: it has {} bytes, {} are needed", what, secret.detail, secret.size, secret.wanted);
}

std::string reason_words(const session::UnusableSecret& secret) {
    switch (secret.reason) {
    case Reason::nothing_to_try:
        return secret.kind == Kind::psk ? "the capture has no message that could prove it"
                                        : "the capture has no message that it could open";
    case Reason::opens_nothing: return opens_nothing_words(secret.kind) + zeros_words(secret);
    case Reason::opens_garbage:
        return "integrity check values are right under SK_ai or SK_ar, but SK_ei or SK_er decrypts to nothing that is a message: these "
               "two are wrong, or exchanged";
    case Reason::needs_psk:
        return "it cannot be tested alone: the keys of IKEv1 are made of the pre-shared key as well, and none was given";
    case Reason::too_many_for_pfs:
        return "it may belong to a Quick Mode or CREATE_CHILD_SA with PFS, but more secrets were given than there are such exchanges, "
               "and the capture has no ESP packets of them that could tell which is which";
    case Reason::matches_no_ke: return "its public value is in no KE payload of the capture";
    case Reason::wrong_length: return length_words(secret);
    case Reason::unknown_cookie:
        return fmt::format("it names {} {}, and no {} of the capture has that", secret.kind == Kind::esp_key ? "the SPI" : "the SA with the initiator's SPI",
                           secret.detail, secret.kind == Kind::esp_key ? "ESP packet" : "SA");
    case Reason::ke_missing:
        return secret.detail == "KE" ? "the capture lacks messages from the beginning of the SA it is for (algorithms, KE or nonces), so neither keys nor the first IV "
                                        "can be derived"
                                     : "the capture lacks the IKE_SA_INIT response of the SA it names, and the source does not say which algorithms the SA uses";
    case Reason::wrong_algorithm: return "the algorithm is another one: " + secret.detail;
    case Reason::second_for_sa: return fmt::format("a second key for one SA: {} opened it already, this one is another", secret.detail);
    case Reason::cannot_compute: return fmt::format("the algorithm cannot be computed here{}", secret.detail.empty() ? "" : ": " + secret.detail);
    case Reason::dh_secret_missing: return "it could not be tried: no Diffie-Hellman secret is known for any SA";
    }
    return {};
}

std::string_view explanation_of(Reason reason) {
    switch (reason) {
    case Reason::wrong_length: return "A secret of another length cannot be this SA's; it may have been cut short when it was copied, or digits of two lines run together.";
    case Reason::ke_missing: return "Keys and IVs are made from values that went over the wire before the capture began.";
    case Reason::wrong_algorithm: return "The source and the capture contradict each other; the line may belong to another SA.";
    case Reason::second_for_sa: return "Both name the same SA. What opened its messages was kept.";
    case Reason::cannot_compute: return "What is encrypted with it stays closed.";
    default: return "It may belong to another connection or another capture.";
    }
}

Finding unusable(const session::UnusableSecret& secret) {
    auto finding = draft_of("key-unusable");
    finding.title = fmt::format("The {} from {} {}: {}", secret_word(secret.kind), secret.origin.text,
                                secret.in_part ? "fits only in part" : "was of no use", reason_words(secret));
    finding.explanation = explanation_of(secret.reason);
    finding.severity = secret.reason == Reason::wrong_length || secret.reason == Reason::wrong_algorithm ? Severity::warning : Severity::note;
    finding.advice = secret.reason == Reason::ke_missing ? "Capture from the first message of the SA on; finished keys (IKEv1's Ka, IKEv2's SK_*) with the "
                                                           "names of their algorithms open what comes later."
                     : secret.reason == Reason::needs_psk ? "Give the key with --psk, a list with --psk-file, or a router's configuration with --config."
                                                            : "Check that it was copied completely and belongs to these addresses and this time.";
    return finding;
}

/// Many candidates that do not fit are no news: one line for all of them.
void unusable_psks(const std::vector<session::UnusableSecret>& psks, Findings& findings) {
    if (psks.size() <= 3) {
        for (const auto& psk : psks) findings.push_back(unusable(psk));
        return;
    }
    auto finding = draft_of("key-unusable");
    finding.severity = Severity::note;
    finding.title = fmt::format("{} of the pre-shared keys that were given fit nothing in this capture", psks.size());
    finding.advice = "This is as it should be for a list of candidates.";
    findings.push_back(std::move(finding));
}

void unusable_secrets(const session::Sessions& sessions, Findings& findings) {
    std::vector<session::UnusableSecret> psks;
    for (const auto& secret : sessions.unusable()) {
        if (!secret.origin.explicit_) continue; // a configuration may hold keys for other peers
        if (secret.reason == Reason::dh_secret_missing) continue; // dh-secret-missing says so for the SA
        if (secret.kind == Kind::psk) psks.push_back(secret);
        else if (findings.size() < 100) findings.push_back(unusable(secret));
    }
    unusable_psks(psks, findings);
}

void ownerless_messages(const Material& material, Findings& findings) {
    if (!material.observations || material.observations->ownerless().empty()) return;
    auto finding = draft_of("malformed");
    for (const auto& bad : material.observations->ownerless()) {
        if (finding.evidence.size() < 50) prove(finding.evidence, malformation_text(bad));
        if (finding.frames.empty() || finding.frames.back() != bad.frame) finding.frames.push_back(bad.frame);
    }
    finding.severity = Severity::warning;
    const auto count = finding.frames.size();
    finding.title = fmt::format("{} message{} could not be read and belong{} to no SA: {}", count, count == 1 ? "" : "s", count == 1 ? "s" : "",
                                frames_text(finding.frames));
    finding.explanation = "No exchange that was seen failed because of it.";
    finding.advice = "Look at the bytes (ikescope read -V -x).";
    findings.push_back(std::move(finding));
}

/// Unordered pairs of addresses that speak IKE with each other.
std::set<std::pair<IpAddress, IpAddress>> ike_pairs(const session::Sessions& sessions) {
    std::set<std::pair<IpAddress, IpAddress>> pairs;
    for (const auto& sa : sessions) pairs.insert(std::minmax(sa.initiator.address, sa.responder.address));
    return pairs;
}

void lost_below_ike(const session::Sessions& sessions, const Material& material, Findings& findings) {
    if (!material.observations || material.observations->link_notes().empty()) return;
    const auto pairs = ike_pairs(sessions);
    auto finding = draft_of("fragment-loss");
    finding.severity = Severity::warning;
    for (const auto& note : material.observations->link_notes()) {
        if (!pairs.contains(std::minmax(note.source, note.destination))) continue;
        if (finding.evidence.size() < 50) prove(finding.evidence, fmt::format("frame {}: {}", note.frame, note.sentence));
        if (finding.frames.empty() || finding.frames.back() != note.frame) finding.frames.push_back(note.frame);
    }
    if (finding.frames.empty()) return;
    finding.title = "IP fragments are missing or contradict each other";
    finding.explanation = "A datagram that is not complete cannot be read; a message may be missing for that reason only.";
    finding.advice = "Capture on the inner side of whatever drops fragments, or enable IKE fragmentation.";
    findings.push_back(std::move(finding));
}

std::string capitalized(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] & ~0x20);
    return text;
}

/// A remark and whose it is.
struct Remark {
    const ios::Router* router;
    ios::Lint lint;
    std::string text() const { return fmt::format("{}{}: {}", router->name, lint.line ? fmt::format(" line {}", lint.line) : "", lint.text); }
};

/// A remark is about what may happen; whether something failed is for the SAs to say. Equal ids become one finding.
Finding lint_finding(const std::string& id, const std::vector<Remark>& remarks) {
    Finding finding;
    finding.id = id;
    finding.severity = Severity::warning;
    finding.title = remarks.front().text();
    finding.advice = remarks.front().lint.advice;
    for (const auto& kind : ios::lint_kinds())
        if (kind.id == id) {
            finding.source = kind.source;
            if (remarks.size() > 1) finding.title = fmt::format("{}, {} times", capitalized(std::string(kind.meaning)), remarks.size());
        }
    if (remarks.size() > 1)
        for (const auto& remark : remarks) prove(finding.evidence, remark.text());
    return finding;
}

/// What is dangerous in the configurations; style and habits are for the lint of `predict`.
void lint_of_all(std::span<const ios::Router> routers, Findings& findings) {
    const bool told_as_pair = std::ranges::any_of(findings, [](const auto& finding) { return finding.id == "one-way-tunnel"; });
    std::vector<std::pair<std::string, std::vector<Remark>>> by_id;
    for (const auto& router : routers)
        for (auto& lint : ios::lint(router)) {
            if (lint.severity == ios::Weight::note || (told_as_pair && lint.id == "one-way-tunnel")) continue;
            auto group = std::ranges::find(by_id, lint.id, &decltype(by_id)::value_type::first);
            if (group == by_id.end()) group = by_id.insert(by_id.end(), {lint.id, {}});
            group->second.push_back({&router, std::move(lint)});
        }
    for (const auto& [id, remarks] : by_id) findings.push_back(lint_finding(id, remarks));
}

void one_way(const ios::Router& first, const ios::Router& second, Findings& findings) {
    const auto pair = ios::predict_pair(first, second);
    if (pair.one_way.empty()) return;
    auto finding = draft_of("one-way-tunnel");
    finding.certainty = Certainty::predicted;
    finding.title = pair.one_way;
    finding.explanation = "By the configurations the other direction fails. It will show when that side has traffic first, or after a rekeying.";
    for (const auto& direction : pair.directions) {
        predict(finding.evidence, fmt::format("{} to {}: {}", direction.initiator, direction.responder, direction.sentence));
        if (direction.outcome != ios::Outcome::up) finding.causes = direction.causes;
    }
    std::erase(finding.causes, finding.id);
    if (pair.proposal) finding.advice = capitalized(pair.proposal->sentence);
    findings.push_back(std::move(finding));
}

/// Pairs of configured routers that the capture shows talking to each other.
void one_way_tunnels(const session::Sessions& sessions, const Material& material, Findings& findings) {
    std::set<std::pair<const ios::Router*, const ios::Router*>> seen;
    if (material.routers.size() < 2) return;
    for (const auto& sa : sessions) {
        const Case at(sa, material);
        const auto *first = at.router[0], *second = at.router[1];
        if (!first || !second || first == second || sa.version != session::Version::v1) continue;
        if (seen.insert(std::minmax(first, second)).second) one_way(*first, *second, findings);
    }
}

} // namespace

std::vector<Finding> diagnose_capture(const session::Sessions& sessions, const Material& material) {
    Findings findings;
    one_way_tunnels(sessions, material, findings);
    lost_below_ike(sessions, material, findings);
    ownerless_messages(material, findings);
    unusable_secrets(sessions, findings);
    lint_of_all(material.routers, findings);
    std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
    return findings;
}

} // namespace ikescope::diagnose
