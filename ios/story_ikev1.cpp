// IKEv1 told step by step: what each router does with each message of Main Mode and Quick Mode, and what it logs.
// Order of the lines: Cisco document on ISAKMP profiles and keyrings (IOS 15.3T), both levels of debug together.

#include "ios/narrator.hpp"
#include "ios/story.hpp"

#include <fmt/format.h>

namespace ikescope::ios {
namespace {

class Story final : public Telling {
public:
    Story(const Router& initiator, const Router& responder, const Ikev1Decision& decision)
        : Telling(initiator, responder, decision) {}

private:
    static const Moment<Story> moments[14];
    void moment(std::string_view message, bool at_initiator, bool sends) override {
        tell_moment(*this, moments, message, at_initiator, sends);
    }

    // --- the conversation; it ends where the decision says so

    void conversation() override {
        mm1_sent();
        if (stops("no-key-for-peer", i_) || (unpredictable() && !d_.policy)) return;
        mm1_received();
        if (d_.verdict.finding == "no-proposal-chosen" || unpredictable()) return;
        mm2_sent();
        mm2_received();
        mm3_sent();
        mm3_received();
        if (stops("no-key-for-peer", r_)) return;
        mm4_sent();
        mm4_received();
        mm5_sent();
        mm5_received();
        if (d_.verdict.outcome == Outcome::phase1_failed) return mm5_repeated();
        mm6_sent();
        mm6_received();
        quick_mode();
    }
    void mm1_sent() {
        auto& s = step("MM1", i_, true, "asks for an SA and offers its policies");
        if (!begins(s)) return;
        nat_t_vendors(s, i_);
        move(s, i_, "IKE_MESG_FROM_IPSEC, IKE_SA_REQ_MM", "IKE_READY", "IKE_I_MM1");
        say(s, i_, Say::begin_main_mode);
        send(s, i_, "MM_NO_STATE");
    }

    void mm1_received() {
        auto& s = step("MM1", r_, false, "compares the offers with its own policies");
        receive(s, r_, "MM_NO_STATE", "IKE_READY", "IKE_R_MM1");
        say(s, r_, Say::process_sa);
        vendor_rfc3947(s, r_);
        if (d_.responder_key) say(s, r_, Say::local_key_found);
        append(s, log_policies(d_.policy, r_.ends));
        if (!d_.policy) s.text = "finds no offer equal to one of its policies";
    }

    void mm2_sent() {
        auto& s = step("MM2", r_, true, "takes " + policy_text(*d_.policy.own));
        move(s, r_, "IKE_MESG_INTERNAL, IKE_PROCESS_MAIN_MODE", "IKE_R_MM1", "IKE_R_MM1");
        send(s, r_, "MM_SA_SETUP");
        move(s, r_, "IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE", "IKE_R_MM1", "IKE_R_MM2");
    }

    void mm2_received() {
        auto& s = step("MM2", i_, false, "checks the policy that was taken");
        receive(s, i_, "MM_NO_STATE", "IKE_I_MM1", "IKE_I_MM2");
        say(s, i_, Say::process_sa);
        vendor_rfc3947(s, i_);
        if (psk()) {
            search(s, i_, d_.initiator_key, d_.profile_configured);
            say(s, i_, Say::local_key_found);
        }
        if (d_.initiator_profile) say(s, i_, Say::looking_for_xauth, [&](LogFacts& f) { f.profile = d_.initiator_profile.name(); });
        append(s, log_policies({d_.policy.offer, d_.policy.own, {d_.policy.tried.back()}}, i_.ends));
        vendor_rfc3947(s, i_);
    }

    void mm3_sent() {
        auto& s = step("MM3", i_, true, psk() ? "sends its key share; it knows which key it will use" : "sends its key share");
        if (psk()) choice(s, d_.initiator_key);
        s.profile = d_.initiator_profile.name();
        move(s, i_, "IKE_MESG_INTERNAL, IKE_PROCESS_MAIN_MODE", "IKE_I_MM2", "IKE_I_MM2");
        send(s, i_, "MM_SA_SETUP", false);
        move(s, i_, "IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE", "IKE_I_MM2", "IKE_I_MM3");
    }

