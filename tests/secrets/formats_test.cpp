// Formats of other programs: what their files give, and the traps in them. That the keys open captures is shown in
// tests/session/secret_files_test.cpp.

#include "secrets/read.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sstream>

namespace ikescope::secrets { namespace {

std::string hex_of(const Secret& secret) { return hex(secret.reveal()); }

std::string sample(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/secrets/" + name, std::ios::binary).rdbuf();
    EXPECT_FALSE(text.str().empty()) << name;
    return text.str();
}

struct Read {
    Store store;
    Report report;
};
Read read(std::string_view text) {
    Read result;
    auto report = read_secrets(text, "x", result.store);
    EXPECT_TRUE(report) << (report ? "" : report.error().sentence);
    if (report) result.report = std::move(*report);
    return result;
}

const EspKey* with_spi(const Store& store, std::uint32_t spi) {
    for (const auto& key : store.esp_keys)
        if (key.spi == spi) return &key;
    return nullptr;
}

// What charon logged for the two directions of v1mm_ok (pcaps/lab/v1mm_ok/v1mm_ok.truth.json).
constexpr std::uint32_t to_responder = 0xb3672715, to_initiator = 0x7c1098ca;
constexpr std::string_view initiators[] = {"5cc2e2ab52a64432c25469b652b7628d",
                                           "2ceead3ebe72568bd49a347e84f559e13dae4233"};
constexpr std::string_view responders[] = {"d8a81105cd62db7c0c8f2e1154b5e0a1",
                                           "851c58bcebf06819946b440630da2f3e74f5410e"};

void expect_esp(const Store& store, std::uint32_t spi, const std::string_view (&keys)[2], bool integrity = true) {
    const auto* key = with_spi(store, spi);
    ASSERT_TRUE(key);
    EXPECT_EQ(key->encryption, 12);
    EXPECT_EQ(key->key_bits, 128);
    EXPECT_EQ(hex_of(key->encryption_key), keys[0]);
    EXPECT_EQ(key->integrity, integrity ? 2 : 0);
    EXPECT_EQ(hex_of(key->integrity_key), integrity ? keys[1] : "");
    ASSERT_TRUE(key->destination);
    EXPECT_EQ(key->destination->text(), spi == to_responder ? "10.77.0.2" : "10.77.0.1");
}

TEST(Esp, BothDirectionsOutOfEverySource) {
    for (const auto* name : {"setkey.txt", "esp_sa.txt", "fortigate-tunnel.txt", "journal-short.v1mm_ok.log",
                             "journal-json.v1mm_ok.log", "tcpdump-esp.txt"}) {
        SCOPED_TRACE(name);
        const auto [store, report] = read(sample(name));
        EXPECT_EQ(report.esp_keys, 2U);
        EXPECT_TRUE(report.notes.empty());
        const bool integrity = std::string_view(name) != "tcpdump-esp.txt";
        expect_esp(store, to_responder, initiators, integrity);
        expect_esp(store, to_initiator, responders, integrity);
    }
}

TEST(Esp, KernelsList) {
    const auto [store, report] = read(sample("xfrm.txt"));
    EXPECT_EQ(report.format, "ip xfrm state");
    ASSERT_EQ(store.esp_keys.size(), 2U);
    expect_esp(store, to_responder, initiators);
    EXPECT_EQ(store.esp_keys[0].esn, false);
    EXPECT_EQ(store.esp_keys[0].origin.text, "x line 1");
    const auto& aead = store.esp_keys[1];
    EXPECT_EQ(aead.encryption, 20);
    EXPECT_EQ(aead.key_bits, 256);
    EXPECT_EQ(aead.encryption_key.size(), 36U);
    EXPECT_EQ(aead.esn, true);
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_NE(report.notes[0].find("x line 14: no key is listed"), std::string::npos) << report.notes[0];
    const auto strange = read("src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0x00000001 reqid 1 mode tunnel\n\tauth-trunc "
                              "hmac(sha256) 0x00 100\n\tenc cbc(aes) 0x00\n");
    EXPECT_TRUE(strange.store.esp_keys.empty());
    ASSERT_EQ(strange.report.notes.size(), 1U);
    EXPECT_NE(strange.report.notes[0].find("line 3: hmac(sha256) with 100 bits"), std::string::npos);
}

TEST(Esp, KernelsListWithStatistics) { // ip -s xfrm state
    const std::string auth = "0x2ceead3ebe72568bd49a347e84f559e13dae4233", enc = "0x5cc2e2ab52a64432c25469b652b7628d",
                      head = "src 10.77.0.1 dst 10.77.0.2\n\tproto esp spi 0xb3672715(3009881877) reqid 1(0x00000001) mode tunnel\n";
    const auto [store, report] = read(head + "\tauth-trunc hmac(sha1) " + auth + " (160 bits) 96\n\tenc cbc(aes) " + enc +
                                      " (128 bits)\n" + head + "\taead rfc4106(gcm(aes)) " + enc + "01020304 (160 bits) 96\n");
    EXPECT_TRUE(report.notes.empty());
    ASSERT_EQ(store.esp_keys.size(), 2U);
    EXPECT_EQ(store.esp_keys[0].spi, 0xb3672715U);
    EXPECT_EQ(store.esp_keys[0].integrity, 2);
    EXPECT_EQ("0x" + hex_of(store.esp_keys[0].integrity_key), auth);
    EXPECT_EQ("0x" + hex_of(store.esp_keys[0].encryption_key), enc);
    EXPECT_EQ(store.esp_keys[1].encryption, 19);
    EXPECT_EQ(store.esp_keys[1].encryption_key.size(), 20U);
}

TEST(Esp, Sha256OfTheKernelHas96Or128Bits) {
    const std::string head = "src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0x00000001 reqid 1 mode tunnel\n\t",
                      key = "0x" + std::string(64, '1'), enc = "\n\tenc cbc(aes) 0x5cc2e2ab52a64432c25469b652b7628d\n";
    for (const auto& [bits, number] : {std::pair(" 96", 1025), std::pair(" 128", 12)}) {
        const auto [store, report] = read(head + "auth-trunc hmac(sha256) " + key + bits + enc);
        ASSERT_EQ(store.esp_keys.size(), 1U) << bits;
        EXPECT_EQ(store.esp_keys[0].integrity, number);
    }
}

TEST(Esp, WhatTheKernelListsStrangelyIsTold) {
    const std::string head = "src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi ", rest = " reqid 1 mode tunnel\n\tauth-trunc hmac(sha1) ",
                      enc = " 96\n\tenc cbc(aes) 0x5cc2e2ab52a64432c25469b652b7628d\n";
    const std::tuple<std::string, std::string, std::size_t, std::string> rows[] = {
        {"0x1ffffffff", "0x" + std::string(40, '1'), 0, "line 2: '0x1ffffffff' is no SPI"},
        {"0x00000001", "0x" + std::string(39, '1'), 0, "line 3: the key of hmac(sha1) is no hexadecimal number"},
        {"0x00000001", "0x" + std::string(38, '1'), 1, "line 1: the key for AUTH_HMAC_SHA1_96 has 19 bytes, 20 are needed"},
    };
    for (const auto& [spi, key, count, words] : rows) {
        const auto [store, report] = read(head + spi + rest + key + enc);
        EXPECT_EQ(store.esp_keys.size(), count) << words;
        ASSERT_EQ(report.notes.size(), 1U) << words;
        EXPECT_NE(report.notes[0].find(words), std::string::npos) << report.notes[0];
    }
}

TEST(Esp, AKeyThatTheKernelDoesNotListIsSaidToBeMissing) {
    const std::string head = "src 10.0.0.1 dst 10.0.0.2\n\tproto esp spi 0x00000001 reqid 1 mode tunnel\n\t";
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"aead rfc4106(gcm(aes))  128\n", "the key of rfc4106(gcm(aes)) is missing"},
        {"aead rfc4106(gcm(aes)) <<Keys hidden>> 128\n", "the key of rfc4106(gcm(aes)) is missing"},
        {"auth-trunc hmac(sha1)  96\n\tenc cbc(aes) 0x00112233445566778899aabbccddeeff\n", "the key of hmac(sha1) is missing"},
        {"enc cbc(aes) \n", "the key of cbc(aes) is missing"},
    };
    for (const auto& [lines, words] : rows) {
        const auto [store, report] = read(head + std::string(lines));
        EXPECT_TRUE(store.esp_keys.empty()) << lines;
        ASSERT_EQ(report.notes.size(), 1U) << lines;
        EXPECT_NE(report.notes[0].find(words), std::string::npos) << report.notes[0];
    }
    const auto null = read(head + "auth-trunc hmac(sha1) 0x2ceead3ebe72568bd49a347e84f559e13dae4233 96\n\tenc ecb(cipher_null) \n");
    EXPECT_EQ(null.store.esp_keys.size(), 1U);
}

