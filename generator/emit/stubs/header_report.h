// Model → for every generated header, what of each page is declared in it, from which origin, and why it is not more.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/model/model.h"

namespace ddi::emit {

enum class StubState {
    whole,    // a prototype; a structure with every member; an enumeration with its enumerators; an interface with all methods
    partial,  // some members or methods are known, others are not
    opaque,   // a name to point to, and nothing in it
    named,    // an enumeration without enumerators, a control code without its value
    missing,
};
const char* state_name(StubState state);  // "whole", …

struct StubEntry {
    const model::Api* api = nullptr;
    StubState state = StubState::missing;
    facts::Origin origin = facts::Origin::declaration;  // of what is declared
    std::string reason;                                 // why it is not whole
};

/// Every API that belongs to a header, by header file; entries in model order.
std::map<std::string, std::vector<StubEntry>> report_headers(const model::Model& model);

}  // namespace ddi::emit
