#include "present/tree_shape.hpp"

namespace ikescope::present {

void TreeShape::read(const Tree& tree) {
    const auto* nodes = tree.nodes().data();
    const auto count = static_cast<std::uint32_t>(tree.nodes().size());
    places_.resize(count);
    judged_ = false;
    std::array<std::uint32_t, 256>
        open; // nodes with children whose end is not known yet; depths ascend, so there are at most 256
    std::size_t used = 0;
    auto* const places = places_.data();
    bool judged = false;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto depth = nodes[i].depth;
        places[i].name = static_cast<std::uint32_t>(catalog_->name_index(nodes[i].field));
        judged |= nodes[i].severity != Severity::none;
        const bool parent = i + 1 < count && nodes[i + 1].depth > depth;
        if (parent) {
            open[used++] = i;
            continue;
        }
        places[i].end = i + 1;
        const unsigned next = i + 1 < count ? nodes[i + 1].depth : 0;
        while (used && nodes[open[used - 1]].depth >= next) places[open[--used]].end = i + 1;
    }
    judged_ = judged;
}

void TreeShape::link(std::size_t from, std::size_t to, bool deep) {
    ++stamp_;
    for (auto i = from; i < to; i = deep ? i + 1 : places_[i].end) {
        auto& place = places_[i];
        auto& last = last_[place.name];
        place.first = last.stamp != stamp_;
        place.next = 0;
        if (!place.first) places_[last.node].next = static_cast<std::uint32_t>(i);
        last = {stamp_, static_cast<std::uint32_t>(i)};
    }
}

} // namespace ikescope::present
