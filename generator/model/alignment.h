// Two lists of names of the same thing, an old and a new one → which names they share in order, and what stands between these.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace ddi::model {

/// A stretch where the lists differ: [old_begin, old_end) was there, [new_begin, new_end) is there now. Either may be empty, never both.
struct Difference {
    std::size_t old_begin = 0, old_end = 0, new_begin = 0, new_end = 0;
};

struct Alignment {
    std::vector<std::pair<std::size_t, std::size_t>> same;  // old index, new index; ascending in both
    std::vector<Difference> differences;                    // ascending
};

/// The longest common subsequence. Quadratic; lists are a few hundred names long.
Alignment align(const std::vector<std::string>& old_names, const std::vector<std::string>& new_names);

}  // namespace ddi::model
