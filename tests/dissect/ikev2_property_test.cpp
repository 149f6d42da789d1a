// What holds for every payload of IKEv2, whatever its bytes: the tree's leaves partition the message, nothing crashes,
// and writing is the inverse of reading.

#include "tests/dissect/ikev2_samples.hpp"

namespace ikescope::dissect {
namespace {

using samples::Body;
using samples::partition_fault;

std::string fault_of(const Buffer& message) {
    const auto tree = samples::explained(message);
    return partition_fault(tree, 0, message.size());
}

class Ikev2Payload : public testing::TestWithParam<Body> {};

TEST_P(Ikev2Payload, IsPartitionedByItsTree) {
    const auto message = samples::message_with(GetParam().type, GetParam().bytes);
    const auto tree = samples::explained(message);
    EXPECT_EQ(partition_fault(tree, 0, message.size()), "") << samples::dump(tree);
    for (const auto& node : tree.nodes()) EXPECT_NE(node.severity, Severity::error) << node.field->name << tree.note(node);
    EXPECT_FALSE(samples::has(tree, "ike.unexplained")) << samples::dump(tree);
}

TEST_P(Ikev2Payload, SurvivesEveryTruncation) {
    const auto& [name, type, bytes] = GetParam();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        // The body ends early, with lengths that agree …
        EXPECT_EQ(fault_of(samples::message_with(type, Bytes(bytes).first(size))), "") << name << ' ' << size;
        // … and the datagram ends early, with lengths that do not.
        auto cut = samples::message_with(type, bytes);
        cut.resize(header_size + generic_header_size + size);
        EXPECT_EQ(fault_of(cut), "") << name << ' ' << size;
    }
}

TEST_P(Ikev2Payload, SurvivesEveryFlippedBit) {
    const auto& [name, type, bytes] = GetParam();
    auto message = samples::message_with(type, bytes);
    for (std::size_t bit = header_size * 8; bit < message.size() * 8; ++bit) {
        const auto mask = static_cast<Byte>(1U << bit % 8);
        message[bit / 8] ^= mask;
        EXPECT_EQ(fault_of(message), "") << name << " bit " << bit;
        message[bit / 8] ^= mask;
    }
}

template <class P>
Buffer rewritten(const Body& body) {
    std::optional<Fault> fault;
    const auto parsed = ikev2::parse<P>(samples::ref_of(body), &fault);
    EXPECT_FALSE(fault) << body.name << ' ' << (fault ? fault->field : "");
    Buffer out;
    ikev2::write(parsed, out);
    return out;
}

Buffer rewritten(const Body& body) {
    using namespace ikev2;
    switch (body.type) {
    case payload::sa: return rewritten<SecurityAssociation>(body);
    case payload::ke: return rewritten<KeyExchange>(body);
    case payload::id_i:
    case payload::id_r:
    case payload::id_g: return rewritten<Identification>(body);
    case payload::cert: return rewritten<Certificate>(body);
    case payload::certreq: return rewritten<CertificateRequest>(body);
    case payload::auth: return rewritten<Authentication>(body);
    case payload::nonce: return rewritten<Nonce>(body);
    case payload::notify: return rewritten<Notification>(body);
    case payload::delete_: return rewritten<Delete>(body);
    case payload::vendor: return rewritten<VendorId>(body);
    case payload::ts_i:
    case payload::ts_r: return rewritten<TrafficSelectors>(body);
    case payload::sk: return rewritten<Encrypted>(body);
    case payload::cp: return rewritten<Configuration>(body);
    case payload::eap: return rewritten<Eap>(body);
    case payload::gspm: return rewritten<SecurePassword>(body);
    case payload::gsa: return rewritten<GroupSecurityAssociation>(body);
    case payload::kd: return rewritten<KeyDownload>(body);
    case payload::skf: return rewritten<EncryptedFragment>(body);
    case payload::puzzle: return rewritten<PuzzleSolution>(body);
    default: return body.bytes;
    }
}

TEST_P(Ikev2Payload, IsWrittenAsItWasRead) { EXPECT_EQ(hex(rewritten(GetParam())), hex(GetParam().bytes)); }

TEST_P(Ikev2Payload, TellsParseOfWhatIsMissing) {
    using namespace ikev2;
    auto body = GetParam();
    if (body.type != payload::sa && body.type != payload::ts_i && body.type != payload::ts_r) return;
    for (std::size_t size = 1; size < body.bytes.size(); ++size) {
        const Body cut{body.name, body.type, Buffer(body.bytes.begin(), body.bytes.begin() + static_cast<std::ptrdiff_t>(size))};
        std::optional<Fault> fault;
        if (body.type == payload::sa) {
            const auto sa = parse<SecurityAssociation>(samples::ref_of(cut), &fault);
            EXPECT_TRUE(fault || sa.proposals.size() <= 1) << body.name << ' ' << size;
        } else {
            const auto ts = parse<TrafficSelectors>(samples::ref_of(cut), &fault);
            EXPECT_TRUE(fault || ts.selectors.size() < ts.count) << body.name << ' ' << size;
        }
    }
}

INSTANTIATE_TEST_SUITE_P(, Ikev2Payload, testing::ValuesIn(samples::ikev2_bodies()), [](const auto& parameter) {
    auto name = parameter.param.name;
    std::ranges::replace(name, '-', '_');
    return name;
});

TEST(Ikev2Chain, OfTheLabIsPartitionedWholeCutAndFlipped) {
    Header header;
    header.version = 0x20;
    const auto check = [&](Bytes chain, std::uint8_t first) {
        Message message;
        walk_plain(header, first, chain, 0, message);
        Tree tree;
        tree.use_buffer("Decrypted IKE", chain);
        explain_payloads(message, tree);
        return partition_fault(tree, 0, chain.size());
    };
    EXPECT_GE(samples::ikev2_chains().size(), 8U);
    for (const auto& chain : samples::ikev2_chains()) {
        for (std::size_t size = 0; size <= chain.bytes.size(); ++size)
            EXPECT_EQ(check(Bytes(chain.bytes).first(size), chain.first), "") << chain.capture << ' ' << size;
        auto bytes = chain.bytes;
        for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
            bytes[bit / 8] ^= static_cast<Byte>(1U << bit % 8);
            EXPECT_EQ(check(bytes, chain.first), "") << chain.capture << " bit " << bit;
            bytes[bit / 8] ^= static_cast<Byte>(1U << bit % 8);
        }
    }
}

} // namespace
} // namespace ikescope::dissect
