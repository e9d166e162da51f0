#include "generator/facts/declaration_tokens.h"

#include <algorithm>
#include <array>

namespace ddi::facts::decl {
namespace {

bool is_letter(unsigned char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$'; }
bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }

// Length of the blank at `i`, or 0. U+00A0 and the zero-width characters that editors leave are blanks, and so are stray CRs.
std::size_t blank_length(std::string_view text, std::size_t i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c <= ' ' || c == 0x7F) return 1;
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("\xC2\xA0")) return 2;
    if (rest.starts_with("\xEF\xBB\xBF") || rest.starts_with("\xE2\x80\x8B")) return 3;
    return 0;
}

// End of a logical line: a line end that is not preceded by a backslash.
std::size_t logical_line_end(std::string_view text, std::size_t i) {
    while (i < text.size()) {
        const std::size_t end = text.find('\n', i);
        if (end == std::string_view::npos) return text.size();
        std::size_t last = end;
        while (last > i && (text[last - 1] == '\r' || text[last - 1] == ' ')) --last;
        if (last == i || text[last - 1] != '\\') return end;
        i = end + 1;
    }
    return text.size();
}

std::size_t literal_end(std::string_view text, std::size_t i) {
    const char quote = text[i];
    for (std::size_t k = i + 1; k < text.size() && text[k] != '\n'; ++k) {
        if (text[k] == '\\') {
            ++k;
        } else if (text[k] == quote) {
            return k + 1;
        }
    }
    return i + 1;  // an apostrophe in prose, not a literal
}

std::size_t punct_length(std::string_view rest) {
    static constexpr std::array<std::string_view, 9> long_ones = {"...", "::", "<<", ">>", "==", "!=", "<=", ">=", "->"};
    for (std::string_view p : long_ones) {
        if (rest.starts_with(p)) return p.size();
    }
    std::size_t length = 1;  // one UTF-8 character
    while (length < rest.size() && length < 4 && (static_cast<unsigned char>(rest[length]) & 0xC0) == 0x80) ++length;
    return (static_cast<unsigned char>(rest[0]) & 0x80) ? length : 1;
}

void match_brackets(std::vector<Token>& tokens) {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (token.kind != TokenKind::punct) continue;
        if (token.is("(") || token.is("[") || token.is("{")) {
            open.push_back(i);
        } else if (token.is(")") || token.is("]") || token.is("}")) {
            const std::string_view partner = token.is(")") ? "(" : token.is("]") ? "[" : "{";
            auto found = std::find_if(open.rbegin(), open.rend(), [&](std::size_t k) { return tokens[k].is(partner); });
            if (found == open.rend()) continue;
            tokens[*found].match = i - *found;
            open.erase(std::next(found).base(), open.end());
        }
    }
}

}  // namespace

/// Which of the alternatives between #if, #else and #endif counts: the one for the newest system, 64 bits, C.
class Alternatives {
  public:
    bool active() const {
        return std::all_of(open_.begin(), open_.end(), [](const Group& group) { return group.active; });
    }
    /// One directive without its '#': "if (NTDDI_VERSION >= NTDDI_WIN8)", "else".
    void directive(std::string_view line) {
        const auto starts = [&](std::string_view word) { return line.starts_with(word); };
        if (starts("if")) {
            const bool holds = starts("ifndef") || !is_past(line);
            open_.push_back({holds, holds});
        } else if (open_.empty()) {
            return;
        } else if (starts("elif")) {
            const bool holds = !open_.back().taken && !is_past(line);
            open_.back() = {holds, open_.back().taken || holds};
        } else if (starts("else")) {
            open_.back() = {!open_.back().taken, true};
        } else if (starts("endif")) {
            open_.pop_back();
        }
    }

  private:
    struct Group {
        bool active, taken;
    };
    /// A version before some other one, 32-bit processors, C++.
    static bool is_past(std::string_view condition) {
        for (std::string_view word : {" < ", "&lt;", "_cplusplus", "_X86_", "_M_IX86", "if 0"}) {
            if (condition.find(word) != std::string_view::npos) return true;
        }
        return false;
    }

