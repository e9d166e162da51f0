// Any bytes → what is wrong with the Page that the reader makes of them: nothing, ever. Used by the fuzz target and its replay.
#pragma once

#include <string>
#include <string_view>

namespace ddi::page::fuzz {

/// Empty, or a sentence about a promise of page.h or document.h that the page breaks.
std::string what_is_wrong(std::string_view bytes);

}  // namespace ddi::page::fuzz
