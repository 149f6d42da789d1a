// From a packet to its tree: frame, link and network layers, the message, what was put together or decrypted, and what
// the memory of SAs knows.

#include "dissect/dialect.hpp"
#include "dissect/fields.hpp"
#include "present/own_fields.hpp"
#include "present/packet.hpp"

#include <fmt/format.h>

namespace ikescope::present {

namespace {

using dissect::field;

/// Adds nodes that somebody wants.
class Builder {
public:
    Builder(const Packet& packet, const Demand& demand, Tree& tree) : packet_(packet), demand_(demand), tree_(tree) {}

    void build() {
        tree_.clear();
        tree_.use_buffer("Frame", packet_.frame->bytes);
        if (demand_.frame()) add_frame();
        if (demand_.link()) add_link();
        else if (demand_.link_facts()) add_link_facts();
        if (packet_.message) add_message();
        if (demand_.memory() && packet_.seen) add_memory();
    }

private:
    Tree::Index add(const Field& row, std::uint64_t number) {
        const auto node = tree_.add(row, 0, 0, number);
        return node;
    }
    void add_wanted(const Field& row, std::uint64_t number) {
        if (demand_.wants(row)) add(row, number);
    }
    void add_words(const Field& row, std::string_view words) {
        if (!words.empty() && demand_.wants(row)) tree_.add_generated(row, 0, words);
    }
    void add_seconds(const Field& row, Nanoseconds span) { add_wanted(row, static_cast<std::uint64_t>(span)); }

    void add_frame() {
        const auto& frame = *packet_.frame;
        static constexpr auto& heading = own_field("frame");
        if (demand_.wants(heading)) tree_.add(heading, 0, frame.bytes.size(), frame.overall);
        TreeLevel level(&tree_);
        if (!frame.comment.empty()) add_words(own_field("frame.comment"), frame.comment);
        add_wanted(own_field("frame.interface_id"), frame.interface);
        add_wanted(own_field("frame.encap_type"), frame.link_type);
        add_wanted(own_field("frame.time"), static_cast<std::uint64_t>(frame.time));
        add_seconds(own_field("frame.time_epoch"), frame.time);
        add_seconds(own_field("frame.time_delta"), frame.time - packet_.times.before);
        add_seconds(own_field("frame.time_delta_displayed"), frame.time - packet_.times.displayed);
        add_seconds(own_field("frame.time_relative"), frame.time - packet_.times.first);
        add_wanted(own_field("frame.number"), frame.overall);
        add_wanted(own_field("frame.len"), frame.original_length);
        add_wanted(own_field("frame.cap_len"), frame.bytes.size());
    }

    void add_link() { add_link_facts(); }

    void add_link_facts() {
        if (!packet_.datagram) return;
        const auto& datagram = *packet_.datagram;
        const bool v6 = datagram.source.family == 6;
        static constexpr const Field* rows[2][3] = {
            {&own_field("ip"), &own_field("ip.src"), &own_field("ip.dst")},
            {&own_field("ipv6"), &own_field("ipv6.src"), &own_field("ipv6.dst")},
        };
        const auto& [heading, source, destination] = rows[v6];
        (void)v6;
        if (demand_.wants(*heading)) add(*heading, 0);
        TreeLevel level(&tree_);
        add_wanted(*source, datagram.source.v4_number());
        add_wanted(*destination, datagram.destination.v4_number());
        add_wanted(own_field("udp.srcport"), datagram.source_port);
        add_wanted(own_field("udp.dstport"), datagram.destination_port);
    }

