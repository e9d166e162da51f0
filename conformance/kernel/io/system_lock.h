// The I/O manager's own spin locks, one of each in the system.
#pragma once

#include <wdm.h>

namespace ddi::kernel::io {

PKSPIN_LOCK cancel_spin_lock();
PKSPIN_LOCK vpb_spin_lock();

}  // namespace ddi::kernel::io
