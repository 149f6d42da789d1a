#include "capture/source.hpp"

namespace ikescope::capture {
namespace {

/// Many files share what a few may use each.
constexpr std::size_t all_windows = std::size_t{16} << 20, least_window = std::size_t{64} << 10;

} // namespace

Result<Source> Source::open(std::span<const std::string> paths) {
    if (paths.empty()) return Error{"no capture file is named"};
    const auto window = std::clamp(all_windows / paths.size(), least_window, Window::usual_size);
    Source source;
    for (std::uint32_t index = 0; index < paths.size(); ++index) {
        source.names_.emplace_back().name = paths[index];
        source.by_file_.push_back(nullptr);
        auto reader = FileReader::open(paths[index], index, window);
        if (!reader) {
            source.unopened_.push_back(reader.error());
            continue;
        }
        source.inputs_.push_back({std::make_unique<FileReader>(std::move(*reader)), {}, false, false});
        source.by_file_.back() = source.inputs_.back().reader.get();
    }
    if (source.inputs_.empty()) return source.unopened_.front();
    return source;
}

bool Source::merge(Frame& frame) {
    Input* earliest = nullptr;
    for (auto& input : inputs_) {
        if (!input.waiting && !input.ended) {
            input.waiting = input.reader->next(input.head);
            input.ended = !input.waiting;
        }
        if (input.waiting && (earliest == nullptr || input.head.time < earliest->head.time)) earliest = &input;
    }
    if (earliest == nullptr) return false;
    frame = earliest->head;
    earliest->waiting = false;
    return true;
}

std::vector<Error> Source::problems() const {
    auto all = unopened_;
    for (const auto& input : inputs_)
        if (input.reader->problem()) all.push_back(*input.reader->problem());
    if (filter_ && filter_->problem()) all.push_back(*filter_->problem());
    return all;
}

const FileFacts& Source::facts(std::size_t file) const {
    return by_file_[file] ? by_file_[file]->facts() : names_[file];
}

} // namespace ikescope::capture
