// Functions that wait for dispatcher objects: a lock among those objects is acquired when the wait ends with the value that says so.
#include "generator/facts/clause_page.h"

namespace ddi::facts {

void read_wait_clauses(ClausePage& page) {
    if (page.noun.empty() || page.lock_parameter.empty() || page.names.callback || page.acquires()) return;
    static const std::vector<Phrase> ended = phrases({"after|once <self> +return with <constant> *3 thread *2 +hold *2 <lock>",
                                                      "after|once <self> has +return <constant> *3 thread *2 +hold *2 <lock>"});
    for (std::size_t i = 0; i < page.sentences.size(); ++i) {
        const Tokens& tokens = page.tagged[i];
        const auto match = find_any(ended, tokens);
        if (!match || !page.is_about(*match->lock())) continue;
        const Condition success{{Comparison{Comparison::Subject::result, "", "==", match->constants.front()->text}}, {}};
        page.add(clause::Acquire{page.object()}, page.sentences[i], success);
        const bool only_special = has_word(tokens, {"special"}) && has_word(tokens, {"only"}) && has_word(tokens, {"apcs"});
        if (only_special) page.add(clause::ApcDisable{clause::Apcs::normal}, page.sentences[i], success);
    }
}

}  // namespace ddi::facts