TEST(Esp, RolesOfIkev2ComeFromWhoBegan) {
    for (const auto& [name, role] : {std::pair("file-json.v2_ok.log", "a"), std::pair("syslog.v2_ok.log", "a")}) {
        (void)role;
        const auto [store, report] = read(sample(name));
        EXPECT_EQ(report.esp_keys, 2U) << name;
        const auto* out = with_spi(store, 0xe5fdad31);
        ASSERT_TRUE(out);
        EXPECT_EQ(hex_of(out->encryption_key), "95c960c5d2c0bddb31c0c07f9802c0c7");
        EXPECT_EQ(out->integrity, 12);
        EXPECT_EQ(out->destination->text(), "10.77.0.2");
    }
}

TEST(Tcpdump, TheSuffixSaysHowLongTheIcvIs) {
    const auto [store, report] = read("0x12345678@192.1.2.45 3des-cbc-hmac96:0x4043434545464649494a4a4c4c4f4f515152525454575758\n"
                                      "0x12345679@192.1.2.45 3des-hmac96:0x4043434545464649494a4a4c4c4f4f515152525454575758\n"
                                      "0x12345680@192.1.2.45 aes128-cbc:0x000102030405060708090a0b0c0d0e0f\n");
    EXPECT_TRUE(report.notes.empty());
    ASSERT_EQ(store.esp_keys.size(), 3U);
    for (const auto& key : store.esp_keys) {
        EXPECT_EQ(key.encryption, key.spi == 0x12345680U ? 12 : 3);
        EXPECT_EQ(key.unchecked_icv, key.spi == 0x12345680U ? 0 : 12);
        EXPECT_EQ(key.integrity, 0);
    }
}

