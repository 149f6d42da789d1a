// Any text as a filter, asked of any message's tree: no crash, no hang, no leak.

#include "dissect/message.hpp"
#include "present/filter.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ikescope;
    const Bytes input(data, size);
    const auto end = std::find(input.begin(), input.end(), Byte{0});
    const auto length = static_cast<std::size_t>(end - input.begin());
    auto filter = present::Filter::compile(text_of(input.first(length)));
    if (!filter) return filter.error().sentence.empty() ? __builtin_trap(), 0 : 0;
    const auto packet = input.subspan(std::min(length + 1, size));
    dissect::Message message;
    dissect::walk(packet, 0, packet.size(), message);
    Tree tree;
    tree.use_buffer("Frame", packet);
    dissect::explain(message, tree);
    filter->matches(tree);
    return 0;
}
