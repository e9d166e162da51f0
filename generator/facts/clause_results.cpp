// returns-value and stores: what a result or an out argument is, where it is no constant.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

struct Quantity {
    Phrase phrase;
    const char* name;
    enum class Of { thing, parameter, list, nothing } of = Of::thing;
};

// The words of a quantity, wherever it goes.
const std::vector<Quantity>& quantities() {
    using enum Quantity::Of;
    static const std::vector<Quantity> all{
        {Phrase("previous *1 state of *3 <lock>"), "previous-state"},
        {Phrase("previous *1 state of *2 <parameter>"), "previous-state"},
        {Phrase("current state *6 of *2 <lock>"), "current-state"},
        {Phrase("number of waiters *4 <lock>"), "waiter-count"},
        {Phrase("number of threads *2 waiting *2 to +acquire *2 <lock>"), "waiter-count"},
        {Phrase("number of times *3 +acquire.past *2 <lock>"), "hold-count"},
        {Phrase("number of entries *3 list"), "depth", list},
        {Phrase("number of entries *3 <lock>"), "depth", list},
        {Phrase("initial|original value of *1 <parameter>"), "initial-value", parameter},
        {Phrase("original ( unsummed ) value of *1 <parameter>"), "initial-value", parameter},
        {Phrase("value that <parameter> had prior"), "initial-value", parameter},
        {Phrase("decremented|incremented value"), "new-value", parameter},
        // "first" carries no weight and is not among the tokens.
        {Phrase("last entry of list before *1 new entry"), "last-entry", list},
        {Phrase("entry of list before *1 new entry"), "first-entry", list},
        {Phrase("<constant> structure on|of list"), "first-entry", list},
        {Phrase("<constant> structure that was *2 on|of list"), "first-entry", list},
        {Phrase("<constant> structure on|of <lock>"), "first-entry", list},
        {Phrase("<lock> structure on|of list"), "first-entry", list},
        {Phrase("+return.third entry in *2 <lock>"), "first-entry", list},
        {Phrase("previously-held value of *3 variable"), "initial-value", parameter},
        {Phrase("previous item that *2 at front of list"), "first-entry", list},
        {Phrase("<constant> structure removed from list"), "removed-entry", list},
        {Phrase("item|entry removed from *2 front|head|beginning of list"), "removed-entry", list},
        {Phrase("items removed from list"), "removed-entry", list},
        {Phrase("irp that was removed from <lock>"), "removed-request"},
        {Phrase("irp that was removed from queue"), "removed-request"},
        {Phrase("next matching irp in <lock>"), "next-request"},
        {Phrase("next matching irp in queue"), "next-request"},
        {Phrase("pointer to *1 created *4 <lock>"), "created-object"},
        {Phrase("pointer to *1 allocated *6 <lock>"), "created-object"},
        {Phrase("whether *2 thread has *6 access *4 <lock>"), "current-state"},
        {Phrase("whether *2 thread has *6 access *8 to *2 <lock>"), "current-state"},
        {Phrase("recommended size for"), "size", nothing},
        {Phrase("processor index of"), "processor-index", nothing},
        {Phrase("number of *1 processor on which *1 caller"), "processor-number", nothing},
        {Phrase("represents *1 processor on which *1 caller"), "processor-number", nothing},
        {Phrase("processor on which *1 caller is *1 +run"), "processor-number", nothing},
    };
    return all;
}

// What an interlocked function changes: the argument whose text says so, else the only one that is no lock and no level.
std::string changed_parameter(const ClausePage& page) {
    for (const ParameterFact& parameter : page.facts->parameters) {
        if (parameter.name == page.lock_parameter || parameter.text.empty()) continue;
        const std::string text = to_lower(parameter.text.front().text);
        for (const std::string_view words : {"to be incremented", "to be decremented", "to be adjusted", "to increment", "to decrement",
                                             "is to be exchanged", "to be exchanged"})
            if (text.find(words) != text.npos && text.find("point") != text.npos) return parameter.name;
    }
    for (const ParameterFact& parameter : page.facts->parameters)
        for (const std::string_view name : {"addend", "target", "destination"})
            if (to_lower(parameter.name) == name) return parameter.name;
    return {};
}

