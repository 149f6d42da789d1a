// One negotiation of our peer with whoever sits at the other end:  replay_live MODE ROLE LOCAL REMOTE
// MODE: main, aggressive, ikev2, ikev2-child, ikev2-rekey; ROLE: initiator, responder. Exit status 0 when an ESP SA came of it and a
// ping through it was answered: keys, directions and SPIs are right.

#include "capture/checksum.hpp"
#include "crypto/esp.hpp"
#include "replay/ikev1_peer.hpp"
#include "replay/ikev1_plain_policy.hpp"
#include "replay/ikev2_peer.hpp"
#include "replay/ikev2_plain_policy.hpp"
#include "replay/udp_socket.hpp"

#include <cstdio>
#include <memory>
#include <string>

namespace ikescope::replay { namespace {

const IpAddress own_host = *IpAddress::parse("10.96.1.1"), peer_host = *IpAddress::parse("10.96.2.1");
ios::Selector network(const char* address) { return {{*IpAddress::parse(address), 24}, 0, 0}; }

ikev1::PlainSettings settings_v1(const IpAddress& local) {
    session::Suite suite;
    suite.encryption = 7; // AES-CBC-256, SHA2-256, group 14, pre-shared key
    suite.key_bits = 256;
    suite.hash = 4;
    suite.group = 14;
    suite.authentication = 1;
    suite.life_seconds = 86400;
    suite.known = true;
    const ikev1::EspOffer esp{12, 128, 5, 14, false, 3600, 0}; // AES-CBC-128, HMAC-SHA2-256, PFS with group 14
    return {Secret(bytes_of("live-test-key")),
            ios::Identity::of(local),
            {},
            {suite},
            {esp},
            network("10.96.1.0"),
            network("10.96.2.0")};
}

ikev2::PlainSettings settings_v2(const IpAddress& local) {
    // The peer wants group 19: offering 14 first costs it an INVALID_KE_PAYLOAD.
    const ikev2::Proposal ike{{{12, 256}}, {12}, {5}, {14, 19}}, esp{{{12, 128}}, {12}, {}, {19}};
    return {Secret(bytes_of("live-test-key")),
            ios::Identity::of(local),
            {},
            {ike},
            {esp},
            network("10.96.1.0"),
            network("10.96.2.0")};
}

/// AES-CBC-128 with HMAC-SHA2-256-128, cut from the keys of one direction.
crypto::Protection protection_of(const Secret& keys) {
    constexpr std::size_t cipher = 16;
    return {crypto::find_encryption(12), crypto::find_integrity(12), Secret(keys.reveal().first(cipher)),
            Secret(keys.reveal().subspan(cipher))};
}

/// An ICMP echo request from our network to the peer's, padded for ESP (RFC 4303 2.4).
Buffer ping() {
    Buffer icmp;
    Writer out(icmp);
    out.number(0x0800, 2);
    out.number(0, 2);
    out.number(0x12340001, 4);
    out.bytes(bytes_of("are these keys right?"));
    out.patch(2, capture::internet_checksum(capture::add_words(icmp)), 2);
    Buffer packet;
    Writer ip(packet);
    ip.number(0x4500, 2);
    ip.number(20 + icmp.size(), 2);
    ip.number(0, 4);
    ip.number(0x4001, 2);
    ip.number(0, 2);
    ip.bytes(own_host.bytes());
    ip.bytes(peer_host.bytes());
    ip.patch(10, capture::internet_checksum(capture::add_words(packet)), 2);
    ip.bytes(icmp);
    Byte pad = 0;
    while ((packet.size() + 2) % 16 != 0) packet.push_back(++pad);
    packet.push_back(pad);
    packet.push_back(4); // IPv4
    return packet;
}

bool is_answer(const Buffer& plain) {
    const Bytes all(plain);
    return all.size() > 28 && IpAddress::from(all.subspan(12, 4)) == peer_host &&
           IpAddress::from(all.subspan(16, 4)) == own_host && all[20] == 0;
}

bool answers_ping(UdpDriver& driver, const ChildUp& child, const IpAddress& remote) {
    const auto outbound = protection_of(child.outbound_keys), inbound = protection_of(child.inbound_keys);
    const Buffer iv(16, 0x5a);
    for (std::uint32_t sequence = 1; sequence <= 5; ++sequence) {
        const auto packet = crypto::seal_esp(outbound, child.outbound_spi, sequence, iv, ping());
        if (!packet || !driver.send_esp({remote, 4500}, *packet)) return false;
        Buffer answer;
        if (!driver.receive_esp(answer, UdpDriver::now() + one_second)) continue;
        const auto opened = crypto::open_esp(inbound, answer);
        if (opened && big_endian(Bytes(answer).first(4)) == child.inbound_spi && is_answer(*opened.plaintext()))
            return true;
    }
    return false;
}

struct Watch {
    std::size_t wanted = 1;
    std::size_t established = 0;
    std::vector<ChildUp> children;

