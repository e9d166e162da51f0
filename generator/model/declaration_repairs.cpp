#include "generator/model/declaration_repairs.h"

#include <algorithm>
#include <utility>

#include "generator/facts/words.h"

namespace ddi::model {

namespace {

using facts::Declaration;
using facts::Direction;

// A word that so many declarations have is no slip of the pen.
constexpr std::size_t established = 50;
// A slip of the pen is not made more often.
constexpr std::size_t slip = 5;

bool is_word_char(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

/// Calls `visit(begin, length)` for each word of a type's text.
template <class Visit>
void for_each_word(std::string_view type, const Visit& visit) {
    for (std::size_t i = 0; i < type.size();) {
        std::size_t end = i;
        while (end < type.size() && is_word_char(type[end])) ++end;
        if (end > i && (type[i] < '0' || type[i] > '9')) visit(i, end - i);
        i = std::max(end, i + 1);
    }
}

std::string_view bare(std::string_view name) {
    while (!name.empty() && (name.front() == '*' || name.front() == '_' || name.front() == ' ')) name.remove_prefix(1);
    return name;
}

std::string spelling_key(std::string_view word) {
    std::string key;
    for (char c : word) {
        if (c != '_') key += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
    return key;
}

bool is_lower(std::string_view word) {
    return std::none_of(word.begin(), word.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Letters of other capitals, or put in: how far one spelling is from the other.
std::size_t distance(std::string_view a, std::string_view b) {
    std::size_t count = a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
    if (a.size() == b.size()) {
        for (std::size_t i = 0; i < a.size(); ++i) count += a[i] != b[i] ? 1 : 0;
    }
    return count;
}

/// "const X" → "X".
std::string_view without_const(std::string_view type) {
    if (type.starts_with("const ")) type.remove_prefix(6);
    return type;
}

/// "PCLFS_LSN" beside "*PCLFS_LSN": a name cannot be the type and the pointer to it, the plain one is CLFS_LSN.
bool repair_aliases(std::vector<std::string>& aliases) {
    bool changed = false;
    for (auto& alias : aliases) {
        if (alias.size() < 2 || alias[0] != 'P' || std::find(aliases.begin(), aliases.end(), "*" + alias) == aliases.end()) continue;
        alias.erase(0, 1);
        changed = true;
    }
    return changed;
}

/// "Buffer PTYPE *", of which the heading is Buffer: the name stands before its type.
bool move_name(const facts::Facts& facts, Declaration& declaration) {
    if (declaration.parameters.size() != facts.parameters.size()) return false;
    bool changed = false;
    for (std::size_t i = 0; i < facts.parameters.size(); ++i) {
        auto& p = declaration.parameters[i];
        const std::string start = facts.parameters[i].name + " ";
        if (!p.name.empty() || start.size() < 2 || !p.type.starts_with(start) || !is_word_char(p.type[start.size()])) continue;
        p.name = facts.parameters[i].name;
        p.type.erase(0, start.size());
        changed = true;
    }
    return changed;
}

/// The headings document the "..." that the declaration forgot, or for which it has what may stand there.
bool make_variadic(const facts::Facts& facts, Declaration& declaration) {
    if (declaration.variadic || declaration.parameters.empty() || facts.parameters.empty() || facts.parameters.back().name != "...")
        return false;
    declaration.variadic = true;
    const std::size_t named = facts.parameters.size() - 1;
    const auto same = [](const facts::ParameterFact& heading, const facts::DeclaredParameter& p) { return heading.name == p.name; };
    if (named > 0 && named < declaration.parameters.size() &&
        std::equal(facts.parameters.begin(), facts.parameters.end() - 1, declaration.parameters.begin(), same))
        declaration.parameters.resize(named);
    return true;
}

}  // namespace

bool lost_parameters(const facts::Facts& facts, const Declaration& declaration) {
    if (!declaration.parameters.empty() || declaration.variadic) return false;
    if (facts.kind != page::PageKind::function && facts.kind != page::PageKind::callback) return false;
    return std::any_of(facts.parameters.begin(), facts.parameters.end(), [](const facts::ParameterFact& p) {
        std::string name = facts::to_lower(p.name);
        return !name.empty() && is_word_char(name[0]) && name != "none" && name != "void";
    });
}

void repair_type_names(std::vector<std::string>& type_names, const Declaration& declaration) {
    for (auto& name : type_names) {
        if (name.empty() || name[0] == '*') continue;
        const auto& aliases = declaration.aliases;
        if (std::find(aliases.begin(), aliases.end(), name) != aliases.end()) continue;
        const auto pointer = std::find_if(aliases.begin(), aliases.end(),
                                          [&](const std::string& alias) { return alias.front() == '*' && bare(alias) == name; });
        if (pointer != aliases.end()) name = *pointer;
    }
}

DeclarationRepairs::DeclarationRepairs(const std::vector<facts::Facts>& facts, const std::vector<const Declaration*>& declared,
                                       const std::vector<Type>& types) {
    for (std::size_t i = 0; i < facts.size(); ++i) {
        const bool routine = facts[i].kind == page::PageKind::function;
        if (!routine) {
            add_defined(facts[i].uid.name);
            for (const auto& name : facts[i].type_names.value) add_defined(name);
        }
        if (declared[i] == nullptr) continue;
        for (const auto& alias : declared[i]->aliases) add_defined(alias);
        for (const auto& p : declared[i]->parameters) add_uses(p.type, p.name);
        add_uses(declared[i]->return_type, {});
        add_members(declared[i]->members);
    }
    for (const auto& type : types) {
        add_defined(type.name);
        for (const auto& pointer : type.pointers) add_defined(pointer);
    }
    for (const auto& [text, word] : words_) {
        if (word.uses >= established) spellings_[spelling_key(text)].push_back(text);
    }
}

void DeclarationRepairs::add_defined(std::string_view name) {
    name = bare(name);
    if (!name.empty()) words_[std::string(name)].defined = true;
}

void DeclarationRepairs::add_uses(std::string_view type, std::string_view name) {
    for_each_word(type, [&](std::size_t begin, std::size_t length) {
        auto text = type.substr(begin, length);
        auto& word = words_[std::string(text)];
        ++word.uses;
        if (text != name) ++word.other_name;
    });
}

void DeclarationRepairs::add_members(const std::vector<facts::DeclaredMember>& members) {
    for (const auto& member : members) {
        if (member.aggregate.empty()) add_uses(member.type, member.name);
        add_members(member.members);
    }
}

const DeclarationRepairs::Word* DeclarationRepairs::find(std::string_view word) const {
    auto found = words_.find(std::string(word));
    return found == words_.end() ? nullptr : &found->second;
}

bool DeclarationRepairs::defined(std::string_view word) const {
    const Word* found = find(word);
    return found != nullptr && found->defined;
}

std::size_t DeclarationRepairs::uses(std::string_view word) const {
    const Word* found = find(word);
    return found == nullptr ? 0 : found->uses;
}

/// "IN_CONST_HANDLE" → in, "const HANDLE"; "INOUT_PX" → inout, "X *". IN_ADDR is a type itself.
bool DeclarationRepairs::split_direction(std::string& type, Direction& direction) const {
    static constexpr std::pair<std::string_view, Direction> prefixes[] = {
        {"INOUT_", Direction::in_out}, {"IN_OUT_", Direction::in_out}, {"IN_", Direction::in}, {"OUT_", Direction::out}};
    const std::string_view word = std::string_view(type).substr(0, type.find(' '));
    if (defined(word)) return false;
    for (const auto& [prefix, stated] : prefixes) {
        if (!std::string_view(type).starts_with(prefix)) continue;
        std::string_view rest = std::string_view(word).substr(prefix.size());
        std::string out;
        if (rest.starts_with("CONST_")) {
            rest.remove_prefix(6);
            out = "const ";
        }
        // The pointer's own name where declarations use it; else the P can only say that it is a pointer.
        if (uses(rest) >= established) {
            out += rest;
        } else if (rest.size() > 1 && rest[0] == 'P' && defined(rest.substr(1))) {
            out += std::string(rest.substr(1)) + " *";
        } else if (defined(rest)) {
            out += rest;
        } else {
            return false;
        }
        std::string_view stars = std::string_view(type).substr(word.size());
        if (out.back() == '*') stars = stars.substr(std::min(stars.find_first_not_of(' '), stars.size()));
        type = out + std::string(stars);
        direction = stated;
        return true;
    }
    return false;
}

/// The word as declarations elsewhere write it: "NT_STATUS" → "NTSTATUS", "Ulong" → "ULONG", "UNIT8" → "UINT8". Empty: it is right, or
/// nobody knows.
std::string DeclarationRepairs::spelled(std::string_view word) const {
    const Word* own = find(word);
    if (own == nullptr || own->defined || own->uses > slip || is_lower(word)) return {};
    if (auto found = spellings_.find(spelling_key(word)); found != spellings_.end()) {
        const std::string* best = nullptr;
        bool tie = false;
        for (const auto& candidate : found->second) {
            const std::size_t d = distance(candidate, word);
            const std::size_t least = best == nullptr ? d + 1 : distance(*best, word);
            tie = d == least;
            if (d < least) best = &candidate;
        }
        return best == nullptr || tie ? std::string() : *best;
    }
    // Two letters that changed places.
    std::string swapped(word);
    for (std::size_t i = 0; i + 1 < swapped.size(); ++i) {
        std::swap(swapped[i], swapped[i + 1]);
        if (swapped != word && uses(swapped) >= established) return swapped;
        std::swap(swapped[i], swapped[i + 1]);
    }
    return {};
}

bool DeclarationRepairs::spell(std::string& type) const {
    if (type.find("::") != std::string::npos) return false;
    std::vector<std::pair<std::size_t, std::size_t>> words;
    for_each_word(type, [&](std::size_t begin, std::size_t length) { words.emplace_back(begin, length); });
    bool changed = false;
    for (auto word = words.rbegin(); word != words.rend(); ++word) {
        std::string right = spelled(std::string_view(type).substr(word->first, word->second));
        if (right.empty()) continue;
        type.replace(word->first, word->second, right);
        changed = true;
    }
    return changed;
}

/// NULL, or the name once more where the type should be: "pDeviceObject pDeviceObject", a macro's "TYPE type".
bool DeclarationRepairs::is_no_type(std::string_view type, std::string_view name, bool macro) const {
    std::string_view word = without_const(type);
    word = word.substr(0, word.find_first_of(" *"));
    if (word == "NULL" || word.empty()) return true;  // "const *Name"
    const Word* found = find(word);
    if (name.empty() || found == nullptr || found->defined) return false;
    if (word == name) return found->other_name == 0;
    return macro && found->uses <= slip && facts::to_lower(word) == facts::to_lower(name);
}

bool DeclarationRepairs::repair_members(std::vector<facts::DeclaredMember>& members) const {
    bool changed = false;
    for (auto& member : members) {
        if (member.aggregate.empty() && !member.type.empty()) {
            if (is_no_type(member.type, member.name, false)) {
                member.type.clear();
                changed = true;
            } else {
                changed = spell(member.type) || changed;
            }
        }
        changed = repair_members(member.members) || changed;
    }
    return changed;
}

std::optional<Declaration> DeclarationRepairs::repair(const facts::Facts& facts, const Declaration& declaration) const {
    Declaration out = declaration;
    bool changed = false;
    if (facts.kind != page::PageKind::function && facts.kind != page::PageKind::callback) {
        changed = repair_aliases(out.aliases);
        changed = repair_members(out.members) || changed;
        return changed ? std::optional(std::move(out)) : std::nullopt;
    }
    if (lost_parameters(facts, declaration)) {
        for (const auto& heading : facts.parameters) {
            if (heading.name == "...") continue;
            out.parameters.emplace_back().name = heading.name;
            out.parameters.back().direction = heading.direction;
        }
        changed = true;
    }
    changed = move_name(facts, out) || changed;
    for (auto& p : out.parameters) {
        if (p.type.empty()) continue;
        Direction direction = Direction::unknown;
        if (is_no_type(p.type, p.name, facts.is_macro)) {
            p.type.clear();
            changed = true;
        } else if (split_direction(p.type, direction)) {
            if (p.direction == Direction::unknown) p.direction = direction;
            changed = true;
        } else {
            changed = spell(p.type) || changed;
        }
    }
    changed = spell(out.return_type) || changed;
    return make_variadic(facts, out) || changed ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace ddi::model
