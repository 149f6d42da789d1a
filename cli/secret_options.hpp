#pragma once
// The options that bring secrets and configurations, the same for every command that takes them.

#include "base/result.hpp"
#include "cli/arguments.hpp"
#include "ios/config.hpp"
#include "secrets/store.hpp"

namespace ikescope::cli {

/// As given on the command line.
struct SecretOptions {
    std::vector<std::string> psks, psk_files, dh_secrets, dh_privates, secret_files, configs, authorities, private_keys;
    bool strict = false; ///< refuse secrets files that others can read
    bool show = false;   ///< print key values
};
void add_secret_options(CLI::App& app, SecretOptions& options);

/// What they hold.
struct Material {
    secrets::Store store;
    std::vector<ios::Router> routers;
    std::vector<std::string> warnings; ///< for the error stream
};

/// Why nothing could be loaded, and the exit status it means.
struct LoadError {
    Exit exit = Exit::usage;
    std::string sentence;
};
/// Reads everything the options name; the first thing that fails ends it.
std::variant<Material, LoadError> load(const SecretOptions& options);

/// The key as text when it is printable, otherwise as 0x….
std::string printable_key(const Secret& key);

} // namespace ikescope::cli
