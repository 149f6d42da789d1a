// strongSwan's charon, log level 4: which of its dumps are secrets. charon_lines.hpp reads the lines.

#include "secrets/charon_children.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

enum class Use : std::uint8_t { shared, additional, psk, ppk, skeyid, skeyid_e, ka, sk };

struct Label {
    std::string_view text;
    Use use;
    Secret Ikev2Key::*sk = nullptr; ///< of Use::sk
};
// libcharon: keymat_v1.c, keymat_v2.c, psk_authenticator.c; "key exchange secret" since 6.0.
constexpr Label labels[] = {
    {"shared Diffie Hellman secret", Use::shared},
    {"key exchange secret", Use::shared},
    {"DH secret", Use::shared}, // of Quick Mode and CREATE_CHILD_SA
    {"additional key exchange secret", Use::additional}, // RFC 9370, since 6.0
    {"secret", Use::psk},
    {"PPK", Use::ppk}, // RFC 8784
    {"SKEYID", Use::skeyid},
    {"SKEYID_e", Use::skeyid_e},
    {"encryption key Ka", Use::ka},
    {"Sk_d secret", Use::sk, &Ikev2Key::d},
    {"Sk_ai secret", Use::sk, &Ikev2Key::ai},
    {"Sk_ar secret", Use::sk, &Ikev2Key::ar},
    {"Sk_ei secret", Use::sk, &Ikev2Key::ei},
    {"Sk_er secret", Use::sk, &Ikev2Key::er},
    {"Sk_pi secret", Use::sk, &Ikev2Key::pi},
    {"Sk_pr secret", Use::sk, &Ikev2Key::pr},
};
constexpr std::size_t most_bytes = 4'096; ///< of one secret; MODP 8192 has 1024

const Label* find(std::string_view text) {
    const auto at = std::ranges::find(labels, text, &Label::text);
    return at == std::end(labels) ? nullptr : at;
}

class Reader : public CharonListener {
public:
    Reader(const std::string& name, Store& store) : harvest_("charon log", name, store), children_(harvest_) {}

