// Which values an argument may have: optional pointers, limits, one of several enumerators, the size behind a pointer, and arguments that
// are the matching call's own (a tag) or its product (a handle).
#include <algorithm>
#include <cctype>

#include "generator/facts/clause_names.h"
#include "generator/facts/clause_page.h"
#include "generator/facts/clause_subject.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// The parameter that the match begins with, else the one whose text this is.
std::string subject_of(const ClausePage& page, const Statement& statement, const Phrase::Match& match) {
    for (std::size_t i = match.begin; i < match.end && i < statement.tokens.size(); ++i)
        if (statement.tokens[i].kind == Token::Kind::parameter) return statement.tokens[i].names.front();
    for (std::size_t i = 0; i < match.begin; ++i)
        if (statement.tokens[i].kind == Token::Kind::parameter) return statement.tokens[i].names.front();
    return page.sentence_of(statement).parameter;
}

// A word that names a value: a number, a constant, an enumerator ("KernelMode", "DpcLock").
bool is_value(const Token& token) {
    if (token.kind == Token::Kind::constant || token.lower == "null") return true;
    if (token.kind != Token::Kind::word && token.kind != Token::Kind::api) return false;
    if (std::isdigit(static_cast<unsigned char>(token.text[0])))
        return std::all_of(token.text.begin(), token.text.end(),
                           [](char c) { return std::isxdigit(static_cast<unsigned char>(c)) || c == 'x'; });
    const bool capital = std::isupper(static_cast<unsigned char>(token.text[0])) != 0;
    const bool inner =
        std::any_of(token.text.begin() + 1, token.text.end(), [](char c) { return std::isupper(static_cast<unsigned char>(c)); });
    return token.text.size() > 3 && capital && inner;
}

std::string value_of(const Token& token) {
    if (token.lower == "zero") return "0";
    if (token.lower == "one") return "1";
    if (token.lower == "null") return "NULL";
    return token.text;
}

// The statement's conditions; "otherwise" is the opposite of what the statement before it compares, if that is one comparison.
std::vector<Condition> conditions_of(const ClausePage& page, const Statement& statement) {
    if (!statement.otherwise) return read_conditions(page, statement);
    const auto index = static_cast<std::size_t>(&statement - page.statements.data());
    if (index > 0 && page.sentence_of(page.statements[index - 1]).block == page.sentence_of(statement).block) {
        const auto before = read_conditions(page, page.statements[index - 1]);
        if (before.size() == 1 && before[0].all.size() == 1) return {Condition{{negated(before[0].all[0])}, "otherwise"}};
    }
    return {Condition{{}, "otherwise"}};
}

// ---- optional ----

// What a sentence says of NULL counts as permission only if it tells of no failure.
bool tells_of_failure(const Tokens& tokens) {
    return has_word(tokens, {"error", "fail", "fails", "failure", "invalid", "must", "bug", "bugcheck", "fatal", "status_invalid_parameter",
                             "cannot", "ignored", "illegal", "crash"});
}

