#include "cli/display_choice.hpp"

namespace ikescope::cli {

DisplayChoice::DisplayChoice(const secrets::Store& store) : sessions_(store, {.messages = false}) {}

Result<std::unique_ptr<DisplayChoice>> DisplayChoice::make(const std::string& filter, const secrets::Store& store) {
    auto compiled = present::Filter::compile(filter);
    if (!compiled) return compiled.error();
    present::ReportOptions options;
    options.format = present::ReportOptions::Format::none;
    options.filter = std::move(*compiled);
    std::unique_ptr<DisplayChoice> made(new DisplayChoice(store));
    auto report = present::PacketReport::make(std::move(options), made->out_);
    if (!report) return report.error();
    made->report_ = std::move(*report);
    return made;
}

bool DisplayChoice::passes(const capture::Frame& frame, const capture::Datagram& datagram) {
    return report_->add(frame, &datagram, report_->needs_outcome(datagram) ? &sessions_.add(frame, datagram) : nullptr);
}

} // namespace ikescope::cli
