#pragma once
// A payload said once: a struct and a schema. Reading fills the struct and the tree in one pass, so they cannot
// disagree; writing walks the same schema backwards.
//
// A schema is `template <> struct Schema<P>` with a constexpr tuple `fields` of the kinds below. What the kinds cannot
// say (lists whose element depends on earlier fields) is a Body<&function>: an ordinary function on the cursor.

#include "base/cursor.hpp"
#include "base/tree.hpp"
#include "base/writer.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <tuple>
#include <type_traits>

namespace ikescope::dissect {

/// A big-endian number of `Width` bytes.
template <auto Member, std::size_t Width>
struct Number {
    const Field& field;
};
/// Bits that share a byte with others: shown, not advanced over (length is that of the whole number).
struct Bit {
    const Field& field; ///< its mask selects the bits
};
/// A number and the flags in it.
template <auto Member, std::size_t Width, std::size_t Count>
struct Flags {
    const Field& field;
    std::array<Bit, Count> bits;
};
/// Bytes that must be zero.
template <std::size_t Width>
struct Reserved {
    const Field& field;
};
/// The size in bytes of a later member. Reading keeps it in `Member`; writing takes it from `Of`, so it cannot lie.
template <auto Member, std::size_t Width, auto Of>
struct Size {
    const Field& field;
};
/// As many bytes as an earlier number says.
template <auto Member, auto Size>
struct Sized {
    const Field& field;
};
/// Exactly `Width` bytes, into Bytes or std::array<Byte, Width>.
template <auto Member, std::size_t Width>
struct Fixed {
    const Field& field;
};
/// All the bytes that are left.
template <auto Member>
struct Rest {
    const Field& field;
};
/// Whatever a function reads and writes: `void read(P&, Cursor&, Tree*)`, `void write(const P&, Writer&)`.
template <auto ReadFunction, auto WriteFunction>
struct Body {};

template <class Payload>
struct Schema;

/// Marks reserved bytes that are not zero; the reader calls it with the tree's node.
void note_reserved(Tree& tree, Tree::Index node, Bytes bytes);
/// Ends a payload: bytes that could not be read, or that nobody explained, become nodes of the tree.
void finish(Tree* tree, const Cursor& in);
/// What a bit field of a number is: 0 or 1 for flags, the shifted bits for small numbers.
std::uint64_t bit_value(const Field& field, std::uint64_t number);
/// Adds the node of a number and, below it, the nodes of the bits in it.
void add_bits(Tree& tree, const Field& field, std::size_t offset, std::size_t width, std::uint64_t number,
              std::span<const Bit> bits);

inline void assign(Bytes& member, Bytes bytes) { member = bytes; }
template <std::size_t N>
void assign(std::array<Byte, N>& member, Bytes bytes) {
    std::copy_n(bytes.begin(), std::min(N, bytes.size()), member.begin());
}

/// Reader: with a tree, every field becomes a node in the same pass.
struct Read {
    Cursor& in;
    Tree* tree;

    template <auto M, std::size_t W, class P>
    void operator()(const Number<M, W>& f, P& p) const {
        const auto at = in.offset();
        const auto value = in.number(W, f.field.label);
        p.*M = static_cast<std::remove_reference_t<decltype(p.*M)>>(value);
        if (tree && !in.fault()) tree->add(f.field, at, W, value);
    }
    template <auto M, std::size_t W, std::size_t N, class P>
    void operator()(const Flags<M, W, N>& f, P& p) const {
        const auto at = in.offset();
        const auto value = in.number(W, f.field.label);
        p.*M = static_cast<std::remove_reference_t<decltype(p.*M)>>(value);
        if (tree && !in.fault()) add_bits(*tree, f.field, at, W, value, f.bits);
    }
    template <auto M, std::size_t W, auto O, class P>
    void operator()(const Size<M, W, O>& f, P& p) const {
        (*this)(Number<M, W>{f.field}, p);
    }
    template <std::size_t W, class P>
    void operator()(const Reserved<W>& f, P&) const {
        const auto at = in.offset();
        const auto bytes = in.take(W, f.field.label);
        if (tree && !in.fault()) note_reserved(*tree, tree->add(f.field, at, W, big_endian(bytes)), bytes);
    }
    template <auto M, auto S, class P>
    void operator()(const Sized<M, S>& f, P& p) const {
        read_bytes<M>(f.field, p, static_cast<std::size_t>(p.*S));
    }
    template <auto M, std::size_t W, class P>
    void operator()(const Fixed<M, W>& f, P& p) const {
        read_bytes<M>(f.field, p, W);
    }
    template <auto M, class P>
    void operator()(const Rest<M>& f, P& p) const {
        if (!in.fault()) read_bytes<M>(f.field, p, in.left());
    }
    template <auto R, auto W, class P>
    void operator()(const Body<R, W>&, P& p) const {
        R(p, in, tree);
    }

private:
    template <auto M, class P>
    void read_bytes(const Field& field, P& p, std::size_t count) const {
        const auto at = in.offset();
        assign(p.*M, in.take(count, field.label));
        if (tree && !in.fault() && count > 0) tree->add(field, at, count);
    }
};

/// Writer: the same declaration, the other direction.
struct Write {
    Writer& out;

    template <auto M, std::size_t W, class P>
    void operator()(const Number<M, W>&, const P& p) const {
        out.number(static_cast<std::uint64_t>(p.*M), W);
    }
    template <auto M, std::size_t W, std::size_t N, class P>
    void operator()(const Flags<M, W, N>&, const P& p) const {
        out.number(static_cast<std::uint64_t>(p.*M), W);
    }
    template <std::size_t W, class P>
    void operator()(const Reserved<W>&, const P&) const {
        out.zeros(W);
    }
    template <auto M, std::size_t W, auto O, class P>
    void operator()(const Size<M, W, O>&, const P& p) const {
        out.number((p.*O).size(), W);
    }
    template <auto M, auto S, class P>
    void operator()(const Sized<M, S>&, const P& p) const {
        out.bytes(p.*M);
    }
    template <auto M, std::size_t W, class P>
    void operator()(const Fixed<M, W>&, const P& p) const {
        out.bytes(p.*M);
    }
    template <auto M, class P>
    void operator()(const Rest<M>&, const P& p) const {
        out.bytes(p.*M);
    }
    template <auto R, auto W, class P>
    void operator()(const Body<R, W>&, const P& p) const {
        W(p, out);
    }
};

/// Reads a payload's body; `in` is fenced to the body. What is wrong becomes a node of the tree.
template <class P>
P read(Cursor& in, Tree* tree = nullptr) {
    P payload{};
    std::apply([&](const auto&... field) { (Read{in, tree}(field, payload), ...); }, Schema<P>::fields);
    return payload;
}
/// Appends a payload's body.
template <class P>
void write(const P& payload, Writer& out) {
    std::apply([&](const auto&... field) { (Write{out}(field, payload), ...); }, Schema<P>::fields);
}

} // namespace ikescope::dissect
