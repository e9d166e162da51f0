#include "generator/facts/tagged.h"

#include <algorithm>
#include <cctype>

#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }

bool is_constant(std::string_view word) {
    const bool name =
        word.size() > 1 && std::all_of(word.begin(), word.end(), [](char c) { return is_upper(c) || c == '_' || (c >= '0' && c <= '9'); });
    return name && (word == "TRUE" || word == "FALSE" || word == "NULL" || word.find('_') != word.npos);
}

// "_OldIrql_" and "OldIrql" are the same parameter; only markdown's emphasis tells them apart.
std::string_view bare_name(std::string_view name) {
    while (name.size() > 1 && name.front() == '_') name.remove_prefix(1);
    while (name.size() > 1 && name.back() == '_') name.remove_suffix(1);
    return name;
}

// The last path part of a link, if it leads to a function's or callback's page: "nf-wdm-kelowerirql" → true.
bool leads_to_function(std::string_view target) {
    const std::size_t slash = target.find_last_of('/');
    const std::string file = to_lower(slash == target.npos ? target : target.substr(slash + 1));
    return file.starts_with("nf-") || file.starts_with("nc-");
}

class Tagger {
  public:
    Tagger(const Sentence& sentence, const PageNames& names, const Tokens* previous)
        : sentence_(sentence), names_(names), previous_(previous) {}

    Tokens run() {
        cut();
        add_implied_subject();
        find_levels();
        find_locks();
        drop_weightless();
        join_lists();
        resolve_pronouns();
        return std::move(tokens_);
    }

  private:
    void cut() {
        auto words = split_words(sentence_.text);
        tokens_.reserve(words.size() + 1);  // an implied subject may come first
        for (Word& word : words) {
            if (join_slash(word)) continue;
            if (split_hyphen(word)) continue;
            Token token;
            token.text = std::move(word.text);
            token.lower = std::move(word.lower);
            token.negates = is_negation(token.lower);
            token.begin = word.begin;
            token.end = word.end;
            name(token);
            tokens_.push_back(std::move(token));
        }
    }

    // "read/write", "reader/writer" are one word; the slash between two function names is not.
    bool join_slash(const Word& word) {
        if (tokens_.size() < 2 || tokens_.back().text != "/" || (word.lower != "write" && word.lower != "writer")) return false;
        Token& first = tokens_[tokens_.size() - 2];
        if (first.lower != "read" && first.lower != "reader") return false;
        first.text += "/" + word.text;
        first.lower += "/" + word.lower;
        first.verb = {};
        first.end = word.end;
        tokens_.pop_back();
        return true;
    }

    // "spin-lock", "wait-lock": two words.
    bool split_hyphen(const Word& word) {
        const std::size_t hyphen = word.lower.rfind('-');
        if (hyphen == std::string::npos) return false;
        const std::string head = word.lower.substr(hyphen + 1);
        if (head != "lock" && head != "locks" && head != "mutex" && head != "region") return false;
        for (const auto& [from, to] : {std::pair{std::size_t{0}, hyphen}, std::pair{hyphen + 1, word.lower.size()}}) {
            Token token;
            token.text = word.text.substr(from, to - from);
            token.lower = word.lower.substr(from, to - from);
            token.negates = is_negation(token.lower);
            token.begin = word.begin + from;
            token.end = word.begin + to;
            tokens_.push_back(std::move(token));
        }
        return true;
    }

    // A description that begins with its verb ("Raises the priority …") speaks of this API.
    void add_implied_subject() {
        if (sentence_.role != Role::description || tokens_.empty() || previous_ || !(tokens_.front().verb.forms & form::third) ||
            sentence_.begin != 0)
            return;
        if (tokens_.front().verb.forms & form::base) return;
        Token self;
        self.kind = Token::Kind::self;
        self.names = {names_.self};
        tokens_.insert(tokens_.begin(), std::move(self));
    }

