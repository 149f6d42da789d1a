// ikescope decrypt: under which ports and with which warnings messages come into the clear.

#include "capture/decoder.hpp"
#include "capture/source.hpp"
#include "tests/cli/program.hpp"

namespace ikescope::cli { namespace {

const std::string pcaps = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/";

Ran decrypt(const std::string& stem, const std::string& output) {
    return ikescope({"decrypt", pcaps + stem + ".pcap", "--secrets", pcaps + stem + ".keys", "-w", output});
}

/// IKE messages in UDP that a reader finds who knows ports 500 and 4500 only.
std::size_t datagrams(const std::string& path) {
    const std::string paths[] = {path};
    auto source = capture::Source::open(paths);
    if (!source) return 0;
    capture::Decoder decoder;
    capture::Frame frame;
    capture::Datagram datagram;
    std::size_t count = 0;
    while (source->next(frame)) {
        if (!decoder.decode(frame, datagram) || datagram.transport != capture::Transport::udp) continue;
        const std::uint16_t port = datagram.non_esp_marker ? 4500 : 500;
        count += datagram.content == capture::Content::isakmp && (datagram.source_port == port || datagram.destination_port == port);
    }
    return count;
}

TEST(Decrypt, WhatCameOverTcpIsReadableAsUdp) {
    const auto clear = (std::filesystem::path(testing::TempDir()) / "out-of-tcp.pcapng").string();
    const std::pair<std::string, std::size_t> captures[] = {
        {"tcp/iketcp", 10}, {"tcp/iketcp-port443", 10}, {"tcp/iketcp-ipv6", 10}, {"tcp/tcpencap", 9}, {"tcp/tcpencap-port8443", 9}, {"tcp/isakmp-tcp500", 9}};
    for (const auto& [stem, messages] : captures) {
        ASSERT_EQ(decrypt(stem, clear).status, 0) << stem;
        EXPECT_EQ(datagrams(clear), messages) << stem;
        const auto comments = ikescope({"read", clear, "-T", "fields", "-e", "frame.comment"}).out;
        EXPECT_NE(comments.find("taken from frame 4 of"), std::string::npos) << stem << comments;
        EXPECT_NE(comments.find("it came by TCP from "), std::string::npos) << stem << comments;
    }
}

TEST(Decrypt, OtherPortsBecomeThoseOfIke) {
    const auto clear = (std::filesystem::path(testing::TempDir()) / "port501.clear.pcapng").string();
    const auto stem = pcaps + "crafted/port501";
    const auto ran = ikescope(
        {"decrypt", stem + ".pcap", "--config", pcaps + "crafted/R1.cfg", "--config", pcaps + "crafted/R2.cfg", "--secrets", stem + ".keys", "-w", clear});
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.err.find("5 messages in clear"), std::string::npos) << ran.err;
    EXPECT_EQ(datagrams(clear), 9U) << "also those that never were encrypted";
    EXPECT_NE(ikescope({"read", clear, "-T", "fields", "-e", "frame.comment"}).out.find("it came by UDP from 192.168.0.1:501"), std::string::npos);
}

TEST(Decrypt, PasswordsInClearAreSaid) {
    const auto clear = (std::filesystem::path(testing::TempDir()) / "xauth.clear.pcapng").string();
    const auto ran = decrypt("lab/v1_xauth_main/v1_xauth_main", clear);
    ASSERT_EQ(ran.status, 0) << ran.err;
    EXPECT_NE(ran.err.find("holds passwords or keys"), std::string::npos) << ran.err;
    EXPECT_EQ(decrypt("lab/v1mm_ok/v1mm_ok", clear).err.find("passwords"), std::string::npos);
}

}} // namespace ikescope::cli
