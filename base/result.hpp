#pragma once
// When the world fails (a file, a socket, a library): a value, or one sentence for the user.

#include <cassert>
#include <string>
#include <utility>
#include <variant>

namespace ikescope {

/// One sentence for the user: what failed, where, why, and what to do about it.
struct Error {
    std::string sentence;
};

/// A value or the reason why there is none. No exception crosses a folder; this does.
template <class T>
class [[nodiscard]] Result {
public:
    Result(T value) : content_(std::move(value)) {}
    Result(Error error) : content_(std::move(error)) {}

    explicit operator bool() const { return std::holds_alternative<T>(content_); }
    T& operator*() { return value(); }
    const T& operator*() const { return value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }
    const Error& error() const {
        assert(!*this);
        return std::get<Error>(content_);
    }

private:
    T& value() {
        assert(*this);
        return std::get<T>(content_);
    }
    const T& value() const {
        assert(*this);
        return std::get<T>(content_);
    }
    std::variant<T, Error> content_;
};

/// Success without a value.
struct Done {};

} // namespace ikescope
