#include "session/ikev1_verify.hpp"

#include "dissect/ikev1.hpp"

namespace ikescope::session::ikev1 {
namespace {

namespace payload = dissect::ikev1::payload;
/// RFC 2407 4.6.2.1: ID types 1 to 11; 12 is ID_LIST of RFC 3554.
constexpr std::uint8_t last_id_type = 12;

bool equal(Bytes a, Bytes b) { return std::ranges::equal(a, b); }
Proof judge(bool right) { return right ? Proof::verified : Proof::failed; }

/// What HASH(1) and HASH(2) cover: all payloads behind the HASH payload, without padding.
Bytes behind_hash(const dissect::Message& message, Bytes plain) {
    const auto& hash = message.payloads.front();
    const auto& last = message.payloads.back();
    const auto from = static_cast<std::size_t>(hash.body_offset()) + hash.body.size();
    const auto to = static_cast<std::size_t>(last.body_offset()) + last.body.size();
    return to <= plain.size() && from <= to ? plain.subspan(from, to - from) : Bytes{};
}

Proof verify_phase2(const Ikev1Material& material, Label label, const crypto::ikev1::Keys& keys,
                    const dissect::Message& message, Bytes plain) {
    if (keys.skeyid_a.empty() || !material.suite) return Proof::unknown;
    if (message.payloads.empty() || message.payloads.front().type != payload::hash) return Proof::failed;
    const auto& suite = *material.suite;
    const auto id = message.header.message_id;
    const auto hash = message.payloads.front().body;
    const auto rest = behind_hash(message, plain);
    const auto* chain = material.find_chain(id);
    switch (label) {
    case Label::qm2:
        if (!chain || chain->nonce[0].empty()) return Proof::unknown;
        return judge(equal(hash, crypto::ikev1::hash_2(suite, keys.skeyid_a, id, chain->nonce[0], rest)));
    case Label::qm3:
        if (!chain || chain->nonce[0].empty() || chain->nonce[1].empty()) return Proof::unknown;
        return judge(equal(hash, crypto::ikev1::hash_3(suite, keys.skeyid_a, id, chain->nonce[0], chain->nonce[1])));
    case Label::group_pull:
    case Label::group_push: return Proof::unknown; // RFC 6407 3.3 and 4.2 hash other things
    default: return judge(equal(hash, crypto::ikev1::hash_1(suite, keys.skeyid_a, id, rest)));
    }
}

} // namespace

bool known_payload(std::uint8_t type) {
    // 15-19: GDOI and KINK numbers of the registry (SAK, SAT, KD, SEQ, POP); 20-22 NAT-D, NAT-OA, GAP.
    return type <= 22 || (type >= payload::nat_d_draft && type <= payload::fragment);
}

bool plausible_start(std::uint8_t first, Bytes block, std::size_t total, std::size_t digest_size) {
    if (block.size() < dissect::generic_header_size) return false;
    const auto length = big_endian(block.subspan(2, 2));
    if (!known_payload(block[0]) || block[1] != 0 || length < dissect::generic_header_size || length > total) return false;
    if (first == payload::hash) return length == dissect::generic_header_size + digest_size;
    if (first == payload::id) return block.size() < 5 || (block[4] > 0 && block[4] <= last_id_type && length >= 8);
    return true;
}

bool sound(const dissect::Message& message, std::size_t block) {
    if (message.fault || message.payloads.empty()) return false;
    for (const auto& each : message.payloads)
        if (each.reserved != 0 || !known_payload(each.type) || !known_payload(each.next)) return false;
    // Some pad with more than a block, but then with zeros.
    return message.trailing.size() < block || std::ranges::all_of(message.trailing, [](Byte byte) { return byte == 0; });
}

Proof verify_phase1(const Track& track, const Ikev1Material& material, Side from, const Secret& skeyid, Bytes id_body, Bytes hash) {
    if (!material.has_inputs() || material.sa_body.empty() || skeyid.empty() || id_body.empty()) return Proof::unknown;
    const auto inputs = material.inputs(track);
    return judge(equal(hash, from == Side::initiator ? crypto::ikev1::hash_i(*material.suite, skeyid, inputs, id_body)
                                                     : crypto::ikev1::hash_r(*material.suite, skeyid, inputs, id_body)));
}

Proof verify(const Track& track, const Ikev1Material& material, Label label, Side from,
             const crypto::ikev1::Keys& keys, const dissect::Message& message, Bytes plain) {
    const bool phase1 = label == Label::mm5 || label == Label::mm6 || label == Label::am3;
    if (!phase1) return verify_phase2(material, label, keys, message, plain);
    if (keys.skeyid.empty()) return Proof::unknown;
    const auto* hash = message.find(payload::hash);
    if (!hash) return message.find(payload::sig) ? Proof::unknown : Proof::failed;
    const auto* id = message.find(payload::id);
    return verify_phase1(track, material, from, keys.skeyid, id ? id->body : Bytes(material.id_body[index_of(from)]), hash->body);
}

} // namespace ikescope::session::ikev1