void read_optional(ClausePage& page) {
    static const std::vector<Phrase> permits = phrases({
        "parameter is optional",
        "parameter *4 and is optional",
        "<parameter> is optional",
        "parameter|pointer|value|it can|may be null",
        "<parameter> *1 can|may be null",
        "parameter|pointer|it can|may be set|specified to|as null",
        "can|may set this parameter to null",
        "optional pointer to",
    });
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role != Role::parameter || sentence.parameter.empty()) continue;
        const Tokens& tokens = statement.tokens;
        if (has_word(tokens, {"reserved"})) continue;
        const bool alone = tokens.size() == 1 && tokens.front().lower == "optional";
        const bool opens =
            tokens.size() > 2 && tokens.front().lower == "optional" && (tokens[1].lower == "pointer" || tokens[1].text == ",");
        const auto match = find_any(permits, tokens);
        if ((alone || opens || match) && !has_negation(tokens)) {
            if (match && !match->parameters.empty() && match->parameter()->names.front() != sentence.parameter) continue;
            // "… can be NULL if the caller does not need it": the caller's choice is no condition.
            const bool choice =
                has_word(statement.condition, {"need", "needs", "needed", "require", "requires", "required", "want", "use", "used"});
            for (const Condition& condition : conditions_of(page, statement))
                page.add(clause::Optional{sentence.parameter}, sentence, choice ? Condition{} : condition);
            continue;
        }
        // "If this parameter is NULL, the wait has no limit."
        const bool of_other =
            std::any_of(statement.condition.begin(), statement.condition.end(), [](const Token& t) { return t.kind == Token::Kind::api; });
        if (statement.condition.empty() || of_other || tells_of_failure(tokens)) continue;
        const auto when = read_conditions(page, statement);
        const bool null = when.size() == 1 && when[0].all.size() == 1 && when[0].all[0].subject == Comparison::Subject::parameter &&
                          when[0].all[0].name == sentence.parameter && when[0].all[0].op == "==" && when[0].all[0].value == "NULL";
        if (null) page.add(clause::Optional{sentence.parameter}, sentence);
    }
}

// "If a NULL pointer is supplied for Timeout, the thread waits until …": told in the remarks.
void read_null_supplied(ClausePage& page) {
    static const std::vector<Phrase> supplied =
        phrases({"null pointer is supplied|specified for <parameter>", "no <parameter> is supplied"});
    for (const Statement& statement : page.statements) {
        if (page.sentence_of(statement).role != Role::remarks || statement.condition.empty() || tells_of_failure(statement.tokens))
            continue;
        if (const auto match = find_any(supplied, statement.condition))
            page.add(clause::Optional{match->parameter()->names.front()}, page.sentence_of(statement));
    }
}

// ---- values ----

// "A, B, or C" from `begin`: every value; anything else between them ends the list.
std::vector<std::string> values_from(const Tokens& tokens, std::size_t begin) {
    std::vector<std::string> values;
    for (std::size_t i = begin; i < tokens.size(); ++i) {
        const Token& token = tokens[i];
        if (is_value(token) || token.lower == "zero") {
            if (token.kind == Token::Kind::api)
                values.insert(values.end(), token.names.begin(), token.names.end());
            else
                values.push_back(value_of(token));
        } else if (token.text != "," && token.lower != "or" && token.lower != "either" && token.lower != "value") {
            return token.text == "." || token.text == ";" ? values : std::vector<std::string>{};
        }
    }
    return values;
}

bool is_pointer(const ClausePage& page, const std::string& parameter) {
    for (const ParameterFact& fact : page.facts->parameters)
        if (fact.name == parameter && !fact.text.empty() &&
            to_lower(std::string_view(fact.text.front().text).substr(0, 60)).find("point") != std::string::npos)
            return true;
    return false;
}

