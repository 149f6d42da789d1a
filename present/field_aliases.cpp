// Other names of fields. Wireshark renamed some between 1.12, 4.0 and its development version; filters written for any
// of them work. Combined names (ip.addr) mean both directions.

#include "present/field_catalog.hpp"

namespace ikescope::present {

namespace {

constexpr FieldAlias aliases[] = {
    {"ip.addr", {"ip.src", "ip.dst"}, "either end"},
    {"ip.host", {"ip.src", "ip.dst"}, "addresses are never resolved"},
    {"ip.src_host", {"ip.src"}, "addresses are never resolved"},
    {"ip.dst_host", {"ip.dst"}, "addresses are never resolved"},
    {"ipv6.addr", {"ipv6.src", "ipv6.dst"}, "either end"},
    {"ipv6.host", {"ipv6.src", "ipv6.dst"}, "addresses are never resolved"},
    {"ipv6.src_host", {"ipv6.src"}, "addresses are never resolved"},
    {"ipv6.dst_host", {"ipv6.dst"}, "addresses are never resolved"},
    {"eth.addr", {"eth.src", "eth.dst"}, "either end"},
    {"udp.port", {"udp.srcport", "udp.dstport"}, "either end"},
    {"tcp.port", {"tcp.srcport", "tcp.dstport"}, "either end"},
    {"eap", {"isakmp.eap.data"}, "the protocol: all of the EAP message"},
    {"isakmp.tf.id.ke", {"isakmp.tf.id.dh"}, "Wireshark 4.5 and later"},
    {"isakmp.key_exchange.method", {"isakmp.key_exchange.dh_group"}, "Wireshark 4.5 and later"},
    {"isakmp.enc.contained", {"ike.plain"}, "the decrypted payloads are a part of the tree of their own"},
    {"isakmp.enc.decrypted", {"ike.plain"}, "the decrypted payloads are a part of the tree of their own"},
    {"isakmp.fragments", {"ike.whole"}, "the message put together is a part of the tree of its own"},
    {"isakmp.notify.data.secure_password_methods", {"ike.notify.secure_password_method"}, "every method is a value, not the list's bytes"},
    {"ike.request_in", {"ike.response_to"}, "Wireshark's dissectors have either spelling"},
    {"isakmp.exchange", {"isakmp.exchangetype"}, "often written"},
    {"isakmp.exchtype", {"isakmp.exchangetype"}, "often written, never existed"},
    {"isakmp.payload", {"isakmp.typepayload"}, "often written"},
    {"isakmp.icookie", {"isakmp.ispi"}, "Wireshark before 1.8"},
    {"isakmp.rcookie", {"isakmp.rspi"}, "Wireshark before 1.8"},
};

constexpr std::string_view same_header = "this payload's generic header is isakmp.nextpayload, isakmp.reserved and "
                                         "isakmp.payloadlength, as that of every payload";
constexpr std::string_view expert = "no field but a judgement: ike.fault, ike.cut_short, ike.unexplained and the notes beside "
                                    "values say what does not fit";
constexpr std::string_view fragments = "where and how fragments went together is said in ike.note and by ike.whole";

constexpr std::string_view judged = "judgements are no fields here: ike.finding says what is malformed or illegal (ike.finding contains \"malformed\"), ike.fault and ike.cut_short where";

constexpr FieldRefusal refusals[] = {
    {"_ws.malformed", judged},
    {"_ws.expert", judged},
    {"_ws.expert.message", judged},
    {"_ws.expert.severity", judged},
    {"isakmp.attribute_value_empty", expert},
    {"isakmp.enc.iv.not_enough_data", expert},
    {"isakmp.enc.pad_length.big", expert},
    {"isakmp.enc_data_length_mult_block_size", expert},
    {"isakmp.fragment", fragments},
    {"isakmp.fragment.count", fragments},
    {"isakmp.fragment.error", fragments},
    {"isakmp.fragment.multiple_tails", fragments},
    {"isakmp.fragment.overlap", fragments},
    {"isakmp.fragment.overlap.conflicts", fragments},
    {"isakmp.fragment.too_long_fragment", fragments},
    {"isakmp.fragment_number.invalid", expert},
    {"isakmp.reassembled.in", "a stream cannot say which later frame will complete a message; the completing frame has ike.whole"},
    {"isakmp.reassembled.length", fragments},
    {"isakmp.ike.certreq.authority.sig", "the authority's name is isakmp.ike.certreq.authority; it carries no signature"},
    {"isakmp.ikev2.integrity_checksum", "no field but a judgement: ike.hash says verified or failed"},
    {"isakmp.notify.priv.3gpp.unknown_device_identity", expert},
    {"isakmp.payloadlength.invalid", expert},
    {"isakmp.sak.nextpayload", same_header},
    {"isakmp.sak.payload_len", same_header},
    {"isakmp.sak.reserved", same_header},
    {"isakmp.sat.nextpayload", same_header},
    {"isakmp.sat.payload_len", same_header},
    {"isakmp.sat.reserved", same_header},
};

} // namespace

std::span<const FieldAlias> field_aliases() { return aliases; }
std::span<const FieldRefusal> field_refusals() { return refusals; }

} // namespace ikescope::present
