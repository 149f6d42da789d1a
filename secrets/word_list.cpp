// Word lists: files in windows that threads read at the same time, and streams.

#include "secrets/candidates.hpp"

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <mutex>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace ikescope::secrets {
namespace {

/// A stream is read so; a file's unit of work is no larger.
constexpr std::size_t window = 1 << 20;
/// About so many candidates make a unit: what a search that is killed loses, and what its threads share out.
constexpr double unit_candidates = 1 << 18;
constexpr double bytes_per_word = 10;
/// A longer line is no key and is passed over.
constexpr std::size_t longest_line = 1 << 16;

/// Bytes of a UTF-8 byte order mark in front of the first word, as editors of Windows write it.
std::size_t mark_size(Bytes start) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return text_of(start).starts_with(mark) ? mark.size() : 0;
}

/// By its byte order mark.
bool is_utf16(int descriptor) {
    std::array<Byte, 2> start{};
    if (::pread(descriptor, start.data(), start.size(), 0) != static_cast<ssize_t>(start.size())) return false;
    return start == std::array<Byte, 2>{0xff, 0xfe} || start == std::array<Byte, 2>{0xfe, 0xff};
}

std::string reason() { return std::generic_category().message(errno); }

/// $HEX[…], as other tools write words with unusual bytes.
bool unpack(Bytes word, Buffer& room) {
    const auto text = text_of(word);
    if (!text.starts_with("$HEX[") || !text.ends_with(']')) return false;
    auto bytes = parse_hex(text.substr(5, text.size() - 6));
    if (!bytes || bytes->empty()) return false;
    room = std::move(*bytes);
    return true;
}

/// Calls `word(bytes, offset)` for every line that begins before `stop`; false when it says so.
template <class Word>
bool each_line(Bytes text, std::size_t begin, std::size_t stop, Word word) {
    for (auto at = begin; at < stop;) {
        const auto* found = std::memchr(text.data() + at, '\n', text.size() - at);
        const auto end = found ? static_cast<std::size_t>(static_cast<const Byte*>(found) - text.data()) : text.size();
        auto size = end - at;
        if (size > 0 && text[end - 1] == '\r') --size;
        if (size > 0 && size <= longest_line && !word(text.subspan(at, size), at)) return false;
        at = end + 1;
    }
    return true;
}

/// A line as a word: as it is or unpacked, and what the variations make of it.
struct Words {
    const Variations& variations;
    Feed& feed;
    Buffer room, unpacked;

    bool take(Bytes line, std::uint64_t place) {
        if (line[0] == '$' && unpack(line, unpacked)) return variations.feed(unpacked, place, room, feed);
        return variations.feed(line, place, room, feed);
    }
};

/// Bytes of a file whose words make a unit of work: fewer where many candidates are made of each word.
std::size_t unit_window(const Variations& variations) {
    const auto bytes = unit_candidates * bytes_per_word / variations.count();
    return std::clamp(std::bit_floor(static_cast<std::size_t>(bytes)), std::size_t{64}, window);
}

class WordFile : public Candidates {
public:
    WordFile(std::string path, int descriptor, const struct stat& facts, Variations variations)
        : path_(std::move(path)), variations_(std::move(variations)), window_(unit_window(variations_)),
          descriptor_(descriptor), size_(static_cast<std::uint64_t>(facts.st_size)), changed_(facts.st_mtime) {}
    ~WordFile() override { ::close(descriptor_); }
    WordFile(const WordFile&) = delete;
    WordFile& operator=(const WordFile&) = delete;

    std::optional<std::uint64_t> units() const override { return (size_ + window_ - 1) / window_; }
    double estimate() const override { return static_cast<double>(size_) / bytes_per_word * variations_.count(); }

    /// The lines that begin in the unit's window. One byte before it says whether its first byte begins one.
    bool make(std::uint64_t unit, Feed& feed) override {
        if (unit >= *units()) return false;
        const auto start = unit * window_, before = std::uint64_t{start > 0};
        thread_local Buffer bytes;
        bytes.resize(before + window_ + longest_line);
        bytes.resize(read_at(bytes, start - before));
        const Bytes text(bytes);
        std::size_t begin = before ? before : mark_size(text);
        if (before && !text.empty() && text[0] != '\n') {
            const auto* found = std::memchr(text.data(), '\n', text.size());
            begin = found ? static_cast<std::size_t>(static_cast<const Byte*>(found) - text.data()) + 1 : text.size();
        }
        Words words{variations_, feed, {}, {}};
        each_line(text, begin, std::min<std::size_t>(text.size(), before + window_),
                  [&](Bytes line, std::size_t at) { return words.take(line, start - before + at); });
        return true;
    }
    std::string describe(CandidateId id) const override {
        return fmt::format("{} line {}{}", path_, line_number(id.place), variations_.describe(id.detail));
    }
    std::string identity() const override {
        return fmt::format("words {} {} {} in {}\n{}", path_, size_, static_cast<long long>(changed_), window_,
                           variations_.identity());
    }

private:
    std::size_t read_at(std::span<Byte> into, std::uint64_t offset) const {
        std::size_t got = 0;
        while (got < into.size()) {
            const auto more =
                ::pread(descriptor_, into.data() + got, into.size() - got, static_cast<off_t>(offset + got));
            if (more < 0 && errno == EINTR) continue;
            if (more <= 0) break;
            got += static_cast<std::size_t>(more);
        }
        return got;
    }
    std::uint64_t line_number(std::uint64_t offset) const {
        Buffer bytes(window);
        std::uint64_t line = 1;
        for (std::uint64_t at = 0; at < offset; at += window) {
            const auto got = read_at(
                std::span(bytes).first(static_cast<std::size_t>(std::min<std::uint64_t>(window, offset - at))), at);
            line += static_cast<std::uint64_t>(std::ranges::count(Bytes(bytes).first(got), Byte{'\n'}));
            if (got == 0) break;
        }
        return line;
    }

    std::string path_;
    Variations variations_;
    std::size_t window_;
    int descriptor_;
    std::uint64_t size_;
    time_t changed_;
};

class WordStream : public Candidates {
public:
    WordStream(int descriptor, Variations variations) : variations_(std::move(variations)), descriptor_(descriptor) {}
    std::optional<std::uint64_t> units() const override { return std::nullopt; }
    double estimate() const override { return 0; }
    bool make(std::uint64_t, Feed& feed) override {
        std::uint64_t line = 0;
        const auto bytes = next(line);
        if (bytes.empty()) return false;
        Words words{variations_, feed, {}, {}};
        std::size_t counted = 0;
        each_line(bytes, 0, bytes.size(), [&](Bytes word, std::size_t at) {
            line +=
                static_cast<std::uint64_t>(std::ranges::count(Bytes(bytes).subspan(counted, at - counted), Byte{'\n'}));
            counted = at;
            return words.take(word, line);
        });
        return true;
    }
    std::string describe(CandidateId id) const override {
        return fmt::format("standard input line {}{}", id.place, variations_.describe(id.detail));
    }
    std::string identity() const override { return "stream\n" + variations_.identity(); }

private:
    /// The next whole lines and the number of the first; empty at the end.
    Buffer next(std::uint64_t& line) {
        const std::lock_guard lock(mutex_);
        Buffer bytes = std::move(rest_);
        rest_.clear();
        for (;;) {
            const auto had = bytes.size();
            bytes.resize(had + window);
            const auto got = ::read(descriptor_, bytes.data() + had, window);
            bytes.resize(had + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) break;
            const auto newline = std::find(bytes.rbegin(), bytes.rend(), Byte{'\n'});
            if (newline == bytes.rend()) {
                if (bytes.size() > longest_line)
                    bytes.erase(bytes.begin(), bytes.end() - (longest_line + 1)); // stays too long
                continue;
            }
            rest_.assign(newline.base(), bytes.end());
            bytes.resize(bytes.size() - rest_.size());
            break;
        }
        if (line_ == 1) bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(mark_size(bytes)));
        line = line_;
        line_ += static_cast<std::uint64_t>(std::ranges::count(bytes, Byte{'\n'}));
        return bytes;
    }

    Variations variations_;
    int descriptor_;
    std::mutex mutex_;
    Buffer rest_;
    std::uint64_t line_ = 1;
};

