// Canceling IRPs: the I/O manager's part, which drivers reach through IoSetCancelRoutine and IoCancelIrp.
#pragma once

#include <wdm.h>

namespace ddi::kernel::io {

/// Exchanges the IRP's cancel routine; null: it cannot be canceled. Returns the one before: whoever gets it may go on with the IRP.
PDRIVER_CANCEL set_cancel_routine(PIRP irp, PDRIVER_CANCEL routine);
bool is_canceled(PIRP irp);

/// As IoCancelIrp: marks the IRP and calls its cancel routine, if it has one, with the cancel spin lock held; the routine must release it
/// (a bug check if it does not). True: a routine was called.
bool cancel(PIRP irp);

}  // namespace ddi::kernel::io