TEST(Tcpdump, CommasStandBetweenEntriesOfTheCommandLine) {
    const std::string key = "aes128-cbc-hmac96:0x000102030405060708090a0b0c0d0e0f";
    for (const auto* comma : {",", ", "}) {
        const auto [store, report] = read("0x1001@192.0.2.2 " + key + comma + "0x1002@192.0.2.1 " + key + comma + key + "\n");
        EXPECT_TRUE(report.notes.empty());
        ASSERT_EQ(store.esp_keys.size(), 3U);
        EXPECT_TRUE(with_spi(store, 0x1002));
        EXPECT_FALSE(store.esp_keys[2].spi);
    }
    const auto [store, report] = read("0x1001@192.0.2.2 aes128-cbc:commas,in,a,key!\n");
    ASSERT_EQ(store.esp_keys.size(), 1U);
    EXPECT_EQ(text_of(store.esp_keys[0].encryption_key.reveal()), "commas,in,a,key!");
}

TEST(CiscoKeys, TheTableAndWhatStandsAroundIt) {
    const auto [store, report] = read("R1#show crypto isakmp key\n"
                                      "Keyring      Hostname/Address                            Preshared Key\n"
                                      "\n"
                                      "default      10.77.0.2                                   labpsk\r\n"
                                      "             0.0.0.0        [0.0.0.0]                    a#key\n"
                                      "branch gw.example.net moved\n"
                                      "R1#\n"
                                      "R1#show clock\n");
    EXPECT_EQ(report.format, "show crypto isakmp key");
    EXPECT_TRUE(report.notes.empty());
    ASSERT_EQ(store.psks.size(), 3U);
    EXPECT_EQ(text_of(store.psks[0].key.reveal()), "labpsk");
    EXPECT_EQ(text_of(store.psks[1].key.reveal()), "a#key");
    EXPECT_EQ(text_of(store.psks[2].key.reveal()), "moved");
    EXPECT_EQ(store.psks[0].origin.text, "x line 4");
    EXPECT_EQ(read("Hostname/Address      Preshared Key\n").report.notes.size(), 1U);
}

