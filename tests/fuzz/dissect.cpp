// Fuzzing the dissector of both versions. The first byte chooses: a datagram (walk, explain, re-write of what was
// typed), or a decrypted chain whose first payload type is the second byte.

#include "dissect/ikev1.hpp"

#include <cstdlib>

using namespace ikescope;
using namespace ikescope::dissect;

namespace {

/// No node points outside the bytes; that the leaves partition them is tests/dissect/tree_property_test.cpp's business.
void check(const Tree& tree, std::size_t size) {
    for (const auto& node : tree.nodes())
        if (node.offset + std::size_t{node.length} > size) std::abort();
}

template <class P>
void rewrite(const PayloadRef& payload) {
    std::optional<Fault> fault;
    const auto parsed = ikev1::parse<P>(payload, &fault);
    Buffer out;
    ikev1::append(parsed, out);
    // What was written reads back to the same bytes.
    const PayloadRef again{payload.type, 0, 0, 0, static_cast<std::uint32_t>(out.size() + generic_header_size), out};
    Buffer twice;
    ikev1::append(ikev1::parse<P>(again), twice);
    if (out != twice) std::abort();
}

void rewrite_payload(const PayloadRef& payload) {
    using namespace ikev1;
    switch (payload.type) {
    case payload::sa: return rewrite<SecurityAssociation>(payload);
    case payload::id: return rewrite<Identification>(payload);
    case payload::notify: return rewrite<Notification>(payload);
    case payload::attributes: return rewrite<Configuration>(payload);
    case payload::vendor: return rewrite<VendorId>(payload);
    case payload::sak: return rewrite<KekPolicy>(payload);
    case payload::sat: return rewrite<TekPolicy>(payload);
    case payload::kd: return rewrite<KeyDownload>(payload);
    case payload::fragment: return rewrite<Fragment>(payload);
    default: return;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    static Message message;
    static Tree tree;
    const Bytes bytes(data + 2, size - 2);
    tree.clear();
    tree.use_buffer("Frame", bytes);
    Header header;
    header.version = data[0] & 1 ? 0x20 : 0x10;
    if (data[0] & 2) {
        walk_plain(header, data[1], bytes, 0, message);
        explain_payloads(message, tree);
    } else {
        walk(bytes, 0, bytes.size() + data[1], message);
        explain(message, tree);
    }
    check(tree, bytes.size());
    std::string names;
    for (const auto& payload : message.payloads) {
        append_payload_name(names, message.version(), payload);
        if (message.version() == Version::v1) rewrite_payload(payload);
    }
    return 0;
}
