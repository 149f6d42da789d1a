#include "replay/wire.hpp"

namespace ikescope::replay {
namespace {

/// Two peers that answer each other for ever would be a mistake of ours; a negotiation has a few dozen events.
constexpr std::size_t most_events = 100'000;

} // namespace

std::size_t Wire::join(const IpAddress& address, Peer& peer, Heed heed) {
    ends_.push_back({address, &peer, std::move(heed), std::nullopt});
    return ends_.size() - 1;
}

void Wire::send(const Outgoing& datagram) {
    for (std::size_t i = 0; i < ends_.size(); ++i)
        if (ends_[i].address == datagram.what.to.address)
            under_way_.emplace(datagram.time + delay_, Delivery{i, datagram.what});
}

void Wire::start(std::size_t end, Timestamp when) { perform(end, when, ends_[end].peer->start(when)); }

void Wire::perform(std::size_t end, Timestamp now, const Actions& actions) {
    ends_[end].timer.reset();
    for (const auto& action : actions) {
        if (const auto* what = std::get_if<Send>(&action))
            way_->send({now, *what});
        else if (const auto* timer = std::get_if<SetTimer>(&action))
            ends_[end].timer = timer->due;
        else
            ends_[end].heed(now, action);
    }
}

std::optional<std::size_t> Wire::next_timer() const {
    std::optional<std::size_t> best;
    for (std::size_t i = 0; i < ends_.size(); ++i)
        if (ends_[i].timer && (!best || *ends_[i].timer < *ends_[*best].timer)) best = i;
    return best;
}

Timestamp Wire::run(Timestamp until) {
    Timestamp now = 0;
    for (std::size_t events = 0; events < most_events; ++events) {
        const auto timer = next_timer();
        if (!under_way_.empty() && (!timer || under_way_.begin()->first <= *ends_[*timer].timer)) {
            if (under_way_.begin()->first > until) break;
            auto arrived = under_way_.extract(under_way_.begin());
            now = arrived.key();
            const auto& [end, what] = arrived.mapped();
            perform(end, now, ends_[end].peer->receive({now, what.from, what.to, what.message}));
        } else if (timer && *ends_[*timer].timer <= until) {
            now = *ends_[*timer].timer;
            perform(*timer, now, ends_[*timer].peer->wake(now));
        } else {
            break;
        }
    }
    return now;
}

} // namespace ikescope::replay
