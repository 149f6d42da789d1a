#pragma once
// A wire on simulated time: peers sit at its ends, datagrams take a while, timers go off, nothing ever sleeps.

#include "replay/peer.hpp"
#include "replay/sink.hpp"

#include <functional>
#include <map>

namespace ikescope::replay {

class Wire final : public Sink {
public:
    /// `delay`: from one end to the other.
    explicit Wire(Nanoseconds delay) : delay_(delay) {}

    /// What a peer wants done beyond sending and timers goes to `heed`. Returns the end's number.
    using Heed = std::function<void(Timestamp, const Action&)>;
    std::size_t join(const IpAddress& address, Peer& peer, Heed heed);
    /// What the peers send goes into `first`, which must lead to this wire in the end; the wire itself by default.
    void set_way(Sink& first) { way_ = &first; }

    /// Puts a datagram on its way; one to an address where nobody sits is lost.
    void send(const Outgoing& datagram) override;
    void start(std::size_t end, Timestamp when);
    /// Does what an end wants that was asked for something (probe(), close()).
    void act(std::size_t end, Timestamp now, const Actions& actions) { perform(end, now, actions); }
    /// Lets time pass until nothing is left to happen, `until` is reached, or far too much has happened.
    /// Returns the time of the last event.
    Timestamp run(Timestamp until);

private:
    struct End {
        IpAddress address;
        Peer* peer;
        Heed heed;
        std::optional<Timestamp> timer;
    };
    struct Delivery {
        std::size_t end;
        Send what;
    };
    void perform(std::size_t end, Timestamp now, const Actions& actions);
    std::optional<std::size_t> next_timer() const;

    Nanoseconds delay_;
    Sink* way_ = this;
    std::vector<End> ends_;
    std::multimap<Timestamp, Delivery> under_way_; ///< of equal times the first sent arrives first
};

} // namespace ikescope::replay
