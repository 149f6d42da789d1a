#pragma once
// SAs made by hand, for what no capture shows. The facts behind them are those of the RFCs and of keyrings on Cisco IOS.

#include "diagnose/diagnose.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose::tests {

using session::MessageRecord;
using session::Sa;
using session::Side;

inline IpAddress ip(std::string_view text) { return *IpAddress::parse(text); }

/// Builds an SA message by message, a second apart unless told otherwise.
class Story {
public:
    explicit Story(session::Mode mode = session::Mode::main) {
        sa.mode = mode;
        sa.version = mode == session::Mode::ikev2 ? session::Version::v2 : session::Version::v1;
        sa.initiator = {ip("192.0.2.1"), 500};
        sa.responder = {ip("192.0.2.2"), 500};
        sa.initiator_spi[0] = 1;
        sa.suite = {7, 256, 4, 0, 0, 14, 1, 86400, true};
        sa.has_ke[0] = sa.has_ke[1] = true;
    }
    Story& message(std::string label, Side from, std::vector<std::string> payloads = {}, std::uint8_t exchange = 2) {
        MessageRecord record;
        record.frame = sa.messages.size() + 1;
        record.time = static_cast<Timestamp>(sa.messages.size()) * one_second;
        record.label = std::move(label);
        record.from = from;
        record.exchange = exchange;
        record.payloads = std::move(payloads);
        const auto& source = from == Side::initiator ? sa.initiator : sa.responder;
        record.source = source;
        record.destination = from == Side::initiator ? sa.responder : sa.initiator;
        sa.messages.push_back(std::move(record));
        return *this;
    }
    Story& sealed() { return sa.encrypted_seen = true, sa.messages.back().encrypted = true, *this; }
    Story& opened() { return sealed(), sa.messages.back().decrypted = true, *this; }
    Story& notify(std::uint16_t type) { return sa.messages.back().notifies.push_back(type), *this; }
    Story& on_port(std::uint16_t port) {
        return sa.messages.back().source.port = sa.messages.back().destination.port = port, *this;
    }
    /// The last message again.
    Story& again(int times = 1) {
        const auto first = sa.messages.back().retransmission_of.value_or(sa.messages.back().frame);
        for (int i = 0; i < times; ++i) {
            auto copy = sa.messages[first - 1];
            copy.frame = sa.messages.size() + 1;
            copy.time = static_cast<Timestamp>(sa.messages.size()) * one_second;
            copy.retransmission_of = first;
            sa.messages.push_back(copy);
        }
        return *this;
    }
    Story& stage(session::Stage stage) { return sa.stage = stage, *this; }
    /// MM1 to MM4.
    Story& up_to_mm4() {
        return message("MM1", Side::initiator, {"SA"}).message("MM2", Side::responder, {"SA"}).message("MM3", Side::initiator, {"KE", "No"})
            .message("MM4", Side::responder, {"KE", "No"});
    }

    Sa sa;
};

/// The findings of an SA whose capture ends with its last message, unless `silence` says how much longer it goes on.
inline std::vector<Finding> findings_of(const Sa& sa, Material material = {}, Nanoseconds silence = 0) {
    material.capture_end = (sa.messages.empty() ? 0 : sa.messages.back().time) + silence;
    return diagnose(sa, material);
}
inline const Finding* find_id(const std::vector<Finding>& findings, std::string_view id) {
    const auto at = std::ranges::find(findings, id, &Finding::id);
    return at == findings.end() ? nullptr : &*at;
}

} // namespace ikescope::diagnose::tests
