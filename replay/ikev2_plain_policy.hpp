#pragma once
// A policy of plain settings, for a peer that is to talk to daemons and devices.

#include "replay/ikev2_policy.hpp"

namespace ikescope::replay::ikev2 {

struct PlainSettings {
    Secret psk;
    ios::Identity own;
    std::optional<ios::Identity> peer; ///< nothing: anybody who knows the key
    std::vector<Proposal> proposals, esp;
    ios::Selector local, remote; ///< what is asked for, and what is granted when the peer asks
};

class PlainPolicy final : public Policy {
public:
    explicit PlainPolicy(PlainSettings settings) : settings_(std::move(settings)) {}

    std::vector<Proposal> proposals() override { return settings_.proposals; }
    ios::Identity own_identity() override { return settings_.own; }
    bool accepts(const ios::Identity& peer) override;
    std::optional<Secret> own_key() override { return settings_.psk; }
    std::optional<Secret> peer_key() override { return settings_.psk; }
    ChildRequest child_request() override { return {settings_.esp, {settings_.local}, {settings_.remote}, false}; }
    ChildAnswer child_answer(const ChildRequest& asked) override;

private:
    PlainSettings settings_;
};

} // namespace ikescope::replay::ikev2
