// Stands in until the payloads of IKEv1 are explained.

#include "dissect/dialect.hpp"
#include "dissect/fields.hpp"

namespace ikescope::dissect {

namespace {

void explain_generic_header(const PayloadRef& payload, Tree& tree) {
    tree.add(field("isakmp.nextpayload"), payload.offset, 1, payload.next);
    const Bit bits[] = {{field("isakmp.criticalpayload")}, {field("isakmp.reserved7")}};
    for (const auto& bit : bits) tree.add(bit.field, payload.offset + 1, 1, bit_value(bit.field, payload.reserved));
    tree.add(field("isakmp.payloadlength"), payload.offset + 2, 2, payload.declared);
}

void explain_body(const PayloadRef&, Cursor& in, Tree& tree) {
    if (in.left() == 0) return;
    const auto at = in.offset();
    tree.add(field("isakmp.datapayload"), at, in.rest("Payload data").size());
}

void append_name(std::string& out, const PayloadRef& payload) {
    const auto name = brief_of(payload_types, payload.type);
    name.empty() ? out += std::to_string(payload.type) : out += name;
}

} // namespace

const Dialect ikev1_dialect{0, 0, explain_generic_header, explain_body, append_name};

} // namespace ikescope::dissect
