// From a packet to its tree: frame, link and network layers, the message, what was put together or decrypted, and what
// the memory of SAs knows.

#include "capture/explain.hpp"
#include "capture/field_table.hpp"
#include "dissect/dialect.hpp"
#include "dissect/fields.hpp"
#include "present/esp_tree.hpp"
#include "present/own_fields.hpp"
#include "present/payload_notes.hpp"

#include <algorithm>
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
        if (demand_.link()) {
            add_link();
        } else {
            tree_.use_buffer("Frame", packet_.frame->bytes);
            if (demand_.link_facts() || demand_.frame())
                add_link_facts();
            else
                use_buffers();
        }
        add_content();
        for (const auto* further = packet_.next; further; further = further->next)
            Builder(*further, demand_, tree_).add_further();
    }

private:
    void add_content() {
        if (packet_.message) add_message();
        if (packet_.esp && (demand_.esp() || demand_.link() || demand_.link_facts())) add_esp_packet(packet_, demand_, tree_);
        if (demand_.memory() && packet_.seen) add_memory();
    }
    /// Another message of the segment that the tree has explained already.
    void add_further() {
        tree_.switch_buffer(packet_.datagram->reassembled ? 1 : 0);
        if (demand_.link())
            capture::explain_content(*packet_.datagram, tree_);
        else if (packet_.datagram->streamed)
            use_streamed();
        add_content();
    }
    /// Facts say where they stand, so that slices of them work.
    void add_fact(const Field* row, std::size_t offset, std::size_t length, std::uint64_t number = 0) {
        if (demand_.wants(*row)) tree_.add(*row, offset, length, number);
    }
    void add_words(const Field& row, std::string_view words) {
        if (!words.empty() && demand_.wants(row)) tree_.add_generated(row, 0, words);
    }
    void add_time(const Field* row, Timestamp since) {
        if (!packet_.frame->has_time || !demand_.wants(*row)) return;
        tree_.add_generated(*row, static_cast<std::uint64_t>(packet_.frame->time) - static_cast<std::uint64_t>(since));
    }

    void add_link() {
        capture::explain(*packet_.frame, packet_.datagram, tree_, {packet_.times.first, packet_.times.before, packet_.times.displayed});
    }

    /// Ethernet, IP without options or fragments, UDP or ESP: where each field lies is known without a walk.
    struct Plain {
        std::size_t ip = 14, transport = 0;
        bool v6 = false, udp = false, esp = false;
    };
    std::optional<Plain> plain() const {
        const auto* datagram = packet_.datagram;
        const auto bytes = packet_.frame->bytes;
        if (!datagram || packet_.frame->link_type != 1 || datagram->reassembled || bytes.size() < 34) return {};
        Plain found;
        const auto ether_type = big_endian(bytes.subspan(12, 2));
        found.v6 = datagram->source.family == 6;
        if (ether_type != (found.v6 ? 0x86dd : 0x0800)) return {};
        if (!found.v6 && (bytes[14] != 0x45 || (big_endian(bytes.subspan(20, 2)) & 0x3fff) != 0)) return {};
        found.transport = found.ip + (found.v6 ? 40 : 20);
        const auto protocol = found.v6 ? bytes[20] : bytes[23];
        found.udp = datagram->transport == capture::Transport::udp && protocol == 17;
        found.esp = datagram->transport == capture::Transport::esp && protocol == 50;
        const auto marker = datagram->non_esp_marker ? 4u : 0u;
        if (found.udp && datagram->payload_offset == found.transport + 8 + marker) return found;
        if (found.esp && datagram->payload_offset == found.transport) return found;
        return {};
    }
    void add_link_facts() {
        const auto places = demand_.link_facts() ? plain() : Plain{};
        if (!places) {
            tree_.clear();
            return add_link();
        }
        if (demand_.frame()) add_frame_facts();
        if (demand_.link_facts()) add_plain_facts(*places);
    }
    void add_frame_facts() {
        using capture::field;
        const auto& frame = *packet_.frame;
        const auto& times = packet_.times;
        add_fact(field("frame"), 0, frame.bytes.size());
        TreeLevel level(&tree_);
        if (!frame.comment.empty()) add_words(*field("frame.comment"), frame.comment);
        add_fact(field("frame.interface_id"), 0, 0, frame.interface);
        add_time(field("frame.time"), 0);
        add_time(field("frame.time_epoch"), 0);
        add_time(field("frame.time_delta"), times.before);
        add_time(field("frame.time_delta_displayed"), times.displayed);
        add_time(field("frame.time_relative"), times.first);
        add_fact(field("frame.number"), 0, 0, frame.number);
        add_fact(field("frame.len"), 0, 0, frame.original_length);
        add_fact(field("frame.cap_len"), 0, 0, frame.bytes.size());
    }
    void add_plain_facts(const Plain& places) {
        using capture::field;
        const auto& datagram = *packet_.datagram;
        add_fact(field("eth"), 0, 14);
        add_fact(field("eth.dst"), 0, 6);
        add_fact(field("eth.src"), 6, 6);
        if (places.v6) {
            add_fact(field("ipv6"), places.ip, 40);
            add_fact(field("ipv6.src"), places.ip + 8, 16);
            add_fact(field("ipv6.dst"), places.ip + 24, 16);
        } else {
            add_fact(field("ip"), places.ip, 20);
            add_fact(field("ip.src"), places.ip + 12, 4, datagram.source.v4_number());
            add_fact(field("ip.dst"), places.ip + 16, 4, datagram.destination.v4_number());
        }
        if (!places.udp) return;
        add_fact(field("udp"), places.transport, 8);
        add_fact(field("udp.srcport"), places.transport, 2, datagram.source_port);
        add_fact(field("udp.dstport"), places.transport + 2, 2, datagram.destination_port);
    }

    void add_in_full(const dissect::Message& message) {
        if (!demand_.all()) return add_message_parts(message);
        const auto from = tree_.nodes().size();
        dissect::explain(message, tree_, &annotator_);
        remember(message, from);
    }
    void remember(const dissect::Message& message, Tree::Index from) {
        if (message.snapped) soften(from);
        if (explained_count_ < explained_.size()) explained_[explained_count_++] = {&message, from, tree_.nodes().size()};
    }
    /// What does not fit in a message that the capture cut is no error of its sender, as findings have it.
    void soften(Tree::Index from) {
        for (auto at = from; at < tree_.nodes().size(); ++at)
            if (auto& node = tree_.node(at); node.severity == Severity::error) node.severity = Severity::warning;
    }
    void add_message() {
        add_in_full(*packet_.message);
        if (!packet_.seen) return;
        if (const auto* whole = packet_.seen->whole) add_whole(*whole);
        if (const auto* opened = packet_.seen->opened) add_opened(*opened);
    }
    void use_buffers() {
        if (packet_.datagram && packet_.datagram->reassembled)
            tree_.use_buffer("Reassembled IP", packet_.datagram->whole);
        if (packet_.datagram && packet_.datagram->streamed) use_streamed();
    }
    void use_streamed() { tree_.use_buffer("Reassembled TCP", packet_.datagram->unit); }
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
                dissect::explain_payload(message, payload, tree_, &annotator_);
            } else if (demand_.chain()) {
                tree_.add(field("isakmp.typepayload"), payload.offset, dissect::generic_header_size + payload.body.size(), payload.type);
                TreeLevel level(&tree_);
                dissect::dialect(message.version()).explain_generic_header(payload, tree_);
            }
        }
        if (demand_.trailing()) dissect::explain_trailing(message, tree_);
    }
    void add_chain(const dissect::Message& message) {
        TreeLevel level(&tree_);
        if (!demand_.all()) return add_payload_parts(message);
        const auto from = tree_.nodes().size();
        dissect::explain_payloads(message, tree_, &annotator_);
        remember(message, from);
    }
    void add_whole(const dissect::Message& whole) {
        tree_.use_buffer("Reassembled IKE", whole.bytes);
        tree_.add(own_field("ike.whole"), 0, whole.bytes.size());
        const TreeLevel level(&tree_);
        add_in_full(whole);
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
        if (seen.sa) add_words(own_field("ike.stage"), session::stage_name(seen.stage));
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
        if (packet_.response_in) add_number(own_field("ike.response_in"), *packet_.response_in);
        for (const auto& note : seen.notes) add_words(own_field("ike.note"), note);
        add_findings(seen);
    }
    /// What `analyze` says of this message alone, by the same ids, and what it found with all of them.
    void add_findings(const session::Outcome& seen) {
        if (!demand_.wants(own_field("ike.finding"))) return;
        for (const auto& one : seen.violations) add_finding(fmt::format("illegal-message: {} ({})", one.text, one.source), Severity::warning);
        for (const auto* message : {seen.message, seen.whole, seen.opened})
            if (message && !message->snapped) add_malformed(*message);
        if (packet_.findings)
            for (const auto& known : *packet_.findings) add_finding(known.words, known.severity);
    }
    /// What does not fit: the chain, else what is within its payloads.
    void add_malformed(const dissect::Message& message) {
        if (message.fault) return add_finding(malformed(*message.fault), Severity::error);
        const auto known = std::ranges::find(explained_, &message, &Explained::message);
        if (known != explained_.end()) return add_errors(tree_, known->from, known->to);
        Tree within;
        for (const auto& payload : message.payloads) dissect::explain_payload(message, payload, within);
        add_errors(within, 0, within.nodes().size());
    }
    void add_errors(const Tree& tree, Tree::Index from, Tree::Index to) {
        for (auto at = from; at < to; ++at) {
            const auto node = tree.nodes()[at]; // no reference: findings may go into the same tree
            if (node.severity == Severity::error) add_finding(malformed(node, tree.note(node)), Severity::error);
        }
    }
    static std::string malformed(const Node& node, std::string_view words) {
        return fmt::format("malformed: {}{}{}", node.field->label, words.empty() ? "" : ": ", words);
    }
    static std::string malformed(const Fault& fault) {
        if (fault.wanted == 0) return fmt::format("malformed: {}: more than anybody follows", fault.field);
        return fmt::format("malformed: {}: {} bytes wanted, {} there", fault.field, fault.wanted, fault.available);
    }
    void add_finding(const std::string& words, Severity severity) {
        tree_.judge(tree_.add_generated(own_field("ike.finding"), 0, words), severity);
    }
    void add_number(const Field& row, std::uint64_t number) {
        if (demand_.wants(row)) tree_.add_generated(row, number);
    }
    void add_payload_names() {
        std::string names;
        append_payloads(names, told_message(packet_));
        add_words(own_field("ike.payloads"), names);
    }

    /// The nodes of a message that was explained in full.
    struct Explained {
        const dissect::Message* message = nullptr;
        Tree::Index from = 0, to = 0;
    };

    const Packet& packet_;
    const Demand& demand_;
    Tree& tree_;
    std::array<Explained, 3> explained_{}; ///< as it lies there, put together, decrypted
    std::size_t explained_count_ = 0;
    PayloadNotes annotator_{packet_.seen};
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
