#pragma once
// What the IKEv2 peer says, as payload bodies, and what it hears, as values.

#include "dissect/ikev2.hpp"
#include "replay/ikev2_policy.hpp"

namespace ikescope::replay::ikev2 {

template <class P>
Buffer body_of(const P& payload) {
    Buffer out;
    dissect::ikev2::write(payload, out);
    return out;
}

/// SA payload: `protocol` IKE without SPI, or ESP with one. Proposals are numbered from `first_number`.
Buffer sa_body(const std::vector<Proposal>& proposals, std::uint8_t protocol, Bytes spi, std::size_t first_number = 1);
/// A proposal as it came.
struct Offered {
    std::uint8_t number = 1;
    std::uint8_t protocol = 0;
    Buffer spi;
    Proposal proposal;
};
/// Those of one protocol whose transforms can be understood; ESP with extended sequence numbers alone is left out.
std::vector<Offered> offered_of(const dissect::PayloadRef& sa, std::uint8_t protocol);
/// The one proposal with single transforms of an answer.
Proposal single(const Chosen& chosen);

/// Bytes of our own nonces.
inline constexpr std::size_t nonce_size = 32;
/// Is it there, with 16 to 256 bytes? RFC 7296 3.9.
bool is_nonce(const dissect::PayloadRef* nonce);

Buffer ke_body(std::uint16_t group, Bytes public_value);
Buffer identity_body(const ios::Identity& identity);
std::optional<ios::Identity> identity_of(const dissect::PayloadRef& id);
Buffer auth_body(Bytes data); ///< shared key
Buffer selectors_body(const std::vector<ios::Selector>& selectors);
/// Ranges that are prefixes; others are left out.
std::vector<ios::Selector> selectors_of(const dissect::PayloadRef& ts);
Buffer notify_body(std::uint16_t type, Bytes data = {}, std::uint8_t protocol = 0, Bytes spi = {});
/// The first notify of a type.
std::optional<dissect::ikev2::Notification> find_notify(const dissect::Message& message, std::uint16_t type);
/// The first one that is an error.
std::optional<dissect::ikev2::Notification> find_error(const dissect::Message& message);

} // namespace ikescope::replay::ikev2
