#include "diagnose/observations.hpp"

#include <algorithm>
#include <functional>

namespace ikescope::diagnose {

void Observations::see(std::uint64_t frame, const session::Outcome& outcome) {
    if (!outcome.isakmp) return;
    if (outcome.label == "FRAGMENT") remember_piece(frame, outcome); // a copy, too: it says that somebody waits
    if (outcome.retransmission_of) return;
    if (outcome.message && outcome.message->snapped && outcome.sa && snapped_.size() < in_all) {
        auto& frames = snapped_[*outcome.sa];
        if (frames.size() < 1000) frames.push_back(frame);
    }
    if (outcome.opened && outcome.sa && outcome.label == "MM5") remember_identity(outcome);
    if (outcome.message && outcome.sa && !outcome.encrypted) remember_vendors(outcome);
    if (!outcome.violations.empty() && outcome.sa && illegal_.size() < in_all)
        if (auto& list = illegal_[*outcome.sa]; list.size() < per_sa)
            list.push_back({frame, std::string(outcome.label), outcome.from, outcome.violations});
    if (outcome.message) inspect(frame, outcome, *outcome.message, "frame");
    if (outcome.whole) inspect(frame, outcome, *outcome.whole, "reassembled message");
    if (outcome.opened) inspect(frame, outcome, *outcome.opened, "decrypted message");
}

void Observations::inspect(std::uint64_t frame, const session::Outcome& outcome, const dissect::Message& message,
                           std::string_view where) {
    if (message.snapped) return; // the capture left the rest out; nobody lied
    if (sound_.of(message)) return;
    tree_.clear();
    tree_.use_buffer(where, message.bytes);
    if (where == "decrypted message")
        dissect::explain_payloads(message, tree_);
    else
        dissect::explain(message, tree_);
    bool told = false;
    for (const auto& node : tree_.nodes()) {
        if (node.severity != Severity::error) continue;
        told = true;
        Malformation found{frame,
                           std::string(outcome.label),
                           node.field ? std::string(node.field->label) : "",
                           std::string(tree_.note(node)),
                           node.offset,
                           0,
                           node.length,
                           std::string(where)};
        if (message.fault && message.fault->offset == node.offset) {
            found.wanted = message.fault->wanted;
            found.available = message.fault->available;
            found.field = message.fault->field;
        }
        keep(outcome, std::move(found));
    }
    if (!told && message.fault)
        keep(outcome, {frame, std::string(outcome.label), std::string(message.fault->field), "", message.fault->offset,
                       message.fault->wanted, message.fault->available, std::string(where)});
}

void Observations::remember_identity(const session::Outcome& outcome) {
    const auto* id = outcome.opened->find(5);
    if (!id || id->body.size() < 4 || identities_.size() >= in_all) return;
    identities_[*outcome.sa] = {id->next, id->body[1], static_cast<std::uint16_t>(big_endian(id->body.subspan(2, 2)))};
}

void Observations::remember_vendors(const session::Outcome& outcome) {
    constexpr std::uint8_t vendor_id = 13; // RFC 2408 3.16
    constexpr std::size_t major = 14;
    if (outcome.message->version() != session::Version::v1 || vendor_octets_.size() >= in_all) return;
    for (const auto& payload : outcome.message->payloads)
        if (payload.type == vendor_id && payload.body.size() > major) vendor_octets_[*outcome.sa].set(payload.body[major]);
}

/// Retransmissions are the same bytes (RFC 7296 2.1, RFC 7383 2.6).
void Observations::remember_piece(std::uint64_t frame, const session::Outcome& outcome) {
    if (!outcome.sa || !outcome.message) return;
    const std::pair key{*outcome.sa, std::hash<std::string_view>{}(text_of(outcome.message->bytes))};
    if (const auto known = pieces_.find(key); known != pieces_.end())
        known->second.repeated = true;
    else if (pieces_.size() < in_all)
        pieces_.emplace(key, Piece{frame, false});
}

bool Observations::piece_repeated(std::size_t sa, std::uint64_t frame) const {
    for (auto at = pieces_.lower_bound({sa, 0}); at != pieces_.end() && at->first.first == sa; ++at)
        if (at->second.frame == frame) return at->second.repeated;
    return false;
}

bool Observations::vendor_octet(std::size_t sa, unsigned value) const {
    const auto found = vendor_octets_.find(sa);
    return found != vendor_octets_.end() && value < found->second.size() && found->second.test(value);
}

std::optional<IdHeader> Observations::mm5_identity(std::size_t sa) const {
    const auto found = identities_.find(sa);
    return found == identities_.end() ? std::nullopt : std::optional(found->second);
}

void Observations::keep(const session::Outcome& outcome, Malformation malformation) {
    auto& list = outcome.sa ? by_sa_[*outcome.sa] : ownerless_;
    if (list.size() >= per_sa || kept_ >= in_all) {
        ++left_out_;
        return;
    }
    ++kept_;
    list.push_back(std::move(malformation));
}

void Observations::link_note(std::uint64_t frame, const IpAddress& source, const IpAddress& destination,
                             std::string sentence) {
    if (link_notes_.size() < 1000) link_notes_.push_back({frame, source, destination, std::move(sentence)});
}

const std::vector<Malformation>* Observations::of(std::size_t sa) const {
    const auto found = by_sa_.find(sa);
    return found == by_sa_.end() || found->second.empty() ? nullptr : &found->second;
}

const std::vector<Illegality>* Observations::illegal(std::size_t sa) const {
    const auto found = illegal_.find(sa);
    return found == illegal_.end() ? nullptr : &found->second;
}

const std::vector<std::uint64_t>* Observations::snapped(std::size_t sa) const {
    const auto found = snapped_.find(sa);
    return found == snapped_.end() ? nullptr : &found->second;
}

} // namespace ikescope::diagnose
