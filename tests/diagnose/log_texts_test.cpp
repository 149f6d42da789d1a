// The table of failure texts: every row can be reached and leads to a finding of the catalogue.

#include "diagnose/catalogue.hpp"
#include "diagnose/log_texts.hpp"

#include <gtest/gtest.h>

namespace ikescope::diagnose { namespace {

TEST(LogTexts, EveryRowIsReachableAndLeadsToTheCatalogue) {
    for (const auto& row : log_texts()) {
        EXPECT_NE(find_row(row.finding), nullptr) << row.finding;
        EXPECT_FALSE(row.meaning.empty() || row.source.empty()) << row.first;
        const auto record = std::string(row.first) + "..." + std::string(row.second);
        EXPECT_EQ(find_log_text(record, row.vendor == "IOS"), &row) << row.first;
    }
}

TEST(LogTexts, TheTwoHalvesMustStandInTheirOrder) {
    EXPECT_EQ(find_log_text("does not match to 'x' IDir 'y'", false), nullptr);
    EXPECT_EQ(find_log_text("everything is fine", true), nullptr);
}

}} // namespace ikescope::diagnose
