#include "session/key_search.hpp"

#include "crypto/authenticate.hpp"
#include "dissect/ikev1.hpp"
#include "dissect/numbers_ikev2.hpp"
#include "session/core.hpp"
#include "session/ikev1_suite.hpp"

#include <bit>

namespace ikescope::session {
namespace {

using crypto::psk::CipherTest;
using crypto::psk::MacTest;

/// The file and number of the first message of a side with one of the labels.
void point_at(KeyTarget& target, const Track& track, std::initializer_list<Label> labels) {
    for (const auto& record : track.records)
        if (record.from == target.side && std::ranges::find(labels, record.label) != labels.end()) {
            target.frame = record.frame;
            target.file = record.file;
            return;
        }
}

crypto::PrfId prf_of(crypto::HashId hash) {
    constexpr crypto::PrfId prfs[crypto::hash_count] = {crypto::PrfId::hmac_md5, crypto::PrfId::hmac_sha1,
                                                        crypto::PrfId::hmac_sha256, crypto::PrfId::hmac_sha384,
                                                        crypto::PrfId::hmac_sha512};
    return prfs[static_cast<std::size_t>(hash)];
}

/// What every opened message begins with: next payload (1) | RESERVED (1) = 0 | payload length (2), not longer than all
/// of it. A HASH payload has exactly one length.
void expect_header(CipherTest& test, std::uint8_t first_payload, std::size_t total) {
    constexpr std::uint32_t reserved = 0x00ff0000, length = 0xffff;
    if (first_payload == dissect::ikev1::payload::hash) {
        test.mask = reserved | length;
        test.value = static_cast<std::uint32_t>(dissect::generic_header_size + crypto::digest_size(test.suite.hash));
        return;
    }
    test.mask = reserved | (length & ~((std::uint32_t{1} << std::min(std::bit_width(total), std::size_t{16})) - 1));
}

} // namespace

namespace ikev1 {

std::vector<std::optional<std::size_t>> Opener::shared_candidates(const Track& track) const {
    if (track.ikev1->shared) return {std::nullopt};
    std::vector<std::optional<std::size_t>> fitting;
    for (const auto index : dh_.fitting(track.ikev1->group, track.initiator_spi)) fitting.emplace_back(index);
    return fitting;
}

/// HASH_I or HASH_R in clear, or opened with finished keys.
Testability Opener::test_hash(const Track& track, Side side, KeySearch& search) const {
    const auto& material = *track.ikev1;
    const auto& id = material.id_body[index_of(side)];
    if (id.empty()) return Testability::beginning_missing;
    const auto inputs = material.inputs(track);
    const bool first = side == Side::initiator;
    KeyTarget target{0, side, 0, 0, first ? "HASH_I" : "HASH_R"};
    point_at(target, track, {Label::am2, Label::am3, Label::mm5, Label::mm6});
    search.trials.push_back(
        {search.targets.size(),
         {},
         MacTest{prf_of(material.suite->hash), crypto::joined({inputs.initiator_nonce, inputs.responder_nonce}),
                 first ? crypto::ikev1::hash_i_octets(inputs, id) : crypto::ikev1::hash_r_octets(inputs, id),
                 material.clear_hash[index_of(side)]}});
    search.targets.push_back(target);
    return Testability::testable;
}

/// The first encrypted message, under every g^xy and IV that may fit.
Testability Opener::test_sealed(const Track& track, Side side, KeySearch& search) const {
    const auto& material = *track.ikev1;
    const auto& kept = *material.first[index_of(side)];
    const auto candidates = shared_candidates(track);
    if (candidates.empty()) return Testability::dh_secret_missing;
    const auto inputs = material.inputs(track);
    CipherTest test{*material.suite,
                    crypto::joined({inputs.initiator_nonce, inputs.responder_nonce}),
                    {},
                    crypto::joined({inputs.initiator_cookie, inputs.responder_cookie}),
                    {},
                    {},
                    0,
                    0};
    test.block = crypto::joined({Bytes(kept.ciphertext).first(crypto::block_size(test.suite.cipher))});
    expect_header(test, kept.header.next_payload, kept.ciphertext.size());
    for (const auto& dh : candidates) {
        test.shared = dh ? dh_.padded(*dh, material.group) : *material.shared;
        for (const auto& iv : kept.ivs) {
            test.iv = iv;
            search.trials.push_back({search.targets.size(), dh, test});
        }
    }
    KeyTarget target{0, side, 0, 0, label_text(kept.label)};
    point_at(target, track, {kept.label});
    target.frame = kept.frame;
    search.targets.push_back(target);
    return Testability::testable;
}

Testability Opener::testability(const Track& track, Side side, KeySearch& search) const {
    const auto* material = track.ikev1.get();
    if (track.suite.known && !by_psk(track.suite.authentication)) return Testability::no_psk;
    const bool in_clear = material && !material->clear_hash[index_of(side)].empty();
    if (!material || (!in_clear && !material->first[index_of(side)])) return Testability::nothing_sent;
    if (!material->has_inputs() || material->sa_body.empty()) return Testability::beginning_missing;
    return in_clear ? test_hash(track, side, search) : test_sealed(track, side, search);
}

} // namespace ikev1

namespace ikev2 {
namespace {

namespace method = dissect::ikev2::auth_method;

/// Which AUTH payloads no pre-shared key made.
Testability why_not_by_psk(const Ikev2Material& material, Side side) {
    const auto way = material.auth_method[index_of(side)];
    if (way == method::null || way == method::gspam) return Testability::no_psk;
    if (way != method::shared_key) return Testability::signature;
    if (material.resumed) return Testability::resumed;
    // Before EAP the responder has an AUTH of its own; the last one of each end is EAP's (RFC 7296 2.16).
    const bool of_eap = material.eap && (side == Side::initiator || !material.auth[index_of(Side::initiator)].empty());
    return of_eap ? Testability::eap : Testability::testable;
}

} // namespace

Testability Opener::testability(const Track& track, Side side, KeySearch& search) const {
    const auto* material = track.ikev2.get();
    if (!material || material->parent) return Testability::nothing_sent; // a rekeyed SA has no AUTH
    if (!material->keys) return track.encrypted_seen ? Testability::keys_missing : Testability::nothing_sent;
    if (material->auth[index_of(side)].empty()) return Testability::nothing_sent;
    if (const auto why = why_not_by_psk(*material, side); why != Testability::testable) return why;
    const auto choices = auth_choices(store_, dh_, track, side);
    if (choices.empty()) return lacks_ppk(store_, track) ? Testability::ppk_missing : Testability::keys_missing;
    const auto before = search.targets.size();
    for (const auto& [keys, auth, name] : choices) {
        const auto signed_octets = octets(track, side, keys);
        if (!signed_octets) return Testability::beginning_missing; // the same for all: their SK_p are known
        if (search.targets.size() == before || search.targets.back().proof != name) {
            auto& target = search.targets.emplace_back(KeyTarget{0, side, 0, 0, name});
            point_at(target, track, {Label::auth_request, Label::auth_response});
        }
        search.trials.push_back(
            {search.targets.size() - 1,
             {},
             MacTest{material->suite->prf->id, crypto::joined({bytes_of(crypto::ikev2::shared_key_pad)}), *signed_octets, auth}});
    }
    return Testability::testable;
}

} // namespace ikev2

KeySearch Sessions::key_search() const {
    KeySearch search;
    for (std::size_t sa = 0; sa < core_->tracks.size(); ++sa) {
        const auto& track = core_->tracks[sa];
        for (const auto side : {Side::initiator, Side::responder}) {
            const auto known = search.targets.size();
            const auto verdict = track.version == Version::v2 ? core_->opener2.testability(track, side, search)
                                                              : core_->opener.testability(track, side, search);
            if (verdict == Testability::testable)
                for (auto& target : std::span(search.targets).subspan(known)) target.sa = sa;
            else
                search.untestable.push_back({sa, side, verdict});
        }
    }
    return search;
}

Proof Sessions::prove(const KeyTarget& target, const KeyTrial& trial, Bytes psk) const {
    if (target.sa >= size()) return Proof::unknown;
    const auto& track = core_->tracks[target.sa];
    if (track.version == Version::v2) return core_->opener2.try_psk(track, target.side, psk);
    const auto& opener = core_->opener;
    const auto& proved = track.ikev1->shared;
    return opener.try_psk(track, target.side, psk,
                          trial.dh ? std::optional(opener.dh().padded(*trial.dh, track.ikev1->group)) : proved);
}

} // namespace ikescope::session
