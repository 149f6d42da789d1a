#pragma once
// The lines that IOS prints under `debug crypto isakmp`, `debug crypto ipsec` (and `debug crypto isakmp detail`),
// without time stamps. Wording and blanks as in the Cisco document on ISAKMP profiles and keyrings, IOS 15.3T.

#include "ios/proposals.hpp"

namespace ikescope::ios {

using LogLines = std::vector<std::string>;

enum class Say : std::uint8_t {
    // request and start
    sa_request_profile, no_aggressive, begin_main_mode, no_key_for_peer, no_cert_or_key, cannot_start_main_mode,
    construct_nat_t, send_initial_contact, begin_quick_mode,
    // the search for a key
    key_not_available, key_found_in, selecting_key, selecting_final_key, peer_key_matching, address_key_in_keyring, host_key_in_keyring,
    local_key_found, looking_for_xauth,
    // profiles and the check behind them
    peer_matches, peer_matches_none, key_not_in_profile, fsm_error, reserved_not_zero, bad_message,
    // packets and states
    sending, sending_ipv4, received, input_state, old_new_state, retransmitting, death_by_retransmission,
    // payloads
    process_sa, process_ke, process_nonce, process_id, process_hash, id_payload, id_next_payload, id_kind, id_address,
    id_fqdn, id_protocol, id_port, id_length, total_length, doing_psk, authentication_status, authenticated, authenticated_with,
    initial_contact, process_vendor, vendor_major, vendor_rfc3947, vendor_dpd, vendor_unity, vendor_ios, vendor_xauth, nat_payload, nat_his_hash,
    nat_none,
    // phase 1 policies
    checking_transform, att_encryption, att_key_length, att_hash, att_group, att_auth, att_life_type, att_life,
    atts_acceptable, atts_not_acceptable, bad_encryption, bad_key_length, bad_hash, bad_auth, bad_group, bad_life,
    no_offers, phase1_unacceptable, notify_phase1, mode_failure, life_actual, life_acceptable, life_vpi, life_seconds,
    life_returning, life_timer,
    // phase 2
    ipsec_request, ipsec_outbound, ipsec_inbound, ipsec_local_proxy, ipsec_remote_proxy, ipsec_transform, ipsec_transform_none,
    ipsec_life, ipsec_life_none, ipsec_spi, checking_ipsec, ipsec_acceptable, validate_proposal, profile_did_not_match, proxy_match,
    proxy_src, proxy_dst, proxy_protocol, proxy_src_port, proxy_dst_port, no_matching_map, proxies_unsupported,
    transform_unsupported, policy_invalidated, phase2_unacceptable, new_node, notify_phase2, node_rejected,
    // IKEv2
    v2_searching_policy, v2_found_policy, v2_no_policy, v2_searching_profile, v2_found_profile, v2_no_profile,
    v2_getting_key, v2_matched_peer, v2_no_key, v2_auth_failed, v2_no_proposal_received, v2_no_item,
    v2_sending, v2_received, v2_spis, v2_exchange,
    // Aggressive Mode
    begin_aggressive, aggressive_failure, aggressive_disabled,
    // for want of an answer
    error_counter, duplicate, retransmitting_due, retransmitting_qm, death_qm, notify_without_hash, process_notify, delete_larval,
    count
};

/// What the lines are filled with. Only what a line mentions must be set.
struct LogFacts {
    unsigned connection = 0;  ///< the number in ISAKMP:(1011); 0 before keys exist
    bool initiator = false;
    std::string peer, local;  ///< addresses
    std::string keyring, profile, mask, key_address, state, new_state, input, event, name;
    std::string protocol, local_proxy, remote_proxy, transform;
    std::uint64_t number = 0, second = 0;
};
std::string log_line(Say what, const LogFacts& facts = {});
/// Is it printed only under `debug crypto isakmp detail`?
bool is_detail(std::string_view line);
/// The part of the document, or the other source, that the wording comes from.
std::string_view log_source(Say what);

/// The search for the peer's key. Without `detail`: `Found ADDRESS key in keyring K` (a profile is in use) or nothing but
/// `found peer pre-shared key matching A`.
LogLines log_key_search(const KeyChoice& choice, const Ends& ends, bool detail, bool profile_known, unsigned connection = 0);
/// `No pre-shared key with A!` …
LogLines log_no_key(const Ends& ends, bool initiator);
/// MM5 at the responder when the check after it fails: ID, profile, second look-up, abort.
LogLines log_keyring_mismatch(const Identity& peer_identity, const ProfileChoice& profile, const KeyringCheck& check,
                              const Ends& ends, unsigned connection = 1001);
/// MM5 at the responder when it opened MM5 with the wrong key.
LogLines log_wrong_psk(const Ends& ends, unsigned connection = 1001);
/// MM1 or AM1 at the responder: every comparison, then acceptance or refusal.
LogLines log_policies(const PolicyChoice& choice, const Ends& ends, bool aggressive = false);
LogLines log_identity(const Identity& identity, unsigned connection);
/// IPSEC(sa_request) of the initiator.
LogLines log_request(const Path& asking, const Router& router);
/// `peer matches P profile` or `peer matches *none* of the profiles`.
std::string log_profile(const ProfileChoice& profile);
/// QM1 at the responder when no path may take it (error 32 and its neighbours).
LogLines log_phase2_refused(const Phase2Choice& choice, const Path& asking, const Ends& ends, unsigned connection = 1001);

} // namespace ikescope::ios
