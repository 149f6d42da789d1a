#pragma once
// Wording that several rules share: lines of a configuration, keys by their origin, what the router computes.

#include "diagnose/material.hpp"
#include "diagnose/story.hpp"
#include "ios/advice.hpp"
#include "ios/log_lines.hpp"

namespace ikescope::diagnose {

/// `R1 line 5: pre-shared-key address 192.168.0.2 key ****`
std::string config_line(const ios::Router& router, const ios::Line& line);
/// "keyring1 (R1 line 5, 192.168.0.2/32)"
std::string key_place(const ios::Router& router, const ios::Keyring& keyring, const ios::KeyEntry& entry);

/// The ID that the initiator sends, as far as it is known, and how it is known.
struct KnownIdentity {
    ios::Identity identity;
    bool proved = false; ///< read in the opened message; otherwise from the configuration or assumed
    std::string how;     ///< "ID in MM5 (frame 5)"
};
KnownIdentity initiator_identity(const Case& at);

/// The key the initiator uses according to its configuration, if that is known.
std::optional<ios::KeyChoice> configured_initiator_key(const Case& at);
/// What the responder's configuration picks: by the address in Main Mode, by the ID in AM1 in Aggressive Mode. Nothing when
/// there is no configuration; a choice without entry when it has no key.
std::optional<ios::KeyChoice> configured_responder_key(const Case& at);

/// Does the key of that entry open the initiator's messages? From the capture, otherwise by comparing configurations.
struct KeyFit {
    session::Proof fits = session::Proof::unknown;
    bool proved = false; ///< by the capture
};
KeyFit initiator_used(const Case& at, const ios::KeyEntry& entry);

/// The words and the snippet in one text; the snippet begins on a line of its own.
std::string advice_text(const ios::Advice& advice);

/// Adds "proved: …" or "predicted: …" to a list of evidence.
void prove(std::vector<std::string>& evidence, std::string sentence);
void predict(std::vector<std::string>& evidence, std::string sentence);

/// One sentence about the waiting: "MM5 (frame 5) was sent 5 more times (frames 6 to 10, 10.0 s apart); …".
std::string waiting_sentence(const Case& at, const Waiting& waiting);

/// "Payload length: 8 bytes wanted, 4 there"
std::string malformation_words(const Malformation& bad);
/// "frame 5 (MM5), offset 60 of the frame: Payload length: 8 bytes wanted, 4 there"
std::string malformation_text(const Malformation& bad);

/// The lines an initiator prints while it repeats a phase 1 message.
ios::LogLines log_retransmitting(const Case& at, const Waiting& waiting);

} // namespace ikescope::diagnose
