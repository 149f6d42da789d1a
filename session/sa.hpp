#pragma once
// What is remembered of an IKE SA: who, what was negotiated, every message, which keys opened it, how far it came.
// Small per message (views are not kept); the JSON of cli.md is written from this.

#include "base/address.hpp"
#include "base/clock.hpp"
#include "base/secret.hpp"
#include "dissect/message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace ikescope::session {

using dissect::Spi;
using dissect::Version;

enum class Side : std::uint8_t { initiator, responder };
constexpr Side other(Side side) { return side == Side::initiator ? Side::responder : Side::initiator; }

enum class Mode : std::uint8_t { unknown, main, aggressive, ikev2, base, phase2_only };

/// How far an SA came; names are those of cli.md (stage_name()).
enum class Stage : std::uint8_t {
    unseen, mm1, mm2, mm3, mm4, mm5, mm6, am1, am2, am3, p1_complete, qm1, qm2, qm3, qm_complete,
    sa_init, auth, established, deleted, count
};
std::string_view stage_name(Stage stage);
std::string_view mode_name(Mode mode);   ///< "main", "aggressive", "ikev2", "base", "unknown"
std::string_view side_name(Side side);   ///< "initiator", "responder"
/// The state that IOS's debug shows for that end: "MM_NO_STATE", "MM_SA_SETUP", "MM_KEY_EXCH", "QM_IDLE"; empty for IKEv2.
std::string_view ios_state(Stage stage);

enum class Proof : std::uint8_t { unknown, verified, failed };
std::string_view proof_name(Proof proof); ///< "verified", "failed", "unknown"

/// The suite the responder chose (or, before an answer, the only one offered).
struct Suite {
    std::uint32_t encryption = 0, key_bits = 0, hash = 0, prf = 0, integrity = 0, group = 0, authentication = 0; ///< wire numbers
    std::uint64_t life_seconds = 0;
    bool known = false;
};

/// How one message was opened.
struct Opening {
    Buffer plain;                 ///< decrypted chain with padding; kept only where the SA keeps messages (Options)
    bool attempted = false;       ///< there was a key to try
    bool opened = false;          ///< its chain is sound under that key, or its HASH verified
    Proof hash = Proof::unknown;  ///< HASH_I/R, HASH(1..3), ICV
    std::string how;              ///< which IV or key when that is worth saying ("initial IV")
};

/// One message of an SA, small and fixed but for the strings a person reads.
struct MessageRecord {
    std::uint64_t frame = 0;     ///< number within its file
    std::uint32_t file = 0;
    Timestamp time = 0;
    Side from = Side::initiator;
    std::string label;           ///< "MM1" … "MM6", "AM1"…, "QM1"…, "INFO", "TR1"…, "IKE_AUTH"
    std::uint8_t exchange = 0;
    std::uint32_t message_id = 0;
    Endpoint source, destination;
    std::uint32_t size = 0;
    bool encrypted = false;
    bool decrypted = false;
    bool malformed = false;
    Proof hash = Proof::unknown;
    std::vector<std::string> payloads; ///< short names (dissect::payload_name), inside when opened
    std::optional<std::uint64_t> retransmission_of; ///< frame of the first copy
    bool re_encrypted = false;   ///< a retransmission whose bytes differ
    std::vector<std::uint64_t> fragments; ///< frames of the IKE fragments it was made of
    std::vector<std::uint16_t> notifies;  ///< notify types it carries (clear or opened)
    std::string note;            ///< a sentence about this message, if any
};

/// Who used which PSK; origin of the DH secret.
struct KeyUse {
    std::optional<std::string> psk[2]; ///< origin per Side: the key under which that side's messages open
    std::optional<std::size_t> psk_index[2]; ///< into the store's psks
    std::optional<std::string> dh;     ///< origin of the DH secret that fits
    bool dh_proved = false;            ///< false: dh is the only one that could fit, nothing has proved it
    bool available = false;            ///< at least one direction can be opened
    std::optional<std::string> finished = std::nullopt; ///< origin of the finished IKEv2 keys under which it opens
    std::optional<bool> one_skeyid = std::nullopt; ///< IKEv1: do both sides' messages need the same SKEYID?
    bool by_log[2] = {false, false}; ///< IKEv2: psk is the one with which that side's own log says it checked the other's AUTH in vain

    /// Do both sides use the same key? SKEYID = prf(key, Ni | Nr), so two SKEYIDs of one SA are two keys (RFC 2409 5).
    std::optional<bool> one_key() const {
        if (!psk[0] || !psk[1]) return std::nullopt;
        if (psk_index[0] && psk_index[1]) return psk_index[0] == psk_index[1];
        return one_skeyid;
    }
};

/// Packets of one kind inside ESP, as their headers say. A tunnel's addresses are those inside.
struct EspFlow {
    IpAddress source, destination;
    std::uint16_t source_port = 0, destination_port = 0;
    std::uint8_t protocol = 0; ///< IP protocol; 59: padding without content (RFC 4303 2.6)
    std::uint64_t packets = 0, bytes = 0;
};

