// irql-entry: from front matter if it is understood, else from the sentences that say where this API may be called.
#include <algorithm>

#include "generator/facts/clause_names.h"
#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// Habit, advice and other people's levels are not this API's requirement.
bool is_vague(const Tokens& tokens) {
    return has_word(tokens, {"usually", "typically", "most", "often", "generally", "normally", "if", "should", "may", "might", "could",
                             "until", "unless", "either", "before", "except"});
}

// "The level was …" tells a story; "at the level that was set by X" behind the level only says which.
bool is_past(const Tokens& tokens, std::size_t before) {
    for (std::size_t i = 0; i < before && i < tokens.size(); ++i)
        if (tokens[i].lower == "was" || tokens[i].lower == "were") return true;
    return false;
}

// "After calling X, the caller executes at …", "once X returns": an effect.
bool is_afterwards(const std::string& sentence) {
    const std::string text = to_lower(std::string_view(sentence).substr(0, 8));
    return text.starts_with("after ") || text.starts_with("once ") || text.starts_with("upon ");
}

// "Can be called at DISPATCH_LEVEL" permits one level more; it does not say which levels are all.
bool is_permission(const Tokens& tokens, const Phrase::Match& match) {
    const auto levels = match.level()->levels.levels();
    return has_word(tokens, {"can", "may"}) && !has_word(tokens, {"only"}) && levels.size() == 1 && levels.front() != Level::passive;
}

// "Serialized callers …", "pageable drivers …": a rule for some of the callers.
bool is_qualified(const Tokens& tokens, const Phrase::Match& match) {
    const std::string& subject = tokens[match.begin].lower;
    if (match.begin == 0 || (!subject.starts_with("caller") && !subject.starts_with("driver"))) return false;
    const Token& before = tokens[match.begin - 1];
    return before.kind == Token::Kind::word && before.text != "," && before.lower != "all" && before.lower != "any" &&
           before.lower != "every" && before.lower != "that" && before.lower != "its" && before.lower != "and" &&
           before.lower != "requires" && before.lower != "assumes";
}

const std::vector<Phrase>& entry_phrases() {
    static const std::vector<Phrase> list = phrases({
        "caller|callers *3 must|can|cannot? *2 +run *3 <level>",
        "caller|callers *3 +be +run *3 <level>",
        "caller|callers *3 must|is|are *2 at <level>",
        "caller's irql must|is *2 <level>",
        "irql of caller must|is *2 <level>",
        "<self> must|can|is|are|only|will *3 +call.past *2 at? <level>",
        "<self> *1 only? +call.past only? at? <level>",
        "<self> must|can +run *2 at? <level>",
        "<self> is +run.gerund at? <level>",
        "<self> +run.third *1 at? <level>",
        "<self> need that? caller|callers *4 <level>",
        "<self> +need caller|callers? *5 <level>",
        "+call <self> *1 at <level>",
        "<self> is? callable at <level>",
        "<self> assumes|requires caller|that *5 <level>",
        "<self> +acquire for granted that *1 caller *3 <level>",
        "<self> must +be +call.past *1 from *3 <level>",
        "drivers|driver must|can +call <self> *1 at|only *2 <level>",
        "<self> is *5 that *2 driver|caller can +call only *4 <level>",
    });
    return list;
}

// "The bus driver calls the callback routine at …" on a page that registers one: the callback of its parameter, not this API.
bool is_another_callback(const ClausePage& page, const Tokens& tokens) {
    const bool callback =
        std::any_of(tokens.begin(), tokens.end(), [](const Token& t) { return t.kind == Token::Kind::self && t.lower == "callback"; });
    return callback && std::any_of(page.sentences.begin(), page.sentences.end(),
                                   [](const Sentence& s) { return s.text.find("callback parameter") != std::string::npos; });
}

// "In this case, call X at …": the case stands in an earlier sentence, and no condition of ours has it.
bool refers_to_a_case(const std::string& sentence) {
    const std::string text = to_lower(std::string_view(sentence).substr(0, 20));
    return text.starts_with("in this case") || text.starts_with("in that case") || text.starts_with("in these cases") ||
           text.starts_with("in such") || text.starts_with("in this situ") || text.starts_with("in that situ") ||
           text.starts_with("in these situ");
}

