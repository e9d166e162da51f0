#include "conformance/suite/routine.h"

namespace ddi::suite {

void RoutineLog::reset() {
    calls = 0;
    level = -1;
    result = 0;
    inside = nullptr;
    std::lock_guard lock(mutex_);
    entered_.clear();
}

std::vector<RoutineCall> RoutineLog::entered() const {
    std::lock_guard lock(mutex_);
    return entered_;
}

std::vector<RoutineCall> RoutineLog::entered(const char* type) const {
    std::vector<RoutineCall> found = entered();
    std::erase_if(found, [&](const RoutineCall& call) { return call.type != type; });
    return found;
}

void RoutineLog::add(RoutineCall call) {
    std::lock_guard lock(mutex_);
    entered_.push_back(std::move(call));
}

RoutineLog& routine_log() {
    static RoutineLog instance;
    return instance;
}

std::int64_t routine_entered(RoutineCall call) {
    RoutineLog& log = routine_log();
    log.level = call.level;
    if (log.inside) log.inside(call.type.c_str());
    log.add(std::move(call));
    // Counted last: who waits for the call sees all that it did.
    log.calls.fetch_add(1);
    return log.result;
}

}  // namespace ddi::suite
