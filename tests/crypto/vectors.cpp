#include "vectors.hpp"

#include <charconv>
#include <fstream>

namespace ikescope::tests {
namespace {

std::vector<VectorCase> read_vectors(const std::string& path) {
    std::ifstream file(path);
    EXPECT_TRUE(file) << path << " cannot be read";
    std::vector<VectorCase> cases;
    VectorCase now;
    const auto finish = [&] {
        if (!now.values.empty()) cases.push_back(now);
        now.values.clear();
    };
    int number = 0;
    for (std::string text; std::getline(file, text);) {
        ++number;
        if (text.starts_with('#')) continue;
        if (text.starts_with('[')) {
            finish();
            now.section = text.substr(1, text.find(']') - 1);
            continue;
        }
        const auto equals = text.find(" =");
        if (equals == std::string::npos) {
            finish();
            continue;
        }
        if (now.values.empty()) now.line = number;
        now.values[text.substr(0, equals)] = text.size() > equals + 3 ? text.substr(equals + 3) : "";
    }
    finish();
    return cases;
}

} // namespace

std::string VectorCase::text(std::string_view name) const {
    const auto at = values.find(name);
    EXPECT_NE(at, values.end()) << file << ':' << line << " has no " << name;
    return at == values.end() ? std::string() : at->second;
}

Buffer VectorCase::bytes(std::string_view name) const {
    auto parsed = parse_hex(text(name));
    EXPECT_TRUE(parsed) << file << ':' << line << ' ' << name << " is not hexadecimal";
    return parsed ? *parsed : Buffer{};
}

unsigned VectorCase::number(std::string_view name) const {
    const auto digits = text(name);
    unsigned value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

void each_case(std::string_view file, std::string_view section, std::size_t least,
               const std::function<void(const VectorCase&)>& check) {
    const auto path = std::string(IKESCOPE_SOURCE_DIR "/tests/data/vectors/") + std::string(file);
    std::size_t checked = 0;
    for (auto& one : read_vectors(path)) {
        if (one.section != section) continue;
        one.file = path;
        const testing::ScopedTrace where(path.c_str(), one.line, std::string(section));
        check(one);
        ++checked;
    }
    EXPECT_GE(checked, least) << path << " has too few cases in [" << section << ']';
    testing::Test::RecordProperty("vectors", static_cast<int>(checked));
}

} // namespace ikescope::tests
