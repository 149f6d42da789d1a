// G-IKEv2: what a group's key server sends. RFC 9838 4.4 (GSA), 4.5 (KD). The figures were compared with those of the
// working group's draft of it (draft-ietf-ipsecme-g-ikev2); see docs/testing.md.

#include "dissect/ikev2_schema.hpp"

#include <algorithm>
#include <span>

namespace ikescope::dissect::ikev2 {

namespace {

constexpr std::size_t substructure_header = 4;
constexpr std::uint16_t attribute_format = 0x8000;

/// What is known of an attribute's value: a field as long as the value, or a wrapped key.
struct ValueRule {
    std::uint16_t type;
    const Field* decoded;          ///< nullptr: a wrapped key, RFC 9838 4.5.1
    std::size_t size = 0;          ///< 0: any
};
constexpr ValueRule sa_values[] = {
    {1, &field("ike.gsa.key_lifetime"), 4},
    {2, &field("ike.gsa.initial_message_id"), 4},
    {3, &field("ike.gsa.next_spi")},
};
constexpr ValueRule group_values[] = {
    {1, &field("ike.gsa.activation_delay"), 2},
    {2, &field("ike.gsa.deactivation_delay"), 2},
    {3, &field("ike.gsa.sender_id_bits"), 2},
};
/// SA_KEY in the bag of an SA, WRAP_KEY and GM_SENDER_ID in that of a member.
constexpr ValueRule key_values[] = {{1, nullptr}};
constexpr ValueRule member_values[] = {{1, nullptr}, {3, &field("ike.kd.sender_id")}};

/// Which rows show an attribute: those of an SA, of the group, of a key, of a member. What no rule knows may be a key.
struct AttributeFields {
    const Field &heading, &type, &value, &open_value;
    std::span<const ValueRule> values;
};
constexpr AttributeFields sa_attribute{field("ike.gsa.attr"), field("ike.gsa.attr.type"), field("ike.gsa.attr.value"),
                                       field("ike.gsa.attr.value"), sa_values};
constexpr AttributeFields group_attribute{field("ike.gsa.gwp_attr"), field("ike.gsa.gwp_attr.type"), field("ike.gsa.attr.value"),
                                          field("ike.gsa.attr.value"), group_values};
constexpr AttributeFields key_attribute{field("ike.kd.bag.group_attr"), field("ike.kd.bag.group_attr.type"), field("ike.kd.bag.attr.value"),
                                        field("ike.kd.bag.attr.open_value"), key_values};
constexpr AttributeFields member_attribute{field("ike.kd.bag.member_attr"), field("ike.kd.bag.member_attr.type"),
                                           field("ike.kd.bag.attr.value"), field("ike.kd.bag.attr.open_value"), member_values};

const ValueRule* find_rule(const AttributeFields& fields, std::uint16_t type) {
    const auto rule = std::ranges::find(fields.values, type, &ValueRule::type);
    return rule == fields.values.end() ? nullptr : &*rule;
}

/// The parts of a value whose bytes have their node already; a value of another size than it should be has none.
void explain_value(const Attribute& attribute, const ValueRule* rule, std::size_t at, Tree& tree) {
    constexpr std::size_t ids = 8; // Key ID, KWK ID
    const auto size = attribute.value.size();
    if (!rule || size == 0 || (rule->size != 0 && rule->size != size)) return;
    TreeLevel level(&tree);
    Cursor in(attribute.value, at);
    const Reader r{in, &tree};
    if (rule->decoded && rule->decoded->kind == Kind::number) r.number(*rule->decoded, size);
    else if (rule->decoded) r.rest(*rule->decoded);
    else if (size > ids) {
        r.number(field("ike.kd.wrapped.key_id"), 4);
        r.number(field("ike.kd.wrapped.kwk_id"), 4);
        r.rest(field("ike.kd.wrapped.key"));
    }
}

void read_attribute(Attribute& attribute, const Reader& r, const AttributeFields& fields) {
    const auto node = r.heading(fields.heading);
    TreeLevel level(r.tree);
    const auto head = r.flagged(field("ike.gsa.attr.format"), fields.type);
    attribute.brief = (head & attribute_format) != 0;
    attribute.type = head & static_cast<std::uint16_t>(~attribute_format);
    const auto size = attribute.brief ? 2 : static_cast<std::size_t>(r.number(field("ike.gsa.attr.length"), 2));
    const auto at = r.in.offset();
    const auto* rule = find_rule(fields, attribute.type);
    attribute.value = r.bytes(rule && rule->decoded ? fields.open_value : fields.value, size);
    if (r.tree) explain_value(attribute, rule, at, *r.tree);
    r.end(node, attribute.type);
}

void write_attributes(const std::vector<Attribute>& attributes, Writer& out) {
    for (const auto& attribute : attributes) {
        out.number(attribute.type | (attribute.brief ? attribute_format : 0U), 2);
        if (!attribute.brief) out.number(attribute.value.size(), 2);
        out.bytes(attribute.value);
    }
}

/// Protocol, SPI size (reserved where the protocol is 0), length, SPI: the head of policies and of key bags.
template <class Item>
void read_head(Item& item, const Reader& r) {
    item.protocol = static_cast<std::uint8_t>(r.number(field("ike.gsa.protocol"), 1));
    const bool has_spi = item.protocol != protocol::none;
    const auto size = has_spi ? r.number(field("isakmp.spisize"), 1) : 0;
    if (!has_spi) r.bytes(field("isakmp.reserved"), 1);
    item.spi_size = static_cast<std::uint8_t>(size);
    r.number(field("ike.gsa.length"), 2);
    item.spi = r.bytes(field("isakmp.spi"), item.spi_size);
}
template <class Item>
std::size_t write_head(const Item& item, Writer& out) {
    out.number(item.protocol, 1);
    out.number(item.spi.size(), 1);
    const auto length = out.placeholder(2);
    out.bytes(item.spi);
    return length;
}

void read_policy(GroupPolicy& policy, Cursor& in, Tree* tree, Inherited& faults) {
    const Reader r{in, tree};
    read_head(policy, r);
    const bool of_group = policy.protocol == protocol::none;
    for (int i = 0; !of_group && i < 2 && in.more(); ++i) { // source, destination
        TrafficSelector selector;
        if (!read_selector(selector, in, tree, faults)) return;
        policy.selectors.push_back(selector);
    }
    for (bool more = !of_group; more && in.more();) {
        Transform transform;
        if (!read_transform(transform, in, tree, faults, more)) return;
        policy.transforms.push_back(std::move(transform));
    }
    const auto& fields = of_group ? group_attribute : sa_attribute;
    while (in.more()) read_attribute(policy.attributes.emplace_back(), r, fields);
}

void read_bag(KeyBag& bag, Cursor& in, Tree* tree, Inherited&) {
    const Reader r{in, tree};
    read_head(bag, r);
    const bool of_member = bag.protocol == protocol::none;
    const auto& fields = of_member ? member_attribute : key_attribute;
    while (in.more()) read_attribute(bag.attributes.emplace_back(), r, fields);
}

/// Substructures one behind the other, each as long as its third and fourth byte say.
template <class Item>
void read_list(std::vector<Item>& items, Cursor& in, Tree* tree, const Field& heading,
               void (*read_item)(Item&, Cursor&, Tree*, Inherited&)) {
    Inherited faults(tree);
    while (in.more()) {
        const auto head = in.peek(substructure_header);
        const auto length = head.size() < substructure_header ? 0 : static_cast<std::size_t>(big_endian(head.subspan(2)));
        if (length < substructure_header) break;
        if (tree) tree->add(heading, in.offset(), std::min(length, in.left()));
        TreeLevel level(tree);
        auto body = in.child(length, heading.label);
        read_item(items.emplace_back(), body, tree, faults);
        finish(tree, body);
        faults.note(body);
    }
    faults.hand_to(in);
}

} // namespace

void read_policies(GroupSecurityAssociation& gsa, Cursor& in, Tree* tree) {
    read_list(gsa.policies, in, tree, field("ike.gsa.policy"), read_policy);
}
void write_policies(const GroupSecurityAssociation& gsa, Writer& out) {
    for (const auto& policy : gsa.policies) {
        const auto start = out.size();
        const auto length = write_head(policy, out);
        for (const auto& selector : policy.selectors) write_selector(selector, out);
        for (const auto& transform : policy.transforms)
            write_transform(transform, &transform != &policy.transforms.back(), out);
        write_attributes(policy.attributes, out);
        out.patch(length, out.size() - start, 2);
    }
}

void read_bags(KeyDownload& kd, Cursor& in, Tree* tree) {
    read_list(kd.bags, in, tree, field("ike.kd.bag"), read_bag);
}
void write_bags(const KeyDownload& kd, Writer& out) {
    for (const auto& bag : kd.bags) {
        const auto start = out.size();
        const auto length = write_head(bag, out);
        write_attributes(bag.attributes, out);
        out.patch(length, out.size() - start, 2);
    }
}

} // namespace ikescope::dissect::ikev2
