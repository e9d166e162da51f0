// UIDs and file names → kind, header, name and the key by which pages of different revisions are matched.
#include "generator/facts/facts.h"
#include "generator/facts/words.h"

namespace ddi::facts {
namespace {

bool is_kind(std::string_view text) {
    return text.size() == 2 && (text[0] == 'n' || text[0] == 'N') &&
           std::string_view("fcseniklaFCSENIKLA").find(text[1]) != std::string_view::npos;
}

// "…~r1" without its suffix: the pages' tooling numbers second pages of one name.
std::string_view without_revision(std::string_view text) {
    const std::size_t tilde = text.rfind("~r");
    if (tilde == std::string_view::npos || tilde == 0 || tilde + 2 == text.size()) return text;
    return text.find_first_not_of("0123456789", tilde + 2) == std::string_view::npos ? text.substr(0, tilde) : text;
}

}  // namespace

std::optional<Uid> parse_uid(std::string_view text) {
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= ' ') text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= ' ') text.remove_suffix(1);
    if (text.size() < 4 || !is_kind(text.substr(0, 2)) || (text[2] != ':' && text[2] != '.')) return std::nullopt;
    Uid uid;
    uid.text = text;
    uid.kind = to_lower(text.substr(0, 2));
    const std::string_view rest = text.substr(3);
    const std::size_t dot = rest.find('.');
    uid.header = rest.substr(0, dot);
    std::string_view name = dot == std::string_view::npos ? std::string_view() : without_revision(rest.substr(dot + 1));
    if (uid.header.empty()) return std::nullopt;
    if (uid.kind == "nf" && name.starts_with('_')) {
        const std::size_t scope = name.find('.');
        if (scope != std::string_view::npos && scope + 1 < name.size()) name.remove_prefix(scope + 1);
    }
    uid.name = name;
    uid.key = uid.kind;
    uid.key += ':';
    uid.key += to_lower(uid.header);
    if (!name.empty()) {
        uid.key += '.';
        uid.key += to_lower(name);
    }
    return uid;
}

std::string key_of_file_name(std::string_view file_name) {
    std::string name = to_lower(file_name);
    if (name.ends_with(".md")) name.resize(name.size() - 3);
    if (name.size() < 6 || !is_kind(std::string_view(name).substr(0, 2)) || name[2] != '-') return {};
    name = without_revision(name);
    // "…-r1.md" is how a few files spell "~r1".
    const std::size_t number = name.find_last_not_of("0123456789");
    if (number != std::string::npos && number + 1 < name.size() && number > 1 && name[number] == 'r' && name[number - 1] == '-')
        name.resize(number - 1);
    const std::size_t dash = name.find('-', 3);
    if (dash == std::string::npos || dash + 1 == name.size()) return {};
    name[2] = ':';
    name[dash] = '.';
    // The next dash ends an interface's name; further ones belong to an operator's words.
    const std::size_t scope = name.find('-', dash + 1);
    if (scope != std::string::npos && name[0] == 'n' && name[1] == 'f') {
        if (name[dash + 1] == '_' && scope + 1 < name.size()) {
            name.erase(dash + 1, scope - dash);  // a structure's tag, no scope
        } else {
            name[scope] = '.';
        }
    }
    return name;
}

}  // namespace ddi::facts
