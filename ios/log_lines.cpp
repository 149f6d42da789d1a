#include "ios/log_lines.hpp"

#include <fmt/format.h>

namespace ikescope::ios {
namespace {

LogFacts facts_of(const Ends& ends, unsigned connection = 0) {
    LogFacts out;
    out.connection = connection;
    out.peer = ends.peer.text();
    out.local = ends.local.text();
    return out;
}

// IOS's names of the values of phase 1 attributes.
std::string att_name(const Policy& policy) {
    return policy.encryption == "3des" ? "3DES-CBC" : policy.encryption == "aes" ? "AES-CBC" : policy.encryption == "des" ? "DES-CBC" : policy.encryption;
}
std::string upper(std::string text) {
    for (auto& c : text)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    return text;
}
std::string att_auth(const Policy& policy) { return policy.authentication == "rsa-sig" ? "RSA sig" : policy.authentication; }

// 86400 → 0x0 0x1 0x51 0x80
std::string life_octets(std::uint32_t seconds) {
    return fmt::format("0x{:X} 0x{:X} 0x{:X} 0x{:X}", seconds >> 24, seconds >> 16 & 0xff, seconds >> 8 & 0xff, seconds & 0xff);
}

constexpr Say fault_lines[] = {Say::atts_acceptable, Say::bad_encryption, Say::bad_key_length, Say::bad_hash,
                               Say::bad_auth, Say::bad_group, Say::bad_life};

void log_attributes(const Policy& offer, LogLines& out) {
    const auto add = [&](Say what, std::string name, std::uint64_t number = 0) {
        LogFacts f;
        f.name = std::move(name);
        f.number = number;
        out.push_back(log_line(what, f));
    };
    add(Say::att_encryption, att_name(offer));
    if (offer.key_bits != 0) add(Say::att_key_length, {}, offer.key_bits);
    add(Say::att_hash, upper(offer.hash));
    add(Say::att_group, {}, offer.group);
    add(Say::att_auth, att_auth(offer));
    add(Say::att_life_type, {});
    add(Say::att_life, life_octets(offer.lifetime));
}

void log_lifetime(std::uint32_t seconds, LogLines& out) {
    LogFacts f;
    f.number = seconds;
    for (const auto what : {Say::life_actual, Say::life_acceptable, Say::life_vpi, Say::life_seconds, Say::life_returning, Say::life_timer})
        out.push_back(log_line(what, f));
}

std::string proxy_text(const Selector& selector) {
    const auto mask = selector.prefix.address.family == 4 ? mask_of(selector.prefix.length).text() : std::to_string(selector.prefix.length);
    return fmt::format("{}/{}/{}/{}", selector.prefix.address.text(), mask, selector.protocol, selector.port);
}

} // namespace

LogLines log_key_search(const KeyChoice& choice, const Ends& ends, bool detail, bool profile_known, unsigned connection) {
    LogLines out;
    auto f = facts_of(ends, connection);
    if (choice.rule == KeyRule::peer_password) return out; // nothing is searched
    if (choice.rule == KeyRule::by_identity) {
        f.keyring = choice.keyring_name();
        out.push_back(log_line(Say::host_key_in_keyring, f));
        return out;
    }
    if (!detail) {
        f.keyring = choice.keyring_name();
        if (choice) out.push_back(log_line(profile_known ? Say::address_key_in_keyring : Say::peer_key_matching, f));
        return out;
    }
    for (const auto& step : choice.search) {
        f.keyring = step.keyring->name;
        out.push_back(log_line(step.entry ? Say::key_found_in : Say::key_not_available, f));
        if (!step.better) continue;
        const auto& prefix = *step.entry->prefix;
        f.key_address = prefix.address.text();
        f.mask = prefix.address.family == 4 ? mask_of(prefix.length).text() : std::to_string(prefix.length);
        const bool host = prefix.length == prefix.address.bits();
        out.push_back(log_line(host ? Say::selecting_final_key : Say::selecting_key, f));
    }
    if (choice && !profile_known) out.push_back(log_line(Say::peer_key_matching, f));
    return out;
}

LogLines log_no_key(const Ends& ends, bool initiator) {
    const auto f = facts_of(ends);
    LogLines out{log_line(Say::no_key_for_peer, f)};
    if (initiator) {
        out.push_back(log_line(Say::no_cert_or_key));
        out.push_back(log_line(Say::cannot_start_main_mode));
    }
    return out;
}

LogLines log_identity(const Identity& identity, unsigned connection) {
    LogFacts f;
    f.connection = connection;
    f.name = identity.text;
    const bool address = identity.type == id_type::ipv4 || identity.type == id_type::ipv6;
    const auto size = address ? identity.address.bits() / 8 : identity.text.size();
    const auto number = [&](Say what, std::uint64_t value) {
        f.number = value;
        return log_line(what, f);
    };
    // RFC 2407 4.6.2: eight octets of header stand before the value; the next payload is HASH (8).
    return {log_line(Say::id_payload, f), number(Say::id_next_payload, 8), number(Say::id_kind, identity.type),
            log_line(address ? Say::id_address : Say::id_fqdn, f), number(Say::id_protocol, 17), number(Say::id_port, 500),
            number(Say::id_length, 8 + size)};
}

std::string log_profile(const ProfileChoice& profile) {
    LogFacts f;
    f.profile = profile.name();
    return log_line(profile ? Say::peer_matches : Say::peer_matches_none, f);
}

LogLines log_keyring_mismatch(const Identity& peer_identity, const ProfileChoice& profile, const KeyringCheck& check,
                              const Ends& ends, unsigned connection) {
    auto f = facts_of(ends, connection);
    LogLines out{log_line(Say::process_id, f)};
    for (auto& line : log_identity(peer_identity, connection)) out.push_back(std::move(line));
    out.push_back(log_profile(profile));
    if (check.expected) {
        f.keyring = check.expected->name;
        out.push_back(log_line(Say::address_key_in_keyring, f));
    }
    out.push_back(log_line(Say::key_not_in_profile, f));
    f.number = 2;
    out.push_back(log_line(Say::fsm_error, f));
    return out;
}

LogLines log_wrong_psk(const Ends& ends, unsigned connection) {
    auto f = facts_of(ends, connection);
    f.state = "MM_KEY_EXCH";
    return {log_line(Say::received, f), log_line(Say::reserved_not_zero, f), log_line(Say::bad_message, f)};
}

LogLines log_policies(const PolicyChoice& choice, const Ends& ends, bool aggressive) {
    LogLines out;
    auto f = facts_of(ends);
    for (std::size_t i = 0; i < choice.tried.size(); ++i) {
        const auto& tried = choice.tried[i];
        f.number = tried.transform;
        f.second = tried.own.priority;
        out.push_back(log_line(Say::checking_transform, f));
        log_attributes(tried.offer, out);
        f.number = 0;
        if (tried.fault == PolicyFault::none) {
            out.push_back(log_line(Say::atts_acceptable, f));
            log_lifetime(tried.offer.lifetime, out);
            return out;
        }
        out.push_back(log_line(fault_lines[static_cast<std::size_t>(tried.fault)], f));
        f.number = tried.transform < choice.tried.back().transform ? 3 : 0; // 3: another transform follows
        out.push_back(log_line(Say::atts_not_acceptable, f));
    }
    const auto failure = aggressive ? Say::aggressive_failure : Say::mode_failure;
    for (const auto what : {Say::no_offers, Say::phase1_unacceptable, Say::notify_phase1, failure}) out.push_back(log_line(what, f));
    return out;
}

LogLines log_request(const Path& asking, const Router& router) {
    auto f = facts_of(asking.ends);
    if (!asking.proxies.empty()) {
        f.local_proxy = proxy_text(asking.proxies.front().local);
        f.remote_proxy = proxy_text(asking.proxies.front().remote);
    }
    std::uint64_t key_bits = 0;
    if (!asking.terms.transform_sets.empty())
        if (const auto* set = router.find_transform_set(asking.terms.transform_sets.front()))
            for (const auto& part : set->transforms) {
                f.transform += (f.transform.empty() ? "" : " ") + part;
                if (part.starts_with("esp-aes")) key_bits = part.ends_with("256") ? 256 : part.ends_with("192") ? 192 : 128;
            }
    LogLines out{log_line(Say::ipsec_request, f), log_line(Say::ipsec_outbound, f), log_line(Say::ipsec_local_proxy, f),
                 log_line(Say::ipsec_remote_proxy, f), log_line(Say::ipsec_transform, f)};
    f.number = asking.terms.lifetime_seconds;
    f.second = asking.terms.lifetime_kilobytes;
    out.push_back(log_line(Say::ipsec_life, f));
    f.number = key_bits;
    out.push_back(log_line(Say::ipsec_spi, f));
    return out;
}

LogLines log_phase2_refused(const Phase2Choice& choice, const Path& asking, const Ends& ends, unsigned connection) {
    auto f = facts_of(ends, connection);
    LogLines out;
    const auto add = [&](Say what, std::uint64_t number = 0) {
        f.number = number;
        out.push_back(log_line(what, f));
    };
    const bool proxies = choice.fault == Phase2Fault::profile || choice.fault == Phase2Fault::proxies || choice.fault == Phase2Fault::no_path;
    add(Say::checking_ipsec, 1);
    if (proxies) {
        add(Say::ipsec_acceptable);
        add(Say::validate_proposal, 1);
        add(Say::ipsec_inbound);
        if (!asking.proxies.empty()) {
            const auto& pair = asking.proxies.front();
            f.local_proxy = proxy_text(pair.remote);
            f.remote_proxy = proxy_text(pair.local);
            f.protocol = std::to_string(pair.local.protocol);
            add(Say::ipsec_local_proxy);
            add(Say::ipsec_remote_proxy);
        }
        add(Say::ipsec_transform_none);
        add(Say::ipsec_life_none);
        add(Say::ipsec_spi, 128);
        // The published log shows three looks at the one tunnel, with the proxies printed in between.
        for (int look = 0; look < 3; ++look) {
            if (choice.fault == Phase2Fault::profile) add(Say::profile_did_not_match);
            if (look == 2) break;
            for (const auto what : {Say::proxy_match, Say::proxy_src, Say::proxy_dst, Say::proxy_protocol, Say::proxy_src_port, Say::proxy_dst_port})
                add(what);
        }
        add(Say::no_matching_map);
        add(Say::proxies_unsupported);
    } else if (choice.fault == Phase2Fault::transforms) {
        add(Say::transform_unsupported);
    }
    constexpr std::uint64_t proxy_error = 32, pfs_error = 64, transform_error = 256;
    add(Say::policy_invalidated, proxies ? proxy_error : choice.fault == Phase2Fault::pfs ? pfs_error : transform_error);
    add(Say::phase2_unacceptable);
    add(Say::notify_phase2);
    return out;
}

} // namespace ikescope::ios
