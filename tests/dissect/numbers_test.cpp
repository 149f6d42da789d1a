// Our registries against the names of tshark 4.0.17 (tests/data/dissect/wireshark_values.txt).

#include "dissect/fields.hpp"

#include <algorithm>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <set>
#include <sstream>

namespace ikescope::dissect {
namespace {

struct Row {
    std::string field;
    unsigned table = 0;
    std::uint64_t value = 0;
    std::string name;
};
std::vector<Row> wireshark_rows() {
    std::vector<Row> rows;
    std::ifstream file(IKESCOPE_SOURCE_DIR "/tests/data/dissect/wireshark_values.txt");
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream in(line);
        Row row;
        in >> row.field >> row.table >> row.value >> std::ws;
        std::getline(in, row.name);
        rows.push_back(row);
    }
    return rows;
}

/// Why we do not follow Wireshark.
const std::map<std::pair<std::string, std::uint64_t>, std::string> reasons = {
    {{"isakmp.cfg.attr.type", 16525}, "XAUTH_CHALLANGE is a misspelling; draft-beaulieu-ike-xauth-02 has CHALLENGE"},
    {{"isakmp.notify.msgtype", 0}, "<UNKNOWN> is not a name"},
};

/// IKEv1's rows and those that both versions share; IKEv2's own have a test of their own (ikev2_names_test.cpp).
const Field* our_field(const Row& row) {
    const auto fits = [&](const Field& field) {
        return field.name == row.field && field.variant <= 1 && row.table == 1 && !field.names.empty();
    };
    for (std::span<const Field> table : {std::span<const Field>(header_fields), std::span<const Field>(ikev1_fields)})
        if (const auto at = std::ranges::find_if(table, fits); at != table.end()) return &*at;
    return nullptr;
}

TEST(Numbers, AreNamedAsWiresharkNamesThem) {
    std::size_t compared = 0;
    std::set<std::string> fields;
    const auto rows = wireshark_rows();
    ASSERT_GT(rows.size(), 600U);
    for (const auto& row : rows) {
        const auto* field = our_field(row);
        if (!field) continue;
        const auto ours = name_of(field->names, row.value);
        if (reasons.contains({row.field, row.value})) {
            EXPECT_NE(ours, row.name) << "no longer different: " << row.field << ' ' << row.value;
            continue;
        }
        EXPECT_EQ(ours, row.name) << row.field << ' ' << row.value;
        ++compared;
        fields.insert(row.field);
    }
    EXPECT_GT(compared, 300U);
    EXPECT_GT(fields.size(), 30U);
    RecordProperty("compared", static_cast<int>(compared));
}

TEST(Numbers, EveryRowSaysWhereItIsFrom) {
    for (const auto& field : all_fields()) {
        EXPECT_TRUE(is_registry(field.names)) << field.name;
        for (const auto& row : field.names) EXPECT_FALSE(row.source.empty()) << field.name << ' ' << row.value;
    }
}

/// Figures of the IANA registry that Wireshark 4.0.17 lacks.
TEST(Numbers, GoBeyondWiresharkWhereItStops) {
    EXPECT_EQ(name_of(ikev1::esp_transforms, 13), "ESP_AES-CTR");
    EXPECT_EQ(name_of(ikev1::esp_transforms, 20), "ESP_AES-GCM_16");
    EXPECT_EQ(name_of(ikev1::esp_transforms, 22), "ESP_CAMELLIA");
    EXPECT_EQ(name_of(ikev1::ah_transforms, 9), "AH_AES-XCBC-MAC");
    EXPECT_EQ(name_of(exchange_types, 43), "IKE_INTERMEDIATE");
}

TEST(Fields, NamesAndVariantsAreUnique) {
    std::set<std::pair<std::string_view, int>> seen;
    for (const auto& field : all_fields()) {
        EXPECT_TRUE(seen.emplace(field.name, field.variant).second) << field.name;
        const auto protocol = field.name.substr(0, field.name.find('.'));
        EXPECT_TRUE(protocol == "isakmp" || protocol == "ike" || protocol == "eap") << field.name;
        EXPECT_FALSE(field.label.empty()) << field.name;
    }
}

} // namespace
} // namespace ikescope::dissect
