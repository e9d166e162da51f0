#include "generator/emit/wrappers/test_model.h"

namespace ddi::emit::wrappers::testing {

namespace clause = facts::clause;
using facts::Level;
using facts::LevelSet;
using facts::Place;

model::Model lock_model() {
    model::Model model;
    model.types = {make_type("LOCK", "", "ULONG_PTR", {"PLOCK"}), make_type("MUTEX", "_MUTEX", "", {"PMUTEX"}),
                   make_type("QUEUE_HANDLE", "_QUEUE_HANDLE", "", {"PQUEUE_HANDLE"})};
    facts::Object lock{"spin lock", "Lock"};

    auto initialize = make_api({"aa.h", "AaInitializeLock", "VOID", {{"PLOCK", "Lock"}}});
    add_rule(initialize, "initialize", clause::Initialize{lock});

    auto acquire = make_api({"aa.h", "AaAcquireLock", "VOID", {{"PLOCK", "Lock"}, {"PKIRQL", "OldIrql"}}});
    add_rule(acquire, "acquire", clause::Acquire{lock});
    add_rule(acquire, "irql-entry", clause::IrqlEntry{LevelSet::at_most(Level::dispatch)});
    add_rule(acquire, "irql-raise", clause::IrqlRaise{Level::dispatch, ""});
    add_rule(acquire, "irql-save", clause::IrqlSave{{Place::Kind::pointee, "OldIrql"}});
    add_rule(acquire, "recursion", clause::Recursion{lock, clause::RecursionRule::deadlock});
    add_rule(acquire, "release-with", clause::ReleaseWith{lock, {"AaReleaseLock"}});
    add_rule(acquire, "requires-initialized", clause::RequiresInitialized{lock, {"AaInitializeLock"}});

    auto release = make_api({"aa.h", "AaReleaseLock", "VOID", {{"PLOCK", "Lock"}, {"KIRQL", "NewIrql"}}});
    add_rule(release, "argument-NewIrql", clause::Argument{"NewIrql", {"AaAcquireLock"}, ""});
    add_rule(release, "irql-entry", clause::IrqlEntry{LevelSet::at(Level::dispatch)});
    add_rule(release, "irql-restore", clause::IrqlRestore{{Place::Kind::parameter, "NewIrql"}});
    add_rule(release, "release", clause::Release{lock});
    add_rule(release, "releases", clause::Releases{lock, {"AaAcquireLock"}});

    auto try_acquire = make_api({"aa.h", "AaTryLock", "BOOLEAN", {{"PLOCK", "Lock"}}});
    add_rule(try_acquire, "acquire", clause::Acquire{lock, facts::Mode::exclusive, true});
    add_rule(try_acquire, "irql-raise", clause::IrqlRaise{Level::dispatch, ""});
    add_rule(try_acquire, "returns-FALSE", clause::Returns{"FALSE"}, when(facts::Comparison::Subject::state, "object", "==", "held"));
    add_rule(try_acquire, "returns-TRUE", clause::Returns{"TRUE"}, when(facts::Comparison::Subject::state, "object", "==", "free"));

    auto queued = make_api({"aa.h", "AaAcquireQueuedLock", "VOID", {{"PLOCK", "Lock"}, {"PQUEUE_HANDLE", "Handle"}}});
    add_rule(queued, "acquire", clause::Acquire{{"queued spin lock", "Lock"}});
    add_rule(queued, "not-combined", clause::NotCombined{{"queued spin lock", "Lock"}, {"AaAcquireLock"}});
    auto release_queued = make_api({"aa.h", "AaReleaseQueuedLock", "VOID", {{"PQUEUE_HANDLE", "Handle"}}});
    add_rule(release_queued, "release", clause::Release{{"queued spin lock", "Handle"}});

    auto initialize_mutex = make_api({"aa.h", "AaInitializeMutex", "VOID", {{"PMUTEX", "Mutex"}, {"ULONG", "Level"}}});
    add_rule(initialize_mutex, "initialize", clause::Initialize{{"mutex object", "Mutex"}});
    auto wait = make_api({"aa.h", "AaWait", "NTSTATUS", {{"PVOID", "Object"}, {"PLARGE_INTEGER", "Timeout"}}});
    add_rule(wait, "acquire", clause::Acquire{{"mutex object", "Object"}});
    add_rule(wait, "apc-disable", clause::ApcDisable{clause::Apcs::normal});
    add_rule(wait, "irql-entry-Timeout-NULL", clause::IrqlEntry{LevelSet::at_most(Level::apc)},
             when(facts::Comparison::Subject::parameter, "Timeout", "==", "NULL"));
    add_rule(wait, "irql-entry-Timeout-0", clause::IrqlEntry{LevelSet::at_most(Level::dispatch)},
             when(facts::Comparison::Subject::pointee, "Timeout", "==", "0"));
    auto release_mutex = make_api({"aa.h", "AaReleaseMutex", "LONG", {{"PMUTEX", "Mutex"}, {"BOOLEAN", "Wait"}}});
    add_rule(release_mutex, "release", clause::Release{{"mutex object", "Mutex"}});
    add_rule(release_mutex, "irql-entry-Wait-TRUE", clause::IrqlEntry{LevelSet::at_most(Level::apc)},
             when(facts::Comparison::Subject::parameter, "Wait", "==", "TRUE"));

    model.apis = {std::move(initialize),     std::move(acquire),          std::move(release), std::move(try_acquire),  std::move(queued),
                  std::move(release_queued), std::move(initialize_mutex), std::move(wait),    std::move(release_mutex)};
    return model;
}

}  // namespace ddi::emit::wrappers::testing
