#pragma once
// Where each node's subtree ends, and which siblings bear the same name: what nested formats need of a flat tree.

#include "base/tree.hpp"
#include "present/field_catalog.hpp"

namespace ikescope::present {

class TreeShape {
public:
    TreeShape() : last_(FieldCatalog::get().size() + 1) {}

    /// Reads a tree; the memory is reused.
    void read(const Tree& tree);
    /// Behind the last node below this one.
    std::size_t end(std::size_t node) const { return places_[node].end; }
    bool is_leaf(std::size_t node) const { return places_[node].end == node + 1; }
    std::size_t size() const { return places_.size(); }
    /// Has any node a severity?
    bool judged() const { return judged_; }

    /// Links equal names among the nodes from `from` to `to`: siblings only, or the whole range when `deep`.
    void link(std::size_t from, std::size_t to, bool deep);
    /// Is it the first of its name in its link()?
    bool is_first(std::size_t node) const { return places_[node].first; }
    /// The next of the same name; 0 when there is none.
    std::size_t next(std::size_t node) const { return places_[node].next; }
    std::size_t name(std::size_t node) const { return places_[node].name; }

private:
    struct Place {
        std::uint32_t end = 0, next = 0, name = 0;
        bool first = false;
    };
    /// The last node of a name, and the link() that saw it.
    struct Last {
        std::uint64_t stamp = 0;
        std::uint32_t node = 0;
    };
    std::vector<Place> places_;
    std::vector<Last> last_;
    const FieldCatalog* catalog_ = &FieldCatalog::get();
    std::uint64_t stamp_ = 0;
    bool judged_ = false;
};

} // namespace ikescope::present
