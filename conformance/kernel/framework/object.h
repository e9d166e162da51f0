// Framework objects behind handles. A handle is no address: it names a slot of a table and how often the slot has been used, so that a
// handle that was made up, or whose object is gone, is noticed and never followed. Objects form a tree; deleting one deletes those below.
#pragma once

#include <wdfobject.h>
#include <wdftypes.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "conformance/kernel/bugcheck.h"

namespace ddi::kernel::framework {

/// First parameters of WDF_VIOLATION, as the framework numbers them.
namespace violation {
inline constexpr std::uint64_t recursive_lock = 2;    // handle, thread
inline constexpr std::uint64_t prohibited = 3;        // handle: what the framework's verifier stops a driver at
inline constexpr std::uint64_t required_is_null = 4;  // where
inline constexpr std::uint64_t invalid_handle = 5;    // handle
}  // namespace violation

using Handle = const void*;  // any WDF handle

struct Object {
    virtual ~Object() = default;
    Handle handle = nullptr;
    Object* parent = nullptr;  // null: the driver
    std::vector<Object*> children;
};

/// Takes the object over, below the parent (null: the driver itself), and gives it a handle.
Handle add(std::unique_ptr<Object> object, Handle parent);
/// As WdfObjectDelete.
void remove(Handle handle);
/// As the framework when the driver is unloaded.
void remove_all();
std::size_t live_objects();

/// Null: no such object.
Object* find(Handle handle);

/// The object of this type; any other handle is a bug check.
template <class Type>
Type& get(Handle handle) {
    if (Type* object = dynamic_cast<Type*>(find(handle))) [[likely]]
        return *object;
    bug_check(BugCode::wdf_violation, violation::invalid_handle, handle);
}

/// The status of an attempt to make an object with these attributes.
NTSTATUS check_attributes(PWDF_OBJECT_ATTRIBUTES attributes);
Handle parent_of(PWDF_OBJECT_ATTRIBUTES attributes);

template <class WdfHandle>
WdfHandle as(Handle handle) {
    return reinterpret_cast<WdfHandle>(const_cast<void*>(handle));
}

}  // namespace ddi::kernel::framework
