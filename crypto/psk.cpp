#include "crypto/psk.hpp"

#include <algorithm>
#include <cassert>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace ikescope::crypto::psk {
namespace {

#if defined(__x86_64__)
/// CPUID leaf 7, ECX bit 9; the operating system's part is answered by AVX-512 itself.
bool has_vaes() {
    unsigned a = 0, b = 0, c = 0, d = 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (c >> 9 & 1);
}
bool has_avx512() {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("aes");
}
#endif

std::vector<const Kernel*> usable() {
    std::vector<const Kernel*> found;
#if defined(__x86_64__)
    __builtin_cpu_init();
    static auto widest = avx512_kernel;
    if (has_vaes()) widest.aes = vaes_check;
    if (has_avx512()) found.push_back(&widest);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("aes")) found.push_back(&avx2_kernel);
#endif
    found.push_back(&portable_kernel);
    return found;
}

bool passes_mac(const MacTest& test, Bytes psk) {
    return prf(test.prf, prf(test.prf, psk, {test.first}), {test.second}) == test.expected;
}

bool passes_cipher(const CipherTest& test, Bytes psk) {
    const auto cookies = Bytes(test.cookies);
    const ikev1::Inputs inputs{cookies.first(8), cookies.subspan(8), test.nonces, {}, {}, {}, {}};
    const auto keys =
        ikev1::derive(test.suite, ikev1::skeyid_psk(test.suite, psk, inputs), test.shared.reveal(), inputs);
    const auto plain = ikev1::open(test.suite, keys.ka, test.iv, test.block);
    return plain && (big_endian(Bytes(*plain).first(4)) & test.mask) == (test.value & test.mask);
}

} // namespace

std::span<const Kernel* const> kernels() {
    static const auto found = usable();
    return found;
}

bool passes(const KeyTest& test, Bytes psk) {
    if (const auto* mac = std::get_if<MacTest>(&test)) return passes_mac(*mac, psk);
    return passes_cipher(std::get<CipherTest>(test), psk);
}

struct alignas(64) Worker::Memory {
    std::uint32_t states[vectors_per_batch * 2 * most_digest_words * most_lanes];
    std::uint32_t derived[vectors_per_batch * 2 * most_digest_words * most_lanes];
    std::uint32_t ka[vectors_per_batch * most_key_words * most_lanes];
    std::uint16_t slots[vectors_per_batch * most_lanes];
};

Worker::Worker(const Plan& plan, const Kernel& kernel)
    : plan_(plan), kernel_(kernel), memory_(std::make_unique<Memory>()) {}
Worker::~Worker() { wipe({reinterpret_cast<Byte*>(memory_.get()), sizeof(Memory)}); }

void Worker::note(unsigned found, std::size_t test, unsigned count) {
    for (unsigned i = 0; i < found; ++i)
        if (memory_->slots[i] < count) hits_.push_back({memory_->slots[i], test});
}

void Worker::run_derivation(unsigned hash, const Plan::Derivation& derivation, unsigned count) {
    kernel_.derive[hash](memory_->states, derivation.blocks, memory_->derived);
    for (const auto& mac : derivation.macs)
        if (wanted(mac.test))
            note(kernel_.compare[hash](memory_->derived, mac.message, mac.expected, memory_->slots), mac.test, count);
    for (const auto& chain : derivation.chains) {
        const auto wants = [&](const Plan::Block& block) { return wanted(block.test); };
        if (std::ranges::none_of(chain.blocks, wants)) continue;
        kernel_.keys[hash](memory_->derived, chain.keys, memory_->ka);
        const auto open = chain.like->suite.cipher == CipherId::aes_cbc ? kernel_.aes : kernel_.des;
        for (const auto& block : chain.blocks)
            if (wanted(block.test))
                note(open(memory_->ka, chain.keys.key_words, block.check, memory_->slots), block.test, count);
    }
}

void Worker::run_scalar(const Batch& batch) {
    for (const auto test : plan_.scalar_) {
        if (!wanted(test)) continue;
        for (unsigned slot = 0; slot < batch.size(); ++slot)
            if (passes(plan_.tests_[test], batch.key(slot).reveal())) hits_.push_back({slot, test});
    }
}

const std::vector<Hit>& Worker::run(Batch& batch, std::span<const std::atomic<bool>> done) {
    assert(batch.capacity() == vectors_per_batch * kernel_.lanes && (done.empty() || done.size() == plan_.size()));
    done_ = done;
    hits_.clear();
    for (unsigned hash = 0; hash < vector_hashes; ++hash) {
        const auto& derivations = plan_.derivations_[hash];
        if (derivations.empty()) continue;
        for (const auto& aside : batch.longs()) // RFC 2104: keys longer than a block are hashed first
            batch.write(aside.slot, digest(static_cast<HashId>(hash), {aside.key.reveal()}));
        kernel_.pads[hash](batch.words(), batch.used_words(), memory_->states);
        for (const auto& derivation : derivations) run_derivation(hash, derivation, batch.size());
    }
    run_scalar(batch);
    return hits_;
}

} // namespace ikescope::crypto::psk
