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

std::string secret_words(Kind kind) {
    switch (kind) {
    case Kind::additional: return "secrets of additional key exchanges";
    case Kind::old_d: return "SK_d of sessions to resume";
    default: return fmt::format("{}s", secret_word(kind));
    }
}

std::string opens_nothing_words(const session::UnusableSecret& secret) {
    switch (secret.kind) {
    case Kind::ikev1_key: return "it was tried and what comes out is no ISAKMP message: it is the key of another SA";
    case Kind::ikev2_key: return "it was tried and no integrity check value is right under it: it is the key of another SA, or the messages are not as they were sent";
    case Kind::esp_key:
        return "it was tried and opens no packet: no integrity check value is right under it, or what it decrypts is no packet; the key, the "
               "algorithm or the SPI is another one";
    case Kind::psk: return "it was tried, also with every Diffie-Hellman secret that may belong to its SA, and proves nothing";
    case Kind::dh_shared:
        return fmt::format("it was tried{} and fits no SA", secret.detail.empty() ? "" : ", in IKEv1 with every pre-shared key that was given,");
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

/// What went over the wire before the capture began; `what` is the first of it that is missing.
std::string beginning_words(std::string_view what) {
    if (what == "IKE_SA_INIT")
        return "the capture lacks the IKE_SA_INIT response of the SA it names, and the source does not say which algorithms the SA uses";
    if (what == "SA")
        return "the capture lacks the messages of the SA it names that choose the algorithms (MM1 and MM2, AM1 and AM2), so nobody can say how to use it";
    if (what == "cut")
        return "messages of the capture are cut by its snap length, and what is missing (algorithms, KE or nonces) is needed to make keys and IVs";
    return "the capture lacks messages from the beginning of the SA it is for (algorithms, KE or nonces), so neither keys nor the first IV can be derived";
}

std::string reason_words(const session::UnusableSecret& secret) {
    switch (secret.reason) {
    case Reason::nothing_to_try:
        if (secret.kind == Kind::esp_key)
            return "it could not be tried: the capture has only the beginning of the packets with its SPI, or too many keys name that SPI";
        return secret.kind == Kind::psk ? "the capture has no message that could prove it"
                                        : "the capture has no message that it could open";
    case Reason::opens_nothing: return opens_nothing_words(secret) + zeros_words(secret);
    case Reason::opens_garbage:
        return "integrity check values are right under SK_ai or SK_ar, but SK_ei or SK_er decrypts to nothing that is a message: these "
               "two are wrong, or exchanged";
    case Reason::needs_psk:
        return secret.kind == Kind::ppk ? "it cannot be tested alone: AUTH is made with the pre-shared key as well, and none was given"
                                        : "it cannot be tested alone: the keys of IKEv1 are made of the pre-shared key as well, and none was given";
    case Reason::needs_ppk:
        return "it could not be tested: a post-quantum pre-shared key (RFC 8784) makes AUTH as well, and none that was given fits";
    case Reason::needs_dh:
        return "a SKEYID alone opens nothing: the keys are made of g^xy as well, and none that was given can be this SA's";
    case Reason::needs_private_keys:
        return "it could not be tested: the SA authenticates with public key encryption, so its nonces (in the revised mode KE, too) stay closed "
               "without the private keys of both ends";
    case Reason::too_many_for_pfs:
        return "it may belong to a Quick Mode or CREATE_CHILD_SA with PFS, but more secrets were given than there are such exchanges, "
               "and the capture has no ESP packets of them that could tell which is which";
    case Reason::matches_no_ke: return "its public value is in no KE payload of the capture";
    case Reason::wrong_length: return length_words(secret);
    case Reason::unknown_cookie:
        return fmt::format("it names {} {}, and no {} of the capture has that", secret.kind == Kind::esp_key ? "the SPI" : "the SA with the initiator's SPI",
                           secret.detail, secret.kind == Kind::esp_key ? "ESP packet" : "SA");
    case Reason::ke_missing: return beginning_words(secret.detail);
    case Reason::wrong_algorithm: return "the algorithm is another one: " + secret.detail;
    case Reason::contradicts_itself: return "it contradicts itself: " + secret.detail;
    case Reason::part_missing: return secret.detail;
    case Reason::one_way: return secret.detail + " is another SA's or mistyped, or the messages are not as they were sent";
    case Reason::unverifiable:
        return "it has no integrity key that could prove it, and what it makes of the packets does not look like packets: the key, the algorithm "
               "or the SPI is another one";
    case Reason::second_for_sa:
        if (secret.kind == Kind::esp_key) return secret.detail + " the packets of that SPI, this one is another";
        return fmt::format("a second key for one SA: {} opened it already, this one is another", secret.detail);
    case Reason::cannot_compute: return fmt::format("the algorithm cannot be computed here{}", secret.detail.empty() ? "" : ": " + secret.detail);
    case Reason::dh_secret_missing: return "it could not be tried: no Diffie-Hellman secret is known for any SA";
    }
    return {};
}

std::string_view explanation_of(const session::UnusableSecret& secret) {
    switch (secret.reason) {
    case Reason::wrong_length: return "A secret of another length cannot be this SA's; it may have been cut short when it was copied, or digits of two lines run together.";
    case Reason::ke_missing:
        return secret.detail == "cut" ? "What was cut off was sent, but not recorded: the secret may be right."
                                      : "Keys and IVs are made from values that went over the wire before the capture began.";
    case Reason::wrong_algorithm: return "The source and the capture contradict each other; the line may belong to another SA.";
    case Reason::second_for_sa: return "Both name the same SA. What opened its messages was kept.";
    case Reason::cannot_compute: return "What is encrypted with it stays closed.";
    case Reason::contradicts_itself: return "A key of another length is not this algorithm's: the name or the key is that of another SA.";
    case Reason::part_missing: return "A message is decrypted only when its integrity check value is right, for which its sender's SK_a is needed.";
    case Reason::needs_psk:
    case Reason::needs_ppk:
    case Reason::needs_dh:
    case Reason::needs_private_keys: return "It may be right.";
    default: return "It may belong to another connection or another capture.";
    }
}

bool is_mistake(Reason reason) {
    return reason == Reason::wrong_length || reason == Reason::wrong_algorithm || reason == Reason::contradicts_itself ||
           reason == Reason::one_way;
}

std::string_view advice_for(const session::UnusableSecret& secret) {
    switch (secret.reason) {
    case Reason::ke_missing:
        if (secret.detail == "cut") return "Capture whole packets (tcpdump -s 0).";
        return "Capture from the first message of the SA on; finished keys (IKEv1's Ka, IKEv2's SK_*) with the names of their algorithms open "
               "what comes later.";
    case Reason::needs_psk: return "Give the key with --psk, a list with --psk-file, or a router's configuration with --config.";
    case Reason::needs_ppk: return "Give it as [[ppk]] in a file of --secrets.";
    case Reason::needs_dh: return "Give g^xy as well (--dh-secret or --secrets), or SKEYID_e instead.";
    case Reason::needs_private_keys: return "Give the private keys of both ends with --private-key.";
    case Reason::part_missing: return "Give both keys of the direction, SK_e and SK_a.";
    default: return "Check that it was copied completely and belongs to these addresses and this time.";
    }
}

Finding unusable(const session::UnusableSecret& secret) {
    auto finding = draft_of("key-unusable");
    finding.title = fmt::format("The {} from {} {}: {}", secret_word(secret.kind), secret.origin.text,
                                secret.in_part ? "fits only in part" : "was of no use", reason_words(secret));
    finding.explanation = explanation_of(secret);
    finding.severity = is_mistake(secret.reason) ? Severity::warning : Severity::note;
    finding.advice = advice_for(secret);
    return finding;
}

constexpr std::size_t told_singly = 3;

/// Did the capture keep only the beginning of some message?
bool any_cut(const session::Sessions& sessions, const Material& material) {
    if (!material.observations) return false;
    for (std::size_t sa = 0; sa < sessions.size(); ++sa)
        if (material.observations->snapped(sa)) return true;
    return false;
}

/// Many candidates that do not fit are no news: one line for all of them.
Finding unusable_psks(std::size_t count) {
    auto finding = draft_of("key-unusable");
    finding.severity = Severity::note;
    finding.title = fmt::format("{} of the pre-shared keys that were given fit nothing in this capture", count);
    finding.advice = "This is as it should be for a list of candidates.";
    return finding;
}

/// Those of one kind that have one reason: beyond three, one line for all of them, with the words of the first.
void sum_up(const std::vector<session::UnusableSecret>& same, Findings& findings) {
    if (same.size() <= told_singly) {
        for (const auto& one : same) findings.push_back(unusable(one));
        return;
    }
    if (same.front().kind == Kind::psk && same.front().reason != Reason::needs_ppk) {
        findings.push_back(unusable_psks(same.size()));
        return;
    }
    auto finding = unusable(same.front());
    finding.title = fmt::format("{} {} {}, all for the same reason; that from {}: {}", same.size(), secret_words(same.front().kind),
                                same.front().in_part ? "fit only in part" : "were of no use", same.front().origin.text, reason_words(same.front()));
    for (const auto& one : same)
        if (finding.evidence.size() < 50) prove(finding.evidence, fmt::format("{}: {}", one.origin.text, reason_words(one)));
    findings.push_back(std::move(finding));
}

/// In the order in which the first of each kind and reason came, the pre-shared keys last.
void unusable_secrets(const session::Sessions& sessions, const Material& material, Findings& findings) {
    std::vector<std::vector<session::UnusableSecret>> groups;
    const bool cut = any_cut(sessions, material);
    for (auto& secret : sessions.unusable()) {
        if (!secret.origin.explicit_) continue; // a configuration may hold keys for other peers
        if (secret.reason == Reason::dh_secret_missing) continue; // dh-secret-missing says so for the SA
        if (cut && secret.reason == Reason::ke_missing) secret.detail = "cut";
        const auto same = [&](const auto& group) {
            const auto& first = group.front();
            if (first.kind != secret.kind || first.in_part != secret.in_part) return false;
            const bool one_line = secret.kind == Kind::psk && secret.reason != Reason::needs_ppk && first.reason != Reason::needs_ppk;
            return one_line || first.reason == secret.reason;
        };
        auto group = std::ranges::find_if(groups, same);
        if (group == groups.end()) group = groups.insert(groups.end(), std::vector<session::UnusableSecret>{});
        group->push_back(std::move(secret));
    }
    std::stable_partition(groups.begin(), groups.end(), [](const auto& group) { return group.front().kind != Kind::psk; });
    for (const auto& group : groups) sum_up(group, findings);
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

/// What is lost below IKE, by a word of the note that tells it; the last row takes the rest.
struct Below {
    std::string_view word, title, explanation, advice;
};
constexpr Below below_ike[] = {
    {"TCP", "TCP segments that carry IKE are missing in the capture, cut short or contradict each other",
     "A message whose bytes are not all there cannot be read. What the receiver acknowledged did arrive: the capture dropped packets, began "
     "late or ended early.",
     "Capture from the first segment of the connection on, with whole packets, and see whether the capture tool reports dropped ones."},
    {"", "IP fragments are missing or contradict each other", "A datagram that is not complete cannot be read; a message may be missing for that reason only.",
     "Capture on the inner side of whatever drops fragments, or enable IKE fragmentation."},
};

const Below& below_of(std::string_view sentence) {
    return *std::ranges::find_if(below_ike, [&](const Below& row) { return sentence.find(row.word) != std::string_view::npos; });
}

Finding lost_finding(const Below& row) {
    auto finding = draft_of("fragment-loss");
    finding.severity = Severity::warning;
    finding.title = row.title;
    finding.explanation = row.explanation;
    finding.advice = row.advice;
    return finding;
}

void lost_below_ike(const session::Sessions& sessions, const Material& material, Findings& findings) {
    if (!material.observations || material.observations->link_notes().empty()) return;
    const auto pairs = ike_pairs(sessions);
    for (const auto& row : below_ike) {
        auto finding = lost_finding(row);
        for (const auto& note : material.observations->link_notes()) {
            if (&below_of(note.sentence) != &row || !pairs.contains(std::minmax(note.source, note.destination))) continue;
            if (finding.evidence.size() < 50) prove(finding.evidence, fmt::format("frame {}: {}", note.frame, note.sentence));
            if (finding.frames.empty() || finding.frames.back() != note.frame) finding.frames.push_back(note.frame);
        }
        if (!finding.frames.empty()) findings.push_back(std::move(finding));
    }
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
    unusable_secrets(sessions, material, findings);
    lint_of_all(material.routers, findings);
    std::ranges::stable_sort(findings, std::ranges::greater{}, &Finding::severity);
    return findings;
}

} // namespace ikescope::diagnose
