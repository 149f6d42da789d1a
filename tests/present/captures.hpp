#pragma once
// Captures of pcaps/ through the readers, for tests of what is shown of them.

#include "capture/decoder.hpp"
#include "capture/source.hpp"
#include "present/packet_report.hpp"
#include "session/sessions.hpp"

#include <fstream>
#include <gtest/gtest.h>

namespace ikescope::present::testing {

/// Under pcaps/, unless the path is absolute.
inline std::string capture_path(const std::string& name) {
    return name.starts_with("/") ? name : std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/" + name;
}

/// What `read` would print, with a memory of SAs for IKEv1's fragments only; `shown` gets the numbers of the frames that passed the filter.
inline std::string report(const std::string& capture, ReportOptions options, std::vector<std::uint64_t>* shown = nullptr) {
    StringSink sink;
    Output out(sink);
    const std::string path = capture_path(capture);
    auto source = capture::Source::open({&path, 1});
    if (!source) {
        ADD_FAILURE() << source.error().sentence;
        return {};
    }
    auto made = PacketReport::make(std::move(options), out);
    if (!made) {
        ADD_FAILURE() << made.error().sentence;
        return {};
    }
    capture::Decoder decoder;
    capture::Frame frame;
    capture::Datagram datagram;
    const secrets::Store none;
    std::optional<session::Sessions> sessions; // made when it is needed: tests read captures thousands of times
    (*made)->begin(capture);
    while (source->next(frame)) {
        const bool found = decoder.decode(frame, datagram);
        const bool piece = found && datagram.content == capture::Content::isakmp && dissect::is_ikev1_piece(datagram.payload);
        if (piece && !sessions) sessions.emplace(none);
        const auto* seen = piece ? &sessions->add(frame, datagram) : nullptr;
        if ((*made)->add(frame, found ? &datagram : nullptr, seen) && shown) shown->push_back(frame.number);
    }
    (*made)->end();
    out.flush();
    return sink.content;
}

/// Lines of a tab-separated table of tests/data; # begins a comment.
inline std::vector<std::vector<std::string>> table(const std::string& name) {
    std::vector<std::vector<std::string>> rows;
    std::ifstream file(std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/" + name);
    for (std::string line; std::getline(file, line);) {
        if (line.empty() || line[0] == '#') continue;
        auto& row = rows.emplace_back();
        std::size_t at = 0;
        for (auto tab = line.find('\t'); tab != std::string::npos; at = tab + 1, tab = line.find('\t', at))
            row.push_back(line.substr(at, tab - at));
        row.push_back(line.substr(at));
    }
    EXPECT_FALSE(rows.empty()) << name;
    return rows;
}

} // namespace ikescope::present::testing
