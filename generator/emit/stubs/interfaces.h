// COM interfaces and C++ classes: what their pages and the pages of their methods say → which methods are declared, what they
// inherit, and what has to be left out. No page states the order of the methods.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generator/emit/stubs/declarable.h"

namespace ddi::emit::stubs {

struct Method {
    const model::Api* api = nullptr;
    std::string name;
    std::string of;         // the interface whose page documents it
    bool cpp_only = false;  // an overload: a table of C has the name once
};

struct InterfacePlan {
    std::string base;                // what it derives from in C++; empty: nothing
    std::string known_base;          // at the end of the chain: an interface of a hand-written header, or empty
    std::vector<Method> inherited;   // without those of `known_base` and those that are in `own`: for C
    std::vector<Method> own;         // by name
    std::vector<std::string> hides;  // methods of the base that an own one with other parameters would hide in C++
    std::vector<LeftOut> left_out;
};

/// Plans of interfaces without a problem, made when they are asked for.
class Interfaces {
  public:
    Interfaces(const TypeTable& table, Declarable& declarable) : table_(table), declarable_(declarable) {}
    const InterfacePlan& plan(std::size_t entry);

  private:
    InterfacePlan make_plan(std::size_t entry);
    /// Reason empty: it is not left out.
    LeftOut refuse(const TypeEntry& entry, const InterfacePlan& plan, const Method& method);
    bool same_parameters(const Method& a, const Method& b) const;
    bool same_result(const Method& a, const Method& b) const;
    std::string comparable(const std::string& type) const;

    const TypeTable& table_;
    Declarable& declarable_;
    std::map<std::size_t, InterfacePlan> plans_;
};

}  // namespace ddi::emit::stubs
