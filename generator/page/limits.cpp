#include "generator/page/limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

namespace ddi::page {
namespace {

/// Number of columns if the line can be the delimiter row of a pipe table (`|---|:--|`), else 0.
std::size_t delimiter_columns(std::string_view line) {
    std::size_t pipes = 0, dashes = 0;
    for (char c : line) {
        if (c == '|')
            ++pipes;
        else if (c == '-')
            ++dashes;
        else if (c != ':' && c != ' ' && c != '\t' && c != '\r' && c != '>')
            return 0;
    }
    return dashes > 0 && pipes > 0 ? pipes + 1 : 0;
}

/// Quote and list markers that stand before the line's text: each can open a block inside the one before.
std::size_t markers(std::string_view line) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool last = i + 1 == line.size() || line[i + 1] == ' ' || line[i + 1] == '\t';
        if (c == '>' || ((c == '-' || c == '+' || c == '*' || c == '.' || c == ')') && last))
            ++count;
        else if (c != ' ' && c != '\t' && !(c >= '0' && c <= '9'))
            break;
    }
    return count;
}

}  // namespace

Excess check_limits(std::string_view bytes, const Limits& limits) {
    const auto excess = [](std::string what, std::size_t begin, std::size_t end) {
        return Excess{std::move(what), {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)}, true};
    };
    if (bytes.size() > limits.file_bytes) return excess(fmt::format("a file of {} bytes", bytes.size()), 0, 0);
    std::size_t headings = 0, columns = 0, cells = 0, images = 0, declarations = 0, tags = 0;
    for (std::size_t begin = 0; begin < bytes.size();) {
        const std::size_t feed = std::min(bytes.find('\n', begin), bytes.size());
        const std::string_view line = bytes.substr(begin, feed - begin);
        if (line.size() > limits.line_bytes) return excess(fmt::format("a line of {} bytes", line.size()), begin, feed);
        if (!line.empty() && line.front() == '#' && ++headings > limits.headings)
            return excess(fmt::format("more than {} headings", limits.headings), begin, feed);
        if (markers(line) > limits.line_markers)
            return excess(fmt::format("more than {} quote and list markers on one line", limits.line_markers), begin, feed);
        if (const std::size_t wide = delimiter_columns(line)) columns = std::max(columns, wide);
        if (columns > limits.table_columns) return excess(fmt::format("a table of {} columns", columns), begin, feed);
        cells += columns;
        if (cells > limits.table_cells) return excess(fmt::format("tables of more than {} cells", limits.table_cells), begin, feed);
        if (line.find_first_not_of(" \t\r") == std::string_view::npos) columns = 0;
        for (std::size_t i = 0; i < line.size(); ++i) {
            if (line[i] != '<' && line[i] != '!') continue;
            const char next = i + 1 < line.size() ? line[i + 1] : '\0';
            if (line[i] == '!')
                images += next == '[' ? 1 : 0;
            else
                ++tags, declarations += next == '?' || next == '!' ? 1 : 0;
        }
        if (declarations > limits.declarations)
            return excess(fmt::format("more than {} HTML comments and declarations", limits.declarations), begin, feed);
        if (images > limits.images) return excess(fmt::format("more than {} images", limits.images), begin, feed);
        if (tags > limits.tags) return excess(fmt::format("more than {} HTML tags", limits.tags), begin, feed);
        begin = feed + 1;
    }
    return {};
}

std::size_t html_depth(std::string_view html) {
    // Elements that end at the next of their kind, or have no content, do not nest by being left open.
    constexpr std::array flat{"p",   "li",  "dt",    "dd",   "tr",   "td",     "th",    "br",    "hr",
                              "img", "col", "input", "meta", "link", "option", "thead", "tbody", "tfoot"};
    std::size_t depth = 0, deepest = 0;
    for (std::size_t i = html.find('<'); i != std::string_view::npos; i = html.find('<', i + 1)) {
        const bool closing = i + 1 < html.size() && html[i + 1] == '/';
        std::size_t at = i + 1 + (closing ? 1 : 0);
        std::string name;
        while (at < html.size() && std::isalnum(static_cast<unsigned char>(html[at])) != 0 && name.size() < 12)
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(html[at++])));
        if (name.empty() || std::find(flat.begin(), flat.end(), std::string_view(name)) != flat.end()) continue;
        if (!closing)
            deepest = std::max(deepest, ++depth);
        else if (depth > 0)
            --depth;
    }
    return deepest;
}

}  // namespace ddi::page
