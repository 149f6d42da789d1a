#pragma once
// `ikescope read` without its command line: packets in, lines out, in one of the formats, filtered.

#include "present/filter.hpp"
#include "present/held_message.hpp"
#include "present/hex_dump.hpp"
#include "present/packet_fields.hpp"
#include "present/packet_json.hpp"
#include "present/packet_pdml.hpp"
#include "present/row.hpp"
#include "present/tree_text.hpp"

#include <deque>
#include <map>
#include <optional>
#include <unordered_map>

namespace ikescope::present {

struct ReportOptions {
    enum class Format : std::uint8_t { list, details, fields, json, ek, pdml, none };
    Format format = Format::list;
    bool hex = false; ///< a hex dump behind each packet (list and details)
    bool show_secrets = false;
    RowOptions rows;
    std::vector<std::string> opened; ///< protocols that `details` shows in full; empty: all
    std::vector<std::string> fields; ///< columns of `fields`; json and ek print only these when there are any
    FieldOptions field_options;
    std::optional<Filter> filter;
};

/// Which request each message answers and, when packets are read twice, which message answers each request.
class Answers {
public:
    /// Remembers requests and fills in the answer's part of `packet`.
    void add(Packet& packet);
    /// A first pass begins.
    void learn() { learning_ = true; }
    /// For a second pass over the same packets: keeps what is known of answers, forgets what is open.
    void rewind();

private:
    struct Request {
        std::uint64_t frame = 0, ordinal = 0;
        Timestamp time = 0;
        session::Side from = session::Side::initiator;
    };
    static constexpr std::size_t most = 100'000; ///< open requests; more are forgotten all at once
    std::unordered_map<std::uint64_t, Request> open_;
    std::unordered_map<std::uint64_t, std::uint64_t> answered_in_; ///< by the request's ordinal among all messages
    std::uint64_t ordinal_ = 0;
    bool learning_ = false, second_ = false;
};

class PacketReport {
public:
    /// An error is a wrong field or protocol name.
    static Result<std::unique_ptr<PacketReport>> make(ReportOptions options, Output& out);

    /// Must this message come with an Outcome, or can the report do without? The pieces of an IKEv1 message always must:
    /// they are put together in the memory of SAs, and what they make is shown in the frame that completes it.
    bool needs_outcome(const capture::Datagram& datagram) const {
        return needs_memory_ || (datagram.content == capture::Content::isakmp && dissect::is_ikev1_piece(datagram.payload));
    }
    /// Of two passes the first: learns what only later packets say. Call it for every message, then second_pass().
    void learn(const capture::Frame& frame, const capture::Datagram& datagram, const session::Outcome& seen);
    void second_pass() { answers_.rewind(); }
    /// What an analysis of all captures found about a packet; shown as `ike.finding` of it.
    void know(std::uint32_t file, std::uint64_t frame, Packet::KnownFinding finding) {
        known_[{file, frame}].push_back(std::move(finding));
    }
    /// Does anybody look at the sentences that the Outcome carries?
    bool needs_notes() const;
    /// Or at the rules that messages break?
    bool needs_findings() const;
    /// The field that was asked for by its name and that only a second pass fills; empty when none was.
    std::string_view second_pass_field() const;
    void begin(std::string_view file);
    /// Shows a packet if it passes the filter, and says whether it did. `datagram` and `seen` may be nullptr.
    bool add(const capture::Frame& frame, const capture::Datagram* datagram, const session::Outcome* seen);
    /// Keeps a message whose frame carries more of them; add() with the last one shows the frame with all.
    void hold(const capture::Datagram& datagram, const session::Outcome* seen);
    void end();

private:
    PacketReport(ReportOptions options, Output& out, FieldsWriter fields);
    bool looks_at(const Field& field) const { return shown_.wants(field) || (options_.filter && filtered_.wants(field)); }
    void show(const Packet& packet);
    bool passes(const Packet& packet);
    void link_held(Packet& last);
    const dissect::Message* find_message(const capture::Datagram* datagram, const session::Outcome* seen);

    ReportOptions options_;
    Output& out_;
    FieldsWriter fields_;
    RowWriter rows_;
    // Each renders the texts of all fields when it is made: only the one of the format is.
    std::optional<TreeText> text_;
    std::optional<JsonWriter> json_;
    std::optional<EkWriter> ek_;
    std::optional<PdmlWriter> pdml_;
    Demand shown_, filtered_;
    bool needs_memory_ = false, needs_answers_ = false;
    Tree tree_;
    HiddenBytes hidden_; ///< of the packet that is shown
    dissect::Message message_;
    std::deque<HeldMessage> held_;
    std::vector<Packet> chain_; ///< the messages of a frame that has several
    Answers answers_;
    std::map<std::pair<std::uint32_t, std::uint64_t>, std::vector<Packet::KnownFinding>> known_; ///< by file and frame
    TimeBase times_;
    bool any_ = false, any_shown_ = false;
};

} // namespace ikescope::present
