#include "generator/facts/normative.h"

#include <algorithm>
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
        {"heading", "introduces a list, table or example and states nothing of its own"},
        {"example", "shows or explains sample code"},
        {"build", "speaks of declarations, tools and libraries at build time, which no call shows"},
        {"version", "speaks of Windows versions other than the one that is modelled, or of availability"},
        {"advice", "recommends, or describes the usual practice: a driver that does otherwise breaks nothing"},
        {"permission", "allows something: nothing that a caller could break, nothing that a call promises"},
        {"unspecified", "says that a result or an order may vary, so there is nothing to compare with"},
        {"memory", "speaks of code, stacks and storage being pageable or staying allocated, which calls do not show"},
        {"scheduling", "speaks of processors, priorities, preemption or the time something takes"},
        {"context", "speaks of the kind of thread or routine from which it is called, which a call does not show"},
        {"other-function", "says what another function, callback or component does or requires; its own page states that"},
        {"driver-design", "says what a driver does with its own data or in its other routines"},
        {"definition", "explains a term, a type or what an argument stands for, and neither requires nor promises anything"},
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

    /// The first name of a function in the sentence, and whether it is this page's own.
    std::string first_function() const {
        for (const Word& word : split_words(sentence.text)) {
            if (word.text == self) return self;
            if (!parameters.contains(word.text) && is_function_name(word.text)) return word.text;
        }
        return {};
    }
    bool names_self() const { return text.find(" " + to_lower(self) + " ") != text.npos; }
    bool obliges() const { return has({"must", "must not", "cannot", "never", "fatal", "illegal", "error to", "not allowed"}); }

    bool heading() const { return sentence.text.ends_with(":") || (sentence.in_table && sentence.block && sentence.block->header); }
    bool example() const {
        return has({"code example", "following example", "sample", "the example", "this example", "for example , the following"});
    }
    bool build() const {
        return has({"static driver verifier",
                    "sdv",
                    "code analysis for drivers",
                    "function declaration",
                    "callback function type",
                    "role type",
                    "compile",
                    "compiler",
                    "compiled",
                    "macro is defined",
                    "header file",
                    "wdk",
                    "hlk",
                    "link to",
                    "linked",
                    "win9x_compat_spinlock",
                    "#define",
                    "_use_decl_annotations_",
                    "annotation",
                    "library",
                    "preprocessor",
                    "the c compiler",
                    "inline",
                    "uses the ddi",
                    "sizeof operator"});
    }
    bool version() const {
        return has({"earlier versions",
                    "previous versions",
                    "prior to",
                    "versions of windows",
                    "starting with windows",
                    "available starting",
                    "available only on",
                    "beginning with windows",
                    "windows 2000",
                    "windows xp",
                    "windows vista",
                    "windows 7",
                    "windows 8",
                    "windows 10",
                    "windows server 2003",
                    "windows server 2008",
                    "obsolete",
                    "deprecated",
                    "supported only",
                    "active operating system",
                    "not supported",
                    "ndis 6",
                    "ndis 5",
                    "server 2003",
                    "windows me",
                    "reserved for system use",
                    "kmdf",
                    "umdf",
                    "version 1"});
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
                                  "as possible",
                                  "for better performance",
                                  "most drivers",
                                  "consider",
                                  "take care",
                                  "requires care",
                                  "be careful",
                                  "be sure",
                                  "avoid",
                                  "instead of",
                                  "rather than",
                                  "often",
                                  "good practice",
                                  "improve performance",
                                  "important to",
                                  "note that",
                                  "might want",
                                  "useful",
                                  "performance",
                                  "efficient",
                                  "faster",
                                  "normally",
                                  "convenience",
                                  "minimize",
                                  "ordinarily"});
    }
    bool permission() const {
        if (obliges() || has({"only", "returns", "returned"})) return false;
        return has({"can", "may", "is possible", "are possible", "does not have to", "do not have to", "need not", "not necessary",
                    "optional", "is allowed", "not required", "is legal", "allowed to", "not need to", "does not need", "do not need",
                    "permitted", "free to"});
    }
    bool unspecified() const {
        return has({"might", "may return", "appropriate ntstatus", "appropriate error", "other return values", "error code", "error status",
                    "no guarantee", "not guaranteed", "cannot assume", "cannot reliably", "undefined", "unpredictable", "any particular",
                    "not predictable", "unspecified", "one of the following", "other values", "not significantly"});
    }
    bool memory() const {
        return has({"pageable",  "paged out", "page fault", "page faults", "swapped", "local stack", "on the stack", "nonpaged",
                    "non-paged", "resident",  "allocated",  "free the",    "freeing", "deallocate",  "deallocated",  "deallocation",
                    "storage",   "memory",    "buffer",     "alignment",   "aligned", "pool",        "code segment"});
    }
    bool scheduling() const {
        return has({"preempted",      "preempt",
                    "priority",       "priorities",
                    "processor",      "processors",
                    "context switch", "microseconds",
                    "milliseconds",   "time-critical",
                    "scheduler",      "ready state",
                    "long time",      "latency",
                    "starved",        "starve",
                    "contention",     "interlocked operations",
                    "hardware",       "interrupts",
                    "clock",          "multiprocessor",
                    "boost",          "starvation",
                    "at a time",      "dispatcher database"});
    }
    bool context() const {
        return has({"nonarbitrary", "arbitrary thread", "arbitrary context", "thread context", "context of", "system thread",
                    "process context", "isr", "interrupt service", "in the context", "from within", "running in"});
    }
    bool other_function() const {
        const std::string first = first_function();
        if (!first.empty() && first != self && !names_self()) return true;
        return starts({"the kewaitxxx routine",
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
                       "ndis",
                       "storport",
                       "the video port driver",
                       "the bus driver",
                       "the caller's callback",
                       "other drivers",
                       "a function driver",
                       "the memory manager",
                       "driver verifier",
                       "the verifier"}) ||
               has({"the callback routine", "the port driver", "the class driver", "the dispatch routine", "for more information", "see"});
    }
    bool driver_design() const {
        return has({"driver", "drivers", "miniport", "minidriver", "minidrivers", "caller", "callers", "object", "device", "shared",
                    "resources", "data", "the thread", "threads", "a thread"});
    }
    bool definition() const {
        return sentence.role == Role::parameter ||
               has({"is a", "are", "is an", "means", "defined", "specifies", "indicates", "contains", "represents", "describes",
                    "identifies", "used to", "is used", "provides", "is the"});
    }
};

}  // namespace

std::string_view category_of(const Sentence& sentence, const std::string& self, const std::set<std::string>& parameters,
                             const Sentence* previous) {
    const Reader reader{sentence, self, parameters};
    (void)previous;
    if (reader.heading()) return "heading";
    if (reader.example()) return "example";
    if (reader.build()) return "build";
    if (reader.version()) return "version";
    if (reader.advice()) return "advice";
    if (reader.permission()) return "permission";
    if (reader.unspecified()) return "unspecified";
    if (reader.memory()) return "memory";
    if (reader.scheduling()) return "scheduling";
    if (reader.context()) return "context";
    if (reader.other_function()) return "other-function";
    return {};
}

}  // namespace ddi::facts
