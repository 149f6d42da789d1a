#pragma once
// What the memory knows of one packet the moment it has seen it, and what diagnosis may ask about keys.

#include "capture/datagram.hpp"
#include "secrets/store.hpp"
#include "session/rules.hpp"
#include "session/sa.hpp"

namespace ikescope::session {

/// How much is remembered.
struct Options {
    bool messages = true; ///< keep a record of every message (about 50 bytes each); stages are known without them, too
    bool plain = false;   ///< keep every decrypted message (Sessions::plain)
    std::size_t max_detailed = 200'000; ///< SAs whose messages are remembered; beyond, the oldest lose theirs (shed())
    std::size_t max_sas = 4'000'000;    ///< SAs remembered at all; messages of further ones are counted (untracked())
    /// Beyond so many, the SA that began longest ago is forgotten altogether: what it still sends begins an SA in the middle.
    /// For memories without secrets.
    std::size_t max_kept = static_cast<std::size_t>(-1);
    bool key_search = false; ///< remember what a pre-shared key can be tested with, also without any secret (key_search.hpp)
    bool nat = true; ///< recompute NAT-D hashes (two digests per message that has them): Sa::nat_*, Outcome::notes
    bool legality = true; ///< hold messages against the rules for their place: Outcome::violations
};

/// One NAT detection hash (RFC 3947 3.2, RFC 7296 2.23).
struct NatCheck {
    std::uint32_t offset = 0; ///< of its payload, in the buffer of its chain (clear, reassembled or decrypted)
    bool source = false;      ///< of the packet's source, else of its destination
    bool fits = false;        ///< is the hash of the address and port that the packet has
    Buffer expected;
};

/// What is known of an ESP packet. Views hold until the next Sessions::add().
struct EspOutcome {
    enum class Verdict : std::uint8_t {
        opened,     ///< its ICV is right
        unverified, ///< decrypted; there is no ICV, or none that can be checked, so nobody vouches for it
        wrong_icv,  ///< under keys that opened other packets of the SA
        no_key,     ///< none of the keys that may belong to the SPI gives a right ICV
        malformed,  ///< too short, or cut by the capture
    };
    Verdict verdict = Verdict::no_key;
    std::uint32_t spi = 0;
    std::uint64_t sequence = 0; ///< of 64 bits where `extended`
    bool extended = false;
    std::optional<std::size_t> sa; ///< the IKE SA that negotiated it
    std::optional<Side> from;      ///< which side of that IKE SA sends
    std::string_view keys;         ///< origin of keys that were given
    std::string_view encryption, integrity; ///< names of the transforms; of an AEAD the second is empty
    Bytes iv, icv;                 ///< in the datagram
    Bytes plain;                   ///< decrypted, trailer included; empty unless opened or unverified
    Bytes content;                 ///< `plain` without the trailer
    std::uint8_t padding = 0, next_header = 0;
    std::string why;               ///< one sentence, when there is something to say
    const capture::Datagram* inner = nullptr; ///< nothing when no header inside could be read
    bool shown() const { return !plain.empty(); }
};

/// What is known of one packet. Views and pointers hold until the next Sessions::add().
struct Outcome {
    bool isakmp = false;               ///< false: no ISAKMP message, the rest is empty
    std::optional<std::size_t> sa;     ///< index into Sessions; nothing when the limit of SAs is reached
    std::optional<std::size_t> record; ///< index into Sa::messages; nothing for a fragment that completes no message
    std::string_view label;            ///< "MM1", "QM2", "INFO", "IKE_SA_INIT request"; empty when it has none
    std::string_view story;            ///< what this message does, in words ("offers suites"); empty when it has none
    Side from = Side::initiator;
    bool expected = true;              ///< false: no edge of the stage machine leads here
    const dissect::Message* message = nullptr; ///< as it lies in the datagram, offsets count in the frame
    const dissect::Message* whole = nullptr;   ///< put together out of IKE fragments; its bytes are a buffer of its own
    const dissect::Message* opened = nullptr;  ///< the decrypted chain; offsets count in `plain`
    Bytes plain;                       ///< the decrypted bytes, padding included
    Bytes iv;                          ///< the IV that opened it
    std::size_t icv_size = 0;          ///< IKEv2: bytes of the integrity check value that ends the opened SK payload
    bool encrypted = false;
    bool attempted = false;            ///< there was a key to try
    Proof hash = Proof::unknown;       ///< HASH_I/R, HASH(1..3)
    std::string_view how;              ///< which IV or key, when worth saying
    std::optional<std::uint64_t> retransmission_of; ///< frame of the first copy
    bool re_encrypted = false;         ///< a retransmission whose bytes differ
    std::uint32_t payloads = 0;        ///< a number that messages with the same payloads and notify types share; 0: unknown
    std::vector<std::string> notes;    ///< sentences about this message: fragments, NAT, roles
    std::vector<NatCheck> nat;         ///< NAT detection of this message, held against its packet
    Stage stage = Stage::unseen;       ///< how far the SA is behind this message
    std::vector<Violation> violations; ///< what the message breaks of the rules for its place (rules.hpp)
    const EspOutcome* esp = nullptr;   ///< of an ESP packet for whose SPI there are keys; `isakmp` is false then
};

/// A secret that the user gave and that opened nothing, and why. Words are diagnosis's business.
struct UnusableSecret {
    enum class Kind : std::uint8_t { psk, dh_shared, dh_private, ikev1_key, ikev2_key, esp_key, msk, ppk, additional, old_d, private_key };
    enum class Reason : std::uint8_t {
        nothing_to_try,        ///< the capture has no message it could have opened
        opens_nothing,         ///< tried and fits no SA (a PSK: though the DH secret is known)
        opens_garbage,         ///< IKEv2 key set: the ICV is right, what is decrypted is no message
        needs_psk,             ///< a DH secret in IKEv1 or a PPK, which proves nothing without the pre-shared key
        needs_ppk,             ///< a PSK for AUTH that a post-quantum pre-shared key makes as well (RFC 8784)
        needs_dh,              ///< a SKEYID, which opens nothing without g^xy
        needs_private_keys,    ///< IKEv1's public key encryption: nonces, or KE too, are encrypted to the ends' keys
        too_many_for_pfs,      ///< a DH secret for an exchange with PFS: nothing tells which of several it belongs to
        matches_no_ke,         ///< private value: its public value is in no KE payload
        wrong_length,          ///< `size` bytes, `wanted` for the group or cipher
        unknown_cookie,        ///< names an SA that is not in the capture
        dh_secret_missing,     ///< a PSK that could not be tried: no DH secret fits its SAs
        ke_missing,            ///< the SA it names was not captured from its beginning: no KE or nonce, so nothing can be derived
        wrong_algorithm,       ///< `detail` says what the source names and what the SA uses
        contradicts_itself,    ///< a key set whose keys do not have the length that its own algorithm wants; `detail` is which
        part_missing,          ///< a key of the set without the one that must stand beside it; `detail`: the one that is missing
        one_way,               ///< a key set that opens one side's messages and none of the other's; `detail`: what is wrong
        unverifiable,          ///< an ESP key without integrity key: what it makes of the packets does not look like packets
        second_for_sa,         ///< another key for the same SA opened it; `detail` is its origin
        cannot_compute,        ///< `detail`: the algorithm that is missing here
    };
    Kind kind = Kind::psk;
    Reason reason = Reason::opens_nothing;
    std::size_t index = 0; ///< into the store's psks, dh, ikev1_keys or ikev2_keys
    secrets::Origin origin;
    std::size_t size = 0, wanted = 0; ///< bytes, for wrong_length; of a shared DH secret wherever the group is known
    bool in_part = false;             ///< it opened something nonetheless
    std::string detail = {};
};

/// The first check of MM5 that fails at a router which decrypts it with a certain key, in the order in which a router
/// reads: the ID payload's generic header (RFC 2408 3.2), its ID type (RFC 2407 4.6.2.1), then the payloads behind it.
struct SanityCheck {
    enum class What : std::uint8_t {
        passed,         ///< all headers are sound and HASH_I is right under this key
        reserved,       ///< RESERVED is not zero
        length,         ///< payload length is smaller than a header or larger than the message
        next_payload,   ///< next payload is none that may follow
        id_type,        ///< no such identification type
        chain,          ///< a payload behind the ID is unsound (see payload)
        hash,           ///< everything can be read but HASH_I is not right
    };
    What what = What::passed;
    std::uint64_t frame = 0;      ///< of MM5
    std::uint8_t payload = 5;     ///< type of the payload whose check fails (5 = ID)
    std::size_t offset = 0;       ///< of the failing field in the decrypted bytes
    std::size_t width = 1;        ///< bytes of that field
    std::uint64_t value = 0;      ///< what stands there
    Buffer first_bytes;           ///< the first (up to 16) decrypted bytes
};

} // namespace ikescope::session
