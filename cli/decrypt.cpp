// ikescope decrypt: a capture in which other programs read what keys open, with findings as comments.
//
// The file is read twice: what is found in the end stands in comments of packets at its beginning.

#include "capture/rewrite.hpp"
#include "capture/write.hpp"
#include "cli/diagnosis.hpp"
#include "cli/same_file.hpp"
#include "cli/spooled_input.hpp"
#include "cli/version.hpp"
#include "present/hidden_bytes.hpp"
#include "session/clear_message.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <map>
#include <set>
#include <unistd.h>

namespace ikescope::cli {

namespace {

using session::Outcome;
using session::Proof;

struct Options {
    InputOptions input;
    SecretOptions secrets;
    std::string output;
};

constexpr auto footer = R"(Examples:
  ikescope decrypt vpn.pcap --psk cisco --dh-secret 77c6992f... -w clear.pcapng
  ikescope decrypt vpn.pcap --secrets charon.log -w - | tshark -r - -V

Exit status: 0 done, 1 wrong usage, 2 input unreadable or cut short, or output that cannot be written,
4 secrets were given and nothing could be decrypted.)";

constexpr std::string_view section_comment =
    "decrypted by ikescope: NOT as captured. IKE messages that keys opened are written in clear, IKE fragments once "
    "where they became whole, IKE out of TCP and from other ports in UDP between ports 500 or 4500, packets out of ESP "
    "on an interface of their own; comments say what was done to each packet. "
    "Everything else is as it was.";
constexpr std::string_view esp_interface = "decrypted ESP";

void declare(CLI::App& app, Options& options) {
    app.footer(footer);
    add_input_options(app, options.input);
    app.get_option("FILE")->expected(1)->description("the capture (pcap, pcapng, gzip, zstd); - is standard input");
    app.add_option("-w", options.output, "the capture that is written, always pcapng; - is standard output")
        ->type_name("OUT.pcapng")
        ->required();
    add_secret_options(app, options.secrets);
}

/// What the first reading says of frames.
struct Plan {
    std::map<std::uint64_t, std::vector<std::string>> findings;  ///< words by frame
    std::map<std::uint64_t, std::uint64_t> merged;               ///< fragments, and the frame they are written with
    std::map<std::uint64_t, std::vector<std::uint64_t>> made_of; ///< the other way round
};

std::string finding_comment(const diagnose::Finding& finding) {
    auto text =
        fmt::format("ikescope {}: {}: {}", diagnose::severity_name(finding.severity), finding.id, finding.title);
    if (!finding.explanation.empty()) text += "\n" + finding.explanation;
    for (const auto& [router, lines] : finding.router_log)
        for (const auto& line : lines) text += fmt::format("\n{} logs: {}", router, line);
    if (!finding.advice.empty()) text += "\nAdvice: " + finding.advice;
    return text;
}

void plan_fragments(const session::Sa& sa, Plan& plan) {
    for (const auto& message : sa.messages) {
        if (message.fragments.empty() || (message.encrypted && !message.decrypted)) continue;
        plan.made_of[message.frame] = message.fragments;
        for (const auto fragment : message.fragments)
            if (fragment != message.frame) plan.merged[fragment] = message.frame;
    }
}

void plan_findings(std::span<const diagnose::Finding> findings, std::uint64_t otherwise, Plan& plan) {
    for (const auto& finding : findings) {
        const auto words = finding_comment(finding);
        std::set<std::uint64_t> frames(finding.frames.begin(), finding.frames.end());
        if (frames.empty() && otherwise != 0) frames.insert(otherwise);
        for (const auto& [fragment, whole] : plan.merged)
            if (frames.erase(fragment) > 0) frames.insert(whole);
        for (const auto frame : frames) plan.findings[frame].push_back(words);
    }
}

Plan plan_of(const Analysis& analysis) {
    Plan plan;
    diagnose_all(
        analysis,
        [&](const Diagnosed& one) {
            plan_fragments(one.sa, plan);
            plan_findings(one.findings, one.sa.first_frame, plan);
        },
        [&](const auto& findings, const auto&) { plan_findings(findings, 0, plan); });
    return plan;
}

/// Never plaintext that nobody vouches for without saying so.
std::string trust_words(const Outcome& seen) {
    if (!seen.encrypted) return "";
    const bool v1 = seen.message->version() == session::Version::v1;
    switch (seen.hash) {
    case Proof::verified: return v1 ? "; its HASH is right" : "; its integrity check value is right";
    case Proof::failed: return "; NOT AUTHENTIC: its HASH is wrong under this key";
    case Proof::unknown: break;
    }
    return "; not authenticated: it decrypts to sound payloads, but no HASH in it was verified";
}

class Writer {
public:
    Writer(capture::PcapngWriter writer, Plan plan, std::string file)
        : writer_(std::move(writer)), plan_(std::move(plan)), file_(std::move(file)) {}

