#include "session/ikev1_material.hpp"

namespace ikescope::session {

Chain* Ikev1Material::find_chain(std::uint32_t message_id) {
    for (auto& chain : chains)
        if (chain.message_id == message_id) return &chain;
    return nullptr;
}

const Chain* Ikev1Material::find_chain(std::uint32_t message_id) const {
    for (const auto& chain : chains)
        if (chain.message_id == message_id) return &chain;
    return nullptr;
}

std::optional<bool> Ikev1Material::one_skeyid() const {
    const auto& [initiator, responder] = side;
    const auto skeyid = [&](std::size_t which) -> const Secret& {
        return side[which].keys.skeyid.empty() ? hash_skeyid[which] : side[which].keys.skeyid;
    };
    if (!skeyid(0).empty() && !skeyid(1).empty()) return skeyid(0) == skeyid(1);
    if (initiator.known() && responder.known() && !initiator.keys.ka.empty() && !responder.keys.ka.empty())
        return initiator.keys.ka == responder.keys.ka;
    return std::nullopt;
}

Chain& Ikev1Material::chain(std::uint32_t message_id) {
    if (auto* known = find_chain(message_id)) return *known;
    if (chains.size() >= most_chains) chains.erase(chains.begin());
    chains.emplace_back().message_id = message_id;
    return chains.back();
}

void Ikev1Material::remember(Opened opened_message) {
    if (opened.size() < most_opened) {
        opened.push_back(std::move(opened_message));
        return;
    }
    opened[next_opened] = std::move(opened_message);
    next_opened = (next_opened + 1) % most_opened;
}

const Opened* Ikev1Material::find_opened(std::uint64_t fingerprint) const {
    for (const auto& message : opened)
        if (message.fingerprint == fingerprint) return &message;
    return nullptr;
}

crypto::ikev1::Inputs Ikev1Material::inputs(const Track& track) const {
    return {track.initiator_spi, track.responder_spi, nonce[0], nonce[1], public_value[0], public_value[1], sa_body};
}

} // namespace ikescope::session
