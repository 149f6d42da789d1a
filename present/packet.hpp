#pragma once
// One packet as lists, trees and filters see it, and the tree made of it, whole or only as far as somebody asks.

#include "capture/datagram.hpp"
#include "present/field_catalog.hpp"
#include "present/time_text.hpp"
#include "session/outcome.hpp"

namespace ikescope::present {

/// Views; everything must stay where it is while the packet is shown.
struct Packet {
    /// A finding of the whole analysis about this packet, in words.
    struct KnownFinding {
        std::string words;
        Severity severity = Severity::note;
    };
    const capture::Frame* frame = nullptr;
    const capture::Datagram* datagram = nullptr;  ///< nullptr: the frame has no IP datagram
    const dissect::Message* message = nullptr;    ///< nullptr: no ISAKMP
    const session::Outcome* seen = nullptr;       ///< nullptr: nobody keeps a memory
    const session::EspOutcome* esp = nullptr;     ///< nullptr: no ESP, or no keys for its SPI
    TimeBase times;
    std::optional<std::uint64_t> response_to; ///< frame of the request that this message answers
    Nanoseconds response_time = 0;
    std::optional<std::uint64_t> response_in; ///< frame of the answer to this request; known to who reads twice
    const Packet* next = nullptr; ///< the next message of the same frame: a TCP segment may hold several
    const std::vector<KnownFinding>* findings = nullptr; ///< nullptr: none, or nobody analysed the captures beforehand
};

/// Which parts of a tree somebody will look at. Starts with none.
class Demand {
public:
    Demand() : rows_(FieldCatalog::get().size()) {}
    /// A tree in full.
    static Demand everything();
    /// Also all that this field can come from; names as the tables spell them.
    void add(std::string_view name);

    bool all() const { return all_; }
    bool wants(const Field& field) const { return all_ || rows_.contains(catalog_->index(&field)); }
    bool frame() const { return all_ || frame_; }
    bool link_facts() const { return all_ || link_facts_; }
    bool link() const { return all_ || link_; }
    bool message() const { return all_ || message_; }
    bool header() const { return all_ || header_; }
    bool chain() const { return all_ || chain_; }
    bool body(std::uint8_t type) const { return all_ || bodies_[type]; }
    /// What lies behind the last payload.
    bool trailing() const { return all_ || trailing_; }
    bool memory() const { return all_ || memory_; }
    bool esp() const { return all_ || esp_; }

private:
    const FieldCatalog* catalog_ = &FieldCatalog::get();
    FieldSet rows_;
    bool all_ = false, frame_ = false, link_facts_ = false, link_ = false, message_ = false, header_ = false,
         chain_ = false, trailing_ = false, memory_ = false, esp_ = false;
    std::array<bool, 256> bodies_{};
};

/// Explains what is demanded of a packet; clears the tree first.
void build_tree(const Packet& packet, const Demand& demand, Tree& tree);

/// The short names of a message's payloads in brackets, as strongSwan's logs have them: "[ SA KE No ]".
void append_payloads(std::string& out, const dissect::Message& message);
/// The chain to name: decrypted if it was opened, else the whole message, else the message.
const dissect::Message& told_message(const Packet& packet);

} // namespace ikescope::present
