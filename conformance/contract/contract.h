/* What a broken contract looks like and who hears of it: misuse of a documented function → a violation that cites the page.
   The checking wrappers (generated/wrappers) report through here; everything is usable from any thread.

   Exactly one violation is reported for one misuse. The order of precedence, first one wins:
     before the call  0 what the thread's last call wanted to come next (`followed-by`, immediately: the rule of that earlier call)
                      1 entry IRQL (unconditional rules before conditional ones)   2 APC state   3 object not initialized or destroyed
                      4 history of the object: functions that must not be combined on it, one that is over for it
                      (`afterwards-only`), one that had to come before (`preceded-by`)
                      5 state of the object: released but not held
                      (`releases`, else `release`), held by another thread (`owner`), wrong release function (the releaser's
                      `releases-not`; then, if neither page names the other function, the releaser's `releases` and the
                      acquirer's `release-with`; an acquirer whose page names no release may be released by any), wrong mode
                      (`release`), an argument that no matching acquisition was given (`argument-same`), another processor
                      (`same-processor`) or level (`same-irql`) than the acquisition's;
                      not held though it must be (`requires-held`; in the wrong mode: `convert`), held though it must not be
                      (`not-held-on-entry`);
                      acquired again although that deadlocks (`recursion`), acquired in the wrong order (`order`)
                      6 arguments: saved levels, then `argument-same`, `argument-value`, `aligned`, `resident`
                      7 waiting where none is allowed
     after the call   effects and results, in that order. After a broken precondition effects are not checked at all.
     quiescence       locks still held, then calls that were to be followed by another (`followed-by`).
   In callbacks, held-on-entry comes second, after the entry IRQL.

   What only some orders of threads would show is no violation: potential deadlocks have a report of their own, below.

   C part first: drivers in C include the wrappers and may install a handler. */
#ifndef DDI_CONTRACT_CONTRACT_H
#define DDI_CONTRACT_CONTRACT_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Strings live until the handler returns. */
struct ddi_violation {
    const char* rule;     /* "DDI-wdm-KeReleaseSpinLock-irql-entry" */
    const char* function; /* the function that was called */
    const char* observed;
    const char* required;
    const char* sentence; /* what the page says */
    const char* page;
    unsigned line;
    unsigned long long thread;
    const char* held; /* one line a lock; empty if none */
    int before_call;  /* the real function has not been called yet */
};

typedef void (*ddi_violation_handler)(const struct ddi_violation* violation, void* context);

/* Replaces the handler for the whole process; NULL restores the default, which prints the violation to stderr and aborts. */
void ddi_contract_set_handler(ddi_violation_handler handler, void* context);

/* Reports every lock that the calling thread still holds, and every call of it that had to be followed by another one and was not;
   forgets them. Gives the number of reports. */
size_t ddi_contract_check_quiescent(void);

/* Says that a range of memory may be paged out (or, with pageable 0, no longer): where a page wants nonpaged memory, an address in such
   a range is a violation. Nothing is pageable unless it was said here, or the implementation says so (environment.h). */
void ddi_contract_set_pageable(const void* begin, size_t size, int pageable);

/* A potential deadlock: threads (or one thread at different times) waited for locks in orders that form a circle, so that each could
   wait for the next one for ever. Steps in the order of the circle: in each, `then` was acquired while `first` was held; the last step's
   `then` is the first step's `first`. Strings live until the handler returns. */
struct ddi_lock_order_step {
    const char* first; /* "spin lock 0x1234, acquired by KeAcquireSpinLock at driver+0x1f40" */
    const char* then;
    unsigned long long thread;
    const char* held; /* all that the thread held then, one line a lock, oldest first */
};
struct ddi_lock_order_report {
    const struct ddi_lock_order_step* steps;
    size_t count;
};
typedef void (*ddi_lock_order_handler)(const struct ddi_lock_order_report* report, void* context);

