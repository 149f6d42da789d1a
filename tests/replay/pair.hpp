#pragma once
// Two peers on a simulated wire, and what came of it.

#include "replay/ikev1_peer.hpp"
#include "replay/ikev1_plain_policy.hpp"
#include "replay/wire.hpp"

namespace ikescope::replay::test {

inline constexpr Timestamp start_time = 1'700'000'000 * one_second;
inline Endpoint at(const char* address, std::uint16_t port = 500) { return {*IpAddress::parse(address), port}; }
inline Random seeded(std::string_view seed) { return Random(bytes_of(seed)); }

/// What one end did beyond sending.
struct Side {
    std::vector<Established> established;
    std::vector<ChildUp> children;
    std::vector<std::string> failures;
    std::vector<Secret> shared;
    std::size_t closed = 0;

    Wire::Heed heed() {
        return [this](Timestamp, const Action& action) {
            if (const auto* up = std::get_if<Established>(&action)) established.push_back(*up);
            if (const auto* child = std::get_if<ChildUp>(&action)) children.push_back(*child);
            if (const auto* failed = std::get_if<Failed>(&action)) failures.push_back(failed->reason);
            if (const auto* keyed = std::get_if<Keyed>(&action)) shared.push_back(keyed->shared);
            if (std::holds_alternative<Closed>(action)) ++closed;
        };
    }
};

/// Drops the datagrams that a test names.
class Dropping final : public Sink {
public:
    Dropping(Sink& next, std::function<bool(std::size_t)> drops) : next_(next), drops_(std::move(drops)) {}
    void send(const Outgoing& datagram) override {
        if (!drops_(count_++)) next_.send(datagram);
    }

private:
    Sink& next_;
    std::function<bool(std::size_t)> drops_;
    std::size_t count_ = 0;
};

namespace v1 {

inline session::Suite suite(std::uint32_t encryption, std::uint32_t bits, std::uint32_t hash, std::uint32_t group) {
    session::Suite out;
    out.encryption = encryption;
    out.key_bits = bits;
    out.hash = hash;
    out.group = group;
    out.authentication = 1;
    out.life_seconds = 86400;
    out.known = true;
    return out;
}
inline ikev1::EspOffer esp(std::uint8_t transform, std::uint16_t bits, std::uint16_t authentication,
                           std::uint16_t group = 0) {
    return {transform, bits, authentication, group, false, 3600, 0};
}
inline ikev1::PlainSettings plain(const char* address, const char* psk = "labkey") {
    ikev1::PlainSettings out;
    out.psk = Secret(bytes_of(psk));
    out.own = ios::Identity::of(*IpAddress::parse(address));
    out.suites = {suite(7, 256, 4, 14), suite(5, 0, 1, 2)};
    out.esp = {esp(12, 128, 5)};
    out.local = {{*IpAddress::parse(address), 32}, 0, 0};
    return out;
}

} // namespace v1
} // namespace ikescope::replay::test
