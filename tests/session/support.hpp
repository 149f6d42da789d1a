#pragma once
// A capture of pcaps/ as a list of owned packets that tests may drop, repeat and change, and Sessions over it.

#include "capture/byte_source.hpp"
#include "capture/decoder.hpp"
#include "capture/source.hpp"
#include "secrets/read.hpp"
#include "session/sessions.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

namespace ikescope::session::test {

inline std::string pcaps(const std::string& path) { return std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/" + path; }
inline std::string lab(const std::string& scenario, const std::string& ending) { return pcaps("lab/" + scenario + "/" + scenario + ending); }

/// The text of a file, also of its .gz.
inline std::string text_of_file(const std::string& path) {
    const bool packed = !std::ifstream(path).good();
    auto source = capture::open_file(packed ? path + ".gz" : path);
    EXPECT_TRUE(source) << path;
    if (!source) return {};
    auto bytes = packed ? capture::gzip_source(std::move(*source), {}) : std::move(*source);
    std::string text;
    Buffer piece(1 << 16);
    for (auto got = bytes->read(piece); got && *got > 0; got = bytes->read(piece)) text.append(text_of(Bytes(piece).first(*got)));
    return text;
}

inline secrets::Store store_of(const std::vector<std::string>& paths) {
    secrets::Store store;
    for (const auto& path : paths) {
        const auto report = secrets::read_secrets(text_of_file(path), path.substr(path.rfind('/') + 1), store);
        EXPECT_TRUE(report) << (report ? "" : report.error().sentence);
    }
    return store;
}

struct Packet {
    capture::Frame frame;
    capture::Datagram datagram;
    Buffer payload;
};

inline std::vector<Packet> packets_of(const std::string& path) {
    std::vector<Packet> packets;
    const std::string paths[] = {path};
    auto source = capture::Source::open(paths);
    EXPECT_TRUE(source) << path;
    if (!source) return packets;
    capture::Decoder decoder;
    capture::Frame frame;
    capture::Datagram datagram;
    while (source->next(frame))
        if (decoder.decode(frame, datagram)) {
            packets.push_back({frame, datagram, Buffer(datagram.payload.begin(), datagram.payload.end())});
            packets.back().frame.bytes = {};
        }
    return packets;
}

inline void feed(Sessions& sessions, std::vector<Packet>& packets, const std::function<void(const Packet&, const Outcome&)>& look = {}) {
    for (auto& packet : packets) {
        packet.datagram.payload = packet.payload;
        const auto& outcome = sessions.add(packet.frame, packet.datagram);
        if (look) look(packet, outcome);
    }
    sessions.finish();
}

} // namespace ikescope::session::test
