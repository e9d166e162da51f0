#include "generator/model/overlay_types.h"

#include <algorithm>

namespace ddi::model {
namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool is_word(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'; }

std::string trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return std::string(text);
}

std::string without_comments(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        if (text.substr(at, 2) == "/*") {
            std::size_t end = text.find("*/", at + 2);
            at = end == std::string_view::npos ? text.size() : end + 2;
            out += ' ';
        } else if (text.substr(at, 2) == "//") {
            at = std::min(text.find('\n', at), text.size());
        } else {
            out += text[at++];
        }
    }
    return out;
}

/// Pieces between separators that stand outside of all brackets.
std::vector<std::string> split_outside(std::string_view text, char separator) {
    std::vector<std::string> out;
    int depth = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '{' || text[i] == '(' || text[i] == '[') ++depth;
        if (text[i] == '}' || text[i] == ')' || text[i] == ']') --depth;
        if (text[i] != separator || depth != 0) continue;
        out.push_back(trimmed(text.substr(begin, i - begin)));
        begin = i + 1;
    }
    if (auto rest = trimmed(text.substr(begin)); !rest.empty()) out.push_back(std::move(rest));
    return out;
}

class Reader {
  public:
    Reader(std::string header, Cite cite) : header_(std::move(header)), cite_(std::move(cite)) {}

    void read(const std::string& statement) {
        statement_ = statement;
        if (statement.empty()) return;
        if (!statement.starts_with("typedef ") && statement.find('{') == std::string::npos) return fail("is no typedef");
        if (statement.find('{') != std::string::npos) return read_aggregate();
        std::string rest = trimmed(std::string_view(statement).substr(8));
        rest.find('(') != std::string::npos ? read_function_pointer(rest) : read_names(rest);
    }

    OverlayTypes result;

  private:
    void fail(const std::string& why) { result.errors.push_back("\"" + statement_.substr(0, 60) + "\" " + why); }

    void add(Type type) {
        type.header = header_;
        type.cite = cite_;
        type.cite.verbatim = statement_ + ";";
        result.types.push_back(std::move(type));
    }

    void read_aggregate() {
        auto parsed = facts::parse_declaration(statement_ + ";", {});
        using Form = facts::DeclarationForm;
        bool understood = parsed.declaration && (parsed.declaration->form == Form::structure || parsed.declaration->form == Form::union_ ||
                                                 parsed.declaration->form == Form::enumeration);
        if (!understood || parsed.declaration->members.empty()) return fail("is no structure, union or enumeration with members");
        Type type;
        type.tag = parsed.declaration->tag;
        for (const auto& alias : parsed.declaration->aliases) {
            if (alias.starts_with("*"))
                type.pointers.push_back(trimmed(std::string_view(alias).substr(1)));
            else if (type.name.empty())
                type.name = alias;
        }
        if (type.name.empty()) type.name = type.tag;
        if (type.name.empty()) return fail("has no name");
        Cite cite = cite_;
        cite.verbatim = statement_ + ";";
        type.declaration = Fact<facts::Declaration>{std::move(*parsed.declaration), std::move(cite)};
        add(std::move(type));
    }

    /// "NTSTATUS (NTAPI *PNAME)(PVOID)": what is left without the name is the definition.
    void read_function_pointer(const std::string& text) {
        std::size_t star = text.find('*', text.find('('));
        std::size_t close = text.find(')');
        if (star == std::string::npos || close == std::string::npos || star > close) return fail("is no pointer to a function");
        Type type;
        type.name = trimmed(std::string_view(text).substr(star + 1, close - star - 1));
        if (type.name.empty() || !std::all_of(type.name.begin(), type.name.end(), is_word)) return fail("has no name");
        type.definition = text.substr(0, star + 1) + text.substr(close);
        type.size = type.alignment = 8;
        add(std::move(type));
    }

    /// "UINT NAME, *PNAME", "struct _X *HX", "struct _X X, *PX".
    void read_names(const std::string& text) {
        auto parts = split_outside(text, ',');
        std::size_t end = parts.front().size();
        while (end > 0 && is_word(parts.front()[end - 1])) --end;
        std::string base = trimmed(std::string_view(parts.front()).substr(0, end));
        std::string stars;
        while (!base.empty() && base.back() == '*') {
            stars += '*';
            base = trimmed(std::string_view(base).substr(0, base.size() - 1));
        }
        if (base.empty() || base.find('[') != std::string::npos) return fail("names no type");
        Type type;
        type.name = parts.front().substr(end);
        if (base.starts_with("struct ") && stars.empty())
            type.tag = trimmed(std::string_view(base).substr(7));
        else
            type.definition = stars.empty() ? base : base + " " + stars;
        std::vector<Type> others;
        for (std::size_t i = 1; i < parts.size(); ++i) {
            std::size_t name = parts[i].find_first_not_of("* ");
            if (name == std::string::npos) return fail("has a declarator without a name");
            std::string own_stars(std::count(parts[i].begin(), parts[i].end(), '*'), '*');
            if (own_stars == "*" && stars.empty()) {
                type.pointers.push_back(parts[i].substr(name));
                continue;
            }
            Type other;
            other.name = parts[i].substr(name);
            other.definition = own_stars.empty() ? base : base + " " + own_stars;
            others.push_back(std::move(other));
        }
        add(std::move(type));
        for (auto& other : others) add(std::move(other));
    }

    std::string header_;
    Cite cite_;
    std::string statement_;
};

}  // namespace

OverlayTypes overlay_types(std::string_view text, const std::string& header, const Cite& cite) {
    Reader reader(header, cite);
    for (const auto& statement : split_outside(without_comments(text), ';')) reader.read(statement);
    return std::move(reader.result);
}

}  // namespace ddi::model
