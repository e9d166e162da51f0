#include "generator/facts/object_kinds.h"

#include <algorithm>
#include <set>

#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

const std::vector<ObjectKind>& kinds() {
    // The order matters where one page is about two of them: cache-aware protection is also run-down protection.
    static const std::vector<ObjectKind> list{
        {"event",
         {"event", "notification event", "synchronization event", "kernel event"},
         {"KEVENT", "NDIS_EVENT"},
         {"event object", "type event", "notification event", "synchronization event"},
         {"handle", "log", "trace", "tracing", "type", "callback", "name"}},
        {"semaphore", {"semaphore"}, {"KSEMAPHORE"}, {"semaphore object", "type semaphore"}, {"count"}},
        {"timer",
         {"timer", "kernel timer", "extended kernel timer", "notification timer", "synchronization timer"},
         {"KTIMER"},
         {"timer object"},
         {"queue", "dpc", "dpcs", "interval", "coalescing", "routine", "period", "expiration", "callback", "type", "function"}},
        {"DPC",
         {"dpc", "threaded dpc"},
         {"KDPC"},
         {"dpc object"},
         {"queue", "queues", "routine", "routines", "settings", "importance", "level", "dispatcher", "execution", "executions"}},
        {"resource",
         {"resource", "shared resource"},
         {"ERESOURCE"},
         {"resource to acquire", "resource to release", "to the resource", "executive resource", "resource variable",
          "initialized resource"},
         {"list", "requirements", "user", "manager", "boost", "services", "manager's", "user's", "descriptor", "type", "id"},
         true},
        {"cache-aware run-down protection",
         {"run-down protection", "rundown protection", "cache-aware run-down protection", "cache-aware rundown protection"},
         {"EX_RUNDOWN_REF_CACHE_AWARE"},
         {},
         {"routine", "routines"},
         true},
        {"run-down protection", {"run-down protection", "rundown protection"}, {"EX_RUNDOWN_REF"}, {}, {"routine", "routines"}, true},
        {"gate", {"gate", "and gate", "or gate"}, {"KSGATE"}, {}, {"chain"}},
        {"stream pointer", {"stream pointer"}, {"KSSTREAM_POINTER"}, {}, {}},
        {"cancel-safe queue",
         {"cancel-safe irp queue", "cancel-safe queue", "irp queue", "queue"},
         {"IO_CSQ"},
         {"cancel-safe irp queue", "cancel-safe irp queues"},
         {}},
        {"sequenced singly linked list",
         {"sequenced singly linked list", "sequenced , singly linked list", "list"},
         {"SLIST_HEADER", "STOR_SLIST_HEADER"},
         {},
         {"entry", "entries", "items"}},
    };
    return list;
}

// "PKEVENT", "PRKEVENT" → "KEVENT".
bool is_type(std::string_view identifier, std::string_view type) {
    for (const std::string_view prefix : {"", "P", "PR"})
        if (identifier.size() == prefix.size() + type.size() && identifier.starts_with(prefix) && identifier.ends_with(type)) return true;
    return false;
}

bool has_type(const std::vector<Word>& words, const ObjectKind& kind) {
    return std::any_of(words.begin(), words.end(), [&](const Word& word) {
        return std::any_of(kind.types.begin(), kind.types.end(), [&](std::string_view type) { return is_type(word.text, type); });
    });
}

bool has_phrase(const std::vector<Word>& words, std::size_t end, std::string_view phrase) {
    const auto parts = split_words(phrase);
    for (std::size_t at = 0; at + parts.size() <= end; ++at) {
        bool same = true;
        for (std::size_t i = 0; i < parts.size() && same; ++i) same = words[at + i].lower == parts[i].lower;
        if (same) return true;
    }
    return false;
}

std::size_t first_sentence(const std::vector<Word>& words) {
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i].text == ".") return i;
    return words.size();
}

bool parameter_is(const ParameterFact& parameter, const ObjectKind& kind) {
    if (parameter.text.empty()) return false;
    const auto words = split_words(parameter.text.front().text);
    const std::size_t end = first_sentence(words);
    if (words.empty() || words.size() < 3) return false;
    const std::vector<Word> first(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(end));
    // "The identifier of the message", "the number of …", "a pointer to a routine": about the thing, not the thing.
    static const std::set<std::string_view> about{"identifier", "number", "count", "routine", "function", "name",
                                                  "size",       "handle", "true",  "reason",  "variable", "boolean",
                                                  "initial",    "list",   "array", "time",    "value"};
    for (std::size_t i = 0; i < first.size(); ++i) {
        if (i < 5 && about.contains(first[i].lower)) return false;
        if (first[i].lower == "handle" || first[i].lower == "attributes" || first[i].lower == "characteristics") return false;
    }
    if (has_type(kind.types.empty() ? first : words, kind)) return true;
    return std::any_of(kind.evidence.begin(), kind.evidence.end(), [&](std::string_view phrase) { return has_phrase(words, end, phrase); });
}

}  // namespace