    void name(Token& token) const {
        std::string_view base = token.text;
        if (base.ends_with("'s")) base.remove_suffix(2);
        const auto parameter = std::find_if(names_.parameters.begin(), names_.parameters.end(),
                                            [&](const auto& p) { return bare_name(p.first) == bare_name(base); });
        // Some pages write their own API with other capitals than it has.
        const bool is_self = base.size() == names_.self.size() && to_lower(base) == to_lower(names_.self);
        if (is_self || (!names_.alias.empty() && base == names_.alias)) {
            token.kind = Token::Kind::self;
            token.names = {names_.self};
        } else if (parameter != names_.parameters.end() && !is_common_word(base)) {
            token.kind = Token::Kind::parameter;
            token.names = {parameter->second};
        } else if (names_.functions.contains(base) || is_function_name(base)) {
            token.kind = Token::Kind::api;
            token.names = {std::string(base)};
        } else if (const std::string noun = lock_noun_of_type(base); !noun.empty()) {
            token.kind = Token::Kind::lock;
            token.noun = noun;
            token.of_type = true;
        } else if (const auto kind =
                       std::find_if(names_.kinds.begin(), names_.kinds.end(), [&](const ObjectKind* k) { return k->has_type(base); });
                   kind != names_.kinds.end()) {
            token.kind = Token::Kind::lock;
            token.noun = (*kind)->noun;
            token.of_type = true;
        } else if (is_constant(base)) {
            token.kind = Token::Kind::constant;
        } else if (std::isalnum(static_cast<unsigned char>(token.text[0])) == 0 && token.text[0] != '_') {
            token.kind = Token::Kind::sign;
        } else {
            token.verb = verb_form(token.lower);
        }
    }

    // Placeholder headings ("a") and names in lower case that are also words do not stand for the parameter wherever they occur.
    static bool is_common_word(std::string_view word) {
        if (std::any_of(word.begin(), word.end(), [](char c) { return !is_lower(c); })) return false;
        return word.size() < 3 || verb_form(word).verb != Verb::none || word == "lock" || word == "mutex" || word == "irql" ||
               word == "level";
    }

    void find_levels() {
        for (std::size_t from = 0;;) {
            const auto found = find_irql(sentence_.text, from);
            if (!found) break;
            const auto inside = [&](const Token& t) { return t.begin >= found->begin && t.end <= found->end; };
            auto first = std::find_if(tokens_.begin(), tokens_.end(), inside);
            auto last = first;
            while (last != tokens_.end() && inside(*last)) ++last;
            if (first != last) {
                Token level;
                level.kind = Token::Kind::level;
                level.begin = first->begin;
                level.end = std::prev(last)->end;
                level.text = sentence_.text.substr(level.begin, level.end - level.begin);
                level.lower = to_lower(level.text);
                level.levels = found->levels;
                *first = std::move(level);
                tokens_.erase(std::next(first), last);
            }
            from = found->end;
        }
    }

    void find_locks() {
        const bool possible = !names_.kinds.empty() || std::any_of(tokens_.begin(), tokens_.end(), [](const Token& t) {
            return t.kind == Token::Kind::word && is_lock_head(t.lower);
        });
        if (!possible) return;
        std::vector<std::string> lower;
        for (const Token& token : tokens_) lower.push_back(token.kind == Token::Kind::word ? token.lower : std::string());
        Tokens merged;
        for (std::size_t at = 0; at < tokens_.size();) {
            auto noun = tokens_[at].kind == Token::Kind::word ? lock_noun(lower, at) : std::nullopt;
            const bool ordinary = noun.has_value();
            for (const ObjectKind* kind : names_.kinds)
                if (!noun && tokens_[at].kind == Token::Kind::word) noun = object_noun(lower, at, *kind);
            // "acquire/unlock" style verbs: "to lock", "must lock".
            const bool verb =
                noun && noun->words == 1 && at > 0 && (lower[at - 1] == "to" || lower[at - 1] == "must" || lower[at - 1] == "can");
            if (!noun || verb) {
                merged.push_back(std::move(tokens_[at++]));
                continue;
            }
            Token token = tokens_[at];
            token.kind = Token::Kind::lock;
            token.noun = noun->noun;
            token.verb = {};
            token.end = tokens_[at + noun->words - 1].end;
            token.text = sentence_.text.substr(token.begin, token.end - token.begin);
            if (!ordinary) token.lower = to_lower(token.text);  // "AND gate" is no conjunction
            at += noun->words;
            if (!merged.empty() && merged.back().kind == Token::Kind::lock && merged.back().of_type)
                merged.pop_back();  // "KSPIN_LOCK spin lock"
            // "message signaled interrupt (MSI) spin lock": the short form in parentheses is part of the noun.
            if (merged.size() > 2 && merged.back().text == ")" && merged[merged.size() - 3].text == "(") {
                const auto longer = lock_noun({merged[merged.size() - 2].lower, "spin", "lock"}, 0);
                if (longer && token.noun == "spin lock") {
                    token.noun = longer->noun;
                    token.begin = merged[merged.size() - 3].begin;
                    merged.resize(merged.size() - 3);
                }
            }
            merged.push_back(std::move(token));
        }
        tokens_ = std::move(merged);
    }