    void said(const CharonRecord& record) override {
        const auto text = trimmed(record.text);
        fields_ = fields_ || text.starts_with("MESSAGE=");
        established_ = established_ || (text.starts_with("IKE_SA ") && text.find(" established between ") != text.npos);
        children_.said(record);
    }
    void dumped(CharonDump dump) override {
        dumps_ = true;
        if (dump.label == "HASH_I data" || dump.label.starts_with("octets = message + nonce")) return name_sa(dump);
        const bool of_child = children_.dumped(dump);
        const auto* label = find(dump.label);
        if (of_child || !label || dump.size > most_bytes) return;
        const auto line = dump.line;
        Secret value(std::move(dump.bytes));
        switch (label->use) {
        case Use::shared: shared(dump.label == "DH secret" ? std::string() : number_of(dump), std::move(value), line); break;
        case Use::psk: psk(number_of(dump), std::move(value), line); break;
        case Use::skeyid: harvest_.ikev1(std::move(value), Ikev1Key::Form::skeyid, line); break;
        case Use::skeyid_e: harvest_.ikev1(std::move(value), Ikev1Key::Form::skeyid_e, line); break;
        case Use::ka: harvest_.ikev1(std::move(value), Ikev1Key::Form::ka, line); break;
        case Use::ppk: harvest_.extra(std::move(value), Ikev2Extra::Form::ppk, line); break;
        case Use::additional: harvest_.extra(std::move(value), Ikev2Extra::Form::additional, line); break;
        case Use::sk: take_sk(dump.thread, label->sk, std::move(value), line); break;
        }
    }
    void cut(const CharonDump& dump) override {
        if (find(dump.label))
            harvest_.note(dump.line, fmt::format("a dump of {} bytes ends after {} and was passed over.", dump.size,
                                                 dump.bytes.size()));
    }
    Report report() {
        for (auto& [sa, secret] : unnamed_) keep(std::move(secret));
        unnamed_.clear();
        if (harvest_.read() == 0) harvest_.note(why_nothing());
        return harvest_.take();
    }

private:
    std::string_view why_nothing() const {
        if (fields_)
            return "no key material can be read from journalctl -o export or -o verbose; write the log with -o short or "
                   "-o json.";
        if (dumps_ && !established_)
            return "no key material is in it: there are dumps of level 3 and above, but no IKE_SA came as far as making "
                   "keys, or else ike and chd are not at level 4 (ike = 4, chd = 4, enc = 3).";
        return "no key material is in it; charon prints it at level 4 only (ike = 4, chd = 4, enc = 3).";
    }
    /// A g^xy whose SA is not known yet.
    struct Unnamed {
        Secret value;
        std::size_t line = 0;
    };
    /// What AUTH is made of, as far as it tells the SA and the side.
    struct SignedOctets {
        std::array<Byte, 8> initiator_spi{};
        bool of_initiator = false;
    };
    void keep(Unnamed secret, std::optional<std::array<Byte, 8>> spi = {}) {
        harvest_.dh(std::move(secret.value), DhSecret::Form::shared, secret.line, spi);
    }
    /// g^xy of an IKE SA waits for what is computed of it next and has the initiator's SPI in it. Without the name of
    /// an IKE_SA in the lines that cannot be known.
    void shared(const std::string& sa, Secret value, std::size_t line) {
        Unnamed secret{std::move(value), line};
        if (sa.empty()) return keep(std::move(secret));
        constexpr std::size_t most = 65'536;
        auto at = unnamed_.find(sa);
        if (at != unnamed_.end())
            keep(std::exchange(at->second, std::move(secret)));
        else if (unnamed_.size() < most)
            unnamed_.emplace(sa, std::move(secret));
        else
            keep(std::move(secret));
    }
    /// The octets that the key signs stand before it.
    void psk(const std::string& sa, Secret value, std::size_t line) {
        const auto octets = signed_octets_.find(sa);
        if (octets == signed_octets_.end()) return harvest_.psk(std::move(value), line);
        harvest_.psk_use(std::move(value), line, octets->second.initiator_spi, octets->second.of_initiator);
    }
    /// HASH_I data = g^xi | g^xr | CKY-I | CKY-R | …; octets = message (an IKE_SA_INIT) | nonce | ….
    void name_sa(const CharonDump& dump) {
        constexpr std::size_t flags = 19;
        constexpr Byte initiator = 0x08; // RFC 7296 3.1
        if (dump.label.front() == 'o' && dump.bytes.size() >= 28) {
            auto& octets = signed_octets_[number_of(dump)];
            std::ranges::copy(Bytes(dump.bytes).first(8), octets.initiator_spi.begin());
            octets.of_initiator = (dump.bytes[flags] & initiator) != 0;
        }
        const auto at = unnamed_.find(number_of(dump));
        if (at == unnamed_.end()) return;
        const auto spi = spi_in(dump, at->second.value.size());
        if (!spi) return;
        keep(std::move(at->second), spi);
        unnamed_.erase(at);
    }
    /// A public value is as long as g^xy, or twice as long (RFC 5903); SAi_b begins with the DOI, 1.
    static std::optional<std::array<Byte, 8>> spi_in(const CharonDump& dump, std::size_t shared_size) {
        const Bytes data(dump.bytes);
        const auto at = [&](std::size_t offset) {
            std::array<Byte, 8> spi{};
            std::ranges::copy(data.subspan(offset, 8), spi.begin());
            return spi;
        };
        if (dump.label.front() == 'o') return data.size() < 28 ? std::nullopt : std::optional(at(0));
        for (const auto offset : {2 * shared_size, 4 * shared_size})
            if (data.size() >= offset + 20 && big_endian(data.subspan(offset + 16, 4)) == 1) return at(offset);
        return std::nullopt;
    }
    /// "lab|6" and "6" are one IKE_SA of a daemon: its name is not known at first. Empty where no SA is named.
    static std::string number_of(const CharonDump& dump) {
        const auto number = dump.sa.substr(dump.sa.rfind('|') + 1);
        return number.empty() ? number : dump.daemon + number;
    }

    /// A set begins with SK_d and ends with SK_pr (keymat_v2.c); an AEAD has no SK_a.
    void take_sk(const std::string& thread, Secret Ikev2Key::*which, Secret value, std::size_t line) {
        if (which == &Ikev2Key::d) {
            auto& begun = sets_[thread] = {};
            begun.any_sa = true;
            begun.origin = harvest_.origin(line);
        }
        const auto set = sets_.find(thread);
        if (set == sets_.end()) return;
        set->second.*which = std::move(value);
        if (which != &Ikev2Key::pr) return;
        if (!set->second.ei.empty() && !set->second.er.empty()) harvest_.ikev2(std::move(set->second));
        sets_.erase(set);
    }

    Harvest harvest_;
    CharonChildren children_;
    bool fields_ = false, dumps_ = false, established_ = false; ///< seen: a field of the journal, a dump, an IKE_SA
    std::map<std::string, Ikev2Key, std::less<>> sets_; ///< begun, per thread
    std::map<std::string, Unnamed> unnamed_;            ///< per IKE_SA
    std::map<std::string, SignedOctets> signed_octets_; ///< per IKE_SA, the last ones
};

} // namespace

Result<Report> read_charon_log(std::string_view text, const std::string& name, Store& store) {
    Reader reader(name, store);
    walk_charon_log(text, reader);
    return reader.report();
}

} // namespace ikescope::secrets
