#pragma once
// A tree as indented lines, as tshark -V prints it: "Exchange type: IKE_AUTH (35)".

#include "base/result.hpp"
#include "present/field_catalog.hpp"
#include "present/field_value.hpp"
#include "present/text_cache.hpp"

namespace ikescope::present {

class TreeText {
public:
    explicit TreeText(bool show_secrets, Escape escape = Escape::terminal);

    /// As ValueWriter::hide().
    void hide(const HiddenBytes& hidden) { values_.hide(hidden); }
    void tree(Output& out, const Tree& tree);
    /// From now on only these protocols are shown with what is below them, others as their heading's line. An error names one
    /// that there is not.
    Result<Done> only(const std::vector<std::string>& protocols);
    /// One line without indentation and line end; windows show it, PDML calls it showname.
    void line(Output& out, const Tree& tree, const Node& node);

private:
    /// Labels with what stands around them, made once: "Length: ", "[Message: ", ".... ...1 = Encryption: ". Each has
    /// 64 readable bytes from its start on.
    struct Words {
        std::uint32_t start = 0, length = 0;
    };
    /// A field repeated in its heading's line, and the words around it.
    struct Part {
        std::string_view words, behind;
        const Field* field;
        std::ptrdiff_t place = 1; ///< how far below the heading it stood last
    };
    struct Prefix {
        Words plain, generated, bits[2]; ///< bits: of a flag that is clear and set
        std::vector<Part> summary;       ///< of a heading that repeats fields from below it
    };
    Words keep(const std::string& words);
    void put(Output& out, const Words& words) const { out.padded(texts_.data() + words.start, words.length); }
    Prefix& prefix(const Field& field) { return prefixes_[catalog_->index(&field)]; }
    void summary(Output& out, const Tree& tree, const Node& heading, std::vector<Part>& parts);
    void note(Output& out, const Tree& tree, const Node& node);
    bool opens(const Field& heading) const;
    void whole_line(Output& out, const Tree& tree, const Node& node);

    ValueWriter values_;
    std::vector<std::string> only_;
    TextCache lines_;
    const FieldCatalog* catalog_ = &FieldCatalog::get();
    std::string texts_;
    std::vector<Prefix> prefixes_;
};

/// "..1. .... = " for a field that is part of its bytes; `value` has its bits in place.
void append_bit_picture(Output& out, const Field& field, std::uint64_t value);

} // namespace ikescope::present
