#pragma once
// Data attributes: a type and a value, in two bytes (AF bit) or behind a length. RFC 2408 3.3; IKEv2 kept the shape.
//
//  |A|      attribute type         |  AF=0: length, AF=1: value    |
//  |                  AF=0: value (length bytes)                   |

#include "base/cursor.hpp"
#include "base/tree.hpp"
#include "base/writer.hpp"

#include <span>
#include <vector>

namespace ikescope::dissect {

/// A data attribute, short (AF bit) or long form. RFC 2408 3.3.
struct Attribute {
    std::uint16_t type = 0; ///< without the AF bit
    bool brief = false;     ///< value in the header (AF = 1)
    Bytes value;            ///< two bytes for the short form
    std::uint64_t number() const { return value.size() <= 8 ? big_endian(value) : 0; }
};

/// How the value of one attribute type is shown below its bytes.
struct AttributeRule {
    std::uint16_t type;
    const Field* decoded = nullptr;                   ///< the whole value as this field's kind
    const Field* wide = nullptr;                      ///< instead, for numbers of more than four bytes
    const Field* bytes = nullptr;                     ///< instead, for more than eight
    void (*parts)(Cursor& value, Tree& tree) = nullptr; ///< or: the value in pieces; must add a node for every byte
};

/// The attributes of one kind of payload: their five fields and what is known about the types.
struct AttributeClass {
    const Field& attribute;
    const Field& format;
    const Field& type;
    const Field& length;
    const Field& value;
    std::span<const AttributeRule> rules; ///< sorted by type
    const Field* secret_value = nullptr;  ///< in place of `value` when the decoded field is a secret
    Registry names = {};                  ///< names of the types where the field has none, because they depend on more
};

/// Reads one attribute; false when not even its four bytes are there.
bool read_attribute(Attribute& out, Cursor& in, Tree* tree, const AttributeClass& kind);
/// Reads attributes until the bytes or sense end.
void read_attributes(std::vector<Attribute>& out, Cursor& in, Tree* tree, const AttributeClass& kind);
void write_attributes(const std::vector<Attribute>& attributes, Writer& out);

} // namespace ikescope::dissect
