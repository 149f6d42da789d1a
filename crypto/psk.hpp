#pragma once
// Testing many candidates for a pre-shared key at once against everything that can prove one. A hit is a candidate that
// passed a filter of 17 bits or more; whoever asks verifies it in full.

#include "crypto/ikev1_keys.hpp"
#include "crypto/prf.hpp"
#include "crypto/psk_batch.hpp"

#include <atomic>
#include <deque>
#include <span>
#include <variant>

namespace ikescope::crypto::psk {

/// prf(prf(psk, first), second) = expected.
///   HASH_I, HASH_R in clear: Ni_b | Nr_b, then what HASH covers (RFC 2409 section 5)
///   AUTH of IKEv2: "Key Pad for IKEv2", then SignedOctets (RFC 7296 section 2.15)
struct MacTest {
    PrfId prf{};
    Buffer first, second, expected;
};

/// The first block of an encrypted IKEv1 message. Its IV never depends on the key.
struct CipherTest {
    ikev1::Suite suite;
    Buffer nonces;                     ///< Ni_b | Nr_b
    Secret shared;                     ///< g^xy
    Buffer cookies;                    ///< CKY-I | CKY-R
    Buffer iv, block;                  ///< one block of the cipher each
    std::uint32_t mask = 0, value = 0; ///< of the first four bytes of plaintext, as a big-endian number
};
using KeyTest = std::variant<MacTest, CipherTest>;

/// The kernels this processor can run, the widest first; the portable one is always there.
std::span<const Kernel* const> kernels();
/// Whether the vector kernels do this test; otherwise it goes through the library, one candidate after the other.
bool is_vectorized(const KeyTest& test);
/// One test by the library alone: for those that have no kernel, and to compare with.
bool passes(const KeyTest& test, Bytes psk);

/// Tests, made ready: message schedules computed, what several tests have in common brought together.
class Plan {
public:
    explicit Plan(std::vector<KeyTest> tests);
    ~Plan();
    Plan(const Plan&) = delete;
    Plan& operator=(const Plan&) = delete;

    std::size_t size() const { return tests_.size(); }

private:
    friend class Worker;
    struct Mac {
        std::size_t test;
        KnownBlocks message;
        std::uint32_t expected; ///< first word, in the hash's byte order
    };
    struct Block {
        std::size_t test;
        BlockCheck check;
    };
    struct Chain {
        const CipherTest* like; ///< all blocks under the same Ka
        KeyChain keys;
        std::vector<Block> blocks;
    };
    /// Everything under one prf(psk, message).
    struct Derivation {
        Bytes message;
        KnownBlocks blocks;
        std::vector<Mac> macs;
        std::vector<Chain> chains;
    };
    KnownBlocks schedule(unsigned hash, Bytes blocks);
    KnownBlocks known(unsigned hash, Bytes message, std::size_t before);
    DigestFirst digest_first(unsigned hash, Bytes tail);
    Derivation& derivation(unsigned hash, Bytes message);
    Chain& chain(Derivation& under, unsigned hash, const CipherTest& test);

    std::vector<KeyTest> tests_;
    std::deque<std::vector<std::uint32_t>> schedules_;
    std::deque<Derivation> derivations_[vector_hashes];
    std::vector<std::size_t> scalar_; ///< tests without a kernel
};

struct Hit {
    unsigned slot = 0;
    std::size_t test = 0;
};

/// Tests batches with one kernel; one per thread.
class Worker {
public:
    Worker(const Plan& plan, const Kernel& kernel);
    ~Worker();

    /// The hits of a batch, in order of tests. Tests whose `done` is set are left out; `done` may be empty.
    const std::vector<Hit>& run(Batch& batch, std::span<const std::atomic<bool>> done = {});

private:
    struct Memory;
    void run_derivation(unsigned hash, const Plan::Derivation& derivation, unsigned count);
    void run_scalar(const Batch& batch);
    bool wanted(std::size_t test) const { return done_.empty() || !done_[test].load(std::memory_order_relaxed); }
    void note(unsigned found, std::size_t test, unsigned count);

    const Plan& plan_;
    const Kernel& kernel_;
    std::unique_ptr<Memory> memory_;
    std::span<const std::atomic<bool>> done_;
    std::vector<Hit> hits_;
};

} // namespace ikescope::crypto::psk
