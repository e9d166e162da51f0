// Level expressions inside running text: comparison, name, "or below", ranges, "any IRQL".
#include <cctype>

#include "generator/facts/irql.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

enum class Compare { none, equal, below, at_most, above, at_least };

class LevelReader {
  public:
    explicit LevelReader(std::string_view text) : words_(split_words(text)) {}

    std::optional<IrqlInText> find(std::size_t from) const {
        std::size_t start = 0;
        while (start < words_.size() && words_[start].begin < from) ++start;
        for (; start < words_.size(); ++start) {
            std::size_t at = start;
            const auto levels = alternatives(at);
            if (levels && !levels->empty()) return IrqlInText{*levels, words_[start].begin, words_[at - 1].end};
        }
        return std::nullopt;
    }

  private:
    bool is(std::size_t at, std::string_view lower) const { return at < words_.size() && words_[at].lower == lower; }

    bool are(std::size_t at, std::initializer_list<std::string_view> phrase) const {
        for (std::string_view word : phrase)
            if (!is(at++, word)) return false;
        return true;
    }

    // A comparison in signs or words; advances past it.
    Compare compare(std::size_t& at) const {
        struct Phrase {
            std::initializer_list<std::string_view> words;
            Compare compare;
        };
        static const Phrase phrases[] = {
            {{"<", "or", "="}, Compare::at_most},
            {{"<", "="}, Compare::at_most},
            {{"<="}, Compare::at_most},
            {{"<"}, Compare::below},
            {{">", "or", "="}, Compare::at_least},
            {{">", "="}, Compare::at_least},
            {{">="}, Compare::at_least},
            {{">"}, Compare::above},
            {{"="}, Compare::equal},
            {{"=="}, Compare::equal},
            {{"equal", "to"}, Compare::equal},
            {{"equals"}, Compare::equal},
            {{"less", "than", "or", "equal", "to"}, Compare::at_most},
            {{"lower", "than", "or", "equal", "to"}, Compare::at_most},
            {{"below", "or", "equal", "to"}, Compare::at_most},
            {{"at", "or", "below"}, Compare::at_most},
            {{"equal", "to", "or", "less", "than"}, Compare::at_most},
            {{"equal", "to", "or", "lower", "than"}, Compare::at_most},
            {{"no", "higher", "than"}, Compare::at_most},
            {{"not", "higher", "than"}, Compare::at_most},
            {{"no", "greater", "than"}, Compare::at_most},
            {{"not", "greater", "than"}, Compare::at_most},
            {{"up", "to"}, Compare::at_most},
            {{"at", "most"}, Compare::at_most},
            {{"less", "than"}, Compare::below},
            {{"lower", "than"}, Compare::below},
            {{"below"}, Compare::below},
            {{"greater", "than", "or", "equal", "to"}, Compare::at_least},
            {{"higher", "than", "or", "equal", "to"}, Compare::at_least},
            {{"above", "or", "equal", "to"}, Compare::at_least},
            {{"equal", "to", "or", "greater", "than"}, Compare::at_least},
            {{"equal", "to", "or", "higher", "than"}, Compare::at_least},
            {{"at", "or", "above"}, Compare::at_least},
            {{"no", "lower", "than"}, Compare::at_least},
            {{"not", "lower", "than"}, Compare::at_least},
            {{"no", "less", "than"}, Compare::at_least},
            {{"at", "least"}, Compare::at_least},
            {{"greater", "than"}, Compare::above},
            {{"higher", "than"}, Compare::above},
            {{"above"}, Compare::above},
        };
        const Phrase* best = nullptr;
        for (const Phrase& phrase : phrases)
            if (are(at, phrase.words) && (!best || phrase.words.size() > best->words.size())) best = &phrase;
        if (!best) return Compare::none;
        at += best->words.size();
        return best->compare;
    }

    // A level's name; `bare`: "PASSIVE" without LEVEL is one too.
    std::optional<Level> name(std::size_t& at, bool bare) const {
        if (at >= words_.size()) return std::nullopt;
        const Word& word = words_[at];
        const bool two_words = is(at + 1, "level") || is(at + 1, "_level");
        // "DISPATCH_ LEVEL" and "passive level"; not "power level" or "high level", which are plain English.
        if (two_words && (word.lower == "passive" || word.lower == "dispatch" || word.lower == "apc" || word.lower == "dpc" ||
                          (!word.text.empty() && word.text.back() == '_'))) {
            std::string joined(word.text);
            while (!joined.empty() && joined.back() == '_') joined.pop_back();
            if (const auto level = level_from_name(joined + "_LEVEL")) {
                at += 2;
                return level;
            }
        }
        const bool has_level_suffix = word.lower == "dirql" || (word.lower.size() > 6 && word.lower.ends_with("_level"));
        if (!has_level_suffix && !(bare && (word.text == "PASSIVE" || word.text == "DISPATCH" || word.text == "APC"))) return std::nullopt;
        const auto level = word.text == "APC" ? Level::apc : level_from_name(word.text);
        if (!level) return std::nullopt;
        ++at;
        if (is(at, "level") && word.lower == "dirql") ++at;
        // "PROFILE_LEVEL - 1": the highest level below it.
        if (is(at, "-") && is(at + 1, "1") && *level != Level::passive) {
            at += 2;
            return static_cast<Level>(static_cast<int>(*level) - 1);
        }
        return level;
    }

    static LevelSet apply(Compare compare, Level level) {
        const LevelSet all = LevelSet::all();
        switch (compare) {
            case Compare::none:
            case Compare::equal:
                return LevelSet::at(level);
            case Compare::at_most:
                return LevelSet::at_most(level);
            case Compare::at_least:
                return LevelSet::at_least(level);
            case Compare::below:
                return {static_cast<std::uint16_t>(all.bits & ~LevelSet::at_least(level).bits)};
            case Compare::above:
                return {static_cast<std::uint16_t>(all.bits & ~LevelSet::at_most(level).bits)};
        }
        return {};
    }

