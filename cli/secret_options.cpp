#include "cli/secret_options.hpp"

#include "cli/read_file.hpp"
#include "crypto/certificate.hpp"
#include "crypto/private_key.hpp"
#include "ios/reader.hpp"
#include "secrets/read.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/stat.h>

namespace ikescope::cli {

namespace {

using secrets::DhSecret;

/// Who may read a file with secrets in it?
std::optional<LoadError> check_permissions(const std::string& path, bool strict, Material& material) {
    const auto sentence = secrets::exposed(path);
    if (!sentence) return std::nullopt;
    if (strict) return LoadError{Exit::input, *sentence + " (refused because of --strict-secrets)"};
    const auto warning = "warning: " + *sentence;
    if (std::ranges::find(material.warnings, warning) == material.warnings.end()) material.warnings.push_back(warning);
    return std::nullopt;
}

void warn(const secrets::Report& report, Material& material) {
    for (const auto& note : report.notes) material.warnings.push_back("warning: " + note);
}

void forget(std::string& text) { wipe({reinterpret_cast<Byte*>(text.data()), text.size()}); }

std::optional<LoadError> load_psks(const SecretOptions& options, Material& material) {
    for (std::size_t i = 0; i < options.psks.size(); ++i)
        material.store.add_psk({Secret(bytes_of(options.psks[i])), {fmt::format("--psk #{}", i + 1), true}});
    for (const auto& path : options.psk_files) {
        if (auto refused = check_permissions(path, options.strict, material)) return refused;
        auto text = read_file(path);
        if (!text) return LoadError{Exit::input, text.error().sentence};
        warn(secrets::read_psk_file(*text, options.psk_files.size() == 1 ? "psk-file" : path, material.store), material);
        forget(*text);
    }
    return std::nullopt;
}

std::optional<LoadError> load_dh(const std::vector<std::string>& values, DhSecret::Form form, std::string_view option, Material& material) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto name = fmt::format("{} #{}", option, i + 1);
        auto secret = secrets::secret_from_hex(values[i], name);
        if (!secret) return LoadError{Exit::usage, secret.error().sentence};
        material.store.dh.push_back({std::move(*secret), form, {name, true}, {}});
    }
    return std::nullopt;
}

std::optional<LoadError> load_secret_files(const SecretOptions& options, Material& material) {
    for (const auto& path : options.secret_files) {
        if (auto refused = check_permissions(path, options.strict, material)) return refused;
        auto text = read_file(path);
        if (!text) return LoadError{Exit::input, text.error().sentence};
        const auto report = secrets::read_secrets(*text, path, material.store);
        forget(*text);
        if (!report) return LoadError{Exit::input, report.error().sentence};
        warn(*report, material);
    }
    return std::nullopt;
}

std::optional<LoadError> load_private_keys(const SecretOptions& options, Material& material) {
    for (const auto& path : options.private_keys) {
        if (auto refused = check_permissions(path, options.strict, material)) return refused;
        auto text = read_file(path);
        if (!text) return LoadError{Exit::input, text.error().sentence};
        auto keys = crypto::read_private_keys(bytes_of(*text));
        forget(*text);
        if (!keys) return LoadError{Exit::input, fmt::format("--private-key {}: {}", path, keys.error().sentence)};
        for (auto& key : *keys) material.store.add_private_key({std::move(key), {path, true}});
    }
    return std::nullopt;
}

std::optional<LoadError> load_authorities(const SecretOptions& options, Material& material) {
    for (const auto& path : options.authorities) {
        const auto text = read_file(path);
        if (!text) return LoadError{Exit::input, text.error().sentence};
        auto certificates = crypto::read_certificates(bytes_of(*text));
        if (!certificates) return LoadError{Exit::input, fmt::format("--ca {}: {}", path, certificates.error().sentence)};
        for (auto& certificate : *certificates) material.store.authorities.push_back(std::move(certificate));
    }
    return std::nullopt;
}

constexpr auto group = "Secrets and configurations (all repeatable)";

/// `[NAME[@ADDRESS]=]FILE`
struct Binding {
    std::string name, path;
    std::optional<IpAddress> address;
    bool bad_address = false;
};
Binding split(const std::string& text) {
    const auto equals = text.find('=');
    struct stat facts {};
    if (equals == std::string::npos || stat(text.c_str(), &facts) == 0) return {{}, text, {}, false};
    Binding binding{text.substr(0, equals), text.substr(equals + 1), {}, false};
    if (const auto at = binding.name.rfind('@'); at != std::string::npos) {
        binding.address = IpAddress::parse(binding.name.substr(at + 1));
        binding.bad_address = !binding.address;
        binding.name.resize(at);
    }
    return binding;
}

std::string stem(const std::string& path) {
    const auto from = path.rfind('/') == std::string::npos ? 0 : path.rfind('/') + 1;
    const auto dot = path.rfind('.');
    return path.substr(from, dot == std::string::npos || dot <= from ? std::string::npos : dot - from);
}

std::optional<LoadError> load_config(const std::string& argument, bool strict, Material& material) {
    const auto binding = split(argument);
    if (binding.bad_address) return LoadError{Exit::usage, fmt::format("--config {}: what stands behind @ is no IP address", argument)};
    auto text = read_file(binding.path);
    if (!text) return LoadError{Exit::input, text.error().sentence};
    auto router = ios::read_config(*text, stem(binding.path));
    forget(*text);
    if (!binding.name.empty()) router.name = binding.name;
    if (binding.address) router.given_addresses.push_back(*binding.address);
    if (!ios::candidate_keys(router).empty())
        if (auto refused = check_permissions(binding.path, strict, material)) return refused;
    if (router.empty()) material.warnings.push_back(fmt::format("warning: {} holds nothing about IKE; is it a router's configuration?", binding.path));
    for (const auto& remark : router.remarks)
        material.remarks.push_back(fmt::format("{}: line {}: {}", binding.path, remark.line.number, remark.what));
    material.routers.push_back(std::move(router));
    return std::nullopt;
}