constexpr std::size_t no_statement = static_cast<std::size_t>(-1);

bool says_bug_check(const Tokens& tokens) {
    return has_word(tokens, {"bugcheck"}) || (has_word(tokens, {"bug"}) && has_word(tokens, {"check"}));
}

// The statement that tells of the bug check for callers at other levels: the entry statement itself or the next.
std::size_t consequence_after(const ClausePage& page, std::size_t statement) {
    for (std::size_t i = statement; i < page.statements.size() && i < statement + 2; ++i) {
        const Statement& next = page.statements[i];
        const auto other_level = [](const Tokens& tokens) {
            return has_word(tokens, {"irql", "level"}) && has_word(tokens, {"higher", "lower", "other", "greater", "any", "different"});
        };
        if (i > statement && !next.otherwise && !other_level(next.tokens) && !other_level(next.condition)) break;
        if (says_bug_check(next.tokens)) return i;
    }
    return no_statement;
}

// "Acquires a lock when the caller is already running at …": a requirement that reads like a condition.
bool states_caller_level(const Statement& statement) {
    return statement.condition.size() >= 3 && has_word(statement.condition, {"caller", "callers"}) &&
           has_verb(statement.condition, Verb::run);
}

void add_entry(ClausePage& page, LevelSet levels, Condition when, Cite cite, std::string consequence) {
    Clause clause{clause::IrqlEntry{levels}, std::move(when), std::move(consequence), std::move(cite)};
    const std::string canonical = canonical_clause(clause);
    for (const Clause& known : page.clauses)
        if (canonical_clause(known) == canonical) return;
    page.clauses.push_back(std::move(clause));
}

// The levels of the rule without a condition, if there is one.
std::optional<LevelSet> general_entry(const ClausePage& page) {
    for (const Clause& known : page.clauses)
        if (const auto* entry = std::get_if<clause::IrqlEntry>(&known.content); entry && known.when.unconditional()) return entry->allowed;
    return std::nullopt;
}

bool holds(const ClausePage& page, LevelSet levels, const Condition& when) {
    const std::string canonical = canonical_clause({clause::IrqlEntry{levels}, when, {}, {}});
    return std::any_of(page.clauses.begin(), page.clauses.end(), [&](const Clause& known) { return canonical_clause(known) == canonical; });
}

bool is_part_of(LevelSet part, LevelSet whole) { return (part.bits & whole.bits) == part.bits; }

bool compares_irql(const Condition& condition) {
    return std::any_of(condition.all.begin(), condition.all.end(),
                       [](const Comparison& c) { return c.subject == Comparison::Subject::irql; });
}

// One sentence beside the front matter or beside another sentence: it repeats a rule, or it is stricter for a case. A general rule that
// differs from what is known is a contradiction, which extract_irql reports.
void add_sentence(ClausePage& page, const EntryStatement& entry) {
    const Sentence& sentence = page.sentences[entry.sentence];
    const auto general = general_entry(page);
    for (const Condition& condition : entry.when) {
        if (compares_irql(condition)) continue;
        const bool repeated = holds(page, entry.levels, condition);
        const bool stricter = !condition.unconditional() && general && is_part_of(entry.levels, *general);
        if (!repeated && !stricter && general) continue;
        if (!repeated && !stricter && !general && condition.unconditional() && page.find<clause::IrqlEntry>()) continue;
        page.add(clause::IrqlEntry{entry.levels}, sentence, condition, entry.consequence);
        if (!entry.consequence.empty())
            page.add(clause::IrqlEntry{entry.levels}, page.sentences[entry.consequence_sentence], condition, entry.consequence);
    }
}

