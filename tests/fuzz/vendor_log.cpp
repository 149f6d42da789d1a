// Any text as a log beside a capture of two charon: the table of failure texts, the lines that belong to the capture's
// SAs, and the findings that come of them.

#include "capture/decoder.hpp"
#include "capture/file_reader.hpp"
#include "diagnose/router_logs.hpp"

namespace {

using namespace ikescope;

struct Captured {
    secrets::Store store;
    session::Sessions sessions{store};
    diagnose::Material material;

    Captured() {
        const std::string lab = IKESCOPE_SOURCE_DIR "/pcaps/lab/";
        capture::Decoder decoder{capture::DecodeOptions{}};
        capture::Frame frame;
        capture::Datagram datagram;
        for (const auto* name : {"v1mm_badpsk/v1mm_badpsk.pcap", "v2_badpsk/v2_badpsk.pcap"}) {
            auto source = capture::FileReader::open(lab + name);
            if (!source) __builtin_trap();
            while (source->next(frame))
                if (decoder.decode(frame, datagram)) sessions.add(frame, datagram);
        }
        sessions.finish();
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Captured captured;
    const ios::RouterLog logs[] = {ios::read_router_log(text_of({data, size}), "R1")};
    for (const auto& part : diagnose::join_logs(logs, captured.sessions, captured.material)) {
        for (const auto& line : part.lines)
            if (!line.entry || (line.text && line.text->finding.empty())) __builtin_trap();
        std::vector<diagnose::Finding> findings;
        if (!part.sa) {
            diagnose::add_unjoined(part, {}, findings);
            continue;
        }
        const auto sa = captured.sessions.at(*part.sa);
        diagnose::add_log_findings(part, {sa, captured.material}, findings);
    }
    return 0;
}
