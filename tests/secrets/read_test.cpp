// Readers of secrets: lines as charon, Wireshark and people write them.

#include "secrets/read.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace ikescope::secrets {
namespace {

std::string hex_of(const Secret& secret) { return hex(secret.reveal()); }
std::string text_of_secret(const Secret& secret) { return std::string(text_of(secret.reveal())); }

// A dump of strongSwan 5.9.8 (pcaps/lab/v1mm_ok) whose text column looks like hexadecimal is not rare: the last row here
// has been given one.
constexpr const char* skeyid_log =
    "Nov 23 16:59:54 14[IKE] <lab|6> SKEYID => 20 bytes @ 0x7f0920004de0\n"
    "Nov 23 16:59:54 14[IKE] <lab|6>    0: 78 C2 8D 55 4E DC 5C BC 38 FC 7E 06 27 A8 DB B5  x..UN.\\.8.~.'...\n"
    "Nov 23 16:59:54 14[IKE] <lab|6>   16: 8C 50 55 EB                                      AA BB CC\n";

TEST(Charon, ADump) {
    Store store;
    const auto report = read_secrets(skeyid_log, "log-a", store);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->format, "charon log");
    ASSERT_EQ(store.ikev1_keys.size(), 1U);
    EXPECT_EQ(hex_of(store.ikev1_keys[0].value), "78c28d554edc5cbc38fc7e0627a8dbb58c5055eb");
    EXPECT_EQ(store.ikev1_keys[0].form, Ikev1Key::Form::skeyid);
    EXPECT_TRUE(store.ikev1_keys[0].any_sa);
    EXPECT_EQ(store.ikev1_keys[0].origin.text, "log-a line 1");
}

TEST(Charon, ThreadsInterleave) {
    Store store;
    const std::string log = "14[IKE] <6> SKEYID => 4 bytes @ 0x1\n"
                            "15[IKE] <7> encryption key Ka => 3 bytes @ 0x2\n"
                            "14[IKE] <6>    0: 01 02 03 04  ....\n"
                            "15[IKE] <7>    0: 0A 0B 0C  ...\n";
    ASSERT_TRUE(read_secrets(log, "x", store));
    ASSERT_EQ(store.ikev1_keys.size(), 2U);
    EXPECT_EQ(hex_of(store.ikev1_keys[0].value), "01020304");
    EXPECT_EQ(hex_of(store.ikev1_keys[1].value), "0a0b0c");
    EXPECT_EQ(store.ikev1_keys[1].form, Ikev1Key::Form::ka);
}

TEST(Charon, PrefixesOfSyslogLevelsAndJournal) {
    const char* heads[] = {"Nov 23 16:59:54 gw charon[812]: 14[IKE] <lab|6> ", "17:30:58.426 13[IKE] ", "14[IKE4] <12> ", "    "};
    for (const std::string head : heads) {
        Store store;
        const auto log = head + "shared Diffie Hellman secret => 2 bytes @ 0x1\r\n" + head + "   0: AB CD    ..\r\n";
        ASSERT_TRUE(read_secrets(log, "x", store)) << head;
        ASSERT_EQ(store.dh.size(), 1U) << head;
        EXPECT_EQ(hex_of(store.dh[0].value), "abcd");
    }
    Store store;
    ASSERT_TRUE(read_secrets("05[IKE] <1> key exchange secret => 1 bytes @ 0x1\n05[IKE] <1>    0: 07  .\n", "since 6.0", store));
    EXPECT_EQ(store.dh.size(), 1U);
}

/// What charon logs by syslog ends in the journal with thread and SA in its text, a line of a dump a record.
TEST(Charon, TheJournalOfWhatCameBySyslog) {
    const std::string lines[] = {"16[IKE] <lab|1> shared Diffie Hellman secret => 2 bytes @ 0x1", "16[IKE] <lab|1>    0: AB CD    .."};
    for (const bool pretty : {false, true}) {
        const std::string gap = pretty ? "\n\t" : " ", end = pretty ? "\n}\n" : " }\n";
        std::string log;
        for (const auto& line : lines) log += "{" + gap + R"("SYSLOG_IDENTIFIER" : "charon",)" + gap + R"("MESSAGE" : ")" + line + "\"" + end;
        Store store;
        ASSERT_TRUE(read_secrets(log, "x", store)) << log;
        ASSERT_EQ(store.dh.size(), 1U) << log;
        EXPECT_EQ(hex_of(store.dh[0].value), "abcd");
    }
}