    void take(const capture::Frame& frame, const capture::Datagram* datagram, const Outcome* seen) {
        if (failed_ || plan_.merged.contains(frame.number)) return;
        std::vector<std::string> comments;
        if (const auto found = plan_.findings.find(frame.number); found != plan_.findings.end())
            comments = found->second;
        const bool ike = datagram && seen && seen->isakmp;
        const auto clear = ike ? session::clear_message(*seen) : std::nullopt;
        if (clear) return write_opened(frame, *datagram, *seen, *clear, std::move(comments));
        if (ike && seen->encrypted) comments.push_back(sealed_words(*seen));
        else if (ike && !datagram->snapped && !capture::has_ike_ports(*datagram)) return write_moved(frame, *datagram, std::move(comments));
        if (std::exchange(as_captured_, frame.number) != frame.number) write(frame, comments); // a segment of several messages once
        if (datagram && seen && seen->esp && seen->esp->shown()) write_inner(frame, *datagram, *seen->esp);
    }
    Result<Done> finish() {
        if (failed_) return *failed_;
        return writer_.finish();
    }
    std::uint64_t opened() const { return opened_; }
    std::uint64_t kept() const { return kept_; }
    std::uint64_t inner() const { return inner_; }
    std::uint64_t passwords() const { return passwords_; }

private:
    /// "frame 7", "frames 5, 6, 7"
    std::string frames_words(std::uint64_t frame) const {
        const auto parts = plan_.made_of.find(frame);
        return parts == plan_.made_of.end() ? fmt::format("frame {}", frame)
                                            : fmt::format("frames {}", fmt::join(parts->second, ", "));
    }
    std::string sealed_words(const Outcome& seen) {
        ++kept_;
        std::string words = seen.attempted ? "ikescope: as captured: no key opened it"
                                           : "ikescope: as captured: there is no key for it";
        for (const auto& note : seen.notes) words += "; " + note;
        return words;
    }
    void write_opened(const capture::Frame& frame, const capture::Datagram& datagram, const Outcome& seen, Bytes clear,
                      std::vector<std::string> comments) {
        auto words = fmt::format("ikescope: {} from {} of {}{}", seen.encrypted ? "decrypted" : "put together",
                                 frames_words(frame.number), file_, trust_words(seen));
        present::Packet packet;
        packet.frame = &frame;
        packet.datagram = &datagram;
        packet.message = seen.message;
        packet.seen = &seen;
        hidden_.read(packet);
        passwords_ += hidden_.any();
        ++opened_;
        write_payload(frame, datagram, clear, std::move(words), std::move(comments));
    }
    /// A message that was in clear, to stand with those that were opened: other programs find neither in TCP nor on other ports.
    void write_moved(const capture::Frame& frame, const capture::Datagram& datagram, std::vector<std::string> comments) {
        write_payload(frame, datagram, datagram.payload, fmt::format("ikescope: taken from frame {} of {}", frame.number, file_),
                      std::move(comments));
    }
    void write_payload(const capture::Frame& frame, const capture::Datagram& datagram, Bytes payload, std::string words,
                       std::vector<std::string> comments) {
        const auto addressed = capture::on_ike_ports(datagram);
        auto made = capture::replace_payload(frame, addressed, payload);
        if (!made) {
            comments.push_back("ikescope: as captured: " + made.error().sentence);
            return write(frame, comments);
        }
        if (made->made_anew) words += "; the headers below are made anew";
        if (!capture::has_ike_ports(datagram))
            words += fmt::format("; it came by {} from {} to {}", datagram.transport == capture::Transport::tcp ? "TCP" : "UDP",
                                 datagram.from().text(), datagram.to().text());
        comments.push_back(std::move(words));
        auto changed = frame;
        changed.bytes = made->bytes;
        changed.original_length = static_cast<std::uint32_t>(made->bytes.size());
        changed.link_type = made->link_type;
        write(changed, comments);
    }
    /// What ESP carried, behind the packet it came in; dummies (RFC 4303 2.6) carry nothing.
    void write_inner(const capture::Frame& frame, const capture::Datagram& datagram, const session::EspOutcome& esp) {
        constexpr std::uint8_t ipv4 = 4, ipv6 = 41, no_next_header = 59;
        if (esp.next_header == no_next_header) return;
        Buffer built;
        auto inner = frame;
        inner.bytes = esp.content;
        if (esp.next_header != ipv4 && esp.next_header != ipv6) { // transport mode: an IP header as outside
            auto made = capture::build_raw_packet(datagram.source, datagram.destination, esp.next_header, esp.content);
            if (!made) return;
            built = std::move(*made);
            inner.bytes = built;
        }
        inner.original_length = static_cast<std::uint32_t>(inner.bytes.size());
        inner.link_type = capture::link_type_raw;
        inner.comment = {};
        const std::string words[] = {fmt::format(
            "ikescope: decrypted from ESP in frame {} of {}, SPI {:08x}, sequence {}{}{}", frame.number, file_, esp.spi,
            esp.sequence,
            esp.verdict == session::EspOutcome::Verdict::opened ? "; its integrity check value is right"
            : esp.why.empty()                                   ? "; NOT AUTHENTICATED"
                                                                : "; NOT AUTHENTICATED: " + esp.why,
            built.empty() ? "" : "; transport mode, the IP header is made anew")};
        ++inner_;
        write(inner, words, esp_interface);
    }
    void write(const capture::Frame& frame, std::span<const std::string> comments, std::string_view interface = {}) {
        if (auto written = writer_.write(frame, comments, interface); !written) failed_ = written.error();
    }

