// irql-entry: from front matter if it is understood, else from the sentences that say where this API may be called.
#include <algorithm>

#include "generator/facts/clause_page.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// Habit, advice and other people's levels are not this API's requirement.
bool is_vague(const Tokens& tokens) {
    return has_word(tokens, {"usually", "typically", "most", "often", "generally", "normally", "if", "should", "may", "might", "could",
                             "until", "unless", "either", "before", "except", "was", "were"});
}

bool names_other_api(const Tokens& tokens, std::size_t before) {
    for (std::size_t i = 0; i < before && i < tokens.size(); ++i)
        if (tokens[i].kind == Token::Kind::api && !tokens[i].has_self) return true;
    return false;
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
        "<self> must|can|is|are|only *3 +call.past *2 at? <level>",
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
    });
    return list;
}

// "In this case, call X at …": the case stands in an earlier sentence, and no condition of ours has it.
bool refers_to_a_case(const std::string& sentence) {
    const std::string text = to_lower(std::string_view(sentence).substr(0, 16));
    return text.starts_with("in this case") || text.starts_with("in that case") || text.starts_with("in these cases") ||
           text.starts_with("in such");
}

std::string consequence_after(const ClausePage& page, std::size_t statement) {
    for (std::size_t i = statement; i < page.statements.size() && i < statement + 2; ++i) {
        const Statement& next = page.statements[i];
        const auto other_level = [](const Tokens& tokens) {
            return has_word(tokens, {"irql", "level"}) && has_word(tokens, {"higher", "lower", "other", "greater", "any", "different"});
        };
        if (i > statement && !next.otherwise && !other_level(next.tokens) && !other_level(next.condition)) break;
        if (has_word(next.tokens, {"bugcheck"}) || (has_word(next.tokens, {"bug"}) && has_word(next.tokens, {"check"}))) return "bug check";
    }
    return {};
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
        if (is_vague(statement.tokens) || is_vague(statement.condition) || sentence.text.ends_with(":") || refers_to_a_case(sentence.text))
            continue;
        const auto match = find_any(entry_phrases(), statement.tokens);
        if (!match || !match->level() || names_other_api(statement.tokens, match->end)) continue;
        if (is_permission(statement.tokens, *match) || is_qualified(statement.tokens, *match)) continue;
        const std::size_t level_at = static_cast<std::size_t>(match->level() - statement.tokens.data());
        if (std::any_of(statement.tokens.begin(), statement.tokens.begin() + static_cast<std::ptrdiff_t>(level_at),
                        [](const Token& t) { return is_negation(t.lower); }))
            continue;
        auto when = read_conditions(page, statement);
        if (statement.otherwise) {
            // The rest of what the statement before covers; if that cannot be compared, neither can this.
            if (i == 0) continue;
            const auto before = read_conditions(page, page.statements[i - 1]);
            if (before.size() != 1 || before[0].all.size() != 1) continue;
            when = {Condition{{negated(before[0].all[0])}, "otherwise"}};
        }
        EntryStatement entry{match->level()->levels, std::move(when), consequence_after(page, i), statement.sentence};
        entries.push_back(std::move(entry));
    }
    return entries;
}

void read_irql_entry_clauses(ClausePage& page) {
    const Facts& facts = *page.facts;
    const auto statements = find_entry_statements(page);
    std::string consequence;
    for (const EntryStatement& entry : statements)
        if (!entry.consequence.empty()) consequence = entry.consequence;
    if (consequence.empty())  // "If the current IRQL is greater than DISPATCH_LEVEL, a bug check occurs."
        for (const Statement& statement : page.statements) {
            const bool bug_check =
                has_word(statement.tokens, {"bugcheck"}) || (has_word(statement.tokens, {"bug"}) && has_word(statement.tokens, {"check"}));
            const auto when = read_conditions(page, statement);
            if (bug_check && when.size() == 1 && when[0].all.size() == 1 && when[0].all[0].subject == Comparison::Subject::irql)
                consequence = "bug check";
        }

    if (facts.irql_front_matter.status == IrqlStatus::understood) {
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
        return;
    }
    for (const EntryStatement& entry : statements)
        for (const Condition& condition : entry.when) {
            if (condition.all.empty() && !condition.text.empty()) continue;
            const bool of_itself = std::any_of(condition.all.begin(), condition.all.end(),
                                               [](const Comparison& c) { return c.subject == Comparison::Subject::irql; });
            if (of_itself) continue;
            // A general rule, and a stricter one for a case: both hold; two general rules are a contradiction, reported by extract_irql.
            if (condition.all.empty() && page.find<clause::IrqlEntry>()) continue;
            add_entry(page, entry.levels, condition, cite_sentence(facts.source, page.sentences[entry.sentence]), consequence);
        }
}

}  // namespace ddi::facts
