// One misuse in the checked build: everything before it must be right, and it must be reported under its rule and no other.
#pragma once

#include <functional>
#include <string>

#include "conformance/contract/contract.h"
#include "conformance/suite/walk.h"

namespace ddi::suite {

/// Records everything from here on; the set-up of a misuse must be right, the misuse itself must be noticed.
class Provocation {
  public:
    explicit Provocation(const char* rule) : rule_(rule) {}

    bool ready(const Outcome& outcome, const char* function);
    void expect_reported();
    void provoke(const std::function<void()>& misuse);
    /// What is done to clean up is not judged.
    void forgive() { recorder_.clear(); }

  private:
    std::string detail() const;
    std::string rule_;
    contract::Recorder recorder_{contract::Recorder::Mode::throw_before_call};
};

/// Objects and hand with everything done that has to come before the function.
struct Stage {
    SharedObjects objects = make_objects();
    Hand hand;
    bool held = false;
    Hand owner;  // of the hold that the call needs
    bool owned = false;

    bool set(Provocation& provocation, const Way& way, const Function& function);
    /// The object is initialized and, if `acquire`, held.
    bool begin(Provocation& provocation, const Way& way, bool acquire);
    void strike(const Way& way);
};

/// Leaves the regions entered for the hand, at the level that the thread is at.
void leave_regions(Hand& hand);

}  // namespace ddi::suite