/// What became of the ESP packets of one direction.
struct EspTraffic {
    std::uint64_t packets = 0;    ///< with this SPI
    std::uint64_t opened = 0;     ///< ICV right
    std::uint64_t unverified = 0; ///< decrypted, but nothing vouches for it: no ICV, or none that can be checked
    std::uint64_t failed = 0;     ///< ICV wrong, no key fits, cut short
    std::uint64_t wrong_icv = 0;  ///< of the failed: whole packets, and the keys opened others
    std::uint64_t bytes = 0;      ///< inside, without padding
    std::uint64_t in_other_flows = 0; ///< packets of flows beyond the first `most_flows`
    std::vector<EspFlow> flows;
    bool extended = false;        ///< 64-bit sequence numbers
    std::string keys;             ///< origin of keys that were given; empty: derived from the IKE SA

    static constexpr std::size_t most_flows = 32;
};

/// An IKEv1 Quick Mode or IKEv2 Child SA negotiation.
struct Child {
    std::uint32_t message_id = 0;
    std::uint8_t protocol = 0;      ///< 2 AH, 3 ESP
    Buffer initiator_spi, responder_spi;
    std::string suite;              ///< "AES-CBC-128/HMAC-SHA2-256"
    std::vector<std::string> ts_initiator, ts_responder;
    bool keys = false;
    bool lacks_secret = false;      ///< its ESP stays closed: the second Diffie-Hellman secret (PFS) is not known
    bool refused = false;
    std::uint16_t refusal = 0;      ///< notify type
    Stage stage = Stage::qm1;
    Side began = Side::initiator;   ///< which side of the IKE SA asked for it: the "initiator" of SPIs and selectors
    std::optional<std::uint32_t> esp[2]; ///< numbers of its directions among the memory's: sent by its initiator, by its responder
    std::optional<EspTraffic> traffic[2]; ///< the same in a description: once packets were seen, or could be opened
};

/// The certificate an end showed, and what the given authorities make of it at the time of the capture.
struct EndCertificate {
    std::string subject, issuer, serial, key, not_before, not_after;
    std::vector<std::string> alternative_names;
    std::optional<bool> trusted; ///< nothing: no authorities were given
    std::string why;             ///< one sentence; empty when trusted
    std::vector<std::string> chain; ///< subjects from the end's certificate upwards
};

/// A transform as offered, in wire numbers, for comparing offers with policies.
struct Offer {
    std::uint8_t number = 0;
    Suite suite;
};

/// A message in IKE's own fragments (RFC 7383; of IKEv1 those of Cisco) of which some are not in the capture.
struct IncompleteMessage {
    Side from = Side::initiator;
    bool response = false;        ///< IKEv2
    std::uint32_t message_id = 0; ///< IKEv2; IKEv1: of the fragments
    std::uint64_t frame = 0;      ///< of the first fragment that is there
    std::string words;            ///< "the initiator's fragmented request … is incomplete: fragment 2 of 3 is missing"
};

/// The IDs and facts that diagnosis needs beside the list of messages.
struct Sa {
    std::size_t index = 0;
    Version version = Version::v1;
    Mode mode = Mode::unknown;
    Spi initiator_spi{}, responder_spi{};
    Endpoint initiator, responder;      ///< as of the first message of each; ports may float later
    bool roles_known = true;            ///< false: the capture starts in the middle and roles are a guess
    bool starts_in_the_middle = false;
    bool one_direction = false;
    std::uint64_t first_frame = 0, last_frame = 0;
    std::uint32_t first_file = 0;
    Timestamp start = 0, end = 0;
    Stage stage = Stage::unseen;
    std::vector<Offer> offers;          ///< phase 1 transforms of MM1/AM1
    Suite suite;
    KeyUse keys;
    std::optional<std::string> identity[2]; ///< per Side
    std::uint8_t identity_type[2] = {0, 0};
    std::optional<IpAddress> identity_address[2];
    Proof authentication[2] = {Proof::unknown, Proof::unknown};
    std::string authentication_how[2]; ///< "RSA PKCS#1 with SHA2-256", "EAP's MSK from …"; or why it is unknown; may be empty
    std::optional<EndCertificate> certificate[2];
    std::vector<MessageRecord> messages;
    std::vector<Child> children;
    std::optional<std::size_t> rekey_of;
    bool encrypted_seen = false;        ///< at least one message was encrypted
    bool shed = false;                  ///< its messages were forgotten to keep memory bounded
    bool has_ke[2] = {false, false};    ///< per Side: its KE payload was captured
    bool signature = false;             ///< authenticated by signatures, no PSK in SKEYID
    std::string nat_note;               ///< "the responder is behind NAT: …"; empty without NAT
    std::vector<std::string> notes;     ///< sentences about the SA: missing fragments, one direction, guessed roles
    bool nat_seen = false;              ///< NAT-D says one end is behind NAT
    bool tcp = false;                   ///< a message of it came by TCP (RFC 9329)
    bool disordered = false;            ///< IKEv2 fragments of a message came in another order than that of their numbers
    std::vector<IncompleteMessage> incomplete; ///< each of them is among the notes, too
    /// Raw material of MM5 (or the first undecryptable phase 1 message) so that diagnosis can ask crypto through the
    /// session what another key would make of it.
    struct Sealed {
        std::uint64_t frame = 0;
        Side from = Side::initiator;
        Buffer ciphertext, iv;
    };
    std::optional<Sealed> first_sealed;
};

} // namespace ikescope::session
