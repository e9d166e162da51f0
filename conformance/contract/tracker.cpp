#include "conformance/contract/tracker.h"

#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <string_view>

namespace ddi::contract {

namespace {

/// An untyped parameter may name a pin whose lock is its filter's, without saying that it is a pin: the alias finds it.
bool same_lock(const Object& a, const Object& b) {
    if (std::string_view(a.domain) != b.domain) return false;
    return a.key == b.key || (a.alias != 0 && (a.alias == b.key || a.alias == b.alias)) || (b.alias != 0 && b.alias == a.key);
}

/// A release names the queue handle where the acquisition had one, the lock otherwise.
bool releases(const Object& released, const Hold& hold) {
    if (released.handle == 0 && hold.object.handle == 0) return same_lock(released, hold.object);
    return std::string_view(released.domain) == hold.object.domain && released.handle == hold.object.handle;
}

bool was_given(const Hold& hold, const Wanted& wanted) {
    return std::any_of(hold.given.begin(), hold.given.end(),
                       [&](const Given& given) { return std::string_view(given.name) == wanted.given && given.value == wanted.value; });
}

/// forget_everything() reaches other threads' counters at their next call.
std::atomic<std::uint64_t>& generation() {
    static std::atomic<std::uint64_t> value{1};
    return value;
}

template <class Test>
std::optional<Hold> newest(const std::vector<Hold>& holds, Test&& test) {
    auto found = std::find_if(holds.rbegin(), holds.rend(), test);
    if (found == holds.rend()) return std::nullopt;
    return *found;
}

}  // namespace

std::uint64_t thread_number() {
    static std::atomic<std::uint64_t> numbers{0};
    thread_local const std::uint64_t number = ++numbers;
    return number;
}

void Tracker::initialized(const Object& object, const char* function, std::uint64_t thread) {
    std::lock_guard lock(mutex_);
    objects_[object.key] = {object.domain, function, false, thread, object.noun, {}};
    used_.erase(object.key);
    lost_.erase({object.domain, object.key});
    std::erase_if(holds_, [&](const Hold& hold) { return same_lock(hold.object, object); });
}

void Tracker::destroyed(const Object& object) {
    std::lock_guard lock(mutex_);
    auto found = objects_.find(object.key);
    if (found != objects_.end()) {
        found->second.destroyed = true;
        found->second.only_thread = 0;
    }
    used_.erase(object.key);
}

std::optional<Initialized> Tracker::state(Key key) const {
    std::lock_guard lock(mutex_);
    auto found = objects_.find(key);
    if (found == objects_.end()) return std::nullopt;
    return found->second;
}

std::uint64_t Tracker::add(Hold hold) {
    std::lock_guard lock(mutex_);
    hold.serial = ++serials_;
    holds_.push_back(hold);
    return hold.serial;
}

void Tracker::remove(std::uint64_t serial, std::size_t units) {
    std::lock_guard lock(mutex_);
    std::erase_if(holds_, [&](Hold& hold) {
        if (hold.serial != serial) return false;
        hold.units -= std::min(units, hold.units);
        return hold.units == 0;
    });
}

void Tracker::change(std::uint64_t serial, Mode mode) {
    std::lock_guard lock(mutex_);
    for (auto& hold : holds_) {
        if (hold.serial != serial) continue;
        hold.converted = hold.converted || hold.mode != mode;
        hold.mode = mode;
    }
}

void Tracker::give(std::uint64_t serial, Given given) {
    std::lock_guard lock(mutex_);
    for (auto& hold : holds_) {
        if (hold.serial == serial) hold.given.push_back(given);
    }
}

void Tracker::disown(std::uint64_t thread, const Object& object) {
    std::lock_guard lock(mutex_);
    for (auto& hold : holds_) {
        if (hold.thread == thread && same_lock(hold.object, object)) hold.thread = 0;
    }
}

std::optional<Hold> Tracker::held_by(std::uint64_t thread, const Object& object) const {
    std::lock_guard lock(mutex_);
    return newest(holds_, [&](const Hold& hold) { return hold.thread == thread && same_lock(hold.object, object); });
}

std::optional<Hold> Tracker::held_by_other(std::uint64_t thread, const Object& object) const {
    std::lock_guard lock(mutex_);
    return newest(
        holds_, [&](const Hold& hold) { return hold.thread != thread && hold.mode == Mode::exclusive && same_lock(hold.object, object); });
}

std::optional<Hold> Tracker::to_release(std::uint64_t thread, const Object& object, const Wanted& wanted) const {
    std::lock_guard lock(mutex_);
    const Hold* best = nullptr;
    int best_score = -1;
    for (auto hold = holds_.rbegin(); hold != holds_.rend(); ++hold) {
        if (!releases(object, *hold)) continue;
        // A tag tells acquisitions apart for certain; then a thread ends its own, in the mode that it means.
        int score = (*wanted.given != 0 && was_given(*hold, wanted) ? 4 : 0) + (hold->thread == thread ? 2 : 0) +
                    (wanted.mode && hold->mode == *wanted.mode ? 1 : 0);
        if (score <= best_score) continue;
        best = &*hold;
        best_score = score;
    }
    if (best == nullptr) return std::nullopt;
    return *best;
}

std::vector<Hold> Tracker::holds_of(const Object& object) const {
    std::lock_guard lock(mutex_);
    std::vector<Hold> result;
    std::copy_if(holds_.begin(), holds_.end(), std::back_inserter(result),
                 [&](const Hold& hold) { return (object.key != 0 && same_lock(hold.object, object)) || releases(object, hold); });
    return result;
}

void Tracker::lose(const Object& object) {
    std::lock_guard lock(mutex_);
    std::erase_if(holds_, [&](const Hold& hold) { return same_lock(hold.object, object); });
    lost_.insert({object.domain, object.key});
}

bool Tracker::is_lost(const Object& object) const {
    std::lock_guard lock(mutex_);
    return !lost_.empty() && lost_.contains({object.domain, object.key});
}

std::optional<Hold> Tracker::held_by_noun(std::uint64_t thread, const std::string& noun) const {
    std::lock_guard lock(mutex_);
    return newest(holds_, [&](const Hold& hold) { return hold.thread == thread && noun == hold.object.noun; });
}

std::vector<Hold> Tracker::holds(std::uint64_t thread) const {
    std::lock_guard lock(mutex_);
    std::vector<Hold> result;
    std::copy_if(holds_.begin(), holds_.end(), std::back_inserter(result), [&](const Hold& hold) { return hold.thread == thread; });
    return result;
}

void Tracker::used(Key key, const char* function) {
    std::lock_guard lock(mutex_);
    used_[key].insert(function);
}

std::optional<std::string> Tracker::used_before(Key key, const Rule& rule, const char* function) const {
    std::lock_guard lock(mutex_);
    auto found = used_.find(key);
    if (found == used_.end()) return std::nullopt;
    for (const auto& other : found->second) {
        if (other != function && rule.lists(other)) return other;
    }
    return std::nullopt;
}

void Tracker::event(Key key, const char* function) {
    std::lock_guard lock(mutex_);
    events_[key].insert(function);
}

bool Tracker::take_event(Key key, const Rule& rule) {
    std::lock_guard lock(mutex_);
    auto found = events_.find(key);
    if (found == events_.end()) return false;
    bool listed = std::any_of(found->second.begin(), found->second.end(), [&](const std::string& name) { return rule.lists(name); });
    events_.erase(found);
    return listed;
}

void Tracker::touch(Key key, std::uint64_t thread, Use use) {
    std::lock_guard lock(mutex_);
    auto found = objects_.find(key);
    if (found == objects_.end()) return;
    if (found->second.only_thread != thread || use == Use::keeps) found->second.only_thread = 0;
    if (found->second.only_thread == 0 || use == Use::changes) found->second.states.clear();
}

void Tracker::set_state(Key key, std::uint64_t thread, const std::string& state) {
    static const std::map<std::string, std::string> kOpposites = {
        {"signaled", "not-signaled"}, {"not-signaled", "signaled"}, {"queued", "not-queued"}, {"not-queued", "queued"},
        {"empty", "not-empty"},       {"not-empty", "empty"},       {"open", "closed"},       {"closed", "open"},
        {"locked", "unlocked"},       {"unlocked", "locked"}};
    std::lock_guard lock(mutex_);
    auto found = objects_.find(key);
    if (found == objects_.end() || found->second.only_thread != thread || thread == 0) return;
    auto opposite = kOpposites.find(state);
    if (opposite != kOpposites.end()) found->second.states.erase(opposite->second);
    found->second.states.insert(state);
}

void Tracker::forget_everything() {
    std::lock_guard lock(mutex_);
    holds_.clear();
    objects_.clear();
    used_.clear();
    events_.clear();
    lost_.clear();
    ++generation();
}

Tracker& tracker() {
    static Tracker instance;
    return instance;
}

ThreadState& thread_state() {
    thread_local ThreadState state;
    if (state.generation != generation()) {
        state = ThreadState{};
        state.generation = generation();
    }
    return state;
}

std::string place_name(const void* address) {
    Dl_info info{};
    char text[32];
    if (address == nullptr) return "unknown";
    if (dladdr(address, &info) == 0 || info.dli_fname == nullptr) {
        std::snprintf(text, sizeof text, "%p", address);
        return text;
    }
    std::snprintf(text, sizeof text, "+0x%zx",
                  static_cast<std::size_t>(static_cast<const char*>(address) - static_cast<const char*>(info.dli_fbase)));
    std::string_view file = info.dli_fname;
    return std::string(file.substr(file.rfind('/') + 1)) + text;
}

HeldLock describe(const Hold& hold) { return {hold.object.noun, hold.function, hold.object.key, place_name(hold.caller)}; }

}  // namespace ddi::contract
