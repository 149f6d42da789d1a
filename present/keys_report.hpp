#pragma once
// `ikescope keys`: which keys there are of every SA, as text or JSON. Values only when asked for.

#include "present/paint.hpp"
#include "session/derived.hpp"

namespace ikescope::present {

/// One block for each SA; SAs without keys are counted at the end.
std::string keys_text(const session::Sessions& sessions, const secrets::Derived& derived, const Style& style,
                      bool show);
/// {"format": "ikescope-keys/1", "sas": [...], "esp": [...]}; `value` is null unless `show`.
std::string keys_json(const session::Sessions& sessions, const secrets::Derived& derived, bool show);

} // namespace ikescope::present