const ObjectKind* object_kind(std::string_view noun) {
    for (const ObjectKind& kind : kinds())
        if (kind.noun == noun) return &kind;
    return nullptr;
}

const ObjectKind* kind_of_parameter(const ParameterFact& parameter) {
    for (const ObjectKind& kind : kinds())
        if (parameter_is(parameter, kind)) return &kind;
    return nullptr;
}

const ObjectKind* kind_of_type(std::string_view identifier) {
    for (const ObjectKind& kind : kinds())
        for (const std::string_view type : kind.types)
            if (is_type(identifier, type)) return &kind;
    return nullptr;
}

std::optional<LockNoun> object_noun(const std::vector<std::string>& words, std::size_t begin, const ObjectKind& kind) {
    std::size_t best = 0;
    for (const std::string_view phrase : kind.phrases) {
        const auto parts = split_words(phrase);
        if (begin + parts.size() > words.size() || parts.size() <= best) continue;
        bool same = true;
        for (std::size_t i = 0; i < parts.size() && same; ++i) {
            const std::string& word = words[begin + i];
            same = word == parts[i].lower || (i + 1 == parts.size() && word == parts[i].lower + "s");
        }
        if (same) best = parts.size();
    }
    if (best == 0) return std::nullopt;
    const std::size_t next = begin + best;
    if (next < words.size()) {
        if (std::find(kind.other_meanings.begin(), kind.other_meanings.end(), words[next]) != kind.other_meanings.end())
            return std::nullopt;
        if (words[next] == "object" || words[next] == "objects" || words[next] == "variable") ++best;
    }
    return LockNoun{std::string(kind.noun), best};
}

std::vector<const ObjectKind*> kinds_of_page(const page::Page& page, const Facts& facts) {
    std::vector<std::string> description;
    if (const text::Section* section = page.section("-description"))
        for (const text::Block& block : section->blocks)
            for (const Word& word : split_words(block.text)) description.push_back(word.lower);
    // What the description names, or its structure; the name of the API where the description only says what it does.
    const auto described = [&](const ObjectKind& kind) {
        for (std::size_t at = 0; at < description.size(); ++at) {
            if (object_noun(description, at, kind)) return true;
            for (const std::string_view type : kind.types)
                if (description[at] == to_lower(type)) return true;
        }
        return false;
    };
    const auto returned = [&](const ObjectKind& kind) {
        if (!facts.returns || facts.returns->is_void) return false;
        for (const text::Block& block : facts.returns->text)
            if (has_type(split_words(block.text), kind)) return true;
        // "A pointer to the created event object".
        for (const text::Block& block : facts.returns->text)
            for (const std::string_view phrase : kind.evidence)
                if (block.text.find("pointer to") != std::string::npos &&
                    has_phrase(split_words(block.text), split_words(block.text).size(), phrase))
                    return true;
        return false;
    };
    const auto locks = [](const ParameterFact& parameter) {
        if (parameter.text.empty()) return false;
        for (const Word& word : split_words(parameter.text.front().text))
            if (!lock_noun_of_type(word.text).empty() || word.lower == "lock" || word.lower == "spinlock") return true;
        return false;
    };
    const std::string name = to_lower(facts.name);
    std::vector<const ObjectKind*> result;
    for (const ObjectKind& kind : kinds()) {
        std::string joined;
        for (const char c : kind.noun)
            if (c != ' ' && c != '-') joined += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
        const bool named = name.find(joined) != name.npos || (kind.noun == "cancel-safe queue" && name.find("csq") != name.npos) ||
                           (is_counted(kind.noun) && name.find("rundown") != name.npos);
        const bool parameter = std::any_of(facts.parameters.begin(), facts.parameters.end(),
                                           [&](const ParameterFact& p) { return kind_of_parameter(p) == &kind; });
        // A list that a lock protects: the lock is what the page's protocol is about.
        const bool protected_list = kind.noun.ends_with("list") && std::any_of(facts.parameters.begin(), facts.parameters.end(), locks);
        if ((parameter || returned(kind)) && (described(kind) || named) && !protected_list) result.push_back(&kind);
    }
    return result;
}

}  // namespace ddi::facts
