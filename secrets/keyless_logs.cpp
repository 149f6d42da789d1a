// What people give for want of something better: output that never holds a key. It is known, so that the sentence can
// say where keys come from instead.

#include "secrets/formats.hpp"

namespace ikescope::secrets {
namespace {

bool has(std::string_view line, std::string_view what) { return line.find(what) != std::string_view::npos; }

Report keyless(std::string format, const std::string& name, Store& store, std::string_view sentence) {
    Harvest harvest(std::move(format), name, store);
    harvest.note(sentence);
    return harvest.take();
}

/// g_xr:g_xi:cky_r:cky_i:sai_b:idir_b:ni_b:nr_b:hash_r
bool is_psk_crack(std::string_view line) {
    line = trimmed(line);
    std::size_t fields = 0, last = 0;
    while (true) {
        const auto colon = line.find(':');
        const auto field = line.substr(0, colon);
        if (!all_hex(field) || field.size() % 2 != 0) return false;
        ++fields;
        last = field.size();
        if (colon == std::string_view::npos) break;
        line.remove_prefix(colon + 1);
    }
    constexpr std::size_t md5 = 32, sha1 = 40;
    return fields == 9 && (last == md5 || last == sha1);
}

} // namespace

unsigned weigh_cisco(std::string_view line) {
    if (has(line, "ISAKMP:(") || has(line, "ISAKMP (") || has(line, "ISAKMP: (") || has(line, "ISAKMP-PAK") ||
        has(line, "ISAKMP-ERROR"))
        return 3;
    if (has(line, "IKEv2:(SESSION ID") || has(line, "IKEv2-ERROR:") || has(line, "IKEv2-PROTO-") ||
        has(line, "IKEv2-PLAT-"))
        return 3;
    return has(line, "[IKEv1") || has(line, "%CRYPTO-") || has(line, "%ASA-") ? 3 : 0;
}
Result<Report> read_cisco_debug(std::string_view text, const std::string& name, Store& store) {
    (void)text;
    return keyless("Cisco debug output", name, store,
                   "this is debug output of a Cisco device, which never prints keys; give the configuration with "
                   "--config, a pre-shared key with "
                   "--psk, and the Diffie-Hellman secret from the other end's log.");
}

unsigned weigh_junos(std::string_view line) {
    return has(line, " kmd[") || line.starts_with("kmd[") || has(line, " iked_re[") ? 3 : 0;
}
Result<Report> read_junos_trace(std::string_view text, const std::string& name, Store& store) {
    (void)text;
    return keyless("Junos trace", name, store,
                   "this is a trace of Junos, which prints no keys; give a pre-shared key with --psk and the "
                   "Diffie-Hellman secret from the other end's log.");
}

unsigned weigh_windows(std::string_view line) { return has(line, "[ikeext]") ? 3 : 0; }
Result<Report> read_windows_trace(std::string_view text, const std::string& name, Store& store) {
    (void)text;
    return keyless("Windows IKE trace", name, store,
                   "this is a trace of Windows' IKE service, which prints no keys; give a pre-shared key with --psk "
                   "and the Diffie-Hellman secret from "
                   "the other end's log.");
}

unsigned weigh_psk_crack(std::string_view line) {
    return is_psk_crack(line) || has(line, "g_xr:g_xi:cky_r:cky_i:sai_b:idir_b:ni_b:nr_b:hash_r") ? 10 : 0;
}
Result<Report> read_psk_crack(std::string_view text, const std::string& name, Store& store) {
    (void)text;
    return keyless("psk-crack parameters", name, store,
                   "these are values of an Aggressive Mode exchange by which a pre-shared key can be tested (ike-scan, "
                   "psk-crack, hashcat 5300 and "
                   "5400); they hold no secret and open nothing. Give the key itself with --psk once it is known.");
}

} // namespace ikescope::secrets
