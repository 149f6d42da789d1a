#include "cli/psk_report.hpp"

#include "present/analysis_words.hpp"

#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>

namespace ikescope::cli {
namespace {

using nlohmann::ordered_json;
using session::FoundKey;
using session::Side;
using session::Testability;

constexpr std::string_view reason(Testability why) {
    switch (why) {
    case Testability::testable: return "it can be tested";
    case Testability::nothing_sent: return "it sent nothing that could prove a key";
    case Testability::no_psk: return "it does not authenticate with a pre-shared key";
    case Testability::signature: return "it authenticates with a signature";
    case Testability::eap: return "it authenticates with EAP; its AUTH is made from the MSK";
    case Testability::resumed: return "it resumes an older session; its AUTH is made from the keys";
    case Testability::ppk_missing:
        return "a post-quantum pre-shared key (RFC 8784) makes its AUTH as well: [[ppk]] in a file of --secrets";
    case Testability::dh_secret_missing:
        return "its messages need a Diffie-Hellman secret: --dh-secret, --dh-private or --secrets";
    case Testability::keys_missing:
        return "its AUTH needs the Diffie-Hellman secret, or all keys of the IKE SA, SK_pi and SK_pr included (--secrets)";
    case Testability::beginning_missing:
        return "the beginning of its negotiation was not captured, or its algorithms cannot be computed";
    }
    return {};
}

std::string sa_name(const Analysis& analysis, std::size_t index) {
    const auto sa = analysis.sessions.at(index);
    return fmt::format("SA {} {} > {} ({}{})", index + 1, sa.initiator.text(), sa.responder.text(),
                       session::mode_name(sa.mode), sa.version == session::Version::v1 ? " mode" : "");
}

/// "12.3 k", "4.56 M"
std::string count_text(double count) {
    if (count < 1e4) return fmt::format("{:.0f}", count);
    for (const auto& [size, letter] : {std::pair{1e12, 'T'}, std::pair{1e9, 'G'}, std::pair{1e6, 'M'}})
        if (count >= size) return fmt::format("{:.4g} {}", count / size, letter);
    return fmt::format("{:.4g} k", count / 1e3);
}

std::string duration_text(double seconds) {
    if (seconds < 120) return fmt::format("{:.0f} s", seconds);
    if (seconds < 7200) return fmt::format("{:.0f} min", seconds / 60);
    if (seconds < 172'800) return fmt::format("{:.1f} h", seconds / 3600);
    return fmt::format("{} days", count_text(seconds / 86'400));
}

bool has_key(const std::vector<FoundKey>& found, std::size_t target) {
    return std::ranges::find(found, target, &FoundKey::target) != found.end();
}

ordered_json target_json(const KeyReport& report, std::size_t index, const std::vector<FoundKey>& found) {
    const auto& target = report.search.targets[index];
    const auto sa = report.analysis.sessions.at(target.sa);
    ordered_json made{{"sa", target.sa},
                      {"version", sa.version == session::Version::v1 ? 1 : 2},
                      {"mode", session::mode_name(sa.mode)},
                      {"initiator_spi", hex(sa.initiator_spi)},
                      {"responder_spi", hex(sa.responder_spi)},
                      {"side", session::side_name(target.side)},
                      {"address", (target.side == Side::initiator ? sa.initiator : sa.responder).address.text()},
                      {"frame", target.frame},
                      {"proof", target.proof},
                      {"found", ordered_json::array()}};
    if (report.analysis.files.size() > 1) made["file"] = target.file;
    for (const auto& key : found) {
        if (key.target != index) continue;
        ordered_json entry{{"source", report.sources[key.unit.source]->describe(key.id)}};
        if (report.show) entry["key"] = printable_key(key.key);
        made["found"].push_back(entry);
    }
    return made;
}

} // namespace

std::string KeyReport::name(std::size_t target) const {
    const auto& what = search.targets[target];
    return fmt::format("{}, key of the {}", sa_name(analysis, what.sa), session::side_name(what.side));
}

std::string KeyReport::origin(const FoundKey& key) const {
    const auto where = sources[key.unit.source]->describe(key.id);
    return show ? fmt::format("{}: {}", where, printable_key(key.key)) : where;
}

std::string describe_targets(const KeyReport& report) {
    constexpr std::size_t most_lines = 20;
    std::string text;
    for (std::size_t i = 0; i < std::min(most_lines, report.search.targets.size()); ++i)
        text += fmt::format("testing   {}: {} in frame {}\n", report.name(i), report.search.targets[i].proof,
                            report.search.targets[i].frame);
    if (report.search.targets.size() > most_lines)
        text += fmt::format("testing   … {} keys in all\n", report.search.targets.size());
    std::map<std::pair<std::string, Testability>, std::size_t> skipped;
    for (const auto& side : report.search.untestable) {
        const auto name =
            report.search.untestable.size() > most_lines
                ? std::string("sides of SAs")
                : fmt::format("{}, key of the {}", sa_name(report.analysis, side.sa), session::side_name(side.side));
        ++skipped[{name, side.why}];
    }
    for (const auto& [what, count] : skipped)
        text += fmt::format("no test   {}{}: {}\n", count > 1 ? fmt::format("{} ", count) : "", what.first,
                            reason(what.second));
    return text;
}

std::string describe_found(const KeyReport& report, const FoundKey& key) {
    const auto& target = report.search.targets[key.target];
    return fmt::format("found     {}: {} (proved by {} in frame {})\n", report.name(key.target), report.origin(key),
                       target.proof, target.frame);
}

std::string describe_end(const KeyReport& report, const std::vector<FoundKey>& found, const SearchTotals& totals) {
    std::string text;
    for (std::size_t i = 0; i < report.search.targets.size(); ++i)
        if (!has_key(found, i))
            text += fmt::format("not found {}{}\n", report.name(i), totals.complete ? "" : " (yet)");
    return text + fmt::format("{} candidate{} in {}, {}/s, {}, {}\n", count_text(totals.tested), totals.tested == 1 ? "" : "s",
                              duration_text(totals.seconds),
                              count_text(totals.seconds > 0 ? totals.tested / totals.seconds : 0), present::plural(report.jobs, "thread"),
                              report.engine);
}

std::string describe_progress(const session::KeySearcher::Progress& progress, std::size_t targets) {
    const auto rate = progress.seconds > 0 ? static_cast<double>(progress.tested) / progress.seconds : 0;
    auto text = fmt::format("{} tested, {}/s", count_text(static_cast<double>(progress.tested)), count_text(rate));
    if (progress.left && rate > 0) text += fmt::format(", about {} left", duration_text(*progress.left / rate));
    std::size_t found = 0;
    for (std::size_t i = 0; i < targets; ++i) found += has_key(progress.found, i);
    return text + fmt::format(", {} of {} keys found", found, targets);
}

std::string report_json(const KeyReport& report, const std::vector<FoundKey>& found, const SearchTotals& totals) {
    ordered_json document{{"format", "ikescope-psk/1"}, {"files", ordered_json::array()}};
    for (const auto& file : report.analysis.files) document["files"].push_back({{"name", file.name}});
    auto& targets = document["targets"] = ordered_json::array();
    for (std::size_t i = 0; i < report.search.targets.size(); ++i) targets.push_back(target_json(report, i, found));
    auto& untestable = document["untestable"] = ordered_json::array();
    for (const auto& side : report.search.untestable)
        untestable.push_back({{"sa", side.sa}, {"side", session::side_name(side.side)}, {"reason", reason(side.why)}});
    document["candidates"] = static_cast<std::uint64_t>(totals.tested);
    document["seconds"] = totals.seconds;
    document["complete"] = totals.complete;
    document["engine"] = report.engine;
    return document.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

} // namespace ikescope::cli
