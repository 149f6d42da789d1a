#pragma once
// The reader's table: keyword patterns and what to do with them. Adding a command is one row in one of the tables.

#include "ios/config.hpp"
#include "ios/words.hpp"

#include <algorithm>

namespace ikescope::ios {

/// Which block of the configuration a line stands in.
enum class Mode : std::uint8_t {
    global, other, keyring, rsa_key, policy, isakmp_profile, isakmp_peer, transform_set, ipsec_profile, map_entry, interface,
    access_list, vrf, ikev2_proposal, ikev2_policy, ikev2_keyring, ikev2_peer, ikev2_profile, keys_ignored,
};

/// The reader while it reads: the router so far, the line at hand and the block that is open.
struct Reading {
    Router router;
    Mode mode = Mode::global;
    std::size_t block = 0; ///< index of the open element in its list
    std::size_t peer = 0;  ///< of an IKEv2 keyring
    Line line;

    void open(Mode new_mode, std::size_t index) {
        mode = new_mode;
        block = index;
    }
    /// The line is odd but the rest holds.
    void note(std::string what) { router.remarks.push_back({line, std::move(what), false}); }
    /// The line decides something and cannot be understood.
    void block_on(std::string what) { router.remarks.push_back({line, std::move(what), true}); }
};

/// A line that fits a pattern.
struct Call {
    const Words& words;
    Fit fit;

    std::string_view name(std::size_t which) const { return words[fit.named[which]]; }
    /// The n-th word behind the pattern.
    std::string_view rest(std::size_t which) const { return words[fit.rest + which]; }
    std::size_t rest_size() const { return words.size() - std::min(words.size(), fit.rest); }
    std::string rest_text() const;
};

/// One row. No handler: known and of no consequence here.
struct Command {
    Mode mode;
    std::string_view pattern;
    void (*handle)(Reading&, const Call&);
};

std::span<const Command> isakmp_commands();
std::span<const Command> ipsec_commands();
std::span<const Command> interface_commands();
std::span<const Command> ikev2_commands();

// Shared by the tables.

std::optional<unsigned> number_of(std::string_view text);
/// A netmask; `assumed` when it was cut short and the length is a guess from its complete parts.
struct Mask {
    std::uint8_t length = 32;
    bool assumed = false;
};
std::optional<Mask> mask_from(std::string_view text);
std::optional<Prefix> ipv6_prefix(std::string_view text);
/// Address, or address and mask, from the words at `place`; moves `place` behind them. Remarks are made in `reading`.
/// Without a mask: one host, and everything for 0.0.0.0.
std::optional<Prefix> read_prefix(Reading& reading, const Words& words, std::size_t& place);
/// The key of the line as find_key sees it.
KeyMaterial read_key(const Words& words);
/// `{address A [M] [FVRF] | host … | …}` of `match identity`.
void read_match(Reading& reading, const Call& call, bool ikev2, std::vector<IdentityMatch>& into);
/// `{A | IFACE} [VRF]`
LocalAddress read_local_address(const Reading& reading, const Call& call);
/// `Gi0/1`, `ethernet 0/0` → `GigabitEthernet0/1`, `Ethernet0/0`
std::string interface_name(std::string_view type, std::string_view number = {});

inline constexpr std::size_t most_elements = 10'000; ///< of one kind; a router holds a few hundred

/// The element of that name, new or known already: blocks may be opened twice.
template <class T>
std::size_t named_element(std::vector<T>& list, std::string_view name, const Line& line) {
    for (std::size_t i = 0; i < list.size(); ++i)
        if (list[i].name == name) return i;
    if (list.size() >= most_elements) return list.size() - 1;
    list.emplace_back();
    list.back().name = std::string(name);
    list.back().line = line;
    return list.size() - 1;
}

} // namespace ikescope::ios
