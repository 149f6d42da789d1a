#pragma once
// Where candidates for a pre-shared key come from: word lists, rules, masks, a stream, the keys that are known already.

#include "base/result.hpp"
#include "crypto/psk_batch.hpp"
#include "secrets/key_mask.hpp"
#include "secrets/key_rules.hpp"
#include "secrets/store.hpp"

#include <functional>
#include <memory>

namespace ikescope::secrets {

using crypto::psk::CandidateId;

/// Puts candidates into a batch and has it tested whenever it is full.
class Feed {
public:
    /// `test` empties the batch and says whether to go on.
    Feed(crypto::psk::Batch& batch, std::function<bool()> test) : batch_(batch), test_(std::move(test)) {}

    /// False: nobody wants more.
    bool add(Bytes key, CandidateId id) {
        batch_.add(key, id);
        return !batch_.full() || test_();
    }
    crypto::psk::Batch& batch() { return batch_; }
    bool test() { return test_(); }

private:
    crypto::psk::Batch& batch_;
    std::function<bool()> test_;
};

/// A source, cut into units of work that several threads make at the same time.
class Candidates {
public:
    Candidates() = default;
    virtual ~Candidates() = default;
    Candidates(const Candidates&) = delete;
    Candidates& operator=(const Candidates&) = delete;

    /// How many units there are; nothing for a stream.
    virtual std::optional<std::uint64_t> units() const = 0;
    /// About how many candidates; 0 for a stream.
    virtual double estimate() const = 0;
    /// Makes all candidates of a unit (a stream: of the next one). False when there is no such unit. The feed may stop
    /// it.
    virtual bool make(std::uint64_t unit, Feed& feed) = 0;
    /// "rockyou.txt line 17, rule 'c $1'"
    virtual std::string describe(CandidateId id) const = 0;
    /// What must be the same for a search to be resumed: name, size, time, number of variations.
    virtual std::string identity() const = 0;
};

/// What becomes of each word.
struct Variations {
    std::vector<KeyRule> rules;    ///< empty: the word as it is
    std::optional<KeyMask> append; ///< every word with each of these at its end

    double count() const;
    /// Hands on all that is made of a word; CandidateId::detail counts them.
    bool feed(Bytes word, std::uint64_t place, Buffer& room, Feed& to) const;
    std::string describe(std::uint32_t detail) const;
    std::string identity() const;
};

/// A file with a word per line: a carriage return at its end is taken off, empty lines are none, $HEX[…] is unpacked.
/// An error when it cannot be read, is compressed, or UTF-16.
Result<std::unique_ptr<Candidates>> word_list(const std::string& path, Variations variations);
/// The same lines out of a file descriptor, to its end.
std::unique_ptr<Candidates> word_stream(int descriptor, Variations variations);
std::unique_ptr<Candidates> mask_candidates(KeyMask mask);
/// The store's pre-shared keys; the store must live as long.
std::unique_ptr<Candidates> known_keys(const Store& store);

} // namespace ikescope::secrets
