#include "generator/page/front_matter.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>
#include <variant>

#include "generator/page/limits.h"
#include "generator/page/yaml_value.h"
#include "generator/text/escape.h"

namespace ddi::page {
namespace {

using text::Span;

struct Line {
    std::uint32_t begin = 0;
    std::uint32_t end = 0;   // without the line end
    std::uint32_t next = 0;  // first byte of the next line
};

bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// Cuts blanks off both ends.
Span trim(std::string_view bytes, Span span) {
    while (span.begin < span.end && is_blank(bytes[span.begin])) ++span.begin;
    while (span.end > span.begin && (is_blank(bytes[span.end - 1]) || bytes[span.end - 1] == '\r')) --span.end;
    return span;
}

std::string_view slice(std::string_view bytes, Span span) { return bytes.substr(span.begin, span.end - span.begin); }

Line line_at(std::string_view bytes, std::uint32_t begin) {
    const std::size_t feed = bytes.find('\n', begin);
    const auto end = static_cast<std::uint32_t>(feed == std::string_view::npos ? bytes.size() : feed);
    const bool crlf = end > begin && bytes[end - 1] == '\r';
    return {begin, crlf ? end - 1 : end, feed == std::string_view::npos ? end : end + 1};
}

bool is_fence(std::string_view bytes, const Line& line) { return slice(bytes, trim(bytes, {line.begin, line.end})) == "---"; }

struct Key {
    Span span;
    bool blank_follows = true;  // `req.lib:x.lib` is no key in YAML
};

/// `key:` at the first column, or nothing. YAML allows blanks inside a key ("req.target- min-winverclnt").
std::optional<Key> key_of(std::string_view bytes, const Line& line) {
    std::uint32_t at = line.begin, last = line.begin;
    const auto is_key = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-' || c == ' ';
    };
    if (at < line.end && (bytes[at] == ' ' || bytes[at] == '-')) return std::nullopt;
    for (; at < line.end && is_key(bytes[at]); ++at) {
        if (bytes[at] != ' ') last = at + 1;
    }
    if (last == line.begin || at >= line.end || bytes[at] != ':') return std::nullopt;
    const Key key{{line.begin, last}, at + 1 == line.end || is_blank(bytes[at + 1])};
    if (!key.blank_follows && (last != at || bytes[at + 1] == '/' || bytes[at + 1] == ':')) return std::nullopt;
    return key;
}

/// A key with its value's lines.
struct Entry {
    Span key;
    Span first;               // value on the key's own line
    std::vector<Line> lines;  // lines below it
};

class Reader {
  public:
    Reader(const text::SourcePtr& source, text::Diagnostics& diagnostics)
        : source_(source), bytes_(source->bytes()), diagnostics_(diagnostics) {}

    FrontMatter read() {
        FrontMatter out;
        std::uint32_t at = bytes_.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
        out.body_begin = at;
        std::optional<std::uint32_t> first = read_block(at, out.fields);
        if (!first) return out;
        out.present = true;
        out.body_begin = *first;
        // A second front matter, as a bad merge leaves it: only if it looks like one, for `---` is also a rule in markdown.
        at = *first;
        while (at < bytes_.size()) {
            const Line line = line_at(bytes_, at);
            if (!trim_empty(line)) break;
            at = line.next;
        }
        if (at < bytes_.size() && is_fence(bytes_, line_at(bytes_, at)) && key_of(bytes_, line_at(bytes_, line_at(bytes_, at).next))) {
            const Line fence = line_at(bytes_, at);
            std::vector<Field> again;
            if (std::optional<std::uint32_t> second = read_block(at, again)) {
                report("front-matter-duplicated", {fence.begin, fence.end},
                       "the page has a second front matter; its keys count only where the first has none");
                for (Field& field : again) out.fields.push_back(std::move(field));
                out.body_begin = *second;
            }
        }
        report_duplicates(out.fields);
        return out;
    }

  private:
    bool trim_empty(const Line& line) const {
        const Span span = trim(bytes_, {line.begin, line.end});
        return span.begin == span.end;
    }

    void report(std::string code, Span span, std::string message) {
        diagnostics_.push_back({std::move(code), text::Severity::warning, source_, span, std::move(message), {}});
    }
    void report_not_yaml(Span span, std::string_view why) {
        report("front-matter-not-yaml", span, fmt::format("the front matter is not YAML here ({}); read as plain text", why));
    }

    /// A line of dashes follows before the first section of the text does.
    bool is_closed(std::uint32_t at) const {
        while (at < bytes_.size()) {
            const Line line = line_at(bytes_, at);
            if (is_fence(bytes_, line)) return true;
            if (bytes_.substr(at, 4) == "## -") return false;
            at = line.next;
        }
        return false;
    }

