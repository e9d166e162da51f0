// Who acquires, releases, initializes, destroys; which functions pair with which.
#include <algorithm>

#include "generator/facts/clause_names.h"
#include "generator/facts/clause_page.h"
#include "generator/facts/object_kinds.h"
#include "generator/facts/object_nouns.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool is_error(const Tokens& tokens) {
    // "When it is no longer needed" forbids nothing.
    bool negation = false;
    for (std::size_t at = 0; at < tokens.size(); ++at)
        negation =
            negation || (tokens[at].negates && !(tokens[at].lower == "no" && at + 1 < tokens.size() && tokens[at + 1].lower == "longer"));
    return has_word(tokens, {"error", "illegal", "invalid"}) || (has_word(tokens, {"must", "cannot"}) && negation);
}

Phrase::Match* if_about(const ClausePage& page, std::optional<Phrase::Match>& match) {
    if (!match) return nullptr;
    for (const Token* lock : match->locks)
        if (page.is_about(*lock)) return &*match;
    return match->locks.empty() ? &*match : nullptr;
}

// ---- what this API does to the thing ----

const std::vector<Phrase>& acquire_phrases() {
    static const std::vector<Phrase> list = phrases({
        "<self> *2 +acquire.third *5 <lock>",
        "<self> *2 +try.third to +acquire.base *5 <lock>",
        "<self> *2 +enter.third *2 <lock>",
        "+call <self> to *1 +acquire|enter.base *3 <lock>",
        "+acquire|enter.third *3 <lock> by +call.gerund <self>",
        "+acquire|enter.third *3 <lock> with|through|using <self>",
        "<self> *8 by *1 +acquire.gerund *3 <lock>",
        "<lock> is +acquire.past by|with|through <self>",
        "<self> increments count *2 <lock>",
        "<self> +acquire.third shared|exclusive access to *2 <lock>",
    });
    return list;
}

const std::vector<Phrase>& release_phrases() {
    static const std::vector<Phrase> list = phrases({
        "<self> *2 +release.third *5 <lock>",
        "<self> *2 +release.third ownership of *3 <lock>",
        "<self> *2 +give.third up *4 <lock>",
        "<self> *2 +exit.third *2 <lock>",
        "+call <self> to *1 +release|exit.base *3 <lock>",
        "+release|exit.third *3 <lock> by +call.gerund <self>",
        "+release|exit.third *3 <lock> with|through|using <self>",
        "<lock> is +release.past by|with|through <self>",
    });
    return list;
}

const std::vector<Phrase>& initialize_phrases() {
    static const std::vector<Phrase> list = phrases({
        "<self> *2 +initialize|create.third *5 <lock>",
        "<self> prepares *3 <lock> for use",
        "<self> *2 allocates *5 <lock>",
        "<self> sets up *2 <lock>",
        "<lock> is +initialize|create.past by|with <self>",
    });
    return list;
}

bool states_purpose(const Tokens& tokens) {
    static const std::vector<Phrase> purpose =
        phrases({"+call|use <self> to", "by +call.gerund <self>", "with|through|using <self>", "by <self>"});
    return find_any(purpose, tokens).has_value();
}

const std::vector<Phrase>& destroy_phrases() {
    static const std::vector<Phrase> list =
        phrases({"<self> *2 +delete.third *4 <lock>", "<self> *2 deallocates *4 <lock>", "<lock> is +delete.past by|with <self>"});
    return list;
}

bool is_preposition(std::string_view word) {
    return word == "of" || word == "for" || word == "to" || word == "that" || word == "which" || word == "in" || word == "on" ||
           word == "is" || word == "are" || word == "by" || word == "and";
}

