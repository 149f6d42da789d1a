// Candidates: masks in hashcat's order, rules as its documentation shows them, words whatever way a file is cut.

#include "secrets/candidates.hpp"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <unistd.h>

namespace ikescope::secrets { namespace {

/// Every candidate of a unit, in order.
std::vector<std::string> made_by(Candidates& source, std::uint64_t unit, std::vector<CandidateId>* ids = nullptr) {
    std::vector<std::string> all;
    crypto::psk::Batch batch(4);
    const auto take = [&] {
        for (unsigned i = 0; i < batch.size(); ++i) {
            all.emplace_back(text_of(batch.key(i).reveal()));
            if (ids) ids->push_back(batch.id(i));
        }
        batch.clear();
        return true;
    };
    Feed feed(batch, take);
    source.make(unit, feed);
    take();
    return all;
}

TEST(KeyMask, AllKeysInOrder) {
    const Buffer own[] = {*read_set("ab", {})};
    auto source = mask_candidates(*read_mask("?1x?1", own));
    EXPECT_EQ(made_by(*source, 0), (std::vector<std::string>{"axa", "bxa", "axb", "bxb"}));
    EXPECT_EQ(source->estimate(), 4);
}

TEST(KeyMask, EachKeyOnceAndAsItsNumberSays) {
    for (const auto* text :
         {"?d?d?d?d", "?l?l?l", "a?d-?d?h", "prefix?d?d?d", "?d?d?d?d?d", "?a?l?d", "?d?dlonger than eight?d"}) {
        const auto mask = *read_mask(text, {});
        auto source = mask_candidates(mask);
        std::vector<CandidateId> ids;
        const auto keys = made_by(*source, 0, &ids);
        ASSERT_EQ(keys.size(), mask.count) << text;
        for (std::size_t i = 0; i < keys.size(); ++i) {
            std::string expected(mask.positions.size(), ' ');
            mask.write(i, reinterpret_cast<Byte*>(expected.data()));
            ASSERT_EQ(keys[i], expected) << text;
            ASSERT_EQ(ids[i].place, i);
        }
    }
}

TEST(KeyMask, UnitsMeet) {
    auto source = mask_candidates(*read_mask("?d?d?d?d?d?d?d", {}));
    ASSERT_EQ(source->units(), 3U);
    for (std::uint64_t unit = 0; unit < 3; ++unit) {
        crypto::psk::Batch batch(4);
        Feed feed(batch, [] { return false; }); // the first batch is enough
        EXPECT_TRUE(source->make(unit, feed));
        const auto number = std::to_string(10'000'000 + unit * 4'194'304).substr(1); // the last digit turns slowest
        EXPECT_EQ(text_of(batch.key(0).reveal()), std::string(number.rbegin(), number.rend()));
        EXPECT_EQ(batch.id(0).place, unit * 4'194'304);
    }
    crypto::psk::Batch batch(4);
    Feed feed(batch, [] { return true; });
    EXPECT_FALSE(source->make(3, feed));
}

TEST(KeyMask, LongerThanAHashBlock) {
    auto source = mask_candidates(*read_mask(std::string(70, 'x') + "?d", {}));
    EXPECT_EQ(made_by(*source, 0)[3], std::string(70, 'x') + "3");
}

// Examples of hashcat's documentation of rules, with the word p@ssW0rd.
TEST(KeyRules, AsHashcatDocumentsThem) {
    const std::map<std::string, std::string> cases{{":", "p@ssW0rd"},         {"l", "p@ssw0rd"},
                                                   {"u", "P@SSW0RD"},         {"c", "P@ssw0rd"},
                                                   {"C", "p@SSW0RD"},         {"t", "P@SSw0RD"},
                                                   {"T3", "p@sSW0rd"},        {"r", "dr0Wss@p"},
                                                   {"d", "p@ssW0rdp@ssW0rd"}, {"p2", "p@ssW0rdp@ssW0rdp@ssW0rd"},
                                                   {"f", "p@ssW0rddr0Wss@p"}, {"{", "@ssW0rdp"},
                                                   {"}", "dp@ssW0r"},         {"$1 $2", "p@ssW0rd12"},
                                                   {"^2 ^1", "12p@ssW0rd"},   {"[", "@ssW0rd"},
                                                   {"]", "p@ssW0r"},          {"D3", "p@sW0rd"},
                                                   {"x04", "p@ss"},           {"O12", "psW0rd"},
                                                   {"i4!", "p@ss!W0rd"},      {"o3$", "p@s$W0rd"},
                                                   {"'6", "p@ssW0"},          {"ss$", "p@$$W0rd"},
                                                   {"@s", "p@W0rd"},          {"z2", "ppp@ssW0rd"},
                                                   {"Z2", "p@ssW0rddd"},      {"q", "pp@@ssssWW00rrdd"},
                                                   {"k", "@pssW0rd"},         {"K", "p@ssW0dr"},
                                                   {"*34", "p@sWs0rd"},       {"E", "P@ssw0rd"},
                                                   {"+2", "p@tsW0rd"},        {"-1", "p?ssW0rd"},
                                                   {".1", "psssW0rd"},        {",1", "ppssW0rd"},
                                                   {"L5", "p@ssW`rd"},        {"R2", "p@9sW0rd"},
                                                   {"y2", "p@p@ssW0rd"},      {"Y2", "p@ssW0rdrd"},
                                                   {"30@", "p@SsW0rd"},       {"31s", "p@ssw0rd"},
                                                   {"$\\x41", "p@ssW0rdA"},   {"=1@ %2s", "p@ssW0rd"}};
    for (const auto& [text, expected] : cases) {
        const auto rules = read_rules(text, "test");
        ASSERT_TRUE(rules) << text;
        const std::string_view start = "p@ssW0rd";
        Buffer word(start.begin(), start.end());
        EXPECT_TRUE((*rules)[0].apply(word)) << text;
        EXPECT_EQ(text_of(word), expected) << text;
    }
}

TEST(KeyRules, PositionsOutsideChangeNothingAndRejectionsReject) {
    for (const auto* text : {"T9", "D9", "iAx", "o9x", "x99", "O99", "'9", "*19", "+9", "-9", ".1", ".9", ",0", ",9", "L9",
                             "R9", "y3", "Y3", "30x", "35a"}) {
        Buffer word{'a', 'b'};
        EXPECT_TRUE((*read_rules(text, "test"))[0].apply(word)) << text;
        EXPECT_EQ(text_of(word), "ab") << text;
    }
    for (const auto* text : {"<1", ">3", "_1", "!a", "/x", "(b", ")a", "=1a", "=9a", "%2a"}) {
        Buffer word{'a', 'b'};
        EXPECT_FALSE((*read_rules(text, "test"))[0].apply(word)) << text;
    }
    Buffer word(200, 'x');
    EXPECT_TRUE((*read_rules("d", "test"))[0].apply(word));
    EXPECT_EQ(word.size(), 200U) << "longer than any word";
}

/// Lines of all lengths over several windows, whose borders fall anywhere.
TEST(WordList, EveryLineOnceWhateverItsPlace) {
    const auto path = (std::filesystem::path(testing::TempDir()) / "windows.txt").string();
    std::vector<std::string> lines;
    std::string text;
    for (std::size_t i = 0; text.size() < 3'000'000; ++i) {
        lines.push_back(std::to_string(i) + std::string(i * i % 71, 'y'));
        text += lines.back() + (i % 5 == 0 ? "\r\n" : i % 11 == 0 ? "\n\n" : "\n");
    }
    text += std::string(70'000, 'z') + "\nlast"; // one line that is no key, one without an end
    lines.emplace_back("last");
    std::ofstream(path, std::ios::binary) << text;
    auto file = word_list(path, {});
    ASSERT_TRUE(file);
    EXPECT_EQ((*file)->units(), 3U);
    std::vector<std::string> made;
    for (std::uint64_t unit = 0; unit < 3; ++unit) std::ranges::copy(made_by(**file, unit), std::back_inserter(made));
    EXPECT_EQ(made, lines);

    const int descriptor = fileno(fopen(path.c_str(), "rb"));
    auto stream = word_stream(descriptor, {});
    made.clear();
    std::vector<CandidateId> ids;
    for (std::size_t before = 1; before != made.size();) {
        before = made.size();
        std::ranges::copy(made_by(*stream, 0, &ids), std::back_inserter(made));
    }
    EXPECT_EQ(made, lines);
    EXPECT_EQ(stream->describe(ids[12]), "standard input line 14"); // line 12 is followed by an empty one
    close(descriptor);
}

TEST(WordList, AByteOrderMarkIsNoPartOfTheFirstWord) {
    const auto path = (std::filesystem::path(testing::TempDir()) / "marked.txt").string();
    std::ofstream(path, std::ios::binary) << "\xef\xbb\xbf"
                                          << "first\r\nsecond\n\xef\xbb\xbfthird\n";
    const std::vector<std::string> wanted{"first", "second", "\xef\xbb\xbfthird"};
    auto file = word_list(path, {});
    ASSERT_TRUE(file);
    std::vector<CandidateId> ids;
    EXPECT_EQ(made_by(**file, 0, &ids), wanted);
    EXPECT_TRUE((*file)->describe(ids[0]).ends_with("marked.txt line 1"));
    auto* stream = fopen(path.c_str(), "rb");
    EXPECT_EQ(made_by(*word_stream(fileno(stream), {}), 0), wanted);
    fclose(stream);
}

TEST(WordList, Utf16IsRefusedWithAdvice) {
    const auto path = (std::filesystem::path(testing::TempDir()) / "wide.txt").string();
    std::ofstream(path, std::ios::binary) << std::string("\xff\xfe" "a\0\n\0", 6);
    const auto file = word_list(path, {});
    ASSERT_FALSE(file);
    EXPECT_NE(file.error().sentence.find("iconv -f UTF-16 -t UTF-8"), std::string::npos) << file.error().sentence;
}

TEST(KeyRules, FunctionsOfHashcatsMemoryAreRefusedWithTheirLine) {
    const auto rules = read_rules("\xef\xbb\xbf:\nM$14\n", "test");
    ASSERT_FALSE(rules);
    EXPECT_NE(rules.error().sentence.find("test line 2, column 1: the function 'M' is unknown"), std::string::npos)
        << rules.error().sentence;
}

// What a killed search loses, and what threads share out, is counted in candidates: --append makes many of each word.
TEST(WordList, UnitsAreSmallerWhereManyCandidatesAreMadeOfAWord) {
    std::vector<std::string> lines;
    std::string text;
    for (std::size_t i = 0; text.size() < 100'000; ++i) {
        lines.push_back(std::to_string(i) + std::string(i * i % 71, 'y'));
        text += lines.back() + "\n";
        if (i == 500) text += std::string(70'000, 'z') + "\n"; // no key, but longer than several units
    }
    const auto path = (std::filesystem::path(testing::TempDir()) / "small-units.txt").string();
    std::ofstream(path, std::ios::binary) << text;
    Variations variations;
    variations.append = *read_mask("?d?d", {});
    auto file = word_list(path, std::move(variations));
    ASSERT_TRUE(file);
    const auto units = (*file)->units().value();
    EXPECT_GE(units, text.size() * 100 / 10 / 400'000) << "of at most some hundred thousand candidates";
    std::vector<std::string> made;
    for (std::uint64_t unit = 0; unit < units; ++unit)
        std::ranges::copy(made_by(**file, unit), std::back_inserter(made));
    ASSERT_EQ(made.size(), lines.size() * 100);
    for (std::size_t i = 0; i < made.size(); ++i)
        ASSERT_TRUE(made[i].starts_with(lines[i / 100]) && made[i].size() == lines[i / 100].size() + 2) << i;
}

}} // namespace ikescope::secrets