void read_limits(ClausePage& page) {
    struct Limit {
        std::vector<Phrase> list;
        const char* op;
        const char* value;  // null: the token behind the match
    };
    static const std::vector<Limit> limits{
        {phrases({"must be positive", "must be greater than zero|0", "must be nonzero positive"}), ">", "0"},
        {phrases({"must be nonzero|non-zero", "must not be zero|0", "cannot be zero|0"}), "!=", "0"},
        {phrases({"cannot be negative", "must not be negative", "must be nonnegative|non-negative",
                  "must be greater than or equal to zero|0", "must be *1 value that is greater than or equal to zero|0"}),
         ">=", "0"},
        {phrases({"must not be null", "cannot be null", "must be non-null"}), "!=", "NULL"},
        {phrases({"must not exceed", "cannot exceed", "must be less than or equal to", "must be <="}), "<=", nullptr},
        {phrases({"must be at least", "must be >="}), ">=", nullptr},
        {phrases({"must be set to", "must be equal to", "caller|driver must specify", "must *1 be"}), "==", nullptr},
    };
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        const Tokens& tokens = statement.tokens;
        if (sentence.role == Role::returns || sentence.role == Role::description || !has_word(tokens, {"must", "cannot"})) continue;
        for (const Limit& limit : limits) {
            const auto match = find_any(limit.list, tokens);
            if (!match) continue;
            // Whose value: "this value", "X", "the value of this parameter", or nothing in front of the verb.
            std::string parameter;
            bool other_noun = false;
            for (std::size_t i = 0; i < match->begin; ++i) {
                const Token& token = tokens[i];
                if (token.kind == Token::Kind::parameter)
                    parameter = token.names.front();
                else if (token.kind != Token::Kind::word ||
                         (token.lower != "this" && token.lower != "value" && token.lower != "parameter" && token.lower != "of" &&
                          token.lower != "it" && token.lower != "and"))
                    other_noun = other_noun || token.text != ",";
            }
            const bool own = sentence.role == Role::parameter;
            // The page's heading and its text may differ by an ending ("HighWater", "HighWatermark").
            if (parameter.empty() && own && match->begin == 1 && tokens[0].text.starts_with(sentence.parameter)) other_noun = false;
            if (parameter.empty() && own && !other_noun) parameter = sentence.parameter;
            if (parameter.empty() || other_noun) continue;
            std::vector<std::string> values;
            if (limit.value) {
                // "must be positive integers": the same; "cannot be zero-length" is not.
                values = {limit.value};
            } else {
                std::size_t at = match->end;
                const bool plain_be = std::string_view(limit.op) == "==" && tokens[at - 1].lower == "be";
                if (plain_be && at + 1 < tokens.size() && tokens[at].lower == "one" && tokens[at + 1].lower == "of") {
                    at += 2;
                    while (at < tokens.size() &&
                           (tokens[at].lower == "following" || tokens[at].lower == "values" || tokens[at].text == ":"))
                        ++at;
                }
                values = values_from(tokens, at);
                const bool levels = std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == Token::Kind::level; });
                if (levels) continue;
            }
            // "RegionSize cannot be zero" of a pointer speaks of what it points to.
            const bool number = std::all_of(values.begin(), values.end(),
                                            [](const std::string& v) { return std::isdigit(static_cast<unsigned char>(v[0])) != 0; });
            if (values.empty() || (number && is_pointer(page, parameter))) continue;
            for (const Condition& condition : conditions_of(page, statement))
                page.add(clause::ArgumentValue{parameter, limit.op, values}, sentence, condition);
            break;
        }
    }
}

// "You must set the WaitMode parameter to KernelMode", "the caller must set this parameter to zero".
void read_settings(ClausePage& page) {
    if (page.names.callback) return;  // there the driver sets what the parameter points to
    static const std::vector<Phrase> settings = phrases({"must +set.base <parameter> parameter? to", "must +set.base this parameter to"});
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        const Tokens& tokens = statement.tokens;
        if (sentence.role == Role::returns || has_negation(tokens)) continue;
        const auto match = find_any(settings, tokens);
        if (!match) continue;
        const std::string parameter = match->parameter() ? match->parameter()->names.front() : sentence.parameter;
        const auto values = values_from(tokens, match->end);
        // "UMDF drivers", "a driver that sets this flag": some of the callers.
        bool some = false;
        for (std::size_t i = 0; i < match->begin; ++i) some = some || tokens[i].lower == "that" || tokens[i].lower == "umdf";
        if (parameter.empty() || values.empty() || some) continue;
        const std::string opening = to_lower(std::string_view(sentence.text).substr(0, 8));
        const bool in_a_case = opening.starts_with("in that") || opening.starts_with("in this") || opening.starts_with("in such");
        for (const Condition& condition : conditions_of(page, statement))
            page.add(clause::ArgumentValue{parameter, "==", values}, sentence, in_a_case ? Condition{{}, "in that case"} : condition);
    }
}

