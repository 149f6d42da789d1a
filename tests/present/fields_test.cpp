// docs/fields.md: every isakmp.* field of Wireshark 4.0.17 against ours. IKESCOPE_UPDATE=1 writes the document anew.

#include "tests/present/captures.hpp"

#include <fmt/format.h>

namespace ikescope::present {
namespace {

constexpr std::string_view kinds[] = {"heading", "number", "flag", "bytes", "text", "IPv4", "IPv6", "Ethernet", "time", "time span", "frame"};

std::string kind_of(const std::vector<const Field*>& rows) { return std::string(kinds[static_cast<std::size_t>(rows.front()->kind)]); }

/// How we have it; empty when nobody knows.
std::string standing(const std::string& name) {
    const auto& catalog = FieldCatalog::get();
    for (const auto& alias : field_aliases())
        if (alias.name == name) return fmt::format("alias of `{}`: {}", alias.means[0], alias.reason);
    if (const auto rows = catalog.find(name); !rows.empty()) return "same, " + kind_of(rows);
    for (const auto& refusal : field_refusals())
        if (refusal.name == name) return fmt::format("not filled: {}", refusal.reason);
    return {};
}

std::string document() {
    std::string text = "# Fields\n\nMade by `tests/present/fields_test.cpp`; do not edit. Filters: ikescope-filter(7).\n\n"
                       "## Wireshark's fields of ISAKMP\n\nThe `isakmp.*` fields of Wireshark 4.0.17 and what ikescope has.\n\n"
                       "| field | Wireshark's type | ikescope |\n|---|---|---|\n";
    std::size_t same = 0, alias = 0, none = 0;
    for (const auto& row : testing::table("read/wireshark_fields.tsv")) {
        const auto how = standing(row[0]);
        EXPECT_FALSE(how.empty()) << row[0] << ": neither a field nor an alias nor refused with a reason";
        (how.starts_with("same") ? same : how.starts_with("alias") ? alias : none) += 1;
        text += fmt::format("| `{}` | {} | {} |\n", row[0], row[1], how);
    }
    text += fmt::format("\n{} the same, {} under another name, {} not filled.\n\n## Fields of our own and below ISAKMP\n\n"
                        "| field | label | type |\n|---|---|---|\n", same, alias, none);
    std::string_view last;
    for (const auto name : FieldCatalog::get().names()) {
        const auto rows = FieldCatalog::get().find(name);
        if (name.starts_with("isakmp") || name == last || rows.front()->name != name) continue;
        text += fmt::format("| `{}` | {} | {} |\n", last = name, rows.front()->label, kind_of(rows));
    }
    text += "\n## Other names\n\n| name | means | why |\n|---|---|---|\n";
    for (const auto& row : field_aliases()) {
        std::string means;
        for (const auto meaning : row.means)
            if (!meaning.empty()) means += fmt::format("{}`{}`", means.empty() ? "" : ", ", meaning);
        text += fmt::format("| `{}` | {} | {} |\n", row.name, means, row.reason);
        EXPECT_FALSE(FieldCatalog::get().find(row.name).empty()) << row.name << " means nothing";
    }
    return text;
}

TEST(Fields, TheDocumentNamesEveryFieldOfWireshark) {
    const auto path = std::string(IKESCOPE_SOURCE_DIR) + "/docs/fields.md";
    const auto text = document();
    if (std::getenv("IKESCOPE_UPDATE")) std::ofstream(path) << text;
    std::ifstream file(path);
    const std::string written((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(written, text) << "docs/fields.md is out of date: run this test with IKESCOPE_UPDATE=1";
}

} // namespace
} // namespace ikescope::present
