#include "present/keys_report.hpp"

#include "diagnose/suite_words.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace ikescope::present {
namespace {

using Json = nlohmann::ordered_json;
using secrets::Derived;

std::string value_text(const Secret& value, bool show) {
    return show ? hex(value.reveal()) : fmt::format("{} bytes", value.size());
}

std::string address_text(const std::optional<IpAddress>& address) { return address ? address->text() : "any"; }
std::string spi_text(const secrets::EspKey& key) { return key.spi ? fmt::format("{:08x}", *key.spi) : "any"; }

void append_line(std::string& out, std::string_view name, const std::string& value) {
    out += fmt::format("  {:<22}{}\n", name, value);
}

void append_esp(std::string& out, const Derived::EspSa& sa, const Style& style, bool show) {
    out += paint(style, Tint::bold,
                 fmt::format("{}  ESP {} {} → {}", sa.name, spi_text(sa.key), address_text(sa.key.source),
                             address_text(sa.key.destination)));
    out += "\n";
    append_line(out, "Suite", session::suite_text(sa.key));
    if (!sa.key.encryption_key.empty()) append_line(out, "encryption", value_text(sa.key.encryption_key, show));
    if (!sa.key.integrity_key.empty()) append_line(out, "integrity", value_text(sa.key.integrity_key, show));
    out += "\n";
}

Json key_json(std::string_view name, const Secret& value, bool show) {
    return {{"name", name}, {"bytes", value.size()}, {"value", show ? Json(hex(value.reveal())) : Json(nullptr)}};
}

Json sa_json(const session::Sessions& sessions, const session::Sa& sa, bool show) {
    Json json{{"sa", sa.index},
              {"version", static_cast<int>(sa.version)},
              {"initiator", sa.initiator.address.text()},
              {"responder", sa.responder.address.text()},
              {"initiator_spi", hex(sa.initiator_spi)},
              {"responder_spi", hex(sa.responder_spi)},
              {"suite", diagnose::suite_text(sa.suite, sa.version)}};
    json["keys"] = Json::array();
    for (const auto& key : session::named_keys(sessions, sa))
        json["keys"].push_back(key_json(key.name, key.value, show));
    return json;
}

Json esp_json(const Derived::EspSa& sa, bool show) {
    Json json{{"of", sa.name},
              {"source", sa.key.source ? Json(sa.key.source->text()) : Json(nullptr)},
              {"destination", sa.key.destination ? Json(sa.key.destination->text()) : Json(nullptr)},
              {"spi", sa.key.spi ? Json(spi_text(sa.key)) : Json(nullptr)},
              {"suite", session::suite_text(sa.key)}};
    json["keys"] = Json::array();
    if (!sa.key.encryption_key.empty()) json["keys"].push_back(key_json("encryption", sa.key.encryption_key, show));
    if (!sa.key.integrity_key.empty()) json["keys"].push_back(key_json("integrity", sa.key.integrity_key, show));
    return json;
}

} // namespace

std::string keys_text(const session::Sessions& sessions, const Derived& derived, const Style& style, bool show) {
    std::string out;
    std::size_t without = 0;
    for (const auto& sa : sessions) {
        const auto keys = session::named_keys(sessions, sa);
        if (keys.empty()) {
            ++without;
            continue;
        }
        out += paint(style, Tint::bold,
                     fmt::format("SA {}  {} → {}  IKEv{}  {} / {}", sa.index + 1, sa.initiator.address.text(),
                                 sa.responder.address.text(), static_cast<int>(sa.version), hex(sa.initiator_spi),
                                 hex(sa.responder_spi)));
        out += "\n";
        append_line(out, "Suite", diagnose::suite_text(sa.suite, sa.version));
        for (const auto& key : keys) append_line(out, key.name, value_text(key.value, show));
        out += "\n";
    }
    for (const auto& sa : derived.esp) append_esp(out, sa, style, show);
    out += fmt::format("keys of {} of {} IKE SAs and of {} ESP SAs\n", sessions.size() - without, sessions.size(),
                       derived.esp.size());
    if (!show && sessions.size() > without)
        out += "--show-secrets prints them, --export wireshark, tcpdump or xfrm writes them for other programs\n";
    if (!derived.proofs.empty())
        out += fmt::format("Aggressive Mode for --export hashcat or ike-scan: {}\n", derived.proofs.size());
    return out;
}

std::string keys_json(const session::Sessions& sessions, const Derived& derived, bool show) {
    Json json{{"format", "ikescope-keys/1"}, {"sas", Json::array()}, {"esp", Json::array()}};
    for (const auto& sa : sessions) json["sas"].push_back(sa_json(sessions, sa, show));
    for (const auto& sa : derived.esp) json["esp"].push_back(esp_json(sa, show));
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace ikescope::present
