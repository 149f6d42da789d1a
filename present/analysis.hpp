#pragma once
// What the forms of an analysis (text, JSON, HTML) are made from.

#include "diagnose/finding.hpp"
#include "diagnose/predicted.hpp"
#include "diagnose/router_logs.hpp"
#include "session/sessions.hpp"

#include <functional>
#include <span>

namespace ikescope::present {

/// A file as the document lists it.
struct AnalyzedFile {
    std::string name;
    std::uint64_t packets = 0, ike = 0, esp = 0;
};

/// One SA with what was found and who its ends are.
struct AnalyzedSa {
    const session::Sa& sa;
    std::span<const diagnose::Finding> findings;
    std::string router[2]; ///< per Side: the configured router's name, or empty
    std::vector<const diagnose::LogPart*> logs = {};        ///< what routers' logs say about it
    const diagnose::Compared* compared = nullptr;           ///< with the configurations' prediction
};

/// What belongs to no SA.
struct Rest {
    std::span<const diagnose::Finding> findings;
    std::span<const session::Sessions::LooseEsp> esp;    ///< opened with given keys
    std::span<const diagnose::LogPart* const> logs = {}; ///< what routers' logs say
};

/// The value of a pre-shared key by its index in the store, printable; empty function = keys are not shown.
using Reveal = std::function<std::string(std::size_t)>;

} // namespace ikescope::present
