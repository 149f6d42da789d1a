// ikescope psk on captures of real daemons: planted keys are found, and nothing else.

#include "cli/command.hpp"
#include "crypto/prf.hpp"
#include "crypto/psk.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace ikescope::cli { namespace {

const std::string lab = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/lab/";
std::string capture(const std::string& name) { return lab + name + "/" + name + ".pcap"; }

std::string file_text(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}
std::string temporary(const std::string& name, const std::string& content) {
    const auto path = (std::filesystem::path(testing::TempDir()) / ("psk_" + name)).string();
    std::ofstream(path, std::ios::binary) << content;
    return path;
}
/// g^xy out of the capture's .keys file.
std::string shared_secret(const std::string& name) {
    const auto text = file_text(lab + name + "/" + name + ".keys");
    const auto at = text.find("shared = \"") + 10;
    return text.substr(at, text.find('"', at) - at);
}

/// Many wrong words, one right one (line 700) and another wrong one that nearly is it.
std::string words_with(const std::string& key) {
    std::string words;
    for (int i = 1; i < 700; ++i) words += "word" + std::to_string(i * 7919) + "\n";
    words += key + "\r\n" + key + " \n";
    for (int i = 0; i < 500; ++i) words += "more" + std::to_string(i) + "\n";
    return words;
}

struct Ran {
    int status;
    nlohmann::json document;
    std::string out, err;
    /// What was found of each target: "initiator MM5: words line 700"
    std::vector<std::string> found() const {
        std::vector<std::string> all;
        for (const auto& target : document["targets"])
            for (const auto& key : target["found"]) {
                const auto source = key["source"].get<std::string>();
                all.push_back(target["side"].get<std::string>() + " " + target["proof"].get<std::string>() + ": " +
                              source.substr(source.rfind('/') + 1));
            }
        return all;
    }
};
Ran psk(Arguments arguments, const std::string& format = "json") {
    arguments.insert(arguments.begin(), "psk");
    arguments.insert(arguments.end(), {"--format", format, "--jobs", "2"});
    std::ostringstream out, err;
    Terminal terminal{out, err};
    const auto status = static_cast<int>(run(arguments, terminal));
    return {status, format == "json" ? nlohmann::json::parse(out.str(), nullptr, false) : nlohmann::json(), out.str(),
            err.str()};
}

using Lines = std::vector<std::string>;

TEST(Psk, EveryEngineFindsTheKeysOfEveryKindOfTarget) {
    const auto words = temporary("words", words_with("labpsk"));
    struct Case {
        std::string name;
        bool secret;
        Lines found;
    };
    const Case cases[] = {
        {"v1am_ok", false, {"responder HASH_R: psk_words line 700"}}, // HASH_I is encrypted in AM3
        {"v1am_ok", true, {"initiator AM3: psk_words line 700", "responder HASH_R: psk_words line 700"}},
        {"v1mm_ok", true, {"initiator MM5: psk_words line 700", "responder MM6: psk_words line 700"}},
        {"v1mm_3des_md5_ok", true, {"initiator MM5: psk_words line 700", "responder MM6: psk_words line 700"}},
        {"v1mm_badpsk", true, {"initiator MM5: psk_words line 700"}},
        {"v2_ok", true, {"initiator AUTH: psk_words line 700", "responder AUTH: psk_words line 700"}},
    };
    for (const std::string engine : {"avx512", "avx2", "portable"})
        for (const auto& [name, secret, found] : cases) {
            Arguments arguments{capture(name), "--wordlist", words, "--engine", engine, "--all"};
            if (secret) arguments.insert(arguments.end(), {"--dh-secret", shared_secret(name)});
            const auto ran = psk(arguments);
            if (ran.err.find("no engine") != std::string::npos) break; // not on this processor
            EXPECT_EQ(ran.status, 0) << name << ran.err;
            EXPECT_EQ(ran.found(), found) << name << " " << engine;
            EXPECT_EQ(ran.document["complete"], true);
            EXPECT_EQ(ran.out.find("labpsk"), std::string::npos) << "a key was shown";
        }
}

/// Ka opens MM5 and MM6; their HASHes need no g^xy (RFC 2409 5: prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | ID)).
TEST(Psk, FinishedKeysOfMainModeAreEnough) {
    const auto table = std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/secrets/ikev1-table.v1mm_ok.txt";
    const auto words = temporary("finished", words_with("labpsk"));
    const auto ran = psk({capture("v1mm_ok"), "--wordlist", words, "--secrets", table, "--all"});
    EXPECT_EQ(ran.found(), (Lines{"initiator HASH_I: psk_finished line 700", "responder HASH_R: psk_finished line 700"})) << ran.out << ran.err;
}