// Advice and asides: nothing that a clause could rest on, but they repeat what the page requires elsewhere.
void add_repetitions(ClausePage& page) {
    static const std::vector<Phrase> weak = phrases({
        "caller|callers *3 should *2 +run *3 <level>",
        "<self> should *3 +call.past *2 at? <level>",
        "holder of *2 <lock> +run.third *2 at? <level>",
        "caller|callers|driver must +set irql to <level> prior|before *1 +call.gerund <self>",
    });
    static const Phrase running("+run *3 <level>");
    const auto general = general_entry(page);
    if (!general) return;
    for (const Statement& statement : page.statements) {
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || sentence.role == Role::returns || is_afterwards(sentence.text)) continue;
        const auto match = find_any(weak, statement.tokens);
        // "Drivers call X … if and only if they are running at …", "for a driver running at …, X does …".
        const bool self =
            std::any_of(statement.tokens.begin(), statement.tokens.end(), [](const Token& t) { return t.kind == Token::Kind::self; });
        const bool only_if =
            has_word(statement.condition, {"only"}) || (!statement.condition.empty() && statement.condition.front().lower == "for");
        const auto beside = self && only_if ? running.find(statement.condition) : std::nullopt;
        if (has_negation(statement.tokens) || has_negation(statement.condition)) continue;
        const Token* level = match ? match->level() : beside ? beside->level() : nullptr;
        if (!level || level->levels != *general) continue;
        page.add(clause::IrqlEntry{*general}, sentence);
    }
}

// "If the current IRQL is greater than DISPATCH_LEVEL, a bug check occurs."
void add_bug_check(ClausePage& page, const Statement& statement) {
    for (std::size_t i = 0; i < page.clauses.size(); ++i)
        if (const auto* entry = std::get_if<clause::IrqlEntry>(&page.clauses[i].content); entry && page.clauses[i].when.unconditional()) {
            page.add(clause::IrqlEntry{entry->allowed}, page.sentence_of(statement), {}, "bug check");
            return;
        }
}

struct Entry {
    LevelSet levels;
    std::vector<Condition> when;
};

// Alternatives that no checker can tell apart allow together what each allows.
std::vector<std::pair<LevelSet, Condition>> expressible(const std::vector<Entry>& entries) {
    LevelSet together;
    bool words_only = false;
    std::vector<std::pair<LevelSet, Condition>> result;
    for (const Entry& entry : entries)
        for (const Condition& condition : entry.when) {
            words_only = words_only || (condition.all.empty() && !condition.text.empty());
            together.bits |= entry.levels.bits;
            result.emplace_back(entry.levels, condition);
        }
    if (words_only) return {{together, Condition{}}};
    return result;
}

}  // namespace

std::vector<EntryStatement> find_entry_statements(const ClausePage& page) {
    std::vector<EntryStatement> entries;
    for (std::size_t i = 0; i < page.statements.size(); ++i) {
        const Statement& statement = page.statements[i];
        const Sentence& sentence = page.sentence_of(statement);
        if (sentence.role == Role::parameter || (sentence.role == Role::returns && !has_word(statement.tokens, {"must"}))) continue;
        if (sentence.role == Role::description && states_caller_level(statement)) {
            const auto level = std::find_if(statement.condition.begin(), statement.condition.end(),
                                            [](const Token& t) { return t.kind == Token::Kind::level; });
            const bool self =
                std::any_of(statement.tokens.begin(), statement.tokens.end(), [](const Token& t) { return t.kind == Token::Kind::self; });
            if (level != statement.condition.end() && self) entries.push_back({level->levels, {Condition{}}, {}, statement.sentence});
            continue;
        }
        if (is_vague(statement.tokens) || is_vague(statement.condition) || is_past(statement.condition, statement.condition.size()) ||
            sentence.text.ends_with(":") || refers_to_a_case(sentence.text) || is_afterwards(sentence.text))
            continue;
        const auto match = find_any(entry_phrases(), statement.tokens);
        if (!match || !match->level() || is_past(statement.tokens, match->end)) continue;
        // "X is a faster version of Y that a driver can call only at …": Y is what it is compared with.
        const bool compared = has_word(statement.tokens, {"version"}) && statement.tokens[match->begin].kind == Token::Kind::self;
        if (!compared && names_other(statement.tokens, match->end)) continue;
        if (is_another_callback(page, statement.tokens)) continue;
        if (is_permission(statement.tokens, *match) || is_qualified(statement.tokens, *match)) continue;
        // "The caller continues to run at …": an effect; "pageable drivers must call …": some of the callers.
        static const Phrase some("pageable|nonpageable driver|drivers|addresses");
        if (has_word(statement.tokens, {"continues", "continue"}) || some.find(statement.tokens)) continue;
        const std::size_t level_at = static_cast<std::size_t>(match->level() - statement.tokens.data());
        if (std::any_of(statement.tokens.begin(), statement.tokens.begin() + static_cast<std::ptrdiff_t>(level_at),
                        [](const Token& t) { return t.negates; }))
            continue;
        auto when = read_conditions(page, statement);
        if (statement.otherwise) {
            // The rest of what the statement before covers; if that cannot be compared, neither can this.
            if (i == 0) continue;
            const auto before = read_conditions(page, page.statements[i - 1]);
            if (before.size() != 1 || before[0].all.size() != 1) continue;
            when = {Condition{{negated(before[0].all[0])}, "otherwise"}};
        }
        const std::size_t consequence = consequence_after(page, i);
        EntryStatement entry{match->level()->levels, std::move(when), consequence == no_statement ? "" : "bug check", statement.sentence};
        if (consequence != no_statement) entry.consequence_sentence = page.statements[consequence].sentence;
        entries.push_back(std::move(entry));
    }
    return entries;
}

