#include "generator/cli/progress.h"

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace ddi::cli {

namespace {
constexpr std::chrono::milliseconds redraw_interval{100};
}

void Progress::stage(std::string name, std::size_t total) {
    clear();
    name_ = std::move(name);
    total_ = total;
    done_ = 0;
    draw(0);
}

void Progress::step() {
    std::size_t done = ++done_;
    if (!enabled_) return;
    auto now = std::chrono::steady_clock::now().time_since_epoch().count();
    auto due = next_draw_.load(std::memory_order_relaxed);
    if (now < due) return;
    // One thread redraws; the others go on with their work.
    if (next_draw_.compare_exchange_strong(due, now + std::chrono::steady_clock::duration(redraw_interval).count())) draw(done);
}

void Progress::draw(std::size_t done) {
    if (!enabled_) return;
    std::lock_guard guard(drawing_);
    if (total_ != 0) {
        fmt::print(stderr, "\r\x1b[K{}: {} of {}", name_, done, total_);
    } else {
        fmt::print(stderr, "\r\x1b[K{}", name_);
    }
    std::fflush(stderr);
    drawn_ = true;
}

void Progress::clear() {
    if (!drawn_) return;
    fmt::print(stderr, "\r\x1b[K");
    std::fflush(stderr);
    drawn_ = false;
}

}  // namespace ddi::cli
