#include "session/ikev2_suite.hpp"

#include "dissect/ikev2.hpp"

namespace ikescope::session::ikev2 {

CompactSuite chosen_suite(const dissect::PayloadRef& sa) {
    CompactSuite suite;
    const auto parsed = dissect::ikev2::parse<dissect::ikev2::SecurityAssociation>(sa);
    if (parsed.proposals.empty()) return suite;
    // RFC 7296 3.3.2: transform types.
    constexpr std::pair<std::uint8_t, std::uint16_t CompactSuite::*> kinds[] = {
        {1, &CompactSuite::encryption}, {2, &CompactSuite::prf}, {3, &CompactSuite::integrity}, {4, &CompactSuite::group}};
    const auto& proposal = parsed.proposals.front();
    for (const auto& [type, member] : kinds)
        if (const auto* transform = proposal.find(type)) suite.*member = transform->id;
    if (const auto* encryption = proposal.find(1)) suite.key_bits = encryption->key_bits();
    suite.known = true;
    return suite;
}

} // namespace ikescope::session::ikev2
