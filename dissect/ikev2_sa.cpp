// SA payloads: proposals, transforms and their attributes. RFC 7296 3.3.

#include "dissect/ikev2_schema.hpp"

#include <fmt/format.h>

namespace ikescope::dissect::ikev2 {

namespace {

constexpr std::uint8_t proposal_substructure = 2, transform_substructure = 3;
constexpr std::uint16_t attribute_format = 0x8000;

const Field& id_field(std::uint8_t type) {
    switch (type) {
    case transform::encr: return field("isakmp.tf.id.encr");
    case transform::prf: return field("isakmp.tf.id.prf");
    case transform::integ: return field("isakmp.tf.id.integ");
    case transform::ke: return field("isakmp.tf.id.dh");
    case transform::sn: return field("isakmp.tf.id.esn");
    case transform::kwa: return field("ike.tf.id.kwa");
    case transform::gcauth: return field("ike.tf.id.gcauth");
    default: break;
    }
    if (type >= transform::addke1 && type <= transform::addke7) return field("ike.tf.id.addke");
    return field("isakmp.tf.id");
}

///  1 1                              1
///  AF| Attribute Type   |  Value (AF = 1) or Length (AF = 0), then Value
void read_attribute(Attribute& attribute, const Reader& r) {
    const auto node = r.heading(field("isakmp.ike2.attr"));
    TreeLevel level(r.tree);
    const auto head = r.flagged(field("isakmp.ike2.attr.format"), field("isakmp.ike2.attr.type"));
    attribute.brief = (head & attribute_format) != 0;
    attribute.type = head & static_cast<std::uint16_t>(~attribute_format);
    const auto size = attribute.brief ? 2 : static_cast<std::size_t>(r.number(field("isakmp.ike2.attr.length"), 2));
    const auto at = r.in.offset();
    attribute.value = r.bytes(field("isakmp.ike2.attr.value"), size);
    if (r.tree && attribute.type == transform::key_length_attribute && attribute.value.size() == 2)
        r.tree->add(field("isakmp.ike2.attr.key_length"), at, 2, attribute.number());
    r.end(node, attribute.type);
}

/// "AES-CBC-128", "ECP-256"; the number when the transform has no name.
std::string transform_text(const Transform& transform) {
    const auto& names = id_field(transform.type).names;
    auto text = std::string(brief_of(names, transform.id));
    if (text.empty()) text = std::to_string(transform.id);
    if (const auto bits = transform.key_bits(); bits != 0) text += fmt::format("-{}", bits);
    return text;
}

} // namespace

void read_transform_id(Transform& transform, Cursor& in, Tree* tree) {
    const Reader r{in, tree};
    transform.id = static_cast<std::uint16_t>(r.number(id_field(transform.type), 2));
    if (tree && !in.fault() && transform.type == transform::ke && transform.id == 0) r.annotate(r.last(), "NONE"); // RFC 7296 3.3.2
}
void write_transform_id(const Transform& transform, Writer& out) { out.number(transform.id, 2); }

void read_transform_attributes(Transform& transform, Cursor& in, Tree* tree) {
    while (in.more()) read_attribute(transform.attributes.emplace_back(), {in, tree});
}
void write_transform_attributes(const Transform& transform, Writer& out) {
    for (const auto& attribute : transform.attributes) {
        out.number(attribute.type | (attribute.brief ? attribute_format : 0U), 2);
        if (!attribute.brief) out.number(attribute.value.size(), 2);
        out.bytes(attribute.value);
    }
}

bool read_transform(Transform& transform, Cursor& in, Tree* tree, Inherited& faults, bool& more) {
    auto nested = read_nested(in, tree, transform_substructure);
    if (!nested) return false;
    more = nested->header.next == transform_substructure;
    TreeLevel level(tree);
    transform = dissect::read<Transform>(nested->body, tree);
    finish(tree, nested->body);
    faults.note(nested->body);
    return true;
}
void write_transform(const Transform& transform, bool more, Writer& out) {
    write_nested(out, more ? transform_substructure : 0, [&] { dissect::write(transform, out); });
}

void read_transforms(Proposal& proposal, Cursor& in, Tree* tree) {
    Inherited faults(tree);
    for (bool more = true; in.more();) {
        Transform transform;
        if (!read_transform(transform, in, tree, faults, more)) break;
        proposal.transforms.push_back(std::move(transform));
    }
    faults.hand_to(in);
    if (!tree || in.fault() || proposal.transform_count == proposal.transforms.size()) return;
    const Reader r{in, tree};
    r.judge(r.latest(field("isakmp.prop.transforms")), Severity::warning,
            fmt::format("{} follow", proposal.transforms.size()));
}
void write_transforms(const Proposal& proposal, Writer& out) {
    for (const auto& transform : proposal.transforms)
        write_transform(transform, &transform != &proposal.transforms.back(), out);
}

void read_proposals(SecurityAssociation& sa, Cursor& in, Tree* tree) {
    Inherited faults(tree);
    while (in.more()) {
        auto nested = read_nested(in, tree, proposal_substructure);
        if (!nested) break;
        TreeLevel level(tree);
        const auto& proposal = sa.proposals.emplace_back(dissect::read<Proposal>(nested->body, tree));
        if (tree && tree->nodes()[nested->node].note_length == 0) tree->annotate(nested->node, proposal.text());
        finish(tree, nested->body);
        faults.note(nested->body);
    }
    faults.hand_to(in);
}
void write_proposals(const SecurityAssociation& sa, Writer& out) {
    for (const auto& proposal : sa.proposals)
        write_nested(out, &proposal == &sa.proposals.back() ? 0 : proposal_substructure,
                     [&] { dissect::write(proposal, out); });
}

std::uint16_t Transform::key_bits() const {
    for (const auto& attribute : attributes)
        if (attribute.type == transform::key_length_attribute) return static_cast<std::uint16_t>(attribute.number());
    return 0;
}

const Transform* Proposal::find(std::uint8_t type) const {
    for (const auto& transform : transforms)
        if (transform.type == type) return &transform;
    return nullptr;
}

std::string Proposal::text() const {
    constexpr std::uint8_t order[] = {transform::encr, transform::integ, transform::prf, transform::ke,
                                      6, 7, 8, 9, 10, 11, 12, transform::kwa, transform::gcauth};
    std::string text;
    for (const auto type : order) {
        std::string_view separator = "/";
        for (const auto& transform : transforms) {
            if (transform.type != type || (type == transform::integ && transform.id == 0)) continue;
            if (!text.empty()) text += separator;
            text += transform_text(transform);
            separator = "|";
        }
    }
    return text;
}

} // namespace ikescope::dissect::ikev2
