// One generated test file: the constants that its tests use, the tests of behaviour, and those that only a checked build has.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "generator/emit/tests/call_text.h"
#include "generator/emit/tests/knowledge.h"

namespace ddi::emit::tests {

class TestFile {
  public:
    /// `name`: "wdm_spin_lock", also the test suite's name.
    TestFile(std::string name, const Knowledge& knowledge) : name_(std::move(name)), knowledge_(&knowledge) {}

    /// From now on everything belongs to the checked build.
    void begin_violations() { checked_ = true; }
    bool violations() const { return checked_; }

    /// Defines the constant if need be; false if the call cannot be written.
    bool use(const Step& step);
    bool use(const Way& way);
    /// Defines the function that a host calls for this callback, and the constant that names it.
    bool use_callback(const Api& callback);

    /// One test for the rule; gives its full name.
    std::string test(const Api& api, const Rule& rule, const std::vector<std::string>& body);

    /// A test of a function that belongs to no rule.
    void call_test(const Api& api, const std::string& line);

    bool empty() const { return behaviour_.empty() && violation_.empty(); }
    const std::string& name() const { return name_; }
    std::string text() const;

  private:
    void define(const std::string& name, const std::string& text);
    void note(const Api& api);

    std::string name_;
    const Knowledge* knowledge_;
    bool checked_ = false;
    std::set<std::string> defined_, headers_, pages_;
    std::vector<std::string> definitions_, checked_definitions_;
    std::vector<std::string> behaviour_, violation_;
};

/// "callback_PFNKSPINIRP" and the step-like constant "call_checked_PFNKSPINIRP" of checked builds.
std::string callback_name(const Api& callback);
std::string checked_callback_name(const Api& callback);

}  // namespace ddi::emit::tests
