#pragma once
// The options that bring secrets and configurations, the same for every command that takes them.

#include "base/result.hpp"
#include "cli/arguments.hpp"
#include "ios/router_log.hpp"
#include "secrets/store.hpp"

namespace ikescope::cli {

/// As given on the command line.
struct SecretOptions {
    std::vector<std::string> psks, psk_files, dh_secrets, dh_privates, secret_files, configs, authorities, private_keys, router_logs;
    bool strict = false; ///< refuse secrets files that others can read
    bool show = false;   ///< print key values

    /// Are secrets given? A configuration may hold keys, but is given for its rules.
    bool secrets() const {
        return !psks.empty() || !psk_files.empty() || !dh_secrets.empty() || !dh_privates.empty() || !secret_files.empty() ||
               !private_keys.empty();
    }
    /// Is anything given that may hold a secret?
    bool any() const { return secrets() || !configs.empty(); }
    /// Every file that is named, without NAME= in front.
    std::vector<std::string> paths() const;
};
void add_secret_options(CLI::App& app, SecretOptions& options);
/// --config and --show-secrets alone, for commands that need no capture.
void add_config_options(CLI::App& app, SecretOptions& options);

/// What they hold.
struct Material {
    secrets::Store store;
    std::vector<ios::Router> routers;
    std::vector<ios::RouterLog> router_logs;
    std::vector<std::string> warnings; ///< for the error stream
    std::vector<std::string> remarks;  ///< about lines of configurations; lint says them, too
    bool asked = false;                ///< secrets were named, also where nothing was found in them; configurations do not count
};

/// Why nothing could be loaded, and the exit status it means.
struct LoadError {
    Exit exit = Exit::usage;
    std::string sentence;
};
/// Reads everything the options name; the first thing that fails ends it.
std::variant<Material, LoadError> load(const SecretOptions& options);

/// For commands that are about keys alone: a router's log that was given is of no use to them.
void complain_of_keyless_logs(const Material& material, Terminal& terminal);

/// The key as text when it is printable, otherwise as 0x….
std::string printable_key(const Secret& key);

} // namespace ikescope::cli
