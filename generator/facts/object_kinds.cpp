#include "generator/facts/object_kinds.h"

#include <algorithm>
#include <set>

#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

std::vector<ObjectKind::CutPhrase> cut(std::initializer_list<std::string_view> phrases) {
    std::vector<ObjectKind::CutPhrase> result;
    for (const std::string_view phrase : phrases) {
        auto& words = result.emplace_back();
        for (const Word& word : split_words(phrase)) words.push_back(word.lower);
    }
    return result;
}

const std::vector<ObjectKind>& kinds() {
    // The order matters where one page is about two of them: cache-aware protection is also run-down protection.
    static const std::vector<ObjectKind> list{
        {"event",
         cut({"event", "notification event", "synchronization event", "kernel event"}),
         {"KEVENT", "NDIS_EVENT"},
         cut({"event object", "type event", "notification event", "synchronization event"}),
         {"handle", "log", "trace", "tracing", "type", "callback", "name"}},
        {"semaphore", cut({"semaphore"}), {"KSEMAPHORE"}, cut({"semaphore object", "type semaphore"}), {"count"}},
        {"timer",
         cut({"timer", "kernel timer", "extended kernel timer", "notification timer", "synchronization timer"}),
         {"KTIMER"},
         cut({"timer object"}),
         {"queue", "dpc", "dpcs", "interval", "coalescing", "routine", "period", "expiration", "callback", "type", "function"}},
        {"DPC",
         cut({"dpc", "threaded dpc"}),
         {"KDPC"},
         cut({"dpc object"}),
         {"queue", "queues", "routine", "routines", "settings", "importance", "level", "dispatcher", "execution", "executions"}},
        {"resource",
         cut({"resource", "shared resource"}),
         {"ERESOURCE"},
         cut({"resource to acquire", "resource to release", "to the resource", "executive resource", "resource variable",
              "initialized resource"}),
         {"list", "requirements", "user", "manager", "boost", "services", "manager's", "user's", "descriptor", "type", "id"},
         true},
        {"cache-aware run-down protection",
         cut({"run-down protection", "rundown protection", "cache-aware run-down protection", "cache-aware rundown protection"}),
         {"EX_RUNDOWN_REF_CACHE_AWARE"},
         {},
         {"routine", "routines"},
         true},
        {"run-down protection", cut({"run-down protection", "rundown protection"}), {"EX_RUNDOWN_REF"}, {}, {"routine", "routines"}, true},
        {"gate", cut({"gate", "and gate", "or gate"}), {"KSGATE"}, {}, {"chain"}},
        {"stream pointer", cut({"stream pointer"}), {"KSSTREAM_POINTER"}, {}, {}},
        {"cancel-safe queue",
         cut({"cancel-safe irp queue", "cancel-safe queue", "irp queue", "queue"}),
         {"IO_CSQ"},
         cut({"cancel-safe irp queue", "cancel-safe irp queues"}),
         {}},
        {"sequenced singly linked list",
         cut({"sequenced singly linked list", "sequenced , singly linked list", "list"}),
         {"SLIST_HEADER", "STOR_SLIST_HEADER"},
         {},
         {"entry", "entries", "items"}},
    };
    return list;
}

bool has_type(const std::vector<Word>& words, const ObjectKind& kind) {
    return !kind.types.empty() && std::any_of(words.begin(), words.end(), [&](const Word& word) { return kind.has_type(word.text); });
}

/// One of the phrases stands among the first `end` words.
bool has_phrase(const std::vector<Word>& words, std::size_t end, const std::vector<ObjectKind::CutPhrase>& phrases) {
    const auto first = words.begin(), last = first + static_cast<std::ptrdiff_t>(end);
    return std::any_of(phrases.begin(), phrases.end(), [&](const ObjectKind::CutPhrase& phrase) {
        return std::search(first, last, phrase.begin(), phrase.end(),
                           [](const Word& word, const std::string& lower) { return word.lower == lower; }) != last;
    });
}

std::size_t first_sentence(const std::vector<Word>& words) {
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i].text == ".") return i;
    return words.size();
}

// "The identifier of the message", "the number of …", "a pointer to a routine": about the thing, not the thing.
bool speaks_about(const std::vector<Word>& words, std::size_t end) {
    static const std::set<std::string_view> about{"identifier", "number", "count", "routine", "function", "name",
                                                  "size",       "handle", "true",  "reason",  "variable", "boolean",
                                                  "initial",    "list",   "array", "time",    "value"};
    for (std::size_t i = 0; i < end; ++i) {
        if (i < 5 && about.contains(words[i].lower)) return true;
        if (words[i].lower == "handle" || words[i].lower == "attributes" || words[i].lower == "characteristics") return true;
    }
    return false;
}

