// Our names of IKEv2's numbers against Wireshark's, 4.0 and development; what differs stands in
// ikev2_names_differences.tsv with both names and the reason.

#include "dissect/fields.hpp"
#include "tests/dissect/ikev2_samples.hpp"

#include <map>

namespace ikescope::dissect {
namespace {

/// IKEv2's row of a field: variant 2 where the versions differ.
const Field* field_row(std::string_view name) {
    const Field* found = nullptr;
    for (const auto& row : all_fields())
        if (row.name == name && (row.variant == 2 || (row.variant == 0 && !found))) found = &row;
    return found;
}

bool means_nothing(std::string_view name) {
    return name.starts_with("RESERVED") || name.starts_with("Reserved") || name.starts_with("Unassigned") ||
           name.starts_with("UNASSIGNED") || name.empty();
}

using Key = std::pair<std::string, std::string>; ///< field, value

void compare(const char* file) {
    std::map<std::pair<Key, std::string>, std::string> excused; // (field, value), their name -> ours
    for (const auto& row : samples::rows_of("ikev2_names_differences.tsv", '\t')) {
        ASSERT_EQ(row.size(), 5U) << row[0] << ' ' << row[1];
        EXPECT_FALSE(row[4].empty()) << "reason";
        excused[{{row[0], row[1]}, row[2]}] = row[3];
    }
    for (const auto& row : samples::rows_of(file, '\t')) {
        ASSERT_EQ(row.size(), 3U) << row[0];
        const auto* field = field_row(row[0]);
        ASSERT_TRUE(field) << row[0];
        const std::string ours(name_of(field->names, std::stoull(row[1])));
        if (ours == row[2] || (means_nothing(ours) && means_nothing(row[2]))) continue;
        const auto excuse = excused.find({{row[0], row[1]}, row[2]});
        if (excuse == excused.end()) {
            ADD_FAILURE() << row[0] << '\t' << row[1] << '\t' << row[2] << '\t' << ours;
        } else {
            EXPECT_EQ(excuse->second, ours) << row[0] << ' ' << row[1];
        }
    }
}

TEST(Ikev2Names, AreThoseOfTshark) { compare("ikev2_names_tshark.tsv"); }
TEST(Ikev2Names, AreThoseOfWiresharksDevelopment) { compare("ikev2_names_newer.tsv"); }
TEST(Ikev2Names, AreIanasWhereWiresharkHasNone) { compare("ikev2_names_iana.tsv"); }

TEST(Ikev2Names, EveryRowHasASource) {
    for (const auto& field : all_fields())
        for (const auto& row : field.names) EXPECT_FALSE(row.source.empty()) << field.name << ' ' << row.value;
}

} // namespace
} // namespace ikescope::dissect
