#include "ios/advice.hpp"

#include <fmt/format.h>

namespace ikescope::ios {
namespace {

std::string entry_line(const KeyEntry& entry) {
    if (!entry.prefix) return fmt::format(" pre-shared-key hostname {} key *****\n", entry.hostname);
    if (entry.prefix->address.family == 6) return fmt::format(" pre-shared-key address ipv6 {} key *****\n", entry.prefix->text());
    const bool host = entry.prefix->length == 32;
    return fmt::format(" pre-shared-key address {}{} key *****\n", entry.prefix->address.text(), host ? "" : " " + mask_of(entry.prefix->length).text());
}

std::string keyring_name_of(const IsakmpProfile* profile, const KeyChoice& picked) {
    if (profile && !profile->keyrings.empty()) return profile->keyrings.front();
    return picked.keyring_name().empty() || picked.keyring_name() == "default" ? "keyring1" : picked.keyring_name();
}

// A keyring of its own for the wrong pick: the entry leaves, the profile's keyring stays.
Advice keyring_mismatch(const Router& router, const Ends& ends, const KeyChoice& picked, const IsakmpProfile* profile) {
    Advice out;
    if (!picked) return out;
    const auto right = keyring_name_of(profile, picked);
    if (picked.keyring->global) {
        out.text = fmt::format("On {} move the global key in line {} into keyring {}: global keys are searched before all keyrings, so do not mix them.", router.name,
                               picked.entry->line.number, right);
        out.snippet = fmt::format("no crypto isakmp key ***** address {}{}\n", picked.entry->prefix->address.text(),
                                  picked.entry->prefix->length == 32 ? "" : " " + mask_of(picked.entry->prefix->length).text());
        if (profile && !profile->keyrings.empty()) return out;
    } else {
        out.text = fmt::format("On {} keep the key for {} in keyring {} only and remove it from {} (line {}): on a responder use one keyring with one entry per peer, never the same "
                               "address in two keyrings; IKEv2 does not have this problem.",
                               router.name, ends.peer.text(), right, picked.keyring_name(), picked.entry->line.number);
        if (right != picked.keyring_name()) out.snippet = fmt::format("crypto keyring {}\n no{}", picked.keyring_name(), entry_line(*picked.entry));
    }
    if (profile && profile->keyrings.empty() && !picked.keyring->global) {
        out.text = fmt::format("On {} profile {} names no keyring and so uses the default keyring; the key for {} is in {}. Name that keyring in the profile.", router.name, profile->name,
                               ends.peer.text(), picked.keyring_name());
        out.snippet = fmt::format("crypto isakmp profile {}\n keyring {}\n", profile->name, picked.keyring_name());
    }
    return out;
}

Advice wrong_psk(const Router& router, const Ends& ends, const KeyChoice& picked, const IsakmpProfile* profile) {
    if (picked && !picked.causes.empty()) return keyring_mismatch(router, ends, picked, profile);
    Advice out;
    out.text = picked ? fmt::format("{} takes the key for {} from {} (line {}, {}). Enter the same key on both routers, without a trailing blank.", router.name, ends.peer.text(), picked.keyring_name(),
                                    picked.entry->line.number, rule_text(picked.rule))
                      : fmt::format("Enter the same key for {} on both routers.", ends.peer.text());
    if (picked && !picked.keyring->global) out.snippet = fmt::format("crypto keyring {}\n{}", picked.keyring_name(), entry_line(*picked.entry));
    return out;
}

Advice no_key(const Router& router, const Ends& ends, const KeyChoice& picked, const IsakmpProfile* profile) {
    const auto ring = keyring_name_of(profile, picked);
    return {fmt::format("{} has no key by address for {}; keys by host name do not count in Main Mode. Add one to the keyring of the profile.", router.name, ends.peer.text()),
            fmt::format("crypto keyring {}{}\n pre-shared-key address {} key *****\n", ring, ends.vrf.empty() ? "" : " vrf " + ends.vrf, ends.peer.text())};
}

Advice no_proposal(const Router& router, const Ends&, const KeyChoice&, const IsakmpProfile*) {
    return {fmt::format("Give {} an isakmp policy that equals one of the peer's in encryption, hash, authentication, group, with a lifetime not shorter than the peer's. Absent lines mean des, sha, "
                        "rsa-sig, group 1, 86400 s.",
                        router.name),
            "crypto isakmp policy 10\n encr aes 256\n hash sha256\n authentication pre-share\n group 14\n"};
}

Advice profile_mismatch(const Router& router, const Ends& ends, const KeyChoice&, const IsakmpProfile* profile) {
    if (!profile) return {fmt::format("On {} add a `match identity` for {} to the profile that the tunnel or map entry names.", router.name, ends.peer.text()), {}};
    return {fmt::format("On {} the ID of {} selects profile {}, but the tunnel or map entry names another. Let the peer match one profile only, the one that the tunnel's IPsec profile names.", router.name,
                        ends.peer.text(), profile->name),
            fmt::format("crypto ipsec profile <of the tunnel>\n set isakmp-profile {}\n", profile->name)};
}

Advice trust_point(const Router& router, const Ends&, const KeyChoice&, const IsakmpProfile* profile) {
    return {fmt::format("On {} the profile{} that the ID selects trusts another CA than the one that issued the peer's certificate. Use one trust point for both, or list it in the profile.", router.name,
                        profile ? " " + profile->name : ""),
            profile ? fmt::format("crypto isakmp profile {}\n ca trust-point <of the peer>\n", profile->name) : std::string()};
}

struct Remedy {
    std::string_view id;
    Advice (*give)(const Router&, const Ends&, const KeyChoice&, const IsakmpProfile*);
};
constexpr Remedy remedies[] = {
    {"keyring-mismatch", keyring_mismatch}, {"wrong-psk", wrong_psk},       {"no-key-for-peer", no_key},
    {"no-proposal-chosen", no_proposal},    {"profile-mismatch", profile_mismatch}, {"trust-point-mismatch", trust_point},
};

} // namespace

Advice advise(std::string_view id, const Router& router, const Ends& ends, const KeyChoice& picked, const IsakmpProfile* profile) {
    for (const auto& remedy : remedies)
        if (remedy.id == id) return remedy.give(router, ends, picked, profile);
    return {};
}

} // namespace ikescope::ios
