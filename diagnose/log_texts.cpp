#include "diagnose/log_texts.hpp"

#include <algorithm>

namespace ikescope::diagnose {

namespace {

constexpr auto error = Severity::error, warning = Severity::warning, note = Severity::note;
constexpr std::string_view document = "Cisco, ISAKMP profiles and keyrings (IOS 15.3T)",
                           published = "published IOS debug output", messages = "Cisco IOS system message guide",
                           asa = "published ASA debug output", lab = "log of strongSwan 5.9.8 in the project's lab",
                           lsw = "log of libreswan 4.10 in the project's lab", racoon_source = "ipsec-tools source",
                           mikrotik_forum = "published RouterOS log", fortinet = "Fortinet community articles",
                           unconfirmed = "wording not confirmed";

constexpr std::string_view wrong_key_meaning =
    "MM5 arrived and was decrypted with a key that is not the initiator's: what should be the ID payload is noise. No "
    "MM6 is sent, the initiator repeats MM5.";
constexpr std::string_view no_phase1_meaning = "MM1 (or AM1, IKE_SA_INIT) offers nothing that this side accepts: it "
                                               "answers NO-PROPOSAL-CHOSEN (14) in clear, or nothing.";
constexpr std::string_view no_phase2_meaning = "Quick Mode (or the Child SA) offers no suite that this side accepts: "
                                               "an encrypted NO-PROPOSAL-CHOSEN (14) goes back.";
constexpr std::string_view selectors_meaning =
    "The networks that QM1 (or TSi and TSr) asks for are none that this side protects with that peer.";
constexpr std::string_view hash_meaning = "The message was decrypted, but its proof of the key (HASH, AUTH) is wrong.";
constexpr std::string_view silence_meaning =
    "What was sent last was never answered: the peer refused silently, cannot read it, or packets are lost.";

constexpr LogText rows[] = {
    // Cisco IOS and IOS-XE, IKEv1
    {"IOS", "Key not found in keyrings of profile", "", "keyring-mismatch", error, true,
     "MM5 was decrypted and brought the ID, but the key in use since MM4 is in no keyring of the profile that the ID "
     "selects. No MM6 is sent, the initiator repeats MM5.",
     document},
    {"IOS", "reserved not zero on", "", "wrong-psk", error, true, wrong_key_meaning, document},
    {"IOS", "failed its sanity check or is malformed", "", "wrong-psk", error, false, wrong_key_meaning, document},
    {"IOS", "No pre-shared key with", "", "no-key-for-peer", error, true,
     "No keyring has a key for the peer's address: an initiator sends nothing at all, a responder does not answer MM3.",
     published},
    {"IOS", "No Cert or pre-shared address key", "", "no-key-for-peer", error, true,
     "The initiator has nothing to authenticate with and sends nothing.", published},
    {"IOS", "phase 1 SA policy not acceptable", "", "no-proposal-chosen", error, true, no_phase1_meaning, published},
    {"IOS", "no offers accepted!", "", "no-proposal-chosen", error, true, no_phase1_meaning, published},
    {"IOS", "is not CSDL compliant", "", "no-proposal-chosen", warning, false,
     "This release disabled the weak algorithms of a default policy: it is never offered nor accepted.", published},
    {"IOS", "map_db_check_isakmp_profile profile did not match", "", "profile-mismatch", error, true,
     "Phase 1 is complete, but its ISAKMP profile is not the one that the tunnel or map entry names: QM1 is answered "
     "with an encrypted PROPOSAL-NOT-CHOSEN.",
     document},
    {"IOS", "invalidated proposal with error 32", "", "ts-unacceptable", error, true, selectors_meaning, published},
    {"IOS", "proxy identities not supported", "", "ts-unacceptable", error, true, selectors_meaning, published},
    {"IOS", "invalidated proposal with error 256", "", "child-no-proposal", error, true, no_phase2_meaning, published},
    {"IOS", "transform proposal not supported for identity", "", "child-no-proposal", error, true, no_phase2_meaning,
     published},
    {"IOS", "invalidated proposal with error 64", "", "child-no-proposal", error, false,
     "Quick Mode disagrees about PFS: an encrypted NO-PROPOSAL-CHOSEN (14) goes back.", unconfirmed},
    {"IOS", "phase 2 SA policy not acceptable", "", "child-no-proposal", error, true, no_phase2_meaning, published},
    {"IOS", "notify HASH not authenticated", "", "wrong-psk", error, false, hash_meaning, unconfirmed},
    {"IOS", "invalid hash", "", "wrong-psk", error, false, hash_meaning, unconfirmed},
    {"IOS", "%PKI-3-CERTIFICATE_INVALID", "", "auth-failed", error, true,
     "The peer's certificate in MM5, MM6 or IKE_AUTH is not accepted.", unconfirmed},
    {"IOS", "%CRYPTO-5-IKMP_INVAL_CERT", "", "auth-failed", error, true,
     "The peer's certificate in MM5, MM6 or IKE_AUTH is not accepted.", messages},
    {"IOS", "%CRYPTO-6-IKMP_MODE_FAILURE", "", "auth-failed", error, false,
     "Phase 1 was given up after one of the peer's messages.", messages},
    {"IOS", "Death by retransmission", "", "no-response", error, false, silence_meaning, unconfirmed},
    {"IOS", "no outgoing phase 1 packet to retransmit", "", "no-response", warning, false, silence_meaning, published},
    {"IOS", "retransmitting phase 1", "", "no-response", warning, false, silence_meaning, published},
    {"IOS", "%CRYPTO-4-IKMP_NO_SA", "", "no-response", warning, false,
     "A message with cookies that this router has forgotten, or never knew.", messages},
    {"IOS", "%CRYPTO-4-RECVD_PKT_INV_SPI", "", "no-response", warning, false,
     "ESP arrives for an SPI that this router does not have: the peer believes in an SA that is gone here.", messages},
    // IKEv2 on IOS-XE
    {"IOS", "Failed to find a matching policy", "", "no-proposal-chosen", error, true, no_phase1_meaning, published},
    {"IOS", "Received no proposal chosen notify", "", "no-proposal-chosen", error, true,
     "The peer answered NO_PROPOSAL_CHOSEN (14).", published},
    {"IOS", "Received Policies:", "Expected Policies:", "no-proposal-chosen", error, true, no_phase1_meaning,
     published},
    {"IOS", "Failed to locate an item in the database", "", "id-mismatch", error, false,
     "The peer's identity fits no IKEv2 profile. An initiator finds out after the responder has installed its SAs.",
     published},
    {"IOS", "IKEv2 profile not found", "", "auth-failed", error, true,
     "The identity in IKE_AUTH selects no IKEv2 profile: AUTHENTICATION_FAILED (24).", published},
    {"IOS", "Verification of peer's authentication data FAILED", "", "auth-failed", error, true,
     "AUTH in IKE_AUTH is wrong: with pre-shared keys the keys differ.", published},
    {"IOS", "Failed to authenticate the IKE SA", "", "auth-failed", error, true, hash_meaning, published},
    {"IOS", "Auth exchange failed", "", "auth-failed", error, true, hash_meaning, published},
    {"IOS", "The peer's KE payload contained the wrong DH group", "", "invalid-ke", note, true,
     "INVALID_KE_PAYLOAD (17): one more round trip with the group that the responder wants.", published},
    {"IOS", "received notify NO_PROPOSAL_CHOSEN", "", "no-proposal-chosen", error, true,
     "The peer answered NO_PROPOSAL_CHOSEN (14).", unconfirmed},

    // Cisco ASA
    {"ASA", "had problems decrypting packet, probably due to mismatched pre-shared key", "", "wrong-psk", error, true,
     wrong_key_meaning, unconfirmed},
    {"ASA", "Received encrypted Oakley Main Mode packet with invalid payloads", "", "wrong-psk", error, false,
     wrong_key_meaning, unconfirmed},
    {"ASA", "All SA proposals found unacceptable", "", "no-proposal-chosen", error, true, no_phase1_meaning,
     unconfirmed},
    {"ASA", "no matching crypto map entry for remote proxy", "", "ts-unacceptable", error, true, selectors_meaning,
     asa},
    {"ASA", "Reason: crypto map policy not found", "", "ts-unacceptable", error, true, selectors_meaning, asa},
    {"ASA", "QM FSM error", "", "child-no-proposal", error, false,
     "Quick Mode ended in an error; `mess id` is the message ID on the wire.", asa},
    {"ASA", "Peer ID check failed", "", "id-mismatch", error, true,
     "The identity in IKE_AUTH is not the one that the certificate or the configuration names.", asa},

    // strongSwan
    {"strongSwan", "payload length, decryption failed?", "", "wrong-psk", error, true, wrong_key_meaning, lab},
    {"strongSwan", "could not decrypt payloads", "", "wrong-psk", error, false, wrong_key_meaning, lab},
    {"strongSwan", "calculated HASH does not match HASH payload", "", "wrong-psk", error, true, hash_meaning, lab},
    {"strongSwan", "but MAC mismatched", "", "wrong-psk", error, true,
     "AUTH in IKE_AUTH was made with another pre-shared key: AUTHENTICATION_FAILED (24).", lab},
    {"strongSwan", "no shared key found for", "", "no-key-for-peer", error, true,
     "There is no pre-shared key for this pair of identities or addresses.", lab},
    {"strongSwan", "no IKE config found for", "", "no-proposal-chosen", error, true,
     "No connection is configured for this pair of addresses: NO-PROPOSAL-CHOSEN (14) to the first message.", lab},
    {"strongSwan", "IDir '", "does not match to '", "id-mismatch", error, true,
     "The responder's identity is not the one that this side expects; it deletes the SA.", lab},
    {"strongSwan", "but none allows pre-shared key authentication", "", "auth-failed", error, true,
     "The connection that fits is not for pre-shared keys in this mode.", lab},
    {"strongSwan", "no matching peer config found", "", "auth-failed", error, true,
     "No connection is configured for this identity: AUTHENTICATION_FAILED (24).", lab},
    {"strongSwan", "no peer config found", "", "auth-failed", error, true,
     "No connection is configured for this identity: AUTHENTICATION_FAILED (24).", lab},
    {"strongSwan", "no matching CHILD_SA config found for", "", "ts-unacceptable", error, true, selectors_meaning, lab},
    {"strongSwan", "traffic selectors ", " unacceptable", "ts-unacceptable", error, true, selectors_meaning, lab},
    {"strongSwan", "received TS_UNACCEPTABLE", "", "ts-unacceptable", error, true, selectors_meaning, lab},
    {"strongSwan", "no acceptable proposal found", "", "child-no-proposal", error, true, no_phase2_meaning, lab},
    {"strongSwan", "no matching proposal found, sending NO_PROPOSAL_CHOSEN", "", "child-no-proposal", error, true,
     no_phase2_meaning, lab},
    {"strongSwan", "received proposals unacceptable", "", "no-proposal-chosen", error, true, no_phase1_meaning, lab},
    {"strongSwan", "no proposal found", "", "no-proposal-chosen", error, true, no_phase1_meaning, lab},
    {"strongSwan", "received NO_PROPOSAL_CHOSEN", "error notify", "no-proposal-chosen", error, false,
     "The peer answered NO-PROPOSAL-CHOSEN (14).", lab},
    {"strongSwan", "received NO_PROPOSAL_CHOSEN notify", "", "child-no-proposal", error, false,
     "The peer refused the Child SA with NO_PROPOSAL_CHOSEN (14).", lab},
    {"strongSwan", "received AUTHENTICATION_FAILED", "", "auth-failed", error, true,
     "The peer answered AUTHENTICATION_FAILED (24): it does not accept key, identity or certificate.", lab},
    {"strongSwan", "requesting MODP_", "", "invalid-ke", note, true,
     "INVALID_KE_PAYLOAD (17): one more round trip with the group that the responder wants.", lab},
    {"strongSwan", "peer didn't accept DH group", "", "invalid-ke", note, true,
     "INVALID_KE_PAYLOAD (17): one more round trip with the group that the responder wants.", lab},
    {"strongSwan", "peer not responding", "", "no-response", error, false, silence_meaning, lab},
    {"strongSwan", "deleting half open IKE_SA with", "", "no-response", warning, false, silence_meaning, lab},

    // libreswan
    {"libreswan", "length of ISAKMP Identification Payload is larger than can fit", "", "wrong-psk", error, true,
     wrong_key_meaning, lsw},
    {"libreswan", "probable authentication failure (mismatch of preshared secrets?)", "", "wrong-psk", error, true,
     wrong_key_meaning, unconfirmed},
    {"libreswan", "received Hash Payload does not match computed value", "", "wrong-psk", error, true, hash_meaning,
     lsw},
    {"libreswan", "authentication failed: computed hash does not match hash received", "", "wrong-psk", error, true,
     hash_meaning, lsw},
    {"libreswan", "no preshared key found for", "", "no-key-for-peer", error, true,
     "There is no secret for these identities; on the wire it looks like NO-PROPOSAL-CHOSEN (14) to MM1.", lsw},
    {"libreswan", "no connection has been authorized with", "", "no-proposal-chosen", error, true,
     "No connection fits the first message; it is dropped without an answer.", lsw},
    {"libreswan", "no acceptable Oakley Transform", "", "no-proposal-chosen", error, true, no_phase1_meaning, lsw},
    {"libreswan", "cannot respond to IPsec SA request because no connection is known for", "", "ts-unacceptable", error,
     true, selectors_meaning, lsw},
    {"libreswan", "IKE_AUTH response rejected Child SA with TS_UNACCEPTABLE", "", "ts-unacceptable", error, true,
     selectors_meaning, lsw},
    {"libreswan", "no acceptable Proposal in IPsec SA", "", "child-no-proposal", error, true, no_phase2_meaning, lsw},
    {"libreswan", "authentication request rejected by peer: AUTHENTICATION_FAILED", "", "auth-failed", error, true,
     "The peer answered AUTHENTICATION_FAILED (24): it does not accept key, identity or certificate.", lsw},
    {"libreswan", "ignoring informational payload NO_PROPOSAL_CHOSEN", "", "no-proposal-chosen", error, false,
     "The peer answered NO-PROPOSAL-CHOSEN (14).", lsw},
    {"libreswan", "retransmission; will wait", "", "no-response", warning, false, silence_meaning, lsw},

    // racoon and MikroTik
    {"racoon", "parsing packet failed, possible cause: wrong password", "", "wrong-psk", error, true, wrong_key_meaning,
     mikrotik_forum},
    {"racoon", "HASH mismatched", "", "wrong-psk", error, true, hash_meaning, racoon_source},
    {"racoon", "couldn't find the pskey for", "", "no-key-for-peer", error, true,
     "There is no pre-shared key for this peer.", racoon_source},
    {"racoon", "couldn't find the proper pskey", "", "no-key-for-peer", note, false,
     "No key for the identity; one by address is tried.", racoon_source},
    {"racoon", "no suitable proposal found", "", "no-proposal-chosen", error, true, no_phase1_meaning, racoon_source},
    {"racoon", "failed to get valid proposal", "", "no-proposal-chosen", error, true, no_phase1_meaning, racoon_source},
    {"racoon", "rejected ", "DB(prop#", "no-proposal-chosen", error, true, no_phase1_meaning, racoon_source},
    {"racoon", "exchange type is mismatched", "", "no-proposal-chosen", error, true,
     "The first message is of a mode that this side does not allow.", racoon_source},
    {"racoon", "no configuration found for", "", "no-proposal-chosen", error, true,
     "No peer is configured for this address.", racoon_source},
    {"racoon", "notification NO-PROPOSAL-CHOSEN received", "", "no-proposal-chosen", error, false,
     "The peer answered NO-PROPOSAL-CHOSEN (14).", racoon_source},
    {"racoon", "ID mismatched", "", "id-mismatch", error, true, "The peer's identity is not the one that is expected.",
     racoon_source},
    {"racoon", "failed to get sainfo", "", "ts-unacceptable", error, true, selectors_meaning, racoon_source},
    {"racoon", "check and compare ids : value mismatch", "", "ts-unacceptable", error, false, selectors_meaning,
     "F5's list of IKEv1 messages"},
    {"racoon", "no policy found:", "", "ts-unacceptable", error, true, selectors_meaning, racoon_source},
    {"racoon", "pfs group mismatched", "", "child-no-proposal", error, true,
     "Quick Mode disagrees about the PFS group.", racoon_source},
    {"racoon", "no PFS is specified, but peer sends KE", "", "child-no-proposal", error, true,
     "The peer wants PFS, this side does not.", racoon_source},
    {"racoon", "Packet reassembly failed", "", "fragment-loss", error, true,
     "IKE fragments of a message did not all arrive.", racoon_source},
    {"racoon", "Missing fragment #", "", "fragment-loss", error, true, "IKE fragments of a message did not all arrive.",
     racoon_source},
    {"racoon", "failed to pre-process ph1 packet", "", "wrong-psk", error, false, wrong_key_meaning, racoon_source},
    {"racoon", "received invalid next payload type", "", "wrong-psk", error, false, wrong_key_meaning, racoon_source},
    {"racoon", "negotiation failed due to time up", "", "no-response", error, false, silence_meaning, racoon_source},
    {"racoon", "give up to get IPsec-SA due to time up to wait", "", "no-response", error, false, silence_meaning,
     racoon_source},
    {"racoon", "the packet is retransmitted by", "", "no-response", warning, false, silence_meaning, racoon_source},

    // FortiGate
    {"FortiGate", "probable pre-shared secret mismatch", "", "wrong-psk", error, true, wrong_key_meaning, fortinet},
    {"FortiGate", "probable pre-shared key mismatch", "", "wrong-psk", error, true, hash_meaning, fortinet},
    {"FortiGate", "no SA proposal chosen", "", "no-proposal-chosen", error, true, no_phase1_meaning, unconfirmed},
    {"FortiGate", "peer SA proposal not match local policy", "", "no-proposal-chosen", error, false, no_phase1_meaning,
     unconfirmed},
    {"FortiGate", "no matching phase1", "", "no-proposal-chosen", error, false,
     "No phase 1 is configured for this peer.", unconfirmed},
    {"FortiGate", "P1_RETRANSMIT", "", "no-response", warning, false, silence_meaning, fortinet},

    // Juniper, Palo Alto, Windows
    {"Juniper", "IKE Phase-1: (Responder) Policy lookup failed", "", "no-proposal-chosen", error, true,
     no_phase1_meaning, "published Junos log"},
    {"Juniper", "Failed to match the peer proxy IDs", "", "ts-unacceptable", error, true, selectors_meaning,
     "published Junos log"},
    {"Juniper", "KMD_VPN_TS_MISMATCH", "", "ts-unacceptable", error, true, selectors_meaning, "published Junos log"},
    {"Juniper", "IKE negotiation failed with error: No proposal chosen", "", "no-proposal-chosen", error, true,
     no_phase1_meaning, "published Junos log"},
    {"Juniper", "IKE negotiation failed with error: Authentication failed", "", "auth-failed", error, true,
     hash_meaning, "published Junos log"},
    {"Palo Alto", "ike-nego-p1-fail-psk", "", "wrong-psk", error, true, wrong_key_meaning, unconfirmed},
    {"Palo Alto", "IKE phase-1 negotiation is failed", "", "no-response", error, false, silence_meaning,
     "published PAN-OS system log"},
    {"Windows", "0x000035e9", "", "auth-failed", error, true,
     "Error 13801, IKE_AUTH_FAIL: the credentials are not accepted.", "Windows error codes"},
    {"Windows", "0x000035ed", "", "no-response", error, true, "Error 13805: negotiation timed out.",
     "Windows error codes"},
    {"Windows", "0x0000362c", "", "no-proposal-chosen", error, true, "Error 13868: policy match error.",
     "Windows error codes"},
};

bool is_cisco(const LogText& row) { return row.vendor == "IOS"; }

bool fits(const LogText& row, std::string_view record) {
    const auto at = record.find(row.first);
    return at != std::string_view::npos &&
           (row.second.empty() || record.find(row.second, at + row.first.size()) != std::string_view::npos);
}

} // namespace

std::span<const LogText> log_texts() { return rows; }

const LogText* find_log_text(std::string_view record, bool cisco) {
    const auto found =
        std::ranges::find_if(rows, [&](const LogText& row) { return is_cisco(row) == cisco && fits(row, record); });
    return found == std::end(rows) ? nullptr : found;
}

} // namespace ikescope::diagnose
