#pragma once
// Captures in, SAs out: what every command that looks at whole captures does first.

#include "capture/decoder.hpp"
#include "capture/source.hpp"
#include "cli/secret_options.hpp"
#include "cli/verdict.hpp"
#include "diagnose/diagnose.hpp"
#include "present/analysis.hpp"
#include "session/sessions.hpp"

#include <functional>

namespace ikescope::cli {

struct InputOptions {
    std::vector<std::string> files;
    std::string capture_filter; ///< -f, libpcap's language
    std::string display_filter; ///< -Y, Wireshark's; of commands that declare it
    std::vector<std::string> decode_as;
};
void add_input_options(CLI::App& app, InputOptions& options);
/// -f compiled; nothing when it was not given. An error shows the filter underlined.
Result<std::optional<capture::PacketFilter>> compile_capture_filter(const InputOptions& options);

/// Everything known after the last packet.
struct Analysis {
    explicit Analysis(Material what, session::Options options = {}) : material(std::move(what)), sessions(material.store, options) {}

    Material material;
    session::Sessions sessions;
    diagnose::Observations observations;
    std::vector<present::AnalyzedFile> files;
    std::vector<Error> problems; ///< files that could not be read, or not to their end
    std::vector<std::string> remarks; ///< what does not hold for these files
    Timestamp capture_end = 0;

    diagnose::Material for_diagnosis() const;
};

/// A sentence for each file that `ikescope decrypt` made.
std::vector<std::string> not_as_captured(const capture::Source& source);

/// Exit status 4 in words: secrets were given, something was encrypted, nothing could be opened.
std::string nothing_opened(const session::Sessions::Totals& totals);

/// Is told every frame: its datagram if it has one, and what the memory knows of it if it is IKE or ESP. Holds until it
/// returns. A frame whose TCP segment holds several messages comes once for each.
using EachPacket = std::function<void(const capture::Frame&, const capture::Datagram*, const session::Outcome*)>;

/// Reads all files in order of time. An error is a usage error (a filter that does not compile); files that cannot be
/// read are problems.
Result<Done> read_captures(const InputOptions& options, Analysis& analysis, const EachPacket& each = {});

/// Says what was wrong with the input, and whether secrets were given in vain.
void judge(const Analysis& analysis, Terminal& terminal, Verdict& verdict);

} // namespace ikescope::cli
