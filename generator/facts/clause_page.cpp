#include "generator/facts/clause_page.h"

#include <algorithm>

#include "generator/facts/object_nouns.h"

namespace ddi::facts {

namespace {

void unite(std::vector<std::string>& into, const std::vector<std::string>& more) {
    for (const std::string& name : more)
        if (std::find(into.begin(), into.end(), name) == into.end()) into.push_back(name);
}

// Lists of functions grow; everything else must be equal to be the same clause.
struct Unite {
    template <class A, class B>
    bool operator()(A&, const B&) const {
        return false;
    }
    bool operator()(clause::RequiresInitialized& a, const clause::RequiresInitialized& b) const {
        return a.object == b.object && (unite(a.by, b.by), true);
    }
    bool operator()(clause::ReleaseWith& a, const clause::ReleaseWith& b) const {
        return a.object == b.object && (unite(a.with, b.with), true);
    }
    bool operator()(clause::Releases& a, const clause::Releases& b) const {
        return a.object == b.object && (unite(a.acquired_by, b.acquired_by), true);
    }
    bool operator()(clause::ReleasesNot& a, const clause::ReleasesNot& b) const {
        return a.object == b.object && (unite(a.acquired_by, b.acquired_by), true);
    }
    bool operator()(clause::NotCombined& a, const clause::NotCombined& b) const {
        return a.object == b.object && (unite(a.functions, b.functions), true);
    }
    bool operator()(clause::PrecededBy& a, const clause::PrecededBy& b) const {
        return a.object == b.object && (unite(a.functions, b.functions), true);
    }
    bool operator()(clause::FollowedBy& a, const clause::FollowedBy& b) const {
        if (a.object != b.object) return false;
        a.immediately = a.immediately || b.immediately;
        unite(a.functions, b.functions);
        return true;
    }
    bool operator()(clause::AfterwardsOnly& a, const clause::AfterwardsOnly& b) const {
        return a.object == b.object && (unite(a.functions, b.functions), true);
    }
    bool operator()(clause::RequiresHeld& a, const clause::RequiresHeld& b) const {
        if (a.object != b.object || (a.mode && b.mode && a.mode != b.mode)) return false;
        if (!a.mode) a.mode = b.mode;
        unite(a.acquired_by, b.acquired_by);
        return true;
    }
    bool operator()(clause::ArgumentSame& a, const clause::ArgumentSame& b) const {
        return a.parameter == b.parameter && a.given == b.given && (unite(a.functions, b.functions), true);
    }
    bool operator()(clause::Atomic& a, const clause::Atomic& b) const {
        if (!a.lock.empty() && !b.lock.empty() && a.lock != b.lock) return false;
        if (a.lock.empty()) a.lock = b.lock;
        unite(a.functions, b.functions);
        return true;
    }
    bool operator()(clause::Argument& a, const clause::Argument& b) const {
        if (a.parameter != b.parameter || (!a.op.empty() && !b.op.empty() && a.op != b.op) || a.op.empty() != b.op.empty()) return false;
        unite(a.saved_by, b.saved_by);
        return true;
    }
};

}  // namespace

std::string ClausePage::noun_of(const Token& token) const {
    if (token.kind != Token::Kind::lock || is_short_for(token.noun, noun)) return noun;
    return token.noun;
}

bool ClausePage::is_about(const Token& token) const {
    if (noun.empty()) return false;
    if (token.kind == Token::Kind::lock) return is_short_for(token.noun, noun) || is_short_for(noun, token.noun);
    return token.lower == "it" || token.lower == "them" || token.lower == "this";
}

void ClausePage::add(ClauseContent content, const Sentence& cited, Condition when, std::string consequence) {
    Clause clause{std::move(content), std::move(when), std::move(consequence), cite_sentence(facts->source, cited)};
    const std::string canonical = canonical_clause(clause);
    for (Clause& known : clauses) {
        const bool same = canonical_clause(known) == canonical;
        const bool united = !same && known.when.all == clause.when.all && known.when.text.empty() == clause.when.text.empty() &&
                            std::visit(Unite{}, known.content, clause.content);
        if (!same && !united) continue;
        if (known.consequence.empty()) known.consequence = clause.consequence;
        const auto at = [&](const Cite& cite) {
            return cite.span.begin == clause.cite.span.begin && cite.verbatim == clause.cite.verbatim;
        };
        if (!at(known.cite) && std::none_of(known.also.begin(), known.also.end(), at)) known.also.push_back(std::move(clause.cite));
        return;
    }
    clauses.push_back(std::move(clause));
}

ClausePage read_clause_page(const page::Page& page, Facts& facts) {
    ClausePage result;
    result.page = &page;
    result.facts = &facts;
    result.names = page_names(page, facts);
    result.sentences = page_sentences(page, facts);
    result.tagged.reserve(result.sentences.size());
    for (std::size_t i = 0; i < result.sentences.size(); ++i) {
        const bool continues = i > 0 && result.sentences[i].block == result.sentences[i - 1].block;
        result.tagged.push_back(tag_sentence(result.sentences[i], result.names, continues ? &result.tagged[i - 1] : nullptr));
        auto statements = split_statements(result.sentences[i], result.tagged[i], i);
        std::move(statements.begin(), statements.end(), std::back_inserter(result.statements));
    }
    result.noun = page_noun(result.sentences, result.tagged, result.names);
    if (result.noun == "lock") result.noun.clear();  // byte-range locks, oplocks, locked pages: not enough said to be a contract
    result.lock_parameter = noun_parameter(result.noun, facts, result.sentences, result.tagged);
    return result;
}

}  // namespace ddi::facts
