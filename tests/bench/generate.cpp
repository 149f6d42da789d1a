// Writes captures for measuring: many IKE sessions interleaved, made from a seed, so that every run is the same.
//
//   generate OUT.pcap PACKETS ike1|ike2|mixed [CLIENT-BITS] [SEED]
//
// ike1: six Main Mode, three Quick Mode and three ESP packets per session, half of the sessions behind a NAT (port 4500 from
// the fifth message on). ike2: IKE_SA_INIT and IKE_AUTH, two packets each. mixed: 1.6 % IKE among ESP, TCP and DNS.
// CLIENT-BITS: 2^n client addresses (12 when left out), chosen at random from 24 on.

#include "base/writer.hpp"
#include "capture/build.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace {

using namespace ikescope;

constexpr std::size_t interleaved = 64;
constexpr std::uint32_t server = 0xc0a80001;

/// splitmix64: small, and the same everywhere.
class Random {
public:
    explicit Random(std::uint64_t seed) : state_(seed) {}
    std::uint64_t next() {
        auto z = state_ += 0x9e3779b97f4a7c15U;
        z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
        z = (z ^ z >> 27) * 0x94d049bb133111ebU;
        return z ^ z >> 31;
    }
    void fill(Buffer& out, std::size_t count) {
        while (count-- > 0) out.push_back(static_cast<Byte>(next() >> 56));
    }

private:
    std::uint64_t state_;
};

/// An ISAKMP message whose payloads are added one after the other (RFC 2408 3.1, RFC 7296 3.1).
class Message {
public:
    Message(Buffer& out, std::uint64_t initiator, std::uint64_t responder, unsigned first, unsigned version, unsigned exchange, unsigned flags,
            std::uint32_t id)
        : bytes_(out), out_(out) {
        bytes_.clear();
        out_.number(initiator, 8);
        out_.number(responder, 8);
        out_.number(first, 1);
        out_.number(version, 1);
        out_.number(exchange, 1);
        out_.number(flags, 1);
        out_.number(id, 4);
        out_.placeholder(4);
    }
    void payload(unsigned next, const Buffer& body) {
        out_.number(next, 1);
        out_.number(0, 1);
        out_.number(body.size() + 4, 2);
        out_.bytes(body);
    }
    void rest(const Buffer& body) { out_.bytes(body); }
    void end() { out_.patch(24, bytes_.size(), 4); }

private:
    Buffer& bytes_;
    Writer out_;
};

struct Session {
    std::uint32_t client = 0;
    std::uint64_t initiator = 0, responder = 0;
    std::uint32_t quick = 0, spi = 0;
    unsigned step = 0;
    bool nat = false;
};

class Generator {
public:
    Generator(std::string mix, unsigned bits, std::uint64_t seed, std::FILE* file) : mix_(std::move(mix)), bits_(bits), random_(seed), file_(file) {
        for (auto& session : sessions_) renew(session);
    }
    void header() {
        Buffer out;
        Writer writer(out);
        for (const auto& [value, width] : std::initializer_list<std::pair<std::uint64_t, std::size_t>>{
                 {0xa1b2c3d4, 4}, {2, 2}, {4, 2}, {0, 8}, {65535, 4}, {1, 4}})
            writer.number(value, width);
        write(out);
    }
    void packet() {
        if (mix_ == "mixed" && random_.next() % 1000 >= 16) return other();
        auto& session = sessions_[random_.next() % interleaved];
        const bool more = mix_ == "ike2" ? ike2(session) : ike1(session);
        ++session.step;
        if (!more) renew(session);
    }

private:
    void renew(Session& session) {
        const auto number = bits_ >= 24 ? random_.next() : client_++;
        session = {0x0a000000U | static_cast<std::uint32_t>(number & ((std::uint64_t{1} << bits_) - 1)), random_.next() | 1, random_.next() | 1,
                   static_cast<std::uint32_t>(random_.next()) | 1, static_cast<std::uint32_t>(random_.next()) | 0x1000, 0, (random_.next() & 1) != 0};
    }
    Buffer some(std::size_t count) {
        Buffer out;
        random_.fill(out, count);
        return out;
    }

