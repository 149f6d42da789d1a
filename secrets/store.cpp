#include "secrets/store.hpp"

#include <algorithm>

namespace ikescope::secrets {
namespace {

std::size_t hash_of(Bytes bytes) { return std::hash<std::string_view>{}(text_of(bytes)); }

// Two secrets that are the same have the same hash; the rest is told apart by comparing.
std::size_t hash_of(const Psk& psk) { return hash_of(psk.key.reveal()); }
std::size_t hash_of(const DhSecret& dh) { return hash_of(dh.value.reveal()); }
std::size_t hash_of(const Ikev1Key& key) { return hash_of(key.value.reveal()); }
std::size_t hash_of(const Ikev2Key& key) {
    return hash_of(key.ei.reveal()) ^ hash_of(key.er.reveal()) ^ hash_of(key.pi.reveal());
}
std::size_t hash_of(const Ikev2Extra& extra) { return hash_of(extra.value.reveal()) ^ std::hash<std::string>{}(extra.id); }
std::size_t hash_of(const PrivateKey& key) { return hash_of(key.der.reveal()); }
std::size_t hash_of(const EspKey& key) { return hash_of(key.encryption_key.reveal()) ^ key.spi.value_or(0); }

bool same(const DhSecret& a, const DhSecret& b) {
    return a.form == b.form && a.value == b.value && a.initiator_spi == b.initiator_spi;
}
bool same(const Ikev1Key& a, const Ikev1Key& b) {
    return a.form == b.form && a.value == b.value && a.any_sa == b.any_sa && a.initiator_cookie == b.initiator_cookie;
}
bool same(const Ikev2Key& a, const Ikev2Key& b) {
    return a.any_sa == b.any_sa && a.initiator_spi == b.initiator_spi && a.responder_spi == b.responder_spi &&
           a.d == b.d && a.ai == b.ai && a.ar == b.ar && a.ei == b.ei && a.er == b.er && a.pi == b.pi && a.pr == b.pr;
}
bool same(const Ikev2Extra& a, const Ikev2Extra& b) {
    return a.form == b.form && a.value == b.value && a.id == b.id && a.initiator_spi == b.initiator_spi;
}
bool same(const PrivateKey& a, const PrivateKey& b) { return a.der == b.der; }
bool same(const EspKey& a, const EspKey& b) {
    return a.spi == b.spi && a.source == b.source && a.destination == b.destination && a.encryption == b.encryption &&
           a.encryption_key == b.encryption_key && a.integrity == b.integrity && a.integrity_key == b.integrity_key &&
           a.unchecked_icv == b.unchecked_icv;
}

template <class T, class Same>
bool add(std::vector<T>& list, Index& index, T one, Same is_same) {
    const auto known = index.contains(
        list, hash_of(one), [](const T& other) { return hash_of(other); },
        [&](const T& other) { return is_same(other, one); });
    if (known) return false;
    list.push_back(std::move(one));
    return true;
}

template <class T>
bool add(std::vector<T>& list, Index& index, T one) {
    return add(list, index, std::move(one), [](const T& a, const T& b) { return same(a, b); });
}

} // namespace

void Store::add_psk(Psk psk) {
    add(psks, psk_index_, std::move(psk),
        [](const Psk& a, const Psk& b) { return a.key == b.key && a.origin.text == b.origin.text; });
}

bool Store::add_new_psk(Psk psk) {
    return add(psks, psk_index_, std::move(psk), [](const Psk& a, const Psk& b) { return a.key == b.key; });
}

bool Store::add_dh(DhSecret secret) { return add(dh, dh_index_, std::move(secret)); }
bool Store::add_ikev1_key(Ikev1Key key) { return add(ikev1_keys, ikev1_index_, std::move(key)); }
bool Store::add_ikev2_key(Ikev2Key key) { return add(ikev2_keys, ikev2_index_, std::move(key)); }
bool Store::add_esp_key(EspKey key) { return add(esp_keys, esp_index_, std::move(key)); }

bool Store::add_ikev2_extra(Ikev2Extra extra) { return add(ikev2_extras, extra_index_, std::move(extra)); }
bool Store::add_private_key(PrivateKey key) { return add(private_keys, private_index_, std::move(key)); }

} // namespace ikescope::secrets