Mode mode_of(const ClausePage& page, const Statement& statement) {
    if (is_counted(page.noun)) return Mode::shared;
    const Tokens& tokens = statement.tokens;
    // The first word that says which access: "for shared access without waiting for … exclusive access". "Access to shared data" speaks of
    // the data; "exclusive access to the resources that the lock protects" is what every lock gives.
    for (std::size_t at = 0; at + 1 < tokens.size(); ++at) {
        const bool access = tokens[at + 1].lower == "access" || tokens[at + 1].lower == "ownership";
        const bool read_write = page.noun.find("read/write") != std::string::npos;
        if (access && (tokens[at].lower == "shared" || (tokens[at].lower == "read" && read_write))) return Mode::shared;
        if (access && (tokens[at].lower == "exclusive" || tokens[at].lower == "write")) return Mode::exclusive;
        if (tokens[at].kind == Token::Kind::lock && to_lower(tokens[at].text).starts_with("read ") && read_write) return Mode::shared;
    }
    return Mode::exclusive;
}

bool is_region(const std::string& noun) { return noun.ends_with(" region"); }

// "The routine acquires the mutex, if possible"; "…, if available"; "tries to acquire".
bool is_attempt(const Statement& statement) {
    // "Without waiting for pending attempts to acquire": the noun.
    static const Phrase tries("<self> *2 +try.third to");
    const bool verb = tries.find(statement.tokens) || has_word(statement.tokens, {"try", "tries"});
    return verb || has_word(statement.condition, {"possible", "available"}) || has_word(statement.tokens, {"possible"});
}

// "Acquires the spin lock and queues an entry", "acquires the mutex, traverses the list, and then releases the mutex": a step of
// something else. The verbs of contracts ("raises", "restores", "waits", "sets") do not make it one.
bool is_a_step(const Tokens& tokens, std::size_t from) {
    for (std::size_t at = from; at + 1 < tokens.size(); ++at) {
        if (tokens[at].text != "," && tokens[at].lower != "and") continue;
        std::size_t next = at + 1;
        while (next < tokens.size() && (tokens[next].lower == "and" || tokens[next].text == ",")) ++next;
        if (next + 1 >= tokens.size()) return false;
        const Token& word = tokens[next];
        const bool verb = word.kind == Token::Kind::word && word.verb.verb == Verb::none && word.lower.size() > 4 &&
                          word.lower.back() == 's' && word.lower[word.lower.size() - 2] != 's';
        const bool object = tokens[next + 1].kind == Token::Kind::word || tokens[next + 1].kind == Token::Kind::parameter;
        if (verb && object && !is_preposition(tokens[next + 1].lower)) return true;
    }
    return false;
}