TEST(Tcpdump, CiphersHaveOpenSslsShortNamesToo) { // EVP_get_cipherbyname: "aes128" is AES-128-CBC
    const auto [store, report] = read("ikev2 I 0x0001020304050607 0xc02e7a3031a03188 sha1:0x0102030405060708090a0b0c0d0e0f1011121314 "
                                      "aes128:0x000102030405060708090a0b0c0d0e0f\n"
                                      "ikev2 R 0x0001020304050607 0xc02e7a3031a03188 sha1:0x1112030405060708090a0b0c0d0e0f1011121314 "
                                      "aes128:0x101102030405060708090a0b0c0d0e0f\n"
                                      "0x12345678@192.0.2.1 des3-hmac96:0x000102030405060708090a0b0c0d0e0f1011121314151617\n");
    EXPECT_EQ(report.format, "tcpdump -E");
    ASSERT_EQ(store.ikev2_keys.size(), 1U);
    EXPECT_EQ(hex_of(store.ikev2_keys[0].er), "101102030405060708090a0b0c0d0e0f");
    EXPECT_EQ(store.ikev2_keys[0].encryption, 12); // the suite, for captures that lack IKE_SA_INIT's response
    EXPECT_EQ(store.ikev2_keys[0].key_bits, 128);
    EXPECT_EQ(store.ikev2_keys[0].integrity, 2);
    ASSERT_EQ(store.esp_keys.size(), 1U);
    EXPECT_EQ(store.esp_keys[0].encryption, 3);
}

TEST(Racoon, EveryKindOfSecret) {
    const auto [store, report] = read(sample("racoon.v1mm_ok.log"));
    EXPECT_EQ(report.psks, 1U);
    EXPECT_EQ(report.dh, 1U);
    EXPECT_EQ(report.ikev1_keys, 3U);
    EXPECT_EQ(store.psks.at(0).origin.text, "x line 9");
    const auto own = read("2026-11-23 16:59:54: DEBUG: compute DH's private.\n2026-11-23 16:59:54: DEBUG: \n01020304 "
                          "05\n\n2026-11-23 16:59:54: DEBUG: hello\n");
    ASSERT_EQ(own.store.dh.size(), 1U);
    EXPECT_EQ(own.store.dh[0].form, DhSecret::Form::private_value);
    EXPECT_EQ(hex_of(own.store.dh[0].value), "0102030405");
}

TEST(Racoon, EscapesOfTheSyslogAreNoDigits) {
    const auto [store, report] = read(sample("racoon-syslog.v1mm_ok.log"));
    ASSERT_EQ(store.ikev1_keys.size(), 3U);
    EXPECT_EQ(hex_of(store.ikev1_keys[0].value), "78c28d554edc5cbc38fc7e0627a8dbb58c5055eb");
}

TEST(Racoon, OctalEscapesAreNoDigitsEither) {
    auto log = sample("racoon-syslog.v1mm_ok.log");
    const auto found = read(log).report.found();
    for (auto at = log.find('#'); at != std::string::npos; at = log.find('#', at)) log[at] = '\\';
    EXPECT_EQ(read(log).report.found(), found);
}

TEST(Racoon, AnOddNumberOfDigitsIsNoKey) {
    const auto [store, report] = read("racoon: DEBUG: SKEYID computed:\nracoon: DEBUG: 0102030\nracoon: DEBUG: end\n");
    EXPECT_TRUE(store.ikev1_keys.empty());
    ASSERT_FALSE(report.notes.empty());
    EXPECT_NE(report.notes[0].find("x line 1: the value behind it is cut within a byte"), std::string::npos);
}

