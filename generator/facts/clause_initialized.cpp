// Which arguments must have been initialized, and by which functions; and that a page's own call is the one that must come first.
#include <algorithm>

#include "generator/facts/clause_names.h"
#include "generator/facts/clause_page.h"
#include "generator/facts/clause_subject.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// The page makes the thing itself: it cannot ask for it to be made before.
bool initializes(const ClausePage& page, const std::string& parameter) {
    return std::any_of(page.clauses.begin(), page.clauses.end(), [&](const Clause& known) {
        const auto* initialize = std::get_if<clause::Initialize>(&known.content);
        return initialize && (initialize->object.parameter == parameter || initialize->object.parameter.empty());
    });
}

// The case for which the sentence asks, in its own words: "when provided by the caller, …".
Condition condition_of(const ClausePage& page, const Sentence& sentence) {
    const auto index = static_cast<std::size_t>(&sentence - page.sentences.data());
    for (const Statement& statement : page.statements)
        if (statement.sentence == index && !statement.condition_text.empty()) {
            auto conditions = read_conditions(page, statement);
            return conditions.size() == 1 ? conditions.front() : Condition{{}, statement.condition_text};
        }
    return {};
}

void add(ClausePage& page, const std::vector<std::string>& parameters, std::vector<std::string> by, const Sentence& sentence) {
    for (const std::string& parameter : parameters) {
        if (initializes(page, parameter)) continue;
        page.add(clause::RequiresInitialized{object_of_parameter(page, parameter), by, parameter != page.lock_parameter}, sentence,
                 condition_of(page, sentence));
    }
}

// In a parameter's own text: "must have been initialized by X", "must be … initialized by calling X or Y".
void read_passive(ClausePage& page) {
    static const std::vector<Phrase> by_function = phrases({
        "must *2 +be *1 +initialize.past by|with|using|through either? *1 call? to? <api>",
        "must previously have been +initialize.past by|with|using either? *1 call? to? <api>",
        "must have *1 been *1 +initialize.past by|with|using|through either? *1 call? to? <api>",
        "must +be *8 and +initialize.past by|with|using *1 <api>",
        "must have +initialize.past *3 by|with|using *1 <api>",
        "which must +be +initialize.past by|with|using *1 <api>",
    });
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        const Sentence& sentence = page.sentences[i];
        if (sentence.role == Role::returns || sentence.role == Role::description || has_negation(tokens)) continue;
        const auto match = find_any(by_function, tokens);
        if (!match || !match->api() || mentions_self(*match->api())) continue;
        // What stands before the verb; "resident storage for the Lock, which must be initialized with …" names it there as well.
        std::size_t begin = 0, end = match->begin;
        const bool active = tokens[match->begin + 1].lower == "have" && tokens[match->begin + 2].verb.verb == Verb::initialize;
        if (active) begin = match->begin + 3, end = match->end;
        for (std::size_t at = 0; at + 1 < end && !active; ++at)
            if (tokens[at].lower == "storage" && tokens[at + 1].lower == "for") begin = at + 2;
        const bool nameless = sentence.role != Role::parameter;
        const auto parameters = parameters_meant(page, i, tokens, begin, end);
        if (!(nameless && parameters.empty())) add(page, parameters, others(page, *match->api()), sentence);
    }
}

// "A driver must initialize the variable at A with X and the variable at B with Y before …".
void read_active(ClausePage& page) {
    static const Phrase opening("must +initialize.base");
    static const Phrase allocating("must allocate *1 variable of type");
    static const Phrase to_zero("must *6 and +initialize.base *1 <lock> to zero");
    static const Phrase each("with|using|by call? to? +call.gerund? <api>");
    static const Phrase any("must +initialize.base *1 <lock> before *1 +call.gerund *1 other");
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        const Sentence& sentence = page.sentences[i];
        if (sentence.role != Role::remarks || has_negation(tokens)) continue;
        if (const auto match = to_zero.find(tokens); match && page.is_about(*match->lock()) && holds_thing(page)) {
            add(page, {page.lock_parameter}, {}, sentence);
            continue;
        }
        auto open = opening.find(tokens);
        if (!open) open = allocating.find(tokens);
        if (!open || !has_word(tokens, {"before"})) continue;
        if (const auto match = any.find(tokens); match && page.is_about(*match->lock()) && !page.lock_parameter.empty()) {
            add(page, {page.lock_parameter}, {}, sentence);
            continue;
        }
        std::size_t from = open->end;
        for (auto match = each.find(tokens, from); match; match = each.find(tokens, from)) {
            if (match->api() && !mentions_self(*match->api()) && match->begin > from) {
                const auto before = std::find_if(tokens.begin() + static_cast<std::ptrdiff_t>(from),
                                                 tokens.begin() + static_cast<std::ptrdiff_t>(match->begin),
                                                 [](const Token& t) { return t.lower == "before" || t.kind == Token::Kind::self; });
                if (before == tokens.begin() + static_cast<std::ptrdiff_t>(match->begin))
                    add(page, parameters_meant(page, i, tokens, from, match->begin), others(page, *match->api()), sentence);
            }
            from = match->end;
        }
    }
}

// "This routine must be called before any call to …": what initializing is for.
void read_first_call(ClausePage& page) {
    const Clause* known = page.find<clause::Initialize>();
    if (!known) return;
    static const std::vector<Phrase> first = phrases({
        "<self> must +be +call.past before *2 call|calls to",
        "<self> must +be +call.past to +initialize *6 before",
    });
    const Object object = std::get<clause::Initialize>(known->content).object;
    for (const Statement& statement : page.statements)
        if (find_any(first, statement.tokens) && !has_negation(statement.tokens))
            page.add(clause::Initialize{object}, page.sentence_of(statement));
}

}  // namespace

void read_initialized_clauses(ClausePage& page) {
    if (page.names.callback) return;
    read_passive(page);
    read_active(page);
    read_first_call(page);
}

}  // namespace ddi::facts
