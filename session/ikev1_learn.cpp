// What phase 1 says in clear, and the HASH that Aggressive Mode shows with it.

#include "dissect/ikev1.hpp"
#include "session/ikev1_opener.hpp"
#include "session/ikev1_suite.hpp"
#include "session/ikev1_verify.hpp"

namespace ikescope::session::ikev1 {
namespace {

namespace payload = dissect::ikev1::payload;

Buffer copy(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

} // namespace

Proof Opener::learn(Track& track, Label label, Side from, const dissect::Message& message) {
    if (!useful_) return Proof::unknown;
    if (!track.ikev1) track.ikev1 = std::make_shared<Ikev1Material>();
    auto& material = *track.ikev1;
    if (label == Label::mm1 || label == Label::am1)
        if (const auto* sa = message.find(payload::sa)) material.sa_body = copy(sa->body);
    material.suite = computable(track.suite);
    if (track.suite.group != 0)
        material.group = track.suite.group;
    else if (const auto* sa = message.find(payload::sa))
        if (auto made = new_group(*sa)) material.group = dh_.number_of(std::move(made->group));
    material.authentication = track.suite.authentication;
    const auto side = index_of(from);
    if (const auto* ke = message.find(payload::ke)) {
        material.public_value[side] = copy(ke->body);
        dh_.see_group(material.group);
    }
    if (const auto* nonce = message.find(payload::nonce)) {
        material.nonce[side] = copy(nonce->body);
        material.decoded[side] = false;
    }
    if (const auto* id = message.find(payload::id)) material.id_body[side] = copy(id->body);
    decode_encrypted(track);
    learn_certificates(track, from, message);
    if (const auto* signature = message.find(payload::sig)) material.clear_signature[side] = copy(signature->body);
    const auto* hash = message.find(payload::hash);
    return hash && (label == Label::am2 || label == Label::am3) ? learn_hash(track, from, hash->body) : Proof::unknown;
}

Proof Opener::learn_hash(Track& track, Side from, Bytes hash) {
    auto& material = *track.ikev1;
    const auto side = index_of(from);
    material.clear_hash[side] = copy(hash);
    if (!material.has_inputs()) return Proof::unknown;
    for (auto& candidate : skeyids(track)) {
        const auto& skeyid = skeyid_of(track, candidate);
        const auto& source = candidate.first;
        if (verify_phase1(track, material, from, skeyid, material.id_body[side], hash) != Proof::verified) continue;
        auto& rich = track.rich();
        rich.authentication[side] = Proof::verified;
        material.hash_skeyid[side] = skeyid;
        if (source.kind == KeySource::Kind::psk) {
            tally_.psk_used[source.index] = true;
            tally_.psk_order.use(source.index);
            rich.psk[side] = source.index;
        } else if (source.kind == KeySource::Kind::skeyid) {
            tally_.key_used[source.index] = true;
            rich.psk_words[side] = store_.ikev1_keys[source.index].origin.text;
        }
        return Proof::verified;
    }
    return Proof::unknown;
}

} // namespace ikescope::session::ikev1
