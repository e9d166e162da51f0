#include "generator/page/cursor.h"

#include <cctype>

namespace ddi::page {
namespace {

/// Length of an entity (`&lt;`, `&#160;`) at text[at], which must be `&`; 0 if there is none.
std::size_t entity_length(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && end - at < 34 && (std::isalnum(static_cast<unsigned char>(text[end])) != 0 || text[end] == '#')) ++end;
    return end < text.size() && end > at + 1 && text[end] == ';' ? end + 1 - at : 0;
}

std::size_t code_point_length(std::string_view text, std::size_t at) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    return end - at;
}

}  // namespace

std::uint32_t Cursor::next_line() const {
    const std::size_t feed = file_.find('\n', at_);
    return static_cast<std::uint32_t>(feed == std::string_view::npos ? at_ : feed);
}

void Cursor::leave_link(std::string_view target) {
    const std::string_view rest = file_.substr(at_);
    const std::size_t bracket = rest.find(']');
    if (bracket == std::string_view::npos || bracket + 1 >= rest.size()) return;
    if (rest[bracket + 1] == '(') {
        std::size_t close = rest.find(target, bracket);
        close = rest.find(')', close == std::string_view::npos ? bracket : close + target.size());
        if (close != std::string_view::npos) at_ += close + 1;
    } else if (rest[bracket + 1] == '[') {
        if (const std::size_t close = rest.find(']', bracket + 1); close != std::string_view::npos) at_ += close + 1;
    } else {
        at_ += bracket + 1;
    }
}

Cursor::Match Cursor::match_at(std::string_view text, std::size_t at, std::size_t source) const {
    if (source >= file_.size()) return {};
    const char c = file_[source];
    if (c == '&' && (text[at] != '&' || entity_length(file_, source) > 0)) {
        if (const std::size_t length = entity_length(file_, source)) return {code_point_length(text, at), length, 0};
    }
    if (c == '\\' && source + 1 < file_.size() && file_[source + 1] == text[at] && std::ispunct(static_cast<unsigned char>(text[at])) != 0)
        return {1, 2, 1};
    if (c == text[at]) return {1, 1, 0};
    if (text[at] == ' ' && (c == '\n' || c == '\r')) {  // a line end inside a code span
        const bool crlf = c == '\r' && source + 1 < file_.size() && file_[source + 1] == '\n';
        return {1, crlf ? std::size_t{2} : std::size_t{1}, 0};
    }
    return {};
}

std::size_t Cursor::find(std::string_view text) const {
    constexpr std::size_t enough = 12;
    for (std::size_t start = at_; start < file_.size(); ++start) {
        std::size_t at = 0, source = start;
        while (at < text.size() && at < enough) {
            const Match match = match_at(text, at, source);
            if (match.text == 0) break;
            at += match.text;
            source += match.source;
        }
        if (at >= std::min(text.size(), enough)) return start;
    }
    return at_;
}

}  // namespace ddi::page
