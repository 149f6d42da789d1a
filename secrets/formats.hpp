#pragma once
// The readers behind read_secrets(). A new format is a pair of functions here and a row in read.cpp.

#include "secrets/read.hpp"
#include "secrets/text.hpp"

namespace ikescope::secrets {

/// How much a line speaks for a format: 0 nothing, 1 a hint, 3 typical, 10 nothing else looks like that.
using Weight = unsigned (*)(std::string_view line);
using Read = Result<Report> (*)(std::string_view text, const std::string& name, Store& store);

/// The weight that is the greatest over all lines of a text, at equal weight the first; nothing when all are 0.
std::optional<std::size_t> heaviest(std::string_view text, std::span<const Weight> weights);

unsigned weigh_toml(std::string_view line);
Result<Report> read_toml(std::string_view text, const std::string& name, Store& store);

unsigned weigh_charon(std::string_view line);
Result<Report> read_charon_log(std::string_view text, const std::string& name, Store& store);

unsigned weigh_libreswan(std::string_view line);
Result<Report> read_libreswan_log(std::string_view text, const std::string& name, Store& store);

unsigned weigh_racoon(std::string_view line);
Result<Report> read_racoon_log(std::string_view text, const std::string& name, Store& store);

unsigned weigh_fortigate(std::string_view line);
Result<Report> read_fortigate_log(std::string_view text, const std::string& name, Store& store);

unsigned weigh_openiked(std::string_view line);
Result<Report> read_openiked_log(std::string_view text, const std::string& name, Store& store);

unsigned weigh_wireshark(std::string_view line);
Result<Report> read_wireshark_tables(std::string_view text, const std::string& name, Store& store);

unsigned weigh_xfrm(std::string_view line);
Result<Report> read_xfrm_state(std::string_view text, const std::string& name, Store& store);

unsigned weigh_setkey(std::string_view line);
Result<Report> read_setkey(std::string_view text, const std::string& name, Store& store);

unsigned weigh_tcpdump(std::string_view line);
Result<Report> read_tcpdump_keys(std::string_view text, const std::string& name, Store& store);

unsigned weigh_cisco_keys(std::string_view line);
Result<Report> read_cisco_keys(std::string_view text, const std::string& name, Store& store);

// Known, but they never hold a key: the report says so, and what to do.
unsigned weigh_cisco(std::string_view line);
Result<Report> read_cisco_debug(std::string_view text, const std::string& name, Store& store);
unsigned weigh_junos(std::string_view line);
Result<Report> read_junos_trace(std::string_view text, const std::string& name, Store& store);
unsigned weigh_windows(std::string_view line);
Result<Report> read_windows_trace(std::string_view text, const std::string& name, Store& store);
unsigned weigh_psk_crack(std::string_view line);
Result<Report> read_psk_crack(std::string_view text, const std::string& name, Store& store);

/// Puts what a reader finds into the store, counts it, and keeps the notes in bounds.
class Harvest {
public:
    Harvest(std::string format, const std::string& name, Store& store) : name_(name), store_(store) {
        report_.format = std::move(format);
    }

    Origin origin(std::size_t line) const { return {place(name_, line), true, name_}; }
    /// A pre-shared key that the source repeats is one.
    void psk(Secret key, std::size_t line);
    /// As psk(), and the source tells whose AUTH it was for.
    void psk_use(Secret key, std::size_t line, const std::array<Byte, 8>& initiator_spi, bool of_initiator);
    void dh(Secret value, DhSecret::Form form, std::size_t line, std::optional<std::array<Byte, 8>> initiator_spi = {});
    void ikev1(Secret value, Ikev1Key::Form form, std::size_t line, std::optional<std::array<Byte, 8>> cookie = {});
    /// The origin must be set, here and below.
    void ikev2(Ikev2Key key);
    /// A cipher's key of no bytes is none: it is told and passed over.
    void esp(EspKey key);
    void extra(Secret value, Ikev2Extra::Form form, std::size_t line);
    /// "NAME line LINE: TEXT"; without a line "NAME: TEXT".
    void note(std::size_t line, std::string_view text);
    void note(std::string_view text) { note(0, text); }
    /// How many secrets were read; the report counts those that the store did not have yet.
    std::size_t read() const { return read_; }
    Report take() { return std::move(report_); }
    Report& report() { return report_; }

private:
    static constexpr std::size_t most_notes = 100;
    void count(std::size_t& kind, bool is_new);
    void note_at(std::string_view where, std::string_view text);

    const std::string& name_;
    Store& store_;
    Report report_;
    std::size_t read_ = 0;
};

} // namespace ikescope::secrets