TEST(Psk, EachSideOfAMismatchHasItsOwnKey) {
    const auto words = temporary("both", words_with("wrongpsk") + "labpsk\n");
    const auto ran = psk({capture("v1mm_badpsk"), "--wordlist", words, "--dh-secret", shared_secret("v1mm_badpsk")});
    EXPECT_EQ(ran.found(), (Lines{"initiator MM5: psk_both line 1202", "responder INFO: psk_both line 700"}))
        << ran.out;
}

TEST(Psk, DhSecretsThatBelongToNoSaDoNotHinder) {
    const auto words = temporary("words", words_with("labpsk"));
    const auto ran = psk({capture("v1mm_ok"), "--wordlist", words, "--dh-secret", shared_secret("v1mm_badpsk"),
                          "--dh-secret", shared_secret("v1mm_ok")});
    EXPECT_EQ(ran.found().size(), 2U) << ran.out;
}

TEST(Psk, WithoutTheKeyNothingIsFoundAndTheStatusIsFour) {
    const auto words = temporary("wrong", words_with("labpsK"));
    const auto ran = psk({capture("v1am_ok"), "--wordlist", words});
    EXPECT_EQ(ran.status, 4);
    EXPECT_TRUE(ran.found().empty());
    EXPECT_EQ(ran.document["candidates"], 1201);
}

TEST(Psk, MasksRulesAndEndings) {
    const auto am = capture("v1am_ok");
    const auto line = [&](Arguments more) {
        more.insert(more.begin(), am);
        const auto ran = psk(more);
        return ran.found().empty() ? ran.out + ran.err : ran.found()[0];
    };
    EXPECT_EQ(line({"--mask", "lab?l?l?l"}),
              "responder HASH_R: mask lab?l?l?l, number 7244"); // p=15, s=18, k=10: 15+26*18+676*10+1
    EXPECT_EQ(line({"--mask", "?1?2?1?2sk", "-1", "lb", "-2", "ap"}), "responder HASH_R: mask ?1?2?1?2sk, number 13");
    const auto words = temporary("short", "nothing\nkspBAL\nlab\n");
    const auto rules = temporary("rules", "# a comment\n:\nr $x ]\nr l\n");
    EXPECT_EQ(line({"--wordlist", words, "--rules", rules}), "responder HASH_R: psk_short line 2, rule 'r l'");
    EXPECT_EQ(line({"--wordlist", words, "--append", "p?l?l"}),
              "responder HASH_R: psk_short line 3, ending 279 of p?l?l");
    EXPECT_EQ(line({"--psk", "nothing", "--psk", "labpsk"}), "responder HASH_R: --psk #2");
}

TEST(Psk, KeysAreShownOnlyWhenAskedFor) {
    const auto words = temporary("words", words_with("labpsk"));
    EXPECT_EQ(psk({capture("v1am_ok"), "--wordlist", words}, "text").out.find("labpsk"), std::string::npos);
    EXPECT_NE(psk({capture("v1am_ok"), "--wordlist", words, "--show-secrets"}, "text")
                  .out.find("line 700: labpsk (proved by HASH_R"),
              std::string::npos);
    EXPECT_EQ(
        psk({capture("v1am_ok"), "--wordlist", words, "--show-secrets"}).document["targets"][0]["found"][0]["key"],
        "labpsk");
}

/// The AM2 of the capture with HASH_R under another key; `fields` are those of psk-crack, which computes it so, too.
std::string capture_with_key(const std::string& key) {
    auto line = file_text(lab + "v1am_ok/pskcrack.txt");
    line.resize(line.find_last_not_of("\r\n") + 1);
    std::vector<Buffer> fields; // g_xr g_xi cky_r cky_i sai_b idir_b ni_b nr_b hash_r
    std::istringstream in(line);
    for (std::string field; std::getline(in, field, ':');) fields.push_back(*parse_hex(field));
    const auto skeyid = crypto::hmac(crypto::HashId::sha1, bytes_of(key), {fields[6], fields[7]});
    const auto hash =
        crypto::hmac(crypto::HashId::sha1, skeyid, {fields[0], fields[1], fields[2], fields[3], fields[4], fields[5]});
    auto bytes = file_text(capture("v1am_ok"));
    const auto at = std::search(bytes.begin(), bytes.end(), fields[8].begin(), fields[8].end(),
                                [](char a, Byte b) { return static_cast<Byte>(a) == b; });
    EXPECT_NE(at, bytes.end());
    std::copy(hash.begin(), hash.end(), at);
    return bytes;
}

