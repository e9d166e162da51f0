#include "generator/facts/normative.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "generator/facts/tagged.h"
#include "generator/facts/words.h"

namespace ddi::facts {

namespace {

// The sentence's words in lower case between single blanks, signs too: " returns true if count > 0 ". Makes phrases easy to find.
std::string spaced(std::string_view text) {
    std::string result = " ";
    for (const Word& word : split_words(text)) result += word.lower + " ";
    return result;
}

bool has_any(const std::string& text, std::initializer_list<std::string_view> list) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view phrase) { return text.find(" " + std::string(phrase) + " ") != text.npos; });
}

bool starts_with_any(const std::string& text, std::initializer_list<std::string_view> list) {
    return std::any_of(list.begin(), list.end(),
                       [&](std::string_view phrase) { return text.starts_with(" " + std::string(phrase) + " "); });
}

}  // namespace

std::vector<Sentence> contract_sentences(const ContractText& text) {
    std::vector<Sentence> result;
    auto append = [&](std::vector<Sentence> more) { std::move(more.begin(), more.end(), std::back_inserter(result)); };
    for (const auto& [name, blocks] : text.parameters) {
        auto own = split_sentences(*blocks, Role::parameter);
        for (Sentence& sentence : own) sentence.parameter = name;
        append(std::move(own));
    }
    if (text.returns != nullptr) append(split_sentences(*text.returns, Role::returns));
    bool remarks = false;
    for (const text::Section& section : *text.sections) {
        const std::string heading = to_lower(section.heading);
        if (heading.starts_with("-")) remarks = heading.starts_with("-remarks");
        if (remarks) append(split_sentences(section.blocks, Role::remarks));
    }
    return result;
}

bool is_normative(const Sentence& sentence) {
    const std::string text = spaced(sentence.text);
    if (has_any(text, {"must",    "cannot",    "can't",       "only",     "never",    "always",   "guaranteed", "guarantee", "guarantees",
                       "returns", "returned",  "return",      "raises",   "raised",   "restores", "restored",   "disables",  "disabled",
                       "enables", "reenables", "reenabled",   "is held",  "are held", "holds",    "irql",       "deadlock",  "fatal",
                       "illegal", "error to",  "bug check",   "bugcheck", "required", "requires", "releases",   "acquires",  "waits",
                       "blocks",  "not be",    "immediately", "until",    "exception"}))
        return true;
    return text.find("_level ") != text.npos || text.find(" = dispatch") != text.npos;
}

const std::vector<Category>& categories() {
    static const std::vector<Category> list = {
        {"heading", "introduces a list, table or example, or is a table's heading, and states nothing of its own"},
        {"example", "shows or explains sample code"},
        {"build", "speaks of declarations, tools and libraries at build time, which no call shows"},
        {"version", "speaks of Windows versions or framework variants other than the one that is modelled, or of availability"},
        {"advice", "recommends, or describes the usual practice: a driver that does otherwise breaks nothing"},
        {"unspecified", "says that a result, an order or a side effect may vary, so there is nothing to compare with"},
        {"memory", "speaks of code, stacks and storage being pageable or staying allocated, which calls do not show"},
        {"scheduling", "speaks of processors, priorities, preemption or the time something takes, which calls do not show"},
        {"context", "speaks of the kind of thread or routine from which it is called, which a call does not show"},
        {"permission", "allows something: nothing that a caller could break, nothing that a call promises"},
        {"restatement", "explains the sentence before it, or draws a conclusion from it"},
        {"other-function", "says what another function, object or component does or requires, or refers to it; its own page states that"},
        {"opaque", "requires a property of an opaque object or of a buffer's contents, which neither the call nor its arguments show"},
        {"open-list", "restricts to a family of functions that the page does not list, so that a check would report right uses"},
        {"duration", "says how long a state lasts that another sentence or page sets"},
        {"purpose", "says what the function is for"},
        {"driver-design", "says what a driver does in its other routines or with its own data"},
        {"definition", "says what an argument stands for or explains a term, and neither requires nor promises anything"},
    };
    return list;
}

namespace {

struct Reader {
    const Sentence& sentence;
    const std::string& self;
    const std::set<std::string>& parameters;
    std::string text = spaced(sentence.text);

    bool has(std::initializer_list<std::string_view> list) const { return has_any(text, list); }
    bool starts(std::initializer_list<std::string_view> list) const { return starts_with_any(text, list); }
    bool obliges() const {
        return has(
            {"must", "cannot", "can't", "can not", "never", "fatal", "illegal", "error to", "not allowed", "do not", "can no longer"});
    }
    bool states_level() const { return has({"irql", "dirql"}) || text.find("_level ") != text.npos; }

