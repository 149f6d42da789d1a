#pragma once
// Where a packet's passwords lie, so that no other value and no dump of decrypted bytes shows them either.

#include "present/packet.hpp"

#include <vector>

namespace ikescope::present {

class HiddenBytes {
public:
    /// Finds the bytes of the packet's secret fields. Of a packet without payloads that can hold any it looks at their types only.
    void read(const Packet& packet);
    bool any() const { return !secrets_.empty(); }
    /// Is one of these bytes, as they lie in memory, a secret's?
    bool touches(Bytes bytes) const;

private:
    std::vector<Bytes> secrets_;
    Tree tree_;
    Demand whole_ = Demand::everything();
};

} // namespace ikescope::present
