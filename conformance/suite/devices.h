// What drivers under test get from the kernel's hosts beside streaming, network and video: interrupt objects, a StorPort adapter, the
// driver framework's objects, a GPIO controller, a cancel-safe queue. Made on demand, the same object for the same question.
#pragma once

#include <memory>
#include <string>

#include "conformance/suite/implementation.h"

namespace ddi::suite {

/// What the suite means by DIRQL: every interrupt of the hosts has that level, so that a call at it is no call from above. A test
/// that is about another level asks for it.
inline constexpr unsigned char device_level = 8;

class Devices {
  public:
    Devices();
    ~Devices();

    /// Null: none of these.
    void* object(const std::string& header, const std::string& type, const std::string& parameter);
    /// For interrupts that are not made yet.
    void set_interrupt_level(unsigned char level) { level_ = level; }
    /// Calls a driver's routine of that type as its page says; false: not one of these types.
    bool call(const std::string& type, void (*callback)(), CallbackReport& report);

  private:
    /// Only the framework has interrupts of PASSIVE_LEVEL, and none is as low as DISPATCH_LEVEL.
    unsigned char dirql() const { return level_ > 2 ? level_ : device_level; }

    unsigned char level_ = device_level;
    struct Made;
    std::unique_ptr<Made> made_;
};

}  // namespace ddi::suite