    /// What stands before the first verb names another function and not this one; "this routine" is this one.
    bool subject_is_another() const {
        static const std::set<std::string> verbs = {"must",     "cannot", "can",      "may",     "might",    "should",   "is",
                                                    "are",      "was",    "has",      "have",    "returns",  "does",     "do",
                                                    "will",     "then",   "waits",    "sets",    "acquires", "releases", "raises",
                                                    "restores", "calls",  "disables", "enables", "uses",     "holds"};
        bool another = false;
        for (const Word& word : split_words(sentence.text)) {
            if (word.text == self || (word.lower == "routine" && text.starts_with(" this routine "))) return false;
            if (verbs.contains(word.lower)) return another;
            if (!parameters.contains(word.text) && is_function_name(word.text)) another = true;
        }
        return another;
    }
    bool names_another() const {
        for (const Word& word : split_words(sentence.text)) {
            if (word.text != self && !parameters.contains(word.text) && is_function_name(word.text)) return true;
        }
        return false;
    }
    bool names_self() const {
        return text.find(" " + to_lower(self) + " ") != text.npos || has({"this routine", "this function", "this method"});
    }

    bool heading() const { return sentence.text.ends_with(":") || (sentence.in_table && sentence.block && sentence.block->header); }
    bool example() const { return has({"code example", "following example", "sample", "the example", "this example", "code fragment"}); }
    bool build() const {
        return has({"static driver verifier", "sdv", "code analysis for drivers", "function declaration", "callback function type",
                    "role type", "compile", "compiler", "compiled", "header file", "wdk", "hlk", "win9x_compat_spinlock",
                    "_use_decl_annotations_", "annotation", "preprocessor", "successfully link", "conform to the following prototype",
                    "uses the ddi"});
    }
    bool version() const {
        return has({"earlier versions",
                    "previous versions",
                    "prior to windows",
                    "versions of windows",
                    "starting with windows",
                    "available starting",
                    "available only on",
                    "available in windows",
                    "beginning with windows",
                    "windows 2000",
                    "windows xp",
                    "windows vista",
                    "windows 7",
                    "windows server 2003",
                    "windows server 2008",
                    "obsolete",
                    "deprecated",
                    "supported only",
                    "operating system versions",
                    "active operating system",
                    "ndis 6",
                    "ndis 5",
                    "for umdf",
                    "reserved for system use",
                    "reserved for future use"});
    }
    bool advice() const {
        if (has({"should"})) return true;
        return !obliges() && has({"recommended",
                                  "recommend",
                                  "strongly encouraged",
                                  "typically",
                                  "usually",
                                  "generally",
                                  "best to",
                                  "preferred",
                                  "as soon as possible",
                                  "as quickly as possible",
                                  "for better performance",
                                  "most drivers",
                                  "consider",
                                  "take care",
                                  "requires care",
                                  "be careful",
                                  "be sure",
                                  "avoid",
                                  "good practice",
                                  "improve performance",
                                  "more efficient",
                                  "might want",
                                  "faster",
                                  "normally",
                                  "ordinarily",
                                  "convenience",
                                  "is useful",
                                  "minimize",
                                  "where possible",
                                  "special circumstances",
                                  "high probability",
                                  "whenever possible",
                                  "especially important",
                                  "instead of calling"});
    }
    bool unspecified() const {
        return has({"might",
                    "an appropriate ntstatus",
                    "appropriate error",
                    "appropriate ntstatus error",
                    "other return values",
                    "other ntstatus values",
                    "no guarantee",
                    "not guaranteed",
                    "cannot assume",
                    "cannot reliably",
                    "undefined",
                    "unpredictable",
                    "any particular",
                    "unspecified",
                    "other values",
                    "not significantly",
                    "in an unsafe manner",
                    "another error",
                    "not guarantee",
                    "certain circumstances"}) ||
               (has({"ntstatus", "status", "error"}) && has({"an appropriate", "appropriate"}));
    }
    bool memory() const {
        return has({"pageable", "paged out", "page fault", "page faults", "swapped", "local stack", "on the stack", "remain allocated",
                    "remains allocated", "freeing", "deallocate", "deallocated", "deallocation", "free the memory", "allocate the memory",
                    "pageable code", "code segment", "lock down", "be paged"});
    }
    bool scheduling() const {
        return has({"preempted", "preempt", "priority", "context switch", "microseconds", "milliseconds", "time-critical", "ready state",
                    "long time", "latency", "starved", "starve", "starvation", "contention", "boost", "page boundary", "dispatching"});
    }
    bool context() const {
        return has({"nonarbitrary", "arbitrary thread", "arbitrary context", "thread context", "context of", "system thread",
                    "process context", "from an isr", "an isr", "the isr", "interrupt service routine", "from within"});
    }
    bool permission() const {
        if (obliges()) return false;
        if (has({"can safely", "enables the caller", "enables a thread", "enables a driver", "allows the caller"})) return true;
        if (states_level() || has({"until", "returns", "returned", "only"})) return false;
        return has({"can", "may", "is possible", "are possible", "not have to", "need not", "not necessary", "optional", "is allowed",
                    "not required", "is legal", "allowed to", "not need", "permitted", "free to"});
    }
    bool restatement() const {
        return starts({"this means",     "that is",     "in other words", "consequently",     "as a result",   "therefore",
                       "thus",           "hence",       "this ensures",   "this behavior",    "for example",   "for instance",
                       "this prevents",  "doing so",    "likewise",       "similarly",        "in particular", "because",
                       "in contrast",    "otherwise",   "violation of",   "this restriction", "this rule",     "in this case",
                       "in these cases", "in that case"});
    }
    /// "ERESOURCE structures must be …" on the page of another kind of lock.
    bool speaks_of_structures() const {
        const auto words = split_words(sentence.text);
        if (words.size() < 2 || words[1].lower != "structures") return false;
        return std::all_of(words[0].text.begin(), words[0].text.end(), [](unsigned char c) { return c == '_' || std::isupper(c); });
    }
    bool other_function() const {
        if (speaks_of_structures()) return true;
        if (subject_is_another()) return true;
        if (!obliges() && names_another() && !states_level() && (has({"call", "use", "see", "calling"}) && !has({"returns", "returned"})) &&
            !names_self())
            return true;
        return starts({"the kewaitxxx routine",
                       "certain locks are held automatically",
                       "for each miniport driver callback",
                       "when the driver calls",
                       "releasing the",
                       "release of",
                       "to simply",
                       "when an event",
                       "when one non-isr thread",
                       "the system",
                       "the framework",
                       "the operating system",
                       "windows",
                       "the kernel",
                       "the i/o manager",
                       "the callback",
                       "the dpc",
                       "the port driver",
                       "avstream",
                       "the video port driver",
                       "the bus driver",
                       "other drivers",
                       "driver verifier",
                       "the verifier",
                       "storport",
                       "the gpio framework",
                       "gpioclx"}) ||
               has({"for more information", "for additional information", "for information about"});
    }
    bool driver_design() const {
        return has({"unload routine",
                    "unload routines",
                    "dispatchpnp",
                    "dispatch routine",
                    "dispatch routines",
                    "iocompletion",
                    "adddevice",
                    "driverentry",
                    "miniportinterrupt",
                    "drivercontext",
                    "driver's",
                    "minidriver's",
                    "device extension",
                    "its other functions",
                    "evtinterruptenable",
                    "i/o operations",
                    "leave that member unused",
                    "for each attempt that it makes",
                    "a driver thread must",
                    "must be evaluated for",
                    "must use this routine",
                    "when it has completed the irp",
                    "to access the shared data",
                    "processing occurs",
                    "processing dispatch",
                    "work item",
                    "irp_mn_remove_device",
                    "its internal",
                    "same resources",
                    "subset of resources"});
    }
    /// "Returns a SIZE_T value.": the type, which the declaration has.
    bool names_a_type_only() const {
        return has({"returns a", "returns an"}) && has({"value .", "construct ."}) && split_words(sentence.text).size() < 9;
    }
    bool open_list() const { return has({"only with"}) && sentence.text.find("Xxx") != std::string::npos; }
    bool duration() const {
        return !obliges() && has({"remains in", "remain in", "persists until", "not reenabled until", "only one instance",
                                  "only one instantiation", "instance of a particular"});
    }
    bool purpose() const {
        return starts({"this routine is for use", "this routine is used", "protect", "protects", "expose", "exposes", "to convert",
                       "to schedule", "each spin lock that"}) ||
               (!obliges() && has({"enables a", "enables an", "enables previously", "used to protect"}));
    }
    bool opaque() const {
        return obliges() &&
               has({"must be at the beginning", "must currently", "must be an or gate", "must be an and gate", "status information",
                    "valid call", "must point to a value", "opaque", "remaining unused bytes", "even four-byte boundary"});
    }
    bool definition() const {
        if (names_a_type_only() || has({"is considered opaque"})) return true;
        if (obliges() || has({"returns", "returned", "only"})) return false;
        return sentence.role == Role::parameter ||
               starts({"a pointer", "pointer", "specifies", "indicates", "a handle", "the number", "the value"}) ||
               has({"is a", "is an", "means", "defined as", "refers to", "is known as", "consists of", "is similar to", "are similar to"});
    }
};

}  // namespace

std::string_view category_of(const Sentence& sentence, const std::string& self, const std::set<std::string>& parameters) {
    const Reader reader{sentence, self, parameters};
    if (reader.heading()) return "heading";
    if (reader.example()) return "example";
    if (reader.build()) return "build";
    if (reader.version()) return "version";
    if (reader.advice()) return "advice";
    if (reader.unspecified()) return "unspecified";
    if (reader.memory()) return "memory";
    if (reader.scheduling()) return "scheduling";
    if (reader.context()) return "context";
    if (reader.permission()) return "permission";
    if (reader.restatement()) return "restatement";
    if (reader.other_function()) return "other-function";
    if (reader.opaque()) return "opaque";
    if (reader.open_list()) return "open-list";
    if (reader.duration()) return "duration";
    if (reader.purpose()) return "purpose";
    if (reader.driver_design()) return "driver-design";
    if (reader.definition()) return "definition";
    return {};
}

}  // namespace ddi::facts