void read_irql_entry_clauses(ClausePage& page) {
    const Facts& facts = *page.facts;
    const auto statements = find_entry_statements(page);
    const Statement* bug_check = nullptr;
    for (const Statement& statement : page.statements) {
        if (!says_bug_check(statement.tokens)) continue;
        const auto when = read_conditions(page, statement);
        if (when.size() == 1 && when[0].all.size() == 1 && when[0].all[0].subject == Comparison::Subject::irql) bug_check = &statement;
    }
    std::string consequence = bug_check ? "bug check" : "";
    for (const EntryStatement& entry : statements)
        if (!entry.consequence.empty()) consequence = entry.consequence;

    const bool widened = facts.irql_remarks && is_widened_by(facts.irql_front_matter, facts.irql_remarks->value);
    if (facts.irql_front_matter.status == IrqlStatus::understood && !widened) {
        std::vector<Entry> entries;
        std::vector<Condition> previous;
        for (const IrqlAlternative& alternative : facts.irql_front_matter.alternatives) {
            std::vector<Condition> when{Condition{}};
            if (to_lower(alternative.condition).starts_with("otherwise") && previous.size() == 1 && previous[0].all.size() == 1) {
                when = {Condition{{negated(previous[0].all[0])}, alternative.condition}};
            } else if (!alternative.condition.empty()) {
                Sentence words;
                words.text = alternative.condition;
                Tokens tokens = tag_sentence(words, page.names, nullptr);
                if (!tokens.empty() && (tokens.front().lower == "if" || tokens.front().lower == "when")) tokens.erase(tokens.begin());
                when = read_conditions(page, tokens, alternative.condition);
            }
            previous = when;
            entries.push_back({alternative.levels, std::move(when)});
        }
        for (auto& [levels, condition] : expressible(entries)) {
            Cite cite = facts.irql_verbatim.cite;
            cite.verbatim = "IRQL: " + facts.irql_verbatim.value;
            add_entry(page, levels, condition, std::move(cite), consequence);
        }
    } else {
        // Cases that only words tell apart allow together what each allows, and together with a general rule; but where a rule can be
        // evaluated, it says enough.
        LevelSet together;
        bool differ = false, evaluable = false;
        for (const EntryStatement& entry : statements)
            for (const Condition& condition : entry.when) {
                evaluable = evaluable || !condition.all.empty();
                differ = differ || (!together.empty() && together != entry.levels);
                together.bits |= entry.levels.bits;
            }
        const bool cases = std::any_of(statements.begin(), statements.end(), [](const EntryStatement& entry) {
            return std::any_of(entry.when.begin(), entry.when.end(), [](const Condition& c) { return !c.unconditional(); });
        });
        if (!evaluable && cases && differ)
            for (const EntryStatement& entry : statements)
                page.add(clause::IrqlEntry{together}, page.sentences[entry.sentence], {}, consequence);
    }
    // General rules first: cases are compared with them.
    for (const bool general : {true, false})
        for (EntryStatement entry : statements) {
            if (entry.when.front().unconditional() != general) continue;
            if (entry.consequence.empty() && !consequence.empty()) {
                entry.consequence = consequence;
                entry.consequence_sentence = entry.sentence;
            }
            add_sentence(page, entry);
        }
    add_repetitions(page);
    if (bug_check) add_bug_check(page, *bug_check);
}

}  // namespace ddi::facts
