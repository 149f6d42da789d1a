#pragma once
// Fields of the ISAKMP header, of the generic payload header and of what does not fit. RFC 2408 3.1-3.2, RFC 7296 3.1-3.2.

#include "base/field.hpp"
#include "dissect/numbers_common.hpp"

namespace ikescope::dissect {

inline constexpr Field header_fields[] = {
    {"isakmp", "Internet Security Association and Key Management Protocol"},
    {"isakmp.ispi", "Initiator SPI", Kind::bytes},
    {"isakmp.rspi", "Responder SPI", Kind::bytes},
    {"isakmp.nextpayload", "Next payload", Kind::number, 1, Display::decimal, payload_types},
    {"isakmp.version", "Version", Kind::number, 1, Display::hexadecimal},
    {"isakmp.mjver", "Major version", Kind::number, 1, Display::hexadecimal, {}, 0xf0},
    {"isakmp.mnver", "Minor version", Kind::number, 1, Display::hexadecimal, {}, 0x0f},
    {"isakmp.exchangetype", "Exchange type", Kind::number, 1, Display::decimal, exchange_types},
    {"isakmp.flags", "Flags", Kind::number, 1, Display::hexadecimal},
    {"isakmp.flag_e", "Encryption", Kind::boolean, 1, Display::decimal, {}, 0x01},
    {"isakmp.flag_c", "Commit", Kind::boolean, 1, Display::decimal, {}, 0x02},
    {"isakmp.flag_a", "Authentication", Kind::boolean, 1, Display::decimal, {}, 0x04},
    {"isakmp.flag_i", "Initiator", Kind::boolean, 1, Display::decimal, {}, 0x08},
    {"isakmp.flag_v", "Version", Kind::boolean, 1, Display::decimal, {}, 0x10},
    {"isakmp.flag_r", "Response", Kind::boolean, 1, Display::decimal, {}, 0x20},
    {"isakmp.messageid", "Message ID", Kind::number, 4, Display::hexadecimal},
    {"isakmp.length", "Length", Kind::number, 4},
    {"isakmp.typepayload", "Payload", Kind::number, 1, Display::decimal, payload_types},
    {"isakmp.typepayload", "Payload", Kind::number, 1, Display::decimal, nat_draft_payload_types, 0, 1},
    {"isakmp.criticalpayload", "Critical", Kind::boolean, 1, Display::decimal, {}, 0x80},
    {"isakmp.reserved7", "Reserved", Kind::number, 1, Display::hexadecimal, {}, 0x7f},
    {"isakmp.reserved", "Reserved", Kind::bytes},
    {"isakmp.reserved2", "Reserved", Kind::bytes},
    {"isakmp.payloadlength", "Payload length", Kind::number, 2},
    {"isakmp.datapayload", "Payload data", Kind::bytes},
    {"isakmp.extradata", "Extra data", Kind::bytes},
    {"isakmp.enc.data", "Encrypted data", Kind::bytes},
    {"isakmp.enc.iv", "Initialization vector", Kind::bytes},
    {"ike.enc.ciphertext", "Ciphertext", Kind::bytes},
    {"isakmp.enc.icd", "Integrity checksum data", Kind::bytes},
    {"isakmp.enc.padding", "Padding", Kind::bytes},
    {"isakmp.enc.pad_length", "Pad length", Kind::number, 1},
    {"isakmp.spisize", "SPI size", Kind::number, 1},
    {"isakmp.spi", "SPI", Kind::bytes},
    {"isakmp.spinum", "Number of SPIs", Kind::number, 2},
    {"isakmp.sa.doi", "Domain of interpretation", Kind::number, 4, Display::decimal, domains_of_interpretation},
    // Ours.
    {"ike.id.name", "Name", Kind::text},
    {"ike.certreq.name", "Authority's name", Kind::text},
    {"ike.crl.issuer", "Issuer of the revocation list", Kind::text},
    {"ike.crl.this_update", "Issued", Kind::text},
    {"ike.crl.next_update", "Next update", Kind::text},
    {"ike.crl.revoked", "Revoked certificates", Kind::number, 4},
    {"ike.cut_short", "Cut short", Kind::bytes},
    {"ike.unexplained", "Unexplained bytes", Kind::bytes},
    {"ike.excess", "Bytes behind the message", Kind::bytes},
    {"ike.fault", "Does not fit"},
};

} // namespace ikescope::dissect
