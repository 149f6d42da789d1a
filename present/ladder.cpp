#include "present/ladder.hpp"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>

namespace ikescope::present {

using session::MessageRecord;
using session::Proof;
using session::Sa;
using session::Side;

namespace {

/// Which hash a message carries. RFC 2409 5.
std::string_view hash_name(const Sa& sa, const MessageRecord& message) {
    const auto& label = message.label;
    if (sa.version == session::Version::v2) return "integrity";
    if (label == "MM5" || label == "AM3") return "HASH_I";
    if (label == "MM6" || label == "AM2") return "HASH_R";
    if (label == "QM1") return "HASH(1)";
    if (label == "QM2") return "HASH(2)";
    if (label == "QM3") return "HASH(3)";
    return "HASH";
}

/// The IV of QM2 is the end of QM1.
bool lacks_first(const Sa& sa, const MessageRecord& message) {
    return sa.version == session::Version::v1 && message.label == "QM2" && std::ranges::none_of(sa.messages, [&](const auto& other) {
               return other.label == "QM1" && other.message_id == message.message_id;
           });
}

/// The first encrypted message of phase 1 has an IV made of both KE payloads, not of a message before (RFC 2409 appendix B):
/// which of these were not captured? Those of
/// Quick Mode go on from one message to the next. Empty: the IV is known.
std::string lost_for_iv(const Sa& sa, const MessageRecord& message) {
    struct First {
        std::string_view label, of_ke[2];
    };
    constexpr First firsts[] = {{"MM5", {"MM3", "MM4"}}, {"AM3", {"AM1", "AM2"}}};
    std::vector<std::string_view> lost;
    for (const auto& first : firsts)
        for (const std::size_t side : {0U, 1U})
            if (sa.version == session::Version::v1 && message.label == first.label && !sa.has_ke[side]) lost.push_back(first.of_ke[side]);
    if (lost.empty() && lacks_first(sa, message)) return "QM1";
    return fmt::format("{}", fmt::join(lost, " and "));
}

std::string closed_mark(const Sa& sa, const MessageRecord& message) {
    if (!sa.keys.available) return "encrypted";
    const auto lost = lost_for_iv(sa, message);
    return lost.empty() ? "does not open with the keys known" : fmt::format("the key is known, the IV is not: {} not captured", lost);
}

std::string mark_of(const Sa& sa, const MessageRecord& message) {
    std::vector<std::string> marks;
    if (message.decrypted) marks.emplace_back("decrypted");
    else if (message.encrypted) marks.push_back(closed_mark(sa, message));
    if (message.hash == Proof::verified) marks.push_back(fmt::format("{} verified", hash_name(sa, message)));
    if (message.hash == Proof::failed) marks.push_back(fmt::format("{} WRONG", hash_name(sa, message)));
    const bool has_hash = std::ranges::find(message.payloads, "HASH") != message.payloads.end();
    if (message.decrypted && message.hash == Proof::unknown && sa.version == session::Version::v1 && has_hash)
        marks.push_back(fmt::format("{} not checked", hash_name(sa, message))); // finished keys without SKEYID, or no MM1
    if (message.malformed) marks.emplace_back("malformed");
    if (!message.fragments.empty()) marks.push_back(fmt::format("put together from {} fragments", message.fragments.size()));
    return fmt::format("{}", fmt::join(marks, ", "));
}

Rung::Kind kind_of(const MessageRecord& message) {
    if (message.malformed || message.hash == Proof::failed) return Rung::Kind::bad;
    return message.decrypted ? Rung::Kind::opened : message.encrypted ? Rung::Kind::sealed : Rung::Kind::clear;
}

Rung rung_of(const Sa& sa, const MessageRecord& message) {
    auto content = payloads_text(message.payloads);
    if (content.empty()) content = message.encrypted && !message.decrypted ? fmt::format("({} octets)", message.size) : "(empty)";
    const auto label = message.label.empty() ? fmt::format("exchange {}", message.exchange) : message.label;
    return {message.time - sa.start, fmt::format("{}", message.frame), label, message.from == Side::initiator,
            std::move(content), mark_of(sa, message), kind_of(message)};
}

std::string frame_list(const std::vector<std::uint64_t>& frames) {
    if (frames.size() == 1) return fmt::format("{}", frames.front());
    if (frames.back() - frames.front() + 1 == frames.size() || frames.size() > 4)
        return fmt::format("{}{}{}", frames.front(), frames.back() - frames.front() + 1 == frames.size() ? "-" : "…", frames.back());
    return fmt::format("{}", fmt::join(frames, ","));
}

/// All copies of one message that stand in one run of retransmissions.
struct Copies {
    const MessageRecord* first;
    std::vector<std::uint64_t> frames;
    Timestamp last;
    bool re_encrypted;
    bool even = true;       ///< the steps between them are equal, to a tenth of a second
    Nanoseconds step = 0;

