// The words that carry contract: verbs with their forms, words without weight, and the nouns of lockable things.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ddi::facts {

/// Groups of verbs that mean the same to a contract.
enum class Verb : std::uint8_t {
    none,
    acquire,
    release,
    initialize,
    create,
    destroy,
    enter,
    exit,
    raise,
    lower,
    set,
    restore,
    save,
    change,
    hold,
    wait,
    call,
    use,
    give_back,
    run,
    disable,
    enable,
    attempt,
    pass,
    combine,
    nest,
    be,
    cause,
    need,
    complete,
    mark,
};

/// Forms of a verb, as a set of bits: "set" is base and past.
namespace form {
inline constexpr std::uint8_t base = 1, third = 2, past = 4, gerund = 8;
}

struct VerbForm {
    Verb verb = Verb::none;
    std::uint8_t forms = 0;
};

VerbForm verb_form(std::string_view lower);
std::optional<Verb> verb_group(std::string_view name);  // "acquire" → Verb::acquire; for patterns

/// Articles and adverbs that no pattern needs.
bool is_weightless(std::string_view lower);
/// "not", "never", "cannot", "without", …
bool is_negation(std::string_view lower);

/// The lock noun that ends at words[end - 1], if any: how many words it takes, and its canonical singular ("spin locks" → "spin lock").
struct LockNoun {
    std::string noun;
    std::size_t words = 0;
};
/// True for the words with which every such noun ends: "lock", "mutexes", "region", …
bool is_lock_head(std::string_view lower);
std::optional<LockNoun> lock_noun(const std::vector<std::string>& lower_words, std::size_t begin);

/// True for what any number of holders hold at once, and what is only counted: remove locks, run-down protection.
bool is_counted(std::string_view noun);

/// "KSPIN_LOCK" → "spin lock", "FAST_MUTEX" → "fast mutex"; empty for other identifiers.
std::string lock_noun_of_type(std::string_view identifier);
/// "KeLeaveCriticalRegion" → "critical region"; empty if the name holds no such noun.
std::string lock_noun_of_name(std::string_view identifier);

}  // namespace ddi::facts
