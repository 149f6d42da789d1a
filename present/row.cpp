#include "present/row.hpp"

#include "dissect/fields.hpp"
#include "present/escape.hpp"
#include "present/esp_tree.hpp"


namespace ikescope::present {

namespace {

constexpr std::size_t number_width = 5, time_width = 10, address_width = 12; ///< tshark's
constexpr std::uint16_t linktype_ethernet = 1;                              // tcpdump.org/linktypes.html
constexpr std::uint8_t fragment_v1 = 132, fragment_v2 = 53;

void append_number(std::string& out, std::uint64_t number) {
    char digits[20];
    out.append(digits, std::to_chars(digits, digits + 20, number).ptr);
}

void append_hex(std::string& out, std::uint64_t number, std::size_t width) {
    char digits[16];
    const auto end = std::to_chars(digits, digits + 16, number, 16).ptr;
    const auto length = static_cast<std::size_t>(end - digits);
    if (length < width) out.append(width - length, '0');
    out.append(digits, end);
}

/// A piece of UDP or TCP without its ports.
bool is_fragment(const capture::Datagram& datagram) {
    return (datagram.ip_protocol == 17 || datagram.ip_protocol == 6) && datagram.source_port == 0 && datagram.destination_port == 0;
}

std::string_view other_protocol(const Packet& packet) {
    const auto* datagram = packet.datagram;
    if (!datagram) {
        const auto bytes = packet.frame->bytes;
        if (packet.frame->link_type != linktype_ethernet || bytes.size() < 14) return "LINK";
        switch (big_endian(bytes.subspan(12, 2))) {
        case 0x0806: return "ARP";
        case 0x888e: return "EAPOL";
        case 0x88cc: return "LLDP";
        default: return "ETHERNET";
        }
    }
    switch (datagram->content) {
    case capture::Content::esp: return "ESP";
    case capture::Content::ah: return "AH";
    case capture::Content::nat_keepalive: return "UDPENCAP";
    case capture::Content::isakmp: return "ISAKMP";
    case capture::Content::other: break;
    }
    if (is_fragment(*datagram)) return datagram->source.family == 6 ? "IPv6" : "IPv4";
    switch (datagram->ip_protocol) {
    case 1: return "ICMP";
    case 2: return "IGMP";
    case 6: return "TCP";
    case 17: return "UDP";
    case 47: return "GRE";
    case 58: return "ICMPv6";
    case 89: return "OSPF";
    case 132: return "SCTP";
    default: return datagram->source.family == 6 ? "IPv6" : "IPv4";
    }
}

/// " [SYN, ACK]", as tshark writes them.
void append_tcp_flags(std::string& out, std::uint8_t flags) {
    constexpr std::string_view names[] = {"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR"}; // RFC 9293 3.1
    out += " [";
    bool any = false;
    for (std::size_t bit = 0; bit < std::size(names); ++bit) {
        if (!(flags >> bit & 1)) continue;
        if (std::exchange(any, true)) out += ", ";
        out += names[bit];
    }
    out += any ? "]" : "<None>]";
}

void info_of_esp(std::string& out, const session::EspOutcome& esp) {
    using Verdict = session::EspOutcome::Verdict;
    if (esp.verdict == Verdict::opened) out += ", decrypted: ";
    else if (esp.verdict == Verdict::unverified) out += ", decrypted, NOT authenticated: ";
    else if (esp.verdict == Verdict::wrong_icv) out += ", ICV is WRONG";
    append_inner(out, esp);
}

/// "Who has 192.0.2.1? Tell 192.0.2.2", as tshark writes it. RFC 826; only of Ethernet and IPv4.
void info_of_arp(std::string& out, Bytes frame) {
    constexpr std::size_t header = 14, kinds = 8, sender_mac = 8, sender = 14, target = 24, whole = 28;
    constexpr std::uint64_t ethernet_ipv4 = 0x0001'0800'0604;
    const auto arp = frame.subspan(header);
    if (arp.size() < whole || big_endian(arp.first(kinds)) >> 16 != ethernet_ipv4) return;
    const auto address = [&](std::size_t at) { IpAddress::from(arp.subspan(at, 4)).append_to(out); };
    const auto operation = big_endian(arp.subspan(6, 2));
    if (operation == 1) {
        out += "Who has ";
        address(target);
        out += "? Tell ";
        address(sender);
    } else if (operation == 2) {
        address(sender);
        out += " is at ";
        ikescope::append_hex(out, arp.subspan(sender_mac, 6), ":");
    }
}

void info_of_other(std::string& out, const Packet& packet) {
    const auto* datagram = packet.datagram;
    if (!datagram && other_protocol(packet) == "ARP") return info_of_arp(out, packet.frame->bytes);
    if (!datagram) return;
    if (is_fragment(*datagram)) {
        out += "Fragmented IP protocol (";
        out += datagram->ip_protocol == 17 ? "UDP)" : "TCP)";
    } else if (datagram->content == capture::Content::nat_keepalive) {
        out += "NAT-keepalive";
    } else if (datagram->content == capture::Content::esp || datagram->content == capture::Content::ah) {
        out += datagram->content == capture::Content::esp ? "ESP (SPI=0x" : "AH (SPI=0x";
        append_hex(out, datagram->esp_spi, 8);
        out += ')';
        if (packet.esp) info_of_esp(out, *packet.esp);
    } else if (datagram->transport == capture::Transport::udp || datagram->transport == capture::Transport::tcp) {
        append_number(out, datagram->source_port);
        out += " \u2192 ";
        append_number(out, datagram->destination_port);
        if (datagram->transport == capture::Transport::tcp) append_tcp_flags(out, datagram->tcp_flags);
        out += " Len=";
        append_number(out, datagram->payload.size());
        if (datagram->stream != capture::Stream::none && !datagram->payload.empty()) out += " part of a message";
    } else if (datagram->content == capture::Content::isakmp) {
        out += "not ISAKMP";
    }
    if (!datagram->notes.empty()) (out += " [") += datagram->notes.front().text + ']';
}

/// Where fields of the header end. RFC 7296 3.1.
constexpr std::size_t exchange_end = 19, flags_end = 20, message_id_end = 24;

/// IKEv2's prefix as Wireshark has it: IKE_AUTH MID=01 Initiator Request. Of a header that was cut what there is.
void info_of_v2_header(std::string& out, const dissect::Header& header, std::size_t captured) {
    if (captured >= message_id_end) {
        out += " MID=";
        append_hex(out, header.message_id, 2);
    }
    if (captured < flags_end) return;
    out += header.from_initiator() ? " Initiator" : " Responder";
    out += header.response() ? " Response" : " Request";
}

void append_fragment(std::string& out, const dissect::Message& message) {
    if (const auto* v2 = message.find(fragment_v2); v2 && message.version() == dissect::Version::v2 && v2->body.size() >= 4) {
        out += " (fragment ";
        append_number(out, big_endian(v2->body.first(2)));
        out += '/';
        append_number(out, big_endian(v2->body.subspan(2, 2)));
        out += ')';
    }
    if (const auto* v1 = message.find(fragment_v1); v1 && message.version() == dissect::Version::v1 && v1->body.size() >= 4) {
        out += " (Message fragment ";
        append_number(out, v1->body[2]);
        out += v1->body[3] & 1 ? " - last)" : ")";
    }
}

} // namespace

std::string_view RowWriter::protocol(const Packet& packet) {
    for (const auto* one = &packet; one; one = one->next)
        if (one->message) return "ISAKMP";
    return other_protocol(packet);
}

void RowWriter::info_of_message(const Packet& packet) {
    const auto& message = *packet.message;
    const auto& header = message.header;
    const auto captured = message.bytes.size();
    const auto name = dissect::exchange_name(message.version(), header.exchange);
    if (captured < exchange_end) info_ += "ISAKMP header, incomplete";
    else if (name.empty()) append_number(info_ += "Exchange ", header.exchange);
    else info_ += name;
    if (message.version() == dissect::Version::v2) info_of_v2_header(info_, header, captured);
    append_fragment(info_, message);
    append_payloads_once(packet);
    if (message.snapped) info_ += " [cut short by the capture]";
    else if (is_malformed(packet)) info_ += " [Malformed]";
    if (packet.seen) info_of_memory(*packet.seen);
    if (packet.datagram && !packet.datagram->notes.empty()) (info_ += " [") += packet.datagram->notes.front().text + ']';
}

void RowWriter::append_payloads_once(const Packet& packet) {
    const auto& told = told_message(packet);
    if (told.payloads.empty()) return;
    info_ += ' ';
    constexpr std::uint32_t most = 1'024; // the memory numbers what it meets first lowest
    const auto number = packet.seen ? packet.seen->payloads : 0;
    if (number == 0 || number >= most) return append_payloads(info_, told);
    if (number >= payloads_.size()) payloads_.resize(number + 1);
    auto& known = payloads_[number];
    if (known.empty()) append_payloads(known, told);
    info_ += known;
}

bool RowWriter::is_malformed(const dissect::Message& message) { return !message.snapped && !sound_.of(message); }

/// What failed authentication may be anything.
bool RowWriter::is_malformed(const Packet& packet) {
    if (is_malformed(*packet.message)) return true;
    if (!packet.seen) return false;
    const auto *whole = packet.seen->whole, *opened = packet.seen->opened;
    return (whole && is_malformed(*whole)) || (opened && packet.seen->hash != session::Proof::failed && is_malformed(*opened));
}

void RowWriter::info_of_memory(const session::Outcome& seen) {
    const bool told_by_header = seen.label == "INFO" || seen.label.find(' ') != std::string_view::npos;
    if (!seen.label.empty() && !told_by_header) (info_ += ' ') += seen.label;
    if (seen.whole) info_ += ", reassembled";
    if (seen.opened) info_ += seen.hash == session::Proof::failed ? ", decrypted but NOT authentic" : ", decrypted";
    else if (seen.encrypted && seen.hash == session::Proof::failed) info_ += ", not opened: its ICV is WRONG under the keys known";
    if (seen.retransmission_of) append_number(info_ += ", retransmission of ", *seen.retransmission_of);
    if (seen.re_encrypted) info_ += " (encrypted anew)";
}

std::string_view RowWriter::info(const Packet& packet) {
    info_.clear();
    for (const auto* one = &packet; one; one = one->next) {
        if (one != &packet) info_ += "; ";
        if (one->message)
            info_of_message(*one);
        else
            info_of_other(info_, *one);
    }
    return info_;
}

void RowWriter::time(Output& out, const Packet& packet) {
    times_.column(out, options_.time, packet.frame->time, packet.times, options_.time_digits);
}

std::size_t RowWriter::address(Output& out, const Packet& packet, bool source) {
    const auto before = out.position();
    const auto bytes = packet.frame->bytes;
    if (packet.datagram) {
        const auto& address = source ? packet.datagram->source : packet.datagram->destination;
        if (address.family == 4) {
            out.ipv4(address.octets.data());
        } else {
            address_.clear();
            address.append_to(address_);
            out.text(address_);
        }
    } else if (packet.frame->link_type == linktype_ethernet && bytes.size() >= 14) {
        out.colon_hex(bytes.subspan(source ? 6 : 0, 6));
    }
    return static_cast<std::size_t>(out.position() - before);
}

namespace {

/// How many columns a number takes.
std::size_t digits_of(std::uint64_t number) {
    std::size_t count = 1;
    for (; number >= 10; number /= 10) ++count;
    return count;
}

std::size_t text_width(const IpAddress& address, std::string& scratch) {
    if (address.family == 4) {
        std::size_t width = 3;
        for (std::size_t i = 0; i < 4; ++i) width += digits_of(address.octets[i]);
        return width;
    }
    scratch.clear();
    address.append_to(scratch);
    return scratch.size();
}

} // namespace

void RowWriter::line(Output& out, const Packet& packet) {
    out.decimal(packet.frame->number, number_width, ' ');
    out.put(' ');
    if (options_.time == TimeForm::relative || options_.time == TimeForm::delta || options_.time == TimeForm::delta_displayed) {
        const auto base = options_.time == TimeForm::relative ? packet.times.first
                          : options_.time == TimeForm::delta  ? packet.times.before
                                                              : packet.times.displayed;
        const auto span = packet.frame->time - base;
        const auto width = digits_of(static_cast<std::uint64_t>((span < 0 ? -span : span) / one_second)) +
                           (span < 0 ? 1 : 0) + 1 + options_.time_digits;
        if (width < time_width) out.blanks(time_width - width);
    }
    time(out, packet);
    out.put(' ');
    const auto source_width = packet.datagram ? text_width(packet.datagram->source, address_) : 17;
    if (source_width < address_width) out.blanks(address_width - source_width);
    address(out, packet, true);
    out.text(" \u2192 ");
    const auto width = address(out, packet, false);
    if (width < address_width) out.blanks(address_width - width);
    out.put(' ');
    out.text(protocol(packet));
    out.put(' ');
    out.decimal(packet.frame->original_length);
    out.put(' ');
    out.text(info(packet));
    out.put('\n');
}

bool RowWriter::cell(Output& out, const Packet& packet, std::string_view column) {
    if (column == "No.") out.decimal(packet.frame->number);
    else if (column == "Time") time(out, packet);
    else if (column == "Source") address(out, packet, true);
    else if (column == "Destination") address(out, packet, false);
    else if (column == "Protocol") out.text(protocol(packet));
    else if (column == "Length") out.decimal(packet.frame->original_length);
    else if (column == "Info") append_escaped(out, info(packet), Escape::terminal);
    else return false;
    return true;
}

} // namespace ikescope::present
