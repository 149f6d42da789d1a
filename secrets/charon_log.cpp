// strongSwan's charon, log level 4: which of its dumps are secrets. charon_lines.hpp reads the lines.

#include "secrets/charon_children.hpp"

#include <fmt/format.h>

namespace ikescope::secrets {
namespace {

enum class Use : std::uint8_t { shared, psk, skeyid, skeyid_e, ka, sk };

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
    {"secret", Use::psk},
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

    void said(const CharonRecord& record) override { children_.said(record); }
    void dumped(CharonDump dump) override {
        const bool of_child = children_.dumped(dump);
        const auto* label = find(dump.label);
        if (of_child || !label || dump.size > most_bytes) return;
        const auto line = dump.line;
        Secret value(std::move(dump.bytes));
        switch (label->use) {
        case Use::shared: harvest_.dh(std::move(value), DhSecret::Form::shared, line); break;
        case Use::psk: harvest_.psk(std::move(value), line); break;
        case Use::skeyid: harvest_.ikev1(std::move(value), Ikev1Key::Form::skeyid, line); break;
        case Use::skeyid_e: harvest_.ikev1(std::move(value), Ikev1Key::Form::skeyid_e, line); break;
        case Use::ka: harvest_.ikev1(std::move(value), Ikev1Key::Form::ka, line); break;
        case Use::sk: take_sk(dump.thread, label->sk, std::move(value), line); break;
        }
    }
    void cut(const CharonDump& dump) override {
        if (find(dump.label))
            harvest_.note(dump.line, fmt::format("a dump of {} bytes ends after {} and was passed over.", dump.size,
                                                 dump.bytes.size()));
    }
    Report report() {
        if (harvest_.found() == 0)
            harvest_.note("no key material is in it; charon prints it at level 4 only (ike = 4, chd = 4, enc = 3).");
        return harvest_.take();
    }

private:
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
    std::map<std::string, Ikev2Key, std::less<>> sets_; ///< begun, per thread
};

} // namespace

Result<Report> read_charon_log(std::string_view text, const std::string& name, Store& store) {
    Reader reader(name, store);
    walk_charon_log(text, reader);
    return reader.report();
}

} // namespace ikescope::secrets
