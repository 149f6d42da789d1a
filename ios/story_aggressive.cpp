// Aggressive Mode told step by step: the ID stands in AM1, so the responder knows profile and key before it answers,
// and keys by host name count. The initiator is the first to see whether the keys agree: HASH_R in AM2 [RFC 2409 5.4].
// States as in published IOS debug output.

#include "ios/story.hpp"

#include <fmt/format.h>

namespace ikescope::ios {
namespace {

class Aggressive final : public Telling {
public:
    Aggressive(const Router& initiator, const Router& responder, const Ikev1Decision& decision)
        : Telling(initiator, responder, decision) {}

private:
    static const Moment<Aggressive> moments[8];
    void moment(std::string_view message, bool at_initiator, bool sends) override {
        tell_moment(*this, moments, message, at_initiator, sends);
    }
    void conversation() override {
        am1_sent();
        if (!d_.initiator_key || (unpredictable() && !d_.policy)) return;
        am1_received();
        if (stops_at_am1() || unpredictable()) return;
        am2_sent();
        am2_received();
        if (d_.verdict.outcome == Outcome::phase1_failed) return;
        am3_sent();
        am3_received();
        quick_mode();
    }

    void am1_sent() {
        auto& s = step("AM1", i_, true,
                       "asks for an SA, sends its key share and says who it is in the clear: " + d_.initiator_id.text);
        if (!begins(s)) return;
        nat_t_vendors(s, i_);
        identity(s, i_, d_.initiator_id);
        move(s, i_, "IKE_MESG_FROM_IPSEC, IKE_SA_REQ_AM", "IKE_READY", "IKE_I_AM1");
        say(s, i_, Say::begin_aggressive);
        send(s, i_, "AG_INIT_EXCH");
    }

    /// Silence, or the refusal of the offers.
    bool stops_at_am1() const {
        return d_.verdict.finding == "no-response" || !d_.policy || (psk() && !d_.responder_key);
    }

    void am1_received() {
        auto& s = step("AM1", r_, false, "");
        say(s, r_, Say::received, [](LogFacts& f) { f.state = "AG_NO_STATE"; });
        if (d_.verdict.finding == "no-response") {
            s.text = "does not answer Aggressive Mode";
            say(s, r_, Say::aggressive_disabled);
            return;
        }
        say(s, r_, Say::process_sa);
        say(s, r_, Say::process_id);
        append(s, log_identity(d_.initiator_id, r_.connection));
        s.log.push_back(log_profile(d_.responder_profile));
        s.profile = d_.responder_profile.name();
        append(s, log_policies(d_.policy, r_.ends, true));
        if (!d_.policy) {
            s.text = "finds no offer equal to one of its policies";
            return;
        }
        choice(s, d_.responder_key);
        s.supported = s.supported && d_.responder_profile.supported;
        if (psk()) search(s, r_, d_.responder_key, static_cast<bool>(d_.responder_profile));
        if (psk() && !d_.responder_key) {
            s.text = "has no key for the peer";
            append(s, log_no_key(r_.ends, false));
            return;
        }
        const auto who = d_.responder_profile ? fmt::format("the ID {} selects {}", d_.initiator_id.text, s.profile)
                                              : fmt::format("no profile matches the ID {}", d_.initiator_id.text);
        s.text = psk() ? fmt::format("{}; the key is {} ({})", who, d_.responder_key.keyring_name(),
                                     rule_text(d_.responder_key.rule))
                       : who;
    }

    void am2_sent() {
        auto& s = step("AM2", r_, true,
                       "takes " + policy_text(*d_.policy.own) + " and proves its key with HASH_R in the clear");
        if (psk()) s.keyring = d_.responder_key.keyring_name();
        s.profile = d_.responder_profile.name();
        r_.connection = first_connection;
        identity(s, r_, d_.responder_id);
        send(s, r_, "AG_INIT_EXCH");
        move(s, r_, "IKE_MESG_FROM_PEER, IKE_AM_EXCH", "IKE_READY", "IKE_R_AM2");
    }

    void am2_received() {
        auto& s = step("AM2", i_, false, "checks HASH_R with its own key");
        if (psk()) s.keyring = d_.initiator_key.keyring_name();
        s.profile = d_.profile_configured ? d_.initiator_profile.name() : d_.initiator_late_profile.name();
        say(s, i_, Say::received, [](LogFacts& f) { f.state = "AG_INIT_EXCH"; });
        say(s, i_, Say::process_sa);
        say(s, i_, Say::process_ke);
        say(s, i_, Say::process_id);
        append(s, log_identity(d_.responder_id, i_.connection));
        say(s, i_, Say::process_nonce);
        i_.connection = first_connection;
        say(s, i_, Say::process_hash);
        if (d_.verdict.finding == "wrong-psk") {
            s.text = "finds that HASH_R is wrong: the other side has another key";
            say(s, i_, Say::aggressive_failure);
            return;
        }
        if (d_.verdict.outcome != Outcome::phase1_failed) authenticated(s, i_);
    }

    void am3_sent() {
        auto& s = step("AM3", i_, true, "proves its key");
        say(s, i_, Say::send_initial_contact);
        send(s, i_, "AG_INIT_EXCH");
        move(s, i_, "IKE_MESG_FROM_PEER, IKE_AM_EXCH", "IKE_I_AM1", "IKE_P1_COMPLETE");
    }

    void am3_received() {
        auto& s = step("AM3", r_, false, "checks HASH_I; phase 1 is complete");
        say(s, r_, Say::received, [](LogFacts& f) { f.state = "AG_INIT_EXCH"; });
        say(s, r_, Say::process_hash);
        authenticated(s, r_);
        move(s, r_, "IKE_MESG_FROM_PEER, IKE_AM_EXCH", "IKE_R_AM2", "IKE_P1_COMPLETE");
    }
};

const Telling::Moment<Aggressive> Aggressive::moments[] = {
    {"AM1", true, true, &Aggressive::am1_sent}, {"AM1", false, false, &Aggressive::am1_received},
    {"AM2", false, true, &Aggressive::am2_sent}, {"AM2", true, false, &Aggressive::am2_received},
    {"AM3", true, true, &Aggressive::am3_sent}, {"AM3", false, false, &Aggressive::am3_received},
    {"QM1", true, true, &Aggressive::qm1_sent}, {"QM1", false, false, &Aggressive::qm1_received},
};

} // namespace

std::unique_ptr<Telling> aggressive_mode_told(const Router& initiator, const Router& responder, const Ikev1Decision& decision) {
    return std::make_unique<Aggressive>(initiator, responder, decision);
}

} // namespace ikescope::ios
