#include "capture/byte_source.hpp"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace ikescope::capture {
namespace {

class FileSource final : public ByteSource {
public:
    explicit FileSource(int descriptor) : descriptor_(descriptor) {}
    FileSource(const FileSource&) = delete;
    FileSource& operator=(const FileSource&) = delete;
    ~FileSource() override {
        if (descriptor_ > STDIN_FILENO) ::close(descriptor_);
    }
    Result<std::size_t> read(std::span<Byte> out) override {
        for (;;) {
            const auto got = ::read(descriptor_, out.data(), out.size());
            if (got >= 0) return static_cast<std::size_t>(got);
            if (errno != EINTR) return Error{std::string("reading fails: ") + std::strerror(errno)};
        }
    }

private:
    int descriptor_;
};

class MemorySource final : public ByteSource {
public:
    explicit MemorySource(Bytes bytes) : bytes_(bytes) {}
    Result<std::size_t> read(std::span<Byte> out) override {
        const auto count = std::min(out.size(), bytes_.size());
        std::copy_n(bytes_.begin(), count, out.begin());
        bytes_ = bytes_.subspan(count);
        return count;
    }

private:
    Bytes bytes_;
};

Error cannot_open(const std::string& path, int reason) {
    switch (reason) {
    case ENOENT: return {path + " does not exist; check the name and the folder"};
    case EACCES: return {path + " may not be read by this user; change its permissions or run as a user who may"};
    default: return {path + " cannot be opened: " + std::strerror(reason)};
    }
}

} // namespace

Result<std::unique_ptr<ByteSource>> open_file(const std::string& path) {
    if (path == "-") return std::unique_ptr<ByteSource>(std::make_unique<FileSource>(STDIN_FILENO));
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return cannot_open(path, errno);
    std::unique_ptr<ByteSource> source = std::make_unique<FileSource>(descriptor);
    struct stat facts {};
    if (::fstat(descriptor, &facts) == 0 && S_ISDIR(facts.st_mode))
        return Error{path + " is a directory; name the capture files in it"};
    return source;
}

std::unique_ptr<ByteSource> memory_source(Bytes bytes) { return std::make_unique<MemorySource>(bytes); }

std::string_view compression_of(Bytes head) {
    if (head.size() >= 2 && head[0] == 0x1f && head[1] == 0x8b) return "gzip";
    return head.size() >= 4 && little_endian(head.first(4)) == 0xfd2fb528 ? "zstd" : "";
}

std::unique_ptr<ByteSource> unpack(std::unique_ptr<ByteSource> packed, Buffer head) {
    const auto make = compression_of(head) == "gzip" ? gzip_source : zstd_source;
    return make(std::move(packed), std::move(head));
}

} // namespace ikescope::capture