    void add_message() {
        if (packet_.datagram && packet_.datagram->reassembled) use_reassembled();
        const auto& message = *packet_.message;
        if (demand_.all()) dissect::explain(message, tree_);
        else add_message_parts(message);
        if (!packet_.seen) return;
        if (const auto* whole = packet_.seen->whole) add_whole(*whole);
        if (const auto* opened = packet_.seen->opened) add_opened(*opened);
    }
    /// The datagram lies in a buffer of its own, behind the headers that stand before it there.
    void use_reassembled() {
        const auto& datagram = *packet_.datagram;
        tree_.use_buffer("Reassembled IP", {datagram.payload.data() - datagram.payload_offset,
                                            datagram.payload.size() + datagram.payload_offset});
    }
    void add_message_parts(const dissect::Message& message) {
        if (demand_.wants(field("isakmp"))) tree_.add(field("isakmp"), message.base, message.bytes.size() + message.excess.size());
        TreeLevel level(&tree_);
        if (demand_.header()) {
            dissect::explain_header(message, tree_);
            if (!message.ciphertext.empty())
                tree_.add(field("isakmp.enc.data"), message.base + dissect::header_size, message.ciphertext.size());
        }
        add_payload_parts(message);
    }
    void add_payload_parts(const dissect::Message& message) {
        for (const auto& payload : message.payloads) {
            if (demand_.body(payload.type)) {
                dissect::explain_payload(message, payload, tree_);
            } else if (demand_.chain()) {
                tree_.add(field("isakmp.typepayload"), payload.offset, dissect::generic_header_size + payload.body.size(), payload.type);
                TreeLevel level(&tree_);
                dissect::dialect(message.version()).explain_generic_header(payload, tree_);
            }
        }
    }
    void add_chain(const dissect::Message& message) {
        TreeLevel level(&tree_);
        if (demand_.all()) dissect::explain_payloads(message, tree_);
        else add_payload_parts(message);
    }
    void add_whole(const dissect::Message& whole) {
        tree_.use_buffer("Reassembled IKE", whole.bytes);
        tree_.add(own_field("ike.whole"), 0, whole.bytes.size());
        add_chain(whole);
    }
    /// Plaintext whose authentication failed says so on its heading, before any of it can be read.
    void add_opened(const dissect::Message& opened) {
        tree_.use_buffer("Decrypted IKE", packet_.seen->plain);
        const auto node = tree_.add(own_field("ike.plain"), 0, packet_.seen->plain.size());
        if (packet_.seen->hash == session::Proof::failed) {
            tree_.judge(node, Severity::error);
            tree_.annotate(node, "NOT AUTHENTIC: the authentication of this message failed, do not rely on what follows");
        }
        add_chain(opened);
    }

    void add_memory() {
        const auto& seen = *packet_.seen;
        if (!seen.isakmp) return;
        if (demand_.wants(own_field("ike"))) tree_.add_generated(own_field("ike"));
        TreeLevel level(&tree_);
        if (seen.sa) add_number(own_field("ike.sa"), *seen.sa);
        add_words(own_field("ike.label"), seen.label);
        add_words(own_field("ike.story"), seen.story);
        add_words(own_field("ike.role"), session::side_name(seen.from));
        if (demand_.wants(own_field("ike.payloads"))) add_payload_names();
        add_number(own_field("ike.encrypted"), seen.encrypted);
        add_number(own_field("ike.decrypted"), seen.opened != nullptr);
        add_words(own_field("ike.decrypted.how"), seen.how);
        if (seen.hash != session::Proof::unknown) add_words(own_field("ike.hash"), session::proof_name(seen.hash));
        if (!seen.expected) add_number(own_field("ike.unexpected"), 1);
        add_number(own_field("ike.retransmission"), seen.retransmission_of.has_value());
        if (seen.retransmission_of) add_number(own_field("ike.retransmission_of"), *seen.retransmission_of);
        if (packet_.response_to) {
            add_number(own_field("ike.response_to"), *packet_.response_to);
            add_number(own_field("ike.response_time"), static_cast<std::uint64_t>(packet_.response_time));
        }
        for (const auto& note : seen.notes) add_words(own_field("ike.note"), note);
    }
    void add_number(const Field& row, std::uint64_t number) {
        if (demand_.wants(row)) tree_.add_generated(row, number);
    }
    void add_payload_names() {
        std::string names;
        append_payloads(names, told_message(packet_));
        add_words(own_field("ike.payloads"), names);
    }

    const Packet& packet_;
    const Demand& demand_;
    Tree& tree_;
};

} // namespace

void build_tree(const Packet& packet, const Demand& demand, Tree& tree) { Builder(packet, demand, tree).build(); }

const dissect::Message& told_message(const Packet& packet) {
    if (packet.seen && packet.seen->opened) return *packet.seen->opened;
    if (packet.seen && packet.seen->whole) return *packet.seen->whole;
    return *packet.message;
}

void append_payloads(std::string& out, const dissect::Message& message) {
    if (message.payloads.empty()) return;
    out += '[';
    for (const auto& payload : message.payloads) {
        out += ' ';
        dissect::append_payload_name(out, message.version(), payload);
    }
    out += " ]";
}

} // namespace ikescope::present
