// Messages from anybody into our IKE peers: the first byte chooses version, role and stage, the rest are messages, each
// behind two bytes of length; in place of nothing comes the sound message with bytes exchanged.

#include "tests/replay/garbage.hpp"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ikescope;
    if (size < 2) return 0;
    const replay::test::Target target{(data[0] & 1) != 0, (data[0] & 2) != 0,
                                      static_cast<std::size_t>(data[0] >> 2) % 6};
    Cursor in({data + 1, size - 1});
    const auto sent = replay::test::Victim::attack(target, [&](Bytes sound) {
        std::vector<Buffer> out;
        for (int i = 0; i < 3 && in.more(); ++i) {
            const auto length = static_cast<std::size_t>(in.number(2, "length"));
            if (length >= 0x8000) { // one byte of the sound message is exchanged
                Buffer changed(sound.begin(), sound.end());
                changed[length % changed.size()] = static_cast<Byte>(in.number(1, "byte"));
                out.push_back(std::move(changed));
                continue;
            }
            const auto bytes = in.peek(length);
            in.skip(bytes.size(), "message");
            out.emplace_back(bytes.begin(), bytes.end());
        }
        return out;
    });
    if (sent > 200) std::abort(); // a storm
    return 0;
}
