// Messages as trees: what both versions share. The bodies of payloads are the dialects' business.

#include "dissect/dialect.hpp"
#include "dissect/fields.hpp"
#include "dissect/header.hpp"

#include <fmt/format.h>

namespace ikescope::dissect {

namespace {

constexpr Bit ikev1_flags[] = {{field("isakmp.flag_e")}, {field("isakmp.flag_c")}, {field("isakmp.flag_a")}};
constexpr Bit ikev2_flags[] = {{field("isakmp.flag_i")}, {field("isakmp.flag_v")}, {field("isakmp.flag_r")}};

void complain(Tree& tree, Tree::Index node, std::string_view text) {
    tree.judge(node, Severity::error);
    tree.annotate(node, text);
}

/// Says on the length's node what is wrong with it.
void judge_length(const Message& message, Tree& tree, Tree::Index node) {
    const auto have = message.bytes.size() + message.excess.size();
    const auto length = message.header.length;
    if (length < header_size) {
        complain(tree, node, fmt::format("shorter than the header of {} bytes", header_size));
    } else if (message.snapped) {
        tree.judge(node, Severity::warning);
        tree.annotate(node, fmt::format("{} bytes were captured, the rest is behind the snap length", have));
    } else if (length > have) {
        complain(tree, node, fmt::format("the datagram has {} bytes", have));
    } else if (length < have) {
        tree.judge(node, Severity::warning);
        tree.annotate(node, fmt::format("the datagram has {} bytes", have));
    }
}

void judge_payload(const Message& message, const PayloadRef& payload, Tree& tree, Tree::Index node) {
    if (payload.declared < generic_header_size)
        return complain(tree, node, "a length below 4 ends the chain: where the next payload begins is unknown");
    const auto have = payload.body.size() + generic_header_size;
    if (payload.declared == have) return;
    const auto end = payload.offset - message.base + payload.declared;
    const bool cut = message.snapped && end <= message.header.length;
    tree.annotate(node, fmt::format("{} of {} bytes {}", have, payload.declared, cut ? "were captured" : "are there"));
    tree.judge(node, cut ? Severity::warning : Severity::error);
}

/// A fault that no node carries yet: the chain ended where a payload was announced.
void explain_broken_chain(const Message& message, Tree& tree) {
    if (!message.fault) return;
    const auto& fault = *message.fault;
    std::string words;
    if (fault.field == "Payload header") words = fmt::format("another payload is announced, whose header needs {} bytes; {} are left", fault.wanted, fault.available);
    else if (fault.field == "Number of payloads") words = fmt::format("the chain goes on behind {} payloads and is not followed", message.payloads.size());
    else return;
    complain(tree, tree.add(field("ike.fault"), fault.offset, 0), words);
}

/// RFC 7296 3.14: padding and its length end what an SK payload seals. How many bytes of the trailing ones that are; 0
/// where there can be none or the length does not fit.
std::size_t padding_size(const Message& message) {
    if (message.version() != Version::v2 || !message.decrypted || message.trailing.back() >= message.trailing.size()) return 0;
    return message.trailing.back() + std::size_t{1};
}
void explain_padding(const Message& message, std::size_t size, Tree& tree) {
    const auto end = message.trailing_offset + message.trailing.size();
    if (size > 1) tree.add(field("isakmp.enc.padding"), end - size, size - 1);
    tree.add(field("isakmp.enc.pad_length"), end - 1, 1, size - 1);
}
/// Bytes behind an unencrypted chain are nobody's.
void explain_extra(const Message& message, Bytes extra, Tree& tree) {
    const auto node = tree.add(field("isakmp.extradata"), message.trailing_offset, extra.size());
    const bool sealed = message.version() == Version::v1 && message.header.encrypted();
    const bool zero = std::ranges::all_of(extra, [](Byte byte) { return byte == 0; });
    if (sealed && zero) return tree.annotate(node, "padding");
    tree.judge(node, Severity::warning);
    tree.annotate(node, "behind the last payload");
}

} // namespace

void read_flags(Header& header, Cursor& in, Tree* tree) {
    const auto at = in.offset();
    header.flags = static_cast<std::uint8_t>(in.number(1, "Flags"));
    if (!tree || in.fault()) return;
    add_bits(*tree, field("isakmp.flags"), at, 1, header.flags, header.major() == 2 ? ikev2_flags : ikev1_flags);
}

void write_flags(const Header& header, Writer& out) { out.number(header.flags, 1); }

void explain_plain_generic_header(std::size_t offset, const GenericHeader& header, Tree& tree) {
    tree.add(field("isakmp.nextpayload"), offset, 1, header.next);
    const auto reserved = tree.add(field("isakmp.reserved"), offset + 1, 1, header.reserved);
    note_reserved(tree, reserved, {&header.reserved, 1});
    tree.add(field("isakmp.payloadlength"), offset + 2, 2, header.length);
}

std::optional<Nested> read_nested(Cursor& in, Tree* tree, std::uint8_t type) {
    const auto head = in.peek(generic_header_size);
    if (in.fault() || head.size() < generic_header_size) return {};
    const GenericHeader header{head[0], head[1], static_cast<std::uint16_t>(big_endian(head.subspan(2)))};
    if (header.length < generic_header_size) return {};
    const auto at = in.offset();
    const auto left = in.left();
    auto body = in.child(header.length, name_of(payload_types, type));
    body.skip(generic_header_size, "Payload header");
    if (!tree) return Nested{header, 0, body};
    const auto node = tree->add(field("isakmp.typepayload"), at, std::min<std::size_t>(header.length, left), type);
    if (header.length > left) complain(*tree, node, fmt::format("{} of {} bytes are there", left, header.length));
    TreeLevel level(tree);
    explain_plain_generic_header(at, header, *tree);
    return Nested{header, node, body};
}

void explain_header(const Message& message, Tree& tree) {
    Cursor in(message.bytes, message.base);
    read<Header>(in, &tree);
    if (in.fault()) return finish(&tree, in);
    judge_length(message, tree, tree.nodes().size() - 1);
}

void explain_payload(const Message& message, const PayloadRef& payload, Tree& tree, Annotator* annotator) {
    const auto& rules = dialect(message.version());
    const auto& heading = payload.meant != 0 ? field("isakmp.typepayload", 1) : field("isakmp.typepayload");
    const auto node = tree.add(heading, payload.offset, generic_header_size + payload.body.size(), payload.type);
    judge_payload(message, payload, tree, node);
    TreeLevel level(&tree);
    rules.explain_generic_header(payload, tree);
    Cursor in(payload.body, payload.body_offset());
    rules.explain_body(payload, in, tree);
    finish(&tree, in);
    if (tree.nodes()[node].note_length == 0)
        if (const auto words = rules.heading(payload); !words.empty()) tree.annotate(node, words);
    if (annotator) annotator->annotate(message, payload, tree);
}

std::string notify_heading(std::uint16_t type, Registry names, std::span<const NumberRange> ranges) {
    if (const auto name = name_of(names, type); !name.empty()) return "- " + std::string(name);
    const auto range = std::ranges::lower_bound(ranges, type, {}, &NumberRange::last);
    return range == ranges.end() ? std::string() : fmt::format("- {}: {}", type, range->name);
}

void explain_trailing(const Message& message, Tree& tree) {
    if (message.trailing.empty()) return;
    const auto padding = padding_size(message);
    if (const auto extra = message.trailing.first(message.trailing.size() - padding); !extra.empty()) explain_extra(message, extra, tree);
    if (padding > 0) explain_padding(message, padding, tree);
}

void explain_payloads(const Message& message, Tree& tree, Annotator* annotator) {
    for (const auto& payload : message.payloads) explain_payload(message, payload, tree, annotator);
    explain_broken_chain(message, tree);
    explain_trailing(message, tree);
}

void explain(const Message& message, Tree& tree, Annotator* annotator) {
    tree.add(field("isakmp"), message.base, message.bytes.size() + message.excess.size());
    TreeLevel level(&tree);
    explain_header(message, tree);
    if (!message.ciphertext.empty())
        tree.add(field("isakmp.enc.data"), message.base + header_size, message.ciphertext.size());
    explain_payloads(message, tree, annotator);
    if (message.excess.empty()) return;
    tree.judge(tree.add(field("ike.excess"), message.base + message.bytes.size(), message.excess.size()),
               Severity::warning);
}

} // namespace ikescope::dissect
