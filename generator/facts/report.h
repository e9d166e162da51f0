// How extractors of this room report a finding about the page they read.
#pragma once

#include <string>
#include <string_view>

#include "generator/facts/facts.h"

namespace ddi::facts {

/// Appends a diagnostic with a place in the facts' own page; the result is for adding notes.
text::Diagnostic& report_finding(Facts& facts, std::string_view code, text::Severity severity, text::Span span, std::string message);

}  // namespace ddi::facts
