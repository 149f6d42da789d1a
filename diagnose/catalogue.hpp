#pragma once
// The catalogue of findings: one row each. Adding a finding is a row here and a function in a rules_*.cpp
// (docs/adding-a-finding.md).

#include "diagnose/finding.hpp"
#include "diagnose/material.hpp"

namespace ikescope::diagnose {

/// Looks at one SA and completes the draft, which has the severity of the row; what stays empty (id, title, source) is taken
/// from the row. Nothing when the finding does not apply.
using Rule = std::optional<Finding> (*)(const Case&, Finding draft);

/// Of the rows of one concern the first that applies is told and the others are not: an explanation makes the mere
/// symptom superfluous. Rows of `always` stand by themselves.
enum class Concern : std::uint8_t { phase1, child, always };

struct Row {
    std::string_view id;
    Severity severity;
    Concern concern;
    std::string_view title;  ///< what it means in one line; rules make it concrete
    std::string_view source; ///< RFC section or document
    Rule rule;               ///< null: made where whole captures or configurations are looked at
};

/// All rows, in the order in which they are tried and told.
std::span<const Row> catalogue();
const Row* find_row(std::string_view id);
/// A finding with everything that its row says.
Finding draft_of(const Row& row);
/// The same by id; the id must be in the catalogue.
Finding draft_of(std::string_view id);

namespace rules {
std::optional<Finding> no_key_for_peer(const Case&, Finding);
std::optional<Finding> keyring_mismatch(const Case&, Finding);
std::optional<Finding> trust_point_mismatch(const Case&, Finding);
std::optional<Finding> wrong_psk(const Case&, Finding);
std::optional<Finding> wrong_psk_ikev2(const Case&, Finding);
std::optional<Finding> id_mismatch(const Case&, Finding);
std::optional<Finding> auth_failed(const Case&, Finding);
std::optional<Finding> not_authentic(const Case&, Finding);
std::optional<Finding> no_proposal_chosen(const Case&, Finding);
std::optional<Finding> invalid_ke(const Case&, Finding);
std::optional<Finding> nat_t_blocked(const Case&, Finding);
std::optional<Finding> fragment_loss(const Case&, Finding);
std::optional<Finding> likely_wrong_psk(const Case&, Finding);
std::optional<Finding> no_response(const Case&, Finding);
std::optional<Finding> profile_mismatch(const Case&, Finding);
std::optional<Finding> ts_unacceptable(const Case&, Finding);
std::optional<Finding> child_no_proposal(const Case&, Finding);
std::optional<Finding> child_no_response(const Case&, Finding);
std::optional<Finding> malformed(const Case&, Finding);
std::optional<Finding> illegal_message(const Case&, Finding);
std::optional<Finding> snap_length(const Case&, Finding);
std::optional<Finding> retransmission(const Case&, Finding);
std::optional<Finding> weak_crypto(const Case&, Finding);
std::optional<Finding> aggressive_psk_exposed(const Case&, Finding);
std::optional<Finding> dh_secret_missing(const Case&, Finding);
std::optional<Finding> psk_missing(const Case&, Finding);
} // namespace rules

} // namespace ikescope::diagnose
