#include "crypto/ikev1_keys.hpp"
#include "names.hpp"
#include "vectors.hpp"

#include <charconv>

namespace ikescope {
namespace {

using namespace crypto;
using tests::each_case;
using tests::VectorCase;

constexpr auto daemon = "ikev1_strongswan.vec";

ikev1::Suite suite_of(const VectorCase& one) {
    ikev1::Suite suite;
    suite.hash = tests::hash_named(one.text("Hash"));
    if (one.has("Cipher")) suite.cipher = tests::cipher_named(one.text("Cipher"));
    if (one.has("KeyBytes")) suite.key_bytes = one.number("KeyBytes");
    return suite;
}
Secret secret(const VectorCase& one, std::string_view name) { return Secret(one.bytes(name)); }
std::string shown(const Secret& value) { return hex(value.reveal()); }
std::uint32_t message_id(const VectorCase& one) { return static_cast<std::uint32_t>(big_endian(one.bytes("MessageId"))); }

/// The inputs of a case with the buffers they point into.
struct Held {
    explicit Held(const VectorCase& one)
        : ci(one.bytes("CookieI")), cr(one.bytes("CookieR")), ni(one.bytes("NonceI")), nr(one.bytes("NonceR")),
          gi(one.bytes_if("PublicI")), gr(one.bytes_if("PublicR")), sa(one.bytes_if("SaBody")), inputs{ci, cr, ni, nr, gi, gr, sa} {}
    Buffer ci, cr, ni, nr, gi, gr, sa;
    ikev1::Inputs inputs;
};

void expect_branches(const VectorCase& one, const ikev1::Keys& keys) {
    EXPECT_EQ(shown(keys.skeyid), one.text("Skeyid"));
    EXPECT_EQ(shown(keys.skeyid_d), one.text("SkeyidD"));
    EXPECT_EQ(shown(keys.skeyid_a), one.text("SkeyidA"));
    EXPECT_EQ(shown(keys.skeyid_e), one.text("SkeyidE"));
}

TEST(Ikev1Keys, PhaseOneOfADaemon) {
    each_case(daemon, "ikev1 phase 1", 20, [](const auto& one) {
        const auto suite = suite_of(one);
        const Held held(one);
        const auto keys = derive(suite, skeyid_psk(suite, one.bytes("Psk"), held.inputs), one.bytes("Shared"), held.inputs);
        expect_branches(one, keys);
        EXPECT_EQ(shown(keys.ka), one.text("Ka"));
        EXPECT_EQ(hex(keys.initial_iv), one.text("InitialIv"));
        if (one.has("HashI")) {
            EXPECT_EQ(hex(hash_i(suite, keys.skeyid, held.inputs, one.bytes("IdI"))), one.text("HashI"));
        }
        if (one.has("HashR")) {
            EXPECT_EQ(hex(hash_r(suite, keys.skeyid, held.inputs, one.bytes("IdR"))), one.text("HashR"));
        }
    });
}

TEST(Ikev1Keys, PskAndSignatureSamplesOfNist) {
    each_case("ikev1_nist.vec", "ikev1 nist", 2, [](const auto& one) {
        const auto suite = suite_of(one);
        const Held held(one);
        const auto shared = one.bytes("Shared");
        auto skeyid = one.has("Psk") ? skeyid_psk(suite, one.bytes("Psk"), held.inputs) : skeyid_signature(suite, shared, held.inputs);
        expect_branches(one, derive(suite, std::move(skeyid), shared, held.inputs));
    });
}

TEST(Ikev1Keys, MessagesOfADaemonOpenAndSeal) {
    each_case(daemon, "ikev1 message", 50, [](const auto& one) {
        const auto suite = suite_of(one);
        const auto opened = open(suite, secret(one, "Ka"), one.bytes("Iv"), one.bytes("Encrypted"));
        ASSERT_TRUE(opened) << opened.error().sentence;
        EXPECT_EQ(hex(*opened), one.text("Plain"));
        EXPECT_EQ(hex(*seal(suite, secret(one, "Ka"), one.bytes("Iv"), one.bytes("Plain"))), one.text("Encrypted"));
    });
}

TEST(Ikev1Keys, InitializationVectorsOfNewMessageIds) {
    each_case(daemon, "ikev1 message iv", 50, [](const auto& one) {
        EXPECT_EQ(hex(message_iv(suite_of(one), one.bytes("LastBlock"), message_id(one))), one.text("Iv"));
    });
}

TEST(Ikev1Keys, HashesOfQuickModeAndInformational) {
    each_case(daemon, "ikev1 hash 1", 25, [](const auto& one) {
        EXPECT_EQ(hex(hash_1(suite_of(one), secret(one, "SkeyidA"), message_id(one), one.bytes("Rest"))), one.text("Expected"));
    });
    each_case(daemon, "ikev1 hash 2", 4, [](const auto& one) {
        EXPECT_EQ(hex(hash_2(suite_of(one), secret(one, "SkeyidA"), message_id(one), one.bytes("NonceI"), one.bytes("Rest"))),
                  one.text("Expected"));
    });
    each_case(daemon, "ikev1 hash 3", 4, [](const auto& one) {
        EXPECT_EQ(hex(hash_3(suite_of(one), secret(one, "SkeyidA"), message_id(one), one.bytes("NonceI"), one.bytes("NonceR"))),
                  one.text("Expected"));
    });
}

TEST(Ikev1Keys, KeymatWithAndWithoutPerfectForwardSecrecy) {
    each_case(daemon, "ikev1 keymat", 16, [](const auto& one) {
        const auto expected = one.bytes("Expected");
        const auto made = keymat(suite_of(one), secret(one, "SkeyidD"), one.bytes_if("Shared"), one.bytes("Protocol").at(0),
                                 one.bytes("Spi"), one.bytes("NonceI"), one.bytes("NonceR"), expected.size());
        EXPECT_EQ(shown(made), hex(expected));
    });
}

// RFC 2409 appendix A, written there with odd parity; parity does not count.
TEST(Ikev1Keys, WeakDesKeys) {
    EXPECT_TRUE(ikev1::weak_des_key(*parse_hex("0101010101010101")));
    EXPECT_TRUE(ikev1::weak_des_key(*parse_hex("0000000000000000")));
    EXPECT_TRUE(ikev1::weak_des_key(*parse_hex("e0fee0fef1fef1fe")));
    EXPECT_FALSE(ikev1::weak_des_key(*parse_hex("0123456789abcdef")));
}

} // namespace
} // namespace ikescope