/// What the call returns, cut into words once for all kinds.
class ReturnedText {
  public:
    explicit ReturnedText(const Facts& facts) {
        if (!facts.returns || facts.returns->is_void) return;
        for (const text::Block& block : facts.returns->text)
            blocks_.push_back({split_words(block.text), block.text.find("pointer to") != std::string::npos});
    }
    bool is(const ObjectKind& kind) const {
        return std::any_of(blocks_.begin(), blocks_.end(), [&](const Block& block) {
            // "A pointer to the created event object".
            return has_type(block.words, kind) || (block.pointer && has_phrase(block.words, block.words.size(), kind.evidence));
        });
    }

  private:
    struct Block {
        std::vector<Word> words;
        bool pointer = false;
    };
    std::vector<Block> blocks_;
};

/// What the description names, or its structure.
bool names_kind(const std::vector<std::string>& description, const ObjectKind& kind) {
    for (std::size_t at = 0; at < description.size(); ++at)
        if (object_noun(description, at, kind)) return true;
    return std::any_of(kind.types.begin(), kind.types.end(), [&](std::string_view type) {
        return std::find(description.begin(), description.end(), to_lower(type)) != description.end();
    });
}

/// The name of the API, in lower case, says the noun: where the description only tells what it does.
bool names_kind(const std::string& api, const ObjectKind& kind) {
    std::string joined;
    for (const char c : to_lower(kind.noun))
        if (c != ' ' && c != '-') joined += c;
    return api.find(joined) != api.npos || (kind.noun == "cancel-safe queue" && api.find("csq") != api.npos) ||
           (is_counted(kind.noun) && api.find("rundown") != api.npos);
}

bool speaks_of_lock(const ParameterFact& parameter) {
    if (parameter.text.empty()) return false;
    const auto words = split_words(parameter.text.front().text);
    return std::any_of(words.begin(), words.end(), [](const Word& word) {
        return word.lower == "lock" || word.lower == "spinlock" || !lock_noun_of_type(word.text).empty();
    });
}

}  // namespace

const ObjectKind* object_kind(std::string_view noun) {
    for (const ObjectKind& kind : kinds())
        if (kind.noun == noun) return &kind;
    return nullptr;
}

bool ObjectKind::has_type(std::string_view identifier) const {
    return std::any_of(types.begin(), types.end(), [&](std::string_view type) {
        if (!identifier.ends_with(type)) return false;
        const std::string_view prefix = identifier.substr(0, identifier.size() - type.size());
        return prefix.empty() || prefix == "P" || prefix == "PR";
    });
}

const ObjectKind* kind_of_parameter(const ParameterFact& parameter) {
    if (parameter.text.empty()) return nullptr;
    const auto words = split_words(parameter.text.front().text);
    const std::size_t end = first_sentence(words);
    if (words.size() < 3 || speaks_about(words, end)) return nullptr;
    for (const ObjectKind& kind : kinds())
        if (has_type(words, kind) || has_phrase(words, end, kind.evidence)) return &kind;
    return nullptr;
}

const ObjectKind* kind_of_type(std::string_view identifier) {
    for (const ObjectKind& kind : kinds())
        if (kind.has_type(identifier)) return &kind;
    return nullptr;
}

std::optional<LockNoun> object_noun(const std::vector<std::string>& words, std::size_t begin, const ObjectKind& kind) {
    std::size_t best = 0;
    for (const ObjectKind::CutPhrase& phrase : kind.phrases) {
        if (begin + phrase.size() > words.size() || phrase.size() <= best) continue;
        const auto first = words.begin() + static_cast<std::ptrdiff_t>(begin);
        const std::string &last = words[begin + phrase.size() - 1], &head = phrase.back();
        const bool plural = last.size() == head.size() + 1 && last.starts_with(head) && last.back() == 's';
        if ((plural || last == head) && std::equal(phrase.begin(), std::prev(phrase.end()), first)) best = phrase.size();
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
            for (Word& word : split_words(block.text)) description.push_back(std::move(word.lower));
    std::vector<const ObjectKind*> of_parameters;
    for (const ParameterFact& parameter : facts.parameters) of_parameters.push_back(kind_of_parameter(parameter));
    const ReturnedText returned(facts);
    const std::string name = to_lower(facts.name);
    std::vector<const ObjectKind*> result;
    for (const ObjectKind& kind : kinds()) {
        const bool present = std::find(of_parameters.begin(), of_parameters.end(), &kind) != of_parameters.end() || returned.is(kind);
        if (!present || !(names_kind(description, kind) || names_kind(name, kind))) continue;
        // A list that a lock protects: the lock is what the page's protocol is about.
        if (kind.noun.ends_with("list") && std::any_of(facts.parameters.begin(), facts.parameters.end(), speaks_of_lock)) continue;
        result.push_back(&kind);
    }
    return result;
}

}  // namespace ddi::facts
