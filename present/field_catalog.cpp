#include "present/field_catalog.hpp"

#include "capture/fields.hpp"
#include "dissect/fields.hpp"
#include "present/own_fields.hpp"

#include <algorithm>
#include <unordered_map>

namespace ikescope::present {

const FieldCatalog& FieldCatalog::get() {
    static const FieldCatalog catalog;
    return catalog;
}

FieldCatalog::FieldCatalog() {
    add_table(dissect::field_table);
    add_table(capture::all_fields());
    add_table(own_fields);
    std::unordered_map<std::string_view, std::uint32_t> seen;
    for (const auto* row : rows_) {
        names_.push_back(row->name);
        first_of_name_.push_back(seen.emplace(row->name, static_cast<std::uint32_t>(first_of_name_.size())).first->second);
    }
    for (const auto& alias : field_aliases()) names_.push_back(alias.name);
    std::ranges::sort(names_);
    names_.erase(std::unique(names_.begin(), names_.end()), names_.end());
}

void FieldCatalog::add_table(std::span<const Field> rows) {
    tables_[table_count_++] = {rows.data(), rows.size(), rows_.size()};
    for (const auto& row : rows) rows_.push_back(&row);
}

void FieldCatalog::find_exact(std::string_view name, std::vector<const Field*>& found) const {
    for (const auto* row : rows_)
        if (row->name == name) found.push_back(row);
}

std::vector<const Field*> FieldCatalog::find(std::string_view name) const {
    std::vector<const Field*> found;
    find_exact(name, found);
    if (!found.empty()) return found;
    for (const auto& alias : field_aliases())
        if (alias.name == name)
            for (const auto meaning : alias.means) find_exact(meaning, found);
    return found;
}

FieldSet FieldCatalog::set(std::string_view name) const {
    FieldSet set(rows_.size());
    for (const auto* row : find(name)) set.insert(index(row));
    return set;
}

std::size_t edit_distance(std::string_view from, std::string_view to) {
    std::vector<std::size_t> before(to.size() + 1), last(to.size() + 1), now(to.size() + 1);
    for (std::size_t j = 0; j <= to.size(); ++j) last[j] = j;
    for (std::size_t i = 1; i <= from.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= to.size(); ++j) {
            const bool same = from[i - 1] == to[j - 1];
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, last[j - 1] + (same ? 0 : 1)});
            const bool swapped = i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1];
            if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return last[to.size()];
}

std::string_view FieldCatalog::suggestion(std::string_view name) const {
    if (name.size() > 100) return {};
    auto least = std::max<std::size_t>(2, name.size() / 3) + 1;
    std::string_view best;
    for (const auto known : names_) {
        if (known.starts_with("_ws.")) continue;
        const auto distance = edit_distance(name, known);
        if (distance < least) {
            least = distance;
            best = known;
        }
    }
    return best;
}

} // namespace ikescope::present
