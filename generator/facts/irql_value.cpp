// req.irql values: level expressions with conditions, pointers to other sections, SAL, and what is none of these.
#include <algorithm>
#include <cctype>
#include <set>

#include "generator/facts/irql.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

std::string_view trim(std::string_view text) {
    constexpr std::string_view blank = " \t\r\n";
    const std::size_t begin = text.find_first_not_of(blank);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blank) - begin + 1);
}

std::string_view trim_marks(std::string_view text) {
    for (;;) {
        text = trim(text);
        if (!text.empty() && std::string_view(".,;:").find(text.back()) != std::string_view::npos)
            text.remove_suffix(1);
        else if (!text.empty() && std::string_view(".,;:").find(text.front()) != std::string_view::npos)
            text.remove_prefix(1);
        else
            return text;
    }
}

// "(see Remarks section)", "See Comments.", "For more information, see the Remarks section of …": cut out of the value.
bool cut_pointer(std::string& value) {
    static constexpr std::string_view sections[] = {"remark", "comment", "parameter", "return value", "description"};
    const std::string lower = to_lower(value);
    for (std::size_t see = lower.find("see "); see != std::string::npos; see = lower.find("see ", see + 1)) {
        if (see > 0 && std::isalnum(static_cast<unsigned char>(lower[see - 1]))) continue;
        std::size_t begin = see;
        const std::size_t stop = std::min(lower.find_first_of(");", see), lower.size());
        const std::string_view words = std::string_view(lower).substr(see, stop - see);
        if (std::none_of(std::begin(sections), std::end(sections), [&](auto s) { return words.find(s) != words.npos; })) continue;
        std::size_t end = stop;
        const std::size_t open = lower.find_last_of('(', see);
        if (open != std::string::npos && trim(lower.substr(open + 1, see - open - 1)).empty() && stop < lower.size() &&
            lower[stop] == ')') {
            begin = open;
            ++end;
        }
        constexpr std::string_view intro = "for more information,";
        const std::size_t more = lower.rfind(intro, see);
        if (more != std::string::npos && trim(lower.substr(more + intro.size(), see - more - intro.size())).empty()) begin = more;
        value.erase(begin, end - begin);
        return true;
    }
    return false;
}

// Words that say only "this is about the IRQL".
bool is_noise(const Word& word) {
    static const std::set<std::string, std::less<>> noise{"called",
                                                          "call",
                                                          "callable",
                                                          "can",
                                                          "be",
                                                          "is",
                                                          "are",
                                                          "at",
                                                          "irql",
                                                          "irqls",
                                                          "level",
                                                          "levels",
                                                          "only",
                                                          "either",
                                                          "or",
                                                          "running",
                                                          "run",
                                                          "runs",
                                                          "must",
                                                          "may",
                                                          "this",
                                                          "function",
                                                          "routine",
                                                          "callback",
                                                          "developers",
                                                          "should",
                                                          "code",
                                                          "to",
                                                          "operate",
                                                          "the",
                                                          "caller",
                                                          "callers",
                                                          "any",
                                                          "in",
                                                          "_irql_requires_",
                                                          "_irql_requires_max_",
                                                          "_irql_requires_min_",
                                                          "irql_requires_",
                                                          "requires_",
                                                          "requires_max_",
                                                          "requires_min_",
                                                          "requires",
                                                          "executes",
                                                          "it",
                                                          "(",
                                                          ")",
                                                          ".",
                                                          ",",
                                                          ";",
                                                          ":",
                                                          ">",
                                                          "<",
                                                          "=",
                                                          "\"",
                                                          "'",
                                                          "*",
                                                          "and"};
    return noise.contains(word.lower);
}

bool all_noise(std::string_view text) {
    const auto words = split_words(text);
    return std::all_of(words.begin(), words.end(), is_noise);
}

bool begins_condition(std::string_view text) {
    const auto words = split_words(text);
    static const std::set<std::string, std::less<>> openers{"if",       "when", "otherwise", "unless", "as",     "while",
                                                            "provided", "for",  "on",        "with",   "except", "("};
    return !words.empty() && openers.contains(words.front().lower);
}

// "X applies where …" without its punctuation; outer parentheses are kept only if they do not wrap the whole.
std::string condition_text(std::string_view text) {
    text = trim_marks(text);
    for (std::string_view joint : {"or", "and", "but"})
        if (text.size() > joint.size() && to_lower(text.substr(text.size() - joint.size())) == joint &&
            text[text.size() - joint.size() - 1] == ' ')
            text = trim_marks(text.substr(0, text.size() - joint.size()));
    if (text.size() > 2 && text.front() == '(' && text.back() == ')') {
        const std::string_view inner = text.substr(1, text.size() - 2);
        if (inner.find_first_of("()") == std::string_view::npos && begins_condition(inner)) text = trim_marks(inner);
    }
    std::string folded;
    for (const char c : text) {
        const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
        if (!blank)
            folded += c;
        else if (!folded.empty() && folded.back() != ' ')
            folded += ' ';
    }
    return folded;
}

bool is_junk(std::string_view value) {
    const auto words = split_words(value);
    const std::string lower = to_lower(value);
    if (lower.find("requires_same") != lower.npos || lower.find("requires same") != lower.npos) return true;  // says "unchanged", no level
    if (lower == "tbd" || lower == "n" || lower == "y") return true;
    // One identifier or annotation that is not about levels: "_Must_inspect_result_", an API's name, a library.
    return lower.find("irql") == lower.npos && lower.find("level") == lower.npos &&
           std::count_if(words.begin(), words.end(),
                         [](const Word& w) { return std::isalpha(static_cast<unsigned char>(w.lower[0])) || w.lower[0] == '_'; }) <= 2;
}

