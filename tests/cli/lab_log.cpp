#include "tests/cli/lab_log.hpp"

#include "capture/byte_source.hpp"
#include "tests/cli/program.hpp"

namespace ikescope::cli {

std::string lab_log(const std::string& scenario, const std::string& file) {
    const auto plain = std::string(IKESCOPE_SOURCE_DIR) + "/pcaps/lab/" + scenario + "/" + file;
    if (std::filesystem::exists(plain)) return plain;
    auto source = capture::open_file(plain + ".gz");
    EXPECT_TRUE(source) << plain;
    if (!source) return {};
    auto bytes = capture::gzip_source(std::move(*source), {});
    std::string text;
    Buffer piece(1 << 16);
    for (auto got = bytes->read(piece); got && *got > 0; got = bytes->read(piece))
        text.append(text_of(Bytes(piece).first(*got)));
    return temporary(scenario + "." + file, text);
}

} // namespace ikescope::cli
