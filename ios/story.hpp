#pragma once
// Telling a prediction step by step: what the stories of Main, Aggressive and Quick Mode share. Internal to ios.

#include "ios/decision.hpp"

#include <memory>

namespace ikescope::ios {

inline constexpr unsigned first_connection = 1001; // IOS numbers from here once keys exist; 0 before

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

/// A conversation being told: as a whole, or step by step while it happens.
class Telling {
public:
    virtual ~Telling() = default;
    Telling(const Telling&) = delete;
    Telling& operator=(const Telling&) = delete;

    Prediction tell();
    /// What one end logs at one message; nothing where it has nothing to say.
    LogLines tell(std::string_view message, bool at_initiator, bool sends);
    void name_message(std::uint32_t id) { message_id_ = std::to_string(id); }

protected:
    Telling(const Router& initiator, const Router& responder, const Ikev1Decision& decision)
        : d_(decision), i_{initiator, decision.way.initiator, true}, r_{responder, decision.way.responder, false} {
        out_.initiator = initiator.name;
        out_.responder = responder.name;
        out_.outcome = decision.verdict.outcome;
        out_.finding = decision.verdict.finding;
        out_.failing_router = decision.verdict.router;
        out_.causes = decision.verdict.causes;
        out_.sentence = decision.verdict.sentence;
    }

    /// One end's part of one message, by the function of `T` that tells it.
    template <class T>
    struct Moment {
        std::string_view message;
        bool at_initiator, sends;
        void (T::*tell)();
    };
    template <class T, std::size_t n>
    static void tell_moment(T& telling, const Moment<T> (&moments)[n], std::string_view message, bool at_initiator, bool sends) {
        for (const auto& moment : moments)
            if (moment.message == message && moment.at_initiator == at_initiator && moment.sends == sends) (telling.*moment.tell)();
    }
    virtual void conversation() = 0;
    virtual void moment(std::string_view message, bool at_initiator, bool sends) = 0;

    bool stops(std::string_view finding, const Voice& at) const {
        return d_.verdict.finding == finding && d_.verdict.router == at.router.name;
    }
    bool unpredictable() const { return d_.verdict.outcome == Outcome::unpredictable; }
    bool psk() const { return !d_.policy || d_.policy.own->authentication == "pre-share"; }

    /// From QM1 to QM3, as far as the decision goes.
    void quick_mode();
    void qm1_sent();
    void qm1_received();

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
    static void receive(Step& s, const Voice& voice, std::string_view state, std::string_view from,
                        std::string_view to) {
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
        for (const auto what : {Say::nat_payload, Say::nat_his_hash, Say::nat_payload, Say::nat_none})
            say(s, voice, what);
    }
    void identity(Step& s, const Voice& voice, const Identity& id) const;
    static void authenticated(Step& s, const Voice& voice);
    void request(Step& s) const;
    /// The request of the tunnel, the profile, the search for the key, and `No pre-shared key` when it fails; true when
    /// there is a key.
    bool begins(Step& s);
    static void nat_t_vendors(Step& s, const Voice& voice);

    const Ikev1Decision& d_;
    Prediction out_;
    Voice i_, r_;
    std::string message_id_ = "<message ID>"; ///< of Quick Mode; a prediction cannot know it
};

/// All three must live as long as what is made.
std::unique_ptr<Telling> main_mode_told(const Router& initiator, const Router& responder, const Ikev1Decision& decision);
/// Aggressive Mode: three messages, the ID in the first one.
std::unique_ptr<Telling> aggressive_mode_told(const Router& initiator, const Router& responder, const Ikev1Decision& decision);

} // namespace ikescope::ios
