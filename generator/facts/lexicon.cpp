#include "generator/facts/lexicon.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_map>
#include <unordered_set>

#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

struct VerbEntry {
    Verb verb;
    std::string_view base, third, past, participle, gerund;
};

constexpr std::array verbs{
    VerbEntry{Verb::acquire, "acquire", "acquires", "acquired", "acquired", "acquiring"},
    VerbEntry{Verb::acquire, "obtain", "obtains", "obtained", "obtained", "obtaining"},
    VerbEntry{Verb::acquire, "take", "takes", "took", "taken", "taking"},
    VerbEntry{Verb::release, "release", "releases", "released", "released", "releasing"},
    VerbEntry{Verb::release, "relinquish", "relinquishes", "relinquished", "relinquished", "relinquishing"},
    VerbEntry{Verb::initialize, "initialize", "initializes", "initialized", "initialized", "initializing"},
    VerbEntry{Verb::initialize, "initialise", "initialises", "initialised", "initialised", "initialising"},
    VerbEntry{Verb::create, "create", "creates", "created", "created", "creating"},
    VerbEntry{Verb::destroy, "delete", "deletes", "deleted", "deleted", "deleting"},
    VerbEntry{Verb::destroy, "destroy", "destroys", "destroyed", "destroyed", "destroying"},
    VerbEntry{Verb::destroy, "", "frees", "freed", "freed", "freeing"},  // "free" is mostly an adjective
    VerbEntry{Verb::enter, "enter", "enters", "entered", "entered", "entering"},
    VerbEntry{Verb::exit, "exit", "exits", "exited", "exited", "exiting"},
    VerbEntry{Verb::exit, "leave", "leaves", "left", "left", "leaving"},
    VerbEntry{Verb::raise, "raise", "raises", "raised", "raised", "raising"},
    VerbEntry{Verb::lower, "lower", "lowers", "lowered", "lowered", "lowering"},
    VerbEntry{Verb::set, "set", "sets", "set", "set", "setting"},
    VerbEntry{Verb::set, "reset", "resets", "reset", "reset", "resetting"},
    VerbEntry{Verb::restore, "restore", "restores", "restored", "restored", "restoring"},
    VerbEntry{Verb::save, "save", "saves", "saved", "saved", "saving"},
    VerbEntry{Verb::save, "store", "stores", "stored", "stored", "storing"},
    VerbEntry{Verb::save, "write", "writes", "wrote", "written", "writing"},
    VerbEntry{Verb::save, "put", "puts", "put", "put", "putting"},
    VerbEntry{Verb::save, "keep", "keeps", "kept", "kept", "keeping"},
    VerbEntry{Verb::save, "record", "records", "recorded", "recorded", "recording"},
    VerbEntry{Verb::save, "receive", "receives", "received", "received", "receiving"},
    VerbEntry{Verb::change, "change", "changes", "changed", "changed", "changing"},
    VerbEntry{Verb::change, "modify", "modifies", "modified", "modified", "modifying"},
    VerbEntry{Verb::change, "alter", "alters", "altered", "altered", "altering"},
    VerbEntry{Verb::change, "affect", "affects", "affected", "affected", "affecting"},
    VerbEntry{Verb::hold, "hold", "holds", "held", "held", "holding"},
    VerbEntry{Verb::hold, "own", "owns", "owned", "owned", "owning"},
    VerbEntry{Verb::wait, "wait", "waits", "waited", "waited", "waiting"},
    VerbEntry{Verb::wait, "block", "blocks", "blocked", "blocked", "blocking"},
    VerbEntry{Verb::call, "call", "calls", "called", "called", "calling"},
    VerbEntry{Verb::call, "invoke", "invokes", "invoked", "invoked", "invoking"},
    VerbEntry{Verb::use, "use", "uses", "used", "used", "using"},
    VerbEntry{Verb::give_back, "return", "returns", "returned", "returned", "returning"},
    VerbEntry{Verb::run, "run", "runs", "ran", "run", "running"},
    VerbEntry{Verb::run, "execute", "executes", "executed", "executed", "executing"},
    VerbEntry{Verb::disable, "disable", "disables", "disabled", "disabled", "disabling"},
    VerbEntry{Verb::enable, "enable", "enables", "enabled", "enabled", "enabling"},
    VerbEntry{Verb::enable, "reenable", "reenables", "reenabled", "reenabled", "reenabling"},
    VerbEntry{Verb::enable, "re-enable", "re-enables", "re-enabled", "re-enabled", "re-enabling"},
    VerbEntry{Verb::attempt, "try", "tries", "tried", "tried", "trying"},
    VerbEntry{Verb::attempt, "attempt", "attempts", "attempted", "attempted", "attempting"},
    VerbEntry{Verb::pass, "pass", "passes", "passed", "passed", "passing"},
    VerbEntry{Verb::pass, "specify", "specifies", "specified", "specified", "specifying"},
    VerbEntry{Verb::pass, "give", "gives", "gave", "given", "giving"},
    VerbEntry{Verb::combine, "combine", "combines", "combined", "combined", "combining"},
    VerbEntry{Verb::combine, "mix", "mixes", "mixed", "mixed", "mixing"},
    VerbEntry{Verb::nest, "nest", "nests", "nested", "nested", "nesting"},
    VerbEntry{Verb::be, "be", "is", "was", "been", "being"},
    VerbEntry{Verb::be, "", "are", "were", "were", ""},
    VerbEntry{Verb::cause, "cause", "causes", "caused", "caused", "causing"},
    VerbEntry{Verb::need, "need", "needs", "needed", "needed", "needing"},
    VerbEntry{Verb::need, "require", "requires", "required", "required", "requiring"},
    VerbEntry{Verb::complete, "complete", "completes", "completed", "completed", "completing"},
    VerbEntry{Verb::mark, "mark", "marks", "marked", "marked", "marking"},
};