TEST(Fortigate, CutKeysAreNamed) {
    const auto [store, report] = read("ike 0:p1:14: IKE SA 65d3ae182a9bf8e4/53cd353c74a2861e SK_ei 16:0102\nike "
                                      "0:p1:14: IKE SA 65d3ae182a9bf8e4/53cd353c74a2861e SK_ar 2:0a0b\n");
    EXPECT_TRUE(store.ikev2_keys.empty());
    ASSERT_GE(report.notes.size(), 2U);
    EXPECT_NE(report.notes[0].find("x line 1: the 16 bytes of SK_ei are not all there"), std::string::npos);
    EXPECT_NE(report.notes[1].find("neither SK_ei nor SK_er"), std::string::npos);
}

TEST(Openiked, TheSecretNamesItsSa) {
    const auto [store, report] = read(sample("openiked.v2_ok.log"));
    ASSERT_EQ(store.dh.size(), 1U);
    ASSERT_TRUE(store.dh[0].initiator_spi);
    EXPECT_EQ(hex(*store.dh[0].initiator_spi), "ab59d9691da10b97");
    EXPECT_EQ(report.ikev2_keys, 1U);
}

TEST(Openiked, ASetWhoseBeginningIsMissingIsKept) {
    const auto whole = read(sample("openiked.v2_ok.log"));
    ASSERT_EQ(whole.store.ikev2_keys.size(), 1U);
    const auto from = [](std::string_view label) {
        const auto text = sample("openiked.v2_ok.log");
        return text.substr(text.rfind('\n', text.find(label)) + 1);
    };
    const auto cut = read(from("SK_ai with"));
    ASSERT_EQ(cut.store.ikev2_keys.size(), 1U);
    EXPECT_TRUE(cut.store.ikev2_keys[0].d.empty());
    EXPECT_EQ(cut.store.ikev2_keys[0].ai, whole.store.ikev2_keys[0].ai);
    EXPECT_EQ(cut.store.ikev2_keys[0].er, whole.store.ikev2_keys[0].er);
    EXPECT_TRUE(cut.report.notes.empty());
    for (const auto* label : {"SK_ar with", "SK_er with", "SK_pi with"}) {
        const auto [store, report] = read(from(label));
        EXPECT_TRUE(store.ikev2_keys.empty()) << label;
        ASSERT_EQ(report.notes.size(), 1U) << label;
        EXPECT_NE(report.notes[0].find("x line 1: the log begins"), std::string::npos) << report.notes[0];
    }
}

