#include "session/pools.hpp"

#include "dissect/ikev1.hpp"
#include "session/ikev1_suite.hpp"
#include "session/ikev2_suite.hpp"

namespace ikescope::session {
namespace {

constexpr std::uint8_t ikev2_notify = 41;

bool is_notify(Version version, const dissect::PayloadRef& payload) {
    return payload.type == (version == Version::v1 ? dissect::ikev1::payload::notify : ikev2_notify);
}

/// Notification's type: IKEv1 behind DOI, protocol and SPI size (RFC 2408 3.14), IKEv2 behind two bytes (RFC 7296 3.10).
std::uint16_t notify_type(Version version, const dissect::PayloadRef& payload) {
    const std::size_t at = version == Version::v1 ? 6 : 2;
    if (payload.body.size() < at + 2) return 0;
    return static_cast<std::uint16_t>(big_endian(payload.body.subspan(at, 2)));
}

} // namespace

Pools::Pools() : lists_(1), offers_(1) {}

std::uint32_t Pools::payloads(const dissect::Message& message) {
    if (message.payloads.empty()) return 0;
    const auto version = message.version();
    key_.assign(1, static_cast<char>(version));
    const auto count = std::min(message.payloads.size(), most_payloads);
    for (std::size_t i = 0; i < count; ++i) {
        const auto& payload = message.payloads[i];
        key_ += static_cast<char>(payload.meaning());
        if (!is_notify(version, payload)) continue;
        const auto type = notify_type(version, payload);
        key_ += static_cast<char>(type >> 8);
        key_ += static_cast<char>(type & 0xff);
    }
    if (const auto known = list_numbers_.find(key_); known != list_numbers_.end()) return known->second;
    if (lists_.size() >= most) return 0;
    PayloadList list;
    for (std::size_t i = 0; i < count; ++i) {
        list.names.push_back(dissect::payload_name(version, message.payloads[i]));
        if (is_notify(version, message.payloads[i])) list.notifies.push_back(notify_type(version, message.payloads[i]));
    }
    lists_.push_back(std::move(list));
    return list_numbers_[key_] = static_cast<std::uint32_t>(lists_.size() - 1);
}

std::uint32_t Pools::offers(Version version, const dissect::PayloadRef& sa) {
    key_.assign(1, static_cast<char>(version));
    key_ += text_of(sa.body);
    if (const auto known = offer_numbers_.find(key_); known != offer_numbers_.end()) return known->second;
    if (offers_.size() >= most / 16) return 0;
    offers_.push_back(version == Version::v2 ? ikev2::offers_of(sa) : ikev1::offers_of(sa));
    return offer_numbers_[key_] = static_cast<std::uint32_t>(offers_.size() - 1);
}

CompactSuite Pools::chosen(const dissect::PayloadRef& sa) {
    key_ = text_of(sa.body);
    if (const auto known = chosen_.find(key_); known != chosen_.end()) return known->second;
    const auto suite = ikev2::chosen_suite(sa);
    if (chosen_.size() < most / 16) chosen_.emplace(key_, suite);
    return suite;
}

} // namespace ikescope::session
