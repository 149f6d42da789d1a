#include "cli/analysis.hpp"

#include "cli/display_choice.hpp"
#include "cli/version.hpp"

#include <fmt/format.h>

namespace ikescope::cli {

namespace {

using capture::Content;

/// The filter with a line under it, as tshark shows faults. libpcap does not say where the fault is.
Error bad_filter(const std::string& filter, const Error& why) {
    return {fmt::format("{}\n    {}\n    ^{}", why.sentence, filter,
                        std::string(filter.empty() ? 0 : filter.size() - 1, '~'))};
}

void count(const capture::Datagram& datagram, present::AnalyzedFile& file) {
    if (datagram.content == Content::isakmp) ++file.ike;
    if (datagram.content == Content::esp) ++file.esp;
}

bool ike_port(std::uint64_t port) { return port == 500 || port == 4500 || port == 848; }

/// Says that a datagram never became whole, when it may have been IKE: UDP, and its ports are unknown or IKE's.
void note_lost(capture::Decoder& decoder, Analysis& analysis) {
    for (const auto& lost : decoder.take_lost()) {
        if (lost.key.protocol != 17 || lost.frames.empty()) continue;
        const Bytes start(lost.beginning);
        if (start.size() >= 4 && !ike_port(big_endian(start.first(2))) && !ike_port(big_endian(start.subspan(2, 2))))
            continue;
        analysis.observations.link_note(
            lost.frames.front(), lost.key.source, lost.key.destination,
            fmt::format("a fragmented UDP datagram from {} to {} never became whole ({} of its fragments {} here)",
                        lost.key.source.text(), lost.key.destination.text(), lost.frames.size(),
                        lost.frames.size() == 1 ? "is" : "are"));
    }
    for (const auto& lost : decoder.take_lost_streams())
        analysis.observations.link_note(lost.frame, lost.from.address, lost.to.address, lost.sentence);
}

/// A TCP segment may hold several messages.
bool next_message(capture::Decoder& decoder, capture::Datagram& datagram) {
    const bool any = decoder.pending();
    if (any) decoder.more(datagram);
    return any;
}

/// IKE messages that stand behind later ones in their file.
class Disorder {
public:
    void see(const capture::Frame& frame) {
        if (files_.size() <= frame.file) files_.resize(frame.file + 1);
        auto& file = files_[frame.file];
        if (frame.time < file.latest && file.count++ == 0) file.first = frame.number;
        file.latest = std::max(file.latest, frame.time);
    }
    void tell(std::span<const present::AnalyzedFile> names, std::vector<std::string>& remarks) const {
        for (std::size_t i = 0; i < files_.size(); ++i)
            if (const auto& file = files_[i]; file.count > 0)
                remarks.push_back(fmt::format("warning: {}: {} IKE message{} behind later ones, the first of them in frame {}; labels, IVs and the keys "
                                              "of rekeyed SAs follow the order of the file: sort it (reordercap IN OUT) if something stays closed or "
                                              "looks strange",
                                              names[i].name, file.count, file.count == 1 ? " stands" : "s stand", file.first));
    }

private:
    struct File {
        Timestamp latest = 0;
        std::uint64_t count = 0, first = 0;
    };
    std::vector<File> files_;
};

const session::Outcome* take(const capture::Frame& frame, const capture::Datagram& datagram, Analysis& analysis) {
    const bool ours = datagram.content == Content::isakmp || datagram.stream != capture::Stream::none;
    if (!ours) return datagram.content == Content::esp ? &analysis.sessions.add(frame, datagram) : nullptr;
    for (const auto& note : datagram.notes)
        analysis.observations.link_note(frame.number, datagram.source, datagram.destination, note.text);
    const auto& outcome = analysis.sessions.add(frame, datagram);
    analysis.observations.see(frame.number, outcome);
    return &outcome;
}

} // namespace

void add_input_options(CLI::App& app, InputOptions& options) {
    app.add_option("FILE", options.files, "captures (pcap, pcapng, gzip, zstd); - is standard input")->required();
    app.add_option("-f", options.capture_filter, "only packets that match, in libpcap's language")->type_name("FILTER");
    app.add_option("-d", options.decode_as, "what a port carries: udp.port==501,isakmp or tcp.port==4501,isakmp")
        ->type_name("RULE")
        ->allow_extra_args(false);
}

Result<std::optional<capture::PacketFilter>> compile_capture_filter(const InputOptions& options) {
    std::optional<capture::PacketFilter> none;
    if (options.capture_filter.empty()) return none;
    auto compiled = capture::PacketFilter::compile(options.capture_filter);
    if (!compiled) return bad_filter(options.capture_filter, compiled.error());
    return std::optional(std::move(*compiled));
}

std::string nothing_opened(const session::Sessions::Totals& totals) {
    if (totals.encrypted == 0) return fmt::format("secrets were given, but none of the {} ESP packets could be decrypted", totals.esp);
    return fmt::format("secrets were given, but none of the {} encrypted messages could be decrypted", totals.encrypted);
}

std::vector<std::string> not_as_captured(const capture::Source& source) {
    const auto words = [](std::string_view application) { return std::pair(application.substr(0, application.find(' ')), application.substr(application.rfind(' ') + 1)); };
    std::vector<std::string> sentences;
    for (std::size_t i = 0; i < source.files(); ++i) // any version's
        if (words(source.facts(i).application) == words(decrypt_application))
            sentences.push_back(fmt::format("{} was made by ikescope decrypt and is not as captured: messages that were encrypted stand in "
                                            "the clear in it, so their labels and what is said of rules and failures do not hold. "
                                            "Take the original capture and its secrets",
                                            source.facts(i).name));
    return sentences;
}

diagnose::Material Analysis::for_diagnosis() const {
    diagnose::Material made{material.routers,        diagnose::oracle_of(sessions), &observations, capture_end, {}, 0,
                            material.store.dh.size()};
    const auto& psks = material.store.psks;
    made.psks_given = psks.size();
    for (const auto& psk : psks) {
        auto& names = made.key_names.emplace_back();
        if (psks.size() > 1000) continue; // a word list: the place of the first is enough
        for (const auto& other : psks)
            if (other.key == psk.key) names.push_back(other.origin.text);
    }
    return made;
}

Result<Done> read_captures(const InputOptions& options, Analysis& analysis, const EachPacket& each) {
    capture::DecodeOptions decode;
    for (const auto& rule : options.decode_as)
        if (auto added = capture::add_decode_as(rule, decode); !added) return added.error();
    auto filter = compile_capture_filter(options);
    if (!filter) return filter.error();
    std::unique_ptr<DisplayChoice> choice;
    if (!options.display_filter.empty()) {
        auto made = DisplayChoice::make(options.display_filter, analysis.material.store);
        if (!made) return made.error();
        choice = std::move(*made);
    }
    auto source = capture::Source::open(options.files);
    if (!source) {
        analysis.problems.push_back(source.error());
        return Done{};
    }
    if (*filter) source->set_filter(std::move(**filter));
    for (const auto& path : options.files) analysis.files.push_back({path == "-" ? "standard input" : path, 0, 0, 0});
    capture::Decoder decoder(std::move(decode));
    capture::Frame frame;
    capture::Datagram datagram;
    Disorder disorder;
    while (source->next(frame)) {
        auto& file = analysis.files[frame.file];
        ++file.packets;
        analysis.capture_end = std::max(analysis.capture_end, frame.time);
        bool found = decoder.decode(frame, datagram);
        if (!found && each) each(frame, nullptr, nullptr);
        for (; found; found = next_message(decoder, datagram)) {
            if (choice && !choice->passes(frame, datagram)) continue;
            count(datagram, file);
            if (datagram.content == Content::isakmp) disorder.see(frame);
            const auto* outcome = take(frame, datagram, analysis);
            if (each) each(frame, &datagram, outcome);
        }
    }
    decoder.finish();
    note_lost(decoder, analysis);
    analysis.sessions.finish();
    analysis.remarks = not_as_captured(*source);
    disorder.tell(analysis.files, analysis.remarks);
    for (auto& problem : source->problems()) analysis.problems.push_back(std::move(problem));
    return Done{};
}

void judge(const Analysis& analysis, Terminal& terminal, Verdict& verdict) {
    for (const auto& remark : analysis.remarks) complain(terminal, remark);
    for (const auto& problem : analysis.problems) {
        complain(terminal, problem.sentence);
        verdict.apply(Exit::input);
    }
    const auto& totals = analysis.sessions.totals();
    if (analysis.material.asked && totals.nothing_opened()) {
        complain(terminal, nothing_opened(totals));
        verdict.apply(Exit::undecrypted);
    }
    if (totals.untracked > 0)
        complain(terminal,
                 fmt::format("{} messages belong to more SAs than are remembered and are not shown", totals.untracked));
}

} // namespace ikescope::cli