    void drop_weightless() {
        Tokens kept;
        kept.reserve(tokens_.size());
        for (Token& token : tokens_) {
            const bool after_name = !kept.empty() && (kept.back().kind == Token::Kind::self || kept.back().kind == Token::Kind::api);
            const bool kind_word = token.lower == "routine" || token.lower == "function" || token.lower == "macro" ||
                                   token.lower == "method" || token.lower == "routines" || token.lower == "functions" ||
                                   token.lower == "callback";
            if (token.kind == Token::Kind::word && kind_word && after_name) continue;
            const bool this_one = token.kind == Token::Kind::word && kind_word && token.lower.back() != 's' && last_dropped_ &&
                                  token.begin <= last_dropped_end_ + 1;
            if (this_one) {
                token.kind = Token::Kind::self;
                token.names = {names_.self};
                kept.push_back(std::move(token));
                continue;
            }
            // "the routine" and "this routine" are this API; "this" itself keeps its place before other nouns.
            last_dropped_ = token.lower == "the" || token.lower == "this";
            last_dropped_end_ = token.end;
            if (token.kind == Token::Kind::word && is_weightless(token.lower)) continue;
            if (token.kind == Token::Kind::sign && (token.text == "\"" || token.text == "'" || token.text == "*" || token.text == "`"))
                continue;
            kept.push_back(std::move(token));
        }
        tokens_ = std::move(kept);
        // "this <self>": the pronoun has done its work.
        for (std::size_t i = 0; i + 1 < tokens_.size(); ++i)
            if (tokens_[i].lower == "this" && tokens_[i + 1].kind == Token::Kind::self)
                tokens_.erase(tokens_.begin() + static_cast<std::ptrdiff_t>(i));
    }

    static bool is_name(const Token& token) { return token.kind == Token::Kind::api || token.kind == Token::Kind::self; }

    // "X", "Y" and "to Z" joined by commas, "or", "and" become one token with three names.
    void join_lists() {
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            if (!is_name(tokens_[i])) continue;
            for (;;) {
                std::size_t next = i + 1;
                bool joined = false;
                while (next < tokens_.size() && (tokens_[next].text == "," || tokens_[next].text == "/" || tokens_[next].lower == "or" ||
                                                 tokens_[next].lower == "and")) {
                    joined = true;
                    ++next;
                }
                // "acquired with X or with Y", "call to X, to Y"
                if (joined && next + 1 < tokens_.size() &&
                    (tokens_[next].lower == "with" || tokens_[next].lower == "by" || tokens_[next].lower == "to") &&
                    is_name(tokens_[next + 1]))
                    ++next;
                if (!joined || next >= tokens_.size() || !is_name(tokens_[next])) break;
                // "A calls X, and Y returns": a new subject, not a list.
                const bool comma = tokens_[i + 1].text == ",";
                const bool verb_follows = next + 1 < tokens_.size() && (tokens_[next + 1].verb.forms & form::third) &&
                                          tokens_[next + 1].verb.verb != Verb::be &&
                                          tokens_[next + 1].verb.verb != Verb::call;  // "X and Y calls"
                if (verb_follows && (comma || tokens_[i + 1].lower == "and") && i > 0 && tokens_[i - 1].verb.verb != Verb::none) break;
                // "If it was initialized with X, Y returns": the condition ends at the comma.
                if (verb_follows && comma && (tokens_[0].lower == "if" || tokens_[0].lower == "when")) break;
                tokens_[i].names.insert(tokens_[i].names.end(), tokens_[next].names.begin(), tokens_[next].names.end());
                tokens_[i].has_self =
                    tokens_[i].has_self || tokens_[i].kind == Token::Kind::self || tokens_[next].kind == Token::Kind::self;
                tokens_[i].kind = Token::Kind::api;
                tokens_[i].end = tokens_[next].end;
                tokens_.erase(tokens_.begin() + static_cast<std::ptrdiff_t>(i) + 1,
                              tokens_.begin() + static_cast<std::ptrdiff_t>(next) + 1);
            }
        }
    }

    // The name that the sentence's subject was.
    static const Token* subject_of(const Tokens& tokens) {
        for (const Token& token : tokens) {
            if (is_name(token)) return &token;
            if (token.verb.verb != Verb::none && token.verb.verb != Verb::call && token.verb.verb != Verb::use) return nullptr;
        }
        return nullptr;
    }

    void resolve_pronouns() {
        const Token* subject = nullptr;  // within this sentence
        const Token* before = previous_ ? subject_of(*previous_) : nullptr;
        for (std::size_t i = 0; i < tokens_.size(); ++i) {
            const bool this_call = tokens_[i].lower == "this" && i + 1 < tokens_.size() && tokens_[i + 1].lower == "call";
            const bool verb_next = i + 1 < tokens_.size() && (tokens_[i + 1].verb.forms & form::third);
            const bool negated_next = i + 1 < tokens_.size() && (tokens_[i + 1].negates || tokens_[i + 1].lower == "does");
            const bool verb_like = i == 0 && tokens_.size() > 1 && tokens_[1].kind == Token::Kind::word && tokens_[1].lower.size() > 3 &&
                                   tokens_[1].lower.back() == 's';
            const bool it =
                tokens_[i].lower == "it" && tokens_[i].kind == Token::Kind::word && (verb_next || negated_next || verb_like) && i < 4;
            if (this_call && i == 0) {
                Token self = before ? *before : Token{};
                if (!before) {
                    self.kind = Token::Kind::self;
                    self.names = {names_.self};
                }
                self.begin = tokens_[i].begin;
                self.end = tokens_[i + 1].end;
                tokens_[i] = std::move(self);
                tokens_.erase(tokens_.begin() + static_cast<std::ptrdiff_t>(i) + 1);
            } else if (it && !subject && before) {
                const auto begin = tokens_[i].begin, end = tokens_[i].end;
                tokens_[i] = *before;
                tokens_[i].begin = begin;
                tokens_[i].end = end;
            }
            if (!subject && (is_name(tokens_[i]))) subject = &tokens_[i];
        }
    }

    const Sentence& sentence_;
    const PageNames& names_;
    const Tokens* previous_;
    Tokens tokens_;
    bool last_dropped_ = false;
    std::size_t last_dropped_end_ = 0;
};

}  // namespace

