#include "conformance/kernel/deadlock.h"

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <utility>

namespace ddi::kernel::deadlock {
namespace {

struct Hold {
    const void* lock;
    Kind kind;
    Mode mode;
    unsigned count;
};

struct Want {
    const void* lock;
    Kind kind;
    Mode mode;
    bool others_may_release;
    std::uint64_t since;  // who came first
};

struct Actor {
    std::vector<Hold> held;
    std::optional<Want> wanted;
};

/// One lock was taken while another was held: for the first time, by this thread.
struct Step {
    ThreadId thread = 0;
    std::vector<Hold> held;
    Hold taken{};
};

const char* words(Kind kind) {
    switch (kind) {
        case Kind::spin_lock:
            return "spin lock";
        case Kind::queued_spin_lock:
            return "queued spin lock";
        case Kind::fast_mutex:
            return "fast mutex";
        case Kind::guarded_mutex:
            return "guarded mutex";
        case Kind::mutex:
            return "mutex";
        case Kind::resource:
            return "resource";
        case Kind::push_lock:
            return "push lock";
        case Kind::read_write_lock:
            return "read-write lock";
        case Kind::reader_writer_spin_lock:
            return "reader-writer spin lock";
        case Kind::framework_lock:
            return "framework lock";
        case Kind::interrupt_lock:
            return "interrupt lock";
        case Kind::security_lock:
            return "security lock";
    }
    return "lock";
}

void print(std::ostream& out, const Lock& lock) {
    out << words(lock.kind) << ' ' << lock.name << (lock.mode == Mode::shared ? " (shared)" : "");
}

std::string text_of(const Report& report) {
    std::ostringstream out;
    out << (report.certain ? "deadlock" : "potential deadlock: locks are taken in different orders") << '\n';
    for (const Stack& stack : report.stacks) {
        out << "  thread " << stack.thread << " holds ";
        for (std::size_t i = 0; i < stack.held.size(); ++i) {
            if (i > 0) out << ", ";
            print(out, stack.held[i]);
        }
        if (stack.held.empty()) out << "nothing";
        if (stack.wanted) {
            out << (report.certain ? "; waits for " : "; took ");
            print(out, *stack.wanted);
        }
        out << '\n';
    }
    return out.str();
}

class Graph {
  public:
    explicit Graph(std::function<void(const Report&)> callback) : callback_(std::move(callback)) {}

    std::mutex mutex;

    const std::function<void(const Report&)>& callback() const { return callback_; }
    void name(const void* lock, std::string name) { names_[lock] = std::move(name); }

    /// The circle that this wait would close.
    std::optional<Report> want(ThreadId thread, const Want& wanted) {
        Want& mine = actors_[thread].wanted.emplace(wanted);
        mine.since = ++arrivals_;
        std::vector<ThreadId> circle{thread};
        std::set<ThreadId> seen{thread};
        if (!follow(thread, thread, circle, seen)) return std::nullopt;
        Report report{.certain = true, .stacks = {}, .text = {}};
        for (ThreadId member : circle) {
            const Actor& actor = actors_[member];
            report.stacks.push_back({member, locks(actor.held), lock(actor.wanted->lock, actor.wanted->kind, actor.wanted->mode)});
        }
        report.text = text_of(report);
        actors_[thread].wanted.reset();
        return report;
    }

    /// The other order in which these locks have been taken before.
    std::optional<Report> take(ThreadId thread, const Hold& taken, bool attempt) {
        Actor& actor = actors_[thread];
        actor.wanted.reset();
        const auto same = [&](const Hold& hold) { return hold.lock == taken.lock; };
        if (auto again = std::find_if(actor.held.begin(), actor.held.end(), same); again != actor.held.end()) {
            ++again->count;
            return std::nullopt;
        }
        std::optional<Report> report;
        if (!attempt) {
            for (const Hold& before : actor.held) {
                Step& step = order_[before.lock][taken.lock];
                if (step.thread != 0) continue;
                if (!report) report = reversed(thread, actor.held, before.lock, taken);
                step = {thread, actor.held, taken};
            }
        }
        actor.held.push_back(taken);
        return report;
    }

