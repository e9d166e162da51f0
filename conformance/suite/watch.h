// Whether the checking wrappers watch the run: one implementation records their violations, the other, for the bare build, has none.
#pragma once

#include <string>
#include <vector>

namespace ddi::suite::watch {

/// Forgets all earlier calls and starts recording.
void begin();
/// The rules reported since, with what was observed; nothing in a bare build.
std::vector<std::string> end();
/// What was reported up to now was meant to be: the test misuses a function to see the implementation refuse it.
void forgive();

}  // namespace ddi::suite::watch
