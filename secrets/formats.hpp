#pragma once
// The readers behind read_secrets(). A new format is a pair of functions here and a row in read.cpp.

#include "secrets/read.hpp"

namespace ikescope::secrets {

bool is_toml(std::string_view text);
Result<Report> read_toml(std::string_view text, const std::string& name, Store& store);

bool is_charon_log(std::string_view text);
Result<Report> read_charon_log(std::string_view text, const std::string& name, Store& store);

bool is_ikev1_table(std::string_view text);
Result<Report> read_ikev1_table(std::string_view text, const std::string& name, Store& store);

bool is_ikev2_table(std::string_view text);
Result<Report> read_ikev2_table(std::string_view text, const std::string& name, Store& store);

/// Walks through a text line by line, without line ends. Numbers count from 1.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}
    bool next(std::string_view& line) {
        if (rest_.empty()) return false;
        const auto end = rest_.find('\n');
        line = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        ++number_;
        return true;
    }
    std::size_t number() const { return number_; }

private:
    std::string_view rest_;
    std::size_t number_ = 0;
};

std::string_view trimmed(std::string_view text);
/// "log-a line 147"
std::string place(const std::string& name, std::size_t line);
/// A row of hexadecimal digits as an array of N bytes; nothing when it is none.
template <std::size_t N>
std::optional<std::array<Byte, N>> exactly(std::string_view text) {
    const auto bytes = parse_hex(text);
    if (!bytes || bytes->size() != N) return std::nullopt;
    std::array<Byte, N> result{};
    std::copy(bytes->begin(), bytes->end(), result.begin());
    return result;
}

} // namespace ikescope::secrets
