#include "generator/page/tag.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace ddi::page {
namespace {

struct Known {
    std::string_view name;
    TagRole role;
};

constexpr std::array known{
    Known{"a", TagRole::link},         Known{"abbr", TagRole::plain},      Known{"acronym", TagRole::plain},
    Known{"b", TagRole::bold},         Known{"big", TagRole::plain},       Known{"blockquote", TagRole::breaks},
    Known{"br", TagRole::breaks},      Known{"caption", TagRole::breaks},  Known{"center", TagRole::breaks},
    Known{"cite", TagRole::italic},    Known{"code", TagRole::code},       Known{"col", TagRole::plain},
    Known{"colgroup", TagRole::plain}, Known{"dd", TagRole::breaks},       Known{"del", TagRole::plain},
    Known{"details", TagRole::breaks}, Known{"dfn", TagRole::italic},      Known{"div", TagRole::breaks},
    Known{"dl", TagRole::breaks},      Known{"dt", TagRole::breaks},       Known{"em", TagRole::italic},
    Known{"font", TagRole::plain},     Known{"h1", TagRole::breaks},       Known{"h2", TagRole::breaks},
    Known{"h3", TagRole::breaks},      Known{"h4", TagRole::breaks},       Known{"h5", TagRole::breaks},
    Known{"h6", TagRole::breaks},      Known{"hr", TagRole::breaks},       Known{"i", TagRole::italic},
    Known{"img", TagRole::skip},       Known{"ins", TagRole::plain},       Known{"kbd", TagRole::code},
    Known{"li", TagRole::breaks},      Known{"mark", TagRole::plain},      Known{"nobr", TagRole::plain},
    Known{"ol", TagRole::breaks},      Known{"p", TagRole::breaks},        Known{"pre", TagRole::breaks},
    Known{"q", TagRole::plain},        Known{"s", TagRole::plain},         Known{"samp", TagRole::code},
    Known{"section", TagRole::breaks}, Known{"small", TagRole::plain},     Known{"span", TagRole::plain},
    Known{"strike", TagRole::plain},   Known{"strong", TagRole::bold},     Known{"sub", TagRole::plain},
    Known{"summary", TagRole::breaks}, Known{"sup", TagRole::superscript}, Known{"table", TagRole::breaks},
    Known{"tbody", TagRole::breaks},   Known{"td", TagRole::breaks},       Known{"text", TagRole::plain},
    Known{"tfoot", TagRole::breaks},   Known{"th", TagRole::breaks},       Known{"thead", TagRole::breaks},
    Known{"tr", TagRole::breaks},      Known{"tt", TagRole::code},         Known{"u", TagRole::plain},
    Known{"ul", TagRole::breaks},      Known{"var", TagRole::italic},      Known{"wbr", TagRole::plain},
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Value of href, in any quotes or none.
std::string find_href(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        while (at < text.size() && (is_space(text[at]) || text[at] == '/')) ++at;
        const std::size_t name_begin = at;
        while (at < text.size() && !is_space(text[at]) && text[at] != '=' && text[at] != '>') ++at;
        std::string name(text.substr(name_begin, at - name_begin));
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        while (at < text.size() && is_space(text[at])) ++at;
        if (at >= text.size() || text[at] != '=') {
            if (at == name_begin) ++at;
            continue;
        }
        ++at;
        while (at < text.size() && is_space(text[at])) ++at;
        std::string_view value;
        if (at < text.size() && (text[at] == '"' || text[at] == '\'')) {
            const std::size_t end = std::min(text.find(text[at], at + 1), text.size());
            value = text.substr(at + 1, end - at - 1);
            at = end + 1;
        } else {
            const std::size_t end = std::min(text.find_first_of(" \t\r\n>", at), text.size());
            value = text.substr(at, end - at);
            at = end;
        }
        if (name == "href") return std::string(value);
    }
    return {};
}

}  // namespace

Tag parse_tag(std::string_view literal) {
    Tag tag;
    if (literal.size() < 2 || literal[1] == '!' || literal[1] == '?') {
        tag.comment = true;
        return tag;
    }
    tag.closing = literal[1] == '/';
    std::size_t at = tag.closing ? 2 : 1;
    const auto is_name = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == ':'; };
    while (at < literal.size() && is_name(literal[at]))
        tag.name += static_cast<char>(std::tolower(static_cast<unsigned char>(literal[at++])));
    if (tag.name == "a" && !tag.closing) tag.href = find_href(literal.substr(at));
    return tag;
}

TagRole role_of(std::string_view name) {
    const auto found =
        std::lower_bound(known.begin(), known.end(), name, [](const Known& known, std::string_view name) { return known.name < name; });
    return found != known.end() && found->name == name ? found->role : TagRole::unknown;
}

}  // namespace ddi::page
