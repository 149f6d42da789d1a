#include "crypto/authenticate.hpp"
#include "crypto/ikev2_suite.hpp"
#include "vectors.hpp"

namespace ikescope {
namespace {

using namespace crypto;
using namespace crypto::ikev2;
using tests::each_case;
using tests::VectorCase;

constexpr auto daemon = "ikev2_strongswan.vec";

PrfId prf_of(const VectorCase& one) { return find_prf(static_cast<std::uint16_t>(one.number("Prf")))->id; }
Secret secret(const VectorCase& one, std::string_view name) { return Secret(one.bytes(name)); }
std::string shown(const Secret& value) { return hex(value.reveal()); }

/// The inputs of a case with the buffers they point into.
struct Held {
    explicit Held(const VectorCase& one)
        : ni(one.bytes("NonceI")), nr(one.bytes("NonceR")), si(one.bytes_if("SpiI")), sr(one.bytes_if("SpiR")), inputs{ni, nr, si, sr} {}
    Buffer ni, nr, si, sr;
    ikev2::Inputs inputs;
};

ikev2::KeySizes sizes_of(const VectorCase& one) {
    const auto wire = [&](std::string_view name) { return static_cast<std::uint16_t>(one.number(name)); };
    return suite_of({wire("Encryption"), static_cast<std::uint16_t>(8 * wire("KeyBytes")), wire("Prf"), wire("Integrity")})->sizes();
}

TEST(Ikev2Keys, SaOfADaemon) {
    each_case(daemon, "ikev2 keys", 10, [](const auto& one) {
        const Held held(one);
        const auto seed = skeyseed(prf_of(one), one.bytes("Shared"), held.inputs);
        EXPECT_EQ(shown(seed), one.text("Skeyseed"));
        const auto keys = derive(prf_of(one), sizes_of(one), seed, held.inputs);
        for (const auto& slice : ikev2::slices)
            EXPECT_EQ(shown(keys.*slice.into), hex(one.bytes_if(slice.name))) << slice.name;
    });
}

TEST(Ikev2Keys, SampleOfNist) {
    each_case("ikev2_nist.vec", "ikev2 nist", 1, [](const auto& one) {
        const Held held(one);
        const auto id = prf_of(one);
        const auto seed = skeyseed(id, one.bytes("Shared"), held.inputs);
        EXPECT_EQ(shown(seed), one.text("Skeyseed"));
        const auto keys = derive(id, {20, 20, 26}, seed, held.inputs); // 5 * 20 + 2 * 16 = 132 bytes in the sample
        const auto dkm = prf_plus(id, seed.reveal(), {held.ni, held.nr, held.si, held.sr}, 132);
        EXPECT_EQ(shown(dkm), one.text("Dkm"));
        EXPECT_EQ(shown(keys.d), one.text("Dkm").substr(0, 40));
        EXPECT_EQ(shown(keys.ai), one.text("Dkm").substr(40, 40));
        EXPECT_EQ(shown(child_keymat(id, keys.d, {}, held.inputs, 132)), one.text("DkmChild"));
        EXPECT_EQ(shown(child_keymat(id, keys.d, one.bytes("SharedNew"), held.inputs, 132)), one.text("DkmChildDh"));
        EXPECT_EQ(shown(skeyseed_rekey(id, keys.d, one.bytes("SharedNew"), held.inputs)), one.text("SkeyseedRekey"));
    });
}

TEST(Ikev2Keys, ChildSaOfADaemon) {
    each_case(daemon, "ikev2 child", 4, [](const auto& one) {
        const Held held(one);
        const auto encryption = one.bytes("EncryptionI").size(), integrity = one.bytes_if("IntegrityI").size();
        const auto keymat = child_keymat(prf_of(one), secret(one, "SK_d"), {}, held.inputs, 2 * (encryption + integrity));
        const auto keys = ikev2::cut_child(keymat, encryption, integrity);
        EXPECT_EQ(shown(keys.initiator_encryption), one.text("EncryptionI"));
        EXPECT_EQ(shown(keys.responder_encryption), one.text("EncryptionR"));
        EXPECT_EQ(shown(keys.initiator_integrity), hex(one.bytes_if("IntegrityI")));
        EXPECT_EQ(shown(keys.responder_integrity), hex(one.bytes_if("IntegrityR")));
    });
}

TEST(Ikev2Auth, SharedKeyOfADaemon) {
    each_case(daemon, "ikev2 auth", 10, [](const auto& one) {
        const auto message = one.bytes("Message"), nonce = one.bytes("PeerNonce"), id = one.bytes("Id");
        const auto octets = signed_octets(prf_of(one), {message, nonce, id, {}}, secret(one, "SK_p"));
        EXPECT_EQ(hex(octets), one.text("Octets"));
        EXPECT_EQ(hex(shared_key_auth(prf_of(one), one.bytes("Secret"), octets)), one.text("Expected"));
    });
}

// The formulas of RFC 8784 section 3, RFC 5723 section 5.1, RFC 9370 section 2.2.2 and RFC 9242 section 3.3.2,
// computed with Python's hmac module: no daemon at hand speaks them.
TEST(Ikev2Keys, PpkResumptionAndIntermediate) {
    each_case("ikev2_computed.vec", "ikev2 computed", 1, [](const auto& one) {
        const Held held(one);
        const auto id = prf_of(one);
        const auto d = secret(one, "SK_d");
        EXPECT_EQ(shown(with_ppk(id, {d, {}, {}, {}, {}, d, {}}, secret(one, "Ppk")).pi), one.text("SK_d_ppk"));
        EXPECT_EQ(shown(skeyseed_resumption(id, d, held.inputs)), one.text("Resumption"));
        EXPECT_EQ(shown(skeyseed_intermediate(id, d, one.bytes("Shared"), held.inputs)), one.text("Intermediate"));
        const std::vector<Secret> additional{secret(one, "Shared"), secret(one, "Ppk")};
        EXPECT_EQ(shown(skeyseed_rekey(id, d, one.bytes("Ppk"), held.inputs, additional)), one.text("RekeyAdditional"));
        EXPECT_EQ(hex(ikev2::intermediate_link(id, d, {}, held.ni, held.nr)), one.text("Link1"));
        EXPECT_EQ(hex(ikev2::intermediate_link(id, d, one.bytes("Link1"), held.ni, held.nr)), one.text("Link2"));
        EXPECT_EQ(hex(ikev2::intermediate_auth(one.bytes("Link1"), one.bytes("Link2"), 2)), one.text("Link1") + one.text("Link2") + "00000002");
    });
}

TEST(Ikev2Suite, UnknownTransformsAreNamed) {
    EXPECT_NE(suite_of({4, 128, 5, 12}).error().sentence.find("encryption transform 4"), std::string::npos); // RC5
    EXPECT_NE(suite_of({12, 128, 3, 12}).error().sentence.find("function transform 3"), std::string::npos);  // TIGER
    EXPECT_NE(suite_of({12, 128, 5, 4}).error().sentence.find("integrity transform 4"), std::string::npos);  // KPDK_MD5
    EXPECT_EQ(suite_of({28, 0, 5, 0})->sizes().encryption, 36U); // RFC 7634 section 2: 256 bits of key and 32 of salt
    EXPECT_EQ(suite_of({20, 256, 5, 0})->child_size(), 72U);     // RFC 5282 section 7.1
}

// RFC 7296 section 2.14: only 64 bits of each nonce make the key of AES-XCBC and AES-CMAC.
TEST(Ikev2Keys, ShortNoncesOfTheAesPrfs) {
    const Buffer ni(32, 1), nr(32, 2), shared(32, 3), half{1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2};
    for (auto id : {PrfId::aes128_xcbc, PrfId::aes128_cmac})
        EXPECT_EQ(shown(skeyseed(id, shared, {ni, nr, {}, {}})), hex(prf(id, half, {shared})));
}

} // namespace
} // namespace ikescope
