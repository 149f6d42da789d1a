#pragma once
// A peer on a real wire: UDP sockets bound to ports 500 and 4500 of one address, and the system's clock.

#include "base/result.hpp"
#include "replay/peer.hpp"

#include <functional>

namespace ikescope::replay {

class UdpDriver {
public:
    /// An Error when a port is taken or may not be bound.
    static Result<UdpDriver> open(const IpAddress& local);
    UdpDriver(UdpDriver&& other) noexcept;
    UdpDriver& operator=(UdpDriver&&) = delete;
    ~UdpDriver();

    static Timestamp now();
    /// What the peer wants done beyond sending and timers; false ends run().
    using Heed = std::function<bool(const Action&)>;
    /// Begins with `actions`, then feeds the peer until `heed` says stop or the time is over.
    /// An Error when the system refuses to send or receive.
    Result<Done> run(Peer& peer, const Actions& actions, Timestamp deadline, const Heed& heed);
    /// Takes what is not IKE on port 4500: ESP packets in UDP (RFC 3948 2.1). Returns false when none came in time.
    bool receive_esp(Buffer& packet, Timestamp deadline);
    Result<Done> send_esp(const Endpoint& to, Bytes packet);

private:
    struct Port {
        int socket = -1;
        std::uint16_t number = 0;
    };
    explicit UdpDriver(const IpAddress& local) : local_(local) {}
    Result<Done> send(const Send& what);
    std::optional<Port> wait(Timestamp until);
    bool receive(const Port& port, Endpoint& from, Buffer& payload);
    bool perform(const Actions& actions, std::optional<Timestamp>& timer, const Heed& heed,
                 std::optional<Error>& failed);

    IpAddress local_;
    Port ports_[2]{{-1, 500}, {-1, 4500}};
};

} // namespace ikescope::replay
