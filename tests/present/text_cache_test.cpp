// Shortcuts of the output give what the long way gives.

#include "present/escape.hpp"
#include "present/field_catalog.hpp"
#include "present/text_cache.hpp"
#include "present/tree_text.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <random>

namespace ikescope::present { namespace {

std::string text_of(auto write) {
    StringSink sink;
    Output out(sink);
    write(out);
    out.flush();
    return sink.content;
}

std::string plain_text(const Field& field, std::uint64_t number, std::uint32_t place) {
    return fmt::format("{}{}: {} of {}", std::string(place, '.'), field.label, number, field.name);
}

TEST(TextCache, GivesWhatWasMadeForThisFieldNumberAndPlace) {
    const auto& catalog = FieldCatalog::get();
    TextCache cache;
    std::mt19937_64 random(7);
    for (int i = 0; i < 50'000; ++i) {
        const auto& field = catalog.row(random() % catalog.size());
        const auto number = random() % 5 == 0 ? random() : random() % 4;
        const auto place = static_cast<std::uint32_t>(random() % 90); // some texts are too long to keep
        const auto skip = random() % 2;
        const auto made = text_of([&](Output& out) {
            cache.append(out, field, number, place, skip,
                         [&](Output& to) { to.text(plain_text(field, number, place)); });
        });
        ASSERT_EQ(made, plain_text(field, number, place).substr(skip));
    }
}

TEST(TextCache, ALineIsTheSameWhetherItIsNewOrKnown) {
    const auto& catalog = FieldCatalog::get();
    TreeText text(false);
    for (std::size_t row = 0; row < catalog.size(); ++row) {
        const auto& field = catalog.row(row);
        if (!repeats(field)) continue;
        Tree tree;
        for (const std::uint64_t number : {0U, 1U, 2U, 35U, 255U})
            for (const bool generated : {false, true})
                generated ? tree.add_generated(field, number) : tree.add(field, 0, 0, number);
        std::string lines;
        for (const auto& node : tree.nodes()) lines += text_of([&](Output& out) { text.line(out, tree, node); }) + "\n";
        for (int time = 0; time < 2; ++time)
            EXPECT_EQ(text_of([&](Output& out) { text.tree(out, tree); }), lines) << field.name;
    }
}

/// Without any shortcut: JSON, RFC 8259 section 7.
std::string json_by_the_letter(std::string_view text) {
    std::string out;
    for (const char letter : text) {
        if (letter == '"' || letter == '\\')
            (out += '\\') += letter;
        else if (letter == '\n')
            out += "\\n";
        else if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f)
            out += fmt::format("\\u{:04x}", letter);
        else
            out += letter;
    }
    return out;
}

TEST(Escape, FindsSpecialCharactersAtEveryPlaceOfALongText) {
    for (int special = 0; special < 128; ++special) {
        if (special == '\r' || special == '\t') continue;
        for (std::size_t size = 1; size < 20; ++size)
            for (std::size_t at = 0; at < size; ++at) {
                std::string text(size, 'x');
                text[at] = static_cast<char>(special);
                ASSERT_EQ(text_of([&](Output& out) { append_escaped(out, text, Escape::json); }),
                          json_by_the_letter(text))
                    << special;
            }
    }
}

TEST(Output, WritesBytesAndSecondsOfEveryLength) {
    Buffer bytes;
    for (int i = 0; i < 40; ++i) {
        EXPECT_EQ(text_of([&](Output& out) { out.hex(bytes); }), hex(bytes));
        EXPECT_EQ(text_of([&](Output& out) { out.colon_hex(bytes); }), hex(bytes, ":"));
        bytes.push_back(static_cast<Byte>(i * 37));
    }
    EXPECT_EQ(text_of([](Output& out) { out.seconds(1'700'000'000'000'016'009, 9); }), "1700000000.000016009");
    EXPECT_EQ(text_of([](Output& out) { out.seconds(-12'345'678, 6); }), "-0.012345");
    EXPECT_EQ(text_of([](Output& out) { out.seconds(2'999'999'999, 3); }), "2.999");
    EXPECT_EQ(text_of([](Output& out) { out.seconds(7'000'000'001, 0); }), "7");
}

}} // namespace ikescope::present
