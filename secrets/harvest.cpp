#include "secrets/formats.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {

void Harvest::count(std::size_t& kind, bool is_new) {
    ++read_;
    kind += is_new;
}

void Harvest::psk(Secret key, std::size_t line) {
    count(report_.psks, store_.add_new_psk({std::move(key), origin(line)}));
}

void Harvest::psk_use(Secret key, std::size_t line, const std::array<Byte, 8>& initiator_spi, bool of_initiator) {
    store_.psk_uses.push_back({key, origin(line), initiator_spi, of_initiator});
    psk(std::move(key), line);
}

void Harvest::dh(Secret value, DhSecret::Form form, std::size_t line,
                 std::optional<std::array<Byte, 8>> initiator_spi) {
    count(report_.dh, store_.add_dh({std::move(value), form, origin(line), initiator_spi}));
}

void Harvest::ikev1(Secret value, Ikev1Key::Form form, std::size_t line, std::optional<std::array<Byte, 8>> cookie) {
    count(report_.ikev1_keys, store_.add_ikev1_key({cookie.value_or(std::array<Byte, 8>{}), !cookie, form,
                                                    std::move(value), origin(line)}));
}

void Harvest::ikev2(Ikev2Key key) { count(report_.ikev2_keys, store_.add_ikev2_key(std::move(key))); }

void Harvest::extra(Secret value, Ikev2Extra::Form form, std::size_t line) {
    count(report_.ikev2_keys, store_.add_ikev2_extra({form, std::move(value), {}, {}, origin(line)}));
}

void Harvest::esp(EspKey key) {
    constexpr std::uint16_t null_cipher = 11; // ENCR_NULL, RFC 2410
    if (key.encryption_key.empty() && key.encryption != null_cipher)
        return note_at(key.origin.text, "the encryption key of this ESP SA is not in it; it was passed over.");
    count(report_.esp_keys, store_.add_esp_key(std::move(key)));
}

void Harvest::note(std::size_t line, std::string_view text) { note_at(line == 0 ? name_ : place(name_, line), text); }

void Harvest::note_at(std::string_view where, std::string_view text) {
    if (report_.notes.size() == most_notes)
        report_.notes.push_back(fmt::format("{}: more was passed over than is told here.", name_));
    if (report_.notes.size() >= most_notes) return;
    report_.notes.push_back(fmt::format("{}: {}", where, text));
}

} // namespace ikescope::secrets
