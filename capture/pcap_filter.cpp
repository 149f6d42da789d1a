#include "capture/pcap_filter.hpp"

#include "capture/reader_state.hpp"

#include <fmt/format.h>

#include <pcap/pcap.h>

namespace ikescope::capture {
namespace {

/// LINKTYPE_ values of files are DLT_ values of libpcap but for a few old ones (pcap-common.c, tcpdump.org/linktypes.html).
int data_link(std::uint16_t link_type) {
    switch (link_type) {
    case 50: return DLT_PPP_SERIAL;
    case 51: return DLT_PPP_ETHER;
    case 100: return DLT_ATM_RFC1483;
    case 12:
    case 14:
    case 101: return DLT_RAW;
    default: return link_type;
    }
}

} // namespace

struct PacketFilter::Programs {
    struct Program {
        std::uint16_t link_type;
        bool usable;
        bpf_program code;
    };
    std::string expression;
    std::vector<Program> programs;
    std::optional<Error> problem;

    explicit Programs(std::string text) : expression(std::move(text)) {}
    Programs(const Programs&) = delete;
    Programs& operator=(const Programs&) = delete;
    ~Programs() {
        for (auto& program : programs)
            if (program.usable) pcap_freecode(&program.code);
    }

    /// The program for a link type, or libpcap's complaint.
    std::optional<std::string> add(std::uint16_t link_type) {
        const std::unique_ptr<pcap_t, decltype(&pcap_close)> dead(pcap_open_dead(data_link(link_type), int{longest_frame}), &pcap_close);
        programs.push_back({link_type, false, {}});
        if (!dead) return "libpcap cannot be started";
        auto& program = programs.back();
        program.usable = pcap_compile(dead.get(), &program.code, expression.c_str(), 1, PCAP_NETMASK_UNKNOWN) == 0;
        return program.usable ? std::nullopt : std::optional<std::string>(pcap_geterr(dead.get()));
    }
    const Program& of(std::uint16_t link_type) {
        for (const auto& program : programs)
            if (program.link_type == link_type) return program;
        if (auto complaint = add(link_type); complaint && !problem)
            problem = Error{fmt::format("capture filter '{}' has no meaning on {}: {}; frames of that kind are left out", expression,
                                        link_type_name(link_type), *complaint)};
        return programs.back();
    }
};

PacketFilter::PacketFilter(std::unique_ptr<Programs> programs) : programs_(std::move(programs)) {}
PacketFilter::PacketFilter(PacketFilter&&) noexcept = default;
PacketFilter& PacketFilter::operator=(PacketFilter&&) noexcept = default;
PacketFilter::~PacketFilter() = default;

Result<PacketFilter> PacketFilter::compile(const std::string& expression) {
    auto programs = std::make_unique<Programs>(expression);
    if (auto complaint = programs->add(DLT_EN10MB))
        return Error{fmt::format("capture filter '{}': {}; -f takes libpcap's language (man pcap-filter), -Y Wireshark's", expression, *complaint)};
    return PacketFilter(std::move(programs));
}

bool PacketFilter::matches(const Frame& frame) {
    const auto& program = programs_->of(frame.link_type);
    if (!program.usable) return false;
    pcap_pkthdr header{};
    header.caplen = static_cast<bpf_u_int32>(frame.bytes.size());
    header.len = frame.original_length;
    return pcap_offline_filter(&program.code, &header, frame.bytes.data()) != 0;
}

const std::optional<Error>& PacketFilter::problem() const { return programs_->problem; }

std::string link_type_name(std::uint16_t link_type) {
    const auto link = data_link(link_type);
    const auto* name = pcap_datalink_val_to_name(link);
    if (name == nullptr) return fmt::format("link type {}", link_type);
    const auto* description = pcap_datalink_val_to_description(link);
    return description ? fmt::format("{} ({})", name, description) : std::string(name);
}

} // namespace ikescope::capture
