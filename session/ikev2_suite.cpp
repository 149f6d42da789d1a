#include "session/ikev2_suite.hpp"

#include "dissect/ikev2.hpp"

namespace ikescope::session::ikev2 {
namespace {

namespace type = dissect::ikev2::transform;
using dissect::ikev2::SecurityAssociation;

constexpr std::size_t most_offers = 64;

std::vector<const dissect::ikev2::Transform*> of_type(const dissect::ikev2::Proposal& proposal, std::uint8_t wanted) {
    std::vector<const dissect::ikev2::Transform*> found;
    for (const auto& transform : proposal.transforms)
        if (transform.type == wanted) found.push_back(&transform);
    if (found.empty()) found.push_back(nullptr);
    return found;
}

void combine(const dissect::ikev2::Proposal& proposal, std::vector<Offer>& into) {
    const auto id = [](const dissect::ikev2::Transform* transform) { return transform ? transform->id : std::uint16_t{0}; };
    for (const auto* encryption : of_type(proposal, type::encr))
        for (const auto* integrity : of_type(proposal, type::integ))
            for (const auto* prf : of_type(proposal, type::prf))
                for (const auto* group : of_type(proposal, type::ke)) {
                    if (into.size() >= most_offers) return;
                    auto& suite = into.emplace_back(Offer{proposal.number, {}}).suite;
                    suite.encryption = id(encryption);
                    suite.key_bits = encryption ? encryption->key_bits() : std::uint16_t{0};
                    suite.integrity = id(integrity);
                    suite.prf = id(prf);
                    suite.group = id(group);
                    suite.known = true;
                }
}

} // namespace

CompactSuite chosen_suite(const dissect::PayloadRef& sa) {
    CompactSuite suite;
    const auto parsed = dissect::ikev2::parse<SecurityAssociation>(sa);
    if (parsed.proposals.empty()) return suite;
    constexpr std::pair<std::uint8_t, std::uint16_t CompactSuite::*> kinds[] = {
        {type::encr, &CompactSuite::encryption}, {type::prf, &CompactSuite::prf},
        {type::integ, &CompactSuite::integrity}, {type::ke, &CompactSuite::group}};
    const auto& proposal = parsed.proposals.front();
    for (const auto& [kind, member] : kinds)
        if (const auto* transform = proposal.find(kind)) suite.*member = transform->id;
    if (const auto* encryption = proposal.find(type::encr)) suite.key_bits = encryption->key_bits();
    suite.known = true;
    return suite;
}

std::optional<crypto::ikev2::Suite> computable(const CompactSuite& suite) {
    if (!suite.known) return std::nullopt;
    auto rows = crypto::ikev2::suite_of({suite.encryption, suite.key_bits, suite.prf, suite.integrity});
    return rows ? std::optional(*rows) : std::nullopt;
}

std::vector<crypto::ikev2::Suite> suites_of_sizes(std::size_t encryption, std::size_t integrity) {
    // Transform IDs in the order of their frequency (RFC 7296 3.3.2; RFC 5282, 7634 for the AEADs).
    constexpr std::uint16_t ciphers[] = {12, 20, 28, 3, 13, 23, 24, 19, 18, 16, 15, 14, 2}, macs[] = {0, 12, 2, 14, 13, 5, 8, 1, 7, 6},
                            key_bits[] = {0, 128, 192, 256};
    std::vector<crypto::ikev2::Suite> all;
    for (const auto cipher : ciphers)
        for (const auto bits : key_bits)
            for (const auto mac : macs) {
                const auto suite = crypto::ikev2::suite_of({cipher, bits, 0, mac});
                if (!suite || suite->encryption->is_aead() != (mac == 0)) continue;
                if (const auto sizes = suite->sizes(); sizes.encryption == encryption && sizes.integrity == integrity) all.push_back(*suite);
            }
    return all;
}

std::vector<Offer> offers_of(const dissect::PayloadRef& sa) {
    std::vector<Offer> offers;
    for (const auto& proposal : dissect::ikev2::parse<SecurityAssociation>(sa).proposals) combine(proposal, offers);
    return offers;
}

} // namespace ikescope::session::ikev2
