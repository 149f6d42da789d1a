#include "session/key_searcher.hpp"

#include <chrono>
#include <thread>

namespace ikescope::session {
namespace {

using crypto::psk::Batch;
using crypto::psk::Worker;
using secrets::CandidateId;

std::vector<crypto::psk::KeyTest> tests_of(const KeySearch& search) {
    std::vector<crypto::psk::KeyTest> tests;
    for (const auto& trial : search.trials) tests.push_back(trial.test);
    return tests;
}

bool same(CandidateId a, CandidateId b) { return a.place == b.place && a.detail == b.detail; }

} // namespace

KeySearcher::KeySearcher(const Sessions& sessions, const KeySearch& search, const Sources& sources, Options options)
    : sessions_(sessions), search_(search), sources_(sources), options_(options), plan_(tests_of(search)),
      done_(search.trials.size()), next_(options.start), exhausted_(sources.size()) {
    if (!options_.kernel) options_.kernel = crypto::psk::kernels().front();
}

std::uint64_t KeySearcher::units_of(std::size_t source) const {
    return sources_[source]->units().value_or(exhausted_[source] ? 0 : ~std::uint64_t{0});
}

std::optional<WorkUnit> KeySearcher::take() {
    const std::lock_guard lock(mutex_);
    while (next_.source < sources_.size() && next_.unit >= units_of(next_.source)) next_ = {next_.source + 1, 0};
    if (stop_ || next_.source >= sources_.size()) return std::nullopt;
    under_way_.insert(next_);
    return WorkUnit{next_.source, next_.unit++};
}

/// A unit that was broken off stays under way: a later run makes it again.
void KeySearcher::finish(WorkUnit unit, bool exists) {
    const std::lock_guard lock(mutex_);
    if (!exists) exhausted_[unit.source] = true;
    if (!stop_) under_way_.erase(unit);
}

void KeySearcher::keep(FoundKey key) {
    const std::lock_guard lock(mutex_);
    const auto known = [&](const FoundKey& other) {
        return other.target == key.target &&
               (!options_.all || (other.unit.source == key.unit.source && same(other.id, key.id)));
    };
    if (std::ranges::any_of(found_, known)) return;
    if (!options_.all)
        for (std::size_t i = 0; i < search_.trials.size(); ++i)
            if (search_.trials[i].target == key.target) done_[i] = true;
    found_.push_back(std::move(key));
    if (std::ranges::all_of(done_, [](const auto& done) { return done.load(); })) stop_ = true;
    changed_.notify_all();
}

void KeySearcher::prove(const crypto::psk::Hit& hit, const Batch& batch, WorkUnit unit) {
    const auto& trial = search_.trials[hit.test];
    auto key = batch.key(hit.slot);
    if (sessions_.prove(search_.targets[trial.target], trial, key.reveal()) != Proof::verified) return;
    keep({trial.target, std::move(key), unit, batch.id(hit.slot)});
}

void KeySearcher::test(Worker& worker, Batch& batch, WorkUnit unit) {
    for (const auto& hit : worker.run(batch, done_)) prove(hit, batch, unit);
    tested_.fetch_add(batch.size(), std::memory_order_relaxed);
    batch.clear();
}

void KeySearcher::work() {
    Worker worker(plan_, *options_.kernel);
    Batch batch(options_.kernel->lanes);
    while (const auto unit = take()) {
        secrets::Feed feed(batch, [&] {
            test(worker, batch, *unit);
            return !stop_;
        });
        const bool exists = sources_[unit->source]->make(unit->unit, feed);
        if (batch.size() > 0) test(worker, batch, *unit);
        finish(*unit, exists);
    }
    const std::lock_guard lock(mutex_);
    --working_;
    changed_.notify_all();
}

KeySearcher::Progress KeySearcher::progress(double seconds) const {
    std::optional<double> left = 0;
    for (std::size_t i = next_.source; i < sources_.size(); ++i) {
        const auto units = sources_[i]->units();
        if (!units) left.reset();
        if (!left || *units == 0) continue;
        const auto done = i == next_.source ? static_cast<double>(next_.unit) / static_cast<double>(*units) : 0;
        *left += sources_[i]->estimate() * (1 - std::min(done, 1.0));
    }
    return {tested_, seconds, left, under_way_.empty() ? next_ : *under_way_.begin(), found_};
}

bool KeySearcher::run(const std::function<bool(const Progress&)>& watch) {
    const auto start = std::chrono::steady_clock::now();
    const auto seconds = [&] {
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    };
    const auto jobs = std::max(1U, options_.jobs);
    working_ = jobs; // threads that end at once count it down already
    bool asked_to_end = false;
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < jobs; ++i) threads.emplace_back([this] { work(); });
    {
        std::unique_lock lock(mutex_);
        while (working_ > 0) {
            changed_.wait_for(lock, std::chrono::milliseconds(200));
            if (!asked_to_end && !watch(progress(seconds()))) asked_to_end = stop_ = true;
        }
    }
    for (auto& thread : threads) thread.join();
    const std::lock_guard lock(mutex_);
    static_cast<void>(watch(progress(seconds())));
    return !asked_to_end;
}

bool KeySearcher::recall(std::size_t target, WorkUnit unit, CandidateId id) {
    if (unit.source >= sources_.size() || target >= search_.targets.size()) return false;
    Batch batch(options_.kernel->lanes);
    std::optional<Secret> key;
    const auto look = [&] {
        for (unsigned slot = 0; slot < batch.size() && !key; ++slot)
            if (same(batch.id(slot), id)) key = batch.key(slot);
        batch.clear();
        return !key;
    };
    secrets::Feed feed(batch, look);
    sources_[unit.source]->make(unit.unit, feed);
    look();
    if (!key) return false;
    for (const auto& trial : search_.trials)
        if (trial.target == target &&
            sessions_.prove(search_.targets[target], trial, key->reveal()) == Proof::verified) {
            keep({target, std::move(*key), unit, id});
            return true;
        }
    return false;
}

} // namespace ikescope::session