    /// Reads one block between two `---` lines. Nothing if there is none here.
    std::optional<std::uint32_t> read_block(std::uint32_t begin, std::vector<Field>& fields) {
        const Line open = line_at(bytes_, begin);
        if (!is_fence(bytes_, open) || open.next == open.end) return std::nullopt;
        std::vector<Entry> entries;
        std::uint32_t at = open.next;
        std::optional<std::uint32_t> after;
        const bool closed = is_closed(at);
        while (at < bytes_.size()) {
            const Line line = line_at(bytes_, at);
            if (is_fence(bytes_, line)) {
                after = line.next;
                break;
            }
            // Without a closing line the front matter ends where the text plainly begins. (With one, # begins a comment.)
            if (!closed && (bytes_.substr(at, 2) == "# " || bytes_.substr(at, 3) == "## ")) break;
            at = line.next;
            if (++lines_ > limits_.front_matter_lines || entries.size() >= limits_.front_matter_keys) {
                if (!too_large_)
                    report("page-too-large", {line.begin, line.end},
                           fmt::format("a front matter of more than {} keys or {} lines; the rest of it is not read",
                                       limits_.front_matter_keys, limits_.front_matter_lines));
                too_large_ = true;
                continue;
            }
            if (const std::optional<Key> key = key_of(bytes_, line)) {
                const auto colon = static_cast<std::uint32_t>(bytes_.find(':', key->span.end));
                entries.push_back({key->span, trim(bytes_, {colon + 1, line.end}), {}});
                if (!key->blank_follows) report_not_yaml({colon, colon + 1}, "no blank behind the colon");
            } else if (!trim_empty(line) && bytes_[line.begin] != '#') {
                if (entries.empty()) {
                    report_not_yaml({line.begin, line.end}, "a line without a key");
                    continue;
                }
                entries.back().lines.push_back(line);
            }
        }
        if (!after && entries.empty()) return std::nullopt;  // a rule, not a front matter
        if (!after) report("front-matter-not-closed", {open.begin, open.end}, "the front matter has no closing --- line");
        for (const Entry& entry : entries) fields.push_back(read_entry(entry));
        return after ? *after : at;
    }

    Field read_entry(const Entry& entry) {
        Field field;
        field.key = std::string(slice(bytes_, entry.key));
        field.key_span = entry.key;
        field.value_span = value_span(entry);
        if (read_simple(entry, field)) return field;
        auto result = read_yaml(entry);
        if (auto* values = std::get_if<YamlValues>(&result)) {
            field.values = std::move(values->values);
            field.is_list = values->is_list;
            check_lost_text(entry, field);
        } else {
            report_not_yaml(error_span(entry, std::get<YamlError>(result)), std::get<YamlError>(result).message);
            repair(entry, field);
        }
        for (std::string& value : field.values) value = text::to_utf8(value);
        return field;
    }

    std::variant<YamlValues, YamlError> read_yaml(const Entry& entry) const {
        // yaml-cpp takes an unindented line without a colon for a key, silently.
        const char opener = entry.first.begin < entry.first.end ? bytes_[entry.first.begin] : ' ';
        for (std::size_t i = 0; i < entry.lines.size() && std::string_view("\"'[{").find(opener) == std::string_view::npos; ++i) {
            const char c = bytes_[entry.lines[i].begin];
            if (c != ' ' && c != '\t' && c != '-') return YamlError{"a line without a key", static_cast<int>(i) + 1, 0};
        }
        const std::string text = yaml_text(entry);
        // Nor does it mind a quote that never ends.
        if ((opener == '"' || opener == '\'') && std::count(text.begin(), text.end(), opener) < 2)
            return YamlError{"a quote without its end", 0, 0};
        return read_yaml_entry(text);
    }

    Span value_span(const Entry& entry) const {
        if (entry.lines.empty()) return entry.first;
        const std::uint32_t begin = entry.first.begin < entry.first.end
                                        ? entry.first.begin
                                        : trim(bytes_, {entry.lines.front().begin, entry.lines.front().end}).begin;
        return {begin, std::max(begin, trim(bytes_, {entry.lines.back().begin, entry.lines.back().end}).end)};
    }

    /// A value that means itself; quotes without escapes count.
    std::optional<std::string_view> simple_scalar(std::string_view value) const {
        if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front()) {
            const std::string_view inner = value.substr(1, value.size() - 2);
            if (inner.find_first_of(value.front() == '"' ? "\"\\" : "'") == std::string_view::npos) return inner;
            return std::nullopt;
        }
        if (is_plain_yaml(value)) return value;
        return std::nullopt;
    }

    /// `["a", "b"]` on one line: almost every page has one (its keywords).
    bool read_simple_flow(std::string_view value, Field& field) const {
        if (value.size() < 2 || value.front() != '[' || value.back() != ']') return false;
        std::string_view rest = value.substr(1, value.size() - 2);
        std::vector<std::string> items;
        while (true) {
            while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
            if (rest.empty() || rest.front() != '"') return false;
            const std::size_t end = rest.find_first_of("\"\\", 1);
            if (end == std::string_view::npos || rest[end] == '\\') return false;
            items.push_back(text::to_utf8(rest.substr(1, end - 1)));
            rest.remove_prefix(end + 1);
            while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
            if (rest.empty()) break;
            if (rest.front() != ',') return false;
            rest.remove_prefix(1);
        }
        field.values = std::move(items);
        field.is_list = true;
        return true;
    }