    std::vector<Group> open_;
};

Lexed lex(std::string_view text) {
    Lexed out;
    Alternatives alternatives;
    bool line_start = true;
    bool space = true;
    std::size_t i = 0;
    while (i < text.size()) {
        if (const std::size_t blank = blank_length(text, i)) {
            line_start = line_start || text[i] == '\n';
            space = true;
            i += blank;
            continue;
        }
        const std::string_view rest = text.substr(i);
        if (rest.starts_with("//")) {
            i = std::min(text.find('\n', i), text.size());
            space = true;
            continue;
        }
        if (rest.starts_with("/*")) {
            const std::size_t end = text.find("*/", i + 2);
            i = end == std::string_view::npos ? text.size() : end + 2;
            space = true;
            continue;
        }
        if (rest[0] == '\\' && (rest.size() == 1 || blank_length(text, i + 1))) {
            ++i;
            space = true;
            continue;
        }
        if (line_start && rest[0] == '#') {
            const std::size_t end = logical_line_end(text, i);
            std::size_t word = i + 1;
            while (word < end && blank_length(text, word)) word += blank_length(text, word);
            alternatives.directive(text.substr(word, end - std::min(end, word)));
            if (alternatives.active() && text.substr(word).starts_with("define"))
                out.defines.push_back({text.substr(word + 6, end - std::min(end, word + 6)), word + 6});
            i = end;
            continue;
        }
        Token token;
        token.offset = i;
        token.line_start = line_start;
        token.space_before = space;
        std::size_t end = i;
        const auto c = static_cast<unsigned char>(text[i]);
        if (is_letter(c)) {
            token.kind = TokenKind::word;
            while (end < text.size() &&
                   (is_letter(static_cast<unsigned char>(text[end])) || is_digit(static_cast<unsigned char>(text[end]))))
                ++end;
        } else if (is_digit(c)) {
            token.kind = TokenKind::number;
            while (end < text.size() && (is_letter(static_cast<unsigned char>(text[end])) ||
                                         is_digit(static_cast<unsigned char>(text[end])) || text[end] == '.'))
                ++end;
        } else if ((c == '"' || c == '\'') && literal_end(text, i) > i + 1) {
            token.kind = TokenKind::literal;
            end = literal_end(text, i);
        } else {
            end = i + punct_length(rest);
        }
        token.text = text.substr(i, end - i);
        if (alternatives.active()) out.tokens.push_back(token);
        i = end;
        line_start = space = false;
    }
    match_brackets(out.tokens);
    return out;
}

std::size_t after_group(Tokens tokens, std::size_t index) {
    const std::size_t match = tokens[index].match;
    return match == 0 || index + match >= tokens.size() ? tokens.size() : index + match + 1;
}

Tokens inside_group(Tokens tokens, std::size_t index) {
    const std::size_t match = tokens[index].match;
    if (match == 0 || index + match >= tokens.size()) return tokens.subspan(index + 1);
    return tokens.subspan(index + 1, match - 1);
}

std::vector<Tokens> split_at(Tokens tokens, std::string_view separators, Angles angles) {
    std::vector<Tokens> out;
    std::size_t begin = 0;
    int angle = 0;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (angles == Angles::brackets && token.is("<")) ++angle;
        if (angles == Angles::brackets && token.is(">") && angle > 0) --angle;
        if (angle == 0 && token.text.size() == 1 && separators.find(token.text.front()) != separators.npos) {
            out.push_back(tokens.subspan(begin, i - begin));
            begin = i + 1;
        } else if (token.match != 0) {
            i = after_group(tokens, i) - 1;
        }
    }
    out.push_back(tokens.subspan(begin));
    return out;
}

std::string join(Tokens tokens) {
    std::string out;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        if (i > 0 && tokens[i].space_before) out += ' ';
        out += tokens[i].text;
    }
    return out;
}

}  // namespace ddi::facts::decl
