// charon (level 3 of net, enc): what it receives is dumped as it came, what it sends as it was generated, except for
// the length in the header, which is written later:
//
//     07[NET] received packet => 160 bytes @ 0x…              14[ENC] <lab|6> generated data of this generator => 108
//     bytes @ 0x… 07[NET] received packet: from A[500] to B[500]          14[NET] <lab|6> sending packet: from A[4500]
//     to B[4500] (108 bytes)
//
// libreswan:    | sending 204 bytes for … through eth0 from A:500 to B:500 …     | *received 144 bytes from B:500 on … A:500 …
//
// FortiGate:    ike 0: comes A:500->B:500,ifindex=6....              ike 0:p1:14: out HEX
//               ike 0: in HEX                                        ike 0:p1:14: sent IKE msg (…): A:500->B:500,
//               len=296, …

#include "secrets/logged_packets.hpp"

#include "secrets/charon_lines.hpp"
#include "secrets/decode.hpp"
#include "secrets/formats.hpp"
#include "secrets/fortigate_lines.hpp"
#include "secrets/libreswan_lines.hpp"

#include <fmt/format.h>
#include <map>
#include <set>

namespace ikescope::secrets {
namespace {

constexpr std::size_t header_size = 28, length_at = 24, marker_size = 4;
constexpr std::uint16_t ike_port = 500;

/// "10.77.0.1:500", "10.77.0.1[500]", "[2001:db8::1]:500", "2001:db8::1[500]"
std::optional<Endpoint> endpoint(std::string_view text) {
    const bool bracket = text.ends_with(']');
    const auto at = text.rfind(bracket ? '[' : ':');
    if (at == std::string_view::npos) return std::nullopt;
    auto address = text.substr(0, at);
    const auto port = number<std::uint16_t>(text.substr(at + 1, text.size() - at - 1 - (bracket ? 1 : 0)));
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    const auto parsed = IpAddress::parse(std::string(address));
    if (!parsed || !port) return std::nullopt;
    return Endpoint{*parsed, *port};
}

bool has_marker(Bytes payload) {
    return payload.size() >= marker_size &&
           std::ranges::all_of(payload.first(marker_size), [](Byte byte) { return byte == 0; });
}

/// Collects packets that are whole, and says what is not.
class Packets {
public:
    Packets(std::string format, const std::string& name, Timestamp latest) : name_(name), latest_(latest) {
        log_.format = std::move(format);
    }

    void add(std::string_view time, std::optional<Endpoint> from, std::optional<Endpoint> to, Buffer payload,
             std::size_t line, bool sent) {
        if (!from || !to) return note(line, "a packet without its addresses was passed over.");
        const bool marked = has_marker(payload);
        const Bytes message = Bytes(payload).subspan(marked ? marker_size : 0);
        if (message.size() < header_size)
            return note(line, "a packet that is shorter than an ISAKMP header was passed over.");
        const auto length = big_endian(message.subspan(length_at, 4));
        if (length != message.size())
            return note(
                line,
                fmt::format("a packet of {} bytes, whose header speaks of {}, is cut or wrapped and was passed over.",
                            message.size(), length));
        // RFC 3948 2.2: the marker stands on every port but 500, also where a program logs without it.
        if (!marked && from->port != ike_port && to->port != ike_port)
            payload.insert(payload.begin(), marker_size, Byte{0});
        auto stamp = log_time(time, latest_);
        if (!stamp) {
            log_.timed = false;
            stamp = latest_ + static_cast<Nanoseconds>(log_.packets.size()) * 1'000'000;
        }
        log_.packets.push_back({*stamp, *from, *to, std::move(payload), line, sent});
    }
    void note(std::size_t line, std::string_view text) {
        constexpr std::size_t most = 100;
        if (log_.notes.size() < most) log_.notes.push_back(fmt::format("{}: {}", place(name_, line), text));
    }
    PacketLog take() { return std::move(log_); }

private:
    const std::string& name_;
    Timestamp latest_;
    PacketLog log_;
};

class Charon : public CharonListener {
public:
    Charon(const std::string& name, Timestamp latest) : packets_("charon log", name, latest) {}

