#include <algorithm>

#include "generator/facts/declaration.h"
#include "generator/facts/declaration_words.h"

namespace ddi::facts {
namespace {

std::string print_parameter(const DeclaredParameter& p) {
    decl::Meaning said;
    std::string sal;
    for (const std::string& annotation : p.sal) {
        decl::merge(said, decl::meaning_of(annotation));
        sal += annotation + ' ';
    }
    std::string bracket;
    const auto word = [&](std::string_view text) { bracket += (bracket.empty() ? "[" : ", ") + std::string(text); };
    if (said.direction != p.direction) word(p.direction == Direction::in_out ? "in, out" : direction_name(p.direction));
    if (!said.optional && p.optional) word("optional");
    if (!said.reserved && p.reserved) word("reserved");
    if (!bracket.empty()) bracket += "] ";
    return bracket + sal + (p.type.empty() ? p.name : declare(p.type, p.name, p.array));
}

std::string print_list(const Declaration& d, bool macro) {
    std::string out = "(";
    for (const DeclaredParameter& p : d.parameters) {
        if (out.size() > 1) out += ", ";
        out += print_parameter(p);
    }
    if (d.variadic) out += out.size() > 1 ? ", ..." : "...";
    if (out.size() == 1 && !macro) out += "void";
    return out + ")";
}

void print_members(const std::vector<DeclaredMember>& members, bool enumeration, const std::string& indent, std::string& out) {
    for (const DeclaredMember& m : members) {
        out += indent;
        if (enumeration) {
            out += m.name + (m.value.empty() ? "" : " = " + m.value) + ",\n";
            continue;
        }
        if (!m.aggregate.empty()) {
            out += m.aggregate + (m.type.empty() ? "" : " " + m.type) + " {\n";
            print_members(m.members, m.aggregate == "enum", indent + "    ", out);
            out += indent + "}" + (m.name.empty() ? "" : " " + m.name + m.array);
        } else {
            out += declare(m.type, m.name, m.array);
        }
        out += (m.bits.empty() ? "" : " : " + m.bits) + ";\n";
    }
}

const char* keyword(DeclarationForm form) {
    switch (form) {
        case DeclarationForm::union_:
            return "union";
        case DeclarationForm::enumeration:
            return "enum";
        case DeclarationForm::interface:
            return "interface";
        default:
            return "struct";
    }
}

std::string print_aggregate(const Declaration& d) {
    std::string out = d.aliases.empty() ? "" : "typedef ";
    out += keyword(d.form);
    if (!d.tag.empty()) out += ' ' + d.tag;
    out += " {\n";
    print_members(d.members, d.form == DeclarationForm::enumeration, "    ", out);
    out += '}';
    for (std::size_t i = 0; i < d.aliases.size(); ++i) {
        out += i == 0 ? " " : ", ";
        out += d.aliases[i];
    }
    return out + ";\n";
}

}  // namespace

const char* direction_name(Direction direction) {
    switch (direction) {
        case Direction::in:
            return "in";
        case Direction::out:
            return "out";
        case Direction::in_out:
            return "inout";
        case Direction::unknown:
            break;
    }
    return "unknown";
}

bool Declaration::typed() const {
    if (form != DeclarationForm::function && form != DeclarationForm::callback) return false;
    return !return_type.empty() &&
           std::all_of(parameters.begin(), parameters.end(), [](const DeclaredParameter& p) { return !p.type.empty(); });
}

std::string declare(std::string_view type, std::string_view name, std::string_view array) {
    std::string out(type);
    // "RET (CC *)(…)": the name goes where the first bracket leaves its place, after the star.
    const std::size_t open = out.find('(');
    const std::size_t place = open == std::string::npos ? open : out.find(')', open);
    if (place != std::string::npos) {
        const bool space = !name.empty() && place > 0 && out[place - 1] != '*' && out[place - 1] != '(';
        std::string inserted(space ? " " : "");
        inserted.append(name).append(array);
        out.insert(place, inserted);
        return out;
    }
    if (!name.empty() && !out.empty() && out.back() != '*' && out.back() != '&') out += ' ';
    out += name;
    out += array;
    return out;
}

std::string print_declaration(const Declaration& d) {
    switch (d.form) {
        case DeclarationForm::structure:
        case DeclarationForm::union_:
        case DeclarationForm::enumeration:
        case DeclarationForm::interface:
            return print_aggregate(d);
        case DeclarationForm::typedef_:
            return "typedef " + declare(d.return_type, d.name, "") + ";\n";
        case DeclarationForm::function:
        case DeclarationForm::callback:
        case DeclarationForm::macro:
            break;
    }
    const bool macro = d.form == DeclarationForm::macro;
    if (macro && d.return_type.empty() && d.sal.empty() && d.calling_convention.empty())
        return "#define " + d.name + print_list(d, true) + "\n";
    std::string out;
    if (d.form == DeclarationForm::callback) out += "typedef ";
    for (const std::string& annotation : d.sal) out += annotation + (d.form == DeclarationForm::callback ? ' ' : '\n');
    if (!d.return_type.empty()) out += d.return_type + (d.return_type.back() == '*' || d.return_type.back() == '&' ? "" : " ");
    if (d.pointer) {
        out += '(' + d.calling_convention + (d.calling_convention.empty() ? "*" : " *") + d.name + ')';
    } else {
        if (!d.calling_convention.empty()) out += d.calling_convention + ' ';
        out += d.name;
    }
    return out + print_list(d, macro) + ";\n";
}

}  // namespace ddi::facts