    /// The shapes nearly all entries have, without yaml-cpp. False: something else.
    bool read_simple(const Entry& entry, Field& field) const {
        const std::string_view first = slice(bytes_, entry.first);
        if (entry.lines.empty()) {
            if (const auto value = simple_scalar(first)) {
                field.values = {text::to_utf8(*value)};
                return true;
            }
            return read_simple_flow(first, field);
        }
        if (!first.empty()) return false;
        std::vector<std::string> items;
        const std::uint32_t indent = indent_of(entry.lines.front());
        for (const Line& line : entry.lines) {
            const std::uint32_t dash = line.begin + indent;
            if (indent_of(line) != indent || dash + 1 >= line.end || bytes_[dash] != '-' || !is_blank(bytes_[dash + 1])) return false;
            const auto value = simple_scalar(slice(bytes_, trim(bytes_, {dash + 1, line.end})));
            if (!value) return false;
            items.push_back(text::to_utf8(*value));
        }
        field.values = std::move(items);
        field.is_list = true;
        return true;
    }

    std::uint32_t indent_of(const Line& line) const {
        std::uint32_t at = line.begin;
        while (at < line.end && bytes_[at] == ' ') ++at;
        return at - line.begin;
    }

    std::string yaml_text(const Entry& entry) const {
        const std::uint32_t end = line_at(bytes_, entry.key.begin).end;
        std::string text(bytes_.substr(entry.key.begin, end - entry.key.begin));
        if (const std::size_t colon = entry.key.end - entry.key.begin; colon + 1 < text.size() && !is_blank(text[colon + 1]))
            text.insert(colon + 1, 1, ' ');
        for (const Line& line : entry.lines) text.append("\n").append(bytes_.substr(line.begin, line.end - line.begin));
        return text += '\n';
    }

    Span error_span(const Entry& entry, const YamlError& error) const {
        Line line = line_at(bytes_, entry.key.begin);
        if (error.line > 0 && !entry.lines.empty())
            line = entry.lines[std::min<std::size_t>(static_cast<std::size_t>(error.line), entry.lines.size()) - 1];
        const auto column = static_cast<std::uint32_t>(std::max(error.column, 0));
        const std::uint32_t begin = std::min(line.begin + column, line.end);
        return {begin, std::max(begin, trim(bytes_, {begin, line.end}).end)};
    }

    /// An anchor or a tag is YAML, but its text is lost: `&Name` was meant as text.
    void check_lost_text(const Entry& entry, Field& field) {
        const std::string_view first = slice(bytes_, entry.first);
        if (first.empty() || (first.front() != '&' && first.front() != '!')) return;
        report("front-matter-text-lost", entry.first,
               fmt::format("YAML takes '{}' for an anchor or a tag; read as plain text", first.substr(0, 1)));
        repair(entry, field);
    }

    /// What the author meant: each `- x` line an item, words one line of text, and syntax at the first column nothing.
    void repair(const Entry& entry, Field& field) const {
        field.values.clear();
        std::string text(unquote(slice(bytes_, entry.first)));
        std::vector<std::string> items;
        for (const Line& line : entry.lines) {
            const std::string_view part = slice(bytes_, trim(bytes_, {line.begin, line.end}));
            if (part.size() >= 2 && part[0] == '-' && is_blank(part[1])) {
                items.emplace_back(unquote(part.substr(part.find_first_not_of(" \t", 1))));
            } else if (is_blank(bytes_[line.begin]) || std::isalnum(static_cast<unsigned char>(bytes_[line.begin])) != 0) {
                std::string& target = items.empty() ? text : items.back();
                if (!target.empty()) target += ' ';
                target += part;
            }
        }
        field.is_list = !items.empty();
        if (!text.empty() || items.empty()) items.insert(items.begin(), std::move(text));
        field.values = std::move(items);
    }

    static std::string_view unquote(std::string_view value) {
        const bool quoted = value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front();
        return quoted ? value.substr(1, value.size() - 2) : value;
    }

    void report_duplicates(const std::vector<Field>& fields) {
        for (std::size_t i = 1; i < fields.size(); ++i) {
            const auto first = std::find_if(fields.begin(), fields.begin() + static_cast<std::ptrdiff_t>(i),
                                            [&](const Field& field) { return field.key == fields[i].key; });
            if (first == fields.begin() + static_cast<std::ptrdiff_t>(i)) continue;
            report("front-matter-duplicate-key", fields[i].key_span,
                   fmt::format("the key {} stands twice; the first one counts", fields[i].key));
            diagnostics_.back().notes.push_back({"the first one is here", source_, first->key_span});
        }
    }

    const text::SourcePtr& source_;
    std::string_view bytes_;
    text::Diagnostics& diagnostics_;
    Limits limits_;
    std::size_t lines_ = 0;  // of both front matters
    bool too_large_ = false;
};

}  // namespace

FrontMatter read_front_matter(const text::SourcePtr& source, text::Diagnostics& diagnostics) { return Reader(source, diagnostics).read(); }

}  // namespace ddi::page
