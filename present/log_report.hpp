#pragma once
// Routers' logs and predictions beside the packets, as text and as JSON.

#include "diagnose/predicted.hpp"
#include "diagnose/router_logs.hpp"
#include "present/paint.hpp"

#include <nlohmann/json_fwd.hpp>

namespace ikescope::present {

/// One negotiation of a log: who, how far, clock offset, and its timeline with the frames it speaks of.
std::string log_part_text(const diagnose::LogPart& part, const Style& style);
nlohmann::ordered_json log_part_json(const diagnose::LogPart& part);

/// Message by message, predicted against observed.
std::string compared_text(const diagnose::Compared& compared, const Style& style);
nlohmann::ordered_json compared_json(const diagnose::Compared& compared);

} // namespace ikescope::present
