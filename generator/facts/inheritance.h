// An interface's page → the interface that it inherits from, where a sentence of the page says so.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "generator/text/document.h"

namespace ddi::facts {

struct StatedBase {
    std::string name;
    std::string sentence;  // what stands around the verb, plain text
    text::Span span;       // of the block
};

/// "The IPort interface inherits from the IUnknown interface": IUnknown, for IPort. The subject must be the interface itself, by its
/// name or as "this interface" or "it"; a sentence about another interface says nothing. The first that says it counts.
std::optional<StatedBase> stated_base(const std::vector<text::Section>& sections, std::string_view interface);

}  // namespace ddi::facts