std::string list_parameter(const ClausePage& page) {
    for (const ParameterFact& parameter : page.facts->parameters) {
        const std::string lower = to_lower(parameter.name);
        if (lower.find("listhead") != lower.npos) return parameter.name;
    }
    return {};
}

Object object_of(const ClausePage& page, const Quantity& quantity, const Phrase::Match& match) {
    switch (quantity.of) {
        case Quantity::Of::thing:
            return page.object();
        case Quantity::Of::parameter:
            return {"", match.parameter() ? match.parameter()->names.front() : changed_parameter(page)};
        case Quantity::Of::list:
            return {"list", list_parameter(page)};
        case Quantity::Of::nothing:
            break;
    }
    return {};
}

bool about_other_function(const Tokens& tokens, std::size_t end) {
    for (std::size_t i = 0; i < end && i < tokens.size(); ++i)
        if (tokens[i].kind == Token::Kind::api && !tokens[i].has_self) return true;
    return false;
}

void read_returned(ClausePage& page) {
    static const std::vector<Phrase> returns = phrases({"<self> *1 +return.third", "+return.third *1 pointer", "and +return.third *1 "});
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || has_negation(statement.tokens)) continue;
        const auto verb = find_any(returns, statement.tokens);
        if (!verb || about_other_function(statement.tokens, verb->end)) continue;
        // A fragment of the returns section has no subject; elsewhere this API must be it.
        const bool self = statement.tokens.front().kind == Token::Kind::self || statement.tokens[verb->begin].kind == Token::Kind::self;
        if (!self && sentence.role != Role::returns) continue;
        // The page's version notes ("if the caller is on another group …") are no part of the quantity.
        for (const Quantity& quantity : quantities()) {
            const auto match = quantity.phrase.find(statement.tokens, verb->begin);
            if (!match || match->begin > verb->end + 8) continue;
            if (std::string_view(quantity.name) == "first-entry" && sentence.text.find("first") == std::string::npos) continue;
            const bool thing = quantity.of == Quantity::Of::thing;
            const bool named = !match->locks.empty() || !match->parameters.empty();
            if (thing && named && page.noun.empty()) continue;
            const Object object = object_of(page, quantity, *match);
            if ((quantity.of == Quantity::Of::parameter || quantity.of == Quantity::Of::list) && object.parameter.empty()) continue;
            // "…, or NULL if C": the condition is that of the NULL.
            const auto null = Phrase("or <constant>").find(statement.tokens, match->end);
            const bool alternative = null && null->constants.front()->text == "NULL";
            const bool nothing_said =
                statement.condition_text.empty() || alternative || statement.condition_text.starts_with("when the call");
            for (const Condition& condition : nothing_said ? std::vector<Condition>(1) : read_conditions(page, statement, false))
                page.add(clause::ReturnsValue{quantity.name, object}, sentence, condition);
            if (alternative && !statement.condition_text.empty())
                page.add(clause::Returns{"NULL"}, sentence, Condition{{}, statement.condition_text});
            break;
        }
    }
    // "A pointer to the created object" needs a thing that this page is about; a structure stands for it.
    if (page.noun.empty() || !page.find<clause::Initialize>() || !page.lock_parameter.empty()) return;
    static const Phrase pointer("+return.third *1 pointer to *3 <lock>");
    for (std::size_t i = 0; i < page.sentences.size(); ++i)
        if (page.sentences[i].role == Role::returns && pointer.find(page.tagged[i]))
            page.add(clause::ReturnsValue{"created-object", page.object()}, page.sentences[i]);
}

