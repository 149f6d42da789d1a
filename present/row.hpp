#pragma once
// The packet list: one line per packet, in tshark's columns, its Info prolonged by what the message contains and what the
// memory of SAs knows.

#include "dissect/soundness.hpp"
#include "present/packet.hpp"

namespace ikescope::present {

struct RowOptions {
    TimeForm time = TimeForm::relative;
    std::size_t time_digits = 6; ///< 9 for captures with nanoseconds
};

class RowWriter {
public:
    explicit RowWriter(RowOptions options) : options_(options) {}

    /// "    1   0.000000 192.0.2.1 → 192.0.2.2 ISAKMP 222 Identity Protection (Main Mode) [ SA V V ] MM1\n"
    void line(Output& out, const Packet& packet);
    /// One cell, by the name tshark has for the column ("Info" of _ws.col.Info); false for an unknown one.
    bool cell(Output& out, const Packet& packet, std::string_view column);
    /// The cell's text for lists that are no lines (the window, JSON). Valid until the next call.
    std::string_view info(const Packet& packet);
    static std::string_view protocol(const Packet& packet);

private:
    void time(Output& out, const Packet& packet);
    std::size_t address(Output& out, const Packet& packet, bool source);
    void info_of_message(const Packet& packet);
    void append_payloads_once(const Packet& packet);
    void info_of_memory(const session::Outcome& seen);
    bool is_malformed(const Packet& packet);
    bool is_malformed(const dissect::Message& message);

    RowOptions options_;
    TimeWriter times_;
    std::string info_, address_;
    std::vector<std::string> payloads_; ///< texts of lists of payloads, by Outcome::payloads of the one memory of SAs
    dissect::Soundness sound_;
};

} // namespace ikescope::present