TEST(Libreswan, PskAndEspButNoIkeKeys) {
    // Rows as libreswan 4.10 prints them (pcaps/lab/lsw has its logs without crypt).
    constexpr std::string_view text =
        "Nov 23 17:11:10.175348: | PreShared Key\n"
        "Nov 23 17:11:10.175349: |   6c 61 62 70  73 6b 2d 6c  69 62 72 65  73 77 61 6e   labpsk-libreswan\n"
        "Nov 23 17:11:10.175350: | User PSK:\n"
        "Nov 23 17:11:10.175350: |   6c 61 62 70  73 6b 2d 6c  69 62 72 65  73 77 61 6e   labpsk-libreswan\n"
        "Nov 23 17:11:10.177471: |     result: newref skeyid_e-key@0x5573 (20-bytes, SHA_1_HMAC)\n"
        "Nov 23 17:11:10.179183: | SPI\n"
        "Nov 23 17:11:10.179183: |   01 02 03 04                                          ....\n"
        "Nov 23 17:11:10.179223: | SPI\n"
        "Nov 23 17:11:10.179224: |   ff d1 dd 72                                          ...r\n"
        "Nov 23 17:11:10.179258: | ESP KEYMAT\n"
        "Nov 23 17:11:10.179258: |   inbound:\n"
        "Nov 23 17:11:10.179259: |   27 4f 52 1e  4e 72 f7 3a  58 2b 41 18  73 59 7a 6b   'OR.Nr.:X+A.sYzk\n"
        "Nov 23 17:11:10.179260: |   8e e6 de 0f  0b 62 7b e5  cd 5e 2b f7  28 04 04 f6   .....b{..^+.(...\n"
        "Nov 23 17:11:10.179260: |   63 cb 82 83                                          c...\n"
        "Nov 23 17:11:10.179261: |   outbound:\n"
        "Nov 23 17:11:10.179262: |   66 48 63 35  a9 dc df 3e  9d 5b e8 95  d6 b0 00 3c   fHc5...>.[.....<\n"
        "Nov 23 17:11:10.179262: |   0c ac 6c 58  c3 fa 74 2b  8d c6 23 7c  d7 4c a2 54   ..lX..t+..#|.L.T\n"
        "Nov 23 17:11:10.179263: |   70 e9 b7 46                                          p..F\n"
        "Nov 23 17:11:10.179284: | kernel: looking for alg with encrypt: AES_CBC keylen: 128 integ: HMAC_SHA1_96\n";
    const auto [store, report] = read(text);
    EXPECT_EQ(report.format, "libreswan log");
    ASSERT_EQ(store.psks.size(), 1U);
    EXPECT_EQ(text_of(store.psks[0].key.reveal()), "labpsk-libreswan");
    ASSERT_EQ(store.esp_keys.size(), 2U);
    EXPECT_EQ(store.esp_keys[0].spi, 0x01020304U);
    EXPECT_EQ(store.esp_keys[1].spi, 0xffd1dd72U);
    EXPECT_EQ(hex_of(store.esp_keys[0].encryption_key), "274f521e4e72f73a582b41187359"
                                                        "7a6b");
    EXPECT_EQ(hex_of(store.esp_keys[1].integrity_key), "0cac6c58c3fa742b8dc6237cd74ca25470e9b746");
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_NE(report.notes[0].find("x line 5: libreswan keeps its IKE keys in NSS"), std::string::npos);
}

TEST(Libreswan, PointersAreNoKeys) {
    const auto [store, report] = read(
        "| SK_ei:  c0 8d 01 a8  b8 7f 00 00\n| SK_er:  d0 8d 01 a8  b8 7f 00 00\n| skeyseed:  d0 8d 01 a8\n| end\n");
    EXPECT_TRUE(store.ikev2_keys.empty());
    ASSERT_GE(report.notes.size(), 3U);
    EXPECT_NE(report.notes[0].find("x line 1: SK_ei: has 8 bytes: that is an address"), std::string::npos)
        << report.notes[0];
}

TEST(Tables, EscapesCommentsAndWildcards) {
    const auto [store, report] = read("# esp_sa\r\n\"IPv4\",\"*\",\"10.0.0.1\",\"*\",\"TripleDES-CBC "
                                      "[RFC2451]\",\"\\x30x0102\",\"ANY 96 bit authentication [no checking]\",\"\"\r\n"
                                      "\"IPv6\",\"fe80::1\",\"*\",\"0x10\",\"TWOFISH\",\"0x01\",\"NULL\",\"\"\r\n");
    EXPECT_EQ(report.format, "Wireshark ESP SA table");
    ASSERT_EQ(store.esp_keys.size(), 1U);
    EXPECT_FALSE(store.esp_keys[0].spi);
    EXPECT_FALSE(store.esp_keys[0].source);
    EXPECT_EQ(store.esp_keys[0].encryption, 3);
    EXPECT_EQ(hex_of(store.esp_keys[0].encryption_key), "0102");
    EXPECT_EQ(store.esp_keys[0].unchecked_icv, 12);
    EXPECT_EQ(store.esp_keys[0].integrity, 0);
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_NE(report.notes[0].find("x line 3: 'TWOFISH' is no cipher"), std::string::npos);
}

TEST(Tables, LengthsOfIcvsThatAreNotChecked) {
    for (const auto& [bits, bytes] : {std::pair("64", 8), {"96", 12}, {"128", 16}, {"192", 24}, {"256", 32}}) {
        const auto [store, report] = read(std::string("\"IPv4\",\"*\",\"*\",\"0x10\",\"NULL\",\"\",\"ANY ") + bits +
                                          " bit authentication [no checking]\",\"0x0102\"\n");
        ASSERT_EQ(store.esp_keys.size(), 1U) << bits;
        EXPECT_EQ(store.esp_keys[0].unchecked_icv, bytes);
        EXPECT_TRUE(store.esp_keys[0].integrity_key.empty()) << "nobody knows what it is a key of";
    }
    const auto strange = read("\"IPv4\",\"*\",\"*\",\"0x10\",\"NULL\",\"\",\"ANY 97 bit authentication [no checking]\",\"\"\n");
    EXPECT_TRUE(strange.store.esp_keys.empty());
    EXPECT_EQ(strange.report.notes.size(), 1U);
}