    /// Phase 1 proposal: one transform with six attributes (RFC 2409 Appendix A), or the SPI of phase 2 in it.
    Buffer proposal1() {
        return *parse_hex("00000001 00000001 00000028 01010001 00000020 01010000 80010005 80020001 80030001 80040002 800b0001 800c7080");
    }
    Buffer proposal1_quick(std::uint32_t spi) {
        auto out = *parse_hex("00000001 00000001 00000024 01030401 00000000 00000018 01030000 80010001 80020e10 80040001 80050002");
        Writer(out).patch(16, spi, 4);
        return out;
    }
    bool ike1(Session& s) {
        const bool from_client = s.step % 2 == 0;
        const bool first = s.step == 0;
        switch (s.step) {
        case 0:
        case 1: {
            Message m(message_, s.initiator, first ? 0 : s.responder, 1, 0x10, 2, 0, 0);
            m.payload(13, proposal1());
            m.payload(0, *parse_hex("4a131c81070358455c5728f20e95452f"));
            m.end();
            break;
        }
        case 2:
        case 3: {
            Message m(message_, s.initiator, s.responder, 4, 0x10, 2, 0, 0);
            m.payload(10, some(128));
            m.payload(20, some(20));
            m.payload(20, some(16));
            m.payload(0, some(16));
            m.end();
            break;
        }
        case 4:
        case 5: {
            Message m(message_, s.initiator, s.responder, 5, 0x10, 2, 1, 0);
            m.rest(some(40));
            m.end();
            break;
        }
        case 6:
        case 7:
        case 8: {
            Message m(message_, s.initiator, s.responder, 8, 0x10, 32, 1, s.quick);
            m.rest(some(s.step == 8 ? 32 : 152));
            m.end();
            break;
        }
        default:
            esp(s, from_client);
            return s.step < 11;
        }
        send(s, from_client, s.nat && s.step >= 4 ? 4500 : 500, s.nat && s.step >= 4);
        return true;
    }
    /// SA (one proposal with four transforms), KE, nonce, two notifies; then SK (RFC 7296 1.2).
    bool ike2(Session& s) {
        const bool from_client = s.step % 2 == 0;
        const unsigned flags = from_client ? 0x08 : 0x20;
        if (s.step < 2) {
            Message m(message_, s.initiator, s.step == 0 ? 0 : s.responder, 33, 0x20, 34, flags, 0);
            m.payload(34, *parse_hex("0000002c 01010004 0300000c 0100000c 800e0100 03000008 02000005 03000008 0300000c 00000008 0400000e"));
            Buffer exchange{0, 14, 0, 0};
            random_.fill(exchange, 256);
            m.payload(40, exchange);
            m.payload(41, some(32));
            for (const unsigned notify : {0x4004U, 0x4005U}) {
                Buffer body{0, 0, static_cast<Byte>(notify >> 8), static_cast<Byte>(notify)};
                random_.fill(body, 20);
                m.payload(notify == 0x4004 ? 41 : 0, body);
            }
            m.end();
        } else {
            Message m(message_, s.initiator, s.responder, 46, 0x20, 35, flags, 1);
            m.payload(35, some(220));
            m.end();
        }
        send(s, from_client, s.nat && s.step >= 2 ? 4500 : 500, s.nat && s.step >= 2);
        return s.step < 3;
    }
    void esp(Session& s, bool from_client) {
        message_.clear();
        Writer out(message_);
        out.number(s.spi, 4);
        out.number(s.step - 8, 4);
        random_.fill(message_, 120);
        send(s, from_client, 4500, false);
    }
    /// ESP in UDP, DNS, and TCP segments: a UDP frame turned into what is wanted.
    void other() {
        Session s;
        s.client = 0x0a000000U | static_cast<std::uint32_t>(random_.next() & ((std::uint64_t{1} << bits_) - 1));
        s.spi = static_cast<std::uint32_t>(random_.next() % 1000) + 0x1000;
        const auto kind = random_.next() % 10;
        if (kind < 3) {
            s.step = 9;
            return esp(s, (random_.next() & 1) != 0);
        }
        message_ = some(kind < 5 ? 60 : 20 + random_.next() % 1400);
        if (kind < 5) return send(s, true, 53, false);
        s.nat = true; // any port
        send(s, true, 443, false, 6);
    }

    void send(const Session& s, bool from_client, std::uint16_t port, bool marker, std::uint8_t protocol = 17) {
        const Endpoint client{IpAddress::v4(s.client), s.nat && port != 500 ? static_cast<std::uint16_t>(1024 + s.client % 60000) : port};
        const Endpoint here{IpAddress::v4(server), port};
        if (!capture::build_udp_frame({from_client ? client : here, from_client ? here : client, message_, marker}, frame_)) std::abort();
        if (protocol == 6) { // the payload's beginning becomes the rest of a TCP header
            frame_[23] = 6;
            frame_[14 + 20 + 12] = 0x50;
        }
        time_ += 1 + random_.next() % 20;
        Buffer record;
        Writer out(record);
        out.number(1'700'000'000 + time_ / 1'000'000, 4);
        out.number(time_ % 1'000'000, 4);
        out.number(frame_.size(), 4);
        out.number(frame_.size(), 4);
        write(record);
        write(frame_);
    }
    void write(const Buffer& bytes) {
        if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
            std::perror("generate");
            std::exit(2);
        }
    }

    std::string mix_;
    unsigned bits_;
    Random random_;
    std::FILE* file_;
    std::array<Session, interleaved> sessions_;
    std::uint64_t client_ = 0, time_ = 0;
    Buffer message_, frame_;
};

} // namespace

int main(int count, char** arguments) {
    const std::string mix = count > 3 ? arguments[3] : "";
    if (mix != "ike1" && mix != "ike2" && mix != "mixed") {
        std::fputs("generate OUT.pcap PACKETS ike1|ike2|mixed [CLIENT-BITS] [SEED]\n", stderr);
        return 1;
    }
    std::FILE* file = std::fopen(arguments[1], "wb");
    if (file == nullptr) {
        std::perror(arguments[1]);
        return 2;
    }
    const auto bits = count > 4 ? std::strtoul(arguments[4], nullptr, 10) : 12;
    Generator generator(mix, static_cast<unsigned>(std::min(bits, 24UL)), count > 5 ? std::strtoull(arguments[5], nullptr, 10) : 1, file);
    generator.header();
    for (auto packets = std::strtoull(arguments[2], nullptr, 10); packets > 0; --packets) generator.packet();
    return std::fclose(file) == 0 ? 0 : 2;
}