const std::unordered_map<std::string_view, VerbForm>& verb_table() {
    static const auto table = [] {
        std::unordered_map<std::string_view, VerbForm> forms;
        const auto add = [&](std::string_view word, Verb verb, std::uint8_t bit) {
            if (word.empty()) return;
            VerbForm& entry = forms[word];
            entry.verb = verb;
            entry.forms = static_cast<std::uint8_t>(entry.forms | bit);
        };
        for (const VerbEntry& verb : verbs) {
            add(verb.base, verb.verb, form::base);
            add(verb.third, verb.verb, form::third);
            add(verb.past, verb.verb, form::past);
            add(verb.participle, verb.verb, form::past);
            add(verb.gerund, verb.verb, form::gerund);
        }
        return forms;
    }();
    return table;
}

std::string_view singular(std::string_view head) {
    if (head == "mutexes") return "mutex";
    if (head == "locks" || head == "regions" || head == "spinlocks") return head.substr(0, head.size() - 1);
    return head;
}

bool is_head(std::string_view word) { return word == "lock" || word == "spinlock" || word == "mutex" || word == "region"; }

bool is_modifier(std::string_view word, std::string_view head) {
    static const std::unordered_set<std::string_view> lock_modifiers{
        "spin",          "queued",     "in-stack",      "push",       "device",          "security", "interrupt", "cancel",
        "remove",        "wait",       "rundown",       "read/write", "synchronization", "vpb",      "rw",        "msi",
        "reader-writer", "read-write", "reader/writer", "file",       "byte-range",      "read",     "write"};
    static const std::unordered_set<std::string_view> mutex_modifiers{"fast",   "guarded", "filter", "control", "processing",
                                                                      "device", "pin",     "kernel", "keyed",   "scavenger"};
    static const std::unordered_set<std::string_view> region_modifiers{"critical", "guarded"};
    if (head == "lock" || head == "spinlock") return lock_modifiers.contains(word);
    if (head == "mutex") return mutex_modifiers.contains(word);
    return region_modifiers.contains(word);
}

}  // namespace

VerbForm verb_form(std::string_view lower) {
    const auto found = verb_table().find(lower);
    return found == verb_table().end() ? VerbForm{} : found->second;
}

std::optional<Verb> verb_group(std::string_view name) {
    if (name == "return") return Verb::give_back;
    if (name == "try") return Verb::attempt;
    const VerbForm found = verb_form(name);
    if (found.verb == Verb::none) return std::nullopt;
    return found.verb;
}