    void said(const CharonRecord& record) override {
        const bool received = record.text.starts_with("received packet: from ");
        if (!received && !record.text.starts_with("sending packet: from ")) return;
        auto text = record.text.substr(received ? 22 : 21);
        const auto from = endpoint(next_word(text));
        next_word(text);
        const auto to = endpoint(next_word(text));
        const auto key = std::string(record.thread) + (received ? "r" : "s");
        if (const auto raw = raw_.find(key); raw != raw_.end()) {
            packets_.add(record.time, from, to, std::move(raw->second.bytes), raw->second.line, !received);
            raw_.erase(raw);
        } else if (const auto size = between(text, "(", " bytes)"); size && !received) {
            sent(record, from, to, number<std::size_t>(*size).value_or(0));
        }
    }
    void dumped(CharonDump dump) override {
        constexpr std::size_t most = 1'024; // threads, SAs
        if (dump.label == "received packet" || dump.label == "sending packet") {
            if (raw_.size() < most) raw_[dump.thread + dump.label.front()] = std::move(dump);
        } else if (dump.label == "generated data of this generator" && is_message(dump.bytes)) {
            // The last step of generating: the real length in place of the header's own.
            for (std::size_t i = 0; i < 4; ++i) dump.bytes[length_at + i] = static_cast<Byte>(dump.size >> (24 - 8 * i));
            const auto sa = dump.daemon + dump.sa;
            if (generated_.size() >= most && !generated_.contains(sa)) return;
            auto& known = generated_[sa];
            known.push_back(std::move(dump));
            constexpr std::size_t most_kept = 64; // a retransmission repeats one of the latest
            if (known.size() > most_kept) known.erase(known.begin());
        }
    }
    void cut(const CharonDump&) override {}
    PacketLog take() { return packets_.take(); }

private:
    /// Payload chains that are to be encrypted are dumped under the same label; a message has a version, and a length that
    /// speaks of the header or of all.
    static bool is_message(Bytes bytes) {
        constexpr std::size_t version_at = 17;
        if (bytes.size() < header_size || (bytes[version_at] != 0x10 && bytes[version_at] != 0x20)) return false;
        const auto length = big_endian(bytes.subspan(length_at, 4));
        return length == header_size || length == bytes.size();
    }
    /// The oldest message of that size that was not sent yet; a retransmission repeats the latest one that was.
    void sent(const CharonRecord& record, std::optional<Endpoint> from, std::optional<Endpoint> to, std::size_t size) {
        auto& known = generated_[std::string(record.daemon).append(record.sa)];
        const auto unsent = std::ranges::find_if(
            known, [&](const CharonDump& dump) { return dump.size == size && !sent_.contains(dump.line); });
        auto dump = unsent == known.end() ? nullptr : &*unsent;
        for (auto at = known.rbegin(); !dump && at != known.rend(); ++at)
            if (at->size == size) dump = &*at;
        if (!dump)
            return packets_.note(record.line, "the packet sent here is not in the log (enc = 3); it was passed over.");
        sent_.insert(dump->line);
        packets_.add(record.time, from, to, dump->bytes, record.line, true);
    }

    Packets packets_;
    std::map<std::string, CharonDump> raw_;                    ///< per thread and direction
    std::map<std::string, std::vector<CharonDump>> generated_; ///< per IKE_SA of a daemon
    std::set<std::size_t> sent_;                               ///< lines of dumps that were
};

class Libreswan {
public:
    Libreswan(const std::string& name, Timestamp latest) : packets_("libreswan log", name, latest) {}

    void line(std::string_view line, std::size_t number) {
        const auto text = libreswan_text(line);
        if (!text) return finish();
        if (wanted_ > payload_.size())
            if (auto bytes = libreswan_row(*text)) {
                payload_.insert(payload_.end(), bytes->begin(), bytes->end());
                if (payload_.size() >= wanted_) finish();
                return;
            }
        finish();
        begin(trimmed(*text), line.substr(0, line.find(": |")), number);
    }
    void finish() {
        if (wanted_ == 0) return;
        payload_.resize(std::min(payload_.size(), wanted_));
        packets_.add(time_, from_, to_, std::move(payload_), line_, sent_);
        payload_.clear();
        wanted_ = 0;
    }
    PacketLog take() { return packets_.take(); }

private:
    void begin(std::string_view text, std::string_view time, std::size_t number) {
        sent_ = text.starts_with("sending ");
        if (!sent_ && !text.starts_with("*received ")) return;
        constexpr std::size_t most = 65'535;
        const auto size = between(text, " ", " bytes");
        wanted_ = secrets::number<std::size_t>(size.value_or("")).value_or(0);
        if (wanted_ > most || text.find(sent_ ? " bytes for " : " bytes from ") == std::string_view::npos) wanted_ = 0;
        // "sending 172 bytes for reply packet from quick_outI1 through eth0 from …": the reason may speak of a "from" too.
        if (const auto interface = text.find(" through "); sent_ && interface != std::string_view::npos) text.remove_prefix(interface);
        from_ = endpoint(between(text, " from ", " ").value_or(""));
        auto rest = between(text, sent_ ? " to " : " on ").value_or("");
        if (!sent_) next_word(rest); // the interface's name
        to_ = endpoint(next_word(rest));
        time_ = time;
        line_ = number;
    }

