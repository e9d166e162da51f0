#include "generator/facts/statement.h"

#include <algorithm>
#include <array>

namespace ddi::facts {

namespace {

using Iterator = Tokens::const_iterator;

bool is_auxiliary(const Token& token) {
    static constexpr std::array words{"is", "are",    "was",  "were", "must", "can", "cannot", "does",
                                      "do", "should", "will", "has",  "have", "may", "might"};
    return std::find(words.begin(), words.end(), token.lower) != words.end();
}

bool is_finite(const Token& token) { return is_auxiliary(token) || (token.kind == Token::Kind::word && (token.verb.forms & form::third)); }

bool opens_condition(const Tokens& tokens, std::size_t at) {
    const std::string& word = tokens[at].lower;
    if (tokens[at].kind != Token::Kind::word) return false;
    if (word == "if" || word == "unless" || word == "provided") return true;
    if (word == "as") return at + 2 < tokens.size() && tokens[at + 1].lower == "long" && tokens[at + 2].lower == "as";
    // "when acquiring the lock", "when it called X", "when X returns" say only at which moment.
    if (word != "when" && word != "while") return false;
    if (at + 1 < tokens.size() && (tokens[at + 1].verb.forms & form::gerund)) return false;
    bool present = false;
    for (std::size_t i = at + 1; i < tokens.size() && tokens[i].text != "," && tokens[i].text != ";"; ++i) {
        if (tokens[i].lower == "is" || tokens[i].lower == "are" || tokens[i].lower == "has" || tokens[i].lower == "have") present = true;
        if (tokens[i].lower == "began" || (!present && tokens[i].verb.forms == form::past && tokens[i].verb.verb != Verb::none))
            return false;
    }
    return true;
}

// "For a driver that is running at <level>, …", "In Windows Vista and later, …", "When releasing memory, …": cases before the assertion.
bool opens_case(const Tokens& tokens) {
    if (tokens.size() < 3) return false;
    const std::string& word = tokens[0].lower;
    const bool gerund = word == "when" && (tokens[1].verb.forms & form::gerund || tokens[1].lower.ends_with("ing"));
    if (word != "for" && word != "in" && word != "on" && !gerund) return false;
    bool version = false, comma = false;
    for (std::size_t i = 1; i < tokens.size() && i < 14 && !comma; ++i) {
        comma = tokens[i].text == ",";
        version =
            version || tokens[i].lower == "windows" || tokens[i].lower.starts_with("version") || tokens[i].lower.starts_with("release");
    }
    if (!comma) return false;
    const bool phrase = tokens[1].lower == "example" || tokens[1].lower == "more" || tokens[1].lower == "this" ||
                        tokens[1].lower == "details" || tokens[1].lower == "instance";
    return gerund || (word == "for" && !phrase) || version;
}

class Splitter {
  public:
    Splitter(const Sentence& sentence, std::size_t index) : sentence_(sentence), index_(index) {}

    std::vector<Statement> run(const Tokens& tokens) {
        Tokens part;
        part.reserve(tokens.size());
        for (const Token& token : tokens) {
            if (token.text == ";" || token.text == ":") {
                add_part(std::move(part));
                part.clear();
            } else if (token.text != ".") {
                part.push_back(token);
            }
        }
        add_part(std::move(part));
        return std::move(statements_);
    }