TEST(Psk, KeysOfAnyLengthAreFound) {
    for (const std::size_t size : {1U, 3U, 55U, 63U, 64U, 65U, 80U, 128U, 1000U}) {
        const std::string key = "K" + std::string(size - 1, 'x');
        const auto pcap = temporary("long.pcap", capture_with_key(key));
        const auto words = temporary("long", words_with(key));
        EXPECT_EQ(psk({pcap, "--wordlist", words}).found(), Lines{"responder HASH_R: psk_long line 700"}) << size;
    }
}

TEST(Psk, WordsInHexadecimal) {
    const auto pcap = temporary("zero.pcap", capture_with_key(std::string("a\0\n\xff", 4)));
    const auto words = temporary("hex", "x\n$HEX[61000aff]\n$HEX[zz]\n$HEX[\n");
    EXPECT_EQ(psk({pcap, "--wordlist", words}).found(), Lines{"responder HASH_R: psk_hex line 2"});
}

TEST(Psk, ASearchGoesOnWhereItWasAndKnowsWhatItFound) {
    const auto session = temporary("session", "");
    std::filesystem::remove(session);
    const auto words = temporary("resume", words_with("wrongpsk") + "labpsk\n");
    const Arguments search{capture("v1mm_badpsk"),       "--wordlist", words,  "--dh-secret",
                           shared_secret("v1mm_badpsk"), "--session",  session};
    const auto whole = psk(search);
    EXPECT_EQ(whole.found().size(), 2U) << whole.err;
    const auto again = psk(search);
    auto sorted = [](Lines lines) { return std::ranges::sort(lines), lines; };
    EXPECT_EQ(sorted(again.found()), sorted(whole.found())) << again.err;
    EXPECT_EQ(file_text(session).find("labpsk"), std::string::npos) << "a key is in the session file";

    auto other = search;
    other[2] = temporary("resume2", "x\n");
    const auto refused = psk(other);
    EXPECT_EQ(refused.status, 1);
    EXPECT_NE(refused.err.find("belongs to another search"), std::string::npos) << refused.err;
    temporary("session", "nonsense");
    EXPECT_NE(psk(search).err.find("is no session"), std::string::npos);
}

TEST(Psk, WrongUsageIsSaid) {
    const auto am = capture("v1am_ok");
    const std::pair<Arguments, std::string> cases[] = {
        {{am}, "there is nothing to try"},
        {{am, "--mask", "?l?"}, "ends with a single ?"},
        {{am, "--mask", "?q"}, "has no set ?q"},
        {{am, "--mask", "?1"}, "there is no option -1"},
        {{am, "--mask", "?b?b?b?b?b?b?b?b"}, "more than 2^63"},
        {{am, "--mask", "?d", "--engine", "gpu"}, "no engine 'gpu'"},
        {{am, "--rules", temporary("bad", "l\n$1 W\n"), "--wordlist", am},
         "line 2, column 4: the function 'W' is unknown"},
        {{am, "--rules", temporary("good", "l\n")}, "give --wordlist or --stdin"},
        {{am, "--stdin", "--session", "x"}, "cannot go on in standard input"},
    };
    for (const auto& [arguments, sentence] : cases) {
        const auto ran = psk(arguments);
        EXPECT_EQ(ran.status, 1) << sentence;
        EXPECT_NE(ran.err.find(sentence), std::string::npos) << ran.err;
    }
}

TEST(Psk, InputThatCannotBeReadIsSaidBeforeTheSearch) {
    const auto am = capture("v1am_ok");
    const auto word = temporary("word", "labpsk\n");
    const std::pair<Arguments, std::string> cases[] = {
        {{am, "--wordlist", "/nowhere"}, "/nowhere: No such file"},
        {{am, "--wordlist", "/"}, "is no file that can be read in parts"},
        {{am, "--wordlist", lab + "v1am_ok/a.l4.log.gz"}, "is compressed; use zcat"},
        {{am, "--wordlist", word, "--session", "/nowhere/session"}, "the session cannot be kept there"},
    };
    for (const auto& [arguments, sentence] : cases) {
        const auto ran = psk(arguments);
        EXPECT_EQ(ran.status, 2) << sentence;
        EXPECT_NE(ran.err.find(sentence), std::string::npos) << ran.err;
        EXPECT_EQ(ran.out.find("labpsk"), std::string::npos) << ran.out;
    }
    const auto nothing = psk({am, "--wordlist", temporary("empty", "")});
    EXPECT_EQ(nothing.status, 4);
    EXPECT_NE(nothing.err.find("there was no candidate to try"), std::string::npos) << nothing.err;
}