    capture::PcapngWriter writer_;
    Plan plan_;
    std::string file_;
    std::optional<Error> failed_;
    std::uint64_t opened_ = 0, kept_ = 0, inner_ = 0, passwords_ = 0;
    std::uint64_t as_captured_ = 0; ///< the last frame that was written as it is
    present::HiddenBytes hidden_;
};

/// Plaintext is for its owner only; what is there already keeps its mode.
void make_private(const std::string& path) {
    const int made = path == "-" ? -1 : ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (made >= 0) ::close(made);
}

Exit write_all(const Options& options, const InputOptions& input, const Analysis& first, Analysis& second,
               Terminal& terminal) {
    make_private(options.output);
    capture::Section section{section_comment};
    section.hardware = "none: made out of another capture";
    section.application = decrypt_application;
    auto created = capture::PcapngWriter::create(options.output, section);
    if (!created) {
        complain(terminal, created.error().sentence);
        return Exit::input;
    }
    const auto& name = options.input.files.front();
    Writer writer(std::move(*created), plan_of(first), name == "-" ? "standard input" : name);
    const auto read = read_captures(input, second, [&](const auto& frame, const auto* datagram, const auto* seen) {
        writer.take(frame, datagram, seen);
    });
    const auto finished = read ? writer.finish() : Result<Done>(read.error());
    if (!finished) {
        complain(terminal, finished.error().sentence);
        return Exit::input;
    }
    terminal.err << fmt::format("ikescope: {}: {} messages in clear, {} as they were, {} packets out of ESP\n",
                                options.output, writer.opened(), writer.kept(), writer.inner());
    if (writer.passwords() > 0)
        complain(terminal, fmt::format("warning: {} holds passwords or keys in clear (XAUTH, EAP, GDOI), in {} of these "
                                       "messages: keep it to yourself",
                                       options.output == "-" ? "standard output" : options.output, writer.passwords()));
    return Exit::done;
}

} // namespace

Exit decrypt(const Arguments& arguments, Terminal& terminal) {
    Options options;
    CLI::App app(
        "A capture that other programs read without keys: what was opened in clear, findings as packet comments.",
        "decrypt");
    declare(app, options);
    if (const auto leave = parse(app, arguments, terminal)) return *leave;
    if (overwrites_input(inputs_of(options.input, options.secrets), {{"-w", options.output}}, terminal)) return Exit::usage;
    auto loaded = load(options.secrets);
    if (const auto* failed = std::get_if<LoadError>(&loaded)) {
        complain(terminal, failed->sentence);
        return failed->exit;
    }
    const SpooledInput spooled(options.input.files.front());
    if (!spooled.problem().empty()) {
        complain(terminal, spooled.problem());
        return Exit::input;
    }
    auto input = options.input;
    input.files = {spooled.path()};
    Analysis first(std::get<Material>(loaded)), second(std::move(std::get<Material>(loaded)));
    for (const auto& warning : first.material.warnings) complain(terminal, warning);
    if (const auto read = read_captures(input, first); !read) {
        complain(terminal, read.error().sentence);
        return Exit::usage;
    }
    complain_of_logs(first, terminal);
    Verdict verdict;
    if (!first.files.empty()) verdict.apply(write_all(options, input, first, second, terminal));
    judge(first, terminal, verdict);
    return verdict.status();
}

} // namespace ikescope::cli