    void mm3_received() {
        auto& s = step("MM3", r_, false, "");
        receive(s, r_, "MM_SA_SETUP", "IKE_R_MM2", "IKE_R_MM3");
        say(s, r_, Say::process_ke);
        say(s, r_, Say::process_nonce);
        if (!psk()) s.text = "certificates need no key before the ID is known";
        else if (!d_.responder_key) {
            s.text = "has no key for the peer";
            s.key_rule = rule_text(KeyRule::none);
            search(s, r_, d_.responder_key, false);
            append(s, log_no_key(r_.ends, false));
            return;
        } else {
            s.text = fmt::format("must pick a key now and knows only the address: {} ({})", d_.responder_key.keyring_name(), rule_text(d_.responder_key.rule));
            choice(s, d_.responder_key);
            search(s, r_, d_.responder_key, false);
        }
        r_.connection = first_connection;
        vendors(s, r_, false);
    }

    void mm4_sent() {
        auto& s = step("MM4", r_, true, "sends its key share; the picked key is now part of SKEYID");
        if (psk()) choice(s, d_.responder_key);
        move(s, r_, "IKE_MESG_INTERNAL, IKE_PROCESS_MAIN_MODE", "IKE_R_MM3", "IKE_R_MM3");
        send(s, r_, "MM_KEY_EXCH");
        move(s, r_, "IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE", "IKE_R_MM3", "IKE_R_MM4");
    }

    void mm4_received() {
        auto& s = step("MM4", i_, false, "computes its keys");
        receive(s, i_, "MM_SA_SETUP", "IKE_I_MM3", "IKE_I_MM4");
        say(s, i_, Say::process_ke);
        say(s, i_, Say::process_nonce);
        if (psk()) search(s, i_, d_.initiator_key, d_.profile_configured);
        i_.connection = first_connection;
        vendors(s, i_, true);
        move(s, i_, "IKE_MESG_INTERNAL, IKE_PROCESS_MAIN_MODE", "IKE_I_MM4", "IKE_I_MM4");
    }

    void mm5_sent() {
        auto& s = step("MM5", i_, true, "says who it is: " + d_.initiator_id.text + ", and proves it");
        if (psk()) choice(s, d_.initiator_key);
        s.profile = d_.initiator_profile.name();
        say(s, i_, Say::send_initial_contact);
        identity(s, i_, d_.initiator_id);
        send(s, i_, "MM_KEY_EXCH", false);
        move(s, i_, "IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE", "IKE_I_MM4", "IKE_I_MM5");
    }

    void mm5_received() {
        auto& s = step("MM5", r_, false, "");
        s.keyring = d_.responder_key.keyring_name();
        say(s, r_, Say::received, [](LogFacts& f) { f.state = "MM_KEY_EXCH"; });
        if (d_.verdict.finding == "wrong-psk") {
            s.text = "opens MM5 with " + s.keyring + " and gets nonsense: reserved not zero on ID payload";
            say(s, r_, Say::reserved_not_zero);
            say(s, r_, Say::bad_message);
            return;
        }
        move(s, r_, "IKE_MESG_FROM_PEER, IKE_MM_EXCH", "IKE_R_MM4", "IKE_R_MM5");
        s.profile = d_.responder_profile.name();
        s.supported = d_.responder_profile.supported;
        s.text = d_.responder_profile ? fmt::format("the ID {} selects {} ({}); {}", d_.initiator_id.text, s.profile, rule_text(d_.responder_profile.rule), d_.check.rule)
                                      : "no profile matches the ID " + d_.initiator_id.text + "; phase 1 goes on with the global configuration";
        if (d_.verdict.finding == "keyring-mismatch") {
            s.key_rule = d_.check.rule;
            return append(s, log_keyring_mismatch(d_.initiator_id, d_.responder_profile, d_.check, r_.ends, r_.connection));
        }
        say(s, r_, Say::process_id);
        append(s, log_identity(d_.initiator_id, r_.connection));
        s.log.push_back(log_profile(d_.responder_profile));
        if (psk() && d_.responder_profile) {
            const auto again = ikev1_key_of_profile(r_.router, d_.responder_profile.profile, r_.ends);
            append(s, log_key_search(again, r_.ends, true, true));
            append(s, log_key_search(again, r_.ends, false, true, r_.connection));
        }
        if (d_.verdict.finding == "trust-point-mismatch") return;
        say(s, r_, Say::process_hash);
        say(s, r_, Say::initial_contact);
        authenticated(s, r_);
    }