TEST(Charon, BrokenDumpsAreNamedAndPassedOver) {
    Store store;
    const auto report = read_secrets("14[IKE] <6> SKEYID => 20 bytes @ 0x1\n14[IKE] <6>    0: 01 02\n14[IKE] <6> SKEYID_d => (nil)\n", "x", store);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->found(), 0U);
    ASSERT_FALSE(report->notes.empty());
    EXPECT_NE(report->notes[0].find("x line 1"), std::string::npos);
}

TEST(Charon, TheSameSecretOfBothLogsIsOne) {
    Store store;
    for (const char* name : {"a", "b"})
        ASSERT_TRUE(read_secrets("01[IKE] shared Diffie Hellman secret => 1 bytes @ 0x1\n01[IKE]    0: 07  .\n", name, store));
    EXPECT_EQ(store.dh.size(), 1U);
}

bool says(const Report& report, std::string_view words) {
    return std::ranges::any_of(report.notes, [&](const auto& note) { return note.find(words) != std::string::npos; });
}

TEST(Charon, ALogWhoseSecretsAreKnownAlreadyIsNotCalledEmpty) {
    Store store;
    for (const char* name : {"a", "b"}) {
        const auto report = read_secrets(skeyid_log, name, store);
        ASSERT_TRUE(report);
        EXPECT_TRUE(report->notes.empty()) << name;
    }
}

TEST(Charon, WhyThereIsNothing) {
    const std::string dump = "14[ENC] <6> natd_hash => 2 bytes @ 0x1\n14[ENC] <6>    0: 01 02  ..\n";
    const std::pair<std::string, const char*> logs[] = {
        {"14[IKE] <6> received NO_PROPOSAL_CHOSEN notify error\n", "charon prints it at level 4 only"},
        {dump + "14[IKE] <6> received NO_PROPOSAL_CHOSEN notify error\n", "no IKE_SA came as far as making keys"},
        {dump + "14[IKE] <6> IKE_SA lab[6] established between 10.0.0.1[a]...10.0.0.2[b]\n", "charon prints it at level 4 only"},
        {"THREAD=14\nMESSAGE=SKEYID => 20 bytes @ 0x1\nMESSAGE=   0: 01\n", "-o short or -o json"},
    };
    for (const auto& [log, words] : logs) {
        Store store;
        const auto report = read_secrets(log, "x", store);
        ASSERT_TRUE(report) << log;
        EXPECT_TRUE(says(*report, words)) << log;
    }
}

// One syslog of two hosts: threads and SAs have the same numbers.
TEST(Charon, DaemonsAreToldApart) {
    const std::string a = "Nov 23 16:59:54 gwa charon[100]: ", b = "Nov 23 16:59:54 gwb charon[200]: ";
    Store store;
    const auto report = read_secrets(a + "14[IKE] <6> SKEYID => 4 bytes @ 0x1\n" + b +
                                         "14[IKE] <6> encryption key Ka => 3 bytes @ 0x2\n" + a +
                                         "14[IKE] <6>    0: 01 02 03 04  ....\n" + b + "14[IKE] <6>    0: 0A 0B 0C  ...\n",
                                     "x", store);
    ASSERT_TRUE(report);
    EXPECT_TRUE(report->notes.empty());
    ASSERT_EQ(store.ikev1_keys.size(), 2U);
    EXPECT_EQ(hex_of(store.ikev1_keys[0].value), "01020304");
    EXPECT_EQ(hex_of(store.ikev1_keys[1].value), "0a0b0c");
}

// Without the name of a host the time stands before the daemon; it may change within a dump.
TEST(Charon, ATimeIsNoPartOfADaemonsName) {
    for (const std::string host : {"", "gw "}) {
        Store store;
        const auto at = [&](const char* second, const char* text) {
            return "Nov 23 16:59:" + std::string(second) + " " + host + "charon: 14[IKE] <6> " + text + "\n";
        };
        ASSERT_TRUE(read_secrets(at("54", "SKEYID => 2 bytes @ 0x1") + at("55", "   0: 01 02  .."), "x", store));
        EXPECT_EQ(store.ikev1_keys.size(), 1U) << host;
    }
}