void read_effects(ClausePage& page) {
    const ObjectKind* kind = object_kind(page.noun);
    const bool lockable = !kind || kind->lockable;
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || sentence.role == Role::returns) continue;
        // "When a driver calls X, the system acquires the lock": the effect of the call. The page calls one lock by several names there.
        static const Phrase system_acquires("system|framework *1 +acquire.third *3 <lock>");
        static const Phrase system_releases("system|framework *1 +release.third *3 <lock>");
        const bool called =
            has_verb(statement.condition, Verb::call) && std::any_of(statement.condition.begin(), statement.condition.end(), mentions_self);
        if (called && lockable && !page.attempt) {
            if (system_acquires.find(statement.tokens)) page.add(clause::Acquire{page.object()}, sentence);
            if (system_releases.find(statement.tokens)) page.add(clause::Release{page.object()}, sentence);
            continue;
        }
        // An effect that depends on something else than success is told by its own reader, not as the API's purpose.
        const bool conditional = !statement.condition.empty() && !is_attempt(statement) && sentence.role != Role::description;
        if (conditional || is_error(statement.tokens)) continue;
        // What the remarks tell in the third person are details of its work; "call X to acquire" states the purpose wherever it stands.
        const bool detail = sentence.role == Role::remarks && !states_purpose(statement.tokens);
        if (detail || is_a_step(page.tagged[statement.sentence], 0)) continue;
        auto match = find_any(acquire_phrases(), statement.tokens);
        static const Phrase thread_enters("thread +enter.third *1 <lock>");  // of a description: by calling this API
        if (!match && sentence.role == Role::description && is_region(page.noun)) match = thread_enters.find(statement.tokens);
        if (lockable && if_about(page, match) && match->lock()) {
            // Entering a region on the way is an effect on APCs; the page's thing is what it acquires.
            if (is_region(page.noun_of(*match->lock())) == is_region(page.noun)) {
                page.attempt = page.attempt || is_attempt(statement);
                // "Call X to acquire the lock", where the description says that it only tries: the same effect.
                if (Clause* known = page.find<clause::Acquire>(); known && sentence.role == Role::remarks)
                    page.add(known->content, sentence, known->when);
                else
                    page.add(clause::Acquire{page.object(), mode_of(page, statement), is_attempt(statement)}, sentence);
            }
        }
        match = find_any(release_phrases(), statement.tokens);
        if (lockable && if_about(page, match) && match->lock() && is_region(match->lock()->noun) == is_region(page.noun)) {
            // "Releases a lock initialized in a preceding call to X" ends the lock's life.
            const bool ends = match->end < statement.tokens.size() && statement.tokens[match->end].verb.verb == Verb::initialize;
            if (ends)
                page.add(clause::Destroy{page.object()}, sentence);
            else
                page.add(clause::Release{page.object(), mode_of(page, statement)}, sentence);
        }
        match = find_any(initialize_phrases(), statement.tokens);
        // A clone is another object than the one that it is made of.
        if (if_about(page, match) && match->lock() && !has_word(statement.tokens, {"clone"}))
            page.add(clause::Initialize{page.object()}, sentence);
        static const Phrase again("<self> *2 reinitializes *4 <lock>");
        match = again.find(statement.tokens);
        if (if_about(page, match)) {
            page.add(clause::RequiresInitialized{page.object(), {}}, sentence);
            page.add(clause::Initialize{page.object()}, sentence);
        }
        match = find_any(destroy_phrases(), statement.tokens);
        if (if_about(page, match) && match->lock()) page.add(clause::Destroy{page.object()}, sentence);
    }
}

// Acquired and released by one call: a detail of its work, no effect on the caller.
void drop_internal(ClausePage& page) {
    if (!page.acquires() || !page.find<clause::Release>()) return;
    std::erase_if(page.clauses, [](const Clause& c) {
        return std::holds_alternative<clause::Acquire>(c.content) || std::holds_alternative<clause::Release>(c.content);
    });
}

// A page whose description only compares ("is a faster version of …") still names "the lock to acquire" at its parameter; where the
// description says it, the parameter says it again.
void read_effects_of_parameters(ClausePage& page, bool plain) {
    static const std::vector<Phrase> acquired = phrases({"<lock> to +acquire.base", "<lock> to +be +acquire.past",
                                                         "<lock> that? is +acquire.past", "<lock> that? is to +be +acquire.past"});
    static const std::vector<Phrase> released =
        phrases({"<lock> to +release.base", "<lock> to +be +release.past", "for which to +release *2 <lock>"});
    static const std::vector<Phrase> acquired_for = phrases({"for which to +acquire *2 <lock>"});
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role != Role::parameter || sentence.parameter != page.lock_parameter) continue;
        auto match = find_any(acquired, statement.tokens);
        auto which = find_any(acquired_for, statement.tokens);
        auto freed = find_any(released, statement.tokens);
        if (has_negation(statement.tokens)) continue;
        Clause* acquire = page.find<clause::Acquire>();
        Clause* release = page.find<clause::Release>();
        if (plain && if_about(page, match)) {
            page.add(clause::Acquire{page.object()}, sentence);
            return;
        }
        if (acquire && (if_about(page, match) || if_about(page, which)))
            page.add(acquire->content, sentence, acquire->when);
        else if (release && if_about(page, freed))
            page.add(release->content, sentence, release->when);
    }
}

