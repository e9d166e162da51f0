// In which order functions are called: what comes before, what must follow, what alone is allowed afterwards, and calls that a
// page only counts ("every call to X must be matched by a call to Y").
#include <algorithm>
#include <cctype>

#include "generator/facts/clause_names.h"
#include "generator/facts/clause_page.h"
#include "generator/facts/clause_subject.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// The page's thing; on a page without a noun its only argument is what the calls have in common.
Object object_of(const ClausePage& page) {
    if (page.noun.empty() && page.facts->parameters.size() == 1) return {{}, page.facts->parameters.front().name};
    return page.object();
}

// "KeWaitXxx" → the functions of that family that the page names.
std::vector<std::string> family(const ClausePage& page, const std::string& pattern) {
    std::vector<std::string> names;
    const std::string prefix = pattern.substr(0, pattern.size() - 3);
    const auto add = [&](const std::string& name) {
        if (name.starts_with(prefix) && name != pattern && name != page.names.self &&
            std::find(names.begin(), names.end(), name) == names.end())
            names.push_back(name);
    };
    for (const Tokens& tokens : page.tagged)
        for (const Token& token : tokens)
            if (token.kind == Token::Kind::api)
                for (const std::string& name : token.names) add(name);
    return names;
}

// ---- what must follow ----

// "In this case, …": the case is the sentence before it.
std::vector<Condition> conditions_with_case(const ClausePage& page, const Statement& statement) {
    const std::string opening = to_lower(std::string_view(page.sentence_of(statement).text).substr(0, 12));
    if (!opening.starts_with("in this case") || statement.sentence == 0) return read_conditions(page, statement);
    for (const Statement& before : page.statements)
        if (before.sentence == statement.sentence - 1 && !before.condition_text.empty()) return read_conditions(page, before);
    return {Condition{{}, "in this case"}};
}

void read_followed_by(ClausePage& page) {
    static const std::vector<Phrase> followed = phrases({
        "<self> call? must +be immediately? followed by call? to? <api>",
        "call to <self> must +be immediately? followed by call? to? <api>",
        "caller|callers must +restore *6 *6 in subsequent call to <api>",
        "must +call <api> to free *6 that it allocated with|by <self>",
    });
    static const Phrase by_family("<self> call? must +be immediately? followed by");
    static const Phrase later("caller|callers of <self> must +call <api>");
    for (const Statement& statement : page.statements) {
        const Tokens& tokens = statement.tokens;
        const Sentence& sentence = page.sentence_of(statement);
        if (has_negation(tokens) || !has_word(tokens, {"must"})) continue;
        std::vector<std::string> names;
        if (const auto match = find_any(followed, tokens); match && match->api() && !mentions_self(*match->api())) {
            names = others(page, *match->api());
        } else if (const auto open = by_family.find(tokens); open && open->end < tokens.size() && tokens[open->end].text.ends_with("Xxx")) {
            names = family(page, tokens[open->end].text);
        } else if (const auto of_caller = later.find(tokens);
                   of_caller && of_caller->api() && sentence.text.find("subsequently") != std::string::npos) {
            names = others(page, *of_caller->api());
        }
        if (names.empty()) continue;
        for (const Condition& condition : conditions_with_case(page, statement))
            page.add(clause::FollowedBy{object_of(page), names, has_word(tokens, {"immediately"})}, sentence, condition);
    }
}

// "After calling X, the only other routine that can be called for it is Y."
void read_afterwards(ClausePage& page) {
    static const Phrase only("only other? *3 that *6 +call *5 is <api>");
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        if (tokens.empty() || tokens.front().lower != "after" || has_negation(tokens)) continue;
        const auto match = only.find(tokens);
        const bool own = std::any_of(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(match ? match->begin : 0),
                                     [](const Token& t) { return mentions_self(t); });
        if (!match || !own || mentions_self(*match->api())) continue;
        page.add(clause::AfterwardsOnly{page.object(), others(page, *match->api())}, page.sentences[i]);
    }
}

// ---- what comes before ----

void read_preceded_by(ClausePage& page) {
    static const std::vector<Phrase> preceded = phrases({
        "<self> call? must +be immediately? preceded by *1 call to <api>",
        "call to <self> must +be immediately? preceded by *1 call to <api>",
    });
    for (const Statement& statement : page.statements) {
        const auto match = find_any(preceded, statement.tokens);
        if (!match || has_negation(statement.tokens) || mentions_self(*match->api())) continue;
        for (const Condition& condition : read_conditions(page, statement))
            page.add(clause::PrecededBy{object_of(page), others(page, *match->api())}, page.sentence_of(statement), condition);
    }
    // "On entry, the status must indicate that the object was run down": what the call before leaves.
    static const Phrase state("on entry , status information *6 must indicate that *2 object");
    const Clause* known = page.find<clause::PrecededBy>();
    for (std::size_t i = 0; i < page.tagged.size() && known; ++i) {
        if (!state.find(page.tagged[i])) continue;
        page.add(clause::PrecededBy{std::get<clause::PrecededBy>(known->content)}, page.sentences[i], Condition(known->when));
        known = page.find<clause::PrecededBy>();
    }
}

