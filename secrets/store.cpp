#include "secrets/store.hpp"

#include <algorithm>

namespace ikescope::secrets {

bool Store::any_explicit() const {
    const auto given = [](const auto& secret) { return secret.origin.explicit_; };
    return std::ranges::any_of(psks, given) || std::ranges::any_of(dh, given) || std::ranges::any_of(ikev1_keys, given) ||
           std::ranges::any_of(ikev2_keys, given) || std::ranges::any_of(esp_keys, given) ||
           std::ranges::any_of(ikev2_extras, given) || std::ranges::any_of(private_keys, given);
}

void Store::add_psk(Psk psk) {
    const auto same = [&](const Psk& known) { return known.key == psk.key && known.origin.text == psk.origin.text; };
    if (std::ranges::none_of(psks, same)) psks.push_back(std::move(psk));
}

bool Store::add_dh(DhSecret secret) {
    const auto same = [&](const DhSecret& known) {
        return known.form == secret.form && known.value == secret.value && known.initiator_spi == secret.initiator_spi;
    };
    if (std::ranges::any_of(dh, same)) return false;
    dh.push_back(std::move(secret));
    return true;
}

bool Store::add_ikev1_key(Ikev1Key key) {
    const auto same = [&](const Ikev1Key& known) {
        return known.form == key.form && known.value == key.value && known.any_sa == key.any_sa &&
               known.initiator_cookie == key.initiator_cookie;
    };
    if (std::ranges::any_of(ikev1_keys, same)) return false;
    ikev1_keys.push_back(std::move(key));
    return true;
}

bool Store::add_ikev2_key(Ikev2Key key) {
    const auto same = [&](const Ikev2Key& known) {
        return known.any_sa == key.any_sa && known.initiator_spi == key.initiator_spi && known.responder_spi == key.responder_spi &&
               known.d == key.d && known.ai == key.ai && known.ar == key.ar && known.ei == key.ei && known.er == key.er &&
               known.pi == key.pi && known.pr == key.pr;
    };
    if (std::ranges::any_of(ikev2_keys, same)) return false;
    ikev2_keys.push_back(std::move(key));
    return true;
}

bool Store::add_esp_key(EspKey key) {
    const auto same = [&](const EspKey& known) {
        return known.spi == key.spi && known.source == key.source && known.destination == key.destination &&
               known.encryption == key.encryption && known.encryption_key == key.encryption_key &&
               known.integrity == key.integrity && known.integrity_key == key.integrity_key;
    };
    if (std::ranges::any_of(esp_keys, same)) return false;
    esp_keys.push_back(std::move(key));
    return true;
}

bool Store::add_ikev2_extra(Ikev2Extra extra) {
    const auto same = [&](const Ikev2Extra& known) {
        return known.form == extra.form && known.value == extra.value && known.id == extra.id && known.initiator_spi == extra.initiator_spi;
    };
    if (std::ranges::any_of(ikev2_extras, same)) return false;
    ikev2_extras.push_back(std::move(extra));
    return true;
}

bool Store::add_private_key(PrivateKey key) {
    if (std::ranges::any_of(private_keys, [&](const PrivateKey& known) { return known.der == key.der; })) return false;
    private_keys.push_back(std::move(key));
    return true;
}

} // namespace ikescope::secrets
