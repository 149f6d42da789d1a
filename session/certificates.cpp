#include "session/certificates.hpp"

#include "crypto/certificate.hpp"

namespace ikescope::session {

EndCertificate judge_certificate(Bytes leaf, std::span<const Buffer> shown, std::span<const Buffer> authorities,
                                 Timestamp when) {
    EndCertificate made;
    const auto text = crypto::describe_certificate(leaf);
    if (!text) {
        made.why = text.error().sentence;
        if (!authorities.empty()) made.trusted = false;
        return made;
    }
    made.subject = text->subject;
    made.issuer = text->issuer;
    made.serial = text->serial;
    made.key = text->key;
    made.not_before = text->not_before;
    made.not_after = text->not_after;
    made.alternative_names = text->alternative_names;
    if (authorities.empty()) return made;
    auto verdict = crypto::check_chain(leaf, shown, authorities, when / one_second);
    made.trusted = verdict.trusted;
    made.why = std::move(verdict.why);
    made.chain = std::move(verdict.subjects);
    return made;
}

} // namespace ikescope::session