// "must be one of: A, B, or C" is cut at the colon; the list is the statement behind it.
void read_choices(ClausePage& page) {
    static const std::vector<Phrase> one_of = phrases({"<parameter> must be one of", "this? parameter|value must be one of"});
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        const Tokens& tokens = page.tagged[i];
        if (sentence.role != Role::parameter) continue;
        const auto match = find_any(one_of, tokens);
        if (!match || has_negation(tokens)) continue;
        const std::string parameter = match->parameter() ? match->parameter()->names.front() : sentence.parameter;
        std::size_t at = match->end;
        while (at < tokens.size() && (tokens[at].lower == "following" || tokens[at].lower == "values" || tokens[at].text == ":")) ++at;
        const auto values = values_from(tokens, at);
        if (values.size() > 1) page.add(clause::ArgumentValue{parameter, "==", values}, sentence);
    }
}

// "The caller must set the two least significant bits of this pointer value to ones."
void read_low_bits(ClausePage& page) {
    static const std::vector<Phrase> set_bits = phrases({
        "must +set two least significant bits of <parameter> *2 to ones|one",
        "must +set two least significant bits of this *2 to ones|one",
        "must +set two low-order bits of this|<parameter> *2 to ones|one",
    });
    for (const Statement& statement : page.statements) {
        const auto match = find_any(set_bits, statement.tokens);
        if (!match || has_negation(statement.tokens)) continue;
        const std::string parameter = subject_of(page, statement, *match);
        if (parameter.empty()) continue;
        for (const char* bit : {"1", "2"}) page.add(clause::ArgumentValue{parameter, "&", {bit}}, page.sentence_of(statement));
    }
}

// "sizeof(T)" and what multiplies it, as the page has it.
std::string size_expression(const std::string& text) {
    const std::size_t at = text.find("sizeof");
    if (at == text.npos) return {};
    std::size_t end = text.find(')', at);
    if (end == text.npos || text.find('(', at) > end) return {};
    ++end;
    std::size_t next = end;
    while (next < text.size() && text[next] == ' ') ++next;
    if (next < text.size() && (text[next] == '*' || text.substr(next, 2) == "\xC3\x97")) {
        next += text[next] == '*' ? 1 : 2;
        while (next < text.size() && text[next] == ' ') ++next;
        const std::size_t begin = next;
        while (next < text.size() && (std::isalnum(static_cast<unsigned char>(text[next])) || text[next] == '_')) ++next;
        if (next > begin) return text.substr(at, end - at) + " * " + text.substr(begin, next - begin);
    }
    return text.substr(at, end - at);
}

void read_sizes(ClausePage& page) {
    static const std::vector<Phrase> sizes = phrases({
        "storage|buffer|memory *2 must be at least",
        "must point to *2 buffer|memory *3 of",
        "must point to *3 buffer of at least",
    });
    static const std::vector<Phrase> holds = phrases({
        "buffer *2 that is pointed to by <parameter> must be large enough to contain|hold <constant>",
        "buffer *2 pointed to by <parameter> must be large enough to contain|hold <constant>",
        "<parameter> must point to *2 buffer *2 large enough to contain|hold <constant>",
    });
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        const Tokens& tokens = statement.tokens;
        if (has_negation(tokens) || sentence.role == Role::returns) continue;
        if (const auto match = find_any(holds, tokens)) {
            for (const Condition& condition : conditions_of(page, statement))
                page.add(
                    clause::ArgumentValue{
                        match->parameter()->names.front(), "points-to-size", {"sizeof(" + match->constants.back()->text + ")"}},
                    sentence, condition);
            continue;
        }
        const std::string size = size_expression(sentence.text);
        if (size.empty() || sentence.role != Role::parameter || !find_any(sizes, tokens)) continue;
        for (const Condition& condition : conditions_of(page, statement))
            page.add(clause::ArgumentValue{sentence.parameter, "points-to-size", {size}}, sentence, condition);
    }
}

// ---- what the matching call was given, or gave ----

bool is_irql_argument(const ClausePage& page, const std::string& parameter) {
    for (const Clause& known : page.clauses)
        if (const auto* argument = std::get_if<clause::Argument>(&known.content); argument && argument->parameter == parameter) return true;
    for (std::size_t i = 0; i < page.sentences.size(); ++i)
        if (page.sentences[i].role == Role::parameter && page.sentences[i].parameter == parameter &&
            has_word(page.tagged[i], {"irql", "kirql"}))
            return true;
    return false;
}

