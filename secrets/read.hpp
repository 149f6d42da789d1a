#pragma once
// Secrets out of files that other tools write, recognised by content; and out of what a person types.

#include "base/result.hpp"
#include "secrets/store.hpp"

#include <span>

namespace ikescope::secrets {

/// What was found in a file.
struct Report {
    std::string format; ///< "charon log", "ikescope secrets", "Wireshark IKEv1 decryption table", …
    std::size_t psks = 0, dh = 0, ikev1_keys = 0;
    std::vector<std::string> notes; ///< whole sentences: what was skipped or looks odd, with file and line
    std::size_t ikev2_keys = 0;     ///< sets of keys
    std::size_t esp_keys = 0;       ///< one for each direction

    std::size_t found() const { return psks + dh + ikev1_keys + ikev2_keys + esp_keys; }
};

/// Recognises the format of `text` and puts its secrets into the store. `name` is how the file is called in origins
/// ("log-a line 147"). UTF-8 or, with a byte order mark, UTF-16. An error when the text is empty or no text, its format
/// is unknown, or it breaks its own rules; nothing is added then.
Result<Report> read_secrets(std::string_view text, const std::string& name, Store& store);

/// The Diffie-Hellman secrets of a store in our own format, which read_secrets() reads. Origins must not hold quotes.
std::string write_toml(const Store& store);

/// One pre-shared key per line. Blanks are part of a key, also at its end; empty lines are none; a carriage return at
/// the end of a line is taken off, with a note.
Report read_psk_file(std::string_view text, const std::string& name, Store& store);

/// Hexadecimal digits of --dh-secret, --dh-private or a field; the error says which character is wrong. `what` names
/// it.
Result<Secret> secret_from_hex(std::string_view text, std::string_view what);

/// A sentence when users other than the owner may read the file; nothing when not, or when that cannot be known.
std::optional<std::string> exposed(const std::string& path);

} // namespace ikescope::secrets
