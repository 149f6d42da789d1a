#pragma once
// What the IKEv1 peer says, as payload bodies, and what it hears, as values.

#include "dissect/ikev1.hpp"
#include "replay/ikev1_policy.hpp"

namespace ikescope::replay::ikev1 {

/// The body of any payload that dissect can write.
template <class P>
Buffer body_of(const P& payload) {
    Buffer out;
    dissect::ikev1::append(payload, out);
    return out;
}

/// SA payload of phase 1: one proposal, a transform for each suite, numbered from 1 (RFC 2409 appendix A).
Buffer phase1_sa(const std::vector<session::Suite>& suites);
/// The same with the one transform that was taken, numbered as it was offered.
Buffer phase1_choice(const session::Offer& taken);

/// SA payload of Quick Mode: one ESP proposal for each offer, all with the same SPI. `nat`: UDP-encapsulated (RFC
/// 3947 5.1).
Buffer quick_sa(const std::vector<EspOffer>& offers, std::uint32_t spi, bool nat, std::size_t first_number = 1);
/// What an SA payload of Quick Mode offers: single ESP proposals with one transform each; others are left out.
struct QuickProposal {
    EspOffer offer;
    std::uint8_t number = 1;
    std::uint32_t spi = 0;
};
std::vector<QuickProposal> quick_proposals(const dissect::PayloadRef& sa);

/// Identities of phase 1 (RFC 2407 4.6.2): UDP port 500, as IOS sends them.
Buffer identity_body(const ios::Identity& identity);
std::optional<ios::Identity> identity_of(const dissect::PayloadRef& id);
/// Proxy identities of Quick Mode: an address or a subnet, protocol and port. Ranges are not understood.
Buffer selector_body(const ios::Selector& selector);
std::optional<ios::Selector> selector_of(const dissect::PayloadRef& id);

/// RFC 2408 3.14, in IPsec's DOI.
Buffer notify_body(std::uint16_t type, std::uint8_t protocol, Bytes spi, Bytes data = {});

/// Vendor IDs as IOS sends them: NAT-T in the first two messages (RFC 3947 and its drafts), then Unity, DPD, its own
/// and XAUTH.
std::vector<Buffer> offered_vendors();
std::vector<Buffer> accepted_vendors();
std::vector<Buffer> keyed_vendors(bool initiator, Bytes own);
bool is_rfc3947(Bytes vendor);

} // namespace ikescope::replay::ikev1