/// "The interrupt object's spin lock", on a page about the interrupt's lock: one of the locks that such an object may have.
bool belongs_to_object(const ClausePage& page, const Tokens& tokens, const Token* lock) {
    const auto at = static_cast<std::size_t>(lock - tokens.data());
    return at >= 2 && at < tokens.size() && tokens[at - 1].lower == "object's" && page.noun.starts_with(tokens[at - 2].lower + " ");
}

// A description that speaks of a code sequence leaves it to the remarks to say "X releases the object's lock".
void read_remark_effects(ClausePage& page) {
    static const Phrase released("<self> +release.third *4 <lock>");
    bool described = false;
    for (std::size_t i = 0; i < page.sentences.size(); ++i)
        for (const Token& token : page.tagged[i])
            described =
                described || (page.sentences[i].role == Role::description && token.kind == Token::Kind::lock && page.is_about(token));
    if (!described || page.find<clause::Acquire>() || page.lock_parameter.empty()) return;
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role != Role::remarks || !statement.condition.empty() || has_negation(statement.tokens)) continue;
        const auto match = released.find(statement.tokens);
        if (!match || match->begin != 0 || is_a_step(statement.tokens, 0)) continue;
        if (!page.is_about(*match->lock()) && !belongs_to_object(page, statement.tokens, match->lock())) continue;
        page.add(clause::Release{page.object()}, sentence);
        return;
    }
}

// "The holder of the lock should release it by calling X": who called this API is the holder.
void read_holder(ClausePage& page) {
    static const Phrase holder("holder of *1 <lock> should|must +release *2 by +call.gerund <api>");
    if (page.find<clause::Acquire>()) return;
    for (const Statement& statement : page.statements) {
        const auto match = holder.find(statement.tokens);
        if (!match || mentions_self(*match->api()) || !page.is_about(*match->lock())) continue;
        page.add(clause::Acquire{page.object()}, page.sentence_of(statement));
        page.add(clause::ReleaseWith{page.object(), others(page, *match->api())}, page.sentence_of(statement));
        return;
    }
}

// "reenables APCs that were disabled by a preceding call to X": a region is left though no sentence says "leaves".
void read_region_exit(ClausePage& page) {
    if (!is_region(page.noun)) return;
    static const std::vector<Phrase> undone = phrases({
        "<self> *2 +enable.third *8 +disable.past *4 <api>",
        "<self> *2 +enable.third *8 call to <api> +disable.past",
        "<self> undoes *4 call to <api>",
    });
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role != Role::description) continue;
        if (const auto match = find_any(undone, statement.tokens); match && match->api()) {
            page.add(clause::Release{page.object(), Mode::exclusive}, sentence);
            page.add(clause::Releases{page.object(), others(page, *match->api())}, sentence);
        }
    }
}

// "Indicates, if TRUE, that the lock is acquired exclusively": the parameter chooses the mode.
void read_mode(ClausePage& page) {
    Clause* acquire = page.find<clause::Acquire>();
    if (!acquire) return;
    for (const Sentence& sentence : page.sentences) {
        if (sentence.role != Role::parameter || sentence.parameter == page.lock_parameter) continue;
        const auto index = static_cast<std::size_t>(&sentence - page.sentences.data());
        const Tokens& tokens = page.tagged[index];
        const bool exclusively = has_word(tokens, {"exclusively", "exclusive"}) && has_verb(tokens, Verb::acquire);
        static const Phrase write_access("<constant> , *6 write access");
        const auto writes = write_access.find(tokens);
        if (!has_word(tokens, {"true"}) || (!exclusively && !(writes && writes->constants.front()->text == "TRUE"))) continue;
        const Object object = page.object();
        const Comparison exclusive{Comparison::Subject::parameter, sentence.parameter, "==", "TRUE"};
        std::erase_if(page.clauses, [](const Clause& c) { return std::holds_alternative<clause::Acquire>(c.content); });
        page.add(clause::Acquire{object, Mode::exclusive}, sentence, Condition{{exclusive}, {}});
        for (const Sentence& other : page.sentences) {
            const Tokens& words = page.tagged[static_cast<std::size_t>(&other - page.sentences.data())];
            const bool reads = writes && other.role == Role::parameter && other.parameter == sentence.parameter &&
                               Phrase("<constant> , *6 read access").find(words);
            if (reads || (has_word(words, {"shared"}) && has_verb(words, Verb::acquire))) {
                page.add(clause::Acquire{object, Mode::shared}, other,
                         Condition{{Comparison{exclusive.subject, exclusive.name, "==", "FALSE"}}, {}});
                break;
            }
        }
        return;
    }
}

