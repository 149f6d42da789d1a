// `analyze --format html`: a page that is whole, holds what the text form says, and lets nothing of its input become
// markup.

#include "tests/cli/program.hpp"

namespace ikescope::cli { namespace {

const std::filesystem::path seed = std::filesystem::path(IKESCOPE_SOURCE_DIR) / "pcaps/seed-s2";

std::string page(const std::string& capture, const Arguments& more = {}) {
    Arguments arguments{"analyze", capture, "--format", "html"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const auto ran = ikescope(arguments);
    EXPECT_EQ(ran.status, 0) << ran.err;
    return ran.out;
}

/// The tags that are open at the end, and the first that closes what is not open.
std::string unbalanced(std::string_view html) {
    std::vector<std::string> open;
    for (auto at = html.find('<'); at != html.npos; at = html.find('<', at + 1)) {
        const auto text = html.substr(at + 1, html.find_first_of(" >", at) - at - 1);
        if (text.starts_with('!') || text == "meta") continue;
        if (!text.starts_with('/'))
            open.emplace_back(text);
        else if (open.empty() || open.back() != text.substr(1))
            return std::string(text);
        else
            open.pop_back();
    }
    return open.empty() ? "" : open.back();
}

TEST(Html, ThePageIsWholeAndSaysWhatTheTextSays) {
    const auto html = page((seed / "seed-s2.pcap").string(),
                           {"--config", (seed / "R1.cfg").string(), "--config", (seed / "R2.cfg").string(), "--secrets",
                            (seed / "seed-s2.keys").string()});
    EXPECT_EQ(unbalanced(html), "");
    for (const auto* part : {"FAILED: keyring-mismatch", "192.168.0.2:500 (R2)", "HASH_I verified",
                             "duplicate-peer-key", "Key not found in keyrings of profile , aborting exchange",
                             "no pre-shared-key address 192.168.0.2 key *****", "1 SA, 1 of them failed: 1 error"})
        EXPECT_NE(html.find(part), html.npos) << part;
    EXPECT_NE(html.find("<pre>crypto keyring keyring1\n no pre-shared-key"), html.npos) << "lines stay lines";
    EXPECT_EQ(html.find("\\x0a"), html.npos);
    EXPECT_EQ(html.find("http"), html.npos) << "nothing is loaded from elsewhere";
    EXPECT_EQ(html.find("<script"), html.npos);
}

TEST(Html, WhatComesFromOutsideIsText) {
    const auto copy = std::filesystem::path(testing::TempDir()) / "a<b>&\"c.pcap";
    std::filesystem::copy_file(seed / "seed-s2.pcap", copy, std::filesystem::copy_options::overwrite_existing);
    const auto html = page(copy.string());
    EXPECT_EQ(unbalanced(html), "");
    EXPECT_NE(html.find("a&lt;b&gt;&amp;&quot;c.pcap"), html.npos);
}

}} // namespace ikescope::cli
