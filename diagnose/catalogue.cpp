#include "diagnose/catalogue.hpp"

#include <algorithm>
#include <cassert>

namespace ikescope::diagnose {

namespace {

constexpr std::string_view cisco = "Cisco, ISAKMP profiles and keyrings (IOS 15.3T)";

constexpr Row rows[] = {
    // Why phase 1 does not complete. What explains stands before what merely describes.
    {"keyring-mismatch", Severity::error, Concern::phase1,
     "The key picked before MM4 is in another keyring than the profile that the ID of MM5 selects",
     "RFC 2409 5.4; Cisco, ISAKMP profiles and keyrings (IOS 15.3T): R2 as IKE initiator", rules::keyring_mismatch},
    {"no-key-for-peer", Severity::error, Concern::phase1, "No keyring has a key for the peer's address", cisco,
     rules::no_key_for_peer},
    {"wrong-psk", Severity::error, Concern::phase1, "The two sides use different pre-shared keys",
     "RFC 2409 5, 5.4; Cisco, ISAKMP profiles and keyrings (IOS 15.3T): debugs for different pre-shared keys", rules::wrong_psk},
    {"trust-point-mismatch", Severity::error, Concern::phase1, "The profile that the ID selects trusts another CA than the peer's certificate has",
     "Cisco, ISAKMP profiles and keyrings (IOS 15.3T): summary", rules::trust_point_mismatch},
    {"wrong-psk", Severity::error, Concern::phase1, "The two sides use different pre-shared keys", "RFC 7296 2.15, 2.21.2",
     rules::wrong_psk_ikev2},
    {"id-mismatch", Severity::error, Concern::phase1, "One side does not accept the other's identity", "RFC 2407 4.6.2",
     rules::id_mismatch},
    {"auth-failed", Severity::error, Concern::phase1, "Authentication was refused", "RFC 2409 5; RFC 7296 2.15, 2.21.2",
     rules::auth_failed},
    {"no-proposal-chosen", Severity::error, Concern::phase1, "No offered suite is acceptable to the responder",
     "RFC 2408 5.4; RFC 7296 2.7", rules::no_proposal_chosen},
    {"invalid-ke", Severity::error, Concern::phase1, "The responder wants another Diffie-Hellman group", "RFC 7296 1.3, 2.7",
     rules::invalid_ke},
    {"nat-t-blocked", Severity::error, Concern::phase1, "Behind the change to UDP port 4500 nothing comes back", "RFC 3947 4",
     rules::nat_t_blocked},
    {"fragment-loss", Severity::error, Concern::phase1, "Fragments of a large message do not arrive",
     "RFC 7383 1; RFC 791 3.2", rules::fragment_loss},
    {"wrong-psk", Severity::error, Concern::phase1, "The two sides probably use different pre-shared keys",
     "RFC 2409 5, 5.4", rules::likely_wrong_psk},
    {"no-response", Severity::error, Concern::phase1, "A message was never answered", "RFC 2408 5.1; RFC 7296 2.1",
     rules::no_response},
    // Why a Quick Mode or Child SA fails.
    {"profile-mismatch", Severity::error, Concern::child,
     "Phase 2 is refused because phase 1 selected another ISAKMP profile than the tunnel uses",
     "Cisco, ISAKMP profiles and keyrings (IOS 15.3T): IKE profile selection order on the responder", rules::profile_mismatch},
    {"ts-unacceptable", Severity::error, Concern::child, "The responder does not accept the networks to be protected",
     "RFC 2409 5.5; RFC 7296 2.9", rules::ts_unacceptable},
    {"child-no-proposal", Severity::error, Concern::child, "No offered IPsec suite is acceptable to the responder",
     "RFC 2409 5.5; RFC 7296 2.7", rules::child_no_proposal},
    {"no-response", Severity::error, Concern::child, "A message was never answered", "RFC 2408 5.1; RFC 7296 2.1",
     rules::child_no_response},
    // What stands by itself.
    {"malformed", Severity::error, Concern::always, "Bytes that lie", "RFC 2408 5; RFC 7296 3", rules::malformed},
    {"illegal-message", Severity::error, Concern::always, "A message has payloads that do not belong in it, or lacks some that do",
     "RFC 2408 4, 5; RFC 2409 5; RFC 7296 1.2 to 1.4", rules::illegal_message},
    {"auth-failed", Severity::warning, Concern::always, "Messages are not authentic", "RFC 2409 5.5, 5.7; RFC 7296 2.21, 3.14; RFC 4303 3.4.4",
     rules::not_authentic},
    {"snap-length", Severity::note, Concern::always, "The capture holds only the beginning of messages", "pcap-savefile(5)", rules::snap_length},
    {"retransmission", Severity::note, Concern::always, "Messages were repeated before an answer came", "RFC 2408 5.1; RFC 7296 2.1",
     rules::retransmission},
    {"aggressive-psk-exposed", Severity::warning, Concern::always,
     "Aggressive Mode shows a hash of the pre-shared key to anyone who listens", "RFC 2409 5.4; CVE-2002-1623",
     rules::aggressive_psk_exposed},
    {"weak-crypto", Severity::warning, Concern::always, "Weak algorithms were agreed on", "RFC 8247; RFC 9395", rules::weak_crypto},
    {"dh-secret-missing", Severity::note, Concern::always, "Without the Diffie-Hellman secret nothing can be decrypted",
     "RFC 2409 5; RFC 7296 2.14", rules::dh_secret_missing},
    {"psk-missing", Severity::note, Concern::always, "No pre-shared key that was given fits", "RFC 2409 5", rules::psk_missing},
    // About the capture, the secrets or a configuration as a whole; see capture_findings.cpp.
    {"key-unusable", Severity::warning, Concern::always, "A secret that was given could not be used", "RFC 2409 5", nullptr},
    {"one-way-tunnel", Severity::warning, Concern::always, "Only one side can bring this tunnel up", cisco, nullptr},
    {"log-contradicts-capture", Severity::warning, Concern::always, "A router's log says something else than the packets prove", "-", nullptr},
    {"config-contradicts-log", Severity::warning, Concern::always, "A router chose otherwise than its configuration on file would", cisco, nullptr},
};

} // namespace

std::span<const Row> catalogue() { return rows; }

const Row* find_row(std::string_view id) {
    const auto at = std::ranges::find(rows, id, &Row::id);
    return at == std::end(rows) ? nullptr : at;
}

Finding draft_of(const Row& row) {
    Finding finding;
    finding.id = row.id;
    finding.severity = row.severity;
    finding.title = row.title;
    finding.source = row.source;
    return finding;
}

Finding draft_of(std::string_view id) {
    const auto* row = find_row(id);
    assert(row && "finding id without a row in the catalogue");
    return draft_of(*row);
}

} // namespace ikescope::diagnose