// ---- pairs ----

const std::vector<Phrase>& acquired_by_phrases() {
    static const std::vector<Phrase> list = phrases({
        "+acquire|enter.past *2 by|with|using|through *1 +call.gerund? <name>",
        "+acquire|enter.past *2 in|by|with *2 call|calls to <name>",
        "<name> has|have? +acquire|enter.past",
        "+acquire|enter *1 <thing> with|by|through|using *1 <name>",
        "reciprocal|inverse|counterpart to|of <name>",
        "following|after *2 call to <name>",
        "began|begun|started with|by *2 call to <name>",
        "undoes *3 <name>",
    });
    return list;
}

void read_releases(ClausePage& page) {
    if (!page.find<clause::Release>()) return;
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        const Tokens& tokens = page.tagged[i];
        if (sentence.role == Role::returns) continue;
        for (const Phrase& phrase : acquired_by_phrases())
            for (auto match = phrase.find(tokens); match; match = phrase.find(tokens, match->begin + 1)) {
                if (!match->api() && match->selves.empty()) continue;
                const Token* by = match->api();
                if (!by) continue;
                // A handle that another function returned was not acquired as a lock is.
                if (sentence.role == Role::parameter && has_word(tokens, {"obtained", "handle"}) && !has_word(tokens, {"acquired"}))
                    continue;
                const auto names = others(page, *by);
                if (names.empty() || mentions_self(*by)) continue;
                // "What was acquired with X must be released with Y", on the page of another function.
                static const Phrase elsewhere("must +be +release.past with|by|using|through *1 +call.gerund? <api>");
                if (const auto other = elsewhere.find(tokens); other && !mentions_self(*other->api())) {
                    page.add(clause::ReleasesNot{page.object(), names}, sentence);
                } else if (is_error(tokens)) {
                    const bool fatal = has_word(tokens, {"fatal"}) && has_word(tokens, {"error"}) && !has_word(tokens, {"faults", "fault"});
                    page.add(clause::ReleasesNot{page.object(), names}, sentence, {}, fatal ? "bug check" : "error");
                } else if (!has_word(tokens, {"instead"})) {
                    page.add(clause::Releases{page.object(), names}, sentence);
                }
            }
    }
}

const std::vector<Phrase>& release_with_phrases() {
    static const std::vector<Phrase> list = phrases({
        "+release|exit.past *3 with|by|using|through *1 +call.gerund? call? to? <api>",
        "+release|exit *3 <thing> *4 with|by|using|through *1 +call.gerund? call? to? <api>",
        "+use|call <api> to *1 +release|exit.base *3 <thing>",
        "to +release|exit.base *2 <thing> *6 , *8 <api>",
        "<api> when|to *2 +release *2 <thing>",
        "when *2 +release *2 <thing> , *6 <api>",
        "<api> *1 +release|exit.third *2 <thing>",
        "matching call to <api>",
        "<api> *3 when *2 +release",
        "no longer +need *4 <lock> , *1 must +call <api>",
    });
    return list;
}

