// One rule → the misuse (conformance/suite/misuse.h) that must be reported under exactly this rule. One member a kind of clause; what only
// a faulty implementation breaks has none.
#pragma once

#include <optional>
#include <string>

#include "generator/emit/tests/case_writer.h"

namespace ddi::emit::tests {

class Violation : public CaseWriter {
  public:
    using CaseWriter::CaseWriter;
    Case run();

  private:
    bool say(const char* misuse, const std::optional<Way>& way, const std::string& more = {}) {
        return way && add(misuse, id(), *way, more);
    }
    const char* unchecked() const;
    bool checked_before() const;
    /// Levels that the other rules of the function allow for these arguments: there only this rule is broken.
    facts::LevelSet allowed_by_others(const facts::clause::IrqlEntry& own) const;
    template <class Content>
    void provoke(const Content&) {}  // effects: an implementation's fault
    void provoke(const facts::clause::IrqlEntry& c);
    void provoke(const facts::clause::RequiresApcsDisabled& c);
    void provoke(const facts::clause::RequiresInitialized& c);
    void provoke(const facts::clause::Acquire&);
    void provoke(const facts::clause::Release& c);
    /// Neither page names the other function.
    bool strangers(const Api& acquire, const Api& release) const;
    void provoke(const facts::clause::ReleaseWith&);
    bool released_by(const Api& release, const Way& way, const ObjectRef& taken, const ObjectRef& given);
    void provoke(const facts::clause::Releases& c);
    void provoke(const facts::clause::ReleasesNot& c);
    void provoke(const facts::clause::Owner&);
    void provoke(const facts::clause::Recursion& c);
    void provoke(const facts::clause::Waits& c);
    void provoke(const facts::clause::ApcEnable&);
    void provoke(const facts::clause::Argument& c);
    void provoke(const facts::clause::NotCombined& c);
    void provoke(const facts::clause::HeldOnEntry&);
    void provoke(const facts::clause::Pending& c);

    // Order, arguments, memory, states (violation_order.cpp).
    void provoke(const facts::clause::Resident& c);
    void provoke(const facts::clause::Aligned& c);
    void provoke(const facts::clause::ArgumentValue& c);
    void provoke(const facts::clause::ArgumentSame& c);
    void provoke(const facts::clause::PrecededBy&);
    void provoke(const facts::clause::FollowedBy& c);
    void provoke(const facts::clause::AfterwardsOnly& c);
    void provoke(const facts::clause::Order& c);
    void provoke(const facts::clause::RequiresHeld&);
    void provoke(const facts::clause::NotHeldOnEntry& c);
    void provoke(const facts::clause::SameProcessor&);
    void provoke(const facts::clause::SameIrql&);
    void provoke(const facts::clause::Convert&);
    /// It is what the function acquires.
    bool acquires_it(const std::optional<ObjectRef>& ref) const;
    /// The call without the hold that it needs.
    Way unheld() const;
    bool ends_hold() const { return find_clause<facts::clause::Release>(api_) != nullptr; }
};

}  // namespace ddi::emit::tests
