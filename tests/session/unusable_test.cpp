// Secrets that open nothing: each mistake has its own reason. What tshark says to each of them: nothing, or garbage.

#include "tests/session/support.hpp"

namespace ikescope::session::test { namespace {

using Kind = UnusableSecret::Kind;
using Reason = UnusableSecret::Reason;

class Unusable : public testing::Test {
protected:
    /// The only complaint about these secrets.
    static UnusableSecret only(const secrets::Store& store, std::vector<Packet> packets) {
        Sessions sessions(store);
        feed(sessions, packets);
        const auto all = sessions.unusable();
        EXPECT_EQ(all.size(), 1U);
        return all.empty() ? UnusableSecret{} : all.front();
    }
    /// The keys under which the initiator of a capture's first SA sends.
    static crypto::ikev1::Keys ikev1_keys(const std::string& scenario, Spi& cookie) {
        const auto store = store_of({lab(scenario, ".keys")});
        Sessions sessions(store);
        auto packets = packets_of(lab(scenario, ".pcap"));
        feed(sessions, packets);
        cookie = sessions.at(0).initiator_spi;
        return sessions.ikev1_keys(0, Side::initiator).value();
    }
    static secrets::Ikev1Key key(const Spi& cookie, Bytes value) {
        return {cookie, false, secrets::Ikev1Key::Form::ka, Secret(value), {"table line 1", true}};
    }
};

/// What the keys are made of went over the wire before the capture began, or on the side that was not captured.
TEST_F(Unusable, ADhSecretWhoseSaLacksItsBeginning) {
    auto store = store_of({lab("v2_ok", ".keys")});
    store.psks.clear();
    auto packets = packets_of(lab("v2_ok", ".pcap"));
    auto without_response = packets;
    without_response.erase(without_response.begin() + 1);
    EXPECT_EQ(only(store, without_response).reason, Reason::ke_missing);
    store = store_of({lab("v1mm_nopfs_ok", ".keys")});
    packets = packets_of(lab("v1mm_nopfs_ok", ".pcap"));
    packets.erase(packets.begin(), packets.begin() + 2); // no suite
    store.psks.clear();
    EXPECT_EQ(only(store, packets).reason, Reason::ke_missing);
    packets = packets_of(lab("v1mm_nopfs_ok", ".pcap"));
    EXPECT_EQ(only(store, packets).reason, Reason::needs_psk);
}

/// The pre-shared key of a log waits for the Diffie-Hellman secret of the same log: why that one does not fit is the reason.
TEST_F(Unusable, ALogThatOpensNothingSaysWhy) {
    auto store = store_of({pcaps("lab/v2_ok/a.l4.log")});
    EXPECT_EQ(only(store, packets_of(lab("v2_gcm_ok", ".pcap"))).reason, Reason::unknown_cookie);
    store.ikev2_keys.clear(); // they would open it
    auto packets = packets_of(lab("v2_ok", ".pcap"));
    packets.erase(packets.begin(), packets.begin() + 2);
    EXPECT_EQ(only(store, packets).reason, Reason::ke_missing);
}

TEST_F(Unusable, Ikev1KeysOfAnotherLengthOrSaOrWithoutKe) {
    Spi cookie{};
    const auto keys = ikev1_keys("v1mm_nopfs_ok", cookie); // AES-256
    const auto packets = packets_of(lab("v1mm_nopfs_ok", ".pcap"));
    const auto good = keys.ka.reveal();
    const auto with = [&](secrets::Ikev1Key one) {
        secrets::Store store;
        store.add_ikev1_key(std::move(one));
        return store;
    };
    auto secret = only(with(key(cookie, good.first(4))), packets);
    EXPECT_EQ(secret.reason, Reason::wrong_length);
    EXPECT_EQ(secret.size, 4U);
    EXPECT_EQ(secret.wanted, 32U);
    EXPECT_EQ(secret.detail, "AES-CBC with 256 bit keys");
    Buffer longer(good.begin(), good.end());
    longer.push_back(1);
    EXPECT_EQ(only(with(key(cookie, longer)), packets).reason, Reason::wrong_length);
    EXPECT_EQ(only(with(key({1, 2, 3}, good)), packets).reason, Reason::unknown_cookie);
    EXPECT_EQ(only(with(key(cookie, Buffer(32, 7))), packets).reason, Reason::opens_nothing);
    // Only MM5 needs what KE payloads give: later IVs are made of the ciphertext before.
    const std::vector<Packet> without_ke{packets[0], packets[1], packets[4]};
    EXPECT_EQ(only(with(key(cookie, good)), without_ke).reason, Reason::ke_missing);
    auto two = with(key(cookie, good));
    two.ikev1_keys.front().origin.text = "table line 7";
    two.add_ikev1_key(key(cookie, Buffer(32, 7)));
    secret = only(two, packets);
    EXPECT_EQ(secret.reason, Reason::second_for_sa);
    EXPECT_EQ(secret.index, 1U);
    EXPECT_EQ(secret.detail, "table line 7");
}

TEST_F(Unusable, Ikev2KeysOfAnotherLengthOrAlgorithmOrTwice) {
    const auto known = store_of({lab("v2_ok", ".keys")});
    const auto packets = packets_of(lab("v2_ok", ".pcap"));
    Sessions sessions(known);
    auto copy = packets;
    feed(sessions, copy);
    const auto sa = sessions.at(0);
    const auto keys = sessions.ikev2_keys(0).value();
    secrets::Ikev2Key good{sa.initiator_spi,
                           sa.responder_spi,
                           false,
                           {},
                           keys.ai,
                           keys.ar,
                           keys.ei,
                           keys.er,
                           {},
                           {},
                           {"table line 1", true},
                           0,
                           0,
                           0};
    const auto with = [](secrets::Ikev2Key one) {
        secrets::Store store;
        store.add_ikev2_key(std::move(one));
        return store;
    };
    auto wrong = good;
    wrong.ei = wrong.er = Secret(keys.ei.reveal().first(2));
    auto secret = only(with(wrong), packets);
    EXPECT_EQ(secret.reason, Reason::wrong_length);
    EXPECT_EQ(secret.size, 2U);
    EXPECT_EQ(secret.wanted, 16U);
    EXPECT_TRUE(secret.detail.starts_with("SK_ei of ENCR_AES_CBC")) << secret.detail;
    wrong = good; // the other half of the set is right and opens its direction
    wrong.ei = Secret(keys.ei.reveal().first(15));
    EXPECT_EQ(only(with(wrong), packets).reason, Reason::wrong_length);
    wrong = good;
    wrong.encryption = 20;
    wrong.key_bits = 128;
    wrong.ei = wrong.er = Secret(Buffer(20, 1));
    wrong.ai = wrong.ar = Secret();
    secret = only(with(wrong), packets);
    EXPECT_EQ(secret.reason, Reason::wrong_algorithm);
    EXPECT_EQ(secret.detail, "it says ENCR_AES_GCM_16 with 128 bit keys, the SA uses ENCR_AES_CBC with 128 bit keys");
    wrong = good;
    wrong.responder_spi = {9};
    EXPECT_EQ(only(with(wrong), packets).reason, Reason::unknown_cookie);
    wrong = good;
    wrong.ai = wrong.ar = Secret(Buffer(32, 1));
    EXPECT_EQ(only(with(wrong), packets).reason, Reason::opens_nothing);
    wrong = good; // the ICV is right, and what SK_er makes of the initiator's message is noise: nothing of it may be shown
    std::swap(wrong.ei, wrong.er);
    secret = only(with(wrong), packets);
    EXPECT_EQ(secret.reason, Reason::opens_garbage);
    {
        const auto store = with(wrong);
        Sessions noise(store);
        auto again = packets;
        feed(noise, again, [](const Packet&, const Outcome& seen) { EXPECT_EQ(seen.opened, nullptr); });
        EXPECT_EQ(noise.totals().decrypted, 0U);
    }
    wrong = good;
    std::swap(wrong.initiator_spi, wrong.responder_spi);
    EXPECT_NE(only(with(wrong), packets).detail.find("the other way round there is one"), std::string::npos);
    wrong = good;
    wrong.ai = wrong.ar = Secret(Buffer(32, 1));
    auto two = with(good);
    two.add_ikev2_key(wrong);
    two.ikev2_keys.front().origin.log = two.ikev2_keys.back().origin.log = "table"; // also where both are of one file
    secret = only(two, packets);
    EXPECT_EQ(secret.reason, Reason::second_for_sa);
    EXPECT_EQ(secret.detail, "table line 1");
    const std::vector<Packet> late(packets.begin() + 2, packets.end());
    EXPECT_EQ(only(with(wrong), late).reason, Reason::ke_missing); // and the source names no algorithm; the right keys open it nonetheless
}

TEST_F(Unusable, ADiffieHellmanSecretWithoutKeOrOfAnotherLength) {
    const auto packets = packets_of(lab("v1mm_nopfs_ok", ".pcap"));
    secrets::Store store;
    store.add_dh({Secret(Buffer(255 - 9, 3)), secrets::DhSecret::Form::shared, {"short", true}, {}});
    const auto cut = only(store, packets);
    EXPECT_EQ(cut.reason, Reason::wrong_length);
    EXPECT_EQ(cut.wanted, 256U);
    secrets::Store other;
    other.add_dh({Secret(Buffer(256, 3)), secrets::DhSecret::Form::shared, {"whole", true}, {}});
    EXPECT_EQ(only(other, packets).reason, Reason::needs_psk);
    EXPECT_EQ(only(other, {packets.begin() + 4, packets.end()}).reason, Reason::ke_missing);
}

// The second secret of an exchange with PFS shows itself only in ESP packets. Without any, nobody can say that the key
// is useless; with more of them than exchanges, nobody can say which one is not.
TEST_F(Unusable, ASecretThatMayBeTheOneOfPfsIsNoComplaint) {
    for (const auto* scenario : {"v1mm_ok", "v1_rekey_by_responder", "v2_childless"}) {
        SCOPED_TRACE(scenario);
        auto packets = packets_of(lab(scenario, ".pcap"));
        auto store = store_of({lab(scenario, ".keys")});
        Sessions good(store);
        auto copy = packets;
        feed(good, copy);
        EXPECT_TRUE(good.unusable().empty());

        const auto size = store.dh.back().value.size();
        store.add_dh({Secret(Buffer(size, 3)), secrets::DhSecret::Form::shared, {"superfluous", true}, {}});
        Sessions more(store);
        feed(more, packets);
        const auto all = more.unusable();
        ASSERT_EQ(all.size(), 2U);
        for (const auto& one : all) {
            EXPECT_EQ(one.reason, Reason::too_many_for_pfs) << one.origin.text;
        }
    }
}

// ESP that was captured does tell.
TEST_F(Unusable, WhereEspShowsTheSecretOfPfsAnotherOneIsOfNoUse) {
    auto packets = packets_of(lab("v1_rekey_pfs", ".pcap"));
    auto store = store_of({lab("v1_rekey_pfs", ".keys")});
    store.add_dh({Secret(Buffer(store.dh.back().value.size(), 3)), secrets::DhSecret::Form::shared, {"other", true}, {}});
    EXPECT_EQ(only(store, packets).reason, Reason::opens_nothing);
}

/// AUTH is made with both: neither can be judged without the other.
TEST_F(Unusable, APostQuantumKeyAndAPreSharedKeyNeedEachOther) {
    auto store = store_of({lab("v2_ppk", ".keys")});
    store.psks.clear();
    auto secret = only(store, packets_of(lab("v2_ppk", ".pcap")));
    EXPECT_EQ(secret.kind, Kind::ppk);
    EXPECT_EQ(secret.reason, Reason::needs_psk);
    store = store_of({lab("v2_ppk", ".keys")});
    store.ikev2_extras.clear();
    secret = only(store, packets_of(lab("v2_ppk", ".pcap")));
    EXPECT_EQ(secret.kind, Kind::psk);
    EXPECT_EQ(secret.reason, Reason::needs_ppk);
}

/// NO_PPK_AUTH is made without the post-quantum key (RFC 8784 3): it proves the initiator's pre-shared key alone.
TEST_F(Unusable, NoPpkAuthProvesThePreSharedKeyAlone) {
    auto store = store_of({lab("v2_ppk_optional", ".keys")});
    store.ikev2_extras.clear();
    Sessions sessions(store);
    auto packets = packets_of(lab("v2_ppk_optional", ".pcap"));
    feed(sessions, packets);
    EXPECT_TRUE(sessions.unusable().empty());
    const auto sa = sessions.at(0);
    EXPECT_EQ(sa.authentication[0], Proof::verified);
    EXPECT_EQ(sa.authentication[1], Proof::unknown);
    EXPECT_TRUE(sessions.try_psk(sa, Side::initiator, bytes_of("other")) == Proof::failed);
    EXPECT_TRUE(sessions.try_psk(sa, Side::responder, bytes_of("other")) == Proof::unknown);
}

/// The keys of the first SA of v2_ok: AES-CBC-128, HMAC-SHA2-256-128.
class UnusableSet : public Unusable {
protected:
    void SetUp() override {
        packets_ = packets_of(lab("v2_ok", ".pcap"));
        const auto known = store_of({lab("v2_ok", ".keys")});
        Sessions sessions(known);
        auto copy = packets_;
        feed(sessions, copy);
        const auto sa = sessions.at(0);
        const auto keys = sessions.ikev2_keys(0).value();
        good_ = {sa.initiator_spi, sa.responder_spi, false, {}, keys.ai, keys.ar, keys.ei, keys.er, {}, {}, {"table line 2", true}, 0, 0, 0};
    }
    static secrets::Ikev2Key named(secrets::Ikev2Key key, std::uint16_t encryption, std::uint16_t bits, std::uint16_t integrity) {
        key.encryption = encryption;
        key.key_bits = bits;
        key.integrity = integrity;
        return key;
    }
    UnusableSecret complaint(const std::vector<secrets::Ikev2Key>& keys, std::vector<Packet> packets) const {
        secrets::Store store;
        for (const auto& key : keys) store.add_ikev2_key(key);
        return only(store, std::move(packets));
    }
    std::vector<Packet> packets_;
    secrets::Ikev2Key good_;
};

/// Without IKE_SA_INIT the name of the algorithm is all there is: where the keys contradict it, it is wrong.
TEST_F(UnusableSet, KeysThatContradictTheirOwnAlgorithm) {
    const std::vector<Packet> late(packets_.begin() + 2, packets_.end());
    const auto told = [&](std::uint16_t encryption, std::uint16_t bits, std::uint16_t integrity) {
        const auto secret = complaint({named(good_, encryption, bits, integrity)}, late);
        EXPECT_EQ(secret.reason, Reason::contradicts_itself);
        return secret.detail;
    };
    EXPECT_EQ(told(12, 256, 12), "SK_ei has 16 bytes, ENCR_AES_CBC with 256 bit keys needs 32");
    EXPECT_EQ(told(3, 0, 12), "SK_ei has 16 bytes, ENCR_3DES needs 24");
    EXPECT_EQ(told(12, 128, 2), "SK_ai has 32 bytes, AUTH_HMAC_SHA1_96 needs 20");
}

TEST_F(UnusableSet, AWrongNameIsToldAlsoOfKeysThatFit) {
    constexpr std::array<std::uint16_t, 3> wrong_names[] = {{12, 256, 12}, {3, 0, 12}, {20, 128, 12}, {12, 128, 2}};
    for (const auto& [encryption, bits, integrity] : wrong_names) {
        const auto secret = complaint({named(good_, encryption, bits, integrity)}, packets_);
        EXPECT_EQ(secret.reason, Reason::wrong_algorithm) << secret.detail;
        EXPECT_TRUE(secret.in_part);
    }
}

TEST_F(UnusableSet, AKeyWithoutItsPartner) {
    auto half = good_;
    half.ar = Secret();
    EXPECT_EQ(complaint({half}, packets_).detail, "SK_ar is missing, without which SK_er opens nothing");
    half.ei = half.ai = Secret();
    const auto secret = complaint({half}, packets_);
    EXPECT_EQ(secret.reason, Reason::part_missing);
    EXPECT_FALSE(secret.in_part);
}

TEST_F(UnusableSet, TheSecondSetOfAnSaIsNamedInEitherOrder) {
    auto wrong = good_;
    wrong.ei = Secret(Buffer(16, 0xab));
    wrong.origin.text = "table line 1";
    for (const auto& keys : {std::vector{wrong, good_}, std::vector{good_, wrong}}) {
        const auto secret = complaint(keys, packets_);
        EXPECT_EQ(secret.reason, Reason::second_for_sa);
        EXPECT_EQ(secret.origin.text, "table line 1");
        EXPECT_EQ(secret.detail, "table line 2");
    }
}

TEST_F(Unusable, ASkeyidWithoutDhSecretAndAKaWithoutAlgorithm) {
    Spi cookie{};
    const auto keys = ikev1_keys("v1mm_nopfs_ok", cookie);
    auto packets = packets_of(lab("v1mm_nopfs_ok", ".pcap"));
    secrets::Store store;
    store.add_ikev1_key({cookie, false, secrets::Ikev1Key::Form::skeyid, keys.skeyid, {"table line 1", true}});
    EXPECT_EQ(only(store, packets).reason, Reason::needs_dh);
    store = {};
    store.add_ikev1_key(key(cookie, keys.ka.reveal()));
    packets.erase(packets.begin(), packets.begin() + 2);
    const auto secret = only(store, packets);
    EXPECT_EQ(secret.reason, Reason::ke_missing);
    EXPECT_EQ(secret.detail, "SA");
}

/// Nonces are encrypted to the ends' keys: whether the exponent is right cannot be seen.
TEST_F(Unusable, PublicKeyEncryptionNeedsBothPrivateKeys) {
    for (const std::string made : {"v1_rsa_encryption", "v1_rsa_revised_encryption"}) {
        auto store = store_of({pcaps("made/" + made + ".keys")});
        store.private_keys.clear();
        EXPECT_EQ(only(store, packets_of(pcaps("made/" + made + ".pcap"))).reason, Reason::needs_private_keys) << made;
    }
}

TEST_F(Unusable, EspKeysBesideThoseOfTheNegotiation) {
    const auto store = store_of({lab("v2_esp_cbc_md5", ".keys")});
    auto packets = packets_of(lab("v2_esp_cbc_md5", ".pcap"));
    Sessions sessions(store);
    feed(sessions, packets);
    const auto sa = sessions.at(0);
    ASSERT_FALSE(sa.children.empty());
    const auto& child = sa.children.front();
    std::size_t seen = 0;
    for (const std::size_t from : {0U, 1U}) {
        if (!child.traffic[from] || child.traffic[from]->opened == 0) continue;
        ++seen;
        const auto derived = sessions.esp_keys(*child.esp[from]).value().keys;
        secrets::EspKey key;
        key.spi = static_cast<std::uint32_t>(big_endian(from == 0 ? child.responder_spi : child.initiator_spi));
        key.encryption = 12;
        key.integrity = 1;
        key.encryption_key = derived.encryption_key;
        key.integrity_key = derived.integrity_key;
        key.origin = {"table line 1", true};
        auto both = store;
        both.add_esp_key(key);
        Sessions twice(both);
        auto copy = packets;
        feed(twice, copy);
        EXPECT_TRUE(twice.unusable().empty()) << "the same key once more";
        key.encryption_key = Secret(Buffer(16, 0xab));
        both = store;
        both.add_esp_key(key);
        EXPECT_EQ(only(both, packets).reason, Reason::second_for_sa);
        key.integrity = 0;
        key.integrity_key = Secret();
        secrets::Store alone;
        alone.add_esp_key(key);
        EXPECT_EQ(only(alone, packets).reason, Reason::unverifiable);
    }
    EXPECT_GT(seen, 0U);
}

}} // namespace ikescope::session::test
