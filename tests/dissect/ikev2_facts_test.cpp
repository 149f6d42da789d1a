// Every field that tshark 4.0 finds in IKEv2 messages stands in our trees under the same name, at the same place, with
// the same value, or in ikev2_tshark_differences.tsv with the reason why not.

#include "dissect/fields.hpp"
#include "tests/dissect/ikev2_samples.hpp"

#include <fmt/format.h>
#include <map>
#include <set>

namespace ikescope::dissect {
namespace {

using samples::rows_of;

/// A tree with the buffer that its nodes point into.
struct Explained {
    Buffer bytes;
    Tree tree;
    std::size_t shift = 0; ///< offset of tshark's zero in our buffer
};

Explained of_payload(const std::string& name) {
    const auto& body = samples::ikev2_body(name);
    Explained made{samples::message_with(body.type, body.bytes), {}, header_size + generic_header_size};
    made.tree = samples::explained(made.bytes);
    return made;
}
Explained of_plain(const std::string& capture, std::size_t frame) {
    for (const auto& chain : samples::ikev2_chains()) {
        if (chain.capture != capture || chain.frame != frame) continue;
        Explained made{chain.bytes, {}, 0};
        Header header;
        header.version = 0x20;
        Message message;
        walk_plain(header, chain.first, made.bytes, 0, message);
        made.tree.use_buffer("Decrypted IKE", made.bytes);
        explain_payloads(message, made.tree);
        return made;
    }
    ADD_FAILURE() << capture << ' ' << frame;
    return {};
}
Explained of_capture(const std::string& capture, std::size_t frame) {
    for (const auto& sample : samples::lab_messages()) {
        if (sample.capture != capture || sample.frame != frame) continue;
        Explained made{sample.bytes, {}, 0};
        made.tree = samples::explained(made.bytes);
        return made;
    }
    ADD_FAILURE() << capture << ' ' << frame;
    return {};
}
Explained of_source(const std::string& source, std::size_t frame) {
    if (source.starts_with("payload:")) return of_payload(source.substr(8));
    if (source.starts_with("plain:")) return of_plain(source.substr(6), frame);
    return of_capture(source, frame);
}

std::string value_of(const Explained& made, const Node& node, bool masked) {
    return masked ? fmt::format("={}", node.number) : hex(made.tree.bytes(node));
}

/// "" when the fact holds, else "absent" or the value we have.
std::string refutation(const Explained& made, const std::vector<std::string>& fact) {
    const auto at = static_cast<std::size_t>(std::stol(fact[3]) + static_cast<long>(made.shift));
    const auto& value = fact[5];
    std::string ours = "absent";
    for (const auto& node : made.tree.nodes()) {
        if (node.field->name != fact[2] || node.offset != at || node.length != std::stoul(fact[4])) continue;
        ours = value_of(made, node, value.starts_with('='));
        if (value.empty() || ours == value) return {};
    }
    return ours;
}

/// The sources and fields excused, "*" for any source.
std::map<std::pair<std::string, std::string>, bool> differences() {
    std::map<std::pair<std::string, std::string>, bool> excused;
    for (const auto& row : rows_of("ikev2_tshark_differences.tsv", '\t')) {
        EXPECT_EQ(row.size(), 3U) << row[0];
        EXPECT_FALSE(row[2].empty()) << "a reason for " << row[1];
        excused[{row[0], row[1]}] = false;
    }
    return excused;
}

TEST(Ikev2Facts, TsharkFindsNothingThatWeDoNot) {
    auto excused = differences();
    std::map<std::pair<std::string, std::size_t>, Explained> trees;
    std::size_t agree = 0, differ = 0;
    for (const auto& fact : rows_of("ikev2_tshark.tsv", '\t')) {
        const std::pair key{fact[0], std::stoul(fact[1])};
        if (!trees.contains(key)) {
            // Moving a vector keeps its bytes in place, so the tree's buffer stays valid.
            trees.emplace(key, of_source(key.first, key.second));
        }
        const auto ours = refutation(trees.at(key), fact);
        if (ours.empty()) {
            ++agree;
            continue;
        }
        auto excuse = excused.find({fact[0], fact[2]});
        if (excuse == excused.end()) excuse = excused.find({"*", fact[2]});
        if (excuse != excused.end()) {
            excuse->second = true;
            ++differ;
            continue;
        }
        ADD_FAILURE() << fact[0] << " frame " << fact[1] << ": " << fact[2] << " at " << fact[3] << "+" << fact[4]
                      << " is " << fact[5] << " for tshark, ours: " << ours;
    }
    for (const auto& [what, used] : excused) EXPECT_TRUE(used) << "no longer different: " << what.first << ' ' << what.second;
    RecordProperty("agree", std::to_string(agree));
    RecordProperty("differ", std::to_string(differ));
    EXPECT_GT(agree, 1500U);
    EXPECT_LT(differ, agree / 20);
}

} // namespace
} // namespace ikescope::dissect
