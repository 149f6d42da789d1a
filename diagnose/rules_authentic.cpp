// auth-failed for single messages and packets: their HASH or ICV is wrong while the same keys open the others.

#include "diagnose/catalogue.hpp"
#include "diagnose/words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose::rules {

using session::MessageRecord;
using session::Proof;
using session::Version;

namespace {

bool is_phase1(const MessageRecord& message) { return message.exchange <= 4; } // RFC 2408 3.1; auth_failed speaks of these

/// Was another message of the same sender right under these keys? Derived keys are right in both directions when they are in one.
bool keys_are_right(const Case& at, const MessageRecord& wrong) {
    return std::ranges::any_of(at.sa.messages, [&](const auto& message) {
        return message.hash == Proof::verified && (message.from == wrong.from || !at.sa.keys.finished);
    });
}

void judge_messages(const Case& at, Finding& finding) {
    const auto what = at.sa.version == Version::v1 ? "HASH" : "integrity check value";
    for (const auto& message : at.sa.messages) {
        if (message.hash != Proof::failed || (at.sa.version == Version::v1 && is_phase1(message))) continue;
        const bool right = keys_are_right(at, message);
        if (!right && !at.sa.keys.finished) continue;
        finding.frames.push_back(message.frame);
        prove(finding.evidence, fmt::format("frame {}, {} of the {}: its {} is wrong under {}", message.frame, message.label,
                                            session::side_name(message.from), what,
                                            right ? "the keys that open the others" : "the keys that were given for this direction"));
    }
}

/// Packets of ESP that fail beside others of the same SPI that do not. Returns how many.
std::uint64_t judge_esp(const Case& at, Finding& finding) {
    std::uint64_t wrong = 0;
    for (const auto& child : at.sa.children)
        for (const auto& traffic : child.traffic) {
            if (!traffic || traffic->wrong_icv == 0) continue;
            wrong += traffic->wrong_icv;
            const bool by_initiator = &traffic == &child.traffic[0];
            prove(finding.evidence, fmt::format("ESP with SPI {}: the integrity check value of {} of {} packets is wrong", hex(by_initiator ? child.responder_spi : child.initiator_spi),
                                                traffic->wrong_icv, traffic->packets));
        }
    return wrong;
}

} // namespace

std::optional<Finding> not_authentic(const Case& at, Finding finding) {
    judge_messages(at, finding);
    const auto messages = finding.frames.size();
    const auto packets = judge_esp(at, finding);
    if (messages == 0 && packets == 0) return std::nullopt;
    std::vector<std::string> what;
    for (const auto& [count, noun] : {std::pair<std::uint64_t, std::string_view>{messages, "message"}, {packets, "ESP packet"}})
        if (count > 0) what.push_back(fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s"));
    finding.title = fmt::format("{} {} not authentic", fmt::join(what, " and "), messages + packets == 1 ? "is" : "are");
    finding.explanation = "The bytes are not those that were sent: changed on the way, forged, or damaged or cut short by whoever captured them. A "
                          "receiver that gets them like this drops them without a word.";
    if (at.sa.keys.finished)
        finding.explanation += " Where no message of a direction opens, that direction's half of the key set is another SA's or mistyped.";
    finding.advice = "Compare with a capture at the other end. Nothing in these messages is to be believed; what is shown of them says so.";
    return finding;
}

} // namespace ikescope::diagnose::rules
