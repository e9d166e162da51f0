#include "generator/facts/inheritance.h"

#include <gtest/gtest.h>

namespace ddi::facts {
namespace {

std::string base_of(std::string_view interface, const std::string& words) {
    text::Block block;
    block.text = words;
    text::Section section;
    section.blocks = {block};
    auto base = stated_base({section}, interface);
    return base ? base->name : std::string();
}

TEST(Inheritance, IsWhatTheSentenceAboutTheInterfaceSays) {
    EXPECT_EQ(base_of("IPort", "The IPort interface inherits from the IUnknown interface."), "IUnknown");
    EXPECT_EQ(base_of("IPort2", "Manages a port. IPort2 inherits from IPort. IPort2 also has these types of members:"), "IPort");
    EXPECT_EQ(base_of("IPort", "This interface is derived from the standard COM IUnknown interface."), "IUnknown");
}

TEST(Inheritance, OfAnotherInterfaceSaysNothing) {
    EXPECT_EQ(base_of("IPort", "The IMiniport interface inherits from the IUnknown interface."), "");
    EXPECT_EQ(base_of("IPort", "The MyIPort interface inherits from the IUnknown interface."), "");
    EXPECT_EQ(base_of("IPort", "A class of the driver inherits from IPort."), "");
    EXPECT_EQ(base_of("IPort", "The IPort interface inherits from a base class."), "");
    EXPECT_EQ(base_of("IPort", "The IPort interface is not a COM interface: it does not inherit from IUnknown."), "");
}

}  // namespace
}  // namespace ddi::facts
