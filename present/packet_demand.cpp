// Which part of a packet a field stands in, by its name. The table may name more payloads than needed, never fewer;
// tests hold trees built on demand against whole ones.

#include "present/own_fields.hpp"
#include "present/packet.hpp"

#include <algorithm>

namespace ikescope::present {

namespace {

constexpr std::string_view fact_names[] = {
    "eth", "eth.src", "eth.dst", "ip", "ip.src", "ip.dst", "ipv6", "ipv6.src", "ipv6.dst", "udp", "udp.srcport", "udp.dstport",
};
constexpr std::string_view header_names[] = {
    "isakmp.ispi", "isakmp.rspi", "isakmp.version", "isakmp.mjver", "isakmp.mnver", "isakmp.exchangetype", "isakmp.flags",
    "isakmp.flag_e", "isakmp.flag_c", "isakmp.flag_a", "isakmp.flag_i", "isakmp.flag_v", "isakmp.flag_r",
    "isakmp.messageid", "isakmp.length",
};
/// Fields of generic headers stand before every payload, and before those nested in SA payloads.
constexpr std::string_view chain_names[] = {
    "isakmp.nextpayload", "isakmp.typepayload", "isakmp.payloadlength", "isakmp.criticalpayload", "isakmp.reserved7",
};

constexpr std::uint8_t v1_sa = 1, v1_ke = 4, v1_id = 5, v1_hash = 8, v1_sig = 9, v1_nonce = 10, v1_notify = 11, v1_vendor = 13;
/// NAT-OA has an ID within; drafts of NAT traversal gave it the numbers of GDOI's SAT, and 131.
constexpr std::uint8_t v1_sat = 16, v1_nat_oa = 21, v1_nat_oa_draft = 131;
constexpr std::uint8_t v2_sa = 33, v2_ke = 34, v2_idi = 35, v2_idr = 36, v2_auth = 39, v2_nonce = 40, v2_notify = 41,
                       v2_vendor = 43, v2_sk = 46, v2_eap = 48, v2_idg = 50, v2_gsa = 51, v2_skf = 53;
struct BodyRow {
    std::string_view prefix;
    std::array<std::uint8_t, 7> types; ///< 0: none
};
constexpr BodyRow bodies[] = {
    {"isakmp.sa.", {v1_sa, v2_sa}},           {"isakmp.prop.", {v1_sa, v2_sa}},  {"isakmp.trans.", {v1_sa, v2_sa}},
    {"isakmp.tf.", {v1_sa, v2_sa, v2_gsa}},   {"isakmp.ike.attr", {v1_sa}},      {"isakmp.ike2.attr", {v2_sa, v2_gsa}},
    {"isakmp.ipsec.attr", {v1_sa}},           {"isakmp.key_exchange.", {v1_ke, v2_ke}},
    {"isakmp.id.", {v1_id, v1_nat_oa, v1_nat_oa_draft, v1_sat, v2_idi, v2_idr, v2_idg}},
    {"isakmp.hash", {v1_hash}},               {"isakmp.sig", {v1_sig}},
    {"isakmp.nonce", {v1_nonce, v2_nonce}},   {"isakmp.notify.", {v1_notify, v2_notify}},
    {"isakmp.vid_", {v1_vendor, v2_vendor}},  {"isakmp.auth.", {v2_auth}},
    {"isakmp.enc.data", {v2_sk, v2_skf}},     {"isakmp.eap.", {v2_eap}},         {"eap.", {v2_eap}},
};

bool among(std::string_view name, std::span<const std::string_view> names) { return std::ranges::find(names, name) != names.end(); }

/// Ours, and not of the tree that dissection makes (ike.fault may stand anywhere).
bool is_memory(std::string_view name) {
    constexpr std::string_view others[] = {"ike.plain", "ike.whole", "ike.nat"};
    if (among(name, others) || name.starts_with("ike.esp") || name.starts_with("ike.cert") || !name.starts_with("ike")) return false;
    return std::ranges::find(own_fields, name, &Field::name) != std::end(own_fields);
}

} // namespace

Demand Demand::everything() {
    Demand demand;
    demand.all_ = true;
    return demand;
}

void Demand::add(std::string_view name) {
    for (const auto* row : FieldCatalog::get().find(name)) rows_.insert(FieldCatalog::get().index(row));
    if (name == "frame.protocols") link_ = message_ = frame_ = true;
    else if (name.starts_with("frame") || name.starts_with("_ws.col.")) frame_ = true;
    else if (name.starts_with("ike.esp")) esp_ = true;
    else if (name.starts_with("esp")) link_ = esp_ = true;
    else if (among(name, fact_names)) link_facts_ = true;
    else if (name == "isakmp") message_ = true;
    else if (name == "isakmp.extradata" || name.starts_with("isakmp.enc.pad")) trailing_ = true;
    else if (is_memory(name)) memory_ = true;
    else if (among(name, header_names)) header_ = true;
    else if (among(name, chain_names)) header_ = chain_ = bodies_[v1_sa] = bodies_[v2_sa] = true;
    else if (name.starts_with("isakmp.") || name.starts_with("eap.")) {
        header_ = header_ || name == "isakmp.enc.data"; // IKEv1's stands behind the header, without a payload
        const auto row = std::ranges::find_if(bodies, [&](const BodyRow& body) { return name.starts_with(body.prefix); });
        if (row == std::end(bodies)) header_ = true, bodies_.fill(true);
        else
            for (const auto type : row->types) bodies_[type] = true;
    } else if (name.starts_with("ike.")) all_ = true;
    else link_ = true;
}

} // namespace ikescope::present
