#include "tests/evidence/subset.hpp"

#include <algorithm>

namespace ikescope::tests {

namespace {

using Differences = std::vector<std::string>;

std::string shown(const Json& json) {
    auto text = json.dump();
    return text.size() > 160 ? text.substr(0, 160) + "…" : text;
}

const Json& findings_of(const Json& owner) {
    static const Json none = Json::array();
    return owner.contains("findings") ? owner["findings"] : none;
}

std::string ids(const Json& findings) {
    std::string text;
    for (const auto& finding : findings) text += (text.empty() ? "" : ", ") + finding.value("id", "?") + "/" + finding.value("severity", "?");
    return text.empty() ? "none" : text;
}

void include(const Json& wanted, const Json& owner, const std::string& path, Differences& differences) {
    for (const auto& pattern : wanted) {
        const bool found = std::ranges::any_of(findings_of(owner), [&](const Json& finding) {
            Differences ignored;
            compare(pattern, finding, "", ignored);
            return ignored.empty();
        });
        if (!found) differences.push_back(path + ".findings: none is " + shown(pattern) + "; there are " + ids(findings_of(owner)));
    }
}

void exclude(const Json& unwanted, const Json& owner, const std::string& path, Differences& differences) {
    for (const auto& finding : findings_of(owner))
        if (std::ranges::find(unwanted, finding.at("id")) != unwanted.end())
            differences.push_back(path + ".findings: " + finding.at("id").get<std::string>() + " must not be there: " + finding.value("title", ""));
}

void no_errors(bool wanted, const Json& owner, const std::string& path, Differences& differences) {
    const bool none = std::ranges::none_of(findings_of(owner), [](const Json& finding) { return finding.value("severity", "") == "error"; });
    if (none != wanted)
        differences.push_back(path + (wanted ? ".findings: an error where none may be: " : ".findings: no error; there are ") + ids(findings_of(owner)));
}

void compare_objects(const Json& expected, const Json& actual, const std::string& path, Differences& differences) {
    for (const auto& [key, value] : expected.items()) {
        if (key == "findings_include") include(value, actual, path, differences);
        else if (key == "findings_exclude") exclude(value, actual, path, differences);
        else if (key == "no_errors") no_errors(value.get<bool>(), actual, path, differences);
        else if (!actual.contains(key)) differences.push_back(path + "." + key + " is missing; expected " + shown(value));
        else compare(value, actual.at(key), path + "." + key, differences);
    }
}

} // namespace

void compare(const Json& expected, const Json& actual, const std::string& path, Differences& differences) {
    if (expected.is_object() && actual.is_object()) return compare_objects(expected, actual, path, differences);
    if (!expected.is_array() || !actual.is_array()) {
        if (expected != actual) differences.push_back(path + ": expected " + shown(expected) + ", got " + shown(actual));
        return;
    }
    if (expected.size() != actual.size())
        return differences.push_back(path + ": expected " + std::to_string(expected.size()) + " elements, got " + std::to_string(actual.size()) +
                                     ": " + shown(actual));
    for (std::size_t i = 0; i < expected.size(); ++i) compare(expected[i], actual[i], path + "[" + std::to_string(i) + "]", differences);
}

} // namespace ikescope::tests
