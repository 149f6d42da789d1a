#pragma once
// The header as a schema. RFC 2408 3.1, RFC 7296 3.1.
//
//   0                   1                   2                   3
//  |                       initiator's SPI (8)                     |
//  |                       responder's SPI (8)                     |
//  | next payload  | major | minor | exchange type |     flags     |
//  |                          message ID                           |
//  |                            length                             |

#include "dissect/fields.hpp"
#include "dissect/message.hpp"
#include "dissect/schema.hpp"

namespace ikescope::dissect {

/// The flags' bits differ between the versions.
void read_flags(Header& header, Cursor& in, Tree* tree);
void write_flags(const Header& header, Writer& out);

template <>
struct Schema<Header> {
    static constexpr std::tuple fields{
        Fixed<&Header::initiator_spi, 8>{field("isakmp.ispi")},
        Fixed<&Header::responder_spi, 8>{field("isakmp.rspi")},
        Number<&Header::next_payload, 1>{field("isakmp.nextpayload")},
        Flags<&Header::version, 1, 2>{field("isakmp.version"), {{{field("isakmp.mjver")}, {field("isakmp.mnver")}}}},
        Number<&Header::exchange, 1>{field("isakmp.exchangetype")},
        Body<&read_flags, &write_flags>{},
        Number<&Header::message_id, 4>{field("isakmp.messageid")},
        Number<&Header::length, 4>{field("isakmp.length")},
    };
};

} // namespace ikescope::dissect
