#pragma once
// What is known about a named field before any packet is seen: its filter name, label, type and number registry.

#include "base/registry.hpp"

#include <cstdint>
#include <string_view>

namespace ikescope {

enum class Kind : std::uint8_t {
    none,          ///< a heading; the value, if any, is a text
    number,        ///< unsigned, `width` bytes
    boolean,
    bytes,
    text,
    ipv4,
    ipv6,
    ether,
    absolute_time, ///< nanoseconds since the epoch
    relative_time, ///< nanoseconds
    frame_number,
};

enum class Display : std::uint8_t { decimal, hexadecimal };

/// One field. Fields live in constexpr tables; a Node points at its row, and field names are looked up in the tables.
struct Field {
    std::string_view name;  ///< filter name as Wireshark spells it ("isakmp.key_exchange.dh_group"), or ours ("ike.label")
    std::string_view label; ///< what a person reads in the tree
    Kind kind = Kind::none;
    std::uint8_t width = 0; ///< bytes of a number
    Display display = Display::decimal;
    Registry names{};       ///< what numbers are called
    std::uint64_t mask = 0; ///< bit fields: which bits of the number count; 0 = all
    std::uint8_t variant = 0; ///< tells rows of one name apart (IKEv1 and IKEv2 name numbers differently)
    bool secret = false;      ///< a password or key: shown only when the user asks for secrets
    std::uint8_t scale = 1;   ///< bit fields: a node's number is what the mask selects, times this (32-bit words as bytes: 4)
};

/// What the bytes of a bit field say, of a node's number.
constexpr std::uint64_t unscaled(const Field& field, std::uint64_t number) { return number / field.scale; }

} // namespace ikescope