    Packets packets_;
    std::size_t wanted_ = 0, line_ = 0;
    bool sent_ = false;
    std::string time_;
    std::optional<Endpoint> from_, to_;
    Buffer payload_;
};

class Fortigate {
public:
    Fortigate(const std::string& name, Timestamp latest) : packets_("FortiGate log", name, latest) {}

    void line(std::string_view line, std::size_t number) {
        const auto text = trimmed(line);
        const auto record = fortigate_record(line);
        if (!record) {
            if (!text.empty() && !all_hex(text))
                direction_ = Direction::none;
            else if (direction_ != Direction::none)
                hex_.add(text);
            return;
        }
        if (record->text.starts_with("sent IKE msg ")) return ends(*record);
        finish();
        if (record->text.starts_with("comes ")) {
            const auto route = record->text.substr(6, record->text.find(',') - 6);
            from_ = endpoint(route.substr(0, route.find("->")));
            to_ = endpoint(between(route, "->").value_or(""));
        } else if (record->text.starts_with("in ") || record->text == "in" || record->text.starts_with("out ") ||
                   record->text == "out") {
            direction_ = record->text[0] == 'i' ? Direction::in : Direction::out;
            hex_.add(trimmed(record->text.substr(direction_ == Direction::in ? 2 : 3)));
            time_ = record->time;
            line_ = number;
        }
    }
    void finish() {
        if (std::exchange(direction_, Direction::none) == Direction::in)
            emit(from_, to_, false);
        else if (hex_.digits() > 0)
            packets_.note(line_, "it is not said to whom this packet was sent (sent IKE msg); it was passed over.");
        hex_.clear();
    }
    PacketLog take() { return packets_.take(); }

private:
    enum class Direction : std::uint8_t { none, in, out };

    /// "sent IKE msg (ident_i1send): A:500->B:500, len=296, id=…"
    void ends(const FortigateRecord& record) {
        const auto route = between(record.text, "): ", ",").value_or("");
        if (std::exchange(direction_, Direction::none) == Direction::out)
            emit(endpoint(route.substr(0, route.find("->"))), endpoint(between(route, "->").value_or("")), true);
        hex_.clear();
    }
    void emit(std::optional<Endpoint> from, std::optional<Endpoint> to, bool sent) {
        const auto bytes = hex_.take();
        if (!bytes) return packets_.note(line_, "a packet that is cut within a byte was passed over.");
        packets_.add(time_, from, to, Buffer(bytes->reveal().begin(), bytes->reveal().end()), line_, sent);
    }

    Packets packets_;
    Direction direction_ = Direction::none;
    HexCollector hex_{std::size_t{2} * 65'535};
    std::string time_;
    std::size_t line_ = 0;
    std::optional<Endpoint> from_, to_;
};

template <class Reader>
PacketLog read_lines(std::string_view text, const std::string& name, Timestamp latest) {
    Reader reader(name, latest);
    Lines lines(text);
    for (std::string_view line; lines.next(line);)
        reader.line(line.ends_with('\r') ? line.substr(0, line.size() - 1) : line, lines.number());
    reader.finish();
    return reader.take();
}

PacketLog read_charon(std::string_view text, const std::string& name, Timestamp latest) {
    Charon reader(name, latest);
    walk_charon_log(text, reader);
    return reader.take();
}

// The formats that carry packets: a column of weights for recognising, one of readers.
constexpr Weight weights[] = {weigh_charon, weigh_libreswan, weigh_fortigate};
constexpr PacketLog (*readers[])(std::string_view, const std::string&, Timestamp) = {read_charon, read_lines<Libreswan>,
                                                                                     read_lines<Fortigate>};

} // namespace

Result<PacketLog> read_logged_packets(std::string_view text, const std::string& name, Timestamp latest) {
    std::string buffer;
    const auto plain = plain_text(text, name, buffer);
    if (!plain) return plain.error();
    const auto which = heaviest(*plain, weights);
    if (!which)
        return Error{fmt::format("{}: it is no log that carries packets; known are charon (net = 3, enc = 3), "
                                 "libreswan (plutodebug=all) and "
                                 "FortiGate (diagnose debug application ike -1)",
                                 name)};
    return readers[*which](*plain, name, latest);
}

} // namespace ikescope::secrets