// "A driver must call X to acquire the lock before it can call <self>", "must call X to release the lock before it calls <self>".
void read_state_before(ClausePage& page) {
    static const Phrase first("must +call <api> to +acquire|release.base *4 <lock> before *4 +call <self>");
    static const Phrase hold("must +acquire|release.base *3 <lock> before *4 +call <self>");
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        const Sentence& sentence = page.sentences[i];
        if (sentence.role == Role::parameter || sentence.role == Role::returns || has_negation(tokens)) continue;
        auto match = first.find(tokens);
        const bool named = match.has_value();
        if (!match) match = hold.find(tokens);
        if (!match || !page.is_about(*match->lock()) || (named && mentions_self(*match->api()))) continue;
        bool acquires = false;
        for (std::size_t at = match->begin; at < match->end; ++at)
            acquires = acquires || (tokens[at].kind == Token::Kind::word && tokens[at].verb.verb == Verb::acquire);
        if (!acquires)
            page.add(clause::NotHeldOnEntry{page.object()}, sentence);
        else if (page.find<clause::Release>())
            page.add(clause::Releases{page.object(), named ? others(page, *match->api()) : std::vector<std::string>{}}, sentence);
    }
}

// "After a driver calls X, it must not call it again before calling Y": taken twice, the lock is waited for without end.
void read_not_again(ClausePage& page) {
    static const Phrase again("must not +call *2 again *6 before +call.gerund <api>");
    if (!page.acquires()) return;
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        const auto match = again.find(tokens);
        const bool own = std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return mentions_self(t); });
        if (match && own && !mentions_self(*match->api()))
            page.add(clause::Recursion{page.object(), clause::RecursionRule::deadlock}, page.sentences[i]);
    }
}

// ---- calls that are counted ----

// Of pages that neither acquire nor release anything: "each call to X must be matched by a call to Y".
void read_matched(ClausePage& page) {
    if (page.acquires() || page.find<clause::Release>()) return;
    static const std::vector<Phrase> matched = phrases({
        "every|each *2 call to <self> must +be matched by *2 call to <api>",
        "every|each *2 call to <self> must have *2 call to <api>",
        "every|each *2 call to <self> +need *2 call to <api>",
        "for every|each *2 call to <self> , there must +be *2 call to <api>",
    });
    for (std::size_t i = 0; i < page.tagged.size(); ++i) {
        const auto match = find_any(matched, page.tagged[i]);
        if (!match || has_negation(page.tagged[i]) || mentions_self(*match->api())) continue;
        page.add(clause::FollowedBy{object_of(page), others(page, *match->api()), false}, page.sentences[i]);
    }
}

// ---- order between kinds of locks ----

std::vector<std::string> split_alternatives(const std::string& text) {
    std::vector<std::string> parts;
    for (const Word& word : split_words(text))
        if (word.lower != "or" && word.lower != "and" && std::isalpha(static_cast<unsigned char>(word.text[0]))) parts.push_back(word.text);
    return parts;
}

// "DPC" → "DpcLock", if the page writes such an enumerator in the parameter's text.
std::string enumerator_of(const ClausePage& page, const std::string& parameter, const std::string& word) {
    const std::string lower = to_lower(word);
    for (const Sentence& sentence : page.sentences) {
        if (sentence.role != Role::parameter) continue;
        for (const Word& candidate : split_words(sentence.text))
            if (candidate.lower.starts_with(lower) && candidate.lower != lower && candidate.lower.ends_with("lock") &&
                candidate.text != parameter)
                return candidate.text;
    }
    return word;
}

void read_order(ClausePage& page) {
    static const Phrase in_order("must +be +acquire.past in following order");
    if (!page.acquires()) return;
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        if (!in_order.find(page.tagged[i]) || !page.sentences[i].text.ends_with(":")) continue;
        std::vector<std::string> steps;
        for (std::size_t next = i + 1; next < page.sentences.size() && (page.sentences[next].in_list || page.sentences[next].in_table);
             ++next) {
            std::string step;
            for (const std::string& word : split_alternatives(page.sentences[next].text))
                step += (step.empty() ? "" : "|") + enumerator_of(page, page.lock_parameter, word);
            if (!step.empty()) steps.push_back(step);
        }
        if (steps.size() > 1) page.add(clause::Order{page.lock_parameter, steps}, page.sentences[i]);
    }
}

}  // namespace

void read_order_clauses(ClausePage& page) {
    if (page.names.callback) return;
    read_followed_by(page);
    read_afterwards(page);
    read_preceded_by(page);
    read_matched(page);
    if (page.noun.empty()) return;
    read_state_before(page);
    read_not_again(page);
    read_order(page);
}

}  // namespace ddi::facts