    static LevelSet range(Level low, Level high) {
        return {static_cast<std::uint16_t>(LevelSet::at_least(low).bits & LevelSet::at_most(high).bits)};
    }

    void skip_irql(std::size_t& at) const {
        while (is(at, "the") || is(at, "an") || is(at, "at") || is(at, "irql") || is(at, "irqls") || is(at, "is")) ++at;
    }

    // [IRQL] [compare] name ["or below"]; compared: a comparison was written.
    std::optional<LevelSet> single(std::size_t& at, bool& compared) const {
        std::size_t next = at;
        if (is(next, "irql")) ++next;
        // "IRQL of DISPATCH_LEVEL", "IRQL must be less than …" is the caller's business: here only what belongs to the expression.
        if (next > at && (is(next, "of") || is(next, "is"))) ++next;
        Compare how = compare(next);
        compared = how != Compare::none;
        if (compared && is(next, "irql")) ++next;
        if (compared && is(next, "(")) ++next;
        const auto level = name(next, compared || next > at);
        if (!level) return std::nullopt;
        if (is(next, ")") && next + 1 <= words_.size() && is(at, "(")) ++next;
        if (!compared) {
            const bool comma = is(next, ",");
            const std::size_t or_at = next + (comma ? 1 : 0);
            if (is(or_at, "or")) {
                std::size_t after = or_at + 1;
                if (is(after, "at") || is(after, "any")) ++after;
                if (is(after, "a") || is(after, "an")) ++after;
                if (is(after, "below") || is(after, "lower") || is(after, "less")) {
                    how = Compare::at_most;
                    next = after + 1;
                } else if (is(after, "above") || is(after, "higher") || is(after, "greater")) {
                    how = Compare::at_least;
                    next = after + 1;
                }
                if (how != Compare::none) {
                    compared = true;
                    if (is(next, "irql") || is(next, "level")) ++next;
                }
            } else if (is(next, "and") && (is(next + 1, "below") || is(next + 1, "above"))) {
                how = is(next + 1, "below") ? Compare::at_most : Compare::at_least;
                compared = true;
                next += 2;
            }
        }
        at = next;
        return apply(how, *level);
    }

    // "any level", "any IRQL", "all levels", "ANY" as a whole; ranges; a single expression with "and …".
    std::optional<LevelSet> term(std::size_t& at) const {
        std::size_t next = at;
        if ((is(next, "any") || is(next, "all")) &&
            (is(next + 1, "irql") || is(next + 1, "level") || is(next + 1, "irqls") || is(next + 1, "levels"))) {
            next += 2;
            if (is(next, "level")) ++next;  // "any IRQL level"
            at = next;
            return LevelSet::all();
        }
        if (are(next, {"between"}) || are(next, {"from"})) {
            ++next;
            skip_irql(next);
            if (const auto low = name(next, false); low && (is(next, "and") || is(next, "to") || is(next, "through"))) {
                ++next;
                skip_irql(next);
                if (const auto high = name(next, false); high && *low <= *high) {
                    at = next;
                    return range(*low, *high);
                }
            }
            return std::nullopt;
        }
        bool compared = false;
        std::optional<LevelSet> first = single(next, compared);
        if (!first) return std::nullopt;
        if (!compared && (is(next, "to") || is(next, "through"))) {
            std::size_t after = next + 1;
            if (const auto high = name(after, false)) {
                const Level low = first->levels().front();
                if (low <= *high) {
                    at = after;
                    return range(low, *high);
                }
            }
        }
        if (compared && is(next, "and")) {
            std::size_t after = next + 1;
            bool second_compared = false;
            const auto second = single(after, second_compared);
            if (second && second_compared && (first->bits & second->bits)) {
                first->bits &= second->bits;
                next = after;
            }
        }
        at = next;
        return first;
    }

    std::optional<LevelSet> alternatives(std::size_t& at) const {
        std::size_t next = at;
        std::optional<LevelSet> result = term(next);
        if (!result) return std::nullopt;
        for (;;) {
            std::size_t after = next;
            while (is(after, ",")) ++after;
            const bool comma = after > next;
            if (is(after, "or"))
                ++after;
            else if (!comma)
                break;
            if (is(after, "at")) ++after;
            const auto more = term(after);
            if (!more || more->empty()) break;
            result->bits |= more->bits;
            next = after;
        }
        at = next;
        return result;
    }

    std::vector<Word> words_;
};

}  // namespace

std::optional<IrqlInText> find_irql(std::string_view sentence, std::size_t from) {
    // Most sentences speak of no level at all; cutting words is worth it only for those that might.
    const auto begins = [&](std::size_t at, std::string_view word) {
        if (sentence.size() - at < word.size()) return false;
        for (std::size_t i = 0; i < word.size(); ++i)
            if ((static_cast<unsigned char>(sentence[at + i]) | 0x20U) != static_cast<unsigned char>(word[i])) return false;
        return true;
    };
    bool possible = false;
    for (std::size_t at = 0; at + 4 <= sentence.size() && !possible; ++at) {
        const char c = static_cast<char>(static_cast<unsigned char>(sentence[at]) | 0x20U);
        possible = (c == 'l' && begins(at, "level")) || (c == 'i' && begins(at, "irql")) || (c == 'p' && begins(at, "passive")) ||
                   (c == 'd' && begins(at, "dispatch"));
    }
    if (!possible) return std::nullopt;
    return LevelReader(sentence).find(from);
}

}  // namespace ddi::facts
