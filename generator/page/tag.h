// One HTML tag, as cmark hands it over inside a paragraph or as gumbo names it → what it does to running text.
#pragma once

#include <string>
#include <string_view>

namespace ddi::page {

/// `unknown`: no tag of HTML, so it was meant as text: `ComPtr<IModelObject>`.
enum class TagRole { unknown, bold, italic, code, link, breaks, superscript, plain, skip };

struct Tag {
    std::string name;  // lower case
    bool closing = false;
    bool comment = false;  // a comment, declaration or processing instruction
    std::string href;      // entities as written
};

/// `literal` is a whole tag, with its angle brackets.
Tag parse_tag(std::string_view literal);
TagRole role_of(std::string_view name);

}  // namespace ddi::page
