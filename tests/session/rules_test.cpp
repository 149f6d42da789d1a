// The rules against what charon sent, received and accepted in the lab (its log names every message's payloads), and
// against messages that the RFCs forbid.

#include "session/rules.hpp"

#include "dissect/numbers_common.hpp"

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

namespace ikescope::session {
namespace {

using dissect::Version;

/// charon's names of exchanges.
const std::map<std::string, std::pair<Version, std::uint8_t>> exchanges = {
    {"ID_PROT", {Version::v1, 2}},        {"AGGRESSIVE", {Version::v1, 4}},     {"INFORMATIONAL_V1", {Version::v1, 5}},
    {"TRANSACTION", {Version::v1, 6}},    {"QUICK_MODE", {Version::v1, 32}},    {"IKE_SA_INIT", {Version::v2, 34}},
    {"IKE_AUTH", {Version::v2, 35}},      {"CREATE_CHILD_SA", {Version::v2, 36}}, {"INFORMATIONAL", {Version::v2, 37}},
};

std::uint8_t type_of(Version version, std::string name) {
    name = name.substr(0, name.find('('));
    for (const auto& row : dissect::payload_types) {
        const bool mine = version == Version::v2 ? row.value >= 33 && row.value < 128 : row.value < 33 || row.value >= 128;
        if (mine && row.brief == name) return static_cast<std::uint8_t>(row.value);
    }
    ADD_FAILURE() << "no payload " << name;
    return 0;
}
std::vector<std::uint8_t> types_of(Version version, const std::string& names) {
    std::istringstream words(names);
    std::vector<std::uint8_t> types;
    for (std::string word; words >> word;) types.push_back(type_of(version, word));
    return types;
}

/// "… generating IKE_AUTH request 1 [ IDi AUTH ]": what charon says of a message that it sends or has read.
struct Line {
    std::string exchange, role, id, names;
};
std::optional<Line> read_line(const std::string& text) {
    const auto begin = std::min(text.find(" generating "), text.find(" parsed "));
    const auto open = text.find(" [ "), close = text.rfind(']');
    if (begin == std::string::npos || open == std::string::npos || close == std::string::npos || close < open + 3) return {};
    std::istringstream words(text.substr(begin, open - begin));
    Line line;
    std::string verb;
    if (!(words >> verb >> line.exchange >> line.role >> line.id)) return {};
    line.names = text.substr(open + 3, close - open - 3);
    return line;
}

/// Counts the messages of an exchange of IKEv1 as the log tells them; a new exchange begins with SA or HASH SA.
std::uint8_t next_step(std::map<std::string, std::uint8_t>& steps, const std::string& exchange, const std::vector<std::uint8_t>& types) {
    const bool begins = std::ranges::count(types, 1) > 0 && (steps[exchange] != 1);
    return steps[exchange] = begins ? 1 : static_cast<std::uint8_t>(steps[exchange] + 1);
}

TEST(Rules, AcceptEveryMessageThatCharonAccepted) {
    std::size_t messages = 0;
    for (const auto& folder : std::filesystem::directory_iterator(std::filesystem::path(IKESCOPE_SOURCE_DIR) / "pcaps/lab")) {
        std::ifstream log(folder.path() / "a.l1.log");
        std::map<std::string, std::uint8_t> steps;
        for (std::string text; std::getline(log, text);) {
            const auto line = read_line(text);
            if (!line) continue;
            ASSERT_TRUE(exchanges.contains(line->exchange)) << text;
            const auto [version, exchange] = exchanges.at(line->exchange);
            const auto types = types_of(version, line->names);
            const std::uint8_t step = version == Version::v1 ? next_step(steps, line->exchange + line->id, types)
                                      : line->role == "request" ? 1 : 2;
            const auto verdict = judge(version, exchange, step, types);
            ASSERT_TRUE(verdict.rule) << text << " step " << int(step);
            for (const auto& violation : verdict.violations) ADD_FAILURE() << folder.path() << ": " << text << " step " << int(step) << ": " << violation.text;
            ++messages;
        }
    }
    EXPECT_GT(messages, 100U);
}

std::string complaint(Version version, std::uint8_t exchange, std::uint8_t step, const std::string& names) {
    const auto verdict = judge(version, exchange, step, types_of(version, names));
    std::string text;
    for (const auto& violation : verdict.violations) text += violation.text + " (" + std::string(violation.source) + "); ";
    return text;
}

TEST(Rules, SayWhatIsMissingOrTooMuch) {
    EXPECT_EQ(complaint(Version::v2, 34, 1, "SA No"), "KE is missing (RFC 7296 1.2); ");
    EXPECT_EQ(complaint(Version::v2, 34, 1, "SA KE KE No"), "KE stands here 2 times, 1 at most (RFC 7296 1.2); ");
    EXPECT_EQ(complaint(Version::v2, 35, 1, "IDi AUTH SA TSi"), "TSr is missing (RFC 7296 1.2); ");
    EXPECT_EQ(complaint(Version::v2, 34, 1, "SA KE No TSi"), "TSi does not belong here (RFC 7296 1.2); ");
    EXPECT_EQ(complaint(Version::v1, 32, 1, "HASH SA ID ID"), "No is missing (RFC 2409 5.5; NAT-OA: RFC 3947 5.2); ");
    EXPECT_EQ(complaint(Version::v1, 2, 5, "ID"), "HASH or SIG is missing (RFC 2409 5.1, 5.4); ");
    EXPECT_EQ(complaint(Version::v1, 2, 1, "V SA"), "SA must come first, not V (RFC 2409 5); ");
}

TEST(Rules, KnowTheFormsOfOneExchange) {
    EXPECT_EQ(complaint(Version::v2, 34, 2, "N"), "") << "a cookie, another group, no proposal";
    EXPECT_EQ(complaint(Version::v2, 35, 1, "IDi CERTREQ SA TSi TSr"), "") << "EAP is asked for";
    EXPECT_EQ(complaint(Version::v2, 35, 2, "IDr CERT AUTH EAP"), "");
    EXPECT_EQ(complaint(Version::v2, 35, 1, "EAP"), "");
    EXPECT_EQ(complaint(Version::v2, 35, 2, "AUTH CP SA TSi TSr"), "");
    EXPECT_EQ(complaint(Version::v2, 36, 1, "SA No KE"), "") << "the IKE SA is rekeyed";
    EXPECT_EQ(complaint(Version::v2, 36, 1, "N SA No TSi TSr"), "") << "a Child SA is rekeyed";
    EXPECT_EQ(complaint(Version::v2, 37, 1, ""), "") << "liveness";
    EXPECT_EQ(complaint(Version::v1, 5, 1, "N"), "") << "before there are keys";
    EXPECT_EQ(complaint(Version::v1, 5, 1, "HASH D"), "");
    EXPECT_NE(complaint(Version::v1, 5, 1, ""), "") << "IKEv1 has no empty Informational";
}

TEST(Rules, OrderOnlyWhatTheRfcOrders) { // RFC 2409 5: SA first in phase 1, HASH first in phase 2
    EXPECT_EQ(complaint(Version::v1, 2, 5, "CERT ID SIG"), "");
    EXPECT_EQ(complaint(Version::v1, 2, 6, "V HASH"), "") << "public key encryption";
    EXPECT_NE(complaint(Version::v1, 32, 1, "SA HASH No"), "");
}

TEST(Rules, KnowTheLongerFormsOfIkeAuth) {
    EXPECT_EQ(complaint(Version::v2, 35, 1, "IDi"), "") << "a further authentication, or childless EAP";
    EXPECT_EQ(complaint(Version::v2, 35, 1, "IDi CP"), "") << "childless EAP: RFC 6023";
    EXPECT_EQ(complaint(Version::v2, 35, 1, ""), "") << "a further authentication of the responder: RFC 4739 2.5";
    EXPECT_EQ(complaint(Version::v2, 35, 2, "SA TSi TSr"), "") << "RFC 4739 2.4";
    EXPECT_EQ(complaint(Version::v2, 35, 2, "AUTH CP"), "") << "the end of childless EAP";
    EXPECT_EQ(complaint(Version::v2, 35, 1, "IDi SA TSi TSr EAP"), "") << "EAP-Initiate: RFC 6867";
    const std::vector<std::uint8_t> passwords[] = {{35, 49, 33, 44, 45}, {49}, {49, 39}}, answers[] = {{36, 49}, {49}}; // RFC 6467
    for (const auto& types : passwords) EXPECT_TRUE(judge(Version::v2, 35, 1, types, true).violations.empty());
    for (const auto& types : answers) EXPECT_TRUE(judge(Version::v2, 35, 2, types, true).violations.empty());
}

TEST(Rules, PassOverWhatNobodyDefinesInIkev2) { // RFC 7296 2.5
    const std::vector<std::uint8_t> types{33, 34, 40, 200};
    EXPECT_TRUE(judge(Version::v2, 34, 1, types).violations.empty());
    EXPECT_EQ(judge(Version::v2, 250, 1, types).rule, nullptr);
}

TEST(Rules, AuthenticationOnly) { // RFC 2408 4.6
    EXPECT_EQ(complaint(Version::v1, 3, 1, "SA No"), "");
    EXPECT_EQ(complaint(Version::v1, 3, 2, "SA No ID SIG"), "");
    EXPECT_EQ(complaint(Version::v1, 3, 3, "ID HASH"), "");
    EXPECT_EQ(complaint(Version::v1, 3, 3, "ID"), "HASH or SIG is missing (RFC 2408 4.6); ");
}

TEST(Rules, ExchangesOfGroupsAreEncrypted) { // RFC 9838
    for (std::uint8_t exchange = 39; exchange <= 42; ++exchange) {
        const std::vector<std::uint8_t> none;
        const auto verdict = judge(Version::v2, exchange, 1, none);
        ASSERT_TRUE(verdict.rule) << int(exchange);
        EXPECT_EQ(check_protection(*verdict.rule, false).size(), 1U);
    }
    const std::vector<std::uint8_t> join{35, 39, 50};
    EXPECT_TRUE(judge(Version::v2, 39, 1, join).violations.empty());
}

TEST(Rules, TellClearFromSealed) {
    const auto verdict = judge(Version::v1, 2, 5, types_of(Version::v1, "ID HASH"));
    ASSERT_TRUE(verdict.rule);
    EXPECT_TRUE(check_protection(*verdict.rule, true).empty());
    EXPECT_EQ(check_protection(*verdict.rule, false).size(), 1U);
}

} // namespace
} // namespace ikescope::session
