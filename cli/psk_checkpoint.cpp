#include "cli/psk_checkpoint.hpp"

#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <unistd.h>

namespace ikescope::cli {
namespace {

using crypto::psk::CipherTest;
using crypto::psk::MacTest;
using nlohmann::ordered_json;

constexpr std::string_view format_name = "ikescope-psk-session/1";

Buffer bytes_of_test(const MacTest& test) { return crypto::joined({test.first, test.second, test.expected}); }
Buffer bytes_of_test(const CipherTest& test) {
    return crypto::joined({test.nonces, test.shared.reveal(), test.cookies, test.iv, test.block});
}

std::string reason() { return std::generic_category().message(errno); }

ordered_json unit_json(session::WorkUnit unit) { return {{"source", unit.source}, {"unit", unit.unit}}; }
session::WorkUnit unit_of(const ordered_json& json) {
    return {json.at("source").get<std::size_t>(), json.at("unit").get<std::uint64_t>()};
}

ordered_json to_json(const Checkpoint& checkpoint) {
    ordered_json document{{"format", format_name},
                          {"search", checkpoint.search},
                          {"done_before", unit_json(checkpoint.done_before)},
                          {"tested", checkpoint.tested},
                          {"seconds", checkpoint.seconds},
                          {"complete", checkpoint.complete},
                          {"found", ordered_json::array()}};
    for (const auto& found : checkpoint.found) {
        auto entry = unit_json(found.unit);
        entry["target"] = found.target;
        entry["place"] = found.id.place;
        entry["detail"] = found.id.detail;
        document["found"].push_back(entry);
    }
    return document;
}

/// Throws what nlohmann throws.
Checkpoint from_json(const ordered_json& json) {
    Checkpoint made{json.at("search"),   unit_of(json.at("done_before")),
                    json.at("tested"),   json.at("seconds"),
                    json.at("complete"), {}};
    for (const auto& entry : json.at("found"))
        made.found.push_back({entry.at("target"), unit_of(entry), {entry.at("place"), entry.at("detail")}});
    return made;
}

} // namespace

std::string identity_of(const session::KeySearch& search, const session::KeySearcher::Sources& sources, bool all) {
    Buffer everything{static_cast<Byte>(all)};
    const auto add = [&](Bytes bytes) {
        everything = crypto::joined({everything, crypto::digest(crypto::HashId::sha256, {bytes})});
    };
    for (const auto& trial : search.trials) {
        const auto& target = search.targets[trial.target];
        add(bytes_of(
            fmt::format("{} {} {} {}", trial.target, target.sa, session::side_name(target.side), target.proof)));
        std::visit([&](const auto& test) { add(bytes_of_test(test)); }, trial.test);
    }
    for (const auto& source : sources) add(bytes_of(source->identity()));
    return hex(crypto::digest(crypto::HashId::sha256, {everything}));
}

Result<std::optional<Checkpoint>> read_checkpoint(const std::string& path, const std::string& identity) {
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    if (!in && errno == ENOENT) return std::optional<Checkpoint>();
    if (!in) return Error{fmt::format("{}: {}", path, reason())};
    try {
        const auto json = ordered_json::parse(in);
        if (json.at("format") == format_name) {
            auto checkpoint = from_json(json);
            if (checkpoint.search == identity) return std::optional(std::move(checkpoint));
            return Error{fmt::format(
                "{} belongs to another search: captures, secrets, word lists, rules, masks or --all differ; "
                "give the same ones, or another file",
                path)};
        }
    } catch (const ordered_json::exception&) { // said below
    }
    return Error{
        fmt::format("{} is no session of ikescope psk, or it is damaged; give another file, or remove it", path)};
}

std::string fresh_checkpoint(const std::string& path) { return path + ".new"; }

Result<Done> write_checkpoint(const std::string& path, const Checkpoint& checkpoint) {
    const auto text = to_json(checkpoint).dump(1) + "\n";
    const auto fresh = fresh_checkpoint(path);
    const int descriptor = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (descriptor < 0) return Error{fmt::format("{}: {}", fresh, reason())};
    const bool written =
        ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (!written || ::rename(fresh.c_str(), path.c_str()) != 0) return Error{fmt::format("{}: {}", path, reason())};
    return Done{};
}

} // namespace ikescope::cli