    void mm5_repeated() {
        if (d_.verdict.finding == "trust-point-mismatch") return;
        auto& s = step("MM5", i_, true, "gets no MM6 and repeats MM5 until it gives up");
        say(s, i_, Say::retransmitting, [](LogFacts& f) { f.state = "MM_KEY_EXCH"; });
        say(s, i_, Say::death_by_retransmission, [](LogFacts& f) { f.state = "MM_KEY_EXCH"; });
    }

    void mm6_sent() {
        auto& s = step("MM6", r_, true, "answers with its own ID " + d_.responder_id.text);
        s.keyring = d_.responder_key.keyring_name();
        s.profile = d_.responder_profile.name();
        identity(s, r_, d_.responder_id);
        send(s, r_, "MM_KEY_EXCH");
        move(s, r_, "IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE", "IKE_R_MM5", "IKE_P1_COMPLETE");
    }

    void mm6_received() {
        auto& s = step("MM6", i_, false, d_.profile_configured ? "does not match profiles again: its own was certain from the start" : "matches the ID against its profiles");
        s.profile = d_.profile_configured ? d_.initiator_profile.name() : d_.initiator_late_profile.name();
        s.keyring = d_.initiator_key.keyring_name();
        say(s, i_, Say::received, [](LogFacts& f) { f.state = "MM_KEY_EXCH"; });
        say(s, i_, Say::process_id);
        append(s, log_identity(d_.responder_id, i_.connection));
        if (!d_.profile_configured) s.log.push_back(log_profile(d_.initiator_late_profile));
        say(s, i_, Say::process_hash);
        authenticated(s, i_);
        move(s, i_, "IKE_MESG_FROM_PEER, IKE_MM_EXCH", "IKE_I_MM5", "IKE_I_MM6");
        move(s, i_, "IKE_MESG_INTERNAL, IKE_PROCESS_MAIN_MODE", "IKE_I_MM6", "IKE_I_MM6");
        move(s, i_, "IKE_MESG_INTERNAL, IKE_PROCESS_COMPLETE", "IKE_I_MM6", "IKE_P1_COMPLETE");
    }
};

const Telling::Moment<Story> Story::moments[] = {
    {"MM1", true, true, &Story::mm1_sent},       {"MM1", false, false, &Story::mm1_received}, {"MM2", false, true, &Story::mm2_sent},
    {"MM2", true, false, &Story::mm2_received},  {"MM3", true, true, &Story::mm3_sent},       {"MM3", false, false, &Story::mm3_received},
    {"MM4", false, true, &Story::mm4_sent},      {"MM4", true, false, &Story::mm4_received},  {"MM5", true, true, &Story::mm5_sent},
    {"MM5", false, false, &Story::mm5_received}, {"MM6", false, true, &Story::mm6_sent},      {"MM6", true, false, &Story::mm6_received},
    {"QM1", true, true, &Story::qm1_sent},       {"QM1", false, false, &Story::qm1_received},
};

} // namespace

std::unique_ptr<Telling> main_mode_told(const Router& initiator, const Router& responder, const Ikev1Decision& decision) {
    return std::make_unique<Story>(initiator, responder, decision);
}

Ikev1Narrator::Ikev1Narrator(const Router& initiator, const Router& responder, const Ikev1Decision& decision)
    : initiator_(initiator), responder_(responder), decision_(decision) {}
Ikev1Narrator::~Ikev1Narrator() = default;
LogLines Ikev1Narrator::tell(std::string_view message, bool at_initiator, bool sends) {
    return telling().tell(message, at_initiator, sends);
}
void Ikev1Narrator::name_message(std::uint32_t id) { telling().name_message(id); }

/// The first message tells the mode.
Telling& Ikev1Narrator::telling() {
    const auto make = decision_.aggressive ? aggressive_mode_told : main_mode_told;
    if (!told_) told_ = make(initiator_, responder_, decision_);
    return *told_;
}

Prediction predict_ikev1(const Router& initiator, const Router& responder, Way way) {
    const auto decision = decide_ikev1(initiator, responder, std::move(way));
    return (decision.aggressive ? aggressive_mode_told : main_mode_told)(initiator, responder, decision)->tell();
}

} // namespace ikescope::ios
