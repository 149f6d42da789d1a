// How the program treats secrets: what it prints, what it leaves on disk, who may look into it.

#include "base/secret.hpp"
#include "cli/command.hpp"

#include <chrono>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace ikescope::cli { namespace {

const std::string pcaps = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/",
                  samples = std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/secrets/";

std::string everything(Arguments arguments) {
    std::ostringstream out, err;
    Terminal terminal{out, err};
    run(arguments, terminal);
    return out.str() + err.str();
}

// Values that the samples of tests/data/secrets hold for v1mm_ok.
constexpr std::string_view values[] = {"labpsk",
                                       "6c616270736b",
                                       "8fd7035c21263440573f421dc2bacc2b",
                                       "78c28d554edc5cbc38fc7e0627a8dbb58c5055eb",
                                       "82ffe48d597a7ffb",
                                       "5cc2e2ab52a64432c25469b652b7628d"};

TEST(Handling, NoValueIsPrintedUnlessAskedFor) {
    for (const auto* file : {"racoon.v1mm_ok.log", "journal-short.v1mm_ok.log", "fortigate.v1mm_ok.log",
                             "mikrotik.v1mm_ok.log", "xfrm.txt"})
        for (const auto* format : {"text", "json"}) {
            const auto printed = everything(
                {"analyze", "--format", format, pcaps + "lab/v1mm_ok/v1mm_ok.pcap", "--secrets", samples + file});
            for (const auto value : values) EXPECT_EQ(printed.find(value), std::string::npos) << file << " " << value;
        }
    const auto shown = everything(
        {"analyze", "--show-secrets", pcaps + "lab/v1mm_ok/v1mm_ok.pcap", "--secrets", samples + "racoon.v1mm_ok.log"});
    EXPECT_NE(shown.find("labpsk"), std::string::npos);
}

TEST(Handling, ErrorsDoNotQuoteSecrets) {
    const auto path = (std::filesystem::path(testing::TempDir()) / "wrong.toml").string();
    for (const std::string wrong :
         {"key = \"topsecret\" oops\n", "key = topsecret\n", "hex = \"topsecret\"\n", "key = \"topsecret\n"}) {
        std::ofstream(path) << "format = \"ikescope-secrets/1\"\n[[psk]]\n" << wrong;
        const auto printed = everything({"analyze", pcaps + "lab/v1mm_ok/v1mm_ok.pcap", "--secrets", path});
        EXPECT_NE(printed.find("wrong.toml line "), std::string::npos) << printed;
        EXPECT_EQ(printed.find("topsecret"), std::string::npos) << printed;
    }
    const auto printed = everything(
        {"analyze", pcaps + "lab/v1mm_ok/v1mm_ok.pcap", "--dh-secret", "topsecret", "--dh-private", "abcdefg"});
    EXPECT_EQ(printed.find("topsecret"), std::string::npos) << printed;
}

/// "lo" and "dd" among the flags of the mapping that holds an address (proc(5)): locked, left out of core dumps.
std::string flags_of(const void* address) {
    std::ifstream maps("/proc/self/smaps");
    bool here = false;
    for (std::string line; std::getline(maps, line);) {
        std::uintptr_t from = 0, to = 0;
        char dash = 0;
        std::istringstream range(line);
        if (line.find('-') < 17 && range >> std::hex >> from >> dash >> to && dash == '-')
            here = reinterpret_cast<std::uintptr_t>(address) >= from && reinterpret_cast<std::uintptr_t>(address) < to;
        if (here && line.starts_with("VmFlags:")) return line + " ";
    }
    return {};
}

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool locks_work = false; ///< the sanitizers' mlock does nothing
#else
constexpr bool locks_work = true;
#endif

TEST(Handling, SecretsLieInLockedMemoryThatIsNotDumped) {
    const Secret secret(bytes_of("labpsk"));
    const auto flags = flags_of(secret.reveal().data());
    ASSERT_FALSE(flags.empty());
    rlimit limit{};
    getrlimit(RLIMIT_MEMLOCK, &limit);
    if (limit.rlim_cur < 1 << 20 && geteuid() != 0) GTEST_SKIP() << "this system locks too little memory";
    EXPECT_EQ(flags.find(" lo ") != std::string::npos, locks_work) << flags;
    EXPECT_NE(flags.find(" dd "), std::string::npos) << flags;
}

TEST(Handling, FreedSecretsAreWiped) {
    const Byte* at = nullptr;
    {
        const Secret secret(bytes_of("0123456789abcdef0123456789abcdef-labpsk"));
        at = secret.reveal().data();
        if (flags_of(at).find(" dd ") == std::string::npos) GTEST_SKIP() << "not in memory that stays mapped";
    }
    EXPECT_EQ(std::string_view(reinterpret_cast<const char*>(at) + 8, 31).find("labpsk"),
              std::string_view::npos); // the first bytes link free blocks
}

TEST(Handling, ManyAndLargeSecretsAreStillSecrets) {
    std::vector<Secret> many;
    for (std::size_t i = 0; i < 100'000; ++i) many.emplace_back(Buffer(i % 300, static_cast<Byte>(i)));
    many.emplace_back(Buffer(100'000, Byte{7}));
    for (std::size_t i = 0; i < 100'000; ++i) {
        ASSERT_EQ(many[i].size(), i % 300);
        for (const auto byte : many[i].reveal()) ASSERT_EQ(byte, static_cast<Byte>(i));
    }
    EXPECT_EQ(many.back().size(), 100'000U);
}

/// The limits of the program while it waits for a capture, with secrets loaded.
TEST(Handling, NoCoreDumpsWhileSecretsAreLoaded) {
    const auto program = std::string(IKESCOPE_BINARY_DIR) + "/ikescope";
    if (!std::filesystem::exists(program)) GTEST_SKIP() << "the program is not built";
    int pipe_ends[2];
    ASSERT_EQ(pipe(pipe_ends), 0);
    const rlimit large{1 << 20, 1 << 20};
    const auto child = fork();
    if (child == 0) {
        setrlimit(RLIMIT_CORE, &large);
        dup2(pipe_ends[0], STDIN_FILENO);
        close(pipe_ends[1]);
        execl(program.c_str(), "ikescope", "analyze", "-", "--psk", "labpsk", nullptr);
        _exit(127);
    }
    const auto limits = "/proc/" + std::to_string(child) + "/limits";
    std::string core;
    for (int tries = 0; tries < 300 && core.find(" 0 ") == std::string::npos; ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        std::ifstream in(limits);
        for (std::string line; std::getline(in, line);)
            if (line.starts_with("Max core file size")) core = line;
    }
    close(pipe_ends[0]);
    close(pipe_ends[1]);
    int status = 0;
    waitpid(child, &status, 0);
    EXPECT_NE(core.find(" 0 "), std::string::npos) << core;
#if !defined(__SANITIZE_ADDRESS__)
    everything({"analyze", pcaps + "lab/v1mm_ok/v1mm_ok.pcap", "--psk", "x"});
    EXPECT_EQ(prctl(PR_GET_DUMPABLE), 0); // also no dump to a program
#endif
}

}} // namespace ikescope::cli
