#pragma once
// What an IKEv2 SA payload offers and chooses, in wire numbers and as crypto can compute with it.

#include "crypto/ikev2_suite.hpp"
#include "dissect/message.hpp"
#include "session/track.hpp"

namespace ikescope::session::ikev2 {

/// The suite of an IKE_SA_INIT response, which holds one proposal with one transform of each type (RFC 7296 2.7, 3.3).
/// Not known when the payload cannot be read.
CompactSuite chosen_suite(const dissect::PayloadRef& sa);
/// The same as rows of crypto; nothing when a transform cannot be computed here.
std::optional<crypto::ikev2::Suite> computable(const CompactSuite& suite);
/// The suites, without prf, whose keys have these lengths in bytes (SK_e with its salt; SK_a 0 with an AEAD).
std::vector<crypto::ikev2::Suite> suites_of_sizes(std::size_t encryption, std::size_t integrity);
/// What an IKE_SA_INIT request offers, as single suites: each proposal allows every combination of its transforms
/// (RFC 7296 3.3); of very many the first 64.
std::vector<Offer> offers_of(const dissect::PayloadRef& sa);

} // namespace ikescope::session::ikev2
