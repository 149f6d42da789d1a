#include "session/ikev1_child_keys.hpp"

#include "session/ikev1_suite.hpp"

namespace ikescope::session::ikev1 {
namespace {

constexpr std::uint8_t protocol_esp = 3;

/// What KEYMAT is made of, apart from g(qm)^xy; owned, because it may be needed when the exchange is long forgotten.
struct Ingredients {
    crypto::ikev1::Suite phase1;
    Secret skeyid_d;
    Buffer spi, nonce[2];
    std::vector<crypto::ikev2::Suite> suites;

    /// KEYMAT = encryption key | authentication key
    std::vector<crypto::Protection> under(Bytes shared) const {
        std::vector<crypto::Protection> list;
        for (const auto& suite : suites) {
            const auto sizes = suite.sizes();
            const auto keymat = crypto::ikev1::keymat(phase1, skeyid_d, shared, protocol_esp, spi, nonce[0], nonce[1],
                                                      sizes.encryption + sizes.integrity);
            list.push_back({suite.encryption, suite.integrity, Secret(keymat.reveal().first(sizes.encryption)),
                            Secret(keymat.reveal().subspan(sizes.encryption))});
        }
        return list;
    }
};

/// SKEYID_d is the same at both ends of an SA that got as far as Quick Mode.
const Secret* skeyid_d(const Ikev1Material& material) {
    for (const auto& side : material.side)
        if (!side.keys.skeyid_d.empty()) return &side.keys.skeyid_d;
    return nullptr;
}

} // namespace

void expect_esp(Core& core, std::uint32_t index, Child& child, const dissect::ikev1::Transform& chosen) {
    const auto& track = core.tracks[index];
    const auto* material = track.ikev1.get();
    const auto* chain = material ? material->find_chain(child.message_id) : nullptr;
    const auto suites = esp_suites(chosen);
    if (!chain || suites.empty() || child.esp[0] || child.esp[1]) return;
    const auto* d = skeyid_d(*material);
    const auto group = quick_group(chosen) != 0 ? material->group_named(quick_group(chosen)) : material->group;
    for (const std::size_t who : {0U, 1U}) { // each end sends with the SPI that the other one chose
        const auto& spi = who == 0 ? child.responder_spi : child.initiator_spi;
        if (spi.size() != 4) continue;
        EspPlan plan;
        plan.spi = static_cast<std::uint32_t>(big_endian(spi));
        plan.track = index;
        plan.from = who == 0 ? child.began : other(child.began);
        plan.extended = quick_extended(chosen);
        plan.suite = suites.front();
        plan.initiator_spi = track.initiator_spi;
        if (d && !chain->nonce[0].empty() && !chain->nonce[1].empty()) {
            Ingredients from{*material->suite, *d, spi, {chain->nonce[0], chain->nonce[1]}, suites};
            child.keys |= core.esp.provide(plan, group, chain->ke,
                                           [from = std::move(from)](Bytes shared) { return from.under(shared); });
        }
        child.esp[who] = core.esp.expect(std::move(plan));
    }
}

} // namespace ikescope::session::ikev1
