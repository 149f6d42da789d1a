// A capture file through everything that `read` does: decoded, put together, decrypted with the lab's keys, held
// against the rules, shown as list, tree with bytes, JSON and PDML, twice. The first byte chooses the format.

#include "capture/decoder.hpp"
#include "capture/file_reader.hpp"
#include "present/packet_report.hpp"
#include "secrets/read.hpp"
#include "session/sessions.hpp"

#include <fstream>
#include <iterator>

namespace {

using namespace ikescope;

const secrets::Store& lab_secrets() {
    static const auto store = [] {
        secrets::Store made;
        for (const auto* path :
             {"lab/v1mm_ok/v1mm_ok.keys", "lab/ikev2-psk-esp/ikev2-psk-esp.keys", "lab/v2_rsa_frag/v2_rsa_frag.keys"}) {
            std::ifstream file(std::string(IKESCOPE_SOURCE_DIR "/pcaps/") + path);
            const std::string text{std::istreambuf_iterator<char>(file), {}};
            if (!secrets::read_secrets(text, path, made)) std::abort();
        }
        return made;
    }();
    return store;
}

struct Nowhere : present::Sink {
    bool write(std::string_view) override { return true; }
};

template <class Take>
void each_frame(Bytes file, Take take) {
    auto reader = capture::FileReader::from_memory(file, "fuzz", 0, 64);
    if (!reader) return;
    capture::Decoder decoder;
    capture::Frame frame;
    capture::Datagram datagram;
    session::Options memory;
    memory.messages = false;
    session::Sessions sessions(lab_secrets(), memory);
    for (int frames = 0; frames < 500 && reader->next(frame); ++frames) {
        frame.overall = frame.number;
        const bool found = decoder.decode(frame, datagram);
        take(frame, found ? &datagram : nullptr, sessions, decoder);
    }
    decoder.finish();
    sessions.finish();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using Format = present::ReportOptions::Format;
    constexpr Format formats[] = {Format::list, Format::details, Format::json, Format::pdml, Format::ek};
    if (size == 0) return 0;
    const Bytes file(data + 1, size - 1);
    Nowhere nowhere;
    present::Output out(nowhere);
    present::ReportOptions options;
    options.format = formats[data[0] % std::size(formats)];
    options.hex = data[0] >= 128;
    auto report = present::PacketReport::make(std::move(options), out);
    if (!report) std::abort();
    each_frame(file, [&](const auto& frame, auto* datagram, auto& sessions, auto& decoder) {
        if (!datagram) return;
        (*report)->learn(frame, *datagram, sessions.add(frame, *datagram));
        while (decoder.pending()) {
            decoder.more(*datagram);
            (*report)->learn(frame, *datagram, sessions.add(frame, *datagram));
        }
    });
    (*report)->second_pass();
    (*report)->begin("fuzz");
    each_frame(file, [&](const auto& frame, auto* datagram, auto& sessions, auto& decoder) {
        const session::Outcome* seen = datagram ? &sessions.add(frame, *datagram) : nullptr;
        while (datagram && decoder.pending()) {
            (*report)->hold(*datagram, seen);
            decoder.more(*datagram);
            seen = &sessions.add(frame, *datagram);
        }
        (*report)->add(frame, datagram, seen);
    });
    (*report)->end();
    out.flush();
    return 0;
}
