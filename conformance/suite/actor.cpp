#include "conformance/suite/actor.h"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>

namespace ddi::suite {

namespace {
std::atomic<bool>& abandoned() {
    static std::atomic<bool> flag{false};
    return flag;
}
// Long enough for a loaded machine under a sanitizer; only a broken implementation waits for it.
constexpr std::chrono::seconds kPatience{10};
}  // namespace

struct Actor::Shared {
    std::mutex mutex;
    std::condition_variable changed;
    std::function<void()> body;
    bool working = false;
    bool ending = false;
    Outcome outcome;
    std::atomic<ThreadToken> token{0};
    std::atomic<bool> done{true};

    void work() {
        token = this_thread();
        std::unique_lock lock(mutex);
        changed.notify_all();
        while (true) {
            changed.wait(lock, [&] { return working || ending; });
            if (!working) return;
            auto step = std::move(body);
            lock.unlock();
            Outcome how = guarded(step);
            step = nullptr;
            lock.lock();
            outcome = std::move(how);
            working = false;
            done = true;
            changed.notify_all();
        }
    }
};

Actor::Actor() : shared_(std::make_shared<Shared>()) {
    thread_ = std::thread([shared = shared_] { shared->work(); });
    std::unique_lock lock(shared_->mutex);
    shared_->changed.wait(lock, [&] { return shared_->token != 0; });
}

Actor::~Actor() {
    bool stuck = !finish();
    {
        std::lock_guard lock(shared_->mutex);
        shared_->ending = true;
        shared_->changed.notify_all();
    }
    if (stuck) {
        abandoned() = true;
        thread_.detach();
    } else {
        thread_.join();
    }
}

void Actor::start(std::function<void()> body) {
    std::lock_guard lock(shared_->mutex);
    shared_->body = std::move(body);
    shared_->outcome = {};
    shared_->working = true;
    shared_->done = false;
    shared_->changed.notify_all();
}

Actor::State Actor::settle() {
    auto deadline = std::chrono::steady_clock::now() + kPatience;
    while (!shared_->done) {
        if (is_blocked(shared_->token)) return shared_->done ? State::finished : State::blocked;
        if (std::chrono::steady_clock::now() > deadline) return State::stuck;
        std::this_thread::yield();
    }
    return State::finished;
}

std::optional<Outcome> Actor::finish() {
    std::unique_lock lock(shared_->mutex);
    if (!shared_->changed.wait_for(lock, kPatience, [&] { return !shared_->working; })) return std::nullopt;
    return shared_->outcome;
}

std::optional<Outcome> Actor::run(std::function<void()> body) {
    start(std::move(body));
    return finish();
}

bool Actor::any_abandoned() { return abandoned(); }

}  // namespace ddi::suite
