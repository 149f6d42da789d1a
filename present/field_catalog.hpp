#pragma once
// Every field name that filters and -e understand: the tables of all folders in one numbering, Wireshark's other names
// for them, and what was probably meant.

#include "base/field.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace ikescope::present {

/// Rows of the tables, as a set: all that answer to one name (versions, directions, synonyms).
class FieldSet {
public:
    FieldSet() = default;
    explicit FieldSet(std::size_t rows) : member_(rows, 0) {}
    void insert(std::size_t row) { member_[row] = 1; }
    bool contains(std::size_t row) const { return row < member_.size() && member_[row] != 0; }

private:
    std::vector<std::uint8_t> member_;
};

/// A name that means other names.
struct FieldAlias {
    std::string_view name;
    std::array<std::string_view, 4> means;
    std::string_view reason;
};
std::span<const FieldAlias> field_aliases();

/// A name that Wireshark has and that no packet of ours can carry, with the reason.
struct FieldRefusal {
    std::string_view name;
    std::string_view reason;
};
std::span<const FieldRefusal> field_refusals();

class FieldCatalog {
public:
    /// The tables do not change while the program runs.
    static const FieldCatalog& get();

    /// Rows in all tables together.
    std::size_t size() const { return rows_.size(); }
    /// Number of a row; size() when it stands in no table.
    std::size_t index(const Field* field) const {
        for (const auto& table : tables_)
            if (const auto row = static_cast<std::size_t>(field - table.begin); row < table.rows) [[likely]] return table.first + row;
        return rows_.size();
    }
    const Field& row(std::size_t index) const { return *rows_[index]; }
    /// The first row of the same name: what tells names apart. size() for a row of no table.
    std::size_t name_index(const Field* field) const {
        const auto row = index(field);
        return row < first_of_name_.size() ? first_of_name_[row] : rows_.size();
    }

    /// Rows that answer to a name or alias; empty when nobody does.
    std::vector<const Field*> find(std::string_view name) const;
    FieldSet set(std::string_view name) const;
    /// The known name that is most like this one; empty when none is.
    std::string_view suggestion(std::string_view name) const;
    /// All names and aliases, sorted.
    const std::vector<std::string_view>& names() const { return names_; }

private:
    struct Table {
        const Field* begin = nullptr;
        std::size_t rows = 0;
        std::size_t first = 0;
    };
    FieldCatalog();
    void add_table(std::span<const Field> rows);
    void find_exact(std::string_view name, std::vector<const Field*>& found) const;

    std::array<Table, 3> tables_{}; ///< dissect, capture, ours: the most frequent first
    std::size_t table_count_ = 0;
    std::vector<const Field*> rows_;
    std::vector<std::string_view> names_;
    std::vector<std::uint32_t> first_of_name_;
};

/// Insertions, deletions, substitutions and swaps of neighbours that lead from one word to the other.
std::size_t edit_distance(std::string_view from, std::string_view to);

} // namespace ikescope::present
