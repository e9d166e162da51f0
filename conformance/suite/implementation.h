// What the suite asks of an implementation under test beside the documented functions: to look at a thread from outside, to put a
// thread into a state, to make the objects that only a host can make, and to call a driver's callbacks. One translation unit supplies
// these functions (reference_kernel.cpp does for our kernel); the program links exactly one. Assumes real threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace ddi::suite {

enum class Apcs { normal, all };

/// How a call ended. A bug check or a raised status is a value here, so that a test can expect one.
struct Outcome {
    enum class Kind { completed, bug_check, status, other } kind = Kind::completed;
    std::uint64_t code = 0;  // the bug check's code, or the status
    std::string text;        // for the report
    bool completed() const { return kind == Kind::completed; }
    /// The implementation noticed a misuse and did not go on.
    bool refused() const { return kind == Kind::bug_check || kind == Kind::status; }
};

/// Runs the body and tells how it ended. Never throws.
Outcome guarded(const std::function<void()>& body);

unsigned char current_irql();
/// Puts the calling thread at a level, whatever it was at.
void force_irql(unsigned char level);

/// The implementation's own answers, by its documented query functions; the IRQL may disable APCs beside them.
bool apcs_disabled();
bool all_apcs_disabled();
/// Enters and leaves a region that disables such APCs for the calling thread.
void disable_apcs(Apcs apcs);
void enable_apcs(Apcs apcs);

/// Identifies a thread of the implementation.
using ThreadToken = std::uint64_t;
ThreadToken this_thread();
/// The thread waits for an object or spins on a lock, and will until another thread acts.
bool is_blocked(ThreadToken thread);
/// After a bug check: the calling thread holds nothing and is at the lowest level again.
void reset_thread();

/// What the host saw of a request whose callback it called.
struct CallbackReport {
    bool called = false;
    std::int64_t result = 0;  // what the callback returned
    bool completed = false;   // the host completed the request when the callback returned
};

/// Makes zeroed storage an empty object of a C type that drivers fill in without a function (a list head, by macro). Nothing to do for
/// types of which zeroes are empty.
void make_empty(const std::string& type, void* storage);

/// The storage of a test's objects is about to be freed: what the implementation has kept of it (a timer that is set) is forgotten.
void forget_storage(const void* storage, std::size_t size);

/// Objects that a driver cannot make itself (devices, filters, pins, device extensions): all of one tree, so that a pin belongs to the
/// filter and the filter to the device. Freed with the host.
class Host {
  public:
    virtual ~Host() = default;
    /// The object for a parameter, by the C type the documentation gives it; null if there is none. The same question gives the same
    /// object.
    virtual void* object(const std::string& header, const std::string& type, const std::string& parameter) = 0;
    /// Calls a driver's callback of that type on the calling thread as its page says; false: no host for that type.
    /// `callback` is a function of the callback's documented type.
    virtual bool call(const std::string& type, void (*callback)(), CallbackReport& report) = 0;
    /// Brings the thing into the state that pages call so ("filter", "STOP"); false: there is no such thing here.
    virtual bool bring_into(const std::string& thing, const std::string& state) = 0;
    /// From now on interrupts that are not made yet have this level; 0: their service routines run at PASSIVE_LEVEL. A kind of interrupt
    /// that cannot have it keeps the usual one.
    virtual void set_interrupt_level(unsigned char level) = 0;
    /// Whether the request that the last call() sent has been completed by now.
    virtual bool request_completed() = 0;
};
std::unique_ptr<Host> make_host();

}  // namespace ddi::suite
