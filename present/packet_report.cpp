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
    const auto ordinal = ++ordinal_;
    if (const auto known = answered_in_.find(ordinal); second_ && known != answered_in_.end()) packet.response_in = known->second;
    const auto found = open_.find(key);
    const bool answer = v2 ? header.response() : answers_by_label(seen.label);
    if (answer) {
        if (found == open_.end() || found->second.from == seen.from) return;
        packet.response_to = found->second.frame;
        if (learning_) answered_in_.try_emplace(found->second.ordinal, packet.frame->number);
        packet.response_time = packet.frame->time - found->second.time;
    } else if (!seen.retransmission_of) {
        if (open_.size() >= most) open_.clear();
        open_[key] = {packet.frame->number, ordinal, packet.frame->time, seen.from};
    }
}

void Answers::rewind() {
    open_.clear();
    ordinal_ = 0;
    learning_ = false;
    second_ = true;
}

Result<std::unique_ptr<PacketReport>> PacketReport::make(ReportOptions options, Output& out) {
    auto fields = FieldsWriter::make(options.fields, options.field_options, options.rows, options.show_secrets);
    if (!fields) return fields.error();
    const auto opened = options.opened;
    std::unique_ptr<PacketReport> made(new PacketReport(std::move(options), out, std::move(*fields)));
    if (!opened.empty()) {
        if (!made->text_) made->text_.emplace(made->options_.show_secrets).hide(made->hidden_);
        if (auto only = made->text_->only(opened); !only) return only.error();
    }
    return made;
}

PacketReport::PacketReport(ReportOptions options, Output& out, FieldsWriter fields)
    : options_(std::move(options)), out_(out), fields_(std::move(fields)), rows_(options_.rows) {
    const auto format = options_.format;
    if (format == Format::details) text_.emplace(options_.show_secrets);
    if (format == Format::json) json_.emplace(options_.show_secrets);
    if (format == Format::ek) ek_.emplace(options_.show_secrets);
    if (format == Format::pdml) pdml_.emplace(options_.show_secrets);
    fields_.hide(hidden_);
    if (text_) text_->hide(hidden_);
    if (json_) json_->hide(hidden_);
    if (ek_) ek_->hide(hidden_);
    if (pdml_) pdml_->hide(hidden_);
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

void PacketReport::learn(const capture::Frame& frame, const capture::Datagram& datagram, const session::Outcome& seen) {
    Packet packet;
    packet.frame = &frame;
    packet.datagram = &datagram;
    packet.message = seen.isakmp ? seen.message : nullptr;
    packet.seen = &seen;
    answers_.learn();
    if (seen.isakmp) answers_.add(packet);
}

bool PacketReport::needs_notes() const { return looks_at(own_field("ike.note")) || looks_at(own_field("ike.nat")); }
bool PacketReport::needs_findings() const { return looks_at(own_field("ike.finding")); }

std::string_view PacketReport::second_pass_field() const {
    const auto name = own_field("ike.response_in").name;
    const auto among = [&](const auto& names) { return std::ranges::find(names, name) != names.end(); };
    return among(options_.fields) || (options_.filter && among(options_.filter->fields())) ? name : std::string_view();
}

void PacketReport::begin(std::string_view file) {
    if (options_.format == Format::fields) fields_.begin(out_);
    if (json_) json_->begin(out_);
    if (pdml_) pdml_->begin(out_, file);
}

void PacketReport::end() {
    if (json_) json_->end(out_);
    if (pdml_) pdml_->end(out_);
}

/// What is on ISAKMP's port is shown as ISAKMP, also when the memory of SAs has no use for it (a zero SPI, an unknown
/// version) and when it is shorter than a header or says so; of that Wireshark shows nothing.
const dissect::Message* PacketReport::find_message(const capture::Datagram* datagram, const session::Outcome* seen) {
    if (seen && seen->isakmp) return seen->message;
    if (!datagram || datagram->content != capture::Content::isakmp) return nullptr;
    dissect::walk(datagram->payload, datagram->payload_offset, datagram->declared, message_);
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
    if (!held_.empty())
        link_held(packet);
    else if (needs_answers_ && packet.seen)
        answers_.add(packet);
    const auto known = known_.find({frame.file, frame.number});
    if (known != known_.end()) packet.findings = &known->second;
    times_.before = frame.time;
    const bool passed = passes(packet);
    if (passed) show(packet);
    held_.clear();
    if (!passed) return false;
    times_.displayed = frame.time;
    any_shown_ = true;
    return true;
}

void PacketReport::hold(const capture::Datagram& datagram, const session::Outcome* seen) {
    held_.emplace_back(datagram, find_message(&datagram, seen), seen && (seen->isakmp || seen->esp) ? seen : nullptr);
}

/// `last` is the last message of its frame; afterwards the first, with the others behind it.
void PacketReport::link_held(Packet& last) {
    chain_.assign(held_.size(), last);
    for (std::size_t i = 0; i < held_.size(); ++i) held_[i].fill(chain_[i]);
    chain_.push_back(last);
    for (auto& packet : chain_)
        if (needs_answers_ && packet.seen) answers_.add(packet);
    for (std::size_t i = 0; i + 1 < chain_.size(); ++i) chain_[i].next = &chain_[i + 1];
    last = chain_.front();
}

void PacketReport::show(const Packet& packet) {
    const auto format = options_.format;
    if (format == Format::none) return;
    if (format != Format::list || options_.hex) {
        if (!options_.show_secrets) hidden_.read(packet);
        build_tree(packet, shown_, tree_);
    }
    switch (format) {
    case Format::list: rows_.line(out_, packet); break;
    case Format::details:
        text_->tree(out_, tree_);
        out_.put('\n');
        break;
    case Format::fields: fields_.packet(out_, packet, tree_); break;
    case Format::json:
        options_.fields.empty() ? json_->packet(out_, packet, tree_) : json_->chosen(out_, packet, tree_, fields_);
        break;
    case Format::ek:
        options_.fields.empty() ? ek_->packet(out_, packet, tree_) : ek_->chosen(out_, packet, tree_, fields_);
        break;
    case Format::pdml: pdml_->packet(out_, packet, tree_); break;
    case Format::none: break;
    }
    if (options_.hex) append_hex_dumps(out_, tree_, hidden_);
}

} // namespace ikescope::present
