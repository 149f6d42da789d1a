#pragma once
// Where each node's subtree ends, and which siblings bear the same name: what nested formats need of a flat tree.

#include "base/tree.hpp"
#include "present/field_catalog.hpp"

namespace ikescope::present {

class TreeShape {
public:
    TreeShape() : stamps_(FieldCatalog::get().size() + 1, 0), last_(stamps_.size(), 0) {}

    /// Reads a tree; the memory is reused.
    void read(const Tree& tree);
    /// Behind the last node below this one.
    std::size_t end(std::size_t node) const { return end_[node]; }
    bool is_leaf(std::size_t node) const { return end_[node] == node + 1; }
    std::size_t size() const { return end_.size(); }

    /// Links equal names among the nodes from `from` to `to`: siblings only, or the whole range when `deep`.
    void link(std::size_t from, std::size_t to, bool deep);
    /// Is it the first of its name in its link()?
    bool is_first(std::size_t node) const { return first_[node] != 0; }
    /// The next of the same name; 0 when there is none.
    std::size_t next(std::size_t node) const { return next_[node]; }
    std::size_t name(std::size_t node) const { return name_[node]; }

private:
    std::vector<std::uint32_t> end_, next_, name_, open_;
    std::vector<std::uint8_t> first_;
    std::vector<std::uint64_t> stamps_;
    std::vector<std::uint32_t> last_;
    std::uint64_t stamp_ = 0;
};

} // namespace ikescope::present
