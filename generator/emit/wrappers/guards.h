// Protocols → wrappers/ddi_guards.h: a C++ class for each acquisition whose release can be called with what the acquisition was given and
// gave back: the constructor acquires, the destructor releases and restores. The class owns the saved IRQL and the queue handle.
#pragma once

#include <map>
#include <string>

#include "generator/emit/wrappers/capabilities.h"
#include "generator/emit/wrappers/selection.h"

namespace ddi::emit::wrappers {

std::string emit_guards(const model::Model& model, const std::map<std::string, WrappedHeader>& headers, const Context& context,
                        const Capabilities& capabilities, const std::string& head);

/// "KeAcquireSpinLock" → "SpinLock", "VideoPortAcquireSpinLock" → "VideoPortSpinLock", "KsFilterAcquireControl" → "FilterControl".
std::string guard_name(const std::string& function);

/// "wdm.h" → "DDI_WRAPPERS_WDM_H".
std::string include_guard(const std::string& header);

}  // namespace ddi::emit::wrappers
