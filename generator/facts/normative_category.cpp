// category_of: the grammar that tells why a normative sentence is no clause. One entry a category: its reason, the patterns of its
// sentences, and what no pattern can say. A sentence that fits none stays unexplained, and `ddigen coverage --contracts` lists it.
#include <algorithm>
#include <cctype>
#include <set>

#include "generator/facts/clause_names.h"
#include "generator/facts/normative.h"
#include "generator/facts/phrase.h"
#include "generator/facts/statement.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// Every word as it stands, those without weight too: for how a sentence opens.
Tokens plain_tokens(std::string_view text) {
    Tokens tokens;
    for (Word& word : split_words(text)) {
        Token token;
        token.verb = verb_form(word.lower);
        token.text = std::move(word.text);
        token.lower = std::move(word.lower);
        token.negates = is_negation(token.lower);
        tokens.push_back(std::move(token));
    }
    return tokens;
}

bool is_modal(const Token& token) {
    static const std::set<std::string_view> words{"must", "cannot", "can",  "may", "might", "should", "could", "will", "does",
                                                  "do",   "did",    "then", "has", "have",  "was",    "were",  "is",   "are"};
    return token.kind == Token::Kind::word && words.contains(token.lower);
}

bool is_another(const Token& token) {
    // "KeWaitXxx" stands for a family of functions.
    return (token.kind == Token::Kind::api && !token.has_self) || token.text.find("Xxx") != std::string::npos;
}

class Reader {
  public:
    Reader(const Sentence& sentence, const PageNames& names)
        : sentence_(sentence), tagged_(tag_sentence(sentence, names, nullptr)), plain_(plain_tokens(sentence.text)) {}

    bool matches(const std::vector<Phrase>& patterns) const { return find_any(patterns, tagged_).has_value(); }
    bool opens_with(const std::vector<Phrase>& patterns) const {
        const auto opens = [](const Phrase& pattern, const Tokens& tokens) {
            const auto match = pattern.find(tokens);
            return match && match->begin == 0;
        };
        return std::any_of(patterns.begin(), patterns.end(),
                           [&](const Phrase& pattern) { return opens(pattern, plain_) || opens(pattern, tagged_); });
    }

    bool obliges() const {
        static const std::vector<Phrase> duties = phrases({
            "must",
            "cannot|can't|never|fatal|illegal",
            "can not|neither",
            "error to",
            "not +be? allowed",
            "do not",
            "can no longer",
        });
        return find_any(duties, plain_).has_value();
    }

    /// "It must be acquired before one of these is accessed:" requires something all the same.
    bool is_heading() const {
        return (sentence_.text.ends_with(":") && !obliges()) || (sentence_.in_table && sentence_.block && sentence_.block->header);
    }

    /// Somebody may do something; which level, and what alone is allowed, is more than a permission.
    bool permits() const {
        static const std::vector<Phrase> actors = phrases({
            "driver|drivers|minidriver|minidrivers|caller|callers|thread|you can|may",
            "<self> can|may +be +use|call.past",
            "it can|may +be +use|call.past",
            "is|are *1 possible|allowed|legal|permitted|optional",
            "not +be? necessary|required",
            "not have to",
            "not +need to|be",
            "+need not",
            "free to",
            "+enable.third *1 caller|callers|thread|driver|drivers|you",
            "allows|allow caller|callers|thread|driver|drivers|you",
        });
        const bool more = std::any_of(tagged_.begin(), tagged_.end(), [](const Token& t) {
            return t.kind == Token::Kind::level || (t.kind == Token::Kind::word && (t.lower == "irql" || t.lower == "only"));
        });
        return !more && matches(actors);
    }

    /// The sentence says what another function or a part of the system does; this one is not in it, or only in the condition.
    bool is_about_another() const {
        const auto [begin, end] = main_subject();
        const bool self = std::any_of(tagged_.begin(), tagged_.end(), mentions_self);
        bool other = false;
        for (std::size_t i = begin; i < end; ++i) {
            if (mentions_self(tagged_[i])) return false;
            other = other || is_another(tagged_[i]);
        }
        if (other || (end > begin && is_component(begin, end - 1) && !self)) return true;
        if (self) return false;
        // "Use X to wait", "the lock is released after the last call to X", "the manager gives it up by calling X".
        static const std::vector<Phrase> uses = phrases({
            "+use|call.base <api>",
        });
        static const std::vector<Phrase> results = phrases({
            "<lock> is *2 +release|acquire|destroy.past *1 after|by|when *5 +call *1 <api>",
            "by +call.gerund <api>",
        });
        if (opens_with(uses) || (!obliges() && matches(results))) return true;
        // "Likewise, if the lock is acquired with X, it must …": a case of X.
        if (std::any_of(tagged_.begin(), tagged_.begin() + static_cast<std::ptrdiff_t>(begin), is_another)) return true;
        return other_names().size() > 1 && obliges() && !has_parameter();
    }

