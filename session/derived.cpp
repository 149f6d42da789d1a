#include "session/derived.hpp"

#include "crypto/protection.hpp"
#include "dissect/ikev1.hpp"
#include "dissect/ikev2.hpp"
#include "session/ikev1_suite.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace ikescope::session {
namespace {

using secrets::Derived;
namespace payload = dissect::ikev1::payload;

void add_ikev1(const crypto::ikev1::Keys& keys, std::string_view whose, std::vector<NamedKey>& list) {
    const std::pair<std::string_view, const Secret*> named[] = {{"SKEYID", &keys.skeyid},
                                                                {"SKEYID_d", &keys.skeyid_d},
                                                                {"SKEYID_a", &keys.skeyid_a},
                                                                {"SKEYID_e", &keys.skeyid_e},
                                                                {"Ka", &keys.ka}};
    for (const auto& [name, value] : named)
        if (!value->empty()) list.push_back({fmt::format("{}{}", whose, name), *value});
}

void name_ikev1(const Sessions& sessions, const Sa& sa, std::vector<NamedKey>& list) {
    const auto initiator = sessions.ikev1_keys(sa.index, Side::initiator),
               responder = sessions.ikev1_keys(sa.index, Side::responder);
    if (initiator && responder && initiator->ka == responder->ka) return add_ikev1(*initiator, "", list);
    if (initiator) add_ikev1(*initiator, responder ? "initiator's " : "", list);
    if (responder) add_ikev1(*responder, initiator ? "responder's " : "", list);
}

void export_ikev1(const Sessions& sessions, const Sa& sa, const std::string& name, Derived& made) {
    const auto initiator = sessions.ikev1_keys(sa.index, Side::initiator),
               responder = sessions.ikev1_keys(sa.index, Side::responder);
    const auto suite = ikev1::computable(ikev1::compact(sa.suite));
    if ((!initiator && !responder) || !suite) return;
    Derived::Ikev1Sa entry;
    entry.name = name;
    entry.key.initiator_cookie = sa.initiator_spi;
    entry.key.value = (initiator ? *initiator : *responder).ka;
    entry.cipher = suite->cipher;
    entry.two_keys = initiator && responder && initiator->ka != responder->ka;
    entry.from_the_beginning = sa.has_ke[0] && sa.has_ke[1];
    entry.repetitions =
        std::ranges::any_of(sa.messages, [](const auto& one) { return one.encrypted && one.retransmission_of; });
    entry.tcp = sa.tcp;
    made.ikev1.push_back(std::move(entry));
}

/// The fragments of one IKEv1 message, from the first frame to the last.
struct Pieces {
    std::uint32_t file;
    IpAddress source, destination;
    std::uint64_t first, last;
    std::size_t sa;
    auto operator<=>(const Pieces&) const = default;
};

void collect_pieces(const Sa& sa, std::vector<Pieces>& all) {
    for (const auto& message : sa.messages)
        if (message.fragments.size() > 1)
            all.push_back({message.file, message.source.address, message.destination.address, message.fragments.front(),
                           message.fragments.back(), sa.index});
}

/// The SAs whose fragments stand between those that another SA sends the same way.
std::set<std::size_t> interleaved_sas(std::vector<Pieces> all) {
    std::set<std::size_t> sas;
    std::ranges::sort(all);
    for (std::size_t i = 1; i < all.size(); ++i) {
        const auto &before = all[i - 1], &one = all[i];
        if (one.sa != before.sa && one.file == before.file && one.source == before.source &&
            one.destination == before.destination && one.first < before.last)
            sas.insert({before.sa, one.sa});
    }
    return sas;
}

/// An IKE_INTERMEDIATE with a KE payload changes SK_e and SK_a under the same SPIs.
bool changes_keys(const Sa& sa) {
    return sa.version == Version::v2 && std::ranges::any_of(sa.messages, [](const MessageRecord& message) {
               return message.exchange == dissect::ikev2::exchange::ike_intermediate && message.decrypted &&
                      std::ranges::find(message.payloads, "KE") != message.payloads.end();
           });
}

void export_ikev2(const Sessions& sessions, const Sa& sa, const std::string& name, Derived& made) {
    const auto keys = sessions.ikev2_keys(sa.index);
    if (!keys) return;
    Derived::Ikev2Sa entry;
    entry.name = name;
    auto& key = entry.key;
    key.initiator_spi = sa.initiator_spi;
    key.responder_spi = sa.responder_spi;
    key.d = keys->d;
    key.ai = keys->ai;
    key.ar = keys->ar;
    key.ei = keys->ei;
    key.er = keys->er;
    key.pi = keys->pi;
    key.pr = keys->pr;
    key.encryption = static_cast<std::uint16_t>(sa.suite.encryption);
    key.key_bits = static_cast<std::uint16_t>(sa.suite.key_bits);
    key.integrity = static_cast<std::uint16_t>(sa.suite.integrity);
    entry.changed = changes_keys(sa);
    entry.second_set = std::ranges::any_of(made.ikev2, [&](const auto& other) {
        return other.key.initiator_spi == key.initiator_spi && other.key.responder_spi == key.responder_spi;
    });
    entry.tcp = sa.tcp;
    entry.disordered = sa.disordered;
    made.ikev2.push_back(std::move(entry));
}

/// Where that side's latest message came from and went to: ports float, and with them ESP moves into UDP (RFC 3948).
void place_esp(const Sa& sa, Side from, Derived::EspSa& entry) {
    auto source = from == Side::initiator ? sa.initiator : sa.responder;
    auto destination = from == Side::initiator ? sa.responder : sa.initiator;
    for (const auto& message : sa.messages) {
        source = message.from == from ? message.source : message.destination;
        destination = message.from == from ? message.destination : message.source;
    }
    constexpr std::uint16_t ike_port = 500;
    entry.key.source = source.address;
    entry.key.destination = destination.address;
    if (source.port == ike_port && destination.port == ike_port) return;
    entry.tcp = sa.tcp;
    entry.from_port = source.port;
    entry.to_port = destination.port;
}

/// RFC 7296 1.3.1
bool asks_for_transport(const Sa& sa) {
    static constexpr std::uint16_t use_transport_mode = 16391;
    return sa.version == Version::v2 && std::ranges::any_of(sa.messages, [](const MessageRecord& message) {
               return std::ranges::find(message.notifies, use_transport_mode) != message.notifies.end();
           });
}

/// One direction of a child: `who` 0 is what the end sends that asked for it, under the SPI of the other one.
void export_direction(const Sessions& sessions, const Sa& sa, std::size_t number, std::size_t who, Derived& made) {
    const auto& child = sa.children[number];
    const auto& spi = who == 0 ? child.responder_spi : child.initiator_spi;
    const auto found = child.esp[who] ? sessions.esp_keys(*child.esp[who]) : std::nullopt;
    if (!found || spi.size() != 4) return;
    const auto& keys = found->keys;
    Derived::EspSa entry;
    entry.name = fmt::format("SA {}, child {}, {}", sa.index + 1, number + 1, who == 0 ? "out" : "back");
    place_esp(sa, who == 0 ? child.began : other(child.began), entry);
    entry.transport = asks_for_transport(sa);
    entry.key.spi = static_cast<std::uint32_t>(big_endian(spi));
    entry.key.encryption = keys.encryption->number;
    const auto cipher_bytes = keys.encryption_key.size() - keys.encryption->salt;
    entry.key.key_bits = static_cast<std::uint16_t>(8 * cipher_bytes);
    entry.key.integrity = keys.integrity ? keys.integrity->number : std::uint16_t{0};
    entry.key.encryption_key = keys.encryption_key;
    entry.key.integrity_key = keys.integrity_key;
    entry.key.unchecked_icv = static_cast<std::uint8_t>(keys.unchecked_icv);
    entry.key.esn = found->extended;
    made.esp.push_back(std::move(entry));
}

void export_children(const Sessions& sessions, const Sa& sa, Derived& made) {
    for (std::size_t i = 0; i < sa.children.size(); ++i)
        for (const std::size_t who : {0U, 1U}) export_direction(sessions, sa, i, who, made);
}

void export_given(const secrets::Store& given, Derived& made) {
    for (const auto& key : given.esp_keys) {
        const auto known = [&](const Derived::EspSa& sa) {
            return sa.key.spi == key.spi && sa.key.destination == key.destination;
        };
        if (key.spi && std::ranges::any_of(made.esp, known)) continue;
        Derived::EspSa entry;
        entry.name = "ESP of " + key.origin.text;
        entry.key = key;
        made.esp.push_back(std::move(entry));
    }
}

void copy(const dissect::Message& message, std::uint8_t type, Buffer& into) {
    if (const auto* found = message.find(type)) into.assign(found->body.begin(), found->body.end());
}

} // namespace

