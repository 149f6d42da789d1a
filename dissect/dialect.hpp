#pragma once
// What a version of IKE knows about the inside of its payloads. The versions are siblings: message.cpp and explain.cpp
// ask the dialect and know neither.

#include "dissect/message.hpp"
#include "dissect/schema.hpp"

namespace ikescope::dissect {

struct Dialect {
    /// Payload type that ends a chain because its `next` names the first payload inside it (SK, SKF); 0 = none.
    std::uint8_t sealed, sealed_fragment;
    /// Fills PayloadRef::meant of a chain that was walked; may be nullptr.
    void (*settle_meanings)(Message&);
    /// Adds the nodes of the generic payload header.
    void (*explain_generic_header)(const PayloadRef&, Tree&);
    /// Reads a body and adds its nodes; what it leaves unread is told by the caller.
    void (*explain_body)(const PayloadRef&, Cursor& body, Tree&);
    /// The name in one-line summaries.
    void (*append_name)(std::string&, const PayloadRef&);
    /// What the heading of a payload says beside its type: which notification it is. Empty: nothing.
    std::string (*heading)(const PayloadRef&);
};

extern const Dialect ikev1_dialect; ///< ikev1_explain.cpp
extern const Dialect ikev2_dialect; ///< ikev2_dialect.cpp

inline const Dialect& dialect(Version version) { return version == Version::v2 ? ikev2_dialect : ikev1_dialect; }

/// The four bytes before every payload, as both versions have them but for the second byte.
/// A span of numbers that share a meaning, up to and with `last`.
struct NumberRange {
    std::uint32_t last;
    std::string_view name;
};
/// " - NAME" of a notification; of an unnamed number what its range is for. `ranges` ascend.
std::string notify_heading(std::uint16_t type, Registry names, std::span<const NumberRange> ranges);

struct GenericHeader {
    std::uint8_t next = 0;
    std::uint8_t reserved = 0;
    std::uint16_t length = 0;
};
/// next, reserved, length as IKEv1 has them (and the substructures of both).
void explain_plain_generic_header(std::size_t offset, const GenericHeader& header, Tree& tree);

/// A payload inside a payload (Proposal, Transform): its generic header, read and explained, and a cursor fenced to
/// its body. `node` is its node in the tree, at whose depth + 1 the body's nodes belong.
struct Nested {
    GenericHeader header;
    Tree::Index node = 0;
    Cursor body;
};
/// Reads the next one from `in`; nothing when fewer than four bytes are left or its length cannot be true.
/// The caller opens a TreeLevel, reads the body and calls finish().
std::optional<Nested> read_nested(Cursor& in, Tree* tree, std::uint8_t type);
/// Writes the generic header of a substructure, what `body` writes, and the length.
template <class WriteBody>
void write_nested(Writer& out, std::uint8_t next, WriteBody body) {
    const auto start = out.size();
    out.number(next, 1);
    out.zeros(1);
    const auto length = out.placeholder(2);
    body();
    out.patch(length, out.size() - start, 2);
}

} // namespace ikescope::dissect
