#include "present/payload_notes.hpp"

#include "dissect/fields.hpp"
#include "dissect/ikev1.hpp"
#include "dissect/ikev2.hpp"
#include "present/own_fields.hpp"
#include "session/payload_certificate.hpp"

#include <fmt/format.h>

namespace ikescope::present {

namespace {

void add_words(const Field& row, const std::string& text, Tree& tree) {
    if (!text.empty()) tree.add_generated(row, 0, text);
}

void add_certificate(const session::CertificateWords& words, Tree& tree) {
    tree.annotate(tree.add_generated(own_field("ike.cert")),
                  words.subject.empty() ? "without a subject" : words.subject);
    const TreeLevel level(&tree);
    const auto add = [&](const Field& row, const std::string& text) { add_words(row, text, tree); };
    add(own_field("ike.cert.subject"), words.subject);
    add(own_field("ike.cert.issuer"), words.issuer);
    add(own_field("ike.cert.serial"), words.serial);
    add(own_field("ike.cert.not_before"), words.not_before);
    add(own_field("ike.cert.not_after"), words.not_after);
    add(own_field("ike.cert.key"), words.key);
    add(own_field("ike.cert.signature_algorithm"), words.signature_algorithm);
    for (const auto& name : words.alternative_names) add(own_field("ike.cert.alternative_name"), name);
    tree.add_generated(own_field("ike.cert.authority"), words.is_authority);
}

void add_content(const session::CertificateContent& content, Tree& tree) {
    for (const auto& words : content.certificates) add_certificate(words, tree);
    add_words(own_field("ike.cert.key"), content.key, tree);
    if (!content.problem.empty()) tree.judge(tree.add_generated(own_field("ike.cert"), 0, content.problem), Severity::note);
    if (!content.revocations) return;
    add_words(dissect::field("ike.crl.issuer"), content.revocations->issuer, tree);
    add_words(dissect::field("ike.crl.this_update"), content.revocations->this_update, tree);
    add_words(dissect::field("ike.crl.next_update"), content.revocations->next_update, tree);
    tree.add_generated(dissect::field("ike.crl.revoked"), content.revocations->revoked);
}

/// Names that the payload carries in DER.
void add_name(const std::string& name, const dissect::Message& message, const dissect::PayloadRef& payload, Tree& tree) {
    const bool authority = message.version() == dissect::Version::v1 && payload.type == dissect::ikev1::payload::certreq;
    tree.add_generated(authority ? dissect::field("ike.certreq.name") : dissect::field("ike.id.name"), 0, name);
}

/// The hash in a NAT detection payload of either version.
Bytes nat_hash(const dissect::Message& message, const dissect::PayloadRef& payload) {
    return message.version() == dissect::Version::v2 ? dissect::ikev2::parse<dissect::ikev2::Notification>(payload).data : payload.body;
}

void add_verdict(const session::NatCheck& check, std::size_t size, Tree& tree) {
    const auto& row = own_field("ike.nat");
    const auto* end = check.source ? "source" : "destination";
    if (check.fits) {
        tree.add_generated(row, 1, fmt::format("fits this packet's {}: no NAT on the way to its address", end));
    } else if (size != check.expected.size()) {
        const auto words = fmt::format("has {} bytes, the hash of this packet's {} has {}: malformed, it says nothing about NAT", size, end,
                                       check.expected.size());
        tree.judge(tree.add_generated(row, 0, words), Severity::error);
    } else {
        const auto words = fmt::format("does not fit this packet's {} (that would be {}): NAT, or one of several addresses", end,
                                       hex(check.expected));
        tree.judge(tree.add_generated(row, 0, words), Severity::note);
    }
}

/// What an SK payload is made of, once it was opened: IV, ciphertext, integrity check value. RFC 7296 3.14.
void add_parts(const session::Outcome& seen, const dissect::PayloadRef& payload, Tree& tree) {
    const auto iv = seen.iv.size(), icv = seen.icv_size, size = payload.body.size();
    if (payload.type != dissect::ikev2::payload::sk || !seen.opened || iv + icv > size) return;
    const TreeLevel level(&tree);
    const auto add = [&](const Field& row, std::size_t at, std::size_t length) {
        if (length > 0) tree.add(row, payload.body_offset() + at, length);
    };
    add(dissect::field("isakmp.enc.iv"), 0, iv);
    add(dissect::field("ike.enc.ciphertext"), iv, size - iv - icv);
    add(dissect::field("isakmp.enc.icd"), size - icv, icv);
}

} // namespace

void PayloadNotes::annotate(const dissect::Message& message, const dissect::PayloadRef& payload, Tree& tree) {
    if (seen_ && &message == seen_->message && message.version() == dissect::Version::v2) add_parts(*seen_, payload, tree);
    if (const auto content = session::certificate_of(message.version(), payload)) add_content(*content, tree);
    if (const auto name = session::name_in(message.version(), payload)) add_name(*name, message, payload, tree);
    if (!seen_ || seen_->nat.empty()) return;
    // The checks count in the chain that was believed: decrypted, else put together, else as it lies in the packet.
    const auto* judged = seen_->opened ? seen_->opened : seen_->whole ? seen_->whole : seen_->message;
    if (&message != judged) return;
    for (const auto& check : seen_->nat)
        if (check.offset == payload.offset) add_verdict(check, nat_hash(message, payload).size(), tree);
}

} // namespace ikescope::present
