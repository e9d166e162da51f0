// Model → files. Emitters are pure functions; nothing here knows a page, a disk or an API by name.
#pragma once

#include "generator/model/model.h"
#include "generator/text/diagnostic.h"
#include "generator/text/file_set.h"

namespace ddi::emit {

/// include/<header>.h for every documented header, include/ddi_base.h, include/ddi_sal.h. Paths are relative to the output folder.
text::FileSet emit_stubs(const model::Model& model, text::Diagnostics& diagnostics);

/// wrappers/<header>.h (take the place of the stub of the same name), wrappers/<header>.cpp (the checks).
text::FileSet emit_wrappers(const model::Model& model, text::Diagnostics& diagnostics);

/// tests/<header>_<object or function>_test.cpp, tests/CMakeLists.txt fragments (file list), rules.json (rule id → tests, or the reason
/// there is none).
text::FileSet emit_tests(const model::Model& model, text::Diagnostics& diagnostics);

/// reference/: one page an API, header indexes, start page, style sheet.
text::FileSet emit_reference(const model::Model& model, text::Diagnostics& diagnostics);

/// data/model.json and data/model.schema.json.
text::FileSet emit_data(const model::Model& model, text::Diagnostics& diagnostics);

}  // namespace ddi::emit