void read_release_with(ClausePage& page) {
    if (!page.find<clause::Acquire>()) return;
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Sentence& sentence = page.sentences[i];
        const Tokens& tokens = page.tagged[i];
        if (is_error(tokens) || has_verb(tokens, Verb::enable)) continue;
        // "… acquired with Y is released with Z" belongs here only if Y is this API.
        bool acquired_elsewhere = false;
        for (const Phrase& phrase : acquired_by_phrases())
            if (const auto match = phrase.find(tokens); match && match->api() && match->selves.empty() && !mentions_self(*match->api()))
                acquired_elsewhere = has_verb(tokens, Verb::acquire) || has_verb(tokens, Verb::enter);
        if (auto between = Phrase("between|within *1 <api>").find(tokens); between && between->api()->has_self) {
            if (between->api()->names.size() == 2) page.add(clause::ReleaseWith{page.object(), others(page, *between->api())}, sentence);
            continue;
        }
        auto match = find_any(release_with_phrases(), tokens);
        if (!match || !match->api() || mentions_self(*match->api())) continue;
        const bool other_thing = std::any_of(match->locks.begin(), match->locks.end(), [&](const Token* t) { return !page.is_about(*t); });
        if (other_thing) continue;
        // "+acquire.past by Y … released by Z": the pattern for Z must not have taken Y.
        if (acquired_elsewhere) {
            const auto by = find_any(acquired_by_phrases(), tokens);
            if (by && by->api() != match->api()) continue;
            if (by && by->api() == match->api()) continue;
        }
        page.add(clause::ReleaseWith{page.object(), others(page, *match->api())}, sentence);
    }
}

// "Each call to X requires a reciprocal call to Y", "after acquiring a lock with X, the caller must release it with Y".
void read_pairs(ClausePage& page) {
    struct Pair {
        Phrase phrase;
        bool acquirer_first;
    };
    static const std::vector<Pair> pairs{
        {Phrase("each|every *1 call to <name> must +be matched *2 *1 call to <name>"), true},
        {Phrase("each|every call to <name> +need.third *2 call to <name>"), true},
        {Phrase("each|every call to <name> must have *2 call to <name>"), true},
        {Phrase("for each|every call to <name> , there must +be *2 call to <name>"), true},
        {Phrase(
             "after +acquire.gerund *2 <lock> with|through|by *1 +call|use.gerund? <name> , *1 caller must +release *2 <lock> with|by *2 "
             "+call|use.gerund? call? to? <name>"),
         true},
        {Phrase("must +call <name> following|after *1 call to <name>"), false},
        {Phrase("must +call <name> once for each call to <name>"), false},
    };
    const bool acquires = page.find<clause::Acquire>() != nullptr, releases = page.find<clause::Release>() != nullptr;
    for (std::size_t i = 0; i < page.sentences.size() && (acquires || releases); ++i) {
        for (const Pair& pair : pairs) {
            const auto match = pair.phrase.find(page.tagged[i]);
            if (!match) continue;
            std::vector<const Token*> names;
            for (std::size_t at = match->begin; at < match->end; ++at)
                if (const Token& t = page.tagged[i][at]; t.kind == Token::Kind::api || t.kind == Token::Kind::self) names.push_back(&t);
            if (names.size() < 2) break;
            const Token& acquirer = *(pair.acquirer_first ? names.front() : names.back());
            const Token& releaser = *(pair.acquirer_first ? names.back() : names.front());
            if (acquires && mentions_self(acquirer) && !mentions_self(releaser))
                page.add(clause::ReleaseWith{page.object(), others(page, releaser)}, page.sentences[i]);
            if (releases && mentions_self(releaser) && !mentions_self(acquirer))
                page.add(clause::Releases{page.object(), others(page, acquirer)}, page.sentences[i]);
            break;
        }
    }
}

// ---- initialization ----

