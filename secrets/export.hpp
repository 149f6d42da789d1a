#pragma once
// Keys on their way out: what a capture and its secrets gave, in the formats of other programs.

#include "crypto/algorithms.hpp"
#include "secrets/store.hpp"

namespace ikescope::secrets {

/// Everything that can be handed on, one entry per SA. `name` is what warnings call it ("SA 3").
struct Derived {
    struct Ikev1Sa {
        std::string name;
        Ikev1Key key; ///< Form::ka
        crypto::CipherId cipher = crypto::CipherId::aes_cbc;
        bool two_keys = false;          ///< the ends opened under different keys; `key` is the initiator's
        bool from_the_beginning = true; ///< both KE payloads are in the capture
        bool repetitions = false;       ///< an encrypted message was sent again
        bool tcp = false;               ///< it came by TCP
        bool interleaved = false;       ///< fragments of a message stand between those of another SA's
    };
    struct Ikev2Sa {
        std::string name;
        Ikev2Key key;            ///< with its algorithms
        bool tcp = false;        ///< it came by TCP
        bool disordered = false; ///< fragments of a message came in another order than that of their numbers
        bool second_set = false; ///< another entry has the same SPIs
        bool changed = false; ///< an additional key exchange changed the keys (RFC 9370 2.2.2); `key` has the last ones
    };
    struct EspSa {
        std::string name;
        EspKey key;                               ///< with addresses, SPI and algorithms
        std::uint16_t from_port = 0, to_port = 0; ///< UDP encapsulation; 0: none
        bool tcp = false;                         ///< encapsulated in TCP (RFC 9329) instead
        bool transport = false;
    };
    /// Aggressive Mode: what HASH_R is made of (RFC 2409 section 5), payload bodies as on the wire.
    struct Proof {
        std::string name;
        std::uint32_t hash = 0; ///< Hash Algorithm attribute (RFC 2409 appendix A): 1 MD5, 2 SHA
        Buffer responder_public, initiator_public, responder_cookie, initiator_cookie, sa_body, responder_id,
            initiator_nonce, responder_nonce, hash_r;
    };
    std::vector<Ikev1Sa> ikev1;
    std::vector<Ikev2Sa> ikev2;
    std::vector<EspSa> esp;
    std::vector<Proof> proofs;
};

struct ExportedFile {
    std::string name; ///< relative
    std::string text;
};
/// What one format makes of it. Warnings are whole sentences: what the program will miss, and why.
struct Export {
    std::vector<ExportedFile> files;
    std::vector<std::string> warnings;
    std::string usage;       ///< how the program takes the files
    std::size_t entries = 0; ///< lines with something in them
};

/// A configuration profile: ikev1_decryption_table, ikev2_decryption_table, esp_sa and preferences that use them.
Export export_wireshark(const Derived& derived);
/// A file for `tcpdump -E "file NAME"`.
Export export_tcpdump(const Derived& derived);
/// Aggressive Mode for modes 5300 and 5400.
Export export_hashcat(const Derived& derived);
/// Aggressive Mode as ike-scan --pskcrack writes it and psk-crack reads it.
Export export_ike_scan(const Derived& derived);
/// Shell lines of `ip xfrm state add`.
Export export_xfrm(const Derived& derived);

struct ExportFormat {
    std::string_view name, program;
    Export (*make)(const Derived&);
};
inline constexpr ExportFormat export_formats[] = {
    {"wireshark", "Wireshark", export_wireshark},
    {"tcpdump", "tcpdump", export_tcpdump},
    {"hashcat", "hashcat", export_hashcat},
    {"ike-scan", "psk-crack of ike-scan", export_ike_scan},
    {"xfrm", "ip xfrm", export_xfrm},
};

} // namespace ikescope::secrets
