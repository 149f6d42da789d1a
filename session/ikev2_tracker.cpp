// An IKEv2 message enters the memory: roles by the I flag, places by exchange and R flag. RFC 7296 sections 1.2 to 1.4, 2.2.

#include "session/core.hpp"
#include "session/ikev2_suite.hpp"

namespace ikescope::session::ikev2 {
namespace {

constexpr std::uint8_t payload_sa = 33, payload_ke = 34;

/// IANA "IKEv2 Exchange Types": the request's label; the response's follows it.
struct Place {
    std::uint8_t exchange;
    Label request;
};
constexpr Place places[] = {
    {34, Label::sa_init_request},      // RFC 7296
    {35, Label::auth_request},         // RFC 7296
    {36, Label::create_child_request}, // RFC 7296
    {37, Label::informational_request}, // RFC 7296
    {38, Label::resume_request},       // RFC 5723
    {43, Label::intermediate_request}, // RFC 9242
};

Label label_of(const dissect::Header& header) {
    auto request = Label::other_request;
    for (const auto& place : places)
        if (place.exchange == header.exchange) request = place.request;
    return header.response() ? static_cast<Label>(static_cast<std::uint8_t>(request) + 1) : request;
}

} // namespace

void take(Core& core, std::uint32_t index, const Arrival& arrival) {
    auto& track = core.tracks[index];
    const auto& header = arrival.message.header;
    const auto from = header.from_initiator() ? Side::initiator : Side::responder;
    track.mode = Mode::ikev2;
    if (track.in_the_middle && track.records.empty() && from == Side::responder) {
        track.responder = arrival.datagram.from();
        track.initiator = arrival.datagram.to();
    }
    // IKEv2 has no encryption flag: whatever follows IKE_SA_INIT is encrypted (RFC 7296 3.14).
    const auto label = label_of(header);
    core.outcome.encrypted = label != Label::sa_init_request && label != Label::sa_init_response &&
                             label != Label::resume_request && label != Label::resume_response;
    auto record = core.record(track, arrival, from);
    record.payloads = core.pools.payloads(arrival.message);
    if (const auto copy = core.find_copy(track, arrival.fingerprint, from)) {
        core.repeat(track, record, *copy);
        return core.enter(index, record, arrival);
    }
    record.label = label;
    if (arrival.message.find(payload_ke)) track.has_ke[index_of(from)] = true;
    // COOKIE and INVALID_KE_PAYLOAD answer without an SA payload; the next answer may have another SPI (RFC 7296 2.6).
    if (label == Label::sa_init_response) {
        const auto* sa = arrival.message.find(payload_sa);
        track.refused = sa == nullptr;
        if (sa) track.suite = chosen_suite(*sa);
    }
    core.move(track, event_of(label));
    core.enter(index, record, arrival);
}

} // namespace ikescope::session::ikev2
