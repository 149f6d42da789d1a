#pragma once
// -T fields: chosen fields of every packet in columns.

#include "base/result.hpp"
#include "present/field_value.hpp"
#include "present/packet.hpp"
#include "present/row.hpp"

namespace ikescope::present {

struct FieldOptions {
    enum class Occurrence : std::uint8_t { all, first, last };
    bool bom = false; ///< begins with UTF-8's byte order mark
    bool header = false;
    std::string separator = "\t", aggregator = ",", quote;
    Occurrence occurrence = Occurrence::all;

    /// Takes one -E word: "bom=y", "header=y", "separator=,", "quote=d", "occurrence=f", "aggregator=/s".
    Result<Done> set(std::string_view word);
};

/// One sentence about those of the fields that Wireshark has and no packet here; empty when there are none. Their columns stay
/// empty, so that scripts made for tshark work on; who made the columns should be told.
std::string never_filled(const std::vector<std::string>& names);

class FieldsWriter {
public:
    /// Fields that nobody knows are an error that names them and what was probably meant.
    static Result<FieldsWriter> make(const std::vector<std::string>& names, FieldOptions options, RowOptions rows, bool show_secrets);

    /// As ValueWriter::hide().
    void hide(const HiddenBytes& hidden) { values_.hide(hidden); }
    void begin(Output& out);
    void packet(Output& out, const Packet& packet, const Tree& tree);
    /// "name":["value",…] of every column that has values, for JSON; `dot` stands for the dots in names.
    void members(Output& out, const Packet& packet, const Tree& tree, ValueWriter& values, char dot);
    /// Adds what the columns need.
    void demand(Demand& demand) const;
    /// Does a column tell what the memory of SAs knows?
    bool needs_memory() const;

private:
    struct Column {
        std::string name;
        std::string_view cell; ///< of _ws.col.*; empty otherwise
    };
    FieldsWriter(FieldOptions options, RowOptions rows, bool show_secrets)
        : options_(std::move(options)), values_({Escape::terminal, false, false, show_secrets}), rows_(rows) {}
    void collect(const Tree& tree);
    void column(Output& out, const Packet& packet, const Tree& tree, std::size_t column);

    FieldOptions options_;
    ValueWriter values_;
    RowWriter rows_;
    std::vector<Column> columns_;
    /// Columns by row of the catalogue: columns_of_[starts_[row]] to columns_of_[starts_[row + 1]].
    std::vector<std::uint32_t> starts_, columns_of_;
    std::vector<std::vector<std::uint32_t>> found_; ///< nodes by column; the memory is reused
    const FieldCatalog* catalog_ = &FieldCatalog::get();
};

} // namespace ikescope::present
