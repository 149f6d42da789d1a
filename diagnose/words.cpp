#include "diagnose/words.hpp"

#include <fmt/format.h>

namespace ikescope::diagnose {

using session::Proof;

namespace {

std::string trimmed(std::string_view text) {
    const auto from = text.find_first_not_of(" \t");
    const auto to = text.find_last_not_of(" \t\r");
    return from == std::string_view::npos ? std::string() : std::string(text.substr(from, to - from + 1));
}

} // namespace

std::string config_line(const ios::Router& router, const ios::Line& line) {
    if (line.number == 0) return fmt::format("{} (built in): {}", router.name, trimmed(line.text));
    return fmt::format("{} line {}: {}", router.name, line.number, trimmed(line.text));
}

std::string key_place(const ios::Router& router, const ios::Keyring& keyring, const ios::KeyEntry& entry) {
    return fmt::format("{} ({} line {}, {})", keyring.name, router.name, entry.line.number,
                       entry.prefix ? entry.prefix->text() : entry.hostname);
}

KnownIdentity initiator_identity(const Case& at) {
    const auto& sa = at.sa;
    if (sa.identity[0]) {
        const auto* message = find(sa, sa.mode == session::Mode::aggressive ? "AM1" : "MM5");
        return {sa.identity_address[0] ? ios::Identity::of(*sa.identity_address[0])
                                       : ios::Identity::of(sa.identity_type[0], *sa.identity[0]),
                true, message ? fmt::format("the ID in {} (frame {})", message->label, message->frame) : "its ID"};
    }
    if (const auto* router = at.at(Side::initiator)) {
        const auto paths = ios::paths_to(*router, sa.responder.address);
        const auto profile = paths.empty() ? ios::ProfileChoice{} : ios::ikev1_initiator_profile(*router, paths.front());
        return {ios::ikev1_initiator_identity(*router, profile.profile, at.ends(Side::initiator)), false,
                "the ID that " + router->name + " sends by its configuration"};
    }
    return {ios::Identity::of(sa.initiator.address), false, "the ID, taken to be the initiator's address,"};
}

std::optional<ios::KeyChoice> configured_initiator_key(const Case& at) {
    const auto* router = at.at(Side::initiator);
    if (!router) return std::nullopt;
    const auto paths = ios::paths_to(*router, at.sa.responder.address);
    auto choice = paths.empty() ? ios::ikev1_key_by_address(*router, at.ends(Side::initiator))
                                : ios::ikev1_initiator_key(*router, paths.front());
    if (!choice) return std::nullopt;
    return choice;
}

std::optional<ios::KeyChoice> configured_responder_key(const Case& at) {
    const auto* router = at.at(Side::responder);
    if (!router) return std::nullopt;
    const auto ends = at.ends(Side::responder);
    if (at.sa.mode != session::Mode::aggressive) return ios::ikev1_key_by_address(*router, ends);
    const auto identity = initiator_identity(at).identity;
    const auto profile = ios::ikev1_profile_by_identity(*router, identity, ends.vrf);
    return ios::ikev1_key_by_identity(*router, profile.profile, identity, ends);
}

KeyFit initiator_used(const Case& at, const ios::KeyEntry& entry) {
    if (!entry.key.usable()) return {};
    const auto tried = at.try_psk(Side::initiator, entry.key.key.reveal());
    if (tried != Proof::unknown) return {tried, true};
    const auto configured = configured_initiator_key(at);
    if (!configured || !configured->entry->key.usable()) return {};
    return {configured->entry->key.key == entry.key.key ? Proof::verified : Proof::failed, false};
}

std::string advice_text(const ios::Advice& advice) {
    return advice.snippet.empty() ? advice.text : advice.text + "\n" + advice.snippet;
}

void prove(std::vector<std::string>& evidence, std::string sentence) { evidence.push_back("proved: " + std::move(sentence)); }
void predict(std::vector<std::string>& evidence, std::string sentence) {
    evidence.push_back("predicted: " + std::move(sentence));
}

std::string waiting_sentence(const Case& at, const Waiting& waiting) {
    const auto from = waiting.first->from;
    auto text = fmt::format("{} (frame {})", waiting.first->label, waiting.first->frame);
    if (waiting.copies.empty()) {
        text += " is the last message of the exchange";
    } else {
        const auto frames = waiting.frames();
        text += fmt::format(" was sent {} more time{} ({}, {})", waiting.copies.size(), waiting.copies.size() == 1 ? "" : "s",
                            frames_text(std::span(frames).subspan(1)), waiting.rhythm());
    }
    if (waiting.replies.empty()) return text + fmt::format("; {} sent nothing after it", at.role(other(from)));
    std::vector<std::uint64_t> replies;
    for (const auto* reply : waiting.replies) replies.push_back(reply->frame);
    return text + fmt::format("; what {} sent meanwhile ({}) is no answer to it", at.role(other(from)), frames_text(replies));
}

ios::LogLines log_retransmitting(const Case& at, const Waiting& waiting) {
    ios::LogFacts facts;
    facts.initiator = waiting.first->from == Side::initiator;
    facts.peer = at.endpoint(other(waiting.first->from)).address.text();
    facts.local = at.endpoint(waiting.first->from).address.text();
    facts.state = session::ios_state(at.sa.stage);
    ios::LogLines lines{ios::log_line(ios::Say::retransmitting, facts)};
    if (waiting.copies.size() >= 5) lines.push_back(ios::log_line(ios::Say::death_by_retransmission, facts));
    return lines;
}

} // namespace ikescope::diagnose
