#include "secrets/charon_children.hpp"

#include "secrets/esp_names.hpp"

namespace ikescope::secrets {
namespace {

constexpr Byte protocol_esp = 3;
constexpr std::size_t most_threads = 1'024;

/// Whose key a dump is: index into the pairs of Child.
struct KeyLabel {
    std::string_view text;
    bool integrity;
    std::size_t side;
};
constexpr KeyLabel key_labels[] = {
    {"encryption initiator key", false, 0},
    {"encryption responder key", false, 1},
    {"integrity initiator key", true, 0},
    {"integrity responder key", true, 1},
};

} // namespace

void CharonChildren::said(const CharonRecord& record) {
    const auto text = trimmed(record.text);
    const bool parsed = text.starts_with("parsed ");
    if (!parsed && !text.starts_with("using ") && !text.starts_with("adding ") && !text.starts_with("SPI 0x")) return;
    if (children_.size() >= most_threads && !children_.contains(record.thread)) return;
    auto& child = children_[std::string(record.thread)];
    if (parsed) {
        const bool response = text.find(" response ") != std::string_view::npos;
        if (response || text.find(" request ") != std::string_view::npos) child.initiator = response;
        // charon calls every message of Quick Mode a request; its second comes to whoever began.
        if (text.find("QUICK_MODE") != std::string_view::npos) child.initiator.reset();
    } else if (const auto cipher = between(text, "using ", " for encryption");
               cipher && text.ends_with("for encryption")) {
        const auto initiator = child.initiator;
        child = {};
        child.initiator = initiator;
        child.encryption = esp_encryption(Dialect::charon, *cipher).value_or(0);
        if (child.encryption == 0)
            harvest_.note(record.line, "the cipher of this Child SA is not known; its keys are passed over.");
    } else if (const auto mac = between(text, "using ", " for integrity"); mac && text.ends_with("for integrity")) {
        child.integrity = esp_integrity(Dialect::charon, *mac).value_or(0);
    } else if (text == "adding inbound ESP SA" || text == "adding outbound ESP SA") {
        child.inbound = text == "adding inbound ESP SA";
    } else if (text.starts_with("SPI 0x") && child.inbound) {
        spi(child, text.substr(6), record);
    }
}

bool CharonChildren::dumped(CharonDump& dump) {
    if (dump.label == "initiator SA seed" || dump.label == "responder SA seed") {
        auto& child = children_[dump.thread];
        const auto at = child.shared_size;
        if (dump.bytes.size() >= at + 5 && dump.bytes[at] == protocol_esp)
            child.spi[dump.label.front() == 'i' ? 0 : 1] =
                static_cast<std::uint32_t>(big_endian(Bytes(dump.bytes).subspan(at + 1, 4)));
        return true;
    }
    if (dump.label == "DH secret") children_[dump.thread].shared_size = dump.size; // also a secret of its own
    for (const auto& label : key_labels) {
        if (label.text != dump.label) continue;
        auto& child = children_[dump.thread];
        if (child.line == 0) child.line = dump.line;
        (label.integrity ? child.integrity_key : child.encryption_key)[label.side] = Secret(std::move(dump.bytes));
        return true;
    }
    return false;
}

/// "7c1098ca, src 10.77.0.2 dst 10.77.0.1"
void CharonChildren::spi(Child& child, std::string_view text, const CharonRecord& record) {
    const auto value = number<std::uint32_t>(text.substr(0, text.find(',')), 16);
    const bool inbound = *std::exchange(child.inbound, std::nullopt);
    if (!value || child.line == 0 || child.encryption == 0) return;
    std::size_t side = 2;
    for (const std::size_t i : {0U, 1U})
        if (child.spi[i] == value) side = i;
    if (side == 2 && child.initiator) side = inbound == *child.initiator ? 1 : 0;
    if (side == 2)
        return harvest_.note(record.line, "it cannot be told which of the printed keys this SPI has, as the log does "
                                          "not say who began the exchange (enc = 1).");
    EspKey key;
    key.spi = value;
    auto rest = between(text, "src ").value_or("");
    key.source = IpAddress::parse(std::string(next_word(rest)));
    key.destination = IpAddress::parse(std::string(between(rest, "dst ").value_or("")));
    key.encryption = child.encryption;
    key.integrity = child.integrity;
    key.encryption_key = child.encryption_key[side];
    key.integrity_key = child.integrity_key[side];
    measure_key(key);
    key.origin = harvest_.origin(child.line);
    harvest_.esp(std::move(key));
}

} // namespace ikescope::secrets
