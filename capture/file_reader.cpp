#include "capture/file_reader.hpp"

#include <fmt/format.h>

namespace ikescope::capture {
namespace {

/// Enough to recognise every format and compression below.
constexpr std::size_t head_size = 64;

/// Reads until `head_size` bytes are there or the source ends.
Result<Buffer> read_head(ByteSource& source) {
    Buffer head(head_size);
    std::size_t have = 0;
    while (have < head.size()) {
        auto got = source.read(std::span(head).subspan(have));
        if (!got) return got.error();
        if (*got == 0) break;
        have += *got;
    }
    head.resize(have);
    return head;
}

struct Lookalike {
    std::string_view magic;
    std::string_view what;
};
constexpr Lookalike lookalikes[] = {
    {"snoop\0\0\0", "a Sun snoop capture; convert it with `editcap -F pcapng`"},     // RFC 1761
    {"RTSS", "a Microsoft Network Monitor 1 capture; convert it with `editcap -F pcapng`"},
    {"GMBU", "a Microsoft Network Monitor capture; convert it with `editcap -F pcapng`"},
    {"TRSNIFF data", "a Sniffer capture; convert it with `editcap -F pcapng`"},
    {"XCP\0", "a NetXRay capture; convert it with `editcap -F pcapng`"},
    {"\x7fver", "an EtherPeek capture; convert it with `editcap -F pcapng`"},
    {"btsnoop\0", "a Bluetooth capture, which holds no IKE"},
    {"\x04\x22\x4d\x18", "compressed with lz4; unpack it first"},
    {"\xfd"
     "7zXZ",
     "compressed with xz; unpack it first"},
    {"BZh", "compressed with bzip2; unpack it first"},
    {"PK\x03\x04", "a ZIP archive; unpack it first"},
};

bool looks_like_text(Bytes head) {
    return std::ranges::all_of(head, [](Byte byte) { return byte >= 0x20 ? byte != 0x7f : byte == '\n' || byte == '\r' || byte == '\t'; });
}

Error not_a_capture(const std::string& name, Bytes head) {
    if (head.empty()) return {name + " is empty; a capture has at least a file header"};
    for (const auto& row : lookalikes)
        if (text_of(head).starts_with(row.magic)) return {fmt::format("{} is {}", name, row.what)};
    if (looks_like_text(head))
        return {name + " is text, not a capture; `ikescope import` reads logs that carry packets, `text2pcap` reads hex dumps"};
    return {fmt::format("{} is neither pcap nor pcapng (it begins with {}); name a capture file", name,
                        hex(head.first(std::min<std::size_t>(head.size(), 4)), " "))};
}

} // namespace

bool ReaderState::stop(std::string_view how, std::uint64_t where, std::string_view what) {
    problem = Error{fmt::format("{} {} at byte {}{} (after packet {}): {}; what stands before is used, the rest is lost unless "
                                "the file can be copied or captured again", facts.name, how, where,
                                facts.compression.empty() ? "" : " of its unpacked content", facts.packets, what)};
    return false;
}

Result<FileReader> FileReader::open(const std::string& path, std::uint32_t index, std::size_t window) {
    auto source = open_file(path);
    if (!source) return source.error();
    return start(std::move(*source), path == "-" ? "standard input" : path, index, window);
}

Result<FileReader> FileReader::from_memory(Bytes bytes, std::string name, std::uint32_t index, std::size_t window) {
    return start(memory_source(bytes), std::move(name), index, window);
}

Result<FileReader> FileReader::start(std::unique_ptr<ByteSource> source, std::string name, std::uint32_t index,
                                     std::size_t window) {
    auto head = read_head(*source);
    if (!head) return Error{name + " cannot be read: " + head.error().sentence};
    const auto compression = compression_of(*head);
    if (!compression.empty()) {
        source = unpack(std::move(source), std::move(*head));
        head = read_head(*source);
        if (!head) return Error{name + " cannot be unpacked: " + head.error().sentence};
    }
    auto state = std::make_unique<ReaderState>(ReaderState{Window(std::move(source), *head, window), index, {}, {}, 0});
    state->facts.name = std::move(name);
    state->facts.compression = compression;
    if (auto classic = ClassicFormat::recognise(*head)) {
        if (auto error = classic->begin(*state)) return *error;
        return FileReader(std::move(state), *classic);
    }
    if (!PcapngFormat::recognise(*head)) return not_a_capture(state->facts.name, *head);
    PcapngFormat format;
    if (auto error = format.begin(*state)) return *error;
    return FileReader(std::move(state), std::move(format));
}

} // namespace ikescope::capture
