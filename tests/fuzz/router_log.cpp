// Any text as a router's log: reading it and telling its negotiations ends.

#include "ios/router_log.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ikescope::ios;
    const auto log = read_router_log(ikescope::text_of({data, size}), "R1");
    for (const auto& entry : log.entries)
        if (entry.time) {
            (void)entry.time->text();
            (void)entry.time->at(0);
        }
    for (const auto& n : log.negotiations)
        for (const auto index : n.entries)
            if (index >= log.entries.size()) __builtin_trap();
    return 0;
}
