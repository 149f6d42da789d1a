#pragma once
// Keys of ESP SAs out of charon's log: it prints KEYMAT without an SPI, so what it says around it must be put together.

#include "secrets/charon_lines.hpp"
#include "secrets/formats.hpp"

#include <map>

namespace ikescope::secrets {

/// All of it comes from one thread, in this order:
///     parsed QUICK_MODE response …               who began the exchange
///       using AES_CBC for encryption
///       using HMAC_SHA1_96 for integrity
///     initiator SA seed => …                     IKEv1: [g^xy] | protocol | SPI | Ni | Nr
///     encryption initiator key => …              and three more
///     adding inbound ESP SA
///       SPI 0x7c1098ca, src 10.77.0.2 dst 10.77.0.1
class CharonChildren {
public:
    explicit CharonChildren(Harvest& harvest) : harvest_(harvest) {}
    void said(const CharonRecord& record);
    /// True when the dump was one of a child's.
    bool dumped(CharonDump& dump);

private:
    struct Child {
        std::optional<bool> initiator; ///< did this end begin the exchange?
        std::uint16_t encryption = 0, integrity = 0;
        std::size_t shared_size = 0;
        std::optional<std::uint32_t> spi[2]; ///< out of the seeds; [0] of what the exchange's initiator sends
        Secret encryption_key[2], integrity_key[2];
        std::size_t line = 0;
        std::optional<bool> inbound; ///< what the next SPI is of
    };
    void spi(Child& child, std::string_view text, const CharonRecord& record);

    Harvest& harvest_;
    std::map<std::string, Child, std::less<>> children_; ///< per thread
};

} // namespace ikescope::secrets