  private:
    void add_part(Tokens tokens) {
        // "Note that", "Therefore,": openings without content.
        while (!tokens.empty() && (tokens.front().text == "," || tokens.front().lower == "and" || tokens.front().lower == "but" ||
                                   tokens.front().lower == "or"))
            tokens.erase(tokens.begin());
        if (tokens.empty()) return;
        Statement statement;
        statement.sentence = index_;
        if (tokens.front().lower == "otherwise") {
            statement.otherwise = true;
            tokens.erase(tokens.begin());
            while (!tokens.empty() && tokens.front().text == ",") tokens.erase(tokens.begin());
            if (tokens.empty()) return;
        }
        if (tokens.size() > 2 && (tokens[0].lower == "on" || tokens[0].lower == "upon") && tokens[1].lower == "success") {
            take_condition(statement, tokens.begin(), tokens.begin() + 2);
            tokens.erase(tokens.begin(), tokens.begin() + (tokens[2].text == "," ? 3 : 2));
        } else if (opens_condition(tokens, 0) || opens_case(tokens)) {
            auto comma = std::find_if(tokens.begin(), tokens.end(), [](const Token& t) { return t.text == ","; });
            // "If A, or if B, …": the alternative belongs to the condition.
            if (tokens.end() - comma > 2 && std::next(comma)->lower == "or" && std::next(comma, 2)->lower == "if")
                comma = std::find_if(std::next(comma), tokens.end(), [](const Token& t) { return t.text == ","; });
            if (comma == tokens.end()) return;  // a fragment
            take_condition(statement, tokens.begin(), comma);
            tokens.erase(tokens.begin(), std::next(comma));
            if (!tokens.empty() && tokens.front().lower == "then") tokens.erase(tokens.begin());
        }
        drop_parentheses(tokens);
        tokens = take_relative_clause(statement, std::move(tokens));
        add_coordinated(statement, std::move(tokens));
    }

    // "X, which does not raise the IRQL, …": an assertion of its own, without the sentence's condition.
    Tokens take_relative_clause(const Statement& pattern, Tokens tokens) {
        for (std::size_t at = 1; at + 2 < tokens.size(); ++at) {
            const Token& subject = tokens[at - 1];
            if (tokens[at].text != "," || tokens[at + 1].lower != "which" ||
                (subject.kind != Token::Kind::self && subject.kind != Token::Kind::api))
                continue;
            std::size_t end = at + 2;
            while (end < tokens.size() && tokens[end].text != ",") ++end;
            Statement statement;
            statement.sentence = pattern.sentence;
            statement.tokens = {subject};
            statement.tokens.insert(statement.tokens.end(), tokens.begin() + static_cast<std::ptrdiff_t>(at) + 2,
                                    tokens.begin() + static_cast<std::ptrdiff_t>(end));
            statements_.push_back(std::move(statement));
            tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(at),
                         tokens.begin() + static_cast<std::ptrdiff_t>(std::min(end + 1, tokens.size())));
            break;
        }
        return tokens;
    }

    // "… if C, …" behind the assertion: up to the next comma, which may be followed by more of the assertion.
    void take_trailing_condition(Statement& statement) const {
        Tokens& tokens = statement.tokens;
        for (std::size_t at = 1; at < tokens.size(); ++at) {
            if (!opens_condition(tokens, at)) continue;
            auto end = tokens.begin() + static_cast<std::ptrdiff_t>(at) + 1;
            while (end != tokens.end() && !(end->text == "," && (std::next(end) == tokens.end() || std::next(end)->lower != "or"))) ++end;
            if (statement.condition.empty()) take_condition(statement, tokens.begin() + static_cast<std::ptrdiff_t>(at), end);
            const bool only = tokens[at - 1].lower == "only";
            const std::size_t first = at - (only ? 1 : 0) - (at > 1 && tokens[at - 1].text == "," ? 1 : 0);
            if (end != tokens.end()) ++end;
            tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(first), end);
            return;
        }
    }

    void take_condition(Statement& statement, Iterator first, Iterator last) const {
        if (first == last) return;
        const std::size_t begin = first->begin, end = std::prev(last)->end;
        statement.condition_text = sentence_.text.substr(begin, end - begin);
        if (first->lower == "unless") return;  // words only: its opposite would have to be compared
        if (first->lower == "as") first += 2;
        if (first->lower != "for") ++first;
        for (; first != last; ++first) {
            const bool again = !statement.condition.empty() && statement.condition.back().lower == "or" && first->lower == "if";
            const bool comma = first->text == "," && std::next(first) != last && std::next(first)->lower == "or";
            if (!again && !comma) statement.condition.push_back(*first);
        }
    }

