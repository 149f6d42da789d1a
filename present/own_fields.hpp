#pragma once
// Fields that belong to no protocol: what the memory of SAs knows about a packet, and the columns of the
// packet list. Names of the columns are Wireshark's, those of the memory begin with "ike.".

#include "base/field.hpp"

#include <stdexcept>

namespace ikescope::present {

inline constexpr Field own_fields[] = {
    {"ike", "What ikescope knows"},
    {"ike.label", "Message", Kind::text},
    {"ike.story", "Story", Kind::text},
    {"ike.stage", "Stage of the SA", Kind::text},
    {"ike.role", "Sent by", Kind::text},
    {"ike.sa", "SA", Kind::number, 4},
    {"ike.payloads", "Payloads", Kind::text},
    {"ike.encrypted", "Encrypted", Kind::boolean, 1},
    {"ike.decrypted", "Decrypted", Kind::boolean, 1},
    {"ike.decrypted.how", "Opened with", Kind::text},
    {"ike.hash", "Authentication of the message", Kind::text},
    {"ike.unexpected", "Out of order", Kind::boolean, 1},
    {"ike.retransmission", "Retransmission", Kind::boolean, 1},
    {"ike.retransmission_of", "Retransmission of frame", Kind::frame_number},
    {"ike.response_to", "Response to frame", Kind::frame_number},
    {"ike.response_in", "Response in frame", Kind::frame_number},
    {"ike.response_time", "Time since the request", Kind::relative_time},
    {"ike.note", "Note", Kind::text},
    {"ike.finding", "Finding", Kind::text},
    {"ike.nat", "NAT detection", Kind::text},
    {"ike.cert", "Certificate"},
    {"ike.cert.subject", "Subject", Kind::text},
    {"ike.cert.issuer", "Issuer", Kind::text},
    {"ike.cert.serial", "Serial number", Kind::text},
    {"ike.cert.not_before", "Not before", Kind::text},
    {"ike.cert.not_after", "Not after", Kind::text},
    {"ike.cert.key", "Public key", Kind::text},
    {"ike.cert.signature_algorithm", "Signature algorithm", Kind::text},
    {"ike.cert.alternative_name", "Subject alternative name", Kind::text},
    {"ike.cert.authority", "Is an authority (CA)", Kind::boolean, 1},
    {"ike.plain", "Decrypted payloads"},
    {"ike.whole", "Message put together out of fragments"},
    {"ike.esp", "Decrypted ESP"},
    {"ike.esp.sa", "IKE SA", Kind::number, 4},
    {"ike.esp.role", "Sent by", Kind::text},
    {"ike.esp.sequence", "Sequence number with its upper half", Kind::number, 8},
    {"ike.esp.suite", "Protected with", Kind::text},
    {"ike.esp.keys", "Keys from", Kind::text},
    {"ike.esp.verdict", "Authentication of the packet", Kind::text},
    {"ike.esp.why", "Why", Kind::text},
    {"_ws.col.No.", "No.", Kind::number, 4},
    {"_ws.col.Time", "Time", Kind::text},
    {"_ws.col.Source", "Source", Kind::text},
    {"_ws.col.Destination", "Destination", Kind::text},
    {"_ws.col.Protocol", "Protocol", Kind::text},
    {"_ws.col.Length", "Length", Kind::number, 4},
    {"_ws.col.Info", "Info", Kind::text},
};

/// The row of a name; does not compile for a name that is not there.
consteval const Field& own_field(std::string_view name) {
    for (const auto& row : own_fields)
        if (row.name == name) return row;
    throw std::invalid_argument("no such field");
}

} // namespace ikescope::present
