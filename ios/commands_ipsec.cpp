// Transform sets, IPsec profiles, crypto maps and the access lists that give their proxy identities.

#include "ios/commands.hpp"

namespace ikescope::ios {
namespace {

void transform_set(Reading& r, const Call& call) {
    r.open(Mode::transform_set, named_element(r.router.transform_sets, call.name(0), r.line));
    auto& set = r.router.transform_sets[r.block];
    set.transforms.clear();
    for (std::size_t i = 0; i < call.rest_size(); ++i) {
        const auto word = call.rest(i);
        if (number_of(word) && !set.transforms.empty()) set.transforms.back() += " " + std::string(word);
        else set.transforms.emplace_back(word);
    }
}

void set_mode(Reading& r, const Call& call) {
    static constexpr std::string_view modes[] = {"tunnel", "transport"};
    const auto mode = complete(call.rest(0), modes);
    if (mode.empty()) return r.note("the mode is neither tunnel nor transport");
    r.router.transform_sets[r.block].tunnel_mode = mode == "tunnel";
}

void ipsec_profile(Reading& r, const Call& call) {
    r.open(Mode::ipsec_profile, named_element(r.router.ipsec_profiles, call.name(0), r.line));
}

void open_entry(Reading& r, std::string_view map, std::string_view sequence, bool dynamic) {
    const auto number = number_of(sequence);
    if (!number) {
        r.open(Mode::other, 0);
        return r.block_on("the sequence number of the crypto map is not a number");
    }
    auto& list = r.router.map_entries;
    for (std::size_t i = 0; i < list.size(); ++i)
        if (list[i].map == map && list[i].sequence == *number && list[i].dynamic == dynamic)
            return r.open(Mode::map_entry, i);
    list.emplace_back();
    list.back().line = r.line;
    list.back().map = std::string(map);
    list.back().sequence = *number;
    list.back().dynamic = dynamic;
    r.open(Mode::map_entry, list.size() - 1);
}

void map_entry(Reading& r, const Call& call) {
    open_entry(r, call.name(0), call.name(1), false);
    if (r.mode == Mode::map_entry && abbreviates(call.rest(0), "dynamic"))
        r.router.map_entries[r.block].dynamic_map = std::string(call.rest(1));
}
void map_entry_known(Reading& r, const Call& call) { open_entry(r, call.name(0), call.name(1), false); }
void dynamic_entry(Reading& r, const Call& call) { open_entry(r, call.name(0), call.name(1), true); }

MapSettings& settings(Reading& r, std::string_view map) {
    for (auto& known : r.router.map_settings)
        if (known.map == map) return known;
    r.router.map_settings.emplace_back();
    r.router.map_settings.back().line = r.line;
    r.router.map_settings.back().map = std::string(map);
    return r.router.map_settings.back();
}

void map_profile(Reading& r, const Call& call) { settings(r, call.name(0)).isakmp_profile = std::string(call.name(1)); }
void map_local_address(Reading& r, const Call& call) {
    settings(r, call.name(0)).local_interface = interface_name(call.rest(0), call.rest(1));
}

// The same `set …` lines stand in profiles and map entries.
IpsecTerms& terms(Reading& r) {
    if (r.mode == Mode::ipsec_profile) return r.router.ipsec_profiles[r.block];
    return r.router.map_entries[r.block];
}

void set_transform(Reading& r, const Call& call) {
    auto& sets = terms(r).transform_sets;
    sets.clear();
    for (std::size_t i = 0; i < call.rest_size(); ++i) sets.emplace_back(call.rest(i));
}
void set_isakmp_profile(Reading& r, const Call& call) { terms(r).isakmp_profile = std::string(call.name(0)); }
void set_ikev2_profile(Reading& r, const Call& call) { terms(r).ikev2_profile = std::string(call.name(0)); }
void set_pfs(Reading& r, const Call& call) {
    auto word = call.rest(0);
    if (abbreviates("group", word.substr(0, 5))) word.remove_prefix(std::min<std::size_t>(5, word.size()));
    terms(r).pfs_group = word.empty() ? 1 : number_of(word);
    if (!terms(r).pfs_group) r.block_on("the PFS group cannot be read");
}
void set_lifetime(Reading& r, const Call& call) {
    const auto value = number_of(call.rest(1));
    if (!value) return;
    if (abbreviates(call.rest(0), "seconds")) terms(r).lifetime_seconds = *value;
    if (abbreviates(call.rest(0), "kilobytes")) terms(r).lifetime_kilobytes = *value;
}
void set_peer(Reading& r, const Call& call) { r.router.map_entries[r.block].peers.emplace_back(call.name(0)); }
void match_address(Reading& r, const Call& call) { r.router.map_entries[r.block].acl = std::string(call.name(0)); }

// --- access lists: `permit PROTO SOURCE DESTINATION`, as far as they are proxy identities

std::optional<std::uint8_t> protocol_of(std::string_view word) {
    struct Protocol {
        std::string_view name;
        std::uint8_t number;
    };
    static constexpr Protocol known[] = {{"ip", 0}, {"icmp", 1}, {"tcp", 6}, {"udp", 17}, {"gre", 47},
                                         {"esp", 50}, {"ahp", 51}, {"eigrp", 88}, {"ospf", 89}, {"ipinip", 4}};
    for (const auto& [name, number] : known)
        if (same_word(name, word)) return number;
    const auto number = number_of(word);
    return number && *number < 256 ? std::optional(static_cast<std::uint8_t>(*number)) : std::nullopt;
}

/// `any`, `host A`, `A WILDCARD`, then perhaps `eq PORT`.
bool read_selector(const Words& words, std::size_t& place, Selector& out) {
    if (same_word(words[place], "any")) {
        out.prefix = {IpAddress::v4(0), 0};
        ++place;
    } else if (same_word(words[place], "host")) {
        const auto address = IpAddress::parse(words[place + 1]);
        if (!address) return false;
        out.prefix = {*address, static_cast<std::uint8_t>(address->bits())};
        place += 2;
    } else {
        const auto address = IpAddress::parse(words[place]);
        const auto wildcard = IpAddress::parse(words[place + 1]);
        if (!address || !wildcard || address->family != 4 || wildcard->family != 4) return false;
        const auto length = mask_length(IpAddress::v4(~wildcard->v4_number()));
        if (!length) return false;
        out.prefix = {IpAddress::v4(address->v4_number() & mask_of(*length).v4_number()), *length};
        place += 2;
    }
    if (same_word(words[place], "eq")) {
        out.port = static_cast<std::uint16_t>(number_of(words[place + 1]).value_or(0));
        place += 2;
    }
    return true;
}

void add_access(Reading& r, std::size_t list, const Words& words, std::size_t place) {
    AccessEntry entry;
    entry.line = r.line;
    if (same_word(words[place], "remark")) return;
    entry.permit = same_word(words[place], "permit");
    if (!entry.permit && !same_word(words[place], "deny")) return;
    const auto protocol = protocol_of(words[++place]);
    if (!protocol) return; // a standard list: no proxy identities in it
    entry.pair.local.protocol = entry.pair.remote.protocol = *protocol;
    ++place;
    if (read_selector(words, place, entry.pair.local) && read_selector(words, place, entry.pair.remote))
        r.router.access_lists[list].entries.push_back(entry);
    else
        r.note("this access list entry is not understood; it gives no proxy identities");
}

void numbered_list(Reading& r, const Call& call) {
    add_access(r, named_element(r.router.access_lists, call.name(0), r.line), call.words, call.fit.rest);
    r.mode = Mode::global;
}
void named_list(Reading& r, const Call& call) {
    r.open(Mode::access_list, named_element(r.router.access_lists, call.name(0), r.line));
}
void list_entry(Reading& r, const Call& call) { add_access(r, r.block, call.words, 0); }
void list_entry_numbered(Reading& r, const Call& call) { add_access(r, r.block, call.words, 1); }

constexpr Command table[] = {
    {Mode::global, "crypto ipsec transform-set NAME ...", transform_set},
    {Mode::transform_set, "mode ...", set_mode},
    {Mode::global, "crypto ipsec profile NAME", ipsec_profile},
    {Mode::ipsec_profile, "set transform-set ...", set_transform},
    {Mode::ipsec_profile, "set isakmp-profile NAME", set_isakmp_profile},
    {Mode::ipsec_profile, "set ikev2-profile NAME", set_ikev2_profile},
    {Mode::ipsec_profile, "set pfs ...", set_pfs},
    {Mode::ipsec_profile, "set security-association lifetime ...", set_lifetime},
    {Mode::ipsec_profile, "set ...", nullptr},
    {Mode::ipsec_profile, "responder-only", nullptr},
    {Mode::ipsec_profile, "description ...", nullptr},
    {Mode::global, "crypto ipsec security-association ...", nullptr},
    {Mode::global, "crypto ipsec df-bit ...", nullptr},
    {Mode::global, "crypto ipsec fragmentation ...", nullptr},
    {Mode::global, "crypto ipsec nat-transparency ...", nullptr},

    {Mode::global, "crypto map NAME SEQ ipsec-isakmp ...", map_entry},
    {Mode::global, "crypto map NAME SEQ", map_entry_known},
    {Mode::global, "crypto map NAME isakmp-profile PROFILE", map_profile},
    {Mode::global, "crypto map NAME local-address ...", map_local_address},
    {Mode::global, "crypto map NAME client ...", nullptr},
    {Mode::global, "crypto map NAME isakmp ...", nullptr},
    {Mode::global, "crypto map NAME redundancy ...", nullptr},
    {Mode::global, "crypto dynamic-map NAME SEQ", dynamic_entry},
    {Mode::map_entry, "set transform-set ...", set_transform},
    {Mode::map_entry, "set isakmp-profile NAME", set_isakmp_profile},
    {Mode::map_entry, "set ikev2-profile NAME", set_ikev2_profile},
    {Mode::map_entry, "set pfs ...", set_pfs},
    {Mode::map_entry, "set security-association lifetime ...", set_lifetime},
    {Mode::map_entry, "set peer PEER ...", set_peer},
    {Mode::map_entry, "match address ACL", match_address},
    {Mode::map_entry, "set ...", nullptr},
    {Mode::map_entry, "reverse-route ...", nullptr},
    {Mode::map_entry, "description ...", nullptr},
    {Mode::map_entry, "qos ...", nullptr},

    {Mode::global, "access-list NAME ...", numbered_list},
    {Mode::global, "ip access-list extended NAME", named_list},
    {Mode::access_list, "permit ...", list_entry},
    {Mode::access_list, "deny ...", list_entry},
    {Mode::access_list, "remark ...", nullptr},
    {Mode::access_list, "SEQ permit ...", list_entry_numbered},
    {Mode::access_list, "SEQ deny ...", list_entry_numbered},
};

} // namespace

std::span<const Command> ipsec_commands() { return table; }

} // namespace ikescope::ios