bool is_function_name(std::string_view word) {
    if (word.size() < 6 || !is_upper(word[0]) || !is_lower(word[1]) || word.find("Xxx") != word.npos) return false;
    std::size_t parts = 0;
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (!std::isalnum(static_cast<unsigned char>(word[i])) && word[i] != '_') return false;
        if (is_upper(word[i]) && i + 1 < word.size() && is_lower(word[i + 1])) ++parts;
    }
    return parts >= 3;  // "OldIrql" and "KernelMode" are not functions; two-part names count where they are links
}

PageNames page_names(const page::Page& page, const Facts& facts) {
    PageNames names;
    names.self = facts.name;
    names.callback = facts.kind == page::PageKind::callback;
    for (const ParameterFact& parameter : facts.parameters) {
        names.parameters.emplace_back(parameter.name, parameter.name);
        // "The NewIrql parameter specifies …" below a heading that says "a": the prose's name counts too.
        if (parameter.text.empty()) continue;
        const auto words = split_words(parameter.text.front().text);
        if (words.size() > 2 && words[0].lower == "the" && words[2].lower == "parameter" && words[1].text != parameter.name)
            names.parameters.emplace_back(words[1].text, parameter.name);
    }
    names.kinds = kinds_of_page(page, facts);
    bool own_name_used = false;
    for (const text::Section& section : page.sections)
        for (const text::Block& block : section.blocks) {
            for (const text::Mark& mark : block.marks)
                if (mark.kind == text::MarkKind::link && leads_to_function(mark.target)) {
                    std::string label = block.text.substr(mark.begin, mark.end - mark.begin);
                    if (label.find(' ') == label.npos && label != facts.name) names.functions.insert(std::move(label));
                }
            own_name_used = own_name_used || (block.kind != text::BlockKind::code && block.text.find(facts.name) != block.text.npos);
        }
    // A page whose text never names its own API but opens with a sister's name was written for both.
    if (const text::Section* description = page.section("-description"); !own_name_used && description && !description->blocks.empty()) {
        const auto words = split_words(description->blocks.front().text);
        for (std::size_t i = 0; i + 1 < words.size() && i < 16; ++i)
            if (is_function_name(words[i].text) &&
                (words[i + 1].lower == "routine" || words[i + 1].lower == "function" || words[i + 1].lower == "macro")) {
                names.alias = words[i].text;
                break;
            }
    }
    return names;
}

Tokens tag_sentence(const Sentence& sentence, const PageNames& names, const Tokens* previous) {
    return Tagger(sentence, names, previous).run();
}

}  // namespace ddi::facts
