#include "present/esp_tree.hpp"

#include "capture/explain.hpp"
#include "capture/field_table.hpp"
#include "present/own_fields.hpp"

#include <fmt/format.h>

namespace ikescope::present {

namespace {

using Verdict = session::EspOutcome::Verdict;
using capture::field;

void add_words(const Field& row, std::string_view words, Tree& tree) {
    if (!words.empty()) tree.add_generated(row, 0, words);
}

void add_verdict(const session::EspOutcome& esp, Tree& tree) {
    const auto node = tree.add_generated(own_field("ike.esp.verdict"), 0, verdict_words(esp.verdict));
    if (esp.verdict != Verdict::opened) tree.judge(node, esp.verdict == Verdict::wrong_icv ? Severity::error : Severity::warning);
    add_words(own_field("ike.esp.why"), esp.why, tree);
    if (esp.sa) tree.add_generated(own_field("ike.esp.sa"), *esp.sa);
    if (esp.from) add_words(own_field("ike.esp.role"), session::side_name(*esp.from), tree);
    if (esp.extended) tree.add_generated(own_field("ike.esp.sequence"), esp.sequence);
    add_words(own_field("ike.esp.suite"), esp.integrity.empty() ? std::string(esp.encryption) : fmt::format("{}, {}", esp.encryption, esp.integrity), tree);
    add_words(own_field("ike.esp.keys"), esp.keys, tree);
}

/// Where bytes of the datagram stand in the buffer that its offsets count in.
void add_part(const Field& row, Bytes part, const capture::Datagram& datagram, Tree& tree) {
    if (!part.empty()) tree.add(row, datagram.payload_offset + static_cast<std::size_t>(part.data() - datagram.payload.data()), part.size());
}

///   content | padding | pad length | next header
void add_trailer(const session::EspOutcome& esp, Tree& tree) {
    const auto size = esp.plain.size();
    if (!esp.content.empty()) tree.add(*field("esp.contained_data"), 0, esp.content.size());
    if (esp.padding != 0) tree.add(*field("esp.pad"), esp.content.size(), esp.padding);
    tree.add(*field("esp.pad_len"), size - 2, 1, esp.padding);
    tree.add(*field("esp.protocol"), size - 1, 1, esp.next_header);
}

} // namespace

void add_esp_packet(const Packet& packet, const Demand&, Tree& tree) {
    const auto& esp = *packet.esp;
    const std::uint16_t outer = packet.datagram->reassembled && tree.buffers().size() > 1 ? 1 : 0;
    const auto inner = esp.shown() ? tree.use_buffer("Decrypted ESP", esp.plain) : outer;
    tree.switch_buffer(inner);
    const auto heading = tree.add(own_field("ike.esp"), 0, esp.plain.size());
    if (esp.verdict == Verdict::unverified) {
        tree.judge(heading, Severity::warning);
        tree.annotate(heading, fmt::format("NOT AUTHENTICATED: {}", esp.why));
    } else if (!esp.shown()) {
        tree.annotate(heading, "not opened");
    }
    {
        TreeLevel level(&tree);
        add_verdict(esp, tree);
        tree.switch_buffer(outer);
        add_part(*field("esp.iv"), esp.iv, *packet.datagram, tree);
        add_part(*field("esp.icv"), esp.icv, *packet.datagram, tree);
        if (esp.verdict == Verdict::opened) tree.add_generated(*field("esp.icv_good"), 1);
        if (esp.verdict == Verdict::wrong_icv) tree.add_generated(*field("esp.icv_bad"), 1);
        tree.switch_buffer(inner);
        if (esp.shown()) tree.add(*field("esp.decrypted_data"), 0, esp.plain.size());
        if (esp.shown() && esp.content.size() + esp.padding + 2u == esp.plain.size()) add_trailer(esp, tree);
    }
    if (esp.inner) capture::explain_inner(esp.content, esp.next_header, *packet.datagram, tree);
}

std::string_view verdict_words(Verdict verdict) {
    switch (verdict) {
    case Verdict::opened: return "verified";
    case Verdict::unverified: return "not authenticated";
    case Verdict::wrong_icv: return "WRONG";
    case Verdict::no_key: return "no key fits";
    case Verdict::malformed: return "incomplete";
    }
    return {};
}

void append_inner(std::string& out, const session::EspOutcome& esp) {
    if (esp.shown() && esp.content.size() + esp.padding + 2u != esp.plain.size()) {
        out += "no packet, its pad length is too large";
        return;
    }
    if (!esp.inner) {
        if (esp.shown()) out += esp.next_header == 59 ? "padding without content" : fmt::format("IP protocol {}", esp.next_header);
        return;
    }
    const auto& inner = *esp.inner;
    const bool ports = inner.transport == capture::Transport::udp || inner.transport == capture::Transport::tcp;
    const auto end = [&](const Endpoint& one) { return ports ? one.text() : one.address.text(); };
    out += fmt::format("{} \u2192 {} ", end(inner.from()), end(inner.to()));
    const auto name = name_of(capture::ip_protocols, inner.ip_protocol);
    out += name.empty() ? fmt::format("IP protocol {}", inner.ip_protocol) : std::string(name);
}

} // namespace ikescope::present