    /// "This gate must be at the beginning of a chain": neither a value nor a level, and no call's doing.
    bool requires_hidden_property() const {
        static const std::vector<Phrase> properties = phrases({
            "must *1 be|have|point|begin|contain|belong|match",
        });
        const auto is_value = [](const Token& t) {
            return t.kind == Token::Kind::level || t.kind == Token::Kind::api || t.kind == Token::Kind::self ||
                   (t.kind == Token::Kind::constant && (t.text == "TRUE" || t.text == "FALSE" || t.text == "NULL")) ||
                   t.verb.verb == Verb::initialize || t.verb.verb == Verb::hold || t.verb.verb == Verb::acquire ||
                   t.verb.verb == Verb::release || (!t.text.empty() && std::isdigit(static_cast<unsigned char>(t.text[0])) != 0);
        };
        return sentence_.role == Role::parameter && matches(properties) && std::none_of(tagged_.begin(), tagged_.end(), is_value) &&
               !has_word(tagged_, {"null", "zero", "nonzero", "nonpaged", "resident", "aligned", "same", "different", "completed"});
    }

    bool names_family() const { return sentence_.text.find("Xxx") != std::string::npos && has_word(tagged_, {"only"}); }

    /// What drivers must do elsewhere: no function, lock, level or argument is in it.
    bool is_drivers_own() const {
        static const std::vector<Phrase> actors = phrases({
            "driver|drivers|minidriver|minidrivers|miniport|routine|routines must|cannot",
            "driver|drivers|minidriver|minidrivers that *6 must|cannot",
        });
        const auto is_contract = [](const Token& t) {
            return t.kind == Token::Kind::self || t.kind == Token::Kind::api || t.kind == Token::Kind::lock ||
                   t.kind == Token::Kind::level || t.kind == Token::Kind::parameter || t.verb.verb == Verb::hold ||
                   t.verb.verb == Verb::acquire || t.verb.verb == Verb::release || t.verb.verb == Verb::initialize ||
                   t.verb.verb == Verb::raise || t.verb.verb == Verb::restore;
        };
        return matches(actors) && !has_word(tagged_, {"which"}) && std::none_of(tagged_.begin(), tagged_.end(), is_contract);
    }

    /// "Returns a SIZE_T value.": the type, which the declaration has.
    bool names_type_only() const {
        static const Phrase type("+return.third *1 value|construct .");
        const auto match = type.find(tagged_);
        if (!match || match->begin > 1 || match->end != tagged_.size() || match->end - match->begin != 4) return false;
        const std::string& name = tagged_[match->begin + 1].text;
        return name.size() > 2 && std::none_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c) != 0; });
    }

    bool is_definition() const {
        if (names_type_only()) return true;
        if (obliges() || has_word(plain_, {"returns", "returned", "only", "required", "requires", "guaranteed", "guarantees", "always"}))
            return false;
        static const std::vector<Phrase> openings = phrases({
            "a? pointer|handle",
            "specifies|indicates",
            "the number|value|identifier",
        });
        static const std::vector<Phrase> words = phrases({
            "is a|an|similar",
            "are similar",
            "means",
            "defined as",
            "refers to",
            "is known as",
            "consists of",
        });
        return sentence_.role == Role::parameter || opens_with(openings) || find_any(words, plain_);
    }

  private:
    // The tokens before the first verb of the main clause.
    std::pair<std::size_t, std::size_t> main_subject() const {
        static const std::set<std::string_view> openers{"if",      "when",     "after",  "before",   "while",  "until",  "once",
                                                        "because", "although", "for",    "in",       "to",     "as",     "upon",
                                                        "on",      "since",    "unless", "likewise", "during", "between"};
        std::size_t begin = 0;
        while (begin < tagged_.size() && tagged_[begin].kind == Token::Kind::word && openers.contains(tagged_[begin].lower)) {
            std::size_t comma = begin;
            while (comma < tagged_.size() && tagged_[comma].text != ",") ++comma;
            // "If X is called at … the storage must …": nobody set the comma.
            if (comma == tagged_.size()) return tagged_[begin].lower == "if" ? std::pair{comma, comma} : std::pair{begin, begin};
            begin = comma + 1;
        }
        std::size_t end = begin;
        while (end < tagged_.size() && !is_modal(tagged_[end]) &&
               !(tagged_[end].kind == Token::Kind::word && (tagged_[end].verb.forms & form::third)))
            ++end;
        return {begin, end == tagged_.size() ? begin : end};
    }

    // "The framework", "the I/O manager", "other drivers", "the ISR": parts of the system beside the caller.
    bool is_component(std::size_t begin, std::size_t head) const {
        static const std::set<std::string_view> parts{"system",   "framework", "kernel", "windows", "manager",  "verifier",
                                                      "avstream", "storport",  "isr",    "gpioclx", "subsystem"};
        static const std::set<std::string_view> owners{"port", "bus", "other", "another", "function", "filter", "lower"};
        if (parts.contains(tagged_[head].lower)) return true;
        return tagged_[head].lower.starts_with("driver") && head > begin && owners.contains(tagged_[head - 1].lower);
    }

    std::set<std::string> other_names() const {
        std::set<std::string> names;
        for (const Token& token : tagged_)
            if (token.kind == Token::Kind::api && !token.has_self) names.insert(token.names.begin(), token.names.end());
        return names;
    }
    bool has_parameter() const {
        return std::any_of(tagged_.begin(), tagged_.end(), [](const Token& t) { return t.kind == Token::Kind::parameter; });
    }

    const Sentence& sentence_;
    Tokens tagged_, plain_;
};