bool is_link_label(const page::Page& page, const std::string& name) {
    for (const text::Section& section : page.sections)
        for (const text::Block& block : section.blocks)
            for (const text::Mark& mark : block.marks)
                if (mark.kind == text::MarkKind::link && block.text.substr(mark.begin, mark.end - mark.begin) == name) return true;
    return false;
}

// A name in capitals is a function's if the page links to it or says that it is called.
bool is_linked(const ClausePage& page, const Token& api, const Tokens& tokens) {
    if (has_verb(tokens, Verb::call)) return true;
    return std::all_of(api.names.begin(), api.names.end(),
                       [&](const std::string& name) { return page.names.functions.contains(name) || is_link_label(*page.page, name); });
}

void read_given(ClausePage& page) {
    static const std::vector<Phrase> gave = phrases({
        "+return.past from|by|in *1 previous|prior? call to <api>",
        "+return.past by|from <api>",
        "obtained in|by|from|with *1 previous|prior? call to <api>",
        "obtained *1 in|by|from|with *2 <api>",
        "value must be supplied by <api>",
        "caller|driver *1 obtained this *3 from|by *2 <api>",
    });
    static const std::vector<Phrase> was_given = phrases({
        "that? was? +pass.past to|in *1 previous|prior? call to <api>",
        "caller +pass.past to|in *1 previous|prior? call to <api>",
        "value of <parameter> *1 +pass.past to <api>",
        "should|must be same *2 that caller|driver supplied *4 in *2 previous|prior? call to <api>",
        "+pass.past to *3 call to <api> that +acquire.past",
    });
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        const Tokens& tokens = page.tagged[i];
        if (sentence.role != Role::parameter || has_negation(tokens) || has_word(tokens, {"can", "may", "might", "if", "example", "or"}))
            continue;
        if (is_irql_argument(page, sentence.parameter) || sentence.in_list || sentence.in_table) continue;
        // A size, a part of what was returned, a place inside it, what a callback was passed: not the thing itself.
        if (has_word(tokens, {"number", "range", "member", "members", "size", "optional"}) ||
            sentence.text.find("callback") != sentence.text.npos)
            continue;
        const bool of_other = std::any_of(tokens.begin(), tokens.end(), [&](const Token& t) {
            return t.kind == Token::Kind::parameter && t.names.front() != sentence.parameter;
        });
        if (of_other) continue;
        const auto product = find_any(gave, tokens);
        const auto same = product ? std::nullopt : find_any(was_given, tokens);
        const auto& match = product ? product : same;
        if (!match || !match->api() || mentions_self(*match->api()) || !is_linked(page, *match->api(), tokens)) continue;
        page.add(clause::ArgumentSame{sentence.parameter, others(page, *match->api()), product.has_value()}, sentence);
    }
}

// "If a driver specified a Tag when it acquired the lock, the driver must specify the same Tag when releasing it."
void read_same_tag(ClausePage& page) {
    static const Phrase same("must +specify same <parameter> when +release.gerund");
    const Clause* releases = page.find<clause::Releases>();
    for (const Statement& statement : page.statements) {
        const auto match = same.find(statement.tokens);
        if (!match || !releases) continue;
        page.add(clause::ArgumentSame{match->parameter()->names.front(), std::get<clause::Releases>(releases->content).acquired_by, false},
                 page.sentence_of(statement));
        releases = page.find<clause::Releases>();  // the list of clauses may have moved
    }
}

}  // namespace

void read_argument_clauses(ClausePage& page) {
    read_optional(page);
    read_null_supplied(page);
    read_limits(page);
    read_settings(page);
    read_choices(page);
    read_low_bits(page);
    read_sizes(page);
    if (page.names.callback) return;
    read_given(page);
    read_same_tag(page);
}

}  // namespace ddi::facts
