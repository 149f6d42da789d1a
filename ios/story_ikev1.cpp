// IKEv1 told step by step: what each router does with each message of Main Mode and Quick Mode, and what it logs.
// Order of the lines: Cisco document on ISAKMP profiles and keyrings (IOS 15.3T), both levels of debug together.

#include "ios/decision.hpp"
#include "ios/narrator.hpp"

#include <fmt/format.h>

namespace ikescope::ios {
namespace {

constexpr unsigned first_connection = 1001; // IOS numbers from here once keys exist; 0 before

/// One router's voice: its facts for the log lines and its side of the conversation.
struct Voice {
    const Router& router;
    Ends ends;
    bool initiator;
    unsigned connection = 0;

    LogFacts facts() const {
        LogFacts f;
        f.connection = connection;
        f.initiator = initiator;
        f.peer = ends.peer.text();
        f.local = ends.local.text();
        return f;
    }
};

class Story {
public:
    Story(const Router& initiator, const Router& responder, const Ikev1Decision& decision)
        : d_(decision), i_{initiator, decision.way.initiator, true}, r_{responder, decision.way.responder, false} {
        out_.initiator = initiator.name;
        out_.responder = responder.name;
        out_.outcome = decision.verdict.outcome;
        out_.finding = decision.verdict.finding;
        out_.failing_router = decision.verdict.router;
        out_.causes = decision.verdict.causes;
        out_.sentence = decision.verdict.sentence;
    }

    Prediction tell() {
        if (d_.way.problem.empty()) main_mode();
        return std::move(out_);
    }

    /// One step of a conversation that goes on elsewhere: what this end logs.
    LogLines tell(std::string_view message, bool at_initiator, bool sends) {
        for (const auto& moment : moments) {
            if (moment.message != message || moment.at_initiator != at_initiator || moment.sends != sends) continue;
            out_.steps.clear();
            (this->*moment.tell)();
            LogLines lines;
            for (auto& each : out_.steps) append(lines, std::move(each.log));
            return lines;
        }
        return {};
    }
    void name_message(std::uint32_t id) { message_id_ = std::to_string(id); }

private:
    struct Moment {
        std::string_view message;
        bool at_initiator, sends;
        void (Story::*tell)();
    };
    static const Moment moments[14];

    // --- the conversation; it ends where the decision says so

