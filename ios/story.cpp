// What Main and Aggressive Mode tell alike: the request, identities, Quick Mode.

#include "ios/story.hpp"

#include <fmt/format.h>

namespace ikescope::ios {

Prediction Telling::tell() {
    if (d_.way.problem.empty()) conversation();
    return std::move(out_);
}
LogLines Telling::tell(std::string_view message, bool at_initiator, bool sends) {
    out_.steps.clear();
    moment(message, at_initiator, sends);
    LogLines lines;
    for (auto& each : out_.steps) append(lines, std::move(each.log));
    return lines;
}

void Telling::identity(Step& s, const Voice& voice, const Identity& id) const {
    if (psk()) say(s, voice, Say::doing_psk, [&](LogFacts& f) { f.name = id.type_name(); });
    append(s, log_identity(id, voice.connection));
    say(s, voice, Say::total_length,
        [&](LogFacts& f) { f.number = 8 + (id.address.empty() ? id.text.size() : id.address.bits() / 8); });
}
void Telling::authenticated(Step& s, const Voice& voice) {
    for (const auto what : {Say::authentication_status, Say::authenticated, Say::authenticated_with})
        say(s, voice, what);
    if (voice.initiator) return;
    for (const auto what : {Say::authentication_status, Say::authenticated}) say(s, voice, what);
}
void Telling::request(Step& s) const {
    if (d_.way.asking.proxies.empty()) return;
    append(s, log_request(d_.way.asking, i_.router));
}

void Telling::nat_t_vendors(Step& s, const Voice& voice) {
    for (const auto* draft : {"rfc3947", "07", "03", "02"})
        say(s, voice, Say::construct_nat_t, [&](LogFacts& f) { f.name = draft; });
}

bool Telling::begins(Step& s) {
    choice(s, d_.initiator_key);
    s.profile = d_.initiator_profile.name();
    request(s);
    say(s, i_, Say::sa_request_profile,
        [&](LogFacts& f) { f.profile = d_.initiator_profile ? d_.initiator_profile.name() : "(NULL)"; });
    if (!d_.aggressive) say(s, i_, Say::no_aggressive);
    search(s, i_, d_.initiator_key, d_.profile_configured);
    if (d_.initiator_key) return true;
    append(s, log_no_key(i_.ends, true));
    if (stops("no-key-for-peer", i_)) {
        s.sends = false;
        s.text = "has no key for the peer and sends nothing";
    }
    return false;
}

void Telling::quick_mode() {
    qm1_sent();
    if (d_.responder_paths.empty() && d_.verdict.outcome == Outcome::up) return;
    qm1_received();
    if (unpredictable() || d_.verdict.outcome == Outcome::phase2_failed) return;
    step("QM2", r_, true, "takes the IPsec SA");
    step("QM3", i_, true, "confirms");
}

void Telling::qm1_sent() {
    auto& s = step("QM1", i_, true, "asks for an IPsec SA");
    say(s, i_, Say::begin_quick_mode, [&](LogFacts& f) { f.name = message_id_; });
}

void Telling::qm1_received() {
    auto& s = step("QM1", r_, false, d_.phase2.sentence);
    s.profile = d_.responder_profile.name();
    if (unpredictable()) return;
    if (d_.verdict.outcome == Outcome::phase2_failed)
        return append(s, log_phase2_refused(d_.phase2, d_.way.asking, r_.ends, r_.connection));
    say(s, r_, Say::checking_ipsec, [](LogFacts& f) { f.number = 1; });
    say(s, r_, Say::ipsec_acceptable);
}

} // namespace ikescope::ios
