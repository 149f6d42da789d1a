// Zstandard (RFC 8878), frames one after the other.

#include "capture/byte_source.hpp"

#include <zstd.h>

namespace ikescope::capture {
namespace {

class ZstdSource final : public ByteSource {
public:
    ZstdSource(std::unique_ptr<ByteSource> packed, Buffer head)
        : input_(std::move(packed), std::move(head)), stream_(ZSTD_createDStream(), &ZSTD_freeDStream) {}

    Result<std::size_t> read(std::span<Byte> out) override {
        if (!stream_) return Error{"libzstd cannot be started"};
        while (!out.empty() && !finished_) {
            auto more = input_.refill();
            if (!more) return more.error();
            if (!*more && !flush_left_) {
                finished_ = true;
                if (inside_frame_) return Error{"its zstd data are cut short"};
                break;
            }
            auto produced = decompress_into(out);
            if (!produced || *produced > 0) return produced;
        }
        return std::size_t{0};
    }

private:
    Result<std::size_t> decompress_into(std::span<Byte> out) {
        const auto left = input_.left();
        ZSTD_inBuffer in{left.data(), left.size(), 0};
        ZSTD_outBuffer written{out.data(), out.size(), 0};
        const auto status = ZSTD_decompressStream(stream_.get(), &written, &in);
        input_.used(in.pos);
        if (ZSTD_isError(status)) {
            finished_ = true;
            return Error{std::string("its zstd data are corrupt (") + ZSTD_getErrorName(status) + ")"};
        }
        inside_frame_ = status != 0;
        flush_left_ = written.pos == written.size && inside_frame_; // output was full: more may wait inside the decoder
        return written.pos;
    }

    PackedInput input_;
    std::unique_ptr<ZSTD_DStream, decltype(&ZSTD_freeDStream)> stream_;
    bool inside_frame_ = false, flush_left_ = false, finished_ = false;
};

} // namespace

std::unique_ptr<ByteSource> zstd_source(std::unique_ptr<ByteSource> packed, Buffer head) {
    return std::make_unique<ZstdSource>(std::move(packed), std::move(head));
}

} // namespace ikescope::capture
