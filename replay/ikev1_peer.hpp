#pragma once
// The IKEv1 peer: Main, Aggressive and Quick Mode, Informational, NAT traversal, DPD. RFC 2407-2409, 3706, 3947.

#include "replay/exchange.hpp"
#include "replay/ikev1_phase1.hpp"
#include "replay/ikev1_stages.hpp"
#include "replay/peer.hpp"

#include <map>

namespace ikescope::replay::ikev1 {

struct Settings {
    Endpoint local, remote;  ///< a responder's remote is taken from the first message
    bool aggressive = false; ///< initiator
    bool quick = true;       ///< initiator: go on with Quick Mode
    bool initial_contact = true;
    Patience patience;
};

class Peer final : public replay::Peer {
public:
    /// `policy` and `random` must live as long as the peer.
    Peer(Settings settings, Policy& policy, Random& random)
        : settings_(settings), policy_(policy), random_(random) {}

    Actions start(Timestamp now) override;
    Actions receive(const Arrival& arrival) override;
    Actions wake(Timestamp now) override;
    Actions probe(Timestamp now) override;
    Actions close(Timestamp now) override;

    Stage stage() const { return stage_; }

private:
    /// A message that is being handled: its chain, opened where it was encrypted.
    struct Received {
        const dissect::Message& message;
        Bytes plain;      ///< of an encrypted one
        Bytes last_block; ///< of its ciphertext
        bool encrypted() const { return !plain.empty(); }
    };
    /// Quick Mode of one message id.
    struct Quick {
        Exchange exchange;
        Buffer iv;
        bool began = false; ///< by us
        bool done = false;
        QuickRequest request;
        std::uint32_t own_spi = 0, peer_spi = 0;
        EspOffer taken;
        Buffer nonce[2], selector[2]; ///< by role in this exchange: the beginner's first
        KeyPair pair;
        Secret shared; ///< with PFS
    };
    using Step = bool (Peer::*)(const Received&);
    static Step step_for(std::string_view label);

    // ikev1_peer.cpp: what comes in, what is due, what goes out
    void handle(const Arrival& arrival, const dissect::Message& message);
    void phase1_message(const Arrival& arrival, const dissect::Message& message, Input input);
    bool cookies_fit(const dissect::Header& header) const;
    bool repeats_itself(Exchange& exchange, const Arrival& arrival, std::uint32_t message_id);
    void retry(Exchange& exchange, std::uint32_t message_id);
    Actions take();
    void tell(const Event& event);
    void tell(Event::What what, std::string_view label) { tell(Event{what, label, 0, 0, 0, nullptr}); }
    bool fail(std::string reason, bool child = false);
    void transmit(Exchange& exchange, Buffer message, std::string_view label, bool wait, std::uint32_t message_id = 0);
    void established();

    // ikev1_main.cpp: one step for each message that comes in; false: stay where we are
    bool mm1(const Received& in);
    bool mm2(const Received& in);
    bool mm3(const Received& in);
    bool mm4(const Received& in);
    bool mm5(const Received& in);
    bool mm6(const Received& in);
    // ikev1_aggressive.cpp
    void send_am1();
    bool am1(const Received& in);
    bool am2(const Received& in);
    bool am3(const Received& in);
    // ikev1_parts.cpp: what the modes have in common
    bool learn_offer(const Received& in, std::string_view label, const ios::Identity* peer);
    bool learn_choice(const Received& in);
    bool learn_vendors(const Received& in);
    bool learn_key_share(const Received& in);
    bool learn_identity(const dissect::PayloadRef* id);
    bool make_keys(const ios::Identity* peer);
    bool proves_itself(const Received& in, std::string_view label);
    bool is_sane(const Received& in, std::string_view label);
    void choose_cookie_and_nonce();
    void refuse_offer(std::string_view label);
    void add_initial_contact(Chain& chain) const;
    void add_vendors(Chain& chain, const std::vector<Buffer>& vendors) const;
    void float_ports();
    // ikev1_quick.cpp
    void begin_quick();
    void quick_message(const Arrival& arrival, const dissect::Message& message);
    bool qm1(Quick& quick, std::uint32_t message_id, const Received& in);
    bool qm2(Quick& quick, std::uint32_t message_id, const Received& in);
    bool qm3(Quick& quick, std::uint32_t message_id, const Received& in);
    bool agree_quick_keys(Quick& quick, const Received& in);
    void install(const Quick& quick);
    // ikev1_informational.cpp
    void informational_message(const dissect::Message& message);
    void heed(const dissect::Message& message, bool authenticated);
    void heed_notify(const dissect::PayloadRef& payload, bool authenticated);
    void inform(std::uint8_t type, Bytes body);
    void notify(std::uint16_t type, std::uint8_t protocol, Bytes spi, Bytes data = {});

    Settings settings_;
    Policy& policy_;
    Random& random_;
    Stage stage_ = Stage::idle;
    Phase1 sa_;
    Exchange phase1_;
    std::map<std::uint32_t, Quick> quicks_;
    bool aborted_ = false; ///< the last message was understood and ends the exchange in silence
    std::uint32_t probe_number_ = 0;
    Actions out_;
    Timestamp now_ = 0;
};

/// The bytes behind the first payload, up to the padding: what HASH(1) and HASH(2) cover.
Bytes behind_hash(const dissect::Message& message, Bytes plain);

} // namespace ikescope::replay::ikev1
