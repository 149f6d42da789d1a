#include "present/packet_report.hpp"

#include "present/own_fields.hpp"

#include <algorithm>

namespace ikescope::present {

namespace {

using Format = ReportOptions::Format;

bool is_about_memory(std::string_view name) { return name.starts_with("ike") && (name.size() == 3 || name[3] == '.'); }

/// IKEv1's labels end in the number of the message; even ones answer (MM2, AM2, QM2, TR2).
bool answers_by_label(std::string_view label) {
    return label.size() >= 3 && label.find(' ') == std::string_view::npos && (label.back() - '0') % 2 == 0 &&
           label.back() >= '0' && label.back() <= '9';
}

} // namespace

void Answers::add(Packet& packet) {
    const auto& seen = *packet.seen;
    if (!seen.isakmp || !seen.sa || !packet.message) return;
    const auto& header = packet.message->header;
    const bool v2 = packet.message->version() == dissect::Version::v2;
    const auto initiator = v2 && header.from_initiator() != header.response();
    const auto key = static_cast<std::uint64_t>(*seen.sa) << 33 | std::uint64_t{initiator} << 32 | header.message_id;
    const auto found = open_.find(key);
    const bool answer = v2 ? header.response() : answers_by_label(seen.label);
    if (answer) {
        if (found == open_.end() || found->second.from == seen.from) return;
        packet.response_to = found->second.frame;
        packet.response_time = packet.frame->time - found->second.time;
    } else if (!seen.retransmission_of) {
        if (open_.size() >= most) open_.clear();
        open_[key] = {packet.frame->number, packet.frame->time, seen.from};
    }
}

Result<std::unique_ptr<PacketReport>> PacketReport::make(ReportOptions options, Output& out) {
    auto fields = FieldsWriter::make(options.fields, options.field_options, options.rows, options.show_secrets);
    if (!fields) return fields.error();
    return std::unique_ptr<PacketReport>(new PacketReport(std::move(options), out, std::move(*fields)));
}

PacketReport::PacketReport(ReportOptions options, Output& out, FieldsWriter fields)
    : options_(std::move(options)), out_(out), fields_(std::move(fields)), rows_(options_.rows),
      text_(options_.show_secrets), json_(options_.show_secrets), ek_(options_.show_secrets),
      pdml_(options_.show_secrets) {
    const auto format = options_.format;
    const bool chosen =
        !options_.fields.empty() && (format == Format::fields || format == Format::json || format == Format::ek);
    const bool whole =
        format == Format::details || format == Format::json || format == Format::ek || format == Format::pdml;
    if (chosen)
        fields_.demand(shown_);
    else if (whole || options_.hex)
        shown_ = Demand::everything();
    needs_memory_ = chosen ? fields_.needs_memory() : format == Format::list || whole;
    needs_answers_ = chosen ? shown_.memory() : whole;
    if (!options_.filter) return;
    for (const auto name : options_.filter->fields()) {
        filtered_.add(name);
        needs_memory_ = needs_memory_ || is_about_memory(name);
        needs_answers_ = needs_answers_ || name.starts_with("ike.response");
    }
}

bool PacketReport::needs_notes() const {
    const auto& note = own_field("ike.note");
    return shown_.wants(note) || (options_.filter && filtered_.wants(note));
}

void PacketReport::begin(std::string_view file) {
    if (options_.format == Format::fields) fields_.begin(out_);
    if (options_.format == Format::json) json_.begin(out_);
    if (options_.format == Format::pdml) pdml_.begin(out_, file);
}

void PacketReport::end() {
    if (options_.format == Format::json) json_.end(out_);
    if (options_.format == Format::pdml) pdml_.end(out_);
}

/// What is on ISAKMP's port and long enough is shown as ISAKMP, as Wireshark does, also when the memory of SAs has no
/// use for it (a zero SPI, an unknown version).
const dissect::Message* PacketReport::find_message(const capture::Datagram* datagram, const session::Outcome* seen) {
    if (seen && seen->isakmp) return seen->message;
    if (!datagram || datagram->content != capture::Content::isakmp) return nullptr;
    const auto payload = datagram->payload;
    if (payload.size() < dissect::header_size || big_endian(payload.subspan(24, 4)) < dissect::header_size)
        return nullptr;
    dissect::walk(payload, datagram->payload_offset, datagram->declared, message_);
    return &message_;
}

bool PacketReport::passes(const Packet& packet) {
    if (!options_.filter) return true;
    build_tree(packet, filtered_, tree_);
    return options_.filter->matches(tree_);
}

bool PacketReport::add(const capture::Frame& frame, const capture::Datagram* datagram, const session::Outcome* seen) {
    if (!any_) times_ = {frame.time, frame.time, frame.time};
    if (!any_shown_) times_.displayed = frame.time;
    any_ = true;
    Packet packet;
    packet.frame = &frame;
    packet.datagram = datagram;
    packet.message = find_message(datagram, seen);
    packet.seen = seen && seen->isakmp ? seen : nullptr;
    packet.esp = seen ? seen->esp : nullptr;
    packet.times = times_;
    if (needs_answers_ && packet.seen) answers_.add(packet);
    times_.before = frame.time;
    if (!passes(packet)) return false;
    show(packet);
    times_.displayed = frame.time;
    any_shown_ = true;
    return true;
}

void PacketReport::show(const Packet& packet) {
    const auto format = options_.format;
    if (format == Format::none) return;
    if (format != Format::list || options_.hex) build_tree(packet, shown_, tree_);
    switch (format) {
    case Format::list: rows_.line(out_, packet); break;
    case Format::details:
        text_.tree(out_, tree_);
        out_.put('\n');
        break;
    case Format::fields: fields_.packet(out_, packet, tree_); break;
    case Format::json:
        options_.fields.empty() ? json_.packet(out_, packet, tree_) : json_.chosen(out_, packet, tree_, fields_);
        break;
    case Format::ek:
        options_.fields.empty() ? ek_.packet(out_, packet, tree_) : ek_.chosen(out_, packet, tree_, fields_);
        break;
    case Format::pdml: pdml_.packet(out_, packet, tree_); break;
    case Format::none: break;
    }
    if (options_.hex) append_hex_dumps(out_, tree_);
}

} // namespace ikescope::present