    // ", before it returns," inside a statement.
    static void drop_parentheses(Tokens& tokens) {
        for (std::size_t at = 1; at + 1 < tokens.size(); ++at) {
            if (tokens[at].text != "," || (tokens[at + 1].lower != "before" && tokens[at + 1].lower != "after")) continue;
            std::size_t end = at + 1;
            while (end < tokens.size() && tokens[end].text != ",") ++end;
            if (end == tokens.size() || end - at > 8) return;
            tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(at), tokens.begin() + static_cast<std::ptrdiff_t>(end) + 1);
        }
    }

    // "X releases a lock and restores the IRQL" → "X releases a lock", "X restores the IRQL".
    void add_coordinated(const Statement& statement, Tokens tokens) {
        std::size_t verb = 0;
        while (verb < tokens.size() && !is_finite(tokens[verb])) ++verb;
        std::size_t begin = 0;
        for (std::size_t at = verb + 1; at < tokens.size(); ++at) {
            const bool joint = tokens[at].lower == "and" || tokens[at].lower == "but";
            if (!joint) continue;
            std::size_t next = at + 1;
            while (next < tokens.size() &&
                   (tokens[next].lower == "thus" || tokens[next].lower == "immediately" || tokens[next].text == ","))
                ++next;
            if (next >= tokens.size()) break;
            const bool verb_follows = is_finite(tokens[next]) && tokens[next].kind == Token::Kind::word &&
                                      !(tokens[next].verb.forms == form::base && at > 0 && verb == 0);
            const bool subject_follows = !verb_follows && begins_clause(tokens, next);
            if (!verb_follows && !subject_follows) continue;
            std::size_t end = at;
            if (end > begin && tokens[end - 1].text == ",") --end;
            emit(statement, begin == 0 ? Tokens() : pending_subject_, tokens, begin, end);
            pending_subject_.clear();
            if (verb_follows) pending_subject_.assign(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(verb));
            begin = next;
        }
        if (begin == 0) {
            emit(statement, std::move(tokens));
        } else {
            emit(statement, pending_subject_, tokens, begin, tokens.size());
        }
    }

    // A noun phrase of at most four tokens and a finite verb: a clause with a subject of its own.
    static bool begins_clause(const Tokens& tokens, std::size_t at) {
        for (std::size_t i = at; i < tokens.size() && i < at + 5; ++i) {
            if (tokens[i].text == ",") return false;
            if (is_finite(tokens[i]))
                return i > at && !(tokens[i].verb.forms & form::base && tokens[i].verb.verb != Verb::none && !is_auxiliary(tokens[i]));
        }
        return false;
    }

    void emit(const Statement& pattern, const Tokens& subject, const Tokens& tokens, std::size_t begin, std::size_t end) {
        if (begin >= end) return;
        Statement statement = pattern;
        statement.tokens = subject;
        statement.tokens.insert(statement.tokens.end(), tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                                tokens.begin() + static_cast<std::ptrdiff_t>(end));
        take_trailing_condition(statement);
        statements_.push_back(std::move(statement));
    }

    void emit(const Statement& pattern, Tokens tokens) {
        if (tokens.empty()) return;
        Statement statement = pattern;
        statement.tokens = std::move(tokens);
        take_trailing_condition(statement);
        statements_.push_back(std::move(statement));
    }

    const Sentence& sentence_;
    std::size_t index_;
    Tokens pending_subject_;
    std::vector<Statement> statements_;
};

}  // namespace

std::vector<Statement> split_statements(const Sentence& sentence, const Tokens& tokens, std::size_t index) {
    return Splitter(sentence, index).run(tokens);
}

bool has_word(const Tokens& tokens, std::initializer_list<std::string_view> words) {
    return std::any_of(tokens.begin(), tokens.end(),
                       [&](const Token& t) { return std::find(words.begin(), words.end(), t.lower) != words.end(); });
}

bool has_verb(const Tokens& tokens, Verb verb) {
    return std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) { return t.kind == Token::Kind::word && t.verb.verb == verb; });
}

bool has_negation(const Tokens& tokens) {
    return std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.negates; });
}

}  // namespace ddi::facts
