#pragma once
// What each IKEv2 payload is made of. Reading, explaining and writing all walk these declarations.

#include "dissect/ikev2_reader.hpp"
#include "dissect/schema.hpp"

namespace ikescope::dissect {

template <>
struct Schema<ikev2::SecurityAssociation> { // RFC 7296 3.3
    static constexpr std::tuple fields{Body<ikev2::read_proposals, ikev2::write_proposals>{}};
};
template <>
struct Schema<ikev2::Proposal> { // RFC 7296 3.3.1, behind its generic header
    using P = ikev2::Proposal;
    static constexpr std::tuple fields{
        Number<&P::number, 1>{field("isakmp.prop.number")},
        Number<&P::protocol, 1>{field("isakmp.prop.protoid", 2)},
        Size<&P::spi_size, 1, &P::spi>{field("isakmp.spisize")},
        Size<&P::transform_count, 1, &P::transforms>{field("isakmp.prop.transforms")},
        Sized<&P::spi, &P::spi_size>{field("isakmp.spi")},
        Body<ikev2::read_transforms, ikev2::write_transforms>{},
    };
};
template <>
struct Schema<ikev2::Transform> { // RFC 7296 3.3.2, behind its generic header
    using P = ikev2::Transform;
    static constexpr std::tuple fields{
        Number<&P::type, 1>{field("isakmp.tf.type")},
        Reserved<1>{field("isakmp.reserved")},
        Body<ikev2::read_transform_id, ikev2::write_transform_id>{},
        Body<ikev2::read_transform_attributes, ikev2::write_transform_attributes>{},
    };
};
template <>
struct Schema<ikev2::KeyExchange> { // RFC 7296 3.4
    using P = ikev2::KeyExchange;
    static constexpr std::tuple fields{
        Number<&P::method, 2>{field("isakmp.key_exchange.dh_group")},
        Reserved<2>{field("isakmp.reserved")},
        Rest<&P::data>{field("isakmp.key_exchange.data")},
    };
};
template <>
struct Schema<ikev2::Identification> { // RFC 7296 3.5
    static constexpr std::tuple fields{
        Number<&ikev2::Identification::type, 1>{field("isakmp.id.type", 2)},
        Reserved<3>{field("isakmp.reserved")},
        Body<ikev2::read_id_data, ikev2::write_id_data>{},
    };
};
template <>
struct Schema<ikev2::Certificate> { // RFC 7296 3.6
    static constexpr std::tuple fields{
        Number<&ikev2::Certificate::encoding, 1>{field("isakmp.cert.encoding")},
        Body<ikev2::read_certificate, ikev2::write_certificate>{},
    };
};
template <>
struct Schema<ikev2::CertificateRequest> { // RFC 7296 3.7
    static constexpr std::tuple fields{
        Number<&ikev2::CertificateRequest::encoding, 1>{field("isakmp.certreq.type")},
        Body<ikev2::read_authorities, ikev2::write_authorities>{},
    };
};
template <>
struct Schema<ikev2::Authentication> { // RFC 7296 3.8, RFC 7427 3
    static constexpr std::tuple fields{
        Number<&ikev2::Authentication::method, 1>{field("isakmp.auth.method")},
        Reserved<3>{field("isakmp.reserved")},
        Body<ikev2::read_auth_data, ikev2::write_auth_data>{},
    };
};
template <>
struct Schema<ikev2::Nonce> { // RFC 7296 3.9
    static constexpr std::tuple fields{Rest<&ikev2::Nonce::data>{field("isakmp.nonce")}};
};
template <>
struct Schema<ikev2::Notification> { // RFC 7296 3.10
    using P = ikev2::Notification;
    static constexpr std::tuple fields{
        Number<&P::protocol, 1>{field("isakmp.notify.protoid", 2)},
        Size<&P::spi_size, 1, &P::spi>{field("isakmp.spisize")},
        Number<&P::type, 2>{field("isakmp.notify.msgtype", 2)},
        Sized<&P::spi, &P::spi_size>{field("isakmp.spi")},
        Body<ikev2::read_notify_data, ikev2::write_notify_data>{},
    };
};
template <>
struct Schema<ikev2::Delete> { // RFC 7296 3.11
    using P = ikev2::Delete;
    static constexpr std::tuple fields{
        Number<&P::protocol, 1>{field("isakmp.delete.protoid", 2)},
        Number<&P::spi_size, 1>{field("isakmp.spisize")},
        Size<&P::count, 2, &P::spis>{field("isakmp.spinum")},
        Body<ikev2::read_spis, ikev2::write_spis>{},
    };
};
template <>
struct Schema<ikev2::VendorId> { // RFC 7296 3.12
    static constexpr std::tuple fields{Body<ikev2::read_vendor, ikev2::write_vendor>{}};
};
template <>
struct Schema<ikev2::TrafficSelectors> { // RFC 7296 3.13
    using P = ikev2::TrafficSelectors;
    static constexpr std::tuple fields{
        Size<&P::count, 1, &P::selectors>{field("isakmp.ts.number")},
        Reserved<3>{field("isakmp.reserved")},
        Body<ikev2::read_selectors, ikev2::write_selectors>{},
    };
};
template <>
struct Schema<ikev2::Encrypted> { // RFC 7296 3.14
    static constexpr std::tuple fields{Rest<&ikev2::Encrypted::data>{field("isakmp.enc.data")}};
};
template <>
struct Schema<ikev2::EncryptedFragment> { // RFC 7383 2.5
    using P = ikev2::EncryptedFragment;
    static constexpr std::tuple fields{
        Number<&P::number, 2>{field("isakmp.frag.number")},
        Number<&P::total, 2>{field("isakmp.frag.total")},
        Body<ikev2::read_fragment, ikev2::write_fragment>{},
    };
};
template <>
struct Schema<ikev2::Configuration> { // RFC 7296 3.15
    static constexpr std::tuple fields{
        Number<&ikev2::Configuration::type, 1>{field("isakmp.cfg.type", 2)},
        Reserved<3>{field("isakmp.reserved")},
        Body<ikev2::read_configuration, ikev2::write_configuration>{},
    };
};
template <>
struct Schema<ikev2::Eap> { // RFC 7296 3.16, RFC 3748 4
    static constexpr std::tuple fields{Body<ikev2::read_eap, ikev2::write_eap>{}};
};
template <>
struct Schema<ikev2::SecurePassword> { // RFC 6467 3.2
    static constexpr std::tuple fields{Rest<&ikev2::SecurePassword::data>{field("isakmp.gspm.data")}};
};
template <>
struct Schema<ikev2::GroupSecurityAssociation> { // RFC 9838 4.4
    static constexpr std::tuple fields{Body<ikev2::read_policies, ikev2::write_policies>{}};
};
template <>
struct Schema<ikev2::KeyDownload> { // RFC 9838 4.5
    static constexpr std::tuple fields{Body<ikev2::read_bags, ikev2::write_bags>{}};
};
template <>
struct Schema<ikev2::PuzzleSolution> { // RFC 8019 8.2
    static constexpr std::tuple fields{Rest<&ikev2::PuzzleSolution::data>{field("ike.puzzle.solution")}};
};

} // namespace ikescope::dissect
