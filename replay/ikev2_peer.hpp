#pragma once
// The IKEv2 peer: IKE_SA_INIT with COOKIE and INVALID_KE_PAYLOAD, IKE_AUTH with pre-shared keys, CREATE_CHILD_SA for
// Child SAs and new IKE SAs, INFORMATIONAL, NAT traversal. RFC 7296.

#include "replay/exchange.hpp"
#include "replay/ikev2_sa.hpp"
#include "replay/ikev2_stages.hpp"
#include "replay/peer.hpp"

namespace ikescope::replay::ikev2 {

struct Settings {
    Endpoint local, remote;      ///< a responder's remote is taken from the first message
    bool demands_cookie = false; ///< responder: does not believe an address before it was answered (RFC 7296 2.6)
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
    /// Another Child SA, or a new one in place of the last.
    Actions create_child(Timestamp now, bool rekey);
    /// A new IKE SA in place of this one; its Child SAs stay.
    Actions rekey_ike(Timestamp now);

    Stage stage() const { return stage_; }

private:
    /// A Child SA that we have asked for.
    struct Asking {
        std::uint32_t spi = 0;
        ChildRequest request;
        Buffer nonce;
        KeyPair pair;
        bool alone = false;         ///< CREATE_CHILD_SA, with nonces of its own; else part of IKE_AUTH
        std::uint32_t replaces = 0; ///< inbound SPI of the SA that goes when this one is there
    };
    /// The nonces and the secret that a Child SA's keys are made of; `ours`: we asked.
    struct Roots {
        Bytes initiator_nonce, responder_nonce, shared;
        bool ours = false;
    };

    // ikev2_peer.cpp
    void handle(const Arrival& arrival, const dissect::Message& message);
    bool belongs(const dissect::Header& header) const;
    void request(const Arrival& arrival, const dissect::Message& message);
    void response(const Arrival& arrival, const dissect::Message& message);
    void send_request(std::uint8_t exchange, const Chain& chain);
    void send_response(const dissect::Header& to, const Chain& chain);
    void answer_with_error(const dissect::Header& to, std::uint16_t type);
    void move(Input input);
    void fail(std::string reason, bool child = false);
    void tell(Event::What what, unsigned attempt = 0);
    Actions packet_told(const Packet& packet);
    Actions take();

    // ikev2_init.cpp
    void send_init();
    void answer_init(const Arrival& arrival, const dissect::Message& message);
    void init_answered(const dissect::Message& message);
    bool renew_key_pair(std::uint16_t group);
    Buffer cookie_for(const Arrival& arrival, const dissect::Message& message) const;
    bool keys_agreed(const Chosen& chosen, const dissect::PayloadRef& ke);

    // ikev2_auth.cpp
    void send_auth();
    void answer_auth(const dissect::Message& message, const Opened& in);
    void auth_answered(const Opened& in);
    std::optional<std::uint16_t> distrust(const Opened& in, std::uint8_t id_type);

    // ikev2_child.cpp
    void ask_child(Chain& chain, bool alone);
    void answer_child(const dissect::Header& to, const Opened& in);
    void grant_child(const Opened& in, Chain& reply, bool alone);
    void child_answered(const Opened& in);
    void delete_child(std::uint32_t spi);
    void install(const Chosen& chosen, std::uint32_t own_spi, std::uint32_t peer_spi, const Roots& roots);

    // ikev2_rekey.cpp
    void answer_ike_rekey(const dissect::Header& to, const Opened& in);
    void ike_rekeyed(const Opened& in);
    void move_to_next();
    void answer_retired(const dissect::Message& message);

    // ikev2_informational.cpp
    void answer_informational(const dissect::Header& to, const Opened& in);

    Settings settings_;
    Policy& policy_;
    Random& random_;
    Stage stage_ = Stage::idle;
    Sa sa_;
    Exchange own_, peers_; ///< our last request; our last response
    std::uint8_t own_exchange_ = 0;
    std::uint32_t own_id_ = 0, peer_id_ = 0; ///< of the next request, each way (RFC 7296 2.2)
    Buffer cookie_;
    unsigned init_rounds_ = 0;
    std::optional<Asking> asking_;
    std::optional<Sa> renewing_, next_, retired_; ///< asked for; agreed on, the old one still in use; the old one
    std::uint32_t last_child_ = 0; ///< inbound SPI
    Actions out_;
    Timestamp now_ = 0;
};

} // namespace ikescope::replay::ikev2
