#pragma once
// The layouts of IKEv1's payloads, each said once: read, shown and written from here. The functions of the Body kinds
// are in ikev1_sa.cpp (SA, proposals, attributes), ikev1_identity.cpp, ikev1_notify.cpp and ikev1_gdoi.cpp.

#include "dissect/fields.hpp"
#include "dissect/ikev1.hpp"
#include "dissect/schema.hpp"

namespace ikescope::dissect {

namespace ikev1 {

extern const AttributeClass phase1_class, phase2_class, config_class; ///< ikev1_attributes.cpp

void read_situation(SecurityAssociation&, Cursor&, Tree*);
void write_situation(const SecurityAssociation&, Writer&);
void read_id_data(Identification&, Cursor&, Tree*);
void write_id_data(const Identification&, Writer&);
void read_notify_data(Notification&, Cursor&, Tree*);
void write_notify_data(const Notification&, Writer&);
void read_delete_spis(Delete&, Cursor&, Tree*);
void write_delete_spis(const Delete&, Writer&);
void read_vendor(VendorId&, Cursor&, Tree*);
void write_vendor(const VendorId&, Writer&);
void read_config_attributes(Configuration&, Cursor&, Tree*);
void write_config_attributes(const Configuration&, Writer&);
void read_original_address(NatOriginalAddress&, Cursor&, Tree*);
void write_original_address(const NatOriginalAddress&, Writer&);
void read_kek_policy(KekPolicy&, Cursor&, Tree*);
void write_kek_policy(const KekPolicy&, Writer&);
void read_tek_policy(TekPolicy&, Cursor&, Tree*);
void write_tek_policy(const TekPolicy&, Writer&);
void read_key_packets(KeyDownload&, Cursor&, Tree*);
void write_key_packets(const KeyDownload&, Writer&);
void read_group_policy(GroupPolicy&, Cursor&, Tree*);
void write_group_policy(const GroupPolicy&, Writer&);

} // namespace ikev1

/// RFC 2408 3.4, RFC 2407 4.6.1: what follows the DOI depends on it.
template <>
struct Schema<ikev1::SecurityAssociation> {
    static constexpr std::tuple fields{
        Number<&ikev1::SecurityAssociation::doi, 4>{field("isakmp.sa.doi")},
        Body<&ikev1::read_situation, &ikev1::write_situation>{},
    };
};
/// RFC 2408 3.7
template <>
struct Schema<ikev1::KeyExchange> {
    static constexpr std::tuple fields{Rest<&ikev1::KeyExchange::data>{field("isakmp.key_exchange.data")}};
};
/// RFC 2407 4.6.2
template <>
struct Schema<ikev1::Identification> {
    static constexpr std::tuple fields{
        Number<&ikev1::Identification::type, 1>{field("isakmp.id.type", 1)},
        Number<&ikev1::Identification::protocol, 1>{field("isakmp.id.protoid")},
        Number<&ikev1::Identification::port, 2>{field("isakmp.id.port")},
        Body<&ikev1::read_id_data, &ikev1::write_id_data>{},
    };
};
/// RFC 2408 3.9
template <>
struct Schema<ikev1::Certificate> {
    static constexpr std::tuple fields{
        Number<&ikev1::Certificate::encoding, 1>{field("isakmp.cert.encoding")},
        Rest<&ikev1::Certificate::data>{field("isakmp.cert.data")},
    };
};
/// RFC 2408 3.10
template <>
struct Schema<ikev1::CertificateRequest> {
    static constexpr std::tuple fields{
        Number<&ikev1::CertificateRequest::type, 1>{field("isakmp.certreq.type")},
        Rest<&ikev1::CertificateRequest::authority>{field("isakmp.ike.certreq.authority")},
    };
};
/// RFC 2408 3.11
template <>
struct Schema<ikev1::Hash> {
    static constexpr std::tuple fields{Rest<&ikev1::Hash::data>{field("isakmp.hash")}};
};
/// RFC 2408 3.12
template <>
struct Schema<ikev1::Signature> {
    static constexpr std::tuple fields{Rest<&ikev1::Signature::data>{field("isakmp.sig")}};
};
/// RFC 2408 3.13
template <>
struct Schema<ikev1::Nonce> {
    static constexpr std::tuple fields{Rest<&ikev1::Nonce::data>{field("isakmp.nonce")}};
};
/// RFC 2408 3.14
template <>
struct Schema<ikev1::Notification> {
    static constexpr std::tuple fields{
        Number<&ikev1::Notification::doi, 4>{field("isakmp.notify.doi")},
        Number<&ikev1::Notification::protocol, 1>{field("isakmp.notify.protoid", 1)},
        Size<&ikev1::Notification::spi_size, 1, &ikev1::Notification::spi>{field("isakmp.spisize")},
        Number<&ikev1::Notification::type, 2>{field("isakmp.notify.msgtype", 1)},
        Sized<&ikev1::Notification::spi, &ikev1::Notification::spi_size>{field("isakmp.spi")},
        Body<&ikev1::read_notify_data, &ikev1::write_notify_data>{},
    };
};
/// RFC 2408 3.15
template <>
struct Schema<ikev1::Delete> {
    static constexpr std::tuple fields{
        Number<&ikev1::Delete::doi, 4>{field("isakmp.delete.doi")},
        Number<&ikev1::Delete::protocol, 1>{field("isakmp.delete.protoid", 1)},
        Number<&ikev1::Delete::spi_size, 1>{field("isakmp.spisize")},
        Number<&ikev1::Delete::count, 2>{field("isakmp.spinum")},
        Body<&ikev1::read_delete_spis, &ikev1::write_delete_spis>{},
    };
};
/// RFC 2408 3.16
template <>
struct Schema<ikev1::VendorId> {
    static constexpr std::tuple fields{Body<&ikev1::read_vendor, &ikev1::write_vendor>{}};
};
/// draft-ietf-ipsec-isakmp-mode-cfg-05 3.2
template <>
struct Schema<ikev1::Configuration> {
    static constexpr std::tuple fields{
        Number<&ikev1::Configuration::type, 1>{field("isakmp.cfg.type", 1)},
        Reserved<1>{field("isakmp.reserved")},
        Number<&ikev1::Configuration::identifier, 2>{field("isakmp.cfg.identifier")},
        Body<&ikev1::read_config_attributes, &ikev1::write_config_attributes>{},
    };
};
/// RFC 3947 3.2
template <>
struct Schema<ikev1::NatDiscovery> {
    static constexpr std::tuple fields{Rest<&ikev1::NatDiscovery::hash>{field("isakmp.ike.nat_hash")}};
};
/// RFC 3947 5.2
template <>
struct Schema<ikev1::NatOriginalAddress> {
    static constexpr std::tuple fields{
        Number<&ikev1::NatOriginalAddress::type, 1>{field("isakmp.id.type", 1)},
        Reserved<3>{field("isakmp.reserved")},
        Body<&ikev1::read_original_address, &ikev1::write_original_address>{},
    };
};
/// Cisco's IKE fragmentation; no public specification, layout as racoon, strongSwan and Wireshark have it.
template <>
struct Schema<ikev1::Fragment> {
    static constexpr std::tuple fields{
        Number<&ikev1::Fragment::id, 2>{field("isakmp.frag.packetid")},
        Number<&ikev1::Fragment::number, 1>{field("isakmp.frag.seq")},
        Number<&ikev1::Fragment::last, 1>{field("isakmp.frag.last")},
        Rest<&ikev1::Fragment::data>{field("ike.frag.data")},
    };
};
/// RFC 6407 5.3
template <>
struct Schema<ikev1::KekPolicy> {
    static constexpr std::tuple fields{Body<&ikev1::read_kek_policy, &ikev1::write_kek_policy>{}};
};
/// RFC 6407 5.5
template <>
struct Schema<ikev1::TekPolicy> {
    static constexpr std::tuple fields{
        Number<&ikev1::TekPolicy::protocol_id, 1>{field("isakmp.sat.protocol_id")},
        Body<&ikev1::read_tek_policy, &ikev1::write_tek_policy>{},
    };
};
/// RFC 6407 5.6
template <>
struct Schema<ikev1::KeyDownload> {
    static constexpr std::tuple fields{Body<&ikev1::read_key_packets, &ikev1::write_key_packets>{}};
};
/// RFC 6407 5.7
template <>
struct Schema<ikev1::SequenceNumber> {
    static constexpr std::tuple fields{Number<&ikev1::SequenceNumber::value, 4>{field("isakmp.seq.seq")}};
};
/// RFC 6407 5.4
template <>
struct Schema<ikev1::GroupPolicy> {
    static constexpr std::tuple fields{Body<&ikev1::read_group_policy, &ikev1::write_group_policy>{}};
};

} // namespace ikescope::dissect
