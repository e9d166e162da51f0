#include "conformance/suite/routine.h"

#include "conformance/suite/implementation.h"

namespace ddi::suite {

void RoutineLog::reset() {
    calls = 0;
    level = -1;
    result = 0;
    inside = nullptr;
}

RoutineLog& routine_log() {
    static RoutineLog instance;
    return instance;
}

std::int64_t routine_entered(const char* type) {
    RoutineLog& log = routine_log();
    log.level = current_irql();
    if (log.inside) log.inside(type);
    // Counted last: who waits for the call sees all that it did.
    log.calls.fetch_add(1);
    return log.result;
}

}  // namespace ddi::suite