/// gzip, zstd, xz, bzip2 by their first bytes.
std::optional<std::string_view> unpacker(int descriptor) {
    std::array<Byte, 4> start{};
    if (::pread(descriptor, start.data(), start.size(), 0) != static_cast<ssize_t>(start.size())) return std::nullopt;
    if (start[0] == 0x1f && start[1] == 0x8b) return "zcat";
    if (start == std::array<Byte, 4>{0x28, 0xb5, 0x2f, 0xfd}) return "zstdcat";
    if (start == std::array<Byte, 4>{0xfd, '7', 'z', 'X'}) return "xzcat";
    if (start[0] == 'B' && start[1] == 'Z' && start[2] == 'h') return "bzcat";
    return std::nullopt;
}

} // namespace

Result<std::unique_ptr<Candidates>> word_list(const std::string& path, Variations variations) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat facts {};
    if (descriptor < 0 || ::fstat(descriptor, &facts) != 0) return Error{fmt::format("{}: {}", path, reason())};
    if (!S_ISREG(facts.st_mode)) {
        ::close(descriptor);
        return Error{fmt::format("{} is no file that can be read in parts; use --stdin < {}", path, path)};
    }
    if (const auto tool = unpacker(descriptor)) {
        ::close(descriptor);
        return Error{fmt::format("{} is compressed; use {} {} | ikescope psk … --stdin", path, *tool, path)};
    }
    if (is_utf16(descriptor)) {
        ::close(descriptor);
        return Error{fmt::format("{} is UTF-16, whose bytes are no keys; use iconv -f UTF-16 -t UTF-8 {} | ikescope psk … "
                                 "--stdin",
                                 path, path)};
    }
    return std::unique_ptr<Candidates>(std::make_unique<WordFile>(path, descriptor, facts, std::move(variations)));
}

std::unique_ptr<Candidates> word_stream(int descriptor, Variations variations) {
    return std::make_unique<WordStream>(descriptor, std::move(variations));
}

} // namespace ikescope::secrets
