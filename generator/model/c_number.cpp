#include "generator/model/c_number.h"

#include <cerrno>
#include <cstdlib>

namespace ddi::model {

std::optional<std::int64_t> c_number(const std::string& text) {
    std::string digits = text;
    while (digits.size() > 2 && digits.front() == '(' && digits.back() == ')') digits = digits.substr(1, digits.size() - 2);
    while (!digits.empty() && (digits.back() == 'L' || digits.back() == 'l' || digits.back() == 'U' || digits.back() == 'u'))
        digits.pop_back();
    if (digits.empty()) return std::nullopt;
    const bool hex = digits.starts_with("0x") || digits.starts_with("0X");
    char* end = nullptr;
    errno = 0;
    const unsigned long long value = std::strtoull(digits.c_str(), &end, hex ? 16 : digits.size() > 1 && digits[0] == '0' ? 8 : 10);
    if (errno != 0 || end != digits.c_str() + digits.size()) return std::nullopt;
    return static_cast<std::int64_t>(value);
}

}  // namespace ddi::model
