// Event objects in the caller's 24 bytes, and those that have a name.
#pragma once

#include <wdm.h>

namespace ddi::kernel {

/// As ZwClose, for a handle of a named event. The event lives as long as it has a handle. False: no such handle.
bool close_event_handle(HANDLE handle);

}  // namespace ddi::kernel