/// A search in a process of its own, which can be interrupted and killed.
class Process {
public:
    Process(Arguments arguments, std::string output) : output_(std::move(output)) {
        arguments.insert(arguments.begin(), "psk");
        arguments.insert(arguments.end(), {"--format", "json", "--jobs", "2"});
        id_ = fork();
        if (id_ != 0) return;
        std::ofstream out(output_), err(output_ + ".err");
        Terminal terminal{out, err};
        const auto status = static_cast<int>(run(arguments, terminal));
        out.close();
        err.close();
        _exit(status);
    }
    ~Process() {
        if (waited_) return;
        send(SIGKILL);
        wait();
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    void send(int signal) const { kill(id_, signal); }
    /// Its exit status; nothing when a signal ended it.
    std::optional<int> wait() {
        int status = 0;
        waitpid(id_, &status, 0);
        waited_ = true;
        return WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
    }
    /// Has it ended by itself?
    bool ended() const {
        siginfo_t facts{};
        return waitid(P_PID, static_cast<id_t>(id_), &facts, WEXITED | WNOHANG | WNOWAIT) == 0 && facts.si_pid == id_;
    }
    nlohmann::json document() const { return nlohmann::json::parse(file_text(output_), nullptr, false); }
    std::string errors() const { return file_text(output_ + ".err"); }

private:
    std::string output_;
    pid_t id_ = 0;
    bool waited_ = false;
};

/// A search through a long list: the right word stands at many places of it, and --all finds each of them, so that
/// nothing is skipped unseen.
struct LongSearch {
    static constexpr std::size_t planted = 100, endings = 100;
    std::size_t words;
    std::string name, session;
    Arguments arguments;

    LongSearch(const std::string& what, std::size_t at_least) : words(at_least / planted * planted), name(what) {
        std::string list;
        for (std::size_t i = 1; i <= words; ++i)
            list +=
                i % (words / planted) == 0 ? "lab-psk-20\n" : "word" + std::to_string(i) + "\n"; // and 26 of --append
        session = temporary(name + "-session", "");
        std::filesystem::remove(session);
        arguments = {capture("v2_dpd"),
                     "--dh-secret",
                     shared_secret("v2_dpd"),
                     "--wordlist",
                     temporary(name + "-words", list),
                     "--append",
                     "?d?d",
                     "--all",
                     "--session",
                     session};
    }
    Process begin() const { return {arguments, temporary(name + "-out", "")}; }

