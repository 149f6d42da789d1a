#pragma once
// Bytes that no peer would send, for peers in every stage: they may not crash, hang, or answer without end.

#include "replay/ikev2_peer.hpp"
#include "replay/ikev2_plain_policy.hpp"
#include "tests/replay/pair.hpp"

namespace ikescope::replay::test {

/// One end of each version and role, and how far it is brought before the bytes come.
struct Target {
    bool v2 = false, initiator = false;
    std::size_t messages = 0; ///< of a negotiation with a sound peer
};

/// A pair of sound peers; every message to the target is shown to `mangle` first, which may give others in its place.
class Victim {
public:
    using Mangle = std::function<std::vector<Buffer>(Bytes)>;
    /// Returns how many datagrams the target sent.
    static std::size_t attack(const Target& target, const Mangle& mangle) {
        auto random_one = seeded("one"), random_two = seeded("two");
        const auto here = at("192.0.2.1"), there = at("192.0.2.2");
        auto plain_one = v1::plain("192.0.2.1"), plain_two = v1::plain("192.0.2.2");
        plain_one.suites = plain_two.suites = {v1::suite(7, 128, 1, 1)}; // small numbers: this runs very often
        plain_one.remote = plain_two.local;
        plain_two.remote = plain_one.local;
        ikev1::PlainPolicy policy_one(plain_one), policy_two(plain_two);
        const ikev2::Proposal ike{{{12, 128}}, {2}, {2}, {1}}, esp{{{12, 128}}, {2}, {}, {}};
        ikev2::PlainPolicy policy_three({Secret(bytes_of("key")),
                                         ios::Identity::of(here.address),
                                         {},
                                         {ike},
                                         {esp},
                                         plain_one.local,
                                         plain_one.remote});
        ikev2::PlainPolicy policy_four({Secret(bytes_of("key")),
                                        ios::Identity::of(there.address),
                                        {},
                                        {ike},
                                        {esp},
                                        plain_two.local,
                                        plain_two.remote});
        ikev1::Peer one({here, there, false, true, true, {}}, policy_one, random_one),
            two({there, {}, false, true, true, {}}, policy_two, random_two);
        ikev2::Peer three({here, there, false, true, {}}, policy_three, random_one),
            four({there, {}, false, true, {}}, policy_four, random_two);
        Peer& first = target.v2 ? static_cast<Peer&>(three) : one;
        Peer& second = target.v2 ? static_cast<Peer&>(four) : two;
        return Victim(target, first, second).play(mangle);
    }

private:
    Victim(const Target& target, Peer& first, Peer& second) : target_(target), first_(first), second_(second) {}

    std::size_t play(const Mangle& mangle) {
        auto under_way = sends(first_.start(now_), true);
        for (std::size_t count = 0; !under_way.empty() && count < 40; ++count) {
            const auto [what, from_first] = under_way.front();
            under_way.erase(under_way.begin());
            const bool to_target = from_first != target_.initiator;
            auto& peer = from_first ? second_ : first_;
            if (to_target && seen_++ >= target_.messages)
                for (const auto& bytes : mangle(what.message))
                    add(under_way, sends(peer.receive({now_ += 1000, what.from, what.to, bytes}), !from_first));
            add(under_way, sends(peer.receive({now_ += 1000, what.from, what.to, what.message}), !from_first));
        }
        for (int i = 0; i < 10; ++i) // timers end, too
            for (auto* peer : {&first_, &second_}) (void)sends(peer->wake(now_ += 20 * one_second), peer == &first_);
        return sent_;
    }
    using Queue = std::vector<std::pair<Send, bool>>;
    static void add(Queue& to, Queue more) { to.insert(to.end(), more.begin(), more.end()); }
    Queue sends(const Actions& actions, bool from_first) {
        Queue out;
        for (const auto& action : actions)
            if (const auto* what = std::get_if<Send>(&action)) out.emplace_back(*what, from_first);
        if (from_first == target_.initiator) sent_ += out.size();
        return out;
    }

    Target target_;
    Peer &first_, &second_;
    Timestamp now_ = start_time;
    std::size_t seen_ = 0, sent_ = 0;
};

} // namespace ikescope::replay::test
