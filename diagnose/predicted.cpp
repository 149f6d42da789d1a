#include "diagnose/predicted.hpp"

#include "diagnose/words.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace ikescope::diagnose {

namespace {

using session::Proof;

/// What sender and receiver do with a message: the sender's step stands before the receiver's.
std::string predicted_text(const ios::Prediction& prediction, std::size_t sending) {
    const auto& step = prediction.steps[sending];
    auto text = fmt::format("{} {}", step.router, step.text);
    if (sending + 1 < prediction.steps.size()) {
        const auto& next = prediction.steps[sending + 1];
        if (!next.sends && next.message == step.message && !next.text.empty())
            text += fmt::format("; {} {}", next.router, next.text);
    }
    return text;
}

class Comparer {
public:
    Comparer(const Case& at, const ios::Prediction& prediction) : at_(at), waits_(waiting(at.sa)) {
        out_.prediction = &prediction;
    }

    Compared compare() {
        const auto& steps = out_.prediction->steps;
        for (std::size_t i = 0; i < steps.size(); ++i)
            if (steps[i].sends && !known(steps[i].message)) add_step(i);
        for (const auto& message : at_.sa.messages) add_unpredicted(message);
        conclude();
        return std::move(out_);
    }

private:
    bool known(std::string_view label) const {
        return std::ranges::any_of(out_.steps, [&](const auto& step) { return step.message == label; });
    }

    void add_step(std::size_t index) {
        const auto& step = out_.prediction->steps[index];
        ComparedStep row{step.message, step.router, predicted_text(*out_.prediction, index),
                         {},           {},          Agreement::unknown};
        if (const auto* message = find(at_.sa, step.message)) {
            row.frame = message->frame;
            row.agreement = Agreement::agrees;
            row.observed = fmt::format("frame {}", message->frame);
            look_inside(*message, row);
        } else {
            row.observed = "not in the capture";
            // Silence is no answer only when there was time for one.
            if (waits_ && waits_.in_vain(at_.material.capture_end)) row.agreement = Agreement::differs;
        }
        out_.steps.push_back(std::move(row));
    }

    void look_inside(const MessageRecord& message, ComparedStep& row) const {
        if (!message.encrypted) return;
        if (!message.decrypted) {
            row.observed += ", not opened";
            return;
        }
        row.observed += ", opened";
        if (row.message == "MM5" || row.message == "AM3") key(row);
        if (row.message == "MM5") identity(row);
        if (message.hash == Proof::verified) row.observed += ", its proof is right";
    }

    void key(ComparedStep& row) const {
        const auto configured = configured_initiator_key(at_);
        if (!configured || !configured->entry->key.usable()) return;
        const auto tried = at_.try_psk(Side::initiator, configured->entry->key.key.reveal());
        const auto name = key_place(*at_.at(Side::initiator), *configured->keyring, *configured->entry);
        if (tried == Proof::verified) row.observed += " with " + name;
        if (tried != Proof::failed) return;
        row.observed += ", but not with " + name;
        row.agreement = Agreement::differs;
    }

    void identity(ComparedStep& row) const {
        const auto& router = *at_.at(Side::initiator);
        const auto paths = ios::paths_to(router, at_.sa.responder.address);
        if (!at_.sa.identity[0] || paths.empty()) return;
        const auto profile = ios::ikev1_initiator_profile(router, paths.front());
        const auto expected = ios::ikev1_initiator_identity(router, profile.profile, at_.ends(Side::initiator));
        const bool same = at_.sa.identity_address[0] ? *at_.sa.identity_address[0] == expected.address
                                                     : *at_.sa.identity[0] == expected.text;
        row.observed += fmt::format(", ID {}", *at_.sa.identity[0]);
        if (!same) row.agreement = Agreement::differs;
    }

    /// A message of the negotiation that should not have come: the prediction ended before it.
    void add_unpredicted(const MessageRecord& message) {
        const bool counts = message.label.starts_with("MM") || message.label.starts_with("AM") ||
                            message.label.starts_with("QM") || message.label.starts_with("IKE_");
        if (!counts || message.retransmission_of || known(message.label)) return;
        // A fragment of a configuration may end before Quick Mode.
        if (out_.prediction->outcome == ios::Outcome::up && message.label.starts_with("QM")) return;
        if (out_.prediction->outcome == ios::Outcome::unpredictable) return;
        out_.steps.push_back({message.label, at_.role(message.from), "not sent", fmt::format("frame {}", message.frame),
                              message.frame, Agreement::differs});
    }

    void conclude() {
        const auto differs = std::ranges::find(out_.steps, Agreement::differs, &ComparedStep::agreement);
        if (differs != out_.steps.end()) {
            out_.agreement = Agreement::differs;
            out_.sentence = fmt::format("at {} the capture shows something else than the configurations predict ({}; "
                                        "predicted: {}): the configuration on file is not what ran, or the path or the "
                                        "device behaves otherwise",
                                        differs->message, differs->observed, differs->predicted);
            return;
        }
        const bool whole =
            std::ranges::all_of(out_.steps, [](const auto& step) { return step.agreement == Agreement::agrees; });
        out_.agreement = whole ? Agreement::agrees : Agreement::unknown;
        out_.sentence = whole ? "every message of the prediction is there"
                              : "what the capture shows agrees; it does not show everything";
        if (out_.prediction->outcome == ios::Outcome::unpredictable) out_.agreement = Agreement::unknown;
    }

    const Case& at_;
    Waiting waits_;
    Compared out_;
};

} // namespace

std::string_view agreement_name(Agreement agreement) {
    return agreement == Agreement::agrees ? "agrees" : agreement == Agreement::differs ? "differs" : "unknown";
}

const ios::Prediction& Predictions::of(const ios::Router& initiator, const ios::Router& responder) {
    const auto [at, fresh] = made_.try_emplace({&initiator, &responder});
    if (fresh) at->second = ios::predict(initiator, responder);
    return at->second;
}

std::optional<Compared> compare_with_prediction(const Case& at, Predictions& predictions) {
    const auto *first = at.at(Side::initiator), *second = at.at(Side::responder);
    const auto& sa = at.sa;
    if (!first || !second || first == second || !sa.roles_known || sa.starts_in_the_middle || sa.rekey_of || sa.shed)
        return std::nullopt;
    const auto& prediction = predictions.of(*first, *second);
    if (prediction.version != static_cast<int>(sa.version) || prediction.steps.empty()) return std::nullopt;
    return Comparer(at, prediction).compare();
}

} // namespace ikescope::diagnose