/// Where a category's patterns count.
enum class Duty {
    any,   // also where the sentence obliges somebody
    none,  // only where it does not
};

struct Grammar {
    Category category;
    Duty duty = Duty::any;
    std::vector<Phrase> anywhere;  // over tagged tokens
    std::vector<Phrase> opening;   // over every word, from the first
    bool (Reader::*also)() const = nullptr;
};

// In the order in which they are tried: what a sentence is (a heading, an example) before what it speaks of, and what it speaks of
// before who does it.
const std::vector<Grammar>& grammar() {
    static const std::vector<Grammar> list = {
        {{"heading", "introduces a list, table or example, or is a table's heading, and states nothing of its own"},
         Duty::any,
         phrases({"following table|tables|list|lists", "can|may|must +return|be *1 one of following", "as one of following :"}),
         {},
         &Reader::is_heading},
        {{"example", "shows or explains sample code"},
         Duty::any,
         phrases({"code example|examples|fragment|sample", "following|this example|code", "sample code|program|driver|drivers"}),
         {}},
        {{"build", "speaks of declarations, tools and libraries at build time, which no call shows"},
         Duty::any,
         phrases({"function|routine declaration", "header file", "following prototype", "build|link|compile *2 binary|code|driver",
                  "compiled|compiler", "annotation|annotations", "static driver verifier", "code analysis"}),
         {}},
        {{"version", "speaks of Windows versions or framework variants other than the one that is modelled, or of availability"},
         Duty::any,
         phrases({"versions|version of *1 windows|operating", "windows 2000|xp|vista|7|8|10|11|server", "starting|beginning with windows",
                  "prior to windows", "available only? starting|on|in", "supported only", "obsolete|deprecated",
                  "operating system versions", "ndis 5|6", "for umdf|kmdf", "reserved for *1 use"}),
         {}},
        {{"advice", "recommends, or describes the usual practice: a driver that does otherwise breaks nothing"},
         Duty::any,
         phrases({"should", "must *9 to have *1 effect"}),
         {}},
        {{"advice", ""},
         Duty::none,
         phrases({"recommended|recommends|recommend|encouraged|preferred|advisable",
                  "typically|usually|generally|normally|ordinarily|usual", "as soon|quickly as possible", "better performance",
                  "is more efficient to", "good practice", "take|requires|require care", "be careful|sure", "avoid|consider|minimize",
                  "faster", "whenever|where possible", "is *2 important|best|useful", "might want", "most drivers"}),
         {}},
        {{"memory", "speaks of code, stacks and storage being pageable, provided, shared, kept or freed, which calls do not show"},
         Duty::any,
         phrases({"pageable|paged|swapped|freeing", "page fault|faults", "on|local *1 stack", "remain|remains allocated",
                  "deallocate|deallocates|deallocated|deallocation", "code segment", "provide|allocate *2 storage|memory",
                  "free|delete *3 memory|entry|entries|structures", "different variable|location|structure *6 for",
                  "same location|storage for"}),
         {}},
        {{"unspecified", "says that a result, an order or a side effect may vary, so there is nothing to compare with"},
         Duty::any,
         phrases({"cannot assume|rely|reliably", "no guarantee", "guarantee|guaranteed not|no", "undefined|unpredictable",
                  "appropriate *2 code|value|status|error"}),
         {}},
        {{"context", "speaks of the kind of thread or routine from which it is called, which a call does not show"},
         Duty::any,
         phrases({"arbitrary|nonarbitrary|non-arbitrary|system *1 thread|context", "thread|process context", "context of",
                  "+call.past *2 from *2 isr|callback", "from within", "dispatch|unload code|routine|routines"}),
         {}},
        {{"scheduling", "speaks of processors, priorities, preemption or the time something takes, which calls do not show"},
         Duty::any,
         phrases({"preempted|preempt", "priority|priorities", "context|processor switch|switches", "microseconds|milliseconds",
                  "time-critical", "ready state", "long time|period", "latency", "starved|starve|starvation", "contention", "boost",
                  "dispatching is +disable.past", "+be? selected for execution"}),
         {}},
        {{"unspecified", ""},
         Duty::none,
         phrases({"does|do not guarantee", "other *2 values|errors",
                  "<self>|it|routine|function|method|driver|dpc|value|caller|operation *1 might"}),
         {}},
        {{"permission", "allows something: nothing that a caller could break, nothing that a call promises"},
         Duty::none,
         phrases({"can|may safely"}),
         {},
         &Reader::permits},
        {{"restatement", "explains the sentence before it, or draws a conclusion from it"},
         Duty::any,
         {},
         phrases({"this means|ensures|prevents|behavior|restriction|rule", "that is ,", "in other words", "for example|instance",
                  "doing so", "in contrast", "otherwise ,", "violation of this"})},
        {{"restatement", ""}, Duty::none, {}, phrases({"consequently|therefore|thus|hence", "as a result"})},
        {{"deferred", "says when, in which thread or at which level the system runs a callback later, which the call itself does not show"},
         Duty::any,
         phrases({"dispatch|processing|callback *4 occurs|happens|synchronously|asynchronously|asynchronous|synchronous",
                  "process|processing dispatch|callback", "dpcs|dpc *1 are|is processed", "not complete *2 immediately"}),
         {}},
        {{"other-function", "says what another function, object or component does or requires, or refers to it; its own page states that"},
         Duty::any,
         phrases({"for more|additional information", "for information about", "for list of *8 see",
                  "+hold|acquire|call.past by port|bus driver"}),
         {},
         &Reader::is_about_another},
        {{"opaque", "requires a property of an opaque object or of a buffer's contents, which neither the call nor its arguments show"},
         Duty::any,
         phrases({"is|considered opaque", "only *2 with|on|for *6 +create.past as"}),
         {},
         &Reader::requires_hidden_property},
        {{"open-list", "restricts to a family of functions that the page does not list, so that a check would report right uses"},
         Duty::any,
         {},
         {},
         &Reader::names_family},
        {{"duration", "says how long a state lasts that another sentence or page sets"},
         Duty::none,
         phrases({"remain|remains *4 until", "remain|remains in *3 state", "persist|persists until", "not +enable.past until"}),
         {}},
        {{"driver-design", "says what a driver does in its other routines or with its own data"},
         Duty::any,
         phrases({"work item|items", "cannot +use *2 <lock> to protect", "to *6 resources|data , *2 driver|thread *1 must"}),
         {},
         &Reader::is_drivers_own},
        {{"purpose", "says what the function is for"},
         Duty::any,
         phrases({"can|must +use <self> to", "<self> is for use", "protect|protects *8 from", "expose|exposes *8 to"}),
         phrases({"to *8 , *3 must|can +call|use *1 <self>", "to *8 , <self> call must"})},
        {{"purpose", ""},
         Duty::none,
         phrases({"<self> is +use.past by|to", "<self> +enable.third *1 caller|callers|driver|thread", "is|are +use.past to"}),
         {}},
        {{"definition", "says what an argument stands for or explains a term, and neither requires nor promises anything"},
         Duty::none,
         {},
         {},
         &Reader::is_definition},
    };
    return list;
}

}  // namespace

const std::vector<Category>& categories() {
    static const std::vector<Category> list = [] {
        std::vector<Category> result;
        for (const Grammar& entry : grammar())
            if (!entry.category.reason.empty()) result.push_back(entry.category);
        return result;
    }();
    return list;
}

std::string_view category_of(const Sentence& sentence, const std::string& self, const std::set<std::string>& parameters) {
    PageNames names;
    names.self = self;
    for (const std::string& parameter : parameters) names.parameters.emplace_back(parameter, parameter);
    const Reader reader(sentence, names);
    const bool obliges = reader.obliges();
    for (const Grammar& entry : grammar()) {
        if (entry.duty == Duty::none && obliges) continue;
        if (reader.matches(entry.anywhere) || reader.opens_with(entry.opening) || (entry.also != nullptr && (reader.*entry.also)()))
            return entry.category.name;
    }
    return {};
}

}  // namespace ddi::facts