void read_requires_initialized(ClausePage& page) {
    // What is initialized again was initialized before.
    if (page.noun.empty() || (page.find<clause::Initialize>() && !page.find<clause::RequiresInitialized>())) return;
    static const std::vector<Phrase> by_function = phrases({
        "+initialize.past *6 with|by|using|through *1 +call.gerund? call? to? <api>",
        "<api> must|has|have *2 +initialize.past",
        "+create.past *3 call to <api>",
        "+create.past by|with *1 <api>",
    });
    static const std::vector<Phrase> any = phrases({"+initialize.past <lock>", "<lock> *4 +be +initialize.past",
                                                    "<lock> *4 has been +initialize.past", "must *1 +be +initialize.past"});
    // The parameter's own text names the thing, or its name does: else "initialized" speaks of something else.
    const auto is_thing = [&](const Sentence& sentence) {
        for (std::size_t i = 0; i < page.sentences.size(); ++i)
            if (page.sentences[i].role == Role::parameter && page.sentences[i].parameter == sentence.parameter)
                for (const Token& token : page.tagged[i])
                    if (token.kind == Token::Kind::lock && page.is_about(token)) return true;
        return to_lower(sentence.parameter).ends_with(page.noun.substr(page.noun.find_last_of(' ') + 1));
    };
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter && !is_thing(sentence)) continue;
        const bool own_parameter = sentence.role == Role::parameter && sentence.parameter == page.lock_parameter;
        const bool deletes = page.find<clause::Destroy>() && sentence.role == Role::remarks;
        if ((!own_parameter && !deletes) || has_word(statement.tokens, {"handle"}) || has_verb(statement.tokens, Verb::acquire)) {
            if (!own_parameter || has_word(statement.tokens, {"handle"}) || !has_verb(statement.tokens, Verb::initialize)) continue;
        }
        auto match = find_any(by_function, statement.tokens);
        // "An initialized object that was queued by X": what X did is not the initializing.
        if (match && has_word(statement.tokens, {"queued", "inserted", "passed", "returned"})) match.reset();
        // "KeX initialized it when the lock was acquired": that is the acquirer, not an initializer.
        const bool by_acquirer = has_verb(statement.condition, Verb::acquire) ||
                                 (match && has_verb(statement.tokens, Verb::acquire) && sentence.text.find("when") != sentence.text.npos);
        if (match && match->api() && !mentions_self(*match->api()) && !by_acquirer && !has_negation(statement.tokens)) {
            page.add(clause::RequiresInitialized{page.object(), others(page, *match->api())}, sentence);
        } else if (own_parameter && !by_acquirer && find_any(any, statement.tokens) && !has_negation(statement.tokens)) {
            page.add(clause::RequiresInitialized{page.object(), {}}, sentence);
        }
    }
}

}  // namespace

// A callback by which the system takes the lock of something that the driver implements: "is used to acquire the lock for a queue".
namespace {

void read_callback_effects(ClausePage& page) {
    static const std::vector<Phrase> acquired =
        phrases({"<self> is +use.past *3 to +acquire *1 <lock>", "+call.third <self> to +acquire *1 <lock>"});
    static const std::vector<Phrase> released =
        phrases({"<self> is +use.past *3 to +release *1 <lock>", "+call.third <self> to +release *1 <lock>"});
    std::string noun;
    for (const ObjectKind* kind : page.names.kinds) noun = std::string(kind->noun) + " lock";
    if (noun.empty() || page.facts->parameters.empty()) return;
    const Object object{noun, page.facts->parameters.front().name};
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter) continue;
        if (find_any(acquired, statement.tokens)) page.add(clause::Acquire{object}, sentence);
        if (find_any(released, statement.tokens)) page.add(clause::Release{object}, sentence);
    }
}

}  // namespace

void read_lock_clauses(ClausePage& page) {
    if (page.names.callback) read_callback_effects(page);
    if (page.noun.empty() || page.names.callback) return;
    read_effects(page);
    drop_internal(page);
    const bool plain =
        !page.find<clause::Acquire>() && !page.find<clause::Release>() && !page.find<clause::Initialize>() && !page.find<clause::Destroy>();
    read_effects_of_parameters(page, plain);
    if (plain) read_region_exit(page);
    if (plain) read_remark_effects(page);
    if (plain) read_holder(page);
    read_mode(page);
    read_releases(page);
    read_release_with(page);
    read_pairs(page);
    read_requires_initialized(page);
}

}  // namespace ddi::facts
