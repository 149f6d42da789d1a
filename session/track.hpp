#pragma once
// The compact memory behind an Sa: what every SA costs, and what only opened ones do.

#include "session/stages.hpp"

#include <memory>

namespace ikescope::session {

struct Ikev1Material; // ikev1_material.hpp: what keys are made of, only with secrets
struct Ikev2Material; // ikev2_material.hpp

/// One message, 48 bytes. Words are made from it when somebody asks (describe.cpp).
struct Record {
    std::uint64_t frame = 0;
    Timestamp time = 0;
    std::uint64_t fingerprint = 0;
    std::uint32_t message_id = 0;
    std::uint32_t size = 0;
    std::uint32_t payloads = 0; ///< number of its list in Pools
    std::uint32_t back = 0;     ///< how many records earlier its first copy stands; 0: it is no retransmission
    std::uint16_t file = 0;
    Label label = Label::none;
    std::uint8_t ordinal = 1;
    std::uint8_t route = 0; ///< index into Track::routes
    std::uint8_t exchange = 0;
    Side from : 1 = Side::initiator;
    bool encrypted : 1 = false;
    bool decrypted : 1 = false;
    bool malformed : 1 = false;
    bool re_encrypted : 1 = false;
    Proof hash : 2 = Proof::unknown;
};
static_assert(sizeof(Record) <= 56);

/// Between which endpoints messages of a side were seen; ports float and replies may come from elsewhere.
struct Route {
    Endpoint source, destination;
    Side from = Side::initiator;
};

/// Suite in wire numbers, packed.
struct CompactSuite {
    std::uint16_t encryption = 0, key_bits = 0, hash = 0, prf = 0, integrity = 0, group = 0, authentication = 0;
    bool known = false;
    std::uint32_t life_seconds = 0;
};

/// A message id of phase 2: who began it and what was seen of it.
struct Exchange {
    std::uint32_t message_id = 0;
    std::uint32_t first_size = 0;
    Side first = Side::initiator;
    std::uint8_t kind = 0; ///< exchange type
    std::uint8_t seen = 0; ///< Quick Mode: bit n = QM(n+1); else how many
};

/// What only some messages have.
struct Extra {
    std::uint32_t record = 0;
    std::string note;
    std::vector<std::uint64_t> fragments;
    Buffer plain;
};

/// The SPI that QM1 proposes under a proposal number; QM2 says which one holds.
struct OfferedSpi {
    std::uint32_t message_id = 0;
    std::uint8_t number = 0;
    std::uint8_t protocol = 0;
    Buffer spi;
};

/// What only SAs have of which something was read beyond the clear.
struct Rich {
    std::optional<std::size_t> psk[2]; ///< index into the store, per Side
    std::string psk_words[2];          ///< where the key came from when it is none of the store's PSKs
    std::string keys_words;            ///< origin of finished IKEv2 keys
    std::optional<std::size_t> dh;
    bool dh_proved = false;
    bool opened[2] = {false, false}; ///< something of that side was opened
    std::optional<std::string> identity[2];
    std::uint8_t identity_type[2] = {0, 0};
    std::optional<IpAddress> identity_address[2];
    Proof authentication[2] = {Proof::unknown, Proof::unknown};
    std::string authentication_how[2];
    std::optional<EndCertificate> certificate[2];
    std::vector<Child> children;
    std::vector<OfferedSpi> offered;
    std::vector<Extra> extras;
    std::vector<std::string> notes;
    std::vector<IncompleteMessage> incomplete;
};

struct Track {
    Spi initiator_spi{}, responder_spi{};
    Endpoint initiator, responder;
    std::uint64_t first_frame = 0, last_frame = 0;
    Timestamp start = 0, end = 0;
    std::uint32_t offers = 0;          ///< number of the list in Pools
    std::uint32_t records_dropped = 0; ///< records that were forgotten before records[0]
    std::uint16_t first_file = 0;
    Version version = Version::v1;
    Mode mode = Mode::unknown;
    Stage stage = Stage::unseen;
    bool roles_known = true, in_the_middle = false, shed = false, nat_seen = false, encrypted_seen = false;
    bool tcp = false;              ///< a message of it came by TCP (RFC 9329)
    bool disordered = false;       ///< IKEv2 fragments of a message came in another order than that of their numbers
    std::uint8_t nat = 0;          ///< nat_source, nat_destination of either side
    bool refused = false;          ///< so far only answered by a refusal (COOKIE, INVALID_KE, NO-PROPOSAL-CHOSEN)
    bool sent[2] = {false, false}; ///< per Side: something of it was captured
    bool has_ke[2] = {false, false};
    CompactSuite suite;
    std::vector<Record> records;
    std::vector<Route> routes;
    std::vector<Exchange> exchanges;
    std::unique_ptr<Rich> rich_part;
    std::shared_ptr<Ikev1Material> ikev1;
    std::shared_ptr<Ikev2Material> ikev2;
    std::uint32_t rekey_of = none; ///< the IKE SA whose CREATE_CHILD_SA made this one

    static constexpr std::uint32_t none = 0xffffffff;

    Track() = default;
    Rich& rich() {
        if (!rich_part) rich_part = std::make_unique<Rich>();
        return *rich_part;
    }
    Extra& extra(std::uint32_t record);
    void note(std::string sentence);
    void lacks(IncompleteMessage message);
};

/// Bits of Track::nat, shifted by twice the side whose NAT-D payloads do not fit what was captured.
inline constexpr std::uint8_t nat_source = 1, nat_destination = 2;

constexpr std::size_t index_of(Side side) { return static_cast<std::size_t>(side); }

} // namespace ikescope::session
