// What is wrong with a page: a value that travels beside the facts, printed only by the command line.
#pragma once

#include <string>
#include <vector>

#include "generator/text/source_text.h"

namespace ddi::text {

enum class Severity { note, warning, error };

/// Further places or explanations that belong to one diagnostic.
struct DiagnosticNote {
    std::string message;
    SourcePtr source;  // null: no place
    Span span;
};

/// A finding about the documentation. `code` is stable (kebab-case, e.g. "irql-not-understood") and names the rule.
struct Diagnostic {
    std::string code;
    Severity severity = Severity::warning;
    SourcePtr source;  // null only for findings about a source as a whole
    Span span;
    std::string message;
    std::vector<DiagnosticNote> notes;
};

using Diagnostics = std::vector<Diagnostic>;

/// Orders by path, offset, code, message, so that output does not depend on the order of work.
void sort_diagnostics(Diagnostics& diagnostics);

/// `path:line:column: severity: message [code]`, the source line, a caret line; notes likewise. `color` adds ANSI colours.
/// Control characters in page text are shown as U+FFFD; long lines are cut around the caret.
std::string format_diagnostic(const Diagnostic& diagnostic, bool color);

const char* severity_name(Severity severity);

}  // namespace ddi::text