bool is_weightless(std::string_view lower) {
    static const std::unordered_set<std::string_view> words{
        "the",        "a",        "an",        "also",       "then",          "first",      "currently",  "already", "itself",
        "explicitly", "simply",   "given",     "specified",  "subsequently",  "newly",      "again",      "thus",    "therefore",
        "however",    "actually", "executive", "ordinary",   "automatically", "implicitly", "previously", "earlier", "themselves",
        "always",     "both",     "either",    "particular", "resulting",     "actual",     "presently"};
    return words.contains(lower);
}

bool is_negation(std::string_view lower) {
    static const std::unordered_set<std::string_view> words{"not",   "never",   "cannot", "neither", "nor",   "without", "no",
                                                            "don't", "doesn't", "can't",  "isn't",   "won't", "unless"};
    return words.contains(lower);
}

bool is_lock_head(std::string_view lower) { return is_head(singular(lower)); }

std::optional<LockNoun> lock_noun(const std::vector<std::string>& words, std::size_t begin) {
    // The longest run of modifiers and one head that starts here.
    for (std::size_t end = begin; end < words.size() && end < begin + 5; ++end) {
        const std::string_view head = singular(words[end]);
        if (!is_head(head)) continue;
        std::string noun;
        for (std::size_t at = begin; at < end; ++at) {
            if (!is_modifier(words[at], head)) return std::nullopt;
            // A "read lock" is a read/write lock held in one way; a reader/writer spin lock is a kind of spin lock.
            const std::string& word = words[at];
            const bool spins = at + 1 < end && words[at + 1] == "spin";
            const bool both = word == "rw" || word == "reader-writer" || word == "read-write" || word == "reader/writer" ||
                              word == "read" || word == "write";
            noun += (spins && both ? "reader/writer" : both ? "read/write" : word) + " ";
        }
        if (head == "region" && noun.empty()) return std::nullopt;  // memory regions and the like
        LockNoun result{noun.append(head == "spinlock" ? "spin lock" : head), end - begin + 1};
        // "mutex object", "spin lock variable": the same thing.
        if (end + 1 < words.size() && (words[end + 1] == "object" || words[end + 1] == "objects" || words[end + 1] == "variable"))
            ++result.words;
        return result;
    }
    return std::nullopt;
}

bool is_counted(std::string_view noun) { return noun == "remove lock" || noun.ends_with("run-down protection"); }

std::string lock_noun_of_type(std::string_view identifier) {
    if (identifier.ends_with("_LOCK_EX")) identifier.remove_suffix(3);
    if (identifier.size() < 5 || !(identifier.ends_with("_LOCK") || identifier.ends_with("MUTEX"))) return {};
    std::vector<std::string> words(1);
    for (const char c : identifier) {
        if (c == '_')
            words.emplace_back();
        else if (c >= 'A' && c <= 'Z')
            words.back() += static_cast<char>(c - 'A' + 'a');
        else
            return {};
    }
    // A type's name may begin with a component ("EX_"), 'P' for pointer and 'K' for kernel.
    for (std::size_t at = 0; at < words.size(); ++at)
        for (std::size_t strip = 0; strip < 3 && strip < words[at].size(); ++strip) {
            std::vector<std::string> rest(words.begin() + static_cast<std::ptrdiff_t>(at), words.end());
            rest.front().erase(0, strip);
            if (const auto noun = lock_noun(rest, 0); noun && noun->words == rest.size() && (noun->words > 1 || noun->noun == "mutex"))
                return noun->noun;
            if (words[at][strip] != 'p' && words[at][strip] != 'k') break;
        }
    return {};
}

std::string lock_noun_of_name(std::string_view identifier) {
    std::vector<std::string> words;
    for (const char c : identifier) {
        if (words.empty() || std::isupper(static_cast<unsigned char>(c)) || c == '_') words.emplace_back();
        if (c != '_') words.back() += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    for (std::size_t at = 0; at < words.size(); ++at)
        if (const auto noun = lock_noun(words, at); noun && noun->words > 1) return noun->noun;
    return {};
}

}  // namespace ddi::facts
