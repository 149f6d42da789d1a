// Aggressive Mode for those who search the key: nine fields, lower-case hexadecimal, ':' between them.
//
//     g_xr:g_xi:cky_r:cky_i:sai_b:idir_b:ni_b:nr_b:hash_r       ike-scan --pskcrack, psk-crack, hashcat 5300 and 5400

#include "secrets/export.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

constexpr std::uint32_t md5 = 1, sha1 = 2;
/// hashcat 6.2.6: six fields of the HASH_R message, and nonces that it takes but never finds a key with. Measured with
/// known keys.
constexpr std::size_t hashcat_message = 512, hashcat_nonces = 56, hashcat_optimised_nonces = 54;

std::string line_of(const Derived::Proof& proof) {
    std::string line;
    for (const auto* field :
         {&proof.responder_public, &proof.initiator_public, &proof.responder_cookie, &proof.initiator_cookie,
          &proof.sa_body, &proof.responder_id, &proof.initiator_nonce, &proof.responder_nonce, &proof.hash_r})
        line += (line.empty() ? "" : ":") + hex(*field);
    return line + "\n";
}

bool has_cracker(const Derived::Proof& proof, Export& made) {
    if (proof.hash == md5 || proof.hash == sha1) return true;
    made.warnings.push_back(fmt::format(
        "{}: its hash is neither MD5 nor SHA-1, and no such program takes another; ikescope psk does.", proof.name));
    return false;
}

std::size_t message_size(const Derived::Proof& proof) {
    return proof.responder_public.size() + proof.initiator_public.size() + proof.responder_cookie.size() +
           proof.initiator_cookie.size() + proof.sa_body.size() + proof.responder_id.size();
}

bool fits_hashcat(const Derived::Proof& proof, Export& made) {
    const auto size = message_size(proof), nonces = proof.initiator_nonce.size() + proof.responder_nonce.size();
    if (size > hashcat_message) {
        made.warnings.push_back(fmt::format("{}: left out, hashcat refuses it (\"Salt-length exception\"): HASH_R "
                                            "covers {} bytes and hashcat takes {}. "
                                            "psk-crack and ikescope psk take it.",
                                            proof.name, size, hashcat_message));
        return false;
    }
    if (nonces > hashcat_optimised_nonces)
        made.warnings.push_back(fmt::format(
            "{}: the nonces have {} bytes together; hashcat {} even when the right key is among the candidates. "
            "psk-crack and ikescope psk find it.",
            proof.name, nonces, nonces > hashcat_nonces ? "never finds the key" : "with -O does not find the key"));
    return true;
}

} // namespace

Export export_hashcat(const Derived& derived) {
    Export made;
    std::string text[2];
    for (const auto& proof : derived.proofs) {
        if (!has_cracker(proof, made) || !fits_hashcat(proof, made)) continue;
        text[proof.hash == sha1] += line_of(proof);
        ++made.entries;
    }
    if (!text[0].empty()) made.files.push_back({"hashcat-5300.txt", std::move(text[0])});
    if (!text[1].empty()) made.files.push_back({"hashcat-5400.txt", std::move(text[1])});
    made.usage = "hashcat -m 5300 hashcat-5300.txt WORDLIST (MD5); hashcat -m 5400 hashcat-5400.txt WORDLIST (SHA-1)";
    return made;
}

Export export_ike_scan(const Derived& derived) {
    Export made;
    std::string text =
        "# ikescope: Aggressive Mode parameters for psk-crack. Whoever has them can search the pre-shared key.\n";
    for (const auto& proof : derived.proofs) {
        if (!has_cracker(proof, made)) continue;
        text += line_of(proof);
        ++made.entries;
    }
    made.files.push_back({"pskcrack.txt", std::move(text)});
    made.usage = "psk-crack -d WORDLIST pskcrack.txt";
    return made;
}

} // namespace ikescope::secrets
