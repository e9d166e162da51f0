// Callbacks: the host of the implementation under test calls a generated function of the callback's type; that hands over to the test.
#pragma once

#include <functional>
#include <initializer_list>

#include "conformance/suite/walk.h"

namespace ddi::suite {

/// An argument that the callback was given: its C type and value.
struct Argument {
    const char* type;
    void* value;
};

/// A generated function calls this with its arguments and returns the result.
std::int64_t callback_entered(std::initializer_list<Argument> arguments);

struct Callback {
    const char* type;      // "PFNKSPINIRP"
    void (*function)();    // a function of that type that only calls callback_entered
    std::int64_t success;  // what it returns if the test has nothing else in mind
};

/// The host calls it at one of these levels.
void is_called_at(const Callback& callback, Levels levels);
/// Once, by the host.
void is_called(const Callback& callback);
/// The same by a thread that holds the lock of this way already.
void is_called_by_holder(const Callback& callback, const Way& way);
/// While it runs, its caller holds the lock of this way, whose objects are the callback's arguments.
void is_called_with_lock_held(const Callback& callback, const Way& way);
/// Returning `status` after `before` leaves the request pending until `after`; any other result completes it.
void may_leave_pending(const Callback& callback, std::int64_t status, const Function& before, const Function* after);
/// The host accepts the result.
void may_return(const Callback& callback, std::int64_t status);
/// Whether it says that all went well or not, the host goes on.
void may_return_anything(const Callback& callback);
/// A function that ends what a callback left pending, tried at each of its levels.
void completes_pending(const Callback& callback, std::int64_t status, const Function& before, const Function& function,
                       Levels within = kEveryLevel);

/// Calls the generated function itself, as a host with a fault would; the callback does nothing.
void call_directly(const Callback& callback, const Function& checked, unsigned char level);
/// Lets the host call it and return this; however that ends.
void call_by_host(const Callback& callback, std::int64_t result);

}  // namespace ddi::suite