/// A log is read for what it says; some say keys as well.
bool holds_keys(std::string_view log, const std::string& path) {
    secrets::Store found;
    return secrets::read_secrets(log, path, found) && !found.empty();
}

/// `[NAME=]FILE`; the name ties the log to the configuration of that name.
std::optional<LoadError> load_router_logs(const SecretOptions& options, Material& material) {
    for (const auto& argument : options.router_logs) {
        const auto binding = split(argument);
        const auto text = read_file(binding.path);
        if (!text) return LoadError{Exit::input, text.error().sentence};
        if (secrets::exposed(binding.path) && holds_keys(*text, binding.path))
            if (auto refused = check_permissions(binding.path, options.strict, material)) return refused;
        auto log = ios::read_router_log(*text, stem(binding.path), binding.path);
        if (!binding.name.empty()) log.name = binding.name;
        if (log.entries.empty()) material.warnings.push_back(fmt::format("warning: {} holds no line of a log", binding.path));
        if (log.cut) material.warnings.push_back(fmt::format("warning: {} is longer than two million lines; the rest was not read", binding.path));
        material.router_logs.push_back(std::move(log));
    }
    return std::nullopt;
}

std::optional<LoadError> load_configs(const SecretOptions& options, Material& material) {
    for (const auto& config : options.configs)
        if (auto failed = load_config(config, options.strict, material)) return failed;
    for (auto& router : material.routers) // a mask cut short may stand complete at the other end
        for (const auto& other : material.routers)
            if (&other != &router) ios::repair_masks(router, other);
    for (const auto& router : material.routers)
        for (auto& candidate : ios::candidate_keys(router))
            material.store.add_psk({std::move(candidate.key), {candidate.origin, false}});
    return std::nullopt;
}

} // namespace

void add_config_options(CLI::App& app, SecretOptions& options) {
    app.add_option("--config", options.configs, "a Cisco IOS configuration: keys and rules of that router")
        ->type_name("[NAME[@ADDRESS]=]FILE")
        ->allow_extra_args(false)
        ->group(group);
    app.add_flag("--show-secrets", options.show, "print the values of keys, not only where they came from")->group(group);
}

void add_secret_options(CLI::App& app, SecretOptions& options) {
    const auto add = [&](const char* name, std::vector<std::string>& into, const char* type, const char* text) {
        app.add_option(name, into, text)->type_name(type)->allow_extra_args(false)->group(group);
    };
    add("--psk", options.psks, "KEY", "a pre-shared key");
    add("--psk-file", options.psk_files, "FILE", "pre-shared keys, one per line");
    add("--dh-secret", options.dh_secrets, "HEX", "a Diffie-Hellman secret, g^xy");
    add("--dh-private", options.dh_privates, "HEX", "one side's private Diffie-Hellman value");
    add("--secrets", options.secret_files, "FILE", "a file with secrets; its format is recognised by its content");
    add("--private-key", options.private_keys, "FILE", "an end's private key (PEM or DER): opens IKEv1's public key encryption modes");
    add("--ca", options.authorities, "FILE", "trusted certificates (PEM or DER) that the ends' certificates are judged by");
    app.add_flag("--strict-secrets", options.strict, "refuse secrets files that others can read")->group(group);
    add_config_options(app, options);
    add("--router-log", options.router_logs, "[NAME=]FILE", "a router's debug output or a daemon's log: what it says failed, beside the packets");
}

std::variant<Material, LoadError> load(const SecretOptions& options) {
    Material material;
    material.asked = options.secrets();
    if (options.any()) forbid_core_dumps();
    auto failed = load_psks(options, material);
    if (!failed) failed = load_dh(options.dh_secrets, DhSecret::Form::shared, "--dh-secret", material);
    if (!failed) failed = load_dh(options.dh_privates, DhSecret::Form::private_value, "--dh-private", material);
    if (!failed) failed = load_secret_files(options, material);
    if (!failed) failed = load_private_keys(options, material);
    if (!failed) failed = load_authorities(options, material);
    if (!failed) failed = load_configs(options, material);
    if (!failed) failed = load_router_logs(options, material);
    if (failed) return std::move(*failed);
    return material;
}

void complain_of_keyless_logs(const Material& material, Terminal& terminal) {
    if (material.router_logs.empty()) return;
    complain(terminal, "--router-log gives no keys: ikescope analyze shows what that log says; --secrets takes keys out of a "
                       "daemon's log that prints them");
}

std::vector<std::string> SecretOptions::paths() const {
    std::vector<std::string> named;
    for (const auto* files : {&psk_files, &secret_files, &private_keys, &authorities}) named.insert(named.end(), files->begin(), files->end());
    for (const auto* bound : {&configs, &router_logs})
        for (const auto& argument : *bound) named.push_back(split(argument).path);
    return named;
}

std::string printable_key(const Secret& key) {
    const auto bytes = key.reveal();
    const bool text = std::ranges::all_of(bytes, [](Byte byte) { return byte >= 0x20 && byte < 0x7f; });
    return text && !bytes.empty() ? std::string(bytes.begin(), bytes.end()) : "0x" + hex(bytes);
}

} // namespace ikescope::cli
