// Security Association, Proposal and Transform payloads. RFC 2408 3.4-3.6, RFC 2407 4.6.1, RFC 6407 5.2.

#include "dissect/dialect.hpp"
#include "dissect/ikev1_schema.hpp"

#include <charconv>
#include <fmt/format.h>

namespace ikescope::dissect::ikev1 {

namespace {

constexpr std::uint32_t gdoi = 2;

constexpr Bit situation_bits[] = {{field("isakmp.sa.situation.identity_only")},
                                  {field("isakmp.sa.situation.secrecy")},
                                  {field("isakmp.sa.situation.integrity")}};

void keep(std::optional<Fault>& first, const std::optional<Fault>& fault) {
    if (!first) first = fault;
}

/// The row whose names are the identifiers of the proposal's protocol.
const Field& transform_field(std::uint8_t protocol) {
    switch (protocol) {
    case 1: return field("isakmp.trans.id", 1);
    case 2: return field("isakmp.trans.id", 2);
    case 3: return field("isakmp.trans.id", 3);
    case 4: return field("isakmp.trans.id", 4);
    default: return field("isakmp.trans.id");
    }
}

std::uint64_t shown(Cursor& in, Tree* tree, const Field& field, std::size_t width) {
    const auto at = in.offset();
    const auto value = in.number(width, field.label);
    if (tree && !in.fault()) tree->add(field, at, width, value);
    return value;
}

/// "# 12"
void number_it(Tree* tree, Tree::Index node, std::uint8_t number) {
    if (!tree) return;
    std::array<char, 8> text{'#', ' '};
    const auto end = std::to_chars(text.data() + 2, text.data() + text.size(), number).ptr;
    tree->annotate(node, {text.data(), static_cast<std::size_t>(end - text.data())});
}

void read_transform(Transform& transform, std::uint8_t protocol, Cursor& in, Tree* tree) {
    transform.number = static_cast<std::uint8_t>(shown(in, tree, field("isakmp.trans.number"), 1));
    transform.id = static_cast<std::uint8_t>(shown(in, tree, transform_field(protocol), 1));
    const auto at = in.offset();
    const auto reserved = in.take(2, "Reserved");
    if (tree && !in.fault()) note_reserved(*tree, tree->add(field("isakmp.reserved"), at, 2), reserved);
    read_attributes(transform.attributes, in, tree, protocol <= 1 ? phase1_class : phase2_class);
    finish(tree, in);
}

void read_transforms(Proposal& proposal, Cursor& in, Tree* tree) {
    while (auto nested = read_nested(in, tree, payload::transform)) {
        TreeLevel level(tree);
        auto& transform = proposal.transforms.emplace_back();
        read_transform(transform, proposal.protocol, nested->body, tree);
        number_it(tree, nested->node, transform.number);
        keep(proposal.fault, nested->body.fault());
        if (nested->header.next == 0) break;
    }
}

void judge_count(const Proposal& proposal, Tree& tree, Tree::Index node) {
    if (proposal.transform_count == proposal.transforms.size()) return;
    tree.judge(node, Severity::warning);
    tree.annotate(node, fmt::format("{} are there", proposal.transforms.size()));
}

void read_proposal(Proposal& proposal, Cursor& in, Tree* tree) {
    proposal.number = static_cast<std::uint8_t>(shown(in, tree, field("isakmp.prop.number"), 1));
    proposal.protocol = static_cast<std::uint8_t>(shown(in, tree, field("isakmp.prop.protoid", 1), 1));
    proposal.spi_size = static_cast<std::uint8_t>(shown(in, tree, field("isakmp.spisize"), 1));
    proposal.transform_count = static_cast<std::uint8_t>(shown(in, tree, field("isakmp.prop.transforms"), 1));
    const auto count = tree ? tree->nodes().size() - 1 : 0;
    const auto at = in.offset();
    proposal.spi = in.take(proposal.spi_size, "SPI");
    if (tree && !proposal.spi.empty()) tree->add(field("isakmp.spi"), at, proposal.spi.size());
    const bool whole = !in.fault();
    read_transforms(proposal, in, tree);
    if (tree && whole) judge_count(proposal, *tree, count);
    keep(proposal.fault, in.fault());
    if (in.left() > 0) keep(proposal.fault, Fault{in.offset(), generic_header_size, in.left(), "Transform"});
    finish(tree, in);
}

void read_proposals(SecurityAssociation& sa, Cursor& in, Tree* tree) {
    while (auto nested = read_nested(in, tree, payload::proposal)) {
        TreeLevel level(tree);
        auto& proposal = sa.proposals.emplace_back();
        read_proposal(proposal, nested->body, tree);
        number_it(tree, nested->node, proposal.number);
        keep(sa.fault, proposal.fault);
        if (nested->header.next == 0) break;
    }
    if (in.left() > 0) keep(sa.fault, Fault{in.offset(), generic_header_size, in.left(), "Proposal"});
}

/// GDOI: the type of the next policy payload, two reserved bytes, and the policy payloads themselves.
void read_policies(SecurityAssociation& sa, Cursor& in, Tree* tree) {
    const auto at = in.offset();
    sa.next_attribute_payload = static_cast<std::uint16_t>(in.number(2, "SA attribute next payload"));
    const auto reserved = in.take(2, "Reserved");
    if (in.fault()) return;
    if (tree) {
        tree->add(field("isakmp.sa.next_attribute_payload"), at, 2, sa.next_attribute_payload);
        note_reserved(*tree, tree->add(field("isakmp.reserved2"), at + 2, 2), reserved);
    }
    const auto start = in.offset();
    sa.policies = in.rest("Policies");
    if (!tree || sa.policies.empty()) return;
    Message inside;
    walk_plain({}, static_cast<std::uint8_t>(sa.next_attribute_payload), sa.policies, static_cast<std::uint32_t>(start), inside);
    // A chain of SA payloads inside SA payloads would recurse; policies are SAK, SAT and GAP only.
    for (auto& each : inside.payloads)
        if (each.type == payload::sa) each.type = payload::none;
    explain_payloads(inside, *tree);
}

void write_transform(const Transform& transform, Writer& out) {
    out.number(transform.number, 1);
    out.number(transform.id, 1);
    out.zeros(2);
    write_attributes(transform.attributes, out);
}

void write_proposal(const Proposal& proposal, Writer& out) {
    out.number(proposal.number, 1);
    out.number(proposal.protocol, 1);
    out.number(proposal.spi.size(), 1);
    out.number(proposal.transforms.size(), 1);
    out.bytes(proposal.spi);
    for (const auto& transform : proposal.transforms) {
        const bool last = &transform == &proposal.transforms.back();
        write_nested(out, last ? payload::none : payload::transform, [&] { write_transform(transform, out); });
    }
}

} // namespace

const Attribute* Transform::find(std::uint16_t type) const {
    const auto at = std::ranges::find(attributes, type, &Attribute::type);
    return at == attributes.end() ? nullptr : &*at;
}

void read_situation(SecurityAssociation& sa, Cursor& in, Tree* tree) {
    const auto at = in.offset();
    sa.situation = static_cast<std::uint32_t>(in.number(4, "Situation"));
    if (in.fault()) return;
    if (tree) add_bits(*tree, field("isakmp.sa.situation"), at, 4, sa.situation, sa.doi == 1 ? situation_bits : std::span<const Bit>{});
    if (sa.doi == gdoi) read_policies(sa, in, tree);
    else read_proposals(sa, in, tree);
}

void write_situation(const SecurityAssociation& sa, Writer& out) {
    out.number(sa.situation, 4);
    if (sa.doi == gdoi) {
        out.number(sa.next_attribute_payload, 2);
        out.zeros(2);
        return out.bytes(sa.policies);
    }
    for (const auto& proposal : sa.proposals) {
        const bool last = &proposal == &sa.proposals.back();
        write_nested(out, last ? payload::none : payload::proposal, [&] { write_proposal(proposal, out); });
    }
}

} // namespace ikescope::dissect::ikev1
