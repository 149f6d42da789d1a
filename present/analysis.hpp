#pragma once
// What the two forms of an analysis (text and JSON) are made from.

#include "diagnose/finding.hpp"
#include "diagnose/predicted.hpp"
#include "diagnose/router_logs.hpp"
#include "session/sa.hpp"

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

/// The value of a pre-shared key by its index in the store, printable; empty function = keys are not shown.
using Reveal = std::function<std::string(std::size_t)>;

} // namespace ikescope::present
