#pragma once
// Where a datagram goes: another sink, a capture, a wire. Loss and recording are sinks that hold a sink.

#include "replay/actions.hpp"
#include "replay/random.hpp"

namespace ikescope::replay {

struct Outgoing {
    Timestamp time = 0;
    Send what;
};

class Sink {
public:
    virtual ~Sink() = default;
    virtual void send(const Outgoing& datagram) = 0;
};

/// Loses some datagrams.
class Lossy final : public Sink {
public:
    Lossy(Sink& next, unsigned percent, Random& random) : next_(next), percent_(percent), random_(random) {}
    void send(const Outgoing& datagram) override {
        if (percent_ == 0 || random_.number() % 100 >= percent_) next_.send(datagram);
    }

private:
    Sink& next_;
    unsigned percent_;
    Random& random_;
};

/// Keeps a copy of every datagram.
class Recorder final : public Sink {
public:
    explicit Recorder(Sink& next) : next_(next) {}
    void send(const Outgoing& datagram) override {
        seen_.push_back(datagram);
        next_.send(datagram);
    }
    const std::vector<Outgoing>& seen() const { return seen_; }

private:
    Sink& next_;
    std::vector<Outgoing> seen_;
};

} // namespace ikescope::replay
