// Locks → Clang's thread-safety attributes: which types are capabilities, and what a function's prototype says about them.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "generator/emit/wrappers/checks.h"
#include "generator/model/model.h"

namespace ddi::emit::wrappers {

class Capabilities {
  public:
    Capabilities(const model::Model& model, const Context& context);

    /// " DDI_ACQUIRE(*SpinLock)" to put behind a prototype, or empty.
    std::string attributes(const model::Api& api) const;
    /// The parameter that the attributes name ("*SpinLock"), or empty.
    std::string locked_parameter(const model::Api& api) const;
    /// wrappers/ddi_capabilities.h.
    std::string header(const std::string& head) const;

  private:
    struct Part {
        std::string macro;  // "DDI_ACQUIRE"
        std::string parameter;
        std::string type;   // base type of the parameter
        bool exact = true;  // the attribute would say all that the clause says
    };
    std::vector<Part> parts(const model::Api& api) const;

    const Context* context_;
    std::set<std::string> shared_types_;               // types that some function acquires shared
    std::set<std::string> usable_;                     // types of which acquisitions and releases can all be annotated
    std::map<std::string, std::string> declarations_;  // type → its declaration with the attribute
};

}  // namespace ddi::emit::wrappers
