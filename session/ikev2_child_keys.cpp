#include "session/ikev2_child_keys.hpp"

#include "session/additional.hpp"

namespace ikescope::session::ikev2 {
namespace {

namespace parsed = dissect::ikev2;

/// What KEYMAT is made of, apart from g^ir; owned, because it may be needed when the exchange is long forgotten.
struct Ingredients {
    crypto::PrfId prf;
    Secret d;
    Buffer nonce[2];
    crypto::ikev2::Suite suite;
    bool from_initiator; ///< of the exchange
    const secrets::Store& store;
    std::size_t additional; ///< key exchanges beside g^ir (RFC 9370 2.2.4)
    Spi initiator_spi;      ///< of the IKE SA

    /// A key, and the additional secrets that went into it.
    using Made = std::vector<std::pair<Secret, std::vector<std::size_t>>>;

    std::vector<crypto::Protection> under(Bytes shared, Made& made) const {
        const auto sizes = suite.sizes();
        std::vector<crypto::Protection> list;
        made.clear();
        each_choice(store, additional, initiator_spi, [&](const auto& values, const auto& places) {
            const auto keymat =
                crypto::ikev2::child_keymat(prf, d, shared, {nonce[0], nonce[1], {}, {}}, suite.child_size(), values);
            list.push_back(
                suite.protection(crypto::ikev2::cut_child(keymat, sizes.encryption, sizes.integrity), from_initiator));
            if (additional > 0)
                made.emplace_back(list.back().encryption_key, std::vector(places.begin(), places.end()));
            return false;
        });
        return list;
    }
};

std::optional<crypto::ikev2::Suite> suite_of(const parsed::Proposal& chosen) {
    namespace type = parsed::transform;
    const auto* encryption = chosen.find(type::encr);
    if (!encryption) return std::nullopt;
    const auto* integrity = chosen.find(type::integ);
    auto suite = crypto::ikev2::suite_of(
        {encryption->id, encryption->key_bits(), 0, integrity ? integrity->id : std::uint16_t{0}});
    return suite ? std::optional(*suite) : std::nullopt;
}

} // namespace

void expect_esp(Core& core, std::uint32_t index, Child& child, const parsed::Proposal& chosen,
                const Ikev2Exchange& exchange) {
    const auto& track = core.tracks[index];
    const auto& material = *track.ikev2;
    const auto suite = suite_of(chosen);
    if (chosen.protocol != parsed::protocol::esp || !suite || child.esp[0] || child.esp[1]) return;
    const bool derivable = material.keys && !material.keys->d.empty() && material.suite->prf &&
                           !exchange.nonce[0].empty() && !exchange.nonce[1].empty();
    const auto* sequence = chosen.find(parsed::transform::sn);
    const auto additional = additional_exchanges(chosen);
    for (const auto place :
         additional > 0 ? additional_candidates(core.store, track.initiator_spi) : std::vector<std::size_t>())
        core.opener.tally().extra_tried[place] = true;
    for (const std::size_t who : {0U, 1U}) { // each end sends with the SPI that the other one chose
        const auto& spi = who == 0 ? child.responder_spi : child.initiator_spi;
        if (spi.size() != 4) continue;
        EspPlan plan;
        plan.spi = static_cast<std::uint32_t>(big_endian(spi));
        plan.track = index;
        plan.from = who == 0 ? child.began : other(child.began);
        plan.extended = sequence && sequence->id == 1;
        plan.suite = *suite;
        plan.initiator_spi = track.initiator_spi;
        if (derivable) {
            Ingredients from{material.suite->prf->id,
                             material.keys->d,
                             {exchange.nonce[0], exchange.nonce[1]},
                             *suite,
                             who == 0,
                             core.store,
                             additional,
                             track.initiator_spi};
            auto made = std::make_shared<Ingredients::Made>();
            if (additional > 0)
                plan.settled = [made, &tally = core.opener.tally()](const crypto::Protection& keys) {
                    for (const auto& [key, places] : *made)
                        for (const auto place : places)
                            tally.extra_used[place] = tally.extra_used[place] || key == keys.encryption_key;
                };
            child.keys |=
                core.esp.provide(plan, exchange.group, exchange.ke,
                                 [from = std::move(from), made](Bytes shared) { return from.under(shared, *made); });
        }
        child.esp[who] = core.esp.expect(std::move(plan));
    }
}

} // namespace ikescope::session::ikev2
