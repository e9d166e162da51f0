#include "conformance/kernel/thread.h"

#include <mutex>
#include <vector>

#include "conformance/kernel/deadlock.h"
#include "conformance/kernel/dispatcher/apc.h"
#include "conformance/kernel/dispatcher/dpc.h"
#include "conformance/kernel/dispatcher/thread_object.h"

namespace ddi::kernel {
namespace {

struct Registry {
    std::mutex mutex;
    Thread* first = nullptr;
    std::vector<bool> processors;  // taken numbers
};

// Never destroyed: threads may still end while the process shuts down.
Registry& registry() {
    static Registry& instance = *new Registry;
    return instance;
}

std::atomic<ThreadId> last_id{0};

// Every thread has a virtual processor of its own for as long as it lives: at DISPATCH_LEVEL no other thread may run on the
// same processor, and a thread of the host cannot be kept from running.
std::uint32_t take_processor(std::vector<bool>& taken) {
    for (std::size_t i = 0; i < taken.size(); ++i) {
        if (!taken[i]) {
            taken[i] = true;
            return static_cast<std::uint32_t>(i);
        }
    }
    taken.push_back(true);
    return static_cast<std::uint32_t>(taken.size() - 1);
}

struct Registration {
    explicit Registration(Thread& thread) : thread_(thread) {
        Registry& all = registry();
        const std::lock_guard lock(all.mutex);
        thread_.processor = take_processor(all.processors);
        thread_.id = last_id.fetch_add(1) + 1;
        thread_.watch.set(deadlock::active.load(std::memory_order_relaxed));
        thread_.next = all.first;
        if (all.first) all.first->previous = &thread_;
        all.first = &thread_;
        attach_processor(thread_);
    }
    ~Registration() {
        abandon_mutants(thread_);
        detach_processor(thread_);
        leave_registry();
        // Now that nobody finds the thread any more.
        discard_apcs(thread_);
        signal_thread_object(thread_);
    }
    Registration(const Registration&) = delete;
    Registration& operator=(const Registration&) = delete;

    void leave_registry() {
        Registry& all = registry();
        const std::lock_guard lock(all.mutex);
        if (thread_.next) thread_.next->previous = thread_.previous;
        (thread_.previous ? thread_.previous->next : all.first) = thread_.next;
        all.processors[thread_.home_processor] = false;
    }

    Thread& thread_;
};

}  // namespace

void register_thread() { thread_local const Registration registration(thread_storage); }

bool with_thread(ThreadId id, void (*act)(Thread&, void*), void* context) {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    for (Thread* thread = all.first; thread; thread = thread->next) {
        if (thread->id != id) continue;
        act(*thread, context);
        return true;
    }
    return false;
}

void for_each_thread(void (*act)(Thread&, void*), void* context) {
    Registry& all = registry();
    const std::lock_guard lock(all.mutex);
    for (Thread* thread = all.first; thread; thread = thread->next) act(*thread, context);
}

bool with_thread(ThreadId id, void (*look)(const Thread&, void*), void* context) {
    struct Looking {
        void (*look)(const Thread&, void*);
        void* context;
    } looking{look, context};
    return with_thread(
        id,
        [](Thread& thread, void* call) {
            const Looking& inner = *static_cast<Looking*>(call);
            inner.look(thread, inner.context);
        },
        &looking);
}

}  // namespace ddi::kernel