// "The value that Callback returns", "the Boolean value that X returned", "the return value from X".
void read_callback_result(ClausePage& page) {
    static const std::vector<Phrase> result = phrases({
        "<self> +return.third *2 value that <api> *2 +return",
        "<self> +return.third *3 status value that <api> *2 +return",
        "<self> +return.third *2 value that was +return.past by *2 <api>",
        "<self> +return.third +return value of *2 <api>",
        "value that <api> *2 +return.third is +return.past by <self>",
        "+return value from <parameter>",
    });
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || sentence.role == Role::description) continue;
        const auto match = find_any(result, statement.tokens);
        if (!match) continue;
        const std::string by = match->api() ? match->api()->names.front() : match->parameter() ? match->parameter()->names.front() : "";
        for (const Condition& condition : read_conditions(page, statement, false))
            page.add(clause::ReturnsValue{"callback-result", {"", by == page.names.self ? "" : by}}, sentence, condition);
    }
}

// "The system does not use the return value": a callback's result that nobody looks at.
void read_unused_result(ClausePage& page) {
    static const std::vector<Phrase> unused = phrases({
        "not *2 +use *2 +return value",
        "+return value is not *1 +use.past",
        "+return value is ignored",
        "ignores *2 +return value",
    });
    for (std::size_t i = 0; i < page.sentences.size() && page.names.callback; ++i) {
        const Tokens& tokens = page.tagged[i];
        const auto match = find_any(unused, tokens);
        if (page.sentences[i].role != Role::returns || !match) continue;
        // "Ignores a return value of FALSE", "… on disable requests": not always.
        if (match->end < tokens.size() && (tokens[match->end].lower == "of" || tokens[match->end].lower == "on")) continue;
        page.add(clause::ReturnsValue{"unused", {}}, page.sentences[i]);
    }
}

// What an out argument receives. The saved IRQL is a clause of its own.
void read_stored(ClausePage& page) {
    struct Stored {
        Phrase phrase;
        const char* quantity;
    };
    static const std::vector<Stored> stored{
        {Phrase("location *3 will? +receive pointer to *3 created *3 <lock>"), "created-object"},
        {Phrase("location *2 +receive *1 handle to *4 <lock>"), "created-object"},
        {Phrase("location in which to +return *3 handle for *2 <lock>"), "handle"},
        {Phrase("buffer that , on return , will contain *1 lock handle"), "lock-handle"},
        {Phrase("buffer that , on return , will contain *1 <lock> handle"), "lock-handle"},
        {Phrase("variable|structure *3 can +use to +return <lock> queue handle"), "lock-handle"},
        {Phrase("buffer *3 where <self> +return.third *4 structure"), "created-object"},
    };
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        if (sentence.role != Role::parameter) continue;
        const Tokens& tokens = page.tagged[i];
        for (const Stored& one : stored)
            if (one.phrase.find(tokens)) {
                page.add(clause::Stores{sentence.parameter, one.quantity}, sentence);
                break;
            }
        // An out argument that is described as an entry of the list.
        static const std::vector<Phrase> entry =
            phrases({"represents *2 entry of list before", "value +return.past is *1 pointer", "pointer value +return.past"});
        if (sentence.parameter == list_parameter(page) || !find_any(entry, tokens)) continue;
        for (const Quantity& quantity : quantities())
            if (quantity.of == Quantity::Of::list && quantity.phrase.find(tokens)) {
                // "first" and "last" carry weight only with "before"; the page's verb says at which end.
                page.add(clause::Stores{sentence.parameter, quantity.name}, sentence);
                break;
            }
    }
    // "If the list is empty, NULL is returned in the value pointed to by Result."
    static const Phrase null("<constant> is +return.past in *1 value pointed to by <parameter>");
    for (const Statement& statement : page.statements) {
        const auto match = null.find(statement.tokens);
        if (!match || match->constants.front()->text != "NULL") continue;
        for (const Condition& condition : read_conditions(page, statement, false))
            page.add(clause::Stores{match->parameter()->names.front(), "NULL"}, page.sentence_of(statement), condition);
    }
}

}  // namespace

void read_result_clauses(ClausePage& page) {
    read_unused_result(page);
    if (page.names.callback) return;
    read_returned(page);
    read_callback_result(page);
    read_stored(page);
}

}  // namespace ddi::facts
