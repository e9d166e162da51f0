// What a page says of a routine that no revision declares → its prototype, or the reason why there is none. A prototype is given only
// where the result's type and every parameter's are sure: read from the page's own words, or the same in all comparable declarations.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/facts/facts.h"
#include "generator/facts/type_names.h"
#include "generator/model/sample_calls.h"
#include "generator/model/type_evidence.h"

namespace ddi::model {

struct RoutineText {
    struct Parameter {
        std::string_view name;
        facts::Direction direction = facts::Direction::unknown;
        const std::vector<text::Block>* text = nullptr;
    };
    std::string_view header, technology;
    std::string_view name;  // "IInterface.Method"
    page::PageKind kind = page::PageKind::function;
    bool is_macro = false;
    std::vector<Parameter> parameters;
    const facts::ReturnFact* returns = nullptr;
    std::string_view description;  // its first paragraph
};

/// One type, and how it came about: for reports and for measuring.
struct InferredType {
    std::string type;    // empty: not known
    std::string reason;  // why, or why not
    double margin = 0;   // how much more speaks for it than for any other type; measured by inference_corpus_test
    bool said = false;   // the page says it; else only other pages' declarations do
    bool is_sure() const { return !type.empty() && margin >= (said ? 2.6 : 3.3); }
};

class Inference {
  public:
    Inference(const facts::TypeNames& names, const SampleCalls& calls) : names_(names), calls_(calls), evidence_(names) {}

    /// A routine with a declaration. `declared`: for each of the routine's parameters its declaration, or null.
    void learn(const RoutineText& routine, const std::vector<const facts::DeclaredParameter*>& declared, std::string_view result);

    /// `routine` itself has no voice, so that what is declared can be measured.
    InferredType parameter(const RoutineText& routine, std::size_t index) const;
    InferredType result(const RoutineText& routine) const;

    struct Prototype {
        std::optional<facts::Declaration> declaration;
        std::string reason;  // why there is none
    };
    Prototype infer(const RoutineText& routine) const;

  private:
    Described describe(const RoutineText& routine, std::size_t index) const;
    /// `general`: of a routine that has no words on a result, without what its description says.
    Described describe_result(const RoutineText& routine, bool general) const;
    bool same(std::string_view a, std::string_view b) const { return names_.split(a) == names_.split(b); }

    const facts::TypeNames& names_;
    const SampleCalls& calls_;
    TypeEvidence evidence_;
};

}  // namespace ddi::model
