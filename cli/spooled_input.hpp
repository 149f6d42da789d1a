#pragma once
// Input that has to be read twice: standard input goes through a temporary file.

#include <string>

namespace ikescope::cli {

class SpooledInput {
public:
    /// "-" is copied; any other path is left alone.
    explicit SpooledInput(const std::string& path);
    ~SpooledInput();
    SpooledInput(const SpooledInput&) = delete;
    SpooledInput& operator=(const SpooledInput&) = delete;

    const std::string& path() const { return path_; }
    const std::string& problem() const { return problem_; } ///< one sentence; empty when all is well

private:
    void copy(int from, int to);

    std::string path_, problem_;
    bool temporary_ = false;
};

} // namespace ikescope::cli
