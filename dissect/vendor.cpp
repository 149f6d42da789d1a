#include "dissect/vendor.hpp"

#include "dissect/fields.hpp"

#include <algorithm>

namespace ikescope::dissect {

namespace {

/// Longer than any row.
constexpr std::size_t longest_prefix = 64;

struct Part {
    const Field& field;
    std::size_t width;
};
/// Version numbers that some vendors put behind the bytes that name them.
struct Tail {
    std::string_view hex; ///< the known part
    std::span<const Part> parts;
};

constexpr Part unity[] = {{field("isakmp.vid.cisco_unity.major"), 1}, {field("isakmp.vid.cisco_unity.minor"), 1}};
constexpr Part dpd[] = {{field("ike.vid.dpd.major"), 1}, {field("ike.vid.dpd.minor"), 1}}; // RFC 3706 5.1
constexpr Part windows[] = {{field("isakmp.vid.ms_nt5_isakmpoakley"), 4}};
constexpr Part check_point[] = {{field("isakmp.vid.cp.product"), 4},
                                {field("isakmp.vid.cp.version"), 4},
                                {field("isakmp.vid.cp.timestamp"), 4},
                                {field("isakmp.vid.cp.reserved"), 4},
                                {field("isakmp.vid.cp.features"), 4}};
constexpr Part fortigate[] = {{field("isakmp.vid.fortinet.fortigate.release"), 2},
                              {field("isakmp.vid.fortinet.fortigate.build"), 2}};
constexpr Tail tails[] = {
    {"12f5f28c457168a9702d9fe274cc", unity},
    {"1e2b516905991c7d7c96fcbfb587e461", windows},
    {"8299031757a36082c6a621de", fortigate},
    {"afcad71368a1f1c96b8696fc7757", dpd},
    {"f4ed19e0c114eb516faaac0ee37daf2807b4381f", check_point},
};
constexpr std::string_view aruba_via = "56494120417574682050726f66696c65203a20";

std::string_view hex_prefix(Bytes id, std::array<char, 2 * longest_prefix>& room) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto count = std::min(id.size(), longest_prefix);
    for (std::size_t i = 0; i < count; ++i) {
        room[2 * i] = digits[id[i] >> 4];
        room[2 * i + 1] = digits[id[i] & 15];
    }
    return {room.data(), 2 * count};
}

std::size_t common_length(std::string_view a, std::string_view b) {
    const auto [at, _] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    return static_cast<std::size_t>(at - a.begin());
}

bool all_printable(Bytes bytes) {
    return !bytes.empty() && std::ranges::all_of(bytes, [](Byte byte) { return byte >= 0x20 && byte < 0x7f; });
}

/// Text in an ID that nobody knows: who made it may be readable.
void annotate_text(Bytes id, Tree::Index node, Tree& tree) {
    constexpr std::size_t least = 4; // a run this long is no accident
    std::size_t run = 0, longest = 0;
    for (const auto byte : id) {
        run = byte >= 0x20 && byte < 0x7f ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    if (longest >= least) tree.annotate(node, printable(id));
}

/// The bytes behind the known part: numbers where the vendor is known to put them, else text or bytes.
void explain_tail(const Tail* tail, std::size_t known, Cursor& in, Tree& tree) {
    if (tail)
        for (const auto& part : tail->parts) {
            if (in.left() < part.width) break;
            const auto at = in.offset();
            tree.add(part.field, at, part.width, in.number(part.width, part.field.label));
        }
    if (in.left() == 0) return;
    const auto at = in.offset();
    const auto rest = in.rest("Version");
    const auto& row = all_printable(rest) ? field("ike.vid.text") : known > 0 ? field("ike.vid.version") : field("ike.vid.unknown");
    const auto node = tree.add(row, at, rest.size());
    if (&row == &field("ike.vid.unknown")) annotate_text(rest, node, tree);
}

void explain_vendor(Bytes id, std::size_t offset, Tree& tree) {
    const auto node = tree.add(field("isakmp.vid_bytes"), offset, id.size());
    TreeLevel level(&tree);
    const auto* row = find_vendor(id);
    const auto text = row ? row->name : std::string_view("Unknown Vendor ID");
    tree.annotate(node, text);
    tree.add_generated(field("isakmp.vid_string"), 0, text);
    std::array<char, 2 * longest_prefix> room;
    const auto digits = hex_prefix(id, room);
    const auto tail = std::ranges::find_if(tails, [&](const Tail& each) { return digits.starts_with(each.hex); });
    const auto known = tail != std::end(tails) ? tail->hex.size() / 2 : row ? row->hex.size() / 2 : 0;
    Cursor in(id, offset);
    if (known > 0) {
        tree.add(field("ike.vid.known"), offset, known);
        in.skip(known, "Known part");
    }
    if (digits.starts_with(aruba_via) && in.left() > 0) {
        const auto at = in.offset();
        tree.add(field("isakmp.vid.aruba_via_auth_profile"), at, in.rest("Profile").size());
    }
    explain_tail(tail != std::end(tails) ? &*tail : nullptr, known, in, tree);
}

} // namespace

const VendorRow* find_vendor(Bytes id) {
    std::array<char, 2 * longest_prefix> room;
    const auto whole = hex_prefix(id, room);
    const auto rows = vendor_ids();
    for (auto key = whole; !key.empty();) {
        const auto above = std::ranges::upper_bound(rows, key, {}, &VendorRow::hex);
        if (above == rows.begin()) return nullptr;
        const auto& row = *std::prev(above);
        const auto shared = common_length(key, row.hex);
        const bool begins = shared == row.hex.size();
        if (begins && (!row.exact || id.size() * 2 == row.hex.size())) return &row;
        // What is left to find begins `id` and sorts before this row, so it cannot be longer than what they share.
        key = key.substr(0, begins ? shared - 1 : shared);
    }
    return nullptr;
}

void read_vendor_id(Bytes& id, Cursor& in, Tree* tree) {
    const auto at = in.offset();
    id = in.rest("Vendor ID");
    if (tree && !id.empty()) explain_vendor(id, at, *tree);
}

} // namespace ikescope::dissect