std::string suite_text(const secrets::EspKey& key) {
    const auto* cipher = crypto::find_encryption(key.encryption);
    const auto* integrity = crypto::find_integrity(key.integrity);
    auto text = cipher ? std::string(cipher->name) : fmt::format("encryption {}", key.encryption);
    if (key.key_bits != 0) text += fmt::format("-{}", key.key_bits);
    if (key.unchecked_icv != 0) return fmt::format("{}/unknown integrity of {} bits", text, key.unchecked_icv * 8);
    if (key.integrity == 0) return text;
    return text + "/" + (integrity ? std::string(integrity->name) : fmt::format("integrity {}", key.integrity));
}

std::vector<NamedKey> named_keys(const Sessions& sessions, const Sa& sa) {
    std::vector<NamedKey> list;
    if (sa.version == Version::v1) {
        name_ikev1(sessions, sa, list);
    } else if (const auto keys = sessions.ikev2_keys(sa.index)) {
        for (const auto& slice : crypto::ikev2::slices)
            if (!((*keys).*slice.into).empty()) list.push_back({std::string(slice.name), (*keys).*slice.into});
    }
    return list;
}

void AggressiveProofs::see(const Outcome& outcome) {
    const bool first = outcome.label == "AM1", second = outcome.label == "AM2";
    if ((!first && !second) || !outcome.sa || outcome.retransmission_of) return;
    const auto* message = outcome.whole ? outcome.whole : outcome.message;
    if (!message || message->fault) return;
    auto& proof = proofs_[*outcome.sa];
    copy(*message, payload::ke, first ? proof.initiator_public : proof.responder_public);
    copy(*message, payload::nonce, first ? proof.initiator_nonce : proof.responder_nonce);
    if (first) return copy(*message, payload::sa, proof.sa_body);
    copy(*message, payload::id, proof.responder_id);
    copy(*message, payload::hash, proof.hash_r);
    proof.initiator_cookie.assign(message->header.initiator_spi.begin(), message->header.initiator_spi.end());
    proof.responder_cookie.assign(message->header.responder_spi.begin(), message->header.responder_spi.end());
}

