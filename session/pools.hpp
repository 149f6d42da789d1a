#pragma once
// What many SAs have in common is kept once: lists of payload names, lists of offers, chosen suites.

#include "session/sa.hpp"
#include "session/track.hpp"

#include <string>
#include <unordered_map>

namespace ikescope::session {

/// The short names of a message's payloads and the types of its notifications.
struct PayloadList {
    std::vector<std::string> names;
    std::vector<std::uint16_t> notifies;
};

class Pools {
public:
    /// One message cannot make a longer list; real ones have about ten payloads.
    static constexpr std::size_t most_payloads = 256;

    Pools();

    /// The list of a walked message; the same number for the same list. 0 is the empty list.
    std::uint32_t payloads(const dissect::Message& message);
    const PayloadList& payloads(std::uint32_t number) const { return lists_[number]; }

    /// The offers of an SA payload's body (empty where it cannot be read). 0 is none.
    std::uint32_t offers(Version version, const dissect::PayloadRef& sa);
    const std::vector<Offer>& offers(std::uint32_t number) const { return offers_[number]; }

    /// The suite that an IKEv2 responder's SA payload names.
    CompactSuite chosen(const dissect::PayloadRef& sa);

private:
    /// Hostile captures may not grow the pools without bound: beyond this, lists are cut to what one entry can say.
    static constexpr std::size_t most = 65'536;

    std::vector<PayloadList> lists_;
    std::unordered_map<std::string, std::uint32_t> list_numbers_;
    std::vector<std::vector<Offer>> offers_;
    std::unordered_map<std::string, std::uint32_t> offer_numbers_;
    std::unordered_map<std::string, CompactSuite> chosen_;
    std::string key_;
};

} // namespace ikescope::session
