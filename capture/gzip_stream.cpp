// gzip (RFC 1952), members one after the other as `cat a.gz b.gz` makes them.

#include "capture/byte_source.hpp"

#include <zlib.h>

namespace ikescope::capture {
namespace {

class GzipSource final : public ByteSource {
public:
    GzipSource(std::unique_ptr<ByteSource> packed, Buffer head) : input_(std::move(packed), std::move(head)) {
        ready_ = inflateInit2(&stream_, gzip_only) == Z_OK;
    }
    GzipSource(const GzipSource&) = delete;
    GzipSource& operator=(const GzipSource&) = delete;
    ~GzipSource() override { inflateEnd(&stream_); }

    Result<std::size_t> read(std::span<Byte> out) override {
        if (!ready_) return Error{"zlib cannot be started"};
        while (!out.empty() && !finished_) {
            auto more = input_.refill();
            if (!more) return more.error();
            if (!*more) {
                finished_ = true;
                if (inside_member_) return Error{"its gzip data are cut short"};
                break;
            }
            auto produced = inflate_into(out);
            if (!produced || *produced > 0) return produced;
        }
        return std::size_t{0};
    }

private:
    static constexpr int gzip_only = 16 + MAX_WBITS;

    Result<std::size_t> inflate_into(std::span<Byte> out) {
        const auto left = input_.left();
        if (!inside_member_) {
            if (any_member_ && left[0] != 0x1f) { // zero padding or other trailing bytes, which gzip(1) ignores too
                finished_ = true;
                return std::size_t{0};
            }
            inflateReset(&stream_);
            inside_member_ = any_member_ = true;
        }
        stream_.next_in = const_cast<Bytef*>(left.data());
        stream_.avail_in = static_cast<uInt>(left.size());
        stream_.next_out = out.data();
        stream_.avail_out = static_cast<uInt>(out.size());
        const int status = inflate(&stream_, Z_NO_FLUSH);
        input_.used(left.size() - stream_.avail_in);
        const auto produced = out.size() - stream_.avail_out;
        if (status == Z_STREAM_END) inside_member_ = false;
        else if (status != Z_OK && status != Z_BUF_ERROR && produced == 0) {
            finished_ = true;
            return Error{std::string("its gzip data are corrupt (") + (stream_.msg ? stream_.msg : "zlib gives no reason") + ")"};
        }
        return produced;
    }

    PackedInput input_;
    z_stream stream_{};
    bool ready_ = false, inside_member_ = false, any_member_ = false, finished_ = false;
};

} // namespace

std::unique_ptr<ByteSource> gzip_source(std::unique_ptr<ByteSource> packed, Buffer head) {
    return std::make_unique<GzipSource>(std::move(packed), std::move(head));
}

} // namespace ikescope::capture