bool is_not_applicable(std::string_view value) {
    const std::string lower = to_lower(trim_marks(value));
    return lower == "not applicable" || lower == "n/a" || lower == "na" || lower == "none" || lower == "user mode" ||
           lower == "user-mode" || lower == "not applicable (user mode)";
}

// The SAL annotations state a maximum or minimum around the level's name.
LevelSet apply_annotation(std::string_view before, LevelSet levels) {
    const std::string lower = to_lower(before);
    const auto found = levels.levels();
    if (found.size() != 1) return levels;
    if (lower.find("requires_max_") != lower.npos) return LevelSet::at_most(found.front());
    if (lower.find("requires_min_") != lower.npos) return LevelSet::at_least(found.front());
    return levels;
}

// "ANY", "Any.": only a whole value means every level.
bool is_bare_any(std::string_view value) { return to_lower(trim_marks(value)) == "any"; }

struct Piece {
    IrqlInText found;
    std::string_view before;  // since the previous piece
    std::string_view after;   // up to the next piece; of the last piece up to the end
};

// Where the words between two level expressions part: behind ';' or '.', or before "otherwise", else behind the last comma.
std::size_t split_between(std::string_view between) {
    const std::string lower = to_lower(between);
    std::size_t cut = lower.find(';');
    if (cut != lower.npos) return cut + 1;
    cut = lower.find("otherwise");
    if (cut != lower.npos && !trim_marks(lower.substr(0, cut)).empty()) return cut;
    cut = lower.find(". ");
    if (cut != lower.npos) return cut + 1;
    if (begins_condition(trim_marks(between))) return between.size();
    return 0;
}

std::optional<std::vector<Piece>> pieces_of(std::string_view value) {
    std::vector<Piece> pieces;
    for (std::size_t at = 0;;) {
        const auto found = find_irql(value, at);
        if (!found) break;
        // A level named inside the previous level's parenthesised note does not state another alternative.
        if (!pieces.empty()) {
            const std::string_view note = value.substr(pieces.back().found.end, found->begin - pieces.back().found.end);
            if (std::count(note.begin(), note.end(), '(') > std::count(note.begin(), note.end(), ')')) {
                const std::size_t close = value.find(')', found->end);
                if (close == value.npos) break;
                at = close + 1;
                continue;
            }
        }
        pieces.push_back({*found, {}, {}});
        at = found->end;
    }
    if (pieces.empty()) return std::nullopt;
    pieces.front().before = value.substr(0, pieces.front().found.begin);
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const std::size_t end = i + 1 < pieces.size() ? pieces[i + 1].found.begin : value.size();
        const std::string_view between = value.substr(pieces[i].found.end, end - pieces[i].found.end);
        const std::size_t cut = i + 1 < pieces.size() ? split_between(between) : between.size();
        pieces[i].after = between.substr(0, cut);
        if (i + 1 < pieces.size()) pieces[i + 1].before = between.substr(cut);
    }
    return pieces;
}

}  // namespace

IrqlExpression parse_irql(std::string_view value) {
    IrqlExpression result;
    std::string text(trim(value));
    if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = trim(std::string_view(text).substr(1, text.size() - 2));
    if (text.empty()) return result;
    while (cut_pointer(text)) result.see_remarks = true;
    text = std::string(trim_marks(text));
    if (text.empty() || (result.see_remarks && all_noise(text) && !is_bare_any(text) && !find_irql(text))) {
        result.status = result.see_remarks ? IrqlStatus::deferred : IrqlStatus::not_understood;
        return result;
    }
    if (is_not_applicable(text)) {
        result.status = IrqlStatus::not_applicable;
        return result;
    }
    if (is_bare_any(text)) {
        result.status = IrqlStatus::understood;
        result.alternatives.push_back({LevelSet::all(), {}});
        return result;
    }
    if (const auto whole = level_from_name(text)) {
        result.status = IrqlStatus::understood;
        result.alternatives.push_back({LevelSet::at(*whole), {}});
        return result;
    }
    const auto pieces = pieces_of(text);
    if (!pieces) {
        result.status = is_junk(text) ? IrqlStatus::junk : IrqlStatus::not_understood;
        return result;
    }
    for (const Piece& piece : *pieces) {
        IrqlAlternative alternative;
        alternative.levels = apply_annotation(piece.before, piece.found.levels);
        const std::string before = condition_text(piece.before);
        const std::string after = condition_text(piece.after);
        if (!all_noise(after)) {
            if (!begins_condition(after)) {
                result.status = IrqlStatus::not_understood;
                return result;
            }
            alternative.condition = after;
        }
        if (!all_noise(before)) {
            const auto words = split_words(before);
            // "Wait is TRUE, PASSIVE_LEVEL": a condition whose "if" was lost.
            const bool truth = words.size() >= 3 && (words[1].lower == "is" || words[1].lower == "=" || words[1].lower == "==");
            if (!begins_condition(before) && !truth) {
                result.status = IrqlStatus::not_understood;
                return result;
            }
            const std::string opened = begins_condition(before) ? before : "if " + before;
            alternative.condition = alternative.condition.empty() ? opened : opened + " " + alternative.condition;
        }
        result.alternatives.push_back(std::move(alternative));
    }
    // Alternatives that no condition tells apart are one.
    for (std::size_t i = 1; i < result.alternatives.size();) {
        if (result.alternatives[i].condition == result.alternatives[i - 1].condition) {
            result.alternatives[i - 1].levels.bits |= result.alternatives[i].levels.bits;
            result.alternatives.erase(result.alternatives.begin() + static_cast<std::ptrdiff_t>(i));
        } else {
            ++i;
        }
    }
    result.status = IrqlStatus::understood;
    return result;
}

}  // namespace ddi::facts
