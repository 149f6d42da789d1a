// Any text as a configuration: reading and lint end. Two configurations divided by a line `%%`: prediction, proposals and
// diffs end as well.

#include "ios/predict.hpp"
#include "ios/reader.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace ikescope::ios;
    const auto text = ikescope::text_of({data, size});
    const auto divide = text.find("\n%%\n");
    const auto first = read_config(text.substr(0, divide), "R1");
    (void)candidate_keys(first);
    (void)lint(first);
    if (divide == std::string_view::npos) return 0;
    const auto pair = predict_pair(first, read_config(text.substr(divide + 4), "R2"));
    if (pair.proposal)
        for (const auto& change : pair.proposal->changes) (void)change.diff();
    return 0;
}
