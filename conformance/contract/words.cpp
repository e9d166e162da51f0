#include "conformance/contract/words.h"

#include <cstdio>

namespace ddi::contract {

std::string holder(const Hold& hold, std::uint64_t thread) {
    std::string who = hold.thread == thread ? "by the caller"
                      : hold.thread == 0    ? "by no thread"
                                            : "by thread " + std::to_string(hold.thread);
    return std::string(hold.object.noun) + " held " + who + ", acquired by " + hold.function;
}

std::string one_of(const char* functions) {
    std::string text = functions;
    for (std::size_t at = text.find(' '); at != std::string::npos; at = text.find(' ', at + 2)) text.replace(at, 1, ", ");
    return text;
}

std::string hex(Key value) {
    char text[32];
    std::snprintf(text, sizeof text, "0x%zx", static_cast<std::size_t>(value));
    return text;
}

}  // namespace ddi::contract
