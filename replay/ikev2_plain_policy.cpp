#include "replay/ikev2_plain_policy.hpp"

#include "dissect/numbers_ikev2.hpp"

#include <algorithm>

namespace ikescope::replay::ikev2 {

namespace notify = dissect::ikev2::notify;

bool PlainPolicy::accepts(const ios::Identity& peer) {
    return !settings_.peer || (settings_.peer->type == peer.type && settings_.peer->text == peer.text);
}

/// Traffic selectors are narrowed to what is granted (RFC 7296 2.9).
ChildAnswer PlainPolicy::child_answer(const ChildRequest& asked) {
    ChildAnswer out;
    out.initiator = settings_.remote;
    out.responder = settings_.local;
    const auto covers = [](const std::vector<ios::Selector>& offered, const ios::Selector& wanted) {
        return std::ranges::any_of(offered, [&](const ios::Selector& each) {
            return each.prefix.length <= wanted.prefix.length && each.prefix.contains(wanted.prefix.address);
        });
    };
    if (!covers(asked.initiator, out.initiator) || !covers(asked.responder, out.responder)) {
        out.refusal = notify::ts_unacceptable;
        out.why = "the peer asks for other traffic than is to be protected";
        return out;
    }
    for (std::size_t i = 0; i < asked.proposals.size() && !out.taken; ++i)
        for (auto own : settings_.esp) {
            if (asked.proposals[i].groups.empty()) own.groups.clear();
            if (!intersect(asked.proposals[i], own)) continue;
            out.taken = i;
            out.accepted = own;
            break;
        }
    if (!out.taken) out.why = "none of the peer's ESP proposals is acceptable";
    return out;
}

} // namespace ikescope::replay::ikev2
