#include "secrets/formats.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {

void Harvest::psk(Secret key, std::size_t line) { report_.psks += store_.add_new_psk({std::move(key), origin(line)}); }

void Harvest::psk_use(Secret key, std::size_t line, const std::array<Byte, 8>& initiator_spi, bool of_initiator) {
    store_.psk_uses.push_back({key, origin(line), initiator_spi, of_initiator});
    psk(std::move(key), line);
}

void Harvest::dh(Secret value, DhSecret::Form form, std::size_t line,
                 std::optional<std::array<Byte, 8>> initiator_spi) {
    report_.dh += store_.add_dh({std::move(value), form, origin(line), initiator_spi});
}

void Harvest::ikev1(Secret value, Ikev1Key::Form form, std::size_t line, std::optional<std::array<Byte, 8>> cookie) {
    report_.ikev1_keys +=
        store_.add_ikev1_key({cookie.value_or(std::array<Byte, 8>{}), !cookie, form, std::move(value), origin(line)});
}

void Harvest::ikev2(Ikev2Key key) { report_.ikev2_keys += store_.add_ikev2_key(std::move(key)); }

void Harvest::extra(Secret value, Ikev2Extra::Form form, std::size_t line) {
    report_.ikev2_keys += store_.add_ikev2_extra({form, std::move(value), {}, {}, origin(line)});
}

void Harvest::esp(EspKey key) { report_.esp_keys += store_.add_esp_key(std::move(key)); }

void Harvest::note(std::size_t line, std::string_view text) {
    if (report_.notes.size() == most_notes)
        report_.notes.push_back(fmt::format("{}: more was passed over than is told here.", name_));
    if (report_.notes.size() >= most_notes) return;
    report_.notes.push_back(fmt::format("{}: {}", line == 0 ? name_ : place(name_, line), text));
}

} // namespace ikescope::secrets
