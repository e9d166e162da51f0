#include "generator/facts/report.h"

namespace ddi::facts {

text::Diagnostic& report_finding(Facts& facts, std::string_view code, text::Severity severity, text::Span span, std::string message) {
    text::Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.severity = severity;
    diagnostic.source = facts.source;
    diagnostic.span = span;
    diagnostic.message = std::move(message);
    facts.diagnostics.push_back(std::move(diagnostic));
    return facts.diagnostics.back();
}

}  // namespace ddi::facts