    bool operator()(const Action& action) {
        if (const auto* failed = std::get_if<Failed>(&action))
            return std::printf("failed: %s\n", failed->reason.c_str()), false;
        if (const auto* up = std::get_if<Established>(&action)) {
            ++established;
            std::printf("established with %s\n", up->peer_identity.c_str());
        }
        if (const auto* child = std::get_if<ChildUp>(&action)) {
            children.push_back(*child);
            std::printf("child %08x %08x\n", child->inbound_spi, child->outbound_spi);
        }
        return children.size() < wanted;
    }
};

int talk(const std::string& mode, bool starts, const IpAddress& local, const IpAddress& remote) {
    auto driver = UdpDriver::open(local);
    if (!driver) return std::printf("%s\n", driver.error().sentence.c_str()), 1;
    auto random = Random::from_system();
    ikev1::PlainPolicy policy_v1(settings_v1(local));
    ikev2::PlainPolicy policy_v2(settings_v2(local));
    const Endpoint here{local, 500}, there{remote, 500};
    ikev1::Peer v1({here, there, mode == "aggressive", true, true, {one_second, 5}}, policy_v1, random);
    ikev2::Peer v2({here, there, !starts, true, {one_second, 5}}, policy_v2, random);
    Peer& peer = mode.starts_with("ikev2") ? static_cast<Peer&>(v2) : v1;
    Watch watch;
    const auto run = [&](const Actions& actions) {
        const auto done = driver->run(peer, actions, UdpDriver::now() + 8 * one_second, std::ref(watch));
        if (!done) std::printf("%s\n", done.error().sentence.c_str());
    };
    run(starts ? peer.start(UdpDriver::now()) : Actions{});
    if (mode == "ikev2-child" && watch.children.size() == 1) {
        watch.wanted = 2;
        run(v2.create_child(UdpDriver::now(), true));
        // The old SA is deleted now, and until then the daemon sends through it.
        (void)driver->run(peer, {}, UdpDriver::now() + one_second / 2, [](const Action&) { return true; });
    }
    if (mode == "ikev2-rekey" && watch.children.size() == 1) {
        watch.wanted = 2;
        const auto renewed = [&](const Action& action) { return watch(action), watch.established < 2; };
        (void)driver->run(peer, starts ? v2.rekey_ike(UdpDriver::now()) : Actions{}, UdpDriver::now() + 5 * one_second,
                          renewed);
        (void)driver->run(peer, {}, UdpDriver::now() + one_second / 2, [](const Action&) { return true; });
        // A Child SA under the new keys, in place of the first.
        if (watch.established == 2) run(v2.create_child(UdpDriver::now(), true));
        (void)driver->run(peer, {}, UdpDriver::now() + one_second / 2, [](const Action&) { return true; });
    }
    const bool pinged = watch.children.size() == watch.wanted && answers_ping(*driver, watch.children.back(), remote);
    std::printf("%s\n", pinged ? "pinged through the ESP SA" : "no answer through the ESP SA");
    std::fflush(stdout);
    // Whoever looks at the daemon's SAs does it now; a line on standard input ends it.
    (void)std::getchar();
    watch.wanted = 100;
    (void)driver->run(peer, peer.close(UdpDriver::now()), UdpDriver::now() + one_second / 5,
                      [](const Action&) { return true; });
    return pinged ? 0 : 1;
}

}} // namespace ikescope::replay

int main(int count, char** arguments) {
    using ikescope::IpAddress;
    if (count != 5) return std::puts("usage: replay_live MODE ROLE LOCAL REMOTE"), 1;
    const auto local = IpAddress::parse(arguments[3]), remote = IpAddress::parse(arguments[4]);
    if (!local || !remote) return std::puts("an address is none"), 1;
    return ikescope::replay::talk(arguments[1], std::string_view(arguments[2]) == "initiator", *local, *remote);
}