TEST(Charon, AChildWithoutItsEncryptionKeyIsPassedOver) {
    const auto log = [](const char* cipher) {
        return "14[CHD] <6>   using " + std::string(cipher) +
               " for encryption\n"
               "14[CHD] <6>   using HMAC_SHA1_96 for integrity\n"
               "14[CHD] <6> responder SA seed => 5 bytes @ 0x1\n14[CHD] <6>    0: 03 C0 FF EE 01  .....\n"
               "14[CHD] <6> integrity responder key => 2 bytes @ 0x1\n14[CHD] <6>    0: 01 02  ..\n"
               "14[CHD] <6> adding inbound ESP SA\n"
               "14[CHD] <6>   SPI 0xc0ffee01, src 10.77.0.2 dst 10.77.0.1\n";
    };
    Store store;
    const auto report = read_secrets(log("AES_CBC"), "x", store);
    ASSERT_TRUE(report);
    EXPECT_TRUE(store.esp_keys.empty());
    EXPECT_TRUE(says(*report, "x line 5: the encryption key of this ESP SA is not in it"));
    ASSERT_TRUE(read_secrets(log("NULL"), "x", store));
    EXPECT_EQ(store.esp_keys.size(), 1U) << "NULL has none";
}

TEST(Charon, JsonOverSeveralLinesAndTheUnitsName) {
    const std::string row = "SKEYID => 2 bytes @ 0x1\\n   0: 01 02  ..";
    const std::string unit = "Mon 2026-11-23 16:59:54 UTC gw strongswan.service[812]: ";
    const std::string logs[] = {
        "{\n\t\"MESSAGE\" : \"" + row + "\",\n\t\"THREAD\" : \"14\"\n}\n",
        "[\n{\n  \"thread\": 14,\n  \"group\": \"IKE\",\n  \"msg\": \"" + row + "\"\n},\n{\n  \"msg\": \"x\"\n}\n]\n",
        "[{\"MESSAGE\": \"" + row + "\", \"_COMM\": \"charon\"},\n{\"MESSAGE\": \"x\"}]\n",
        unit + "SKEYID => 2 bytes @ 0x1\n" + unit + "   0: 01 02  ..\n",
    };
    for (const auto& log : logs) {
        Store store;
        const auto report = read_secrets(log, "x", store);
        ASSERT_TRUE(report) << log;
        EXPECT_TRUE(report->notes.empty()) << log;
        ASSERT_EQ(store.ikev1_keys.size(), 1U) << log;
        EXPECT_EQ(hex_of(store.ikev1_keys[0].value), "0102");
    }
}

TEST(Toml, AllKinds) {
    Store store;
    const auto report = read_secrets(R"(# made by hand
format = "ikescope-secrets/1"
[[psk]]
name = "keyring1 of R1"
key = "cisco "
[[psk]]
hex = "00ff"
[[dh]]
shared = "0x01:02 03"
comment = "log-a line 147"
[[dh]]
private = "0a0b"
initiator_spi = "f8df968f0944b01c"
[[ikev1]]
initiator_cookie = "f8df968f0944b01c"
ka = "8fd7035c21263440573f421dc2bacc2b"
[other]
x = 1
)", "r1.keys", store);
    ASSERT_TRUE(report) << report.error().sentence;
    ASSERT_EQ(store.psks.size(), 2U);
    EXPECT_EQ(text_of_secret(store.psks[0].key), "cisco ");
    EXPECT_EQ(store.psks[0].origin.text, "keyring1 of R1");
    EXPECT_EQ(hex_of(store.psks[1].key), "00ff");
    EXPECT_EQ(store.psks[1].origin.text, "r1.keys line 6");
    ASSERT_EQ(store.dh.size(), 2U);
    EXPECT_EQ(hex_of(store.dh[0].value), "010203");
    EXPECT_EQ(store.dh[0].origin.text, "log-a line 147");
    EXPECT_EQ(store.dh[1].form, DhSecret::Form::private_value);
    EXPECT_TRUE(store.dh[1].initiator_spi);
    ASSERT_EQ(store.ikev1_keys.size(), 1U);
    EXPECT_FALSE(store.ikev1_keys[0].any_sa);
    ASSERT_EQ(report->notes.size(), 1U);
    EXPECT_NE(report->notes[0].find("`other`"), std::string::npos);
}