    void release(ThreadId thread, const void* lock) {
        Hold* hold = hold_of(thread, lock);
        if (!hold || --hold->count > 0) return;
        Actor& actor = actors_[thread];
        actor.held.erase(actor.held.begin() + (hold - actor.held.data()));
        if (actor.held.empty() && !actor.wanted) actors_.erase(thread);
    }

    Hold* hold_of(ThreadId thread, const void* lock) {
        const auto actor = actors_.find(thread);
        if (actor == actors_.end()) return nullptr;
        std::vector<Hold>& held = actor->second.held;
        const auto found = std::find_if(held.begin(), held.end(), [&](const Hold& hold) { return hold.lock == lock; });
        return found == held.end() ? nullptr : &*found;
    }

    void give_up(ThreadId thread) {
        if (auto actor = actors_.find(thread); actor != actors_.end()) actor->second.wanted.reset();
    }

    void forget(const void* lock) {
        names_.erase(lock);
        order_.erase(lock);
        for (auto& [before, after] : order_) after.erase(lock);
        for (auto& [thread, actor] : actors_) std::erase_if(actor.held, [&](const Hold& hold) { return hold.lock == lock; });
    }

  private:
    Lock lock(const void* address, Kind kind, Mode mode) const {
        const auto named = names_.find(address);
        if (named != names_.end()) return {address, kind, mode, named->second};
        std::ostringstream text;
        text << address;
        return {address, kind, mode, text.str()};
    }

    std::vector<Lock> locks(const std::vector<Hold>& held) const {
        std::vector<Lock> named;
        for (const Hold& hold : held) named.push_back(lock(hold.lock, hold.kind, hold.mode));
        return named;
    }

    /// Does this thread have to wait for that one?
    bool blocks(const Want& wanted, const Actor& other, bool itself) const {
        for (const Hold& hold : other.held) {
            if (hold.lock != wanted.lock) continue;
            if (wanted.mode == Mode::exclusive || hold.mode == Mode::exclusive) return !(itself && wanted.others_may_release);
        }
        // Who wants to share stands behind those who came before and do not.
        return !itself && !wanted.others_may_release && wanted.mode == Mode::shared && other.wanted && other.wanted->lock == wanted.lock &&
               other.wanted->mode == Mode::exclusive && other.wanted->since < wanted.since;
    }

    // Extends the chain of threads that wait for each other until it comes back to the first.
    bool follow(ThreadId first, ThreadId last, std::vector<ThreadId>& chain, std::set<ThreadId>& seen) {
        const Want wanted = *actors_[last].wanted;
        for (const auto& [other, actor] : actors_) {
            if (!blocks(wanted, actor, other == last)) continue;
            if (other == first) return true;
            if (!actor.wanted || !seen.insert(other).second) continue;
            chain.push_back(other);
            if (follow(first, other, chain, seen)) return true;
            chain.pop_back();
        }
        return false;
    }

    // The steps that lead from one lock to another.
    bool path(const void* from, const void* to, std::vector<const Step*>& steps, std::set<const void*>& seen) const {
        const auto next = order_.find(from);
        if (next == order_.end()) return false;
        for (const auto& [lock, step] : next->second) {
            if (step.thread == 0 || !seen.insert(lock).second) continue;
            steps.push_back(&step);
            if (lock == to || path(lock, to, steps, seen)) return true;
            steps.pop_back();
        }
        return false;
    }

