// The declaration block of an old page, found line by line: about 20,000 pages of each revision are searched for one.
#include <algorithm>
#include <cctype>

#include "generator/page/page.h"

namespace ddi::page {
namespace {

struct Line {
    std::size_t begin = 0;
    std::size_t end = 0;   // without the line end
    std::size_t next = 0;  // first byte of the next line
};

Line line_at(std::string_view bytes, std::size_t begin) {
    const std::size_t feed = std::min(bytes.find('\n', begin), bytes.size());
    const bool crlf = feed > begin && bytes[feed - 1] == '\r';
    return {begin, crlf ? feed - 1 : feed, std::min(feed + 1, bytes.size())};
}

/// A line of three or more backticks or tildes, which opens or closes code.
struct Fence {
    char character = '\0';
    std::size_t length = 0;
    bool bare = false;  // nothing behind it: only such a line closes
};

Fence fence_of(std::string_view line) {
    std::size_t at = 0;
    while (at < line.size() && at < 3 && line[at] == ' ') ++at;
    if (at >= line.size() || (line[at] != '`' && line[at] != '~')) return {};
    const char character = line[at];
    const std::size_t end = std::min(line.find_first_not_of(character, at), line.size());
    if (end - at < 3) return {};
    const std::string_view info = line.substr(end);
    if (character == '`' && info.find('`') != std::string_view::npos) return {};  // `code` in a sentence
    return {character, end - at, info.find_first_not_of(" \t\r") == std::string_view::npos};
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) {
    return text.size() >= prefix.size() &&
           std::equal(prefix.begin(), prefix.end(), text.begin(), [](unsigned char a, unsigned char b) { return a == std::tolower(b); });
}

bool is_heading(std::string_view line) {
    const std::size_t hashes = std::min(line.find_first_not_of('#'), line.size());
    return hashes >= 1 && hashes <= 6 && (hashes == line.size() || line[hashes] == ' ' || line[hashes] == '\t');
}

/// `## -syntax` or `## -prototype`.
bool is_declaration_heading(std::string_view line) {
    const std::size_t name = std::min(line.find_first_not_of("# \t"), line.size());
    const std::string_view heading = line.substr(name);
    for (std::string_view wanted : {"-syntax", "-prototype"}) {
        if (starts_ignoring_case(heading, wanted) && heading.find_first_not_of(" \t\r#", wanted.size()) == std::string_view::npos)
            return true;
    }
    return false;
}

/// Lines between the fence that opens and the one that closes it, or the end of the file. `after` is the line behind them.
RawDeclaration read_code(std::string_view bytes, std::size_t begin, const Fence& open, std::size_t& after) {
    std::size_t end = bytes.size();
    after = bytes.size();
    for (std::size_t at = begin; at < bytes.size();) {
        const Line line = line_at(bytes, at);
        const Fence fence = fence_of(bytes.substr(line.begin, line.end - line.begin));
        if (fence.bare && fence.character == open.character && fence.length >= open.length) {
            end = line.begin;
            after = line.next;
            break;
        }
        at = line.next;
    }
    while (end > begin && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) --end;
    RawDeclaration out;
    out.span = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
    out.text.reserve(end - begin);
    for (std::size_t i = begin; i < end; ++i) {
        if (bytes[i] != '\r' || i + 1 == bytes.size() || bytes[i + 1] != '\n') out.text += bytes[i];
    }
    return out;
}

/// The first fence from `at` on, before the next heading: its code if it is the section's declaration.
std::optional<RawDeclaration> read_section(std::string_view bytes, std::size_t at) {
    while (at < bytes.size()) {
        const Line line = line_at(bytes, at);
        const std::string_view text = bytes.substr(line.begin, line.end - line.begin);
        if (is_heading(text)) return std::nullopt;
        at = line.next;
        const Fence fence = fence_of(text);
        if (fence.length == 0) continue;
        RawDeclaration code = read_code(bytes, line.next, fence, at);
        if (code.text.find_first_not_of(" \t\n") != std::string::npos) return code;
    }
    return std::nullopt;
}

}  // namespace

std::optional<RawDeclaration> read_raw_declaration(std::string_view bytes) {
    // A heading inside code is none, so fences are followed from the top.
    for (std::size_t at = 0; at < bytes.size();) {
        const Line line = line_at(bytes, at);
        at = line.next;
        const char first = line.end > line.begin ? bytes[line.begin] : '\0';
        if (first != '#' && first != '`' && first != '~' && first != ' ') continue;
        const std::string_view text = bytes.substr(line.begin, line.end - line.begin);
        if (const Fence fence = fence_of(text); fence.length > 0) {
            read_code(bytes, line.next, fence, at);
        } else if (is_heading(text) && is_declaration_heading(text)) {
            if (auto declaration = read_section(bytes, line.next)) return declaration;
        }
    }
    return std::nullopt;
}

}  // namespace ddi::page