TEST(Tables, ARowOfOneThatIsWrongIsStillKnownAsOne) {
    const std::string spis = "ab59d9691da10b97,e6b94ff4ecff5368,", key = "675bd67da469922a4ca1355057562aa1";
    const std::pair<std::string, std::string_view> rows[] = {
        {"f8df968f0944b0,8fd7035c21263440573f421dc2bacc2b", "the initiator's cookie has 14 hexadecimal digits, 16 are needed"},
        {"f8df968f0944b01c,8fd7035c21263440573f421dc2bacc2", "the number of the key's hexadecimal digits is odd"},
        {spis + key + "," + key.substr(1) + ",\"AES-CBC-128 [RFC3602]\"," + key + "," + key + ",\"HMAC_MD5_96 [RFC2403]\"",
         "the number of SK_er's hexadecimal digits is odd"},
        {spis + key + "," + key + ",\"AES-CBC-128 [RFC3602]\",xyz," + key + ",\"HMAC_MD5_96 [RFC2403]\"",
         "SK_ai is no hexadecimal number"},
        {"ab59d9691da10b97,e6b94ff4ecff53," + key + "," + key + ",\"NULL [RFC2410]\",,,\"NONE [RFC4306]\"",
         "the responder's SPI has 14 hexadecimal digits"},
    };
    for (const auto& [row, words] : rows) {
        const auto [store, report] = read(row + "\n");
        EXPECT_EQ(report.found(), 0U) << row;
        ASSERT_EQ(report.notes.size(), 1U) << row;
        EXPECT_NE(report.notes[0].find(words), std::string::npos) << report.notes[0];
    }
}

TEST(Keyless, SaidWithWhatToDo) {
    constexpr std::pair<std::string_view, std::string_view> logs[] = {
        {"*Mar  1 00:55:40.767: ISAKMP (0:2): received packet from 10.0.0.1\n", "never prints keys"},
        {"Oct 25 20:37:02 [IKEv1]Group = G, IP = 10.0.0.1, Removing peer\n", "never prints keys"},
        {"IKEv2:(SESSION ID = 31,SA ID = 1):Processing IKE_SA_INIT message\n", "--psk"},
        {"[0]0368.03A4::02/02/2017-17:36:01.496 [ikeext] 3038|52.161.24.36|  Failure error code:0x000035e9\n",
         "Windows"},
        {"Nov 23 srx kmd[1234]: IKE Phase-1 Failure: No proposal chosen\n", "Junos"},
        {"00aa:00bb:0011223344556677:8899aabbccddeeff:01:02:03:04:000102030405060708090a0b0c0d0e0f\n", "open nothing"},
    };
    for (const auto& [log, words] : logs) {
        const auto [store, report] = read(log);
        EXPECT_EQ(report.found(), 0U);
        ASSERT_EQ(report.notes.size(), 1U) << log;
        EXPECT_NE(report.notes[0].find(words), std::string::npos) << report.notes[0];
    }
}

TEST(Recognition, ByWhatPrevails) {
    // A syslog of a host where charon and racoon both run, mostly charon.
    std::string text = "Nov 23 gw racoon: INFO: 10.0.0.1[500] used as isakmp port\nNov 23 gw racoon: INFO: fd=7\n";
    for (int i = 0; i < 9; ++i) text += "Nov 23 gw charon: 14[IKE] <1> sending keep alive\n";
    EXPECT_EQ(read(text).report.format, "charon log");
}