    std::optional<Report> reversed(ThreadId thread, const std::vector<Hold>& held, const void* before, const Hold& taken) {
        std::vector<const Step*> steps;
        std::set<const void*> seen{taken.lock};
        if (!path(taken.lock, before, steps, seen)) return std::nullopt;
        if (!reported_.insert(std::minmax(before, taken.lock)).second) return std::nullopt;
        Report report;
        report.stacks.push_back({thread, locks(held), lock(taken.lock, taken.kind, taken.mode)});
        for (const Step* step : steps)
            report.stacks.push_back({step->thread, locks(step->held), lock(step->taken.lock, step->taken.kind, step->taken.mode)});
        report.text = text_of(report);
        return report;
    }

    std::function<void(const Report&)> callback_;
    std::map<ThreadId, Actor> actors_;
    std::map<const void*, std::map<const void*, Step>> order_;
    std::set<std::pair<const void*, const void*>> reported_;
    std::map<const void*, std::string> names_;
    std::uint64_t arrivals_ = 0;
};

// Never destroyed: a thread may be on its way here when a watch ends.
struct Current {
    std::mutex mutex;
    std::shared_ptr<Graph> graph;
};

Current& current() {
    static Current& instance = *new Current;
    return instance;
}

std::shared_ptr<Graph> graph() {
    const std::lock_guard scope(current().mutex);
    return current().graph;
}

void set_watch(std::uint64_t word) {
    active.store(word, std::memory_order_relaxed);
    for_each_thread([](Thread& thread, void* value) { thread.watch.set(*static_cast<std::uint64_t*>(value)); }, &word);
}

template <class Act>
void with_graph(Act act) {
    if (const std::shared_ptr<Graph> all = graph()) {
        const std::lock_guard scope(all->mutex);
        act(*all);
    }
}

// Calls back without the graph's lock: a callback may name locks, or use them.
template <class Act>
std::optional<Report> reported(Act act) {
    std::optional<Report> report;
    with_graph([&](Graph& all) { report = act(all); });
    if (!report) return report;
    if (const std::shared_ptr<Graph> all = graph(); all && all->callback()) all->callback()(*report);
    return report;
}

}  // namespace

Watch::Watch(std::function<void(const Report&)> callback) {
    {
        const std::lock_guard scope(current().mutex);
        current().graph = std::make_shared<Graph>(std::move(callback));
    }
    set_watch(watch_word);
}

Watch::~Watch() {
    set_watch(0);
    const std::lock_guard scope(current().mutex);
    current().graph.reset();
}

void name_lock(const void* lock, std::string name) {
    with_graph([&](Graph& all) { all.name(lock, std::move(name)); });
}

void about_to_wait(const Thread& thread, const void* lock, Kind kind, Mode mode, bool others_may_release) {
    const ThreadId id = thread.id;
    const std::optional<Report> circle = reported([&](Graph& all) { return all.want(id, {lock, kind, mode, others_may_release, 0}); });
    if (!circle) return;
    bug_check(BugCode::driver_verifier_detected_violation, circle->stacks.size() == 1 ? verifier::deadlock_self : verifier::deadlock, lock);
}

void acquired(ThreadId thread, const void* lock, Kind kind, Mode mode, bool attempt) {
    reported([&](Graph& all) { return all.take(thread, {lock, kind, mode, 1}, attempt); });
}

void released(ThreadId thread, const void* lock) {
    with_graph([&](Graph& all) { all.release(thread, lock); });
}

void forget_hold(ThreadId thread, const void* lock) {
    with_graph([&](Graph& all) {
        if (Hold* hold = all.hold_of(thread, lock)) hold->count = 1;
        all.release(thread, lock);
    });
}

void now_shared(ThreadId thread, const void* lock) {
    with_graph([&](Graph& all) {
        if (Hold* hold = all.hold_of(thread, lock)) hold->mode = Mode::shared;
    });
}

void gave_up(ThreadId thread) {
    with_graph([&](Graph& all) { all.give_up(thread); });
}

void forget(const void* lock) {
    with_graph([&](Graph& all) { all.forget(lock); });
}

}  // namespace ddi::kernel::deadlock