    void add(const MessageRecord& message) {
        const auto gap = message.time - last;
        if (frames.size() == 1) step = gap;
        even = even && (frames.empty() || std::abs(gap - step) < one_second / 10);
        frames.push_back(message.frame);
        last = message.time;
        re_encrypted = re_encrypted || message.re_encrypted;
    }
    std::string rhythm() const {
        if (last == first->time) return "at the same time";
        return even ? fmt::format("every {} s", seconds_text(step, 1)) : fmt::format("within {} s", seconds_text(last - first->time, 1));
    }
};

Rung rung_of(const Sa& sa, const Copies& copies) {
    const auto count = copies.frames.size();
    auto content = fmt::format("again, copy of frame {}", *copies.first->retransmission_of);
    if (count > 1) content = fmt::format("{} times again, copies of frame {}, {}", count, *copies.first->retransmission_of, copies.rhythm());
    if (copies.re_encrypted) content += ", encrypted anew";
    return {copies.first->time - sa.start, frame_list(copies.frames), copies.first->label, copies.first->from == Side::initiator,
            std::move(content), {}, Rung::Kind::repeated};
}

/// Dead peer detection and empty Informationals: worth a line together, not one each. RFC 3706; RFC 7296 1.4.
bool keepalive(const MessageRecord& message) {
    if (message.retransmission_of || message.hash == Proof::failed) return false;
    if (message.label.starts_with("INFORMATIONAL")) return message.decrypted && message.payloads.empty();
    return message.decrypted && message.notifies.size() == 1 && (message.notifies[0] == 36136 || message.notifies[0] == 36137);
}

std::size_t fold_copies(const Sa& sa, std::size_t at, std::vector<Rung>& rungs) {
    std::vector<Copies> runs;
    for (; at < sa.messages.size() && sa.messages[at].retransmission_of; ++at) {
        const auto& message = sa.messages[at];
        auto run = std::ranges::find_if(
            runs, [&](const auto& copies) { return copies.first->retransmission_of == message.retransmission_of; });
        if (run == runs.end()) run = runs.insert(runs.end(), Copies{&message, {}, message.time, false});
        run->add(message);
    }
    for (const auto& copies : runs) rungs.push_back(rung_of(sa, copies));
    return at;
}

std::size_t fold_keepalives(const Sa& sa, std::size_t at, std::vector<Rung>& rungs) {
    const auto from = at;
    while (at < sa.messages.size() && keepalive(sa.messages[at])) ++at;
    if (at - from < 4) return from;
    const auto &first = sa.messages[from], &last = sa.messages[at - 1];
    rungs.push_back({first.time - sa.start, fmt::format("{}…{}", first.frame, last.frame), first.label, first.from == Side::initiator,
                     fmt::format("{} messages that only ask whether the other side is alive, and their answers, over {} s", at - from,
                                 seconds_text(last.time - first.time, 1)),
                     "decrypted", Rung::Kind::opened});
    return at;
}

} // namespace

std::string payloads_text(const std::vector<std::string>& payloads) {
    std::string text;
    for (std::size_t i = 0; i < payloads.size();) {
        auto end = i;
        while (end < payloads.size() && payloads[end] == payloads[i]) ++end;
        if (!text.empty()) text += ' ';
        text += payloads[i];
        if (end - i > 1) text += fmt::format("×{}", end - i);
        i = end;
    }
    return text;
}

std::vector<Rung> ladder(const Sa& sa, std::size_t limit) {
    std::vector<Rung> rungs;
    for (std::size_t at = 0; at < sa.messages.size();) {
        auto next = fold_copies(sa, at, rungs);
        if (next == at) next = fold_keepalives(sa, at, rungs);
        if (next == at) rungs.push_back(rung_of(sa, sa.messages[next++]));
        at = next;
    }
    if (rungs.size() <= limit) return rungs;
    const auto left_out = rungs.size() - limit;
    const auto from = rungs.begin() + static_cast<std::ptrdiff_t>(limit * 3 / 4);
    from->content = fmt::format("… {} more lines left out; --format json has them all", left_out + 1);
    from->frames = from->label = from->mark = "";
    rungs.erase(from + 1, from + 1 + static_cast<std::ptrdiff_t>(left_out));
    return rungs;
}

} // namespace ikescope::present