    /// How many units the session file says are done; 0 without one. The file is whole at any time.
    std::uint64_t done() const {
        if (!std::filesystem::exists(session)) return 0;
        const auto checkpoint = nlohmann::json::parse(file_text(session), nullptr, false);
        EXPECT_FALSE(checkpoint.is_discarded()) << "half a session file";
        if (checkpoint.is_discarded()) return 0;
        const auto& place = checkpoint["done_before"]; // behind the last unit it is the next source
        return place["source"] > 0 ? ~std::uint64_t{0} : place["unit"].get<std::uint64_t>();
    }
    /// Waits until more is done than `before`; false when the search ends instead.
    bool goes_on(const Process& process, std::uint64_t before) const {
        while (!process.ended()) {
            if (done() > before) return !process.ended();
            std::this_thread::sleep_for(std::chrono::milliseconds(20));
        }
        return false;
    }
    void expect_nothing_skipped(const Process& process) const {
        const auto document = process.document();
        ASSERT_FALSE(document.is_discarded());
        EXPECT_EQ(document["complete"], true);
        EXPECT_GE(document["candidates"], words * endings);
        for (const auto& target : document["targets"]) {
            std::set<std::string> places;
            for (const auto& key : target["found"]) places.insert(key["source"].get<std::string>());
            EXPECT_EQ(places.size(), planted) << target["side"];
            EXPECT_EQ(target["found"].size(), planted) << "twice: " << target["side"];
        }
        EXPECT_EQ(document["targets"].size(), 2U);
    }
};

// However fast the machine is: a search that is over before it can be stopped is made longer.
TEST(Psk, ASearchThatIsKilledGoesOnFromItsLastCheckpoint) {
    for (std::size_t words = 20'000; words <= 6'000'000; words *= 4) {
        const LongSearch search("killed", words);
        auto first = search.begin();
        if (!search.goes_on(first, 0)) continue;
        first.send(SIGKILL);
        if (first.wait()) continue; // it was over just then
        EXPECT_GT(search.done(), 0U);

        auto second = search.begin();
        EXPECT_EQ(second.wait(), 0) << second.errors();
        search.expect_nothing_skipped(second);
        return;
    }
    FAIL() << "no search was long enough";
}

TEST(Psk, ASearchThatIsInterruptedAgainAndAgainSkipsNothing) {
    for (std::size_t words = 40'000; words <= 6'000'000; words *= 4) {
        const LongSearch search("interrupted", words);
        int interruptions = 0;
        for (std::uint64_t done = 0;;) {
            auto process = search.begin();
            if (interruptions < 3 && search.goes_on(process, done)) process.send(SIGINT);
            if (!process.wait()) break; // the interrupt came when the search was over already
            const auto document = process.document();
            ASSERT_FALSE(document.is_discarded()) << process.errors();
            if (document["complete"] == true) {
                if (interruptions > 1) search.expect_nothing_skipped(process);
                break;
            }
            ++interruptions;
            EXPECT_NE(process.errors().find("interrupted; the same command goes on from"), std::string::npos)
                << process.errors();
            EXPECT_GT(search.done(), done);
            done = search.done();
        }
        if (interruptions > 1) return;
    }
    FAIL() << "no search was long enough";
}

TEST(Psk, WhatCannotBeTestedIsSaidWithTheReason) {
    EXPECT_NE(psk({capture("v1mm_ok"), "--mask", "?d"}, "text")
                  .out.find("key of the initiator: its messages need a Diffie-Hellman secret"),
              std::string::npos);
    const auto ran = psk({capture("v2_ok"), "--mask", "?d"});
    EXPECT_EQ(ran.status, 4);
    EXPECT_NE(ran.document["untestable"][0]["reason"].get<std::string>().find("its AUTH needs the Diffie-Hellman secret"),
              std::string::npos)
        << ran.out;
}

TEST(Psk, WhoAuthenticatesWithoutAPreSharedKeyIsNotTested) {
    const auto reasons = [](const std::string& name) {
        const auto ran = psk({capture(name), "--secrets", lab + name + "/" + name + ".keys", "--mask", "?d"});
        EXPECT_EQ(ran.status, 4);
        EXPECT_TRUE(ran.document["targets"].empty()) << ran.out;
        Lines all;
        for (const auto& side : ran.document["untestable"]) all.push_back(side["reason"]);
        return all;
    };
    const std::string eap = "it authenticates with EAP; its AUTH is made from the MSK", signature = "it authenticates with a signature";
    EXPECT_EQ(reasons("v2_eap_mschapv2"), (Lines{eap, eap}));
    EXPECT_EQ(reasons("v2_rsa"), (Lines{signature, signature}));
}

/// RFC 8784: SK_p of AUTH is mixed with the post-quantum key; NO_PPK_AUTH is not.
TEST(Psk, AKeyBesideAPostQuantumOneIsFoundWithThatOne) {
    const auto words = temporary("ppk", "other\nlab-psk-2026\n");
    const auto with = [&](const std::string& name, bool ppk) {
        auto keys = file_text(lab + name + "/" + name + ".keys");
        keys.erase(keys.find("[[psk]]"), keys.find("[[dh]]") - keys.find("[[psk]]"));
        if (!ppk) keys.resize(keys.find("[[ppk]]"));
        return psk({capture(name), "--secrets", temporary(name + ".toml", keys), "--wordlist", words, "--all"});
    };
    EXPECT_EQ(with("v2_ppk", true).found(), (Lines{"initiator AUTH: psk_ppk line 2", "responder AUTH: psk_ppk line 2"}));
    auto both = with("v2_ppk_optional", true).found();
    std::ranges::sort(both);
    EXPECT_EQ(both, (Lines{"initiator AUTH: psk_ppk line 2", "initiator NO_PPK_AUTH: psk_ppk line 2", "responder AUTH: psk_ppk line 2"}));
    const auto without = with("v2_ppk", false);
    EXPECT_NE(without.document["untestable"][0]["reason"].get<std::string>().find("post-quantum pre-shared key"), std::string::npos) << without.out;
    const auto alone = with("v2_ppk_optional", false);
    EXPECT_EQ(alone.found(), (Lines{"initiator NO_PPK_AUTH: psk_ppk line 2"}));
    EXPECT_EQ(alone.document["untestable"].size(), 1U);
}

}} // namespace ikescope::cli