TEST(Toml, ErrorsSayWhereAndAddNothing) {
    const std::pair<const char*, const char*> wrong[] = {
        {"format = \"ikescope-secrets/1\"\n[[psk]]\nkey = \"a\"\n[[psk]]\nname = \"x\"\n", "x.keys line 4: [[psk]] number 2: needs `key` or `hex`"},
        {"format = \"ikescope-secrets/1\"\n[[dh]]\nshared = \"0g\"\n", "x.keys line 2: [[dh]] number 1: shared: character 2 is no hexadecimal digit"},
        {"format = \"ikescope-secrets/1\"\npsk = 3\n", "`psk` must be an array of tables"},
        {"format = \"ikescope-secrets/1\"\n[[psk]\n", "x.keys line 2: "},
        {"format = \"ikescope-secrets/2\"\n", "reads no other"},
    };
    for (const auto& [text, sentence] : wrong) {
        Store store;
        const auto report = read_secrets(text, "x.keys", store);
        ASSERT_FALSE(report) << text;
        EXPECT_NE(report.error().sentence.find(sentence), std::string::npos) << report.error().sentence;
        EXPECT_TRUE(store.empty());
    }
}

TEST(Wireshark, Ikev1Table) {
    Store store;
    const auto report = read_secrets("# made by Wireshark\n\"f8df968f0944b01c\",\"8fd7035c21263440573f421dc2bacc2b\"\nf8df968f0944b01d,0102\nx\n", "t", store);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->format, "Wireshark IKEv1 decryption table");
    ASSERT_EQ(store.ikev1_keys.size(), 2U);
    EXPECT_EQ(hex(store.ikev1_keys[0].initiator_cookie), "f8df968f0944b01c");
    EXPECT_EQ(hex_of(store.ikev1_keys[0].value), "8fd7035c21263440573f421dc2bacc2b");
    EXPECT_EQ(report->notes.size(), 1U);
}

TEST(PskFile, BlanksBelongToKeys) {
    Store store;
    const auto report = read_psk_file("cisco\r\n\ncisco \n#hash\n", "f", store);
    ASSERT_EQ(store.psks.size(), 3U);
    EXPECT_EQ(text_of_secret(store.psks[0].key), "cisco");
    EXPECT_EQ(text_of_secret(store.psks[1].key), "cisco ");
    EXPECT_EQ(text_of_secret(store.psks[2].key), "#hash");
    EXPECT_EQ(store.psks[1].origin.text, "f line 3");
    EXPECT_EQ(report.notes.size(), 2U);
}

TEST(Read, UnknownFormatsAreRefusedWithAdvice) {
    using namespace std::string_view_literals;
    constexpr std::pair<std::string_view, std::string_view> wrong[] = {
        {"", "file: the file is empty"},
        {"hello\n", "--psk-file"},
        {"\x7f\x45\x4c\x46", "file is a program"},
        {"\xd4\xc3\xb2\xa1\x02\0"sv, "file is a capture, not a log or a file of secrets"},
        {"\x1f\x8b\x08", "unpack it first (gzip -dk)"},
        {"__CURSOR=s=1\nMESSAGE=x\n", "write it with -o short or -o json"},
        {"a\0\0\0b"sv, "file: it is no text"},
    };
    for (const auto& [text, sentence] : wrong) {
        Store store;
        const auto report = read_secrets(text, "file", store);
        ASSERT_FALSE(report);
        EXPECT_NE(report.error().sentence.find(sentence), std::string::npos) << report.error().sentence;
        EXPECT_TRUE(store.empty());
    }
}

TEST(Read, HexadecimalFromTheCommandLine) {
    EXPECT_EQ(hex_of(*secret_from_hex("0xDE:AD be-ef", "--dh-secret")), "deadbeef");
    EXPECT_NE(secret_from_hex("abc", "--dh-secret").error().sentence.find("two digits"), std::string::npos);
    EXPECT_NE(secret_from_hex("abzz", "--dh-secret").error().sentence.find("character 3"), std::string::npos);
    EXPECT_FALSE(secret_from_hex("", "--dh-secret"));
}

TEST(Read, FilesThatOthersCanReadAreNoticed) {
    const auto path = testing::TempDir() + "secrets_exposed";
    std::ofstream(path) << "x";
    std::filesystem::permissions(path, std::filesystem::perms::owner_read);
    EXPECT_FALSE(exposed(path));
    std::filesystem::permissions(path, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
    EXPECT_TRUE(exposed(path));
    std::filesystem::remove(path);
    EXPECT_FALSE(exposed(path));
}

} // namespace
} // namespace ikescope::secrets
