#pragma once
// The last so many values of a kind, to know one again; older ones give way.

#include <cstddef>
#include <deque>
#include <set>

namespace ikescope::session {

template <class Value>
class RecentSet {
public:
    explicit RecentSet(std::size_t most) : most_(most) {}
    bool contains(const Value& value) const { return values_.contains(value); }
    void insert(const Value& value) {
        if (!values_.insert(value).second) return;
        order_.push_back(value);
        if (order_.size() <= most_) return;
        values_.erase(order_.front());
        order_.pop_front();
    }

private:
    std::size_t most_;
    std::set<Value> values_;
    std::deque<Value> order_;
};

} // namespace ikescope::session
