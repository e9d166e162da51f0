#include "conformance/kernel/dispatcher/worker.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace ddi::kernel {
namespace {

struct Workers {
    std::mutex mutex;
    std::condition_variable more;
    std::deque<std::function<void()>> work;
    std::size_t idle = 0;
};

// Never destroyed: workers sleep here when the process ends.
Workers& workers() {
    static Workers& instance = *new Workers;
    return instance;
}

[[noreturn]] void work_forever() {
    Workers& all = workers();
    std::unique_lock lock(all.mutex);
    while (true) {
        ++all.idle;
        all.more.wait(lock, [&] { return !all.work.empty(); });
        --all.idle;
        const std::function<void()> work = std::move(all.work.front());
        all.work.pop_front();
        lock.unlock();
        work();
        lock.lock();
    }
}

}  // namespace

void run_on_worker(std::function<void()> work) {
    Workers& all = workers();
    const std::lock_guard lock(all.mutex);
    all.work.push_back(std::move(work));
    // Work that waits for another piece of work must not wait behind it: one thread for each.
    if (all.work.size() > all.idle) std::thread(work_forever).detach();
    all.more.notify_one();
}

}  // namespace ddi::kernel
