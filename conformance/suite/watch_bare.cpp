#include "conformance/suite/watch.h"

namespace ddi::suite::watch {

void begin() {}
std::vector<std::string> end() { return {}; }
void forgive() {}

}  // namespace ddi::suite::watch
