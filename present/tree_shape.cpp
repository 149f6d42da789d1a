#include "present/tree_shape.hpp"

namespace ikescope::present {

void TreeShape::read(const Tree& tree) {
    const auto& nodes = tree.nodes();
    const auto& catalog = FieldCatalog::get();
    const auto count = nodes.size();
    end_.resize(count);
    next_.resize(count);
    name_.resize(count);
    first_.resize(count);
    open_.clear();
    for (std::size_t i = 0; i < count; ++i) {
        while (!open_.empty() && nodes[open_.back()].depth >= nodes[i].depth) {
            end_[open_.back()] = static_cast<std::uint32_t>(i);
            open_.pop_back();
        }
        open_.push_back(static_cast<std::uint32_t>(i));
        name_[i] = static_cast<std::uint32_t>(catalog.name_index(nodes[i].field));
    }
    for (const auto node : open_) end_[node] = static_cast<std::uint32_t>(count);
}

void TreeShape::link(std::size_t from, std::size_t to, bool deep) {
    ++stamp_;
    for (auto i = from; i < to; i = deep ? i + 1 : end_[i]) {
        const auto name = name_[i];
        const bool seen = stamps_[name] == stamp_;
        if (seen) next_[last_[name]] = static_cast<std::uint32_t>(i);
        stamps_[name] = stamp_;
        first_[i] = !seen;
        last_[name] = static_cast<std::uint32_t>(i);
        next_[i] = 0;
    }
}

} // namespace ikescope::present
