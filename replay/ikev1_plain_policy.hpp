#pragma once
// A policy of plain settings, for a peer that is to talk to daemons and devices.

#include "replay/ikev1_policy.hpp"

namespace ikescope::replay::ikev1 {

struct PlainSettings {
    Secret psk;
    ios::Identity own;
    std::optional<ios::Identity> peer; ///< nothing: anybody who knows the key
    std::vector<session::Suite> suites;
    std::vector<EspOffer> esp;
    ios::Selector local, remote; ///< what Quick Mode asks for, and what is granted when the peer asks
};

class PlainPolicy final : public Policy {
public:
    explicit PlainPolicy(PlainSettings settings) : settings_(std::move(settings)) {}

    std::vector<session::Suite> offers() override { return settings_.suites; }
    std::optional<std::size_t> choose(const std::vector<session::Offer>& offers, const ios::Identity* peer) override;
    bool confirms(const session::Offer& chosen) override { return choose({chosen}, nullptr).has_value(); }
    std::optional<Secret> key(const ios::Identity*) override { return settings_.psk; }
    ios::Identity own_identity() override { return settings_.own; }
    bool accepts(const ios::Identity& peer) override;
    QuickRequest request() override { return {settings_.esp, settings_.local, settings_.remote}; }
    QuickAnswer answer(const QuickRequest& asked) override;

private:
    PlainSettings settings_;
};

} // namespace ikescope::replay::ikev1
