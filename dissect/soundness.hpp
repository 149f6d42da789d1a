#pragma once
// Whether a message holds together, payload by payload, without the words that explain() makes of it.

#include "base/tree.hpp"
#include "dissect/message.hpp"

#include <array>
#include <string>

namespace ikescope::dissect {

/// Remembers payloads without a fault: gateways send the same offers and vendor IDs again and again.
class Soundness {
public:
    /// Does the chain of payloads fit, and has none of them an error?
    bool of(const Message& message);

private:
    struct Known {
        Version version = Version::v1;
        std::uint8_t type = 0;
        std::string body;
    };
    bool of(const Message& message, const PayloadRef& payload);

    std::array<Known, 128> known_;
    Tree scratch_;
};

} // namespace ikescope::dissect
