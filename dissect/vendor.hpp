#pragma once
// Vendor IDs, by their longest known prefix. Both versions of IKE use the same bytes.

#include "base/cursor.hpp"
#include "base/tree.hpp"

#include <span>

namespace ikescope::dissect {

struct VendorRow {
    std::string_view hex;    ///< lower case
    std::string_view name;
    bool exact;              ///< only when it is the whole payload
    std::string_view source; ///< who knows it
};

/// Sorted by bytes; vendor_ids.cpp.
std::span<const VendorRow> vendor_ids();

/// The row whose bytes begin `id` and are longest; nullptr when nobody knows it.
const VendorRow* find_vendor(Bytes id);

/// Reads a Vendor ID payload's body: the bytes, and below them its name and what stands behind the known part.
void read_vendor_id(Bytes& id, Cursor& in, Tree* tree);

} // namespace ikescope::dissect
