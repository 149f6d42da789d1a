// A log that carries whole packets becomes a capture.

#include "capture/build.hpp"
#include "capture/write.hpp"
#include "cli/arguments.hpp"
#include "cli/read_file.hpp"
#include "cli/same_file.hpp"
#include "secrets/logged_packets.hpp"

#include <chrono>
#include <fmt/format.h>
#include <sys/stat.h>

namespace ikescope::cli {
namespace {

struct Options {
    std::string log, output;
};

constexpr auto footer =
    R"(Understood are charon (filelog with net = 3 and enc = 3, or 4), libreswan (plutodebug=all) and FortiGate (diagnose debug
application ike -1). Times are those of the log, in local time unless it names a zone; where it has no year or no date, the
file's own time gives them. Ethernet addresses are made up. Comments in the file say which line a packet came from.

Examples:
  ikescope import charon.log -w charon.pcapng
  ikescope analyze charon.pcapng --secrets charon.log

Exit status: 0 done, 1 wrong usage, 2 the log cannot be read, or no packet is in it.)";

/// When the log was written last; now for standard input.
Timestamp written(const std::string& path) {
    struct stat facts {};
    if (path != "-" && stat(path.c_str(), &facts) == 0)
        return static_cast<Timestamp>(facts.st_mtim.tv_sec) * one_second + facts.st_mtim.tv_nsec;
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string about(const secrets::PacketLog& log, const std::string& name) {
    return fmt::format("Made by ikescope import from the {} {}: no recording from a wire. Frames, Ethernet addresses "
                       "and checksums are made up{}.",
                       log.format, name,
                       log.timed ? "; times are the log's" : "; the log has no times, so these are made up, too");
}

Result<Done> write(const secrets::PacketLog& log, const Options& options) {
    auto writer = capture::PcapngWriter::create(options.output, about(log, options.log));
    if (!writer) return writer.error();
    constexpr std::uint16_t ethernet = 1;
    Buffer bytes;
    std::uint64_t number = 0;
    for (const auto& packet : log.packets) {
        if (auto built = capture::build_udp_frame(
                {packet.from, packet.to, packet.payload, false, static_cast<std::uint16_t>(++number)}, bytes);
            !built)
            return built.error();
        capture::Frame frame;
        frame.number = number;
        frame.time = packet.time;
        frame.link_type = ethernet;
        frame.original_length = static_cast<std::uint32_t>(bytes.size());
        frame.bytes = bytes;
        const std::string comments[] = {fmt::format("{} line {}", options.log, packet.line)};
        if (auto done = writer->write(frame, comments); !done) return done.error();
    }
    return writer->finish();
}

Exit fail(Terminal& terminal, const std::string& sentence) {
    complain(terminal, sentence);
    return Exit::input;
}

} // namespace

Exit import_log(const Arguments& arguments, Terminal& terminal) {
    Options options;
    CLI::App app("A log that carries whole packets becomes a capture, with the log's times and addresses.", "import");
    app.footer(footer);
    app.add_option("LOG", options.log, "the log; - is standard input")->required();
    app.add_option("-w", options.output, "the capture that is made (pcapng); - is standard output")
        ->type_name("FILE")
        ->required();
    if (const auto leave = parse(app, arguments, terminal)) return *leave;
    if (overwrites_input({options.log}, {{"-w", options.output}}, terminal)) return Exit::usage;
    const auto text = read_file(options.log);
    if (!text) return fail(terminal, text.error().sentence);
    const auto log = secrets::read_logged_packets(*text, options.log, written(options.log));
    if (!log) return fail(terminal, log.error().sentence);
    for (const auto& note : log->notes) complain(terminal, "warning: " + note);
    if (log->packets.empty())
        return fail(terminal, fmt::format("{}: this {} holds no whole packets, so no capture was made; let charon log "
                                          "net and enc at level 3, libreswan with "
                                          "plutodebug=all, FortiGate with diagnose debug application ike -1",
                                          options.log, log->format));
    if (!log->timed)
        complain(terminal,
                 fmt::format("warning: {}: its lines have no times; the packets are a millisecond apart", options.log));
    if (const auto done = write(*log, options); !done) return fail(terminal, done.error().sentence);
    if (options.output != "-")
        terminal.out << fmt::format("{}: {} packets from the {} {}\n", options.output, log->packets.size(), log->format,
                                    options.log);
    return Exit::done;
}

} // namespace ikescope::cli
