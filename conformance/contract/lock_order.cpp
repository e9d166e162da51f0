#include "conformance/contract/lock_order.h"

#include <algorithm>
#include <cstdio>
#include <string_view>

namespace ddi::contract {

namespace {

constexpr std::size_t kStepsOfAnEdge = 4;   // enough to find one that no common outer lock excuses
constexpr std::size_t kLongestCircle = 8;   // locks; real circles have two or three
constexpr std::size_t kStepsTried = 20000;  // of one search: bounds its time in a dense graph

bool same(const Object& a, const Object& b) { return a.key == b.key && std::string_view(a.domain) == b.domain; }

bool exclude(const Hold& acquired, const Hold& held) { return acquired.mode == Mode::exclusive || held.mode == Mode::exclusive; }

/// An exclusive lock that both hold besides those of the steps keeps them from happening at the same time.
bool guarded(const std::vector<Hold>& a, const std::vector<Hold>& b) {
    return std::any_of(a.begin(), a.end(), [&](const Hold& one) {
        return one.mode == Mode::exclusive && std::any_of(b.begin(), b.end(), [&](const Hold& other) {
                   return other.mode == Mode::exclusive && !one.object.per_thread && same(one.object, other.object);
               });
    });
}

std::string line(const HeldLock& lock) {
    char address[32];
    std::snprintf(address, sizeof address, "0x%zx", static_cast<std::size_t>(lock.object));
    return lock.noun + " " + address + ", acquired by " + lock.function + " at " + lock.place;
}

}  // namespace

void LockOrder::watch(LockOrderHandler handler) {
    std::lock_guard lock(mutex_);
    handler_ = std::move(handler);
    edges_.clear();
    reported_.clear();
    watched_.store(static_cast<bool>(handler_), std::memory_order_relaxed);
}

bool LockOrder::add(const Hold& first, const Hold& then, const std::vector<Hold>& held) {
    auto& steps = edges_[node(first)][node(then)];
    bool known = std::any_of(steps.begin(), steps.end(), [&](const Step& step) {
        return step.first.mode == first.mode && step.then.mode == then.mode &&
               std::equal(step.held.begin(), step.held.end(), held.begin(), held.end(),
                          [](const Hold& a, const Hold& b) { return same(a.object, b.object) && a.mode == b.mode; });
    });
    if (known || steps.size() >= kStepsOfAnEdge) return false;
    steps.push_back({first, then, held});
    return true;
}

bool LockOrder::fits(const Path& path, const Step& next, const Node& goal) const {
    if (!exclude(path.back()->then, next.first)) return false;
    if (node(next.then) == goal && !exclude(next.then, path.front()->first)) return false;
    // What one step holds, another one of the same circle waits for or holds; a lock held in two steps lets only one of them happen.
    return std::none_of(path.begin(), path.end(), [&](const Step* step) { return guarded(step->held, next.held); });
}

bool LockOrder::close(Path& path, std::set<Node>& visited, const Node& goal, std::size_t& budget) const {
    auto from = edges_.find(node(path.back()->then));
    if (from == edges_.end() || path.size() >= kLongestCircle) return false;
    for (const auto& [to, steps] : from->second) {
        if (to != goal && visited.contains(to)) continue;
        for (const Step& step : steps) {
            if (budget == 0) return false;
            --budget;
            if (!fits(path, step, goal)) continue;
            path.push_back(&step);
            if (to == goal) return true;
            visited.insert(to);
            if (close(path, visited, goal, budget)) return true;
            visited.erase(to);
            path.pop_back();
        }
    }
    return false;
}

void LockOrder::acquired(const Hold& hold, const std::vector<Hold>& held) {
    if (hold.attempt || hold.object.per_thread || hold.object.key == 0) return;
    std::vector<Hold> locks;
    for (const auto& other : held) {
        if (same(other.object, hold.object)) return;  // taken again: no wait
        if (!other.object.per_thread && other.object.key != 0) locks.push_back(other);
    }
    std::vector<LockOrderReport> reports;
    LockOrderHandler handler;
    {
        std::lock_guard lock(mutex_);
        handler = handler_;
        if (!handler) return;
        for (const auto& first : locks) {
            if (!add(first, hold, locks)) continue;
            Path path = {&edges_[node(first)][node(hold)].back()};
            std::set<Node> visited = {node(hold)};
            std::size_t budget = kStepsTried;
            if (!close(path, visited, node(first), budget)) continue;
            std::set<Node> circle;
            for (const Step* step : path) circle.insert(node(step->first));
            if (!reported_.insert(circle).second) continue;
            LockOrderReport report;
            for (const Step* step : path) {
                report.steps.push_back({describe(step->first), describe(step->then), step->then.thread, {}});
                for (const auto& other : step->held) report.steps.back().held.push_back(describe(other));
            }
            reports.push_back(std::move(report));
        }
    }
    for (const auto& report : reports) handler(report);
}

void LockOrder::forget(const Object& object) {
    std::lock_guard lock(mutex_);
    Node gone{object.domain, object.key};
    edges_.erase(gone);
    for (auto& [from, edges] : edges_) edges.erase(gone);
    std::erase_if(reported_, [&](const auto& circle) { return circle.contains(gone); });
}

void LockOrder::forget_everything() {
    std::lock_guard lock(mutex_);
    edges_.clear();
    reported_.clear();
}

LockOrder& lock_order() {
    static LockOrder instance;
    return instance;
}

std::string format_lock_order(const LockOrderReport& report) {
    std::string text = "potential deadlock: " + std::to_string(report.steps.size()) + " locks are acquired in a circle\n";
    for (const auto& step : report.steps) {
        text += "  thread " + std::to_string(step.thread) + "\n    acquired: " + line(step.then) +
                "\n    while it held: " + line(step.first) + "\n";
        for (const auto& held : step.held) {
            if (held.object != step.first.object || held.noun != step.first.noun) text += "    and: " + line(held) + "\n";
        }
    }
    return text;
}

void watch_lock_order(LockOrderHandler handler) { lock_order().watch(std::move(handler)); }

}  // namespace ddi::contract

extern "C" void ddi_contract_watch_lock_order(ddi_lock_order_handler handler, void* context) {
    using namespace ddi::contract;
    if (handler == nullptr) {
        watch_lock_order({});
        return;
    }
    watch_lock_order([handler, context](const LockOrderReport& report) {
        struct Texts {
            std::string first, then, held;
        };
        std::vector<Texts> texts;
        for (const auto& step : report.steps) {
            texts.push_back({line(step.first), line(step.then), {}});
            for (const auto& held : step.held) texts.back().held += line(held) + "\n";
        }
        std::vector<ddi_lock_order_step> steps;
        for (std::size_t i = 0; i < texts.size(); ++i)
            steps.push_back({texts[i].first.c_str(), texts[i].then.c_str(), report.steps[i].thread, texts[i].held.c_str()});
        ddi_lock_order_report plain{steps.data(), steps.size()};
        handler(&plain, context);
    });
}
