// Which functions are wrapped, and in which header: what the stubs declare and a page states rules for, one implementation a function,
// also where several headers declare it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "generator/emit/wrappers/checks.h"
#include "generator/model/model.h"

namespace ddi::emit::wrappers {

/// What a stub header declares and includes; by the file's name ("wdm.h").
struct StubHeader {
    std::vector<const model::Api*> functions;
    std::vector<std::string> includes;
    std::set<const model::Api*> callbacks;  // types that it defines
};
using StubHeaders = std::map<std::string, StubHeader>;

/// As emit_stubs writes them.
StubHeaders stub_headers(const model::Model& model);
/// The same. `spelling`: types whose text differs in C here ("struct X" where only a typedef X exists).
StubHeaders stub_headers(const model::Model& model, std::map<std::string, std::string>& spelling);

struct WrappedHeader {
    std::vector<const model::Api*> functions;  // by name
    std::vector<const model::Api*> callbacks;
    std::vector<std::string> includes;  // headers whose wrappers must be in place too: those that the stub includes
};

/// Header file → what its wrapper holds. Headers through which nothing is checked are absent.
std::map<std::string, WrappedHeader> select_wrapped(const model::Model& model, const StubHeaders& stubs, const Context& context);

}  // namespace ddi::emit::wrappers
