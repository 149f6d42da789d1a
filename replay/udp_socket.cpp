#include "replay/udp_socket.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace ikescope::replay {
namespace {

constexpr std::size_t largest_datagram = 65536, marker_size = 4;
constexpr std::uint16_t nat_t_port = 4500;

/// A socket address of either family.
struct Address {
    sockaddr_storage storage{};
    socklen_t size = 0;
    sockaddr* get() { return reinterpret_cast<sockaddr*>(&storage); }
};

Address address_of(const Endpoint& end) {
    Address out;
    if (end.address.family == 4) {
        sockaddr_in four{};
        four.sin_family = AF_INET;
        four.sin_port = htons(end.port);
        std::memcpy(&four.sin_addr, end.address.octets.data(), 4);
        out.size = sizeof four;
        std::memcpy(&out.storage, &four, sizeof four);
    } else {
        sockaddr_in6 six{};
        six.sin6_family = AF_INET6;
        six.sin6_port = htons(end.port);
        std::memcpy(&six.sin6_addr, end.address.octets.data(), 16);
        out.size = sizeof six;
        std::memcpy(&out.storage, &six, sizeof six);
    }
    return out;
}

Endpoint endpoint_of(const Address& address) {
    const Bytes bytes(reinterpret_cast<const Byte*>(&address.storage), sizeof address.storage);
    const auto port = static_cast<std::uint16_t>(big_endian(bytes.subspan(2, 2)));
    const bool four = address.storage.ss_family == AF_INET;
    return {IpAddress::from(four ? bytes.subspan(4, 4) : bytes.subspan(8, 16)), port};
}

Error refused(std::string_view what, const Endpoint& end) {
    return {fmt::format("{} {}: {}", what, end.text(), std::strerror(errno))};
}

} // namespace

Result<UdpDriver> UdpDriver::open(const IpAddress& local) {
    UdpDriver out(local);
    for (auto& port : out.ports_) {
        const Endpoint end{local, port.number};
        auto address = address_of(end);
        port.socket = ::socket(address.storage.ss_family, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (port.socket < 0 || ::bind(port.socket, address.get(), address.size) != 0)
            return refused("cannot listen on", end);
    }
    return out;
}

UdpDriver::UdpDriver(UdpDriver&& other) noexcept : local_(other.local_) {
    for (std::size_t i = 0; i < 2; ++i) std::swap(ports_[i], other.ports_[i]);
}

UdpDriver::~UdpDriver() {
    for (const auto& port : ports_)
        if (port.socket >= 0) ::close(port.socket);
}

Timestamp UdpDriver::now() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
        .count();
}

Result<Done> UdpDriver::send(const Send& what) {
    const auto& port = what.from.port == nat_t_port ? ports_[1] : ports_[0];
    Buffer datagram(port.number == nat_t_port ? marker_size : 0);
    datagram.insert(datagram.end(), what.message.begin(), what.message.end());
    auto address = address_of(what.to);
    if (::sendto(port.socket, datagram.data(), datagram.size(), 0, address.get(), address.size) < 0)
        return refused("cannot send to", what.to);
    return Done{};
}

Result<Done> UdpDriver::send_esp(const Endpoint& to, Bytes packet) {
    auto address = address_of(to);
    if (::sendto(ports_[1].socket, packet.data(), packet.size(), 0, address.get(), address.size) < 0)
        return refused("cannot send to", to);
    return Done{};
}

/// The port that has something to read.
std::optional<UdpDriver::Port> UdpDriver::wait(Timestamp until) {
    pollfd polled[2] = {{ports_[0].socket, POLLIN, 0}, {ports_[1].socket, POLLIN, 0}};
    const auto left = std::clamp<Nanoseconds>(until - now(), 0, 60 * one_second);
    if (::poll(polled, 2, static_cast<int>((left + 999'999) / 1'000'000)) <= 0) return std::nullopt;
    return polled[0].revents != 0 ? ports_[0] : ports_[1];
}

bool UdpDriver::receive(const Port& port, Endpoint& from, Buffer& payload) {
    payload.resize(largest_datagram);
    Address address;
    address.size = sizeof address.storage;
    const auto size = ::recvfrom(port.socket, payload.data(), payload.size(), 0, address.get(), &address.size);
    if (size < 0) return false;
    payload.resize(static_cast<std::size_t>(size));
    from = endpoint_of(address);
    return true;
}

bool UdpDriver::receive_esp(Buffer& packet, Timestamp deadline) {
    while (now() < deadline) {
        const auto port = wait(deadline);
        Endpoint from;
        if (!port || !receive(*port, from, packet)) continue;
        if (port->number == nat_t_port && packet.size() > 8 && big_endian(Bytes(packet).first(marker_size)) != 0)
            return true;
    }
    return false;
}

bool UdpDriver::perform(const Actions& actions, std::optional<Timestamp>& timer, const Heed& heed,
                        std::optional<Error>& failed) {
    timer.reset();
    bool goes_on = true; // to the end of what is wanted now
    for (const auto& action : actions) {
        if (const auto* what = std::get_if<Send>(&action)) {
            if (const auto sent = send(*what); !sent) failed = sent.error();
        } else if (const auto* due = std::get_if<SetTimer>(&action)) {
            timer = due->due;
        } else {
            goes_on = heed(action) && goes_on;
        }
    }
    return goes_on && !failed;
}

Result<Done> UdpDriver::run(Peer& peer, const Actions& actions, Timestamp deadline, const Heed& heed) {
    std::optional<Timestamp> timer;
    std::optional<Error> failed;
    bool goes_on = perform(actions, timer, heed, failed);
    while (goes_on && now() < deadline) {
        const auto port = wait(timer ? std::min(*timer, deadline) : deadline);
        Endpoint from;
        Buffer payload;
        if (!port || !receive(*port, from, payload)) {
            if (timer && *timer <= now()) goes_on = perform(peer.wake(now()), timer, heed, failed);
            continue;
        }
        Bytes message = payload;
        if (port->number == nat_t_port) {
            const bool marked = message.size() > marker_size && big_endian(message.first(marker_size)) == 0;
            if (!marked) continue; // ESP or a keepalive
            message = message.subspan(marker_size);
        }
        goes_on = perform(peer.receive({now(), from, {local_, port->number}, message}), timer, heed, failed);
    }
    if (failed) return *failed;
    return Done{};
}

} // namespace ikescope::replay
