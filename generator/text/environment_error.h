// The one exception of the generator: something outside the documentation stops the work (missing folder, full disk,
// unknown revision). Caught in main, printed as one sentence, exit code 2.
#pragma once

#include <stdexcept>

namespace ddi::text {

class EnvironmentError : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

}  // namespace ddi::text