    void main_mode() {
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
    bool stops(std::string_view finding, const Voice& at) const { return d_.verdict.finding == finding && d_.verdict.router == at.router.name; }
    bool unpredictable() const { return d_.verdict.outcome == Outcome::unpredictable; }
    bool psk() const { return !d_.policy || d_.policy.own->authentication == "pre-share"; }

    void mm1_sent() {
        auto& s = step("MM1", i_, true, "asks for an SA and offers its policies");
        choice(s, d_.initiator_key);
        s.profile = d_.initiator_profile.name();
        request(s);
        say(s, i_, Say::sa_request_profile, [&](LogFacts& f) { f.profile = d_.initiator_profile ? d_.initiator_profile.name() : "(NULL)"; });
        say(s, i_, Say::no_aggressive);
        search(s, i_, d_.initiator_key, d_.profile_configured);
        if (!d_.initiator_key) {
            append(s, log_no_key(i_.ends, true));
            if (stops("no-key-for-peer", i_)) {
                s.sends = false;
                s.text = "has no key for the peer and sends nothing";
            }
            return;
        }
        for (const auto* draft : {"rfc3947", "07", "03", "02"}) say(s, i_, Say::construct_nat_t, [&](LogFacts& f) { f.name = draft; });
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

    void quick_mode() {
        qm1_sent();
        if (d_.responder_paths.empty() && d_.verdict.outcome == Outcome::up) return;
        qm1_received();
        if (unpredictable() || d_.verdict.outcome == Outcome::phase2_failed) return;
        step("QM2", r_, true, "takes the IPsec SA");
        step("QM3", i_, true, "confirms");
    }

    void qm1_sent() {
        auto& s = step("QM1", i_, true, "asks for an IPsec SA");
        say(s, i_, Say::begin_quick_mode, [&](LogFacts& f) { f.name = message_id_; });
    }

    void qm1_received() {
        auto& s = step("QM1", r_, false, d_.phase2.sentence);
        s.profile = d_.responder_profile.name();
        if (unpredictable()) return;
        if (d_.verdict.outcome == Outcome::phase2_failed) return append(s, log_phase2_refused(d_.phase2, d_.way.asking, r_.ends, r_.connection));
        say(s, r_, Say::checking_ipsec, [](LogFacts& f) { f.number = 1; });
        say(s, r_, Say::ipsec_acceptable);
    }

    // --- what recurs

    Step& step(std::string_view message, const Voice& voice, bool sends, std::string text) {
        Step s;
        s.message = std::string(message);
        s.router = voice.router.name;
        s.sends = sends;
        s.text = std::move(text);
        out_.steps.push_back(std::move(s));
        return out_.steps.back();
    }
    static void choice(Step& s, const KeyChoice& key) {
        s.keyring = key.keyring_name();
        s.key_rule = rule_text(key.rule);
        s.supported = key.supported;
    }
    static void append(LogLines& to, LogLines lines) {
        for (auto& line : lines) to.push_back(std::move(line));
    }
    static void append(Step& s, LogLines lines) { append(s.log, std::move(lines)); }
    static void search(Step& s, const Voice& voice, const KeyChoice& key, bool profile_known) {
        append(s, log_key_search(key, voice.ends, !profile_known, profile_known, voice.connection));
    }
    static void say(Step& s, const Voice& voice, Say what) { s.log.push_back(log_line(what, voice.facts())); }
    template <class Fill>
    static void say(Step& s, const Voice& voice, Say what, Fill fill) {
        auto f = voice.facts();
        fill(f);
        s.log.push_back(log_line(what, f));
    }
    static void move(Step& s, const Voice& voice, std::string_view input, std::string_view from, std::string_view to) {
        const auto comma = input.find(", ");
        say(s, voice, Say::input_state, [&](LogFacts& f) {
            f.input = std::string(input.substr(0, comma));
            f.event = std::string(input.substr(comma + 2));
        });
        say(s, voice, Say::old_new_state, [&](LogFacts& f) {
            f.state = std::string(from);
            f.new_state = std::string(to);
        });
    }
    static void send(Step& s, const Voice& voice, std::string_view state, bool announce = true) {
        say(s, voice, Say::sending, [&](LogFacts& f) { f.state = std::string(state); });
        if (announce) say(s, voice, Say::sending_ipv4);
    }
    static void receive(Step& s, const Voice& voice, std::string_view state, std::string_view from, std::string_view to) {
        say(s, voice, Say::received, [&](LogFacts& f) { f.state = std::string(state); });
        move(s, voice, "IKE_MESG_FROM_PEER, IKE_MM_EXCH", from, to);
    }
    static void vendor(Step& s, const Voice& voice, Say what) {
        say(s, voice, Say::process_vendor);
        say(s, voice, what);
    }
    static void vendor_rfc3947(Step& s, const Voice& voice) {
        constexpr std::uint64_t octet_14_of_rfc3947 = 69; // the "major" is that octet of the vendor ID
        say(s, voice, Say::process_vendor);
        say(s, voice, Say::vendor_major, [](LogFacts& f) { f.number = octet_14_of_rfc3947; });
        say(s, voice, Say::vendor_rfc3947);
    }
    static void vendors(Step& s, const Voice& voice, bool unity) {
        if (unity) vendor(s, voice, Say::vendor_unity);
        vendor(s, voice, Say::vendor_dpd);
        vendor(s, voice, Say::vendor_ios);
        if (!unity) vendor(s, voice, Say::vendor_xauth);
        for (const auto what : {Say::nat_payload, Say::nat_his_hash, Say::nat_payload, Say::nat_none}) say(s, voice, what);
        if (!unity) move(s, voice, "IKE_MESG_INTERNAL, IKE_PROCESS_MAIN_MODE", "IKE_R_MM3", "IKE_R_MM3");
    }
    void identity(Step& s, const Voice& voice, const Identity& id) const {
        if (psk()) say(s, voice, Say::doing_psk, [&](LogFacts& f) { f.name = id.type_name(); });
        append(s, log_identity(id, voice.connection));
        say(s, voice, Say::total_length, [&](LogFacts& f) { f.number = 8 + (id.address.empty() ? id.text.size() : id.address.bits() / 8); });
    }
    static void authenticated(Step& s, const Voice& voice) {
        for (const auto what : {Say::authentication_status, Say::authenticated, Say::authenticated_with}) say(s, voice, what);
        if (voice.initiator) return;
        for (const auto what : {Say::authentication_status, Say::authenticated}) say(s, voice, what);
    }
    void request(Step& s) const {
        if (d_.way.asking.proxies.empty()) return;
        append(s, log_request(d_.way.asking, i_.router));
    }

    const Ikev1Decision& d_;
    Prediction out_;
    Voice i_, r_;
    std::string message_id_ = "<message ID>"; ///< of Quick Mode; a prediction cannot know it
};

const Story::Moment Story::moments[] = {
    {"MM1", true, true, &Story::mm1_sent},       {"MM1", false, false, &Story::mm1_received}, {"MM2", false, true, &Story::mm2_sent},
    {"MM2", true, false, &Story::mm2_received},  {"MM3", true, true, &Story::mm3_sent},       {"MM3", false, false, &Story::mm3_received},
    {"MM4", false, true, &Story::mm4_sent},      {"MM4", true, false, &Story::mm4_received},  {"MM5", true, true, &Story::mm5_sent},
    {"MM5", false, false, &Story::mm5_received}, {"MM6", false, true, &Story::mm6_sent},      {"MM6", true, false, &Story::mm6_received},
    {"QM1", true, true, &Story::qm1_sent},       {"QM1", false, false, &Story::qm1_received},
};

} // namespace

struct Ikev1Narrator::Told {
    Story story;
};
Ikev1Narrator::Ikev1Narrator(const Router& initiator, const Router& responder, const Ikev1Decision& decision)
    : told_(std::make_unique<Told>(Told{Story(initiator, responder, decision)})) {}
Ikev1Narrator::~Ikev1Narrator() = default;
LogLines Ikev1Narrator::tell(std::string_view message, bool at_initiator, bool sends) { return told_->story.tell(message, at_initiator, sends); }
void Ikev1Narrator::name_message(std::uint32_t id) { told_->story.name_message(id); }

Prediction predict_ikev1(const Router& initiator, const Router& responder, Way way) {
    const auto decision = decide_ikev1(initiator, responder, std::move(way));
    return Story(initiator, responder, decision).tell();
}

} // namespace ikescope::ios
