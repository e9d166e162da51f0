// The overlays that come with the tool (docs-src/overlays, embedded at build) and those of a folder.
#pragma once

#include <string>

#include "generator/model/overlay.h"

namespace ddi::cli {

/// Overlays of `folder`, or the built-in ones if it is empty. Throws EnvironmentError if the folder cannot be read.
model::Overlay load_overlays(const std::string& folder, text::Diagnostics& diagnostics);

}  // namespace ddi::cli
