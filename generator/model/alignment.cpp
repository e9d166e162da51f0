#include "generator/model/alignment.h"

#include <algorithm>
#include <cstdint>

namespace ddi::model {

Alignment align(const std::vector<std::string>& old_names, const std::vector<std::string>& new_names) {
    const std::size_t n = old_names.size(), m = new_names.size();
    Alignment out;
    std::size_t i = 0, j = 0;
    const auto differ = [&](std::size_t old_end, std::size_t new_end) {
        if (i < old_end || j < new_end) out.differences.push_back({i, old_end, j, new_end});
        i = old_end, j = new_end;
    };
    const auto match = [&] { out.same.emplace_back(i++, j++); };
    while (i < n && j < m && old_names[i] == new_names[j]) match();
    std::size_t tail = 0;
    while (tail < n - i && tail < m - j && old_names[n - 1 - tail] == new_names[m - 1 - tail]) ++tail;
    // length[a][b]: of the longest common subsequence of what is left from a and b on.
    const std::size_t rows = n - i - tail, columns = m - j - tail, first_row = i, first_column = j;
    std::vector<std::uint32_t> length((rows + 1) * (columns + 1), 0);
    const auto at = [&](std::size_t a, std::size_t b) -> std::uint32_t& { return length[a * (columns + 1) + b]; };
    for (std::size_t a = rows; a-- > 0;) {
        for (std::size_t b = columns; b-- > 0;) {
            at(a, b) =
                old_names[first_row + a] == new_names[first_column + b] ? at(a + 1, b + 1) + 1 : std::max(at(a + 1, b), at(a, b + 1));
        }
    }
    std::size_t a = 0, b = 0;
    while (a < rows && b < columns) {
        if (old_names[first_row + a] == new_names[first_column + b]) {
            differ(first_row + a, first_column + b);
            match();
            ++a, ++b;
        } else if (at(a + 1, b) >= at(a, b + 1)) {
            ++a;
        } else {
            ++b;
        }
    }
    differ(n - tail, m - tail);
    while (i < n) match();
    return out;
}

}  // namespace ddi::model
