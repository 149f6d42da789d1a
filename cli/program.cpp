#include "cli/arguments.hpp"
#include "cli/command.hpp"
#include "cli/version.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::cli {

namespace {

constexpr Command table[] = {
    {"analyze", "every IKE SA: how far it came, what failed and why, what to do", analyze},
    {"read", "packet list and details, fields, JSON; display filters", read},
    {"decrypt", "a capture that others read without keys, findings as packet comments", decrypt},
    {"keys", "the keys of every SA; files for Wireshark, tcpdump, hashcat, psk-crack, ip xfrm", keys},
    {"simulate", "two configured routers negotiate; a capture and their logs come of it", simulate},
};

/// Commands of the full program that this version does not have; said so instead of "unknown".
constexpr std::string_view planned[] = {"import", "psk", "predict", "capture", "replay"};

std::string overview() {
    std::string text =
        "ikescope - sees why IKE negotiations fail\n\nUsage: ikescope COMMAND [OPTIONS] [FILE...]\n\nCommands:\n";
    for (const auto& command : commands()) text += fmt::format("  {:<10} {}\n", command.name, command.summary);
    text +=
        "\nOptions:\n  --help     this text; `ikescope COMMAND --help` for one command\n  --version  the version\n\n"
        "Examples:\n"
        "  ikescope analyze vpn.pcap\n"
        "  ikescope analyze vpn.pcap --config R1.cfg --config R2.cfg --secrets charon.log\n"
        "  tcpdump -w - udp port 500 or udp port 4500 | ikescope analyze -\n\n"
        "Exit status: 0 done, 1 wrong usage, 2 input unreadable or cut short, 3 --fail-on found something,\n"
        "4 secrets were given and nothing could be decrypted.\n";
    return text;
}

Exit unknown_command(std::string_view name, Terminal& terminal) {
    if (std::ranges::find(planned, name) != std::end(planned)) {
        complain(terminal, fmt::format("the command '{}' is not built into this version", name));
        return Exit::usage;
    }
    std::vector<std::string> names;
    for (const auto& command : commands()) names.emplace_back(command.name);
    complain(terminal, fmt::format("there is no command '{}'{}; see ikescope --help", name, did_you_mean(name, names)));
    return Exit::usage;
}

} // namespace

std::span<const Command> commands() { return table; }

void complain(Terminal& terminal, std::string_view sentence) { terminal.err << "ikescope: " << sentence << "\n"; }

Exit run(const Arguments& arguments, Terminal& terminal) {
    if (arguments.empty()) {
        terminal.err << overview();
        return Exit::usage;
    }
    const auto& first = arguments.front();
    if (first == "--help" || first == "-h" || first == "help") {
        terminal.out << overview();
        return Exit::done;
    }
    if (first == "--version" || first == "-V") {
        terminal.out << "ikescope " IKESCOPE_VERSION "\n";
        return Exit::done;
    }
    const auto command = std::ranges::find(commands(), first, &Command::name);
    if (command == commands().end()) return unknown_command(first, terminal);
    return command->run({arguments.begin() + 1, arguments.end()}, terminal);
}

} // namespace ikescope::cli
