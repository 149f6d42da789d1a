// The include table of docs/architecture.md, enforced: which folder may include which, where each library may appear,
// and that CMake links along the same arrows.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>

namespace ikescope {
namespace {

namespace fs = std::filesystem;
using Folders = std::set<std::string>;

const std::map<std::string, Folders> may_include{
    {"base", {}},
    {"capture", {"base"}},
    {"dissect", {"base"}},
    {"crypto", {"base", "dissect"}},
    {"secrets", {"base", "crypto"}},
    {"session", {"base", "capture", "dissect", "crypto", "secrets"}},
    {"ios", {"base"}},
    {"diagnose", {"base", "dissect", "session", "ios"}},
    {"replay", {"base", "capture", "dissect", "crypto", "secrets", "session", "ios"}},
    {"present", {"base", "capture", "dissect", "session", "diagnose", "ios"}},
    {"cli", {"base", "capture", "dissect", "crypto", "secrets", "session", "ios", "diagnose", "replay", "present"}},
    {"gui", {"base", "capture", "dissect", "crypto", "secrets", "session", "ios", "diagnose", "replay", "present"}},
};

/// Headers of dissect that crypto may see: numbers only.
const std::regex numbers_header("dissect/numbers[a-z0-9_]*\\.hpp");

/// A library: how its headers are spelled and which files may include them.
struct Library {
    std::regex header, file;
};
const std::map<std::string, Library> libraries{
    {"fmt", {std::regex("fmt/.*"), std::regex(".*")}},
    {"libpcap", {std::regex("pcap(\\.h|/.*)"), std::regex("capture/pcap_\\w+\\.cpp|replay/\\w+_(sink|socket)\\.cpp")}},
    {"zlib", {std::regex("zlib\\.h"), std::regex("capture/\\w+_stream\\.cpp")}},
    {"zstd", {std::regex("zstd\\.h"), std::regex("capture/\\w+_stream\\.cpp")}},
    {"OpenSSL", {std::regex("openssl/.*"), std::regex("crypto/openssl_\\w+\\.cpp")}},
    {"toml++", {std::regex("toml\\+\\+/.*"), std::regex("secrets/\\w+\\.cpp")}},
    {"nlohmann-json", {std::regex("nlohmann/.*"), std::regex("(secrets|present|cli)/\\w+\\.(cpp|hpp)")}},
    {"CLI11", {std::regex("CLI/.*"), std::regex("cli/\\w+\\.(cpp|hpp)")}},
    {"Qt", {std::regex("Q[A-Z].*|Qt\\w*/.*"), std::regex("gui/.*")}},
    {"PCRE2", {std::regex("pcre2\\.h"), std::regex("present/filter_regex\\.cpp")}},
    {"processor", {std::regex("cpuid\\.h|immintrin\\.h"), std::regex("crypto/psk(_lanes)?\\.[ch]pp")}},
    {"sockets", {std::regex("sys/socket\\.h|poll\\.h|net/.*|netpacket/.*|linux/.*"), std::regex("replay/\\w+_(sink|socket)\\.cpp")}},
};
/// POSIX headers without which no file can be read and no terminal asked.
const std::set<std::string> posix{"arpa/inet.h", "fcntl.h", "netinet/in.h", "string.h", "sys/mman.h", "sys/prctl.h",
                                  "sys/resource.h", "sys/stat.h", "sys/types.h", "sys/ioctl.h", "unistd.h", "signal.h"};

/// Why `file` (path from the root) must not include `header`; empty when it may.
std::string objection(const std::string& file, const std::string& header) {
    const auto folder = file.substr(0, file.find('/'));
    const auto slash = header.find('/');
    if (slash != std::string::npos && may_include.contains(header.substr(0, slash))) {
        const auto target = header.substr(0, slash);
        if (target == folder) return {};
        if (!may_include.at(folder).contains(target)) return folder + " must not include " + target;
        if (folder == "crypto" && target == "dissect" && !std::regex_match(header, numbers_header))
            return "crypto may include numbers of dissect only";
        return {};
    }
    for (const auto& [name, library] : libraries)
        if (std::regex_match(header, library.header))
            return std::regex_match(file, library.file) ? "" : name + " must not be included here";
    if (posix.contains(header) || std::regex_match(header, std::regex("[a-z_0-9]+"))) return {};
    return "unknown library: add it to the table in docs/architecture.md and to this test, with a reason";
}

std::vector<fs::path> sources(const std::string& folder) {
    std::vector<fs::path> found;
    const fs::path root = fs::path(IKESCOPE_SOURCE_DIR) / folder;
    if (!fs::exists(root)) return found;
    for (const auto& entry : fs::recursive_directory_iterator(root))
        if (entry.path().extension() == ".cpp" || entry.path().extension() == ".hpp") found.push_back(entry.path());
    return found;
}

TEST(Architecture, EveryIncludeFollowsTheTable) {
    const std::regex include(R"(^\s*#\s*include\s*[<"]([^>"]+)[>"])");
    std::size_t seen = 0;
    for (const auto& [folder, allowed] : may_include) {
        for (const auto& path : sources(folder)) {
            const auto file = fs::relative(path, IKESCOPE_SOURCE_DIR).string();
            std::ifstream in(path);
            int number = 0;
            for (std::string line; std::getline(in, line);) {
                ++number;
                std::smatch match;
                if (!std::regex_search(line, match, include)) continue;
                ++seen;
                const auto why = objection(file, match[1]);
                EXPECT_TRUE(why.empty()) << file << ":" << number << ": " << match[1] << ": " << why;
            }
        }
    }
    EXPECT_GT(seen, 20U) << "the test found no sources to look at";
}

TEST(Architecture, TheRulesBite) {
    EXPECT_NE(objection("dissect/walk.cpp", "session/sa.hpp"), "");
    EXPECT_NE(objection("diagnose/rules.cpp", "crypto/dh.hpp"), "");
    EXPECT_NE(objection("crypto/hmac.cpp", "openssl/evp.h"), "");
    EXPECT_NE(objection("crypto/ikev1_keys.cpp", "dissect/message.hpp"), "");
    EXPECT_NE(objection("capture/reader.cpp", "pcap/pcap.h"), "");
    EXPECT_NE(objection("present/text.cpp", "QString"), "");
    EXPECT_NE(objection("cli/main.cpp", "boost/asio.hpp"), "");
    EXPECT_NE(objection("cli/main.cpp", "gui/window.hpp"), "");
    EXPECT_EQ(objection("crypto/openssl_hash.cpp", "openssl/evp.h"), "");
    EXPECT_EQ(objection("crypto/ikev1_keys.cpp", "dissect/numbers_ikev1.hpp"), "");
    EXPECT_EQ(objection("session/sessions.cpp", "crypto/dh.hpp"), "");
    EXPECT_EQ(objection("base/bytes.cpp", "string_view"), "");
}

TEST(Architecture, CMakeLinksAlongTheTable) {
    std::ifstream in(fs::path(IKESCOPE_SOURCE_DIR) / "CMakeLists.txt");
    std::stringstream text;
    text << in.rdbuf();
    const auto content = text.str();
    const std::regex call(R"(\nikescope_folder\((\w+)(?:\s+USES((?:\s+[a-z]+)+))?)");
    std::size_t seen = 0;
    for (std::sregex_iterator at(content.begin(), content.end(), call), end; at != end; ++at, ++seen) {
        const std::string folder = (*at)[1];
        ASSERT_TRUE(may_include.contains(folder)) << folder;
        std::istringstream words((*at)[2]);
        for (std::string used; words >> used;)
            EXPECT_TRUE(may_include.at(folder).contains(used)) << folder << " is linked with " << used;
    }
    EXPECT_GE(seen, 9U);
}

TEST(Architecture, NoFolderThatTheTableDoesNotKnow) {
    const Folders others{"tests", "pcaps", "docs", "build"};
    for (const auto& entry : fs::directory_iterator(IKESCOPE_SOURCE_DIR)) {
        const auto name = entry.path().filename().string();
        if (!entry.is_directory() || name.starts_with(".") || name.starts_with("build")) continue;
        EXPECT_TRUE(may_include.contains(name) || others.contains(name)) << "unexpected folder " << name;
    }
}

} // namespace
} // namespace ikescope
