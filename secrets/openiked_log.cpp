// OpenBSD's iked -dvvv, in the order of ikev2.c (ikev2_sa_keys): the digits follow in blocks of eight, 32 bytes a line.
//
//     spi=0x7f2b94005700aabb: ikev2_sa_keys: DHSECRET with 32 bytes
//     a1b2c3d4 …
//     ikev2_sa_keys: SK_ei with 16 bytes
//     675bd6aa …

#include "secrets/formats.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

struct Label {
    std::string_view name;
    Secret Ikev2Key::*sk; ///< nullptr: no part of a set
};
constexpr Label labels[] = {
    {"DHSECRET", nullptr},    {"SKEYSEED", nullptr},    {"S", nullptr},           {"SK_d", &Ikev2Key::d},
    {"SK_ai", &Ikev2Key::ai}, {"SK_ar", &Ikev2Key::ar}, {"SK_ei", &Ikev2Key::ei}, {"SK_er", &Ikev2Key::er},
    {"SK_pi", &Ikev2Key::pi}, {"SK_pr", &Ikev2Key::pr},
};

struct Head {
    const Label* label;
    std::size_t bytes;
    std::optional<std::array<Byte, 8>> spi;
};

/// "spi=0x…: FUNCTION: LABEL with N bytes"
std::optional<Head> head_of(std::string_view line) {
    const auto with = line.rfind(" with ");
    if (with == std::string_view::npos || !line.ends_with(" bytes")) return std::nullopt;
    const auto bytes = number<std::size_t>(line.substr(with + 6, line.size() - 6 - (with + 6)));
    const auto colon = line.substr(0, with).rfind(": ");
    const auto name = line.substr(colon == std::string_view::npos ? 0 : colon + 2,
                                  with - (colon == std::string_view::npos ? 0 : colon + 2));
    const auto label = std::ranges::find(labels, name, &Label::name);
    if (!bytes || label == std::end(labels)) return std::nullopt;
    const auto spi = between(line, "spi=0x", ":");
    return Head{label, *bytes, spi ? exactly<8>(*spi) : std::nullopt};
}

class Reader {
public:
    Reader(const std::string& name, Store& store) : harvest_("iked log", name, store) {}

    void line(std::string_view text, std::size_t number) {
        text = trimmed(text);
        if (head_ && is_hex_blocks(text)) {
            hex_.add(text);
            if (hex_.digits() >= 2 * head_->bytes) finish();
            return;
        }
        finish();
        head_ = head_of(text);
        line_ = number;
        if (head_ && (head_->bytes == 0 || head_->bytes > most_bytes)) head_.reset();
    }
    Report report() {
        finish();
        end_set();
        if (harvest_.read() == 0 && set_line_ == 0)
            harvest_.note("no key material is in it; iked prints it with three -v (iked -dvvv).");
        return harvest_.take();
    }

private:
    static constexpr std::size_t most_bytes = 4'096;

    void finish() {
        if (!head_) return;
        const auto head = *std::exchange(head_, std::nullopt);
        auto value = hex_.digits() == 2 * head.bytes ? hex_.take() : std::nullopt;
        hex_.clear();
        if (!value)
            return harvest_.note(line_, fmt::format("the {} bytes of {} are not all there and were passed over.",
                                                    head.bytes, head.label->name));
        if (head.label->name == "DHSECRET")
            return harvest_.dh(std::move(*value), DhSecret::Form::shared, line_, head.spi);
        if (!head.label->sk) return;
        if (head.label->sk == &Ikev2Key::d) end_set();
        if (!set_) { // also a log whose beginning is missing
            set_.emplace().any_sa = true;
            set_->origin = harvest_.origin(line_);
            set_line_ = line_;
        }
        set_.value().*head.label->sk = std::move(*value);
        if (head.label->sk == &Ikev2Key::pr) end_set();
    }
    void end_set() {
        if (!set_) return;
        auto set = *std::exchange(set_, std::nullopt);
        const bool cut = set.d.empty(), encryption = !set.ei.empty() && !set.er.empty();
        if (cut && (!encryption || set.ai.empty() != set.ar.empty()))
            return harvest_.note(set_line_,
                                 "the log begins, or breaks off, within this set of keys, and what is left of it opens "
                                 "nothing; it was passed over.");
        if (!set.ei.empty() || !set.er.empty()) harvest_.ikev2(std::move(set));
    }

    Harvest harvest_;
    std::optional<Head> head_;
    std::size_t line_ = 0, set_line_ = 0;
    HexCollector hex_;
    std::optional<Ikev2Key> set_;
};

} // namespace

unsigned weigh_openiked(std::string_view line) {
    line = trimmed(line);
    if (line.find("ikev2_sa_keys: ") != std::string_view::npos) return 10;
    return line.starts_with("spi=0x") && line.find(": ikev2_") != std::string_view::npos ? 3 : 0;
}

Result<Report> read_openiked_log(std::string_view text, const std::string& name, Store& store) {
    Reader reader(name, store);
    Lines lines(text);
    for (std::string_view line; lines.next(line);) reader.line(line, lines.number());
    return reader.report();
}

} // namespace ikescope::secrets