TEST(Recognition, WhatIsOfAnotherFormatIsNotDroppedSilently) {
    const auto log = sample("journal-short.v1mm_ok.log");
    const auto [store, report] = read(log + "ab59d9691da10b97,8fd7035c21263440573f421dc2bacc2b\nab59d9691da10b98,8fd7035c21263440573f421dc2bacc2b\n");
    EXPECT_EQ(report.format, "charon log");
    const auto line = std::to_string(std::ranges::count(log, '\n') + 1);
    ASSERT_EQ(report.notes.size(), 1U);
    EXPECT_NE(report.notes[0].find("x line " + line + ": lines of a Wireshark table begin here; the file is read as a charon log"),
              std::string::npos)
        << report.notes[0];
    for (const auto& file : std::filesystem::directory_iterator(std::string(IKESCOPE_SOURCE_DIR) + "/tests/data/secrets")) {
        const auto file_name = file.path().filename().string();
        if (!file_name.ends_with(".log") && !file_name.ends_with(".txt")) continue;
        for (const auto& note : read(sample(file_name)).report.notes)
            EXPECT_EQ(note.find("in a file of their own"), std::string::npos) << file_name << ": " << note;
    }
}

// Lines that are only typical count when there are several of them, whichever format the file is read as.
TEST(Recognition, SeveralTypicalLinesOfAnotherFormatAreTold) {
    const std::string charon = sample("journal-short.v1mm_ok.log"), iked = sample("openiked.v2_ok.log");
    const std::string mikrotik = sample("mikrotik.v1mm_ok.log");
    std::string pluto;
    for (int i = 0; i < 4; ++i) pluto += "Nov 23 17:11:10 gw pluto[812]: | PreShared Key\n";
    const std::pair<std::string, const char*> files[] = {
        {charon + mikrotik, "lines of a log of racoon or MikroTik begin here; the file is read as a charon log"},
        {charon + pluto, "lines of a libreswan log begin here; the file is read as a charon log"},
        {iked + pluto, "lines of a libreswan log begin here; the file is read as an iked log"},
    };
    for (const auto& [text, words] : files) {
        const auto [store, report] = read(text);
        const auto has_words = [wanted = words](const auto& note) { return note.find(wanted) != std::string::npos; };
        EXPECT_TRUE(std::ranges::any_of(report.notes, has_words)) << words;
    }
    for (const auto& note : read(charon + pluto.substr(0, pluto.size() / 4)).report.notes)
        EXPECT_EQ(note.find("in a file of their own"), std::string::npos) << "one line is none: " << note;
}

std::string utf16(std::string_view text, bool big) {
    std::string wide = big ? "\xfe\xff" : "\xff\xfe";
    for (const char c : text) {
        if (big) wide += '\0';
        wide += c;
        if (!big) wide += '\0';
    }
    return wide;
}

TEST(Recognition, WindowsTools) {
    const auto text = sample("mikrotik.v1mm_ok.log");
    for (const auto& wide :
         {utf16(text, false), utf16(text, true), utf16(text, false).substr(2), "\xef\xbb\xbf" + text})
        EXPECT_EQ(read(wide).store.ikev1_keys.size(), 3U);
    Store store;
    const auto report = read_psk_file(utf16("one\r\ntwo\r\n", false), "f", store);
    ASSERT_EQ(store.psks.size(), 2U);
    EXPECT_EQ(text_of(store.psks[1].key.reveal()), "two");
    EXPECT_EQ(report.notes.size(), 2U);
}

TEST(Recognition, CutFilesKeepWhatIsWhole) {
    for (const auto* name :
         {"racoon.v1mm_ok.log", "fortigate.v2_ok.log", "openiked.v2_ok.log", "journal-short.v1mm_ok.log", "xfrm.txt",
          "setkey.txt", "esp_sa.txt", "file-json.v2_ok.log"}) {
        const auto text = sample(name);
        const auto whole = read(text).report.found();
        for (std::size_t size = text.size(); size > text.size() / 3; size -= std::min<std::size_t>(size, 37)) {
            Store store;
            const auto report = read_secrets(std::string_view(text).substr(0, size), "x", store);
            if (report) {
                EXPECT_LE(report->found(), whole) << name << " " << size;
            }
        }
    }
}

}} // namespace ikescope::secrets
