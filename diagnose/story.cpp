#include "diagnose/story.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose {

using session::Mode;
using session::Stage;

namespace {

/// Messages that expect an answer, and which. MM6, AM3, QM3 and responses end something; Informational exchanges prove nothing.
/// IKE_SA_INIT has no answer here, for one with the same message id may belong to an earlier attempt.
struct Expectation {
    std::string_view question, answer;
};
constexpr Expectation expecting[] = {
    {"MM1", "MM2"}, {"MM2", "MM3"}, {"MM3", "MM4"}, {"MM4", "MM5"}, {"MM5", "MM6"}, {"AM1", "AM2"}, {"AM2", "AM3"}, {"QM1", "QM2"}, {"QM2", "QM3"},
    {"IKE_SA_INIT request", ""}, {"IKE_AUTH request", "IKE_AUTH response"}, {"CREATE_CHILD_SA request", "CREATE_CHILD_SA response"},
    {"IKE_INTERMEDIATE request", "IKE_INTERMEDIATE response"}};

const Expectation* expects(const MessageRecord& message) {
    const auto at = std::ranges::find(expecting, message.label, &Expectation::question);
    return at == std::end(expecting) ? nullptr : at;
}

/// An answer is a new message of the same exchange; a copy of an old one, an Informational or an earlier step (in a file that is
/// out of order) is none.
bool answers(const MessageRecord& question, const MessageRecord& reply) {
    if (reply.from == question.from || reply.retransmission_of || reply.exchange != question.exchange ||
        reply.message_id != question.message_id)
        return false;
    const auto kind = std::string_view(question.label).substr(0, 2);
    return !reply.label.starts_with(kind) || question.label.size() != 3 || reply.label >= question.label;
}

/// Who goes on in the same exchange has its answer, be it captured or not. Only IKEv1 has more than one message of a side in it.
bool goes_on(const MessageRecord& question, const MessageRecord& next) {
    return next.from == question.from && !next.retransmission_of && next.exchange == question.exchange &&
           next.message_id == question.message_id && next.label != question.label;
}

/// In a file whose packets are out of order the answer may stand a little before its question.
bool answered_before(const Sa& sa, std::size_t question, std::string_view answer) {
    constexpr std::size_t far_enough = 8;
    for (std::size_t i = question > far_enough ? question - far_enough : 0; i < question; ++i)
        if (answers(sa.messages[question], sa.messages[i]) && sa.messages[i].label == answer) return true;
    return false;
}

} // namespace

std::vector<std::uint64_t> Waiting::frames() const {
    std::vector<std::uint64_t> all;
    if (first) all.push_back(first->frame);
    for (const auto* copy : copies) all.push_back(copy->frame);
    return all;
}

bool Waiting::in_vain(Timestamp capture_end) const {
    // Copies that follow each other faster than any timer come from a mirror port, or from captures of both ends.
    return first && (last - first->time >= shortest_timer || capture_end - last >= long_enough);
}

std::string Waiting::rhythm() const {
    if (copies.empty()) return {};
    std::vector<std::string> steps;
    auto before = first->time;
    for (const auto* copy : copies) {
        steps.push_back(seconds_text(copy->time - before, 1));
        before = copy->time;
    }
    if (std::ranges::all_of(steps, [&](const auto& step) { return step == steps.front(); }))
        return steps.size() == 1 ? steps.front() + " s later" : steps.front() + " s apart";
    return fmt::format("after {} s", fmt::join(steps.begin(), steps.begin() + std::min<std::ptrdiff_t>(6, std::ssize(steps)), ", "));
}

Waiting waiting(const Sa& sa) {
    Waiting found;
    for (std::size_t i = 0; i < sa.messages.size(); ++i) {
        const auto& message = sa.messages[i];
        if (found && message.from == found.first->from && message.retransmission_of == found.first->frame) {
            found.copies.push_back(&message);
            found.last = message.time;
        } else if (found && (answers(*found.first, message) || goes_on(*found.first, message))) {
            found = {};
        } else if (found && message.from != found.first->from) {
            found.replies.push_back(&message);
        }
        const auto* expected = message.retransmission_of ? nullptr : expects(message);
        if (expected && !answered_before(sa, i, expected->answer)) found = {&message, {}, {}, message.time};
    }
    return found;
}

const MessageRecord* find(const Sa& sa, std::string_view label) {
    const auto at = std::ranges::find_if(
        sa.messages, [&](const auto& message) { return message.label == label && !message.retransmission_of; });
    return at == sa.messages.end() ? nullptr : &*at;
}

const MessageRecord* find_notify(const Sa& sa, std::uint16_t type, std::optional<Side> side) {
    const auto at = std::ranges::find_if(sa.messages, [&](const auto& message) {
        return (!side || message.from == *side) && std::ranges::find(message.notifies, type) != message.notifies.end();
    });
    return at == sa.messages.end() ? nullptr : &*at;
}

bool has_payload(const MessageRecord& message, std::string_view name) {
    return std::ranges::find(message.payloads, name) != message.payloads.end();
}

bool phase1_complete(const Sa& sa) {
    switch (sa.stage) {
    case Stage::mm6:
    case Stage::am3:
    case Stage::p1_complete:
    case Stage::qm1:
    case Stage::qm2:
    case Stage::qm3:
    case Stage::qm_complete:
    case Stage::established: return true;
    case Stage::deleted: return find(sa, "MM6") || find(sa, "AM3") || find(sa, "IKE_AUTH response");
    default: return false;
    }
}

bool suite_agreed(const Sa& sa) {
    if (sa.stage >= Stage::established) return true;
    return std::ranges::any_of(sa.messages, [](const auto& message) {
        return message.from == Side::responder && !message.encrypted && has_payload(message, "SA");
    });
}

bool by_psk(const Sa& sa) {
    // RFC 2409 appendix A: 1; draft-beaulieu-ike-xauth: 65001 and 65002 are PSK with XAUTH.
    const auto method = sa.suite.known || sa.offers.empty() ? sa.suite.authentication : sa.offers.front().suite.authentication;
    return sa.version == session::Version::v1 && !sa.signature && (method == 1 || method == 65001 || method == 65002);
}

bool stalled_at_mm5(const Sa& sa) {
    return sa.version == session::Version::v1 && sa.mode == Mode::main && find(sa, "MM5") && !find(sa, "MM6") &&
           sa.stage == Stage::mm5;
}

std::string frames_text(std::span<const std::uint64_t> frames) {
    if (frames.empty()) return "no frame";
    if (frames.size() == 1) return fmt::format("frame {}", frames.front());
    const bool run = frames.back() - frames.front() + 1 == frames.size();
    if (run && frames.size() > 2) return fmt::format("frames {} to {}", frames.front(), frames.back());
    if (frames.size() > 8)
        return fmt::format("frames {}, … {} ({} in all)", fmt::join(frames.begin(), frames.begin() + 6, ", "), frames.back(),
                           frames.size());
    return fmt::format("frames {} and {}", fmt::join(frames.begin(), frames.end() - 1, ", "), frames.back());
}

} // namespace ikescope::diagnose
