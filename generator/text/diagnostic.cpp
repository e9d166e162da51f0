#include "generator/text/diagnostic.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <tuple>

#include "generator/text/escape.h"

namespace ddi::text {
namespace {

constexpr std::size_t shown_columns = 120;

struct Colors {
    const char *bold = "", *red = "", *yellow = "", *cyan = "", *green = "", *off = "";
};

constexpr Colors ansi{"\033[1m", "\033[1;31m", "\033[1;33m", "\033[1;36m", "\033[1;32m", "\033[0m"};

const char* severity_color(const Colors& colors, Severity severity) {
    return severity == Severity::error ? colors.red : severity == Severity::warning ? colors.yellow : colors.cyan;
}

/// Characters shown for valid UTF-8: one per code point, which is right for all but wide and combining characters.
std::size_t columns(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string shown(std::string_view part) {
    std::string blanks(part);
    std::replace(blanks.begin(), blanks.end(), '\t', ' ');  // one column a byte keeps the caret where it belongs
    return escape_terminal(blanks);
}

/// Offset moved back to the start of a code point.
std::size_t boundary(std::string_view line, std::size_t at) {
    while (at > 0 && at < line.size() && (static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) --at;
    return at;
}

void append_excerpt(std::string& out, const SourceText& source, Span span, const Colors& colors) {
    const Position position = source.position(span.begin);
    std::string_view line = source.line(position.line);
    const std::size_t caret = std::min<std::size_t>(position.column - 1, line.size());
    const std::size_t length =
        std::clamp<std::size_t>(span.end > span.begin ? span.end - span.begin : 1, 1, std::max<std::size_t>(line.size() - caret, 1));
    std::size_t from = 0, to = line.size();
    if (line.size() > shown_columns) {
        from = caret > shown_columns / 3 ? boundary(line, caret - shown_columns / 3) : 0;
        to = boundary(line, std::min(line.size(), from + shown_columns));
    }
    const std::string before = shown(line.substr(from, caret - from));
    const std::string marked = shown(line.substr(caret, std::min(length, to - caret)));
    const std::string after = shown(line.substr(std::min(caret + length, to), to - std::min(caret + length, to)));
    const char* cut_left = from > 0 ? "..." : "";
    const char* cut_right = to < line.size() ? "..." : "";
    out += fmt::format("{:5} | {}{}{}{}{}\n", position.line, cut_left, before, marked, after, cut_right);
    const std::size_t width = std::max<std::size_t>(columns(marked), 1);
    out += fmt::format("      | {}{}^{}{}\n", std::string(columns(before) + (from > 0 ? 3 : 0), ' '), colors.green,
                       std::string(width - 1, '~'), colors.off);
}

void append_finding(std::string& out, const SourcePtr& source, Span span, Severity severity, std::string_view message,
                    std::string_view code, const Colors& colors) {
    if (source) {
        const Position position = source->position(span.begin);
        out += fmt::format("{}{}:{}:{}:{} ", colors.bold, escape_terminal(source->path()), position.line, position.column, colors.off);
    }
    out += fmt::format("{}{}:{} {}", severity_color(colors, severity), severity_name(severity), colors.off, escape_terminal(message));
    if (!code.empty()) out += fmt::format(" [{}]", escape_terminal(code));
    out += '\n';
    if (source) append_excerpt(out, *source, span, colors);
}

}  // namespace

void sort_diagnostics(Diagnostics& diagnostics) {
    const auto key = [](const Diagnostic& d) {
        return std::tuple(d.source ? std::string_view(d.source->path()) : std::string_view(), d.span.begin, std::string_view(d.code),
                          std::string_view(d.message), d.span.end);
    };
    std::stable_sort(diagnostics.begin(), diagnostics.end(), [&](const Diagnostic& a, const Diagnostic& b) { return key(a) < key(b); });
}

std::string format_diagnostic(const Diagnostic& diagnostic, bool color) {
    const Colors colors = color ? ansi : Colors{};
    std::string out;
    append_finding(out, diagnostic.source, diagnostic.span, diagnostic.severity, diagnostic.message, diagnostic.code, colors);
    for (const DiagnosticNote& note : diagnostic.notes)
        append_finding(out, note.source, note.span, Severity::note, note.message, {}, colors);
    return out;
}

const char* severity_name(Severity severity) {
    switch (severity) {
        case Severity::note:
            return "note";
        case Severity::warning:
            return "warning";
        case Severity::error:
            return "error";
    }
    return "error";
}

}  // namespace ddi::text
