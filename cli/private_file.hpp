#pragma once
// Files with secrets in them, which only their owner may read.

#include "base/result.hpp"
#include "secrets/export.hpp"

#include <span>
#include <string>
#include <string_view>

namespace ikescope::cli {

/// Writes DIRECTORY/NAME with mode 0600, over what was there; the directory is made (0700) when it is missing.
Result<Done> write_private(const std::string& directory, const std::string& name, std::string_view text);

/// All of an export or nothing: what stands in the directory under these names is replaced only where its first line says that
/// ikescope wrote it, or it is empty. A file of a form without comments is ours when the README.txt beside it is.
Result<Done> write_export(const std::string& directory, std::span<const secrets::ExportedFile> files);

} // namespace ikescope::cli
