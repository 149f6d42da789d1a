// Flipped bits, cut messages and noise into every stage of every kind of peer. A message with one flipped bit must
// never be taken for a sound one where it is protected; nothing may crash, hang, or be answered more than once.

#include "tests/replay/garbage.hpp"

namespace ikescope::replay::test { namespace {

std::vector<Target> targets() {
    std::vector<Target> out;
    for (const bool v2 : {false, true})
        for (const bool initiator : {false, true})
            for (std::size_t messages = 0; messages < (v2 ? 2U : 5U); ++messages)
                out.push_back({v2, initiator, messages});
    return out;
}

/// Each answers at most once what it is given: a few bytes may not become a storm.
constexpr std::size_t most_answers = 60;

TEST(Garbage, FlippedBitsNeitherCrashNorMultiply) {
    auto random = seeded("bits");
    for (const auto& target : targets())
        for (int round = 0; round < 30; ++round) {
            const auto sent = Victim::attack(target, [&](Bytes message) {
                Buffer changed(message.begin(), message.end());
                for (unsigned flips = 1 + random.number() % 3; flips > 0; --flips)
                    changed[random.number() % changed.size()] ^= static_cast<Byte>(1U << random.number() % 8);
                return std::vector<Buffer>{changed};
            });
            ASSERT_LE(sent, most_answers);
        }
}

TEST(Garbage, CutAndStretchedMessages) {
    auto random = seeded("cuts");
    for (const auto& target : targets())
        for (int round = 0; round < 15; ++round) {
            const auto sent = Victim::attack(target, [&](Bytes message) {
                Buffer cut(message.begin(),
                           message.begin() + static_cast<std::ptrdiff_t>(random.number() % message.size()));
                Buffer honest = cut; // with a header that says so
                if (honest.size() >= dissect::header_size) {
                    honest[26] = static_cast<Byte>(honest.size() >> 8);
                    honest[27] = static_cast<Byte>(honest.size());
                }
                Buffer longer(message.begin(), message.end());
                longer.resize(longer.size() + random.number() % 64);
                return std::vector<Buffer>{cut, honest, longer, Buffer{}};
            });
            ASSERT_LE(sent, most_answers);
        }
}

TEST(Garbage, NoiseBehindASoundHeader) {
    auto random = seeded("noise");
    for (const auto& target : targets())
        for (int round = 0; round < 15; ++round) {
            const auto sent = Victim::attack(target, [&](Bytes message) {
                Buffer noise(message.begin(), message.begin() + dissect::header_size);
                const auto rest = random.take(message.size() - noise.size());
                noise.insert(noise.end(), rest.begin(), rest.end());
                return std::vector<Buffer>{noise, random.take(random.number() % 400)};
            });
            ASSERT_LE(sent, most_answers);
        }
}

}} // namespace ikescope::replay::test
