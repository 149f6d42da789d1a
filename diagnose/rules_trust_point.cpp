// trust-point-mismatch: with certificates the ID may select a profile that trusts another CA.

#include "diagnose/catalogue.hpp"
#include "diagnose/words.hpp"
#include "ios/predict.hpp"

#include <fmt/format.h>

namespace ikescope::diagnose::rules {

std::optional<Finding> trust_point_mismatch(const Case& at, Finding finding) {
    const auto *initiator = at.at(Side::initiator), *responder = at.at(Side::responder);
    if (!initiator || !responder || initiator == responder || by_psk(at.sa) || !stalled_at_mm5(at.sa))
        return std::nullopt;
    const auto prediction = ios::predict(*initiator, *responder);
    if (prediction.finding != "trust-point-mismatch") return std::nullopt;
    finding.certainty = Certainty::predicted;
    finding.causes = prediction.causes;
    finding.frames = waiting(at.sa).frames();
    finding.title =
        fmt::format("{} probably rejects the certificate of {}: the ID selects a profile with another trust point",
                    responder->name, initiator->name);
    finding.explanation = fmt::format("With certificates no key is picked too early, but the profile that the ID "
                                      "selects says which CA may have issued the peer's certificate: {}.",
                                      prediction.sentence);
    if (const auto waits = waiting(at.sa)) prove(finding.evidence, waiting_sentence(at, waits) + ", no MM6");
    predict(finding.evidence, prediction.sentence);
    const auto identity = initiator_identity(at);
    const auto profile = ios::ikev1_profile_by_identity(*responder, identity.identity, at.ends(Side::responder).vrf);
    finding.advice =
        advice_text(ios::advise("trust-point-mismatch", *responder, at.ends(Side::responder), {}, profile.profile));
    return finding;
}

} // namespace ikescope::diagnose::rules
