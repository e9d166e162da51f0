// How a name that nothing defines is used and spelled, and what the pages call it → what it must be. Unsure: nothing.
#pragma once

#include <map>
#include <set>
#include <string>

#include "generator/emit/stubs/type_uses.h"
#include "generator/model/model.h"

namespace ddi::emit::stubs {

/// What the pages say of a name: "the X structure", "an X enumeration".
struct Called {
    int structure = 0;
    int union_ = 0;
    int enumeration = 0;
    int interface = 0;
};

/// For these names, all pages' words right after them ("[KSPROPERTY] structure").
std::map<std::string, Called, std::less<>> what_pages_call(const model::Model& model, const std::set<std::string>& names);

/// How declarations use a name.
struct Evidence {
    int pointed_to = 0;      // "NAME *"
    int by_value = 0;        // "NAME"
    int says_pointer = 0;    // of these: an output, words like "pointer to", or a parameter named pX
    int says_handle = 0;     // of these: "A handle to …"
    int says_something = 0;  // of these: there are words
};

enum class Inferred {
    nothing,
    structure,     // incomplete
    union_,        // incomplete
    enumeration,   // 32 bits, enumerators not known
    handle,        // a pointer to a structure that nobody sees
    plain_handle,  // a pointer to anything
};
Inferred infer_type(const std::string& name, const Evidence& evidence, const Called& called);

/// "D3D12DDI_HDEVICE", a structure around a pointer or a number, whatever the pages call it: the letters before its own name, by which
/// its kin is known ("DDDIH"). Empty for other names.
std::string wrapped_handle_family(std::string_view name);

/// "X_HANDLER" is what a pointer to the callback X is called, or to the only one called WORD_X: the index of that callback, or -1.
int handled_callback(std::string_view name, const std::map<std::string, int, std::less<>>& callbacks);

/// "PFN_X" and "EVT_X" are one callback: the part that the two names share, or empty.
std::string callback_stem(std::string_view name);

}  // namespace ddi::emit::stubs
