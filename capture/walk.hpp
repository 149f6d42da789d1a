#pragma once
// The walk through a frame's headers down to its innermost IP datagram: one flat loop, no recursion, no memory.
//
// Each protocol function reads its header, notes a layer and says what comes next. The decoder and explain() both
// take the same walk, so the list and the details cannot disagree.

#include "capture/datagram.hpp"

#include <array>

namespace ikescope::capture {

enum class LayerKind : std::uint8_t {
    ethernet, llc, cooked, cooked2, null_family, hdlc, ppp, vlan, mpls, pppoe, erspan2, erspan3,
    ipv4, ipv6, ipv6_extension, ipv6_fragment, gre, ah, esp, udp, tcp, icmp, icmpv6, arp,
};

/// One header: where it begins and how long it is, in the buffer that is walked.
struct Layer {
    LayerKind kind;
    std::uint8_t type;     ///< IPv6 extension: its protocol number; VLAN: 1 for a service tag (802.1ad)
    std::uint16_t length;
    std::uint32_t offset;
};

/// At most this many headers and IP datagrams inside each other are followed; real tunnels nest two or three deep.
inline constexpr std::size_t most_layers = 32, most_datagrams = 8;

/// What the header just read says about the next one.
struct Next {
    enum class By : std::uint8_t { done, ether_type, ppp_protocol, ip_protocol, ip_version };
    By by = By::done;
    std::uint16_t value = 0;
};

/// A piece of a larger datagram.
struct FragmentPiece {
    std::uint32_t id = 0;
    std::uint32_t offset = 0; ///< in the reassembled datagram
    bool more = false;
    bool complete = true; ///< all its bytes were captured
    Bytes bytes;
};

class Walk {
public:
    /// `wire_size`: how long `bytes` was before the snap length. Fills `out` as it goes.
    Walk(Bytes bytes, std::size_t wire_size, Datagram& out)
        : bytes_(bytes), wire_end_(std::max(wire_size, bytes.size())), captured_end_(bytes.size()),
          claimed_end_(wire_end_), out_(out) {}

    /// Walks a frame of a link type. False when no IP datagram was found.
    bool frame(std::uint16_t link_type);
    /// Goes on in a reassembled buffer with the protocol its IP header named; `datagrams` counts on.
    void reassembled(std::uint8_t protocol, std::size_t datagrams);
    /// Goes on behind the IP header of a first fragment that cannot be put together.
    void first_fragment();

    std::span<const Layer> layers() const { return std::span(layers_).first(count_); }
    const std::optional<FragmentPiece>& fragment() const { return fragment_; }
    std::size_t datagrams() const { return datagrams_; }
    /// The innermost layer of UDP, TCP, ESP or AH, or nullptr.
    const Layer* transport() const { return transport_ < count_ ? &layers_[transport_] : nullptr; }
    /// Where the innermost IP payload ends: as captured, and as its headers claim (which may be a lie).
    std::size_t captured_end() const { return captured_end_; }
    std::size_t claimed_end() const { return claimed_end_; }
    std::size_t position() const { return at_; }
    Bytes bytes() const { return bytes_; }
    bool cut_by_snap() const { return captured_end_ < wire_end_; }
    void note(std::string text, std::size_t offset);

private:
    friend struct LinkTable;
    void run(Next next);
    Next step(Next next);
    Next by_ether_type(std::uint16_t type);
    Next by_ip_protocol(std::uint8_t protocol);
    Next by_ip_version();

    Next ethernet();
    Next llc();
    Next cooked();
    Next cooked2();
    Next null_family();
    Next ppp();
    Next vlan(std::uint16_t tag);
    Next mpls();
    Next pppoe();
    Next gre();
    Next cisco_hdlc();
    Next erspan2();
    Next erspan3();
    Next ipv4();
    Next ipv6();
    Next ipv6_extension(std::uint8_t protocol);
    Next ipv6_fragment();
    Next ah();
    Next udp();
    Next tcp();
    Next esp();
    Next icmp(LayerKind kind);
    Next arp();

    bool room(std::size_t count) const { return captured_end_ - at_ >= count; }
    /// Notes a layer at the present place and goes behind it.
    void layer(LayerKind kind, std::size_t length, std::uint8_t type = 0) {
        layers_[count_++] = {kind, type, static_cast<std::uint16_t>(length), static_cast<std::uint32_t>(at_)};
        at_ += length;
    }
    std::uint16_t half(std::size_t ahead) const {
        return static_cast<std::uint16_t>(bytes_[at_ + ahead] << 8 | bytes_[at_ + ahead + 1]);
    }
    std::uint32_t word(std::size_t ahead) const { return std::uint32_t{half(ahead)} << 16 | half(ahead + 2); }
    /// The payload of the IP header ends `length` bytes behind `start`, if that is possible.
    void confine(std::size_t start, std::size_t length, std::string_view what);
    void enter_datagram(std::uint8_t protocol);

    Bytes bytes_;
    std::size_t at_ = 0;
    std::size_t wire_end_, captured_end_, claimed_end_;
    Datagram& out_;
    std::array<Layer, most_layers> layers_;
    std::size_t count_ = 0, transport_ = most_layers;
    std::size_t datagrams_ = 0;
    std::optional<FragmentPiece> fragment_;
};

} // namespace ikescope::capture
