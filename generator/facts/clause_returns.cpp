// returns-…: values that the page ties to a condition a checker can evaluate.
#include <algorithm>
#include <cctype>

#include "generator/facts/clause_page.h"
#include "generator/facts/lexicon.h"

namespace ddi::facts {

namespace {

bool is_value(const Token& token) {
    if (token.kind == Token::Kind::constant) return true;
    return token.lower == "zero" || token.lower == "nonzero" ||
           (token.kind == Token::Kind::word &&
            std::all_of(token.text.begin(), token.text.end(), [](char c) { return c >= '0' && c <= '9'; }));
}

std::string value_of(const Token& token) { return token.lower == "zero" ? "0" : token.text; }

// TRUE and FALSE of an attempt say whether the thing was free: "TRUE if it is acquired".
Condition for_value(const ClausePage& page, const std::string& value, Condition condition) {
    const bool boolean = value == "TRUE" || value == "FALSE";
    if (!page.attempt || !boolean) return condition;
    // Protection that any number may hold is refused only after the run-down began.
    if (is_counted(page.noun))
        condition.all = {Comparison{Comparison::Subject::state, "object", value == "TRUE" ? "!=" : "==", "run-down"}};
    else
        condition.all = {Comparison{Comparison::Subject::state, "object", "==", value == "TRUE" ? "free" : "held"}};
    return condition;
}

// The values of a plain answer; statuses have a reader of their own, and other constants are seldom results.
bool is_plain(const std::string& value) {
    for (const std::string_view plain : {"TRUE", "FALSE", "0", "nonzero", "S_OK", "S_FALSE"})
        if (value == plain) return true;
    return false;
}

struct Found {
    std::string value;
    Tokens condition;
    bool otherwise = false;
    std::size_t sentence = 0;
};

// "returns V if C, and V2 otherwise / if C2": every value of one sentence with its own condition.
void read_values(const Tokens& tokens, std::size_t sentence, std::vector<Found>& found) {
    // Where the returned values begin: behind "returns", "return value (of X) is/of", or "it is".
    static const std::vector<Phrase> starts = phrases({
        "<self> *2 +return.third *1 <constant>",
        "+return value *2 is",
        "+return value of *1 means",
        "it +return.third *1 <constant>",
        "it is <constant>",
        "and +return.third *1 <constant>",
        ", <self> *1 +return.third *1 <constant>",
        "<constant> is +return.past",
        "zero|nonzero value? is +return.past",
        "<self> +return.third *1 zero|nonzero",
        "+return value of <constant> indicates",
        "except to +return <constant>",
    });
    const auto opening = find_any(starts, tokens);
    if (!opening) return;
    // "The caller either is put into a wait state or X returns FALSE": which of both, nobody says.
    if (opening->begin > 0 && tokens[opening->begin - 1].lower == "or") return;
    // A leading condition: "If the lock is held, X returns FALSE." What X returned before may be a condition itself.
    Tokens leading;
    std::size_t at = opening->begin;
    if (!tokens.empty() && (tokens.front().lower == "if" || tokens.front().lower == "when")) {
        const auto comma = std::find_if(tokens.begin(), tokens.end(), [](const Token& t) { return t.text == ","; });
        for (std::size_t i = 0; i < opening->begin; ++i)
            if (tokens[i].lower == "otherwise" || tokens[i].text == ";") return;  // the condition belongs to what stands before
        const bool returned_before = comma != tokens.end() && static_cast<std::size_t>(comma - tokens.begin()) > opening->begin;
        if (returned_before && !has_word(Tokens(tokens.begin(), comma), {"value"})) return;
        if (comma != tokens.end() && std::next(comma) != tokens.end() && std::next(comma)->lower == "and") return;  // "If A, and if B, …"
        // "If A, B, and C, X returns V": the condition has more parts than the words before the first comma.
        if (comma != tokens.end() && !returned_before &&
            std::any_of(std::next(comma), tokens.begin() + static_cast<std::ptrdiff_t>(opening->begin),
                        [](const Token& t) { return t.text == ","; }))
            return;
        if (comma != tokens.end() && static_cast<std::size_t>(comma - tokens.begin()) <= opening->end)
            leading.assign(std::next(tokens.begin()), comma);
        else if (comma != tokens.end()) {
            // "If the return value is zero, the lock was released": the condition is the value, the rest what it tells.
            const auto value = std::find_if(tokens.begin(), comma, is_value);
            if (value != comma) found.push_back({value_of(*value), Tokens(std::next(comma), tokens.end()), false, sentence});
            return;
        }
    }
    for (; at < tokens.size(); ++at) {
        if (!is_value(tokens[at]) ||
            (at > 0 && (tokens[at - 1].text == "=" || tokens[at - 1].text == "==" || tokens[at - 1].lower == "equals")))
            continue;
        Found one{value_of(tokens[at]), {}, false, sentence};
        std::size_t next = at + 1;
        if (next < tokens.size() &&
            (tokens[next].lower == "structure" || tokens[next].lower == "pointer" || tokens[next].lower == "handle"))
            continue;
        if (next < tokens.size() && tokens[next].text == "(") continue;  // a macro's call, no value
        if (next < tokens.size() && (tokens[next].text == "," || tokens[next].text == ".")) ++next;
        if (next < tokens.size() && tokens[next].lower == "only") return;  // "returns TRUE only if": other values are possible then
        const auto follows = [&](std::size_t offset, std::string_view word) {
            return next + offset < tokens.size() && tokens[next + offset].lower == word;
        };
        const bool other_cases = follows(0, "in") && (follows(1, "all") || follows(1, "any") || follows(1, "every")) && follows(2, "other");
        // "…; otherwise, it returns FALSE": the condition of what stands before does not hold.
        const auto behind_otherwise = [&] {
            for (std::size_t back = 1; back <= 5 && back <= at; ++back) {
                if (is_value(tokens[at - back])) return false;
                if (tokens[at - back].lower == "otherwise") return !found.empty();
            }
            return false;
        };
        if (follows(0, "otherwise") || other_cases || behind_otherwise()) {
            one.otherwise = true;
        } else if (next < tokens.size() && (tokens[next].lower == "if" || tokens[next].lower == "when" || tokens[next].lower == "means" ||
                                            tokens[next].lower == "indicates")) {
            ++next;
            if (next < tokens.size() && tokens[next].lower == "that") ++next;
            // "if Wait is FALSE and …": a value behind "is" belongs to the condition.
            const auto compared = [&](std::size_t i) { return tokens[i - 1].lower == "is" || tokens[i - 1].text == "="; };
            while (next < tokens.size() && tokens[next].text != "," && tokens[next].text != "." && tokens[next].text != ";" &&
                   (!is_value(tokens[next]) || compared(next)))
                one.condition.push_back(tokens[next++]);
            while (!one.condition.empty() && (one.condition.back().lower == "and" || one.condition.back().lower == "or"))
                one.condition.pop_back();
        } else if (!leading.empty()) {
            one.condition = leading;
        } else if (!tokens.empty() && tokens.front().lower == "otherwise") {
            one.otherwise = true;
        } else {
            continue;
        }
        found.push_back(std::move(one));
        at = next - 1;
    }
}

std::string text_of(const Sentence& sentence, const Tokens& tokens) {
    if (tokens.empty()) return {};
    std::size_t begin = tokens.front().begin;
    for (const std::string_view word : {"if (or when) ", "If the ", "if the ", "If ", "if ", "When ", "when ", "that "})
        if (begin >= word.size() && sentence.text.compare(begin - word.size(), word.size(), word) == 0) {
            begin -= word.size();
            break;
        }
    return sentence.text.substr(begin, tokens.back().end - begin);
}

}  // namespace

void read_return_clauses(ClausePage& page) {
    std::vector<Found> found;
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Role role = page.sentences[i].role;
        if (role == Role::parameter || role == Role::description) continue;
        read_values(page.tagged[i], i, found);
    }
    struct Known {
        std::string value;
        std::vector<Condition> when;
        std::size_t sentence;
    };
    std::vector<Known> known;
    std::vector<Condition> previous;  // what the value before was tied to
    std::size_t previous_sentence = 0;
    for (const Found& one : found) {
        const Sentence& sentence = page.sentences[one.sentence];
        std::vector<Condition> when;
        if (one.otherwise) {
            // The complement of the value before: expressible if each part of that is one comparison.
            Condition rest{{}, "otherwise"};
            if (one.sentence - previous_sentence <= 1)
                for (const Condition& condition : previous) {
                    if (condition.all.size() == 1)
                        rest.all.push_back(negated(condition.all.front()));
                    else
                        rest.all.clear();
                    if (condition.all.size() != 1) break;
                }
            when = {rest};
        } else {
            when = read_conditions(page, one.condition, text_of(sentence, one.condition), false);
            // "the lock was released": what the call did, told after it.
            const bool told = (sentence.text.find("eturn value") != std::string::npos) && page.find<clause::Release>() && !page.attempt;
            if (told && when.size() == 1 && !page.noun.empty())
                when.front().all = {Comparison{Comparison::Subject::state, "object", "==", "freed"}};
            for (Condition& condition : when) condition = for_value(page, one.value, condition);
        }
        previous = when;
        previous_sentence = one.sentence;
        if (one.otherwise && page.attempt)
            for (Condition& condition : when) condition = for_value(page, one.value, condition);
        // A condition that only words express is told of results alone, not of what a value implies in passing.
        const bool words = std::any_of(when.begin(), when.end(), [](const Condition& c) { return c.all.empty(); });
        const bool told = page.sentences[one.sentence].role == Role::returns && !when.front().text.empty();
        if (words && (!told || !is_plain(one.value))) continue;
        if (words) {
            // "Otherwise, it returns FALSE" beside a clause that says when: the same fact.
            const auto same =
                std::find_if(known.begin(), known.end(), [&](const Known& k) { return one.otherwise && k.value == one.value; });
            when = same == known.end() ? std::vector<Condition>{Condition{{}, when.front().text}} : same->when;
        }
        known.push_back({one.value, std::move(when), one.sentence});
    }
    // Values that no condition could tell apart, or the same value under the same condition as its opposite, are not clauses.
    for (const Known& one : known)
        for (const Condition& condition : one.when) page.add(clause::Returns{one.value}, page.sentences[one.sentence], condition);
}

}  // namespace ddi::facts
