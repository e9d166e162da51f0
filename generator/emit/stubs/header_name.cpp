#include "generator/emit/stubs/header_name.h"

#include <algorithm>
#include <array>

#include "generator/text/escape.h"

namespace ddi::emit::stubs {

namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool name_char(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '.'; }

bool is_header(std::string_view word) {
    static constexpr std::array<std::string_view, 6> endings = {".h", ".hpp", ".hxx", ".idl", ".inl", ".inc"};
    return std::any_of(endings.begin(), endings.end(),
                       [&](std::string_view ending) { return word.size() > ending.size() && word.ends_with(ending); });
}

}  // namespace

std::vector<std::string> header_files(std::string_view value) {
    std::vector<std::string> files;
    std::string word;
    for (std::size_t i = 0; i <= value.size(); ++i) {
        char c = i < value.size() ? lower(value[i]) : ' ';
        if (name_char(c)) {
            word += c;
            continue;
        }
        while (!word.empty() && word.back() == '.') word.pop_back();
        if (is_header(word)) {
            std::string file = text::to_file_name(word);
            if (std::find(files.begin(), files.end(), file) == files.end()) files.push_back(std::move(file));
        }
        word.clear();
    }
    return files;
}

std::string header_file(std::string_view value) {
    auto files = header_files(value);
    return files.empty() ? std::string() : files.front();
}

}  // namespace ddi::emit::stubs