Derived derived(const Sessions& sessions, const AggressiveProofs& proofs, const secrets::Store& given) {
    Derived made;
    std::vector<Pieces> pieces;
    std::map<std::size_t, std::size_t> ikev1_entries; // by SA
    for (const auto& sa : sessions) {
        const auto name = fmt::format("SA {}", sa.index + 1);
        if (sa.version == Version::v1) {
            const auto before = made.ikev1.size();
            export_ikev1(sessions, sa, name, made);
            if (made.ikev1.size() > before) ikev1_entries.emplace(sa.index, before);
            collect_pieces(sa, pieces);
        } else {
            export_ikev2(sessions, sa, name, made);
        }
        export_children(sessions, sa, made);
        const auto proof = proofs.by_sa().find(sa.index);
        if (proof == proofs.by_sa().end() || proof->second.hash_r.empty() || proof->second.sa_body.empty()) continue;
        made.proofs.push_back(proof->second);
        made.proofs.back().name = name;
        made.proofs.back().hash = sa.suite.hash;
    }
    for (const auto sa : interleaved_sas(std::move(pieces)))
        if (const auto entry = ikev1_entries.find(sa); entry != ikev1_entries.end())
            made.ikev1[entry->second].interleaved = true;
    export_given(given, made);
    return made;
}

} // namespace ikescope::session
