// Where a router's log says something else than the packets prove, or than its configuration on file would make it do.

#include "diagnose/catalogue.hpp"
#include "diagnose/router_logs.hpp"
#include "diagnose/suite_words.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose {

namespace {

using ios::LogNegotiation;
using session::Proof;

using Sentences = std::vector<std::string>;

/// Which end of the SA wrote the log.
Side side_of(const LogNegotiation& n, const Sa& sa) {
    return n.peer == sa.initiator.address ? Side::responder : Side::initiator;
}

/// IOS's names of phase 1 attributes and the numbers on the wire (RFC 2409 appendix A).
struct Name {
    std::string_view name;
    std::uint32_t number;
};
constexpr Name encryptions[] = {{"DES-CBC", 1}, {"3DES-CBC", 5}, {"AES-CBC", 7}};
constexpr Name hashes[] = {{"MD5", 1}, {"SHA", 2}, {"SHA256", 4}, {"SHA384", 5}, {"SHA512", 6}};

std::uint32_t number_of(std::span<const Name> names, std::string_view name) {
    const auto found = std::ranges::find(names, name, &Name::name);
    return found == names.end() ? 0 : found->number;
}

void compare_suite(const LogNegotiation& n, const Sa& sa, Sentences& out) {
    if (sa.version != session::Version::v1 || n.encryption.empty() || !suite_agreed(sa)) return;
    const auto differs = [](std::uint32_t logged, std::uint32_t seen) {
        return logged != 0 && seen != 0 && logged != seen;
    };
    if (!differs(number_of(encryptions, n.encryption), sa.suite.encryption) &&
        !differs(number_of(hashes, n.hash), sa.suite.hash) && !differs(n.group, sa.suite.group) &&
        !differs(n.key_bits, sa.suite.key_bits))
        return;
    out.push_back(fmt::format("the log accepts {}, {}, group {}; MM2 takes {}", n.encryption, n.hash, n.group,
                              suite_text(sa.suite, sa.version)));
}

void compare_identity(const LogNegotiation& n, const Sa& sa, Sentences& out) {
    const auto peer = static_cast<std::size_t>(other(side_of(n, sa)));
    if (n.identity.empty() || !sa.identity[peer] || *sa.identity[peer] == n.identity) return;
    if (sa.identity_address[peer] && sa.identity_address[peer]->text() == n.identity) return;
    out.push_back(
        fmt::format("the log reads the ID {} of the peer; the opened message says {}", n.identity, *sa.identity[peer]));
}

bool says(const LogPart& part, std::string_view finding, bool certain = true) {
    return std::ranges::any_of(part.lines, [&](const auto& line) {
        return line.text && line.text->finding == finding && (line.text->certain || !certain);
    });
}

void compare_progress(const LogPart& part, const Sa& sa, Timestamp capture_end, Sentences& out) {
    const auto& n = *part.negotiation;
    const auto waits = waiting(sa);
    const bool stalled = waits && waits.in_vain(capture_end) && !phase1_complete(sa);
    if (n.complete && stalled)
        out.push_back(fmt::format("the log says that phase 1 is complete; in the capture {} was never answered",
                                  waits.first->label));
    if (phase1_complete(sa) && !n.complete && (says(part, "keyring-mismatch") || says(part, "wrong-psk")))
        out.emplace_back("the log aborts phase 1 behind MM5; in the capture phase 1 goes to its end");
    if (sa.version != session::Version::v2) return;
    constexpr std::uint16_t authentication_failed = 24; // RFC 7296 3.10.1
    const auto* refusal = find_notify(sa, authentication_failed, Side::responder);
    if (n.complete && refusal)
        out.push_back(fmt::format("the log says that IKE_AUTH is complete; in the capture frame {} refuses it with AUTHENTICATION_FAILED",
                                  refusal->frame));
    if (n.role == 'R' && !n.complete && says(part, "auth-failed") && phase1_complete(sa))
        out.emplace_back("the log refuses the peer in IKE_AUTH; in the capture the response authenticates the responder and the IKE SA "
                         "comes up");
}

/// The key that the log names must open what that end sent or received.
void compare_keys(const LogPart& part, const Case& at, Sentences& out) {
    const auto& n = *part.negotiation;
    if (n.version != 1 || at.sa.signature) return;
    const auto side = side_of(n, at.sa);
    const auto* router = at.at(side);
    if (says(part, "keyring-mismatch") && at.sa.first_sealed && router) {
        const auto pick = ios::ikev1_key_by_address(*router, at.ends(side));
        if (pick && pick.entry->key.usable() &&
            at.try_psk(Side::initiator, pick.entry->key.key.reveal()) == Proof::failed)
            out.push_back(fmt::format("the log reads MM5; with the key of {} that the configuration on file picks, MM5 "
                                      "does not open: the configuration on file is not what ran",
                                      pick.keyring_name()));
    }
    if (!router || n.picked.empty()) return;
    const auto* ring = router->find_keyring(n.picked);
    if (!ring) return;
    for (const auto& entry : ring->entries) {
        if (!entry.prefix || !entry.prefix->contains(n.peer) || !entry.key.usable()) continue;
        const auto opens =
            at.try_psk(side == Side::initiator ? Side::initiator : Side::responder, entry.key.key.reveal());
        const auto theirs = side == Side::responder ? at.try_psk(Side::initiator, entry.key.key.reveal()) : opens;
        const auto name = key_place(*router, *ring, entry);
        if (side == Side::initiator && opens == Proof::failed)
            out.push_back(fmt::format("the log takes the key of {}; {}'s messages do not open with it: the "
                                      "configuration on file is not what ran",
                                      name, router->name));
        if (side == Side::responder && opens == Proof::failed && theirs == Proof::failed && n.complete)
            out.push_back(fmt::format("the log takes the key of {}; nothing in the capture opens with it: the "
                                      "configuration on file is not what ran",
                                      name));
        if (side == Side::responder && theirs == Proof::verified && says(part, "wrong-psk"))
            out.push_back(fmt::format("the log takes the key of {} and cannot read MM5; in the capture MM5 opens with "
                                      "that key: the configuration on file is not what ran",
                                      name));
        return;
    }
}

void add_difference(Sentences& out, std::string_view what, const std::string& logged, const std::string& configured) {
    if (logged.empty() || logged == configured) return;
    out.push_back(fmt::format("{}: the log says {}, the configuration gives {}", what, logged,
                              configured.empty() ? "none" : configured));
}

void compare_initiator(const LogNegotiation& n, const ios::Router& router, Sentences& out) {
    const auto paths = ios::paths_to(router, n.peer);
    const auto profile = paths.empty() ? ios::ProfileChoice{} : ios::ikev1_initiator_profile(router, paths.front());
    add_difference(out, "profile of the request", n.requested_profile, profile.name());
    const auto key = paths.empty() ? ios::ikev1_key_by_address(router, ios::ends_of(router, n.local, n.peer))
                                   : ios::ikev1_initiator_key(router, paths.front());
    add_difference(out, "keyring", n.picked, key.keyring_name());
}

void compare_responder(const LogPart& part, const ios::Router& router, Sentences& out) {
    const auto& n = *part.negotiation;
    const auto ends = ios::ends_of(router, n.local, n.peer);
    const auto pick = ios::ikev1_key_by_address(router, ends);
    add_difference(out, "keyring picked by the peer's address", n.picked, pick.keyring_name());
    if (n.identity.empty() && n.profile.empty()) return;
    const auto address = IpAddress::parse(n.identity);
    const auto identity = n.identity.empty() ? ios::Identity::of(n.peer)
                          : address          ? ios::Identity::of(*address)
                                             : ios::Identity::of(ios::id_type::fqdn, n.identity);
    const auto profile = ios::ikev1_profile_by_identity(router, identity, ends.vrf);
    add_difference(out, "profile selected by the ID " + identity.text, n.no_profile ? "*none*" : n.profile,
                   profile ? profile.name() : "*none*");
    if (!profile || n.profile != profile.name()) return;
    add_difference(out, "keyring behind " + profile.name(), n.profile_keyring,
                   ios::ikev1_key_of_profile(router, profile.profile, ends).keyring_name());
    const auto check = ios::ikev1_check_keyring(router, pick, profile.profile, ends);
    if (says(part, "keyring-mismatch") && pick && check.passed)
        out.push_back(
            fmt::format("the log misses the key in the keyrings of {}; by the configuration {} is one of them",
                        profile.name(), pick.keyring_name()));
    if (n.complete && pick && !check.passed)
        out.push_back(
            fmt::format("the log completes phase 1; by the configuration {} aborts: {}", router.name, check.rule));
}

} // namespace

