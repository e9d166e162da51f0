// What the writers of behaviour and of misuse share: the rule at hand, its situation, and how a line of a test's body is made.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/emit/tests/cases.h"
#include "generator/emit/tests/situation.h"

namespace ddi::emit::tests {

class CaseWriter {
  public:
    CaseWriter(const Api& api, const Rule& rule, const Knowledge& knowledge, TestFile& file)
        : api_(api), rule_(rule), knowledge_(knowledge), file_(file), situation_(situation_of(api, rule, knowledge)) {}

  protected:
    Step step() const { return {&api_, situation_.arguments}; }
    /// Another function, as it is usually called.
    Step usual(const Api& api) const { return {&api, argument_choices(api, knowledge_.types()).front()}; }
    bool is_callback() const { return api_.kind == page::PageKind::callback; }
    void because(const std::string& reason) { case_.reason = reason; }
    /// ", call_Function" for the function under test.
    std::string call() const { return ", " + call_name(step()); }
    std::string id() const;
    /// ", Levels::…" where the condition of the rule limits the levels.
    std::string within() const;

    /// The way in the situation of the rule: from the state that its condition asks for, after the calls that have to come before.
    Way arranged(Way way) const;
    /// ... and after the call that fills the structure which this one takes.
    Way filled(Way way, const Step& step) const;
    /// The rule is broken by leaving out what has to come before.
    bool omits_predecessor_ = false;
    /// `choreography(first, way, more…);` once; false if some argument cannot be supplied. `first` may be empty.
    bool add(const std::string& choreography, const std::string& first, const Way& way, const std::string& more);
    void add_line(const std::string& line);
    /// The call with an object that it may be given beside its own (a timer's DPC); none if the clause is not about such a one.
    std::optional<Step> with_second_object(const facts::Object& object) const;
    /// With what other pages say of the same function.
    const Api& whole(const Api& api) const { return knowledge_.context().effective(api); }
    /// The type of the object that the function is about; empty if the host has it.
    std::string domain(const Api& api) const;
    /// A way whose steps this function is none of: the function alone on an object that is initialized.
    std::optional<Way> way_of_function() const { return knowledge_.way_of(step()); }

    const Api& api_;
    const Rule& rule_;
    const Knowledge& knowledge_;
    TestFile& file_;
    Situation situation_;
    Case case_;
};

bool contains(const std::vector<std::string>& names, const std::string& name);

/// "DpcLock|StartIoLock": the values that have one place in an order.
std::vector<std::string> alternatives(const std::string& place);

/// The parameter of that name in the function's signature, which it must have; null: none.
const model::Parameter* parameter_named(const Api& api, const std::string& name);

}  // namespace ddi::emit::tests
