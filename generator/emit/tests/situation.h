// A clause's condition → what a test has to arrange for it: argument values, entry levels, the state of the object. Or why no test can.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/emit/tests/knowledge.h"

namespace ddi::emit::tests {

struct Situation {
    Arguments arguments;
    facts::LevelSet within = facts::LevelSet::all();
    std::string state;                // "any", "free", "held_by_caller", "held_by_other", "held_shared": enumerators of suite::State
    std::optional<Step> initialize;   // an initialization that leaves the object in the state
    std::vector<Step> arrange = {};   // calls after it that do
    std::string arranged_state = {};  // the state that these bring about
    bool in_region = false;           // the clause depends on the regions that the thread is in; then these say which
    bool critical = false, guarded = false;
    bool on_result = false;                        // the clause speaks of one result only
    bool on_failure = false;                       // ... that of an acquisition that failed
    std::string invalid = {};                      // the parameter whose argument no object has
    std::string host_thing = {}, host_state = {};  // a thing of the host's ("filter") is in this state ("STOP")
    std::string wait = {};                         // how the call's wait ends: "satisfied", "timed-out"
    std::string impossible;                        // reason; empty: a test can arrange it

    void keep_at_dispatch();  // or above
};

Situation situation_of(const Api& api, const Rule& rule, const Knowledge& knowledge);

/// What the call queues runs as soon as the IRQL is below DISPATCH_LEVEL, so only from there on is it seen in the queue. What waits for
/// its time stays.
bool runs_below_dispatch(const Step& setter, const std::string& state, const Knowledge& knowledge);

/// The page says that with these arguments the call waits, and with others it does not.
bool may_wait_for_ever(const Api& api, const Arguments& arguments);

/// States that exclude each other: "signaled" and "not-signaled"; empty for others.
std::string opposite_state(const std::string& state);

/// States in which an object is before anything happens to it.
bool is_initial_state(const std::string& state);

}  // namespace ddi::emit::tests