std::optional<Finding> log_against_capture(const LogPart& part, const Case& at) {
    if (!part.negotiation || !part.sa) return std::nullopt;
    Sentences found;
    compare_suite(*part.negotiation, at.sa, found);
    compare_identity(*part.negotiation, at.sa, found);
    compare_progress(part, at.sa, at.material.capture_end, found);
    compare_keys(part, at, found);
    if (found.empty()) return std::nullopt;
    auto finding = draft_of("log-contradicts-capture");
    finding.title = fmt::format("The log of {} contradicts the capture: {}", part.log->name, found.front());
    finding.explanation = "What the packets prove has been computed from their bytes. Either the log belongs to "
                          "another exchange, or the router ran with another configuration than the "
                          "one on file.";
    for (auto& sentence : found) prove(finding.evidence, std::move(sentence));
    for (const auto& line : part.lines)
        if (line.frame) finding.frames.push_back(*line.frame);
    std::ranges::sort(finding.frames);
    finding.frames.erase(std::unique(finding.frames.begin(), finding.frames.end()), finding.frames.end());
    finding.advice = "Take log, capture and running-config in the same minute and compare again.";
    return finding;
}

std::optional<Finding> log_against_configuration(const LogPart& part, std::span<const ios::Router> routers) {
    const auto* router = router_of(part, routers);
    if (!router || !part.negotiation || part.negotiation->peer.empty() || part.negotiation->version != 1)
        return std::nullopt;
    Sentences found;
    if (part.negotiation->role == 'I')
        compare_initiator(*part.negotiation, *router, found);
    else
        compare_responder(part, *router, found);
    if (found.empty()) return std::nullopt;
    auto finding = draft_of("config-contradicts-log");
    finding.title = fmt::format("{}: the configuration on file is not what ran ({})", router->name, found.front());
    finding.explanation =
        fmt::format("With the configuration that was given, {} would have chosen otherwise than its log says it did.",
                    router->name);
    for (auto& sentence : found) prove(finding.evidence, std::move(sentence));
    finding.advice = "Take the running-config from the router again; what is predicted from this one does not hold.";
    return finding;
}

} // namespace ikescope::diagnose
