// Short names of payloads against what charon wrote into its log about the same messages.

#include "dissect/ikev1.hpp"
#include "tests/dissect/samples.hpp"

#include <fstream>
#include <map>
#include <sstream>

namespace ikescope::dissect {
namespace {

std::string names_of(const Message& message) {
    std::string text = "[ ";
    for (const auto& payload : message.payloads) {
        append_payload_name(text, message.version(), payload);
        text += ' ';
    }
    return text + "]";
}

/// charon abbreviates notifies; the registry does not.
std::string spelled_out(std::string text) {
    const std::pair<const char*, const char*> words[] = {{"NO_PROP)", "NO_PROPOSAL_CHOSEN)"},
                                                         {"INVAL_ID)", "INVALID_ID_INFORMATION)"},
                                                         {"PLD_MAL)", "PAYLOAD_MALFORMED)"},
                                                         {"AUTH_FAILED)", "AUTHENTICATION_FAILED)"}};
    for (const auto& [from, to] : words)
        if (const auto at = text.find(from); at != std::string::npos) text.replace(at, std::string(from).size(), to);
    return text;
}

/// "… generating QUICK_MODE request 2515834513 [ HASH SA No ID ID ]": message ID and list; nothing for other lines.
std::optional<std::pair<std::uint32_t, std::string>> generated(const std::string& line) {
    const auto at = line.find("generating ");
    if (at == std::string::npos) return {};
    std::istringstream in(line.substr(at));
    std::string verb, exchange, direction;
    std::uint32_t id = 0;
    in >> verb >> exchange >> direction >> id >> std::ws;
    if (exchange != "ID_PROT" && exchange != "AGGRESSIVE" && exchange != "QUICK_MODE" && exchange != "INFORMATIONAL_V1") return {};
    std::string list;
    std::getline(in, list);
    return std::pair{id, spelled_out(list)};
}

/// Message ID and payload list of every IKEv1 message that both charons logged as generated.
std::multimap<std::uint32_t, std::string> logged(const std::string& capture) {
    std::multimap<std::uint32_t, std::string> lists;
    for (const char* side : {"a", "b"}) {
        std::ifstream file(std::string(IKESCOPE_SOURCE_DIR "/pcaps/lab/") + capture + "/" + side + ".l1.log");
        for (std::string line; std::getline(file, line);)
            if (const auto entry = generated(line)) lists.insert(*entry);
    }
    return lists;
}

/// Is the message among those logged under its ID? Says how many were compared.
void expect_logged(const Message& message, const std::string& capture, std::size_t frame, std::size_t& compared) {
    const auto lists = logged(capture);
    if (lists.empty()) return;
    const auto [begin, end] = lists.equal_range(message.header.message_id);
    const auto ours = names_of(message);
    std::string theirs;
    bool found = false;
    for (auto at = begin; at != end; ++at) {
        theirs += at->second + "\n";
        found = found || at->second == ours;
    }
    EXPECT_TRUE(found) << capture << ' ' << frame << ": " << ours << " is not among\n" << theirs;
    ++compared;
}

TEST(PayloadNames, AreThoseOfCharonsLog) {
    std::size_t compared = 0;
    std::map<std::pair<std::string, std::size_t>, Header> headers;
    Message message;
    for (const auto& sample : samples::lab_messages()) {
        walk(sample.bytes, 0, sample.bytes.size(), message);
        headers[{sample.capture, sample.frame}] = message.header;
        if (message.version() == Version::v1 && message.ciphertext.empty())
            expect_logged(message, sample.capture, sample.frame, compared);
    }
    for (const auto& plain : samples::plain_chains()) {
        walk_plain(headers.at({plain.capture, plain.frame}), plain.first, plain.bytes, 0, message);
        expect_logged(message, plain.capture, plain.frame, compared);
    }
    EXPECT_GT(compared, 70U);
}

std::string name_of_notify(std::string_view type) {
    const auto body = *parse_hex("00000001 01 00 " + std::string(type));
    return payload_name(Version::v1, {ikev1::payload::notify, 0, 0, 0, 12, body});
}

TEST(PayloadNames, Notifies) {
    EXPECT_EQ(name_of_notify("6002"), "N(INITIAL_CONTACT)");
    EXPECT_EQ(name_of_notify("000e"), "N(NO_PROPOSAL_CHOSEN)");
    EXPECT_EQ(name_of_notify("0010"), "N(PAYLOAD_MALFORMED)");
    EXPECT_EQ(name_of_notify("8d28"), "N(R_U_THERE)");
    EXPECT_EQ(name_of_notify("3039"), "N(12345)");
}

TEST(PayloadNames, Others) {
    const auto name = [](std::uint8_t type) { return payload_name(Version::v1, {type, 0, 0, 0, 4, {}}); };
    EXPECT_EQ(name(1), "SA");
    EXPECT_EQ(name(10), "No");
    EXPECT_EQ(name(12), "D");
    EXPECT_EQ(name(13), "V");
    EXPECT_EQ(name(14), "CP");
    EXPECT_EQ(name(130), "NAT-D");
    EXPECT_EQ(name(131), "NAT-OA");
    EXPECT_EQ(name(99), "99");
    EXPECT_EQ(exchange_name(Version::v1, 2), "Identity Protection (Main Mode)");
    EXPECT_EQ(exchange_name(Version::v1, 200), "");
}

} // namespace
} // namespace ikescope::dissect