/* From now on, remembers in which order locks are acquired, and reports each circle once. NULL: stops, and forgets what it knows.
   Off at first; then an acquisition costs one branch more. */
void ddi_contract_watch_lock_order(ddi_lock_order_handler handler, void* context);

#ifdef __cplusplus
}

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace ddi::contract {

/// A lock that a thread holds, as far as the wrappers saw it.
struct HeldLock {
    std::string noun;       // "spin lock"
    std::string function;   // what acquired it
    std::uintptr_t object;  // its address (or number)
    std::string place;      // the call that acquired it: "driver+0x1f40", for addr2line
};

/// A value; thrown as it is by Recorder::Mode::throw_before_call.
struct Violation {
    std::string rule;
    std::string function;
    std::string observed;
    std::string required;
    std::uint64_t thread = 0;  // the checker's own number of the thread, from 1
    std::vector<HeldLock> held;
    std::string sentence;
    std::string page;
    unsigned line = 0;
    bool before_call = true;  // false: the function (or a callback) did not keep what its page promises
};

/// Several lines: rule id, function, observed and required, thread, held locks, "page:line: sentence".
std::string format_violation(const Violation& violation);

using Handler = std::function<void(const Violation&)>;

/// Replaces the handler for the whole process and gives the previous one; an empty handler is the default (print, abort).
/// A handler may throw; violations found after the call reach it too, then throwing loses the function's result.
Handler set_handler(Handler handler);

/// Collects the violations of all threads while it lives; the handler before it is back afterwards. For tests.
class Recorder {
  public:
    enum class Mode {
        collect,            // record and go on with the real call: it may hang or crash, as it would without the wrapper
        throw_before_call,  // record; a broken precondition throws the Violation instead of making the real call
    };
    explicit Recorder(Mode mode = Mode::collect);
    ~Recorder();
    Recorder(const Recorder&) = delete;
    Recorder& operator=(const Recorder&) = delete;

    std::vector<Violation> violations() const;
    /// The rule ids alone, in order: what a test compares with the one it expects.
    std::vector<std::string> rules() const;
    void clear();

  private:
    mutable std::mutex mutex_;
    std::vector<Violation> violations_;
    Handler previous_;
};

/// Reports every lock that the calling thread still holds (rule: the acquirer's release-with, else its acquire) and every call of it that
/// was not followed as its page demands (followed-by), and forgets them.
std::size_t check_quiescent();
/// The locks that the calling thread holds, oldest first.
std::vector<HeldLock> held_locks();
/// An object that code without wrappers has initialized: from now on it counts as initialized, by any function.
void assume_initialized(const void* object);
/// Forgets all locks, objects and counters of all threads: for tests that broke something on purpose. Pageable ranges stay.
void forget_everything();

/// `then` was acquired while `first` was held.
struct LockOrderStep {
    HeldLock first;
    HeldLock then;
    std::uint64_t thread = 0;
    std::vector<HeldLock> held;  // all that the thread held before `then`, oldest first
};
/// A circle of at least two locks: the last step's `then` is the first step's `first`.
struct LockOrderReport {
    std::vector<LockOrderStep> steps;
};
/// One step a paragraph: both locks with the places where they were acquired, the thread and what it held.
std::string format_lock_order(const LockOrderReport& report);

using LockOrderHandler = std::function<void(const LockOrderReport&)>;
/// Starts to watch the order in which locks are acquired, for the whole process; an empty handler stops and forgets. A handler may call
/// wrapped functions; it runs in the thread whose acquisition closed the circle, which holds the lock by then.
///   Counted: acquisitions that wait. Not counted: attempts, locks of a thread of its own (regions), a lock that the thread holds already.
///   No circle: if two of its acquisitions of a lock do not exclude each other (both shared), or if an exclusive lock outside the circle is
///   held in two of its steps (only one of the threads can be there at a time).
void watch_lock_order(LockOrderHandler handler);

}  // namespace ddi::contract
#endif
#endif
