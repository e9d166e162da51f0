#include "generator/emit/stubs/comments.h"

#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/irql_effect.h"
#include "generator/text/escape.h"

namespace ddi::emit::stubs {

namespace {

constexpr std::size_t line_width = 120;

/// Doxygen reads '@' and '\' as commands, also in text that only quotes them.
std::string escape_doxygen(const std::string& text) {
    std::string out;
    for (char c : text) {
        if (c == '@' || c == '\\') out += '\\';
        out += c;
    }
    return out;
}

/// One line's words in lines of at most `line_width` characters.
std::string wrap(const std::string& line) {
    std::string out;
    std::size_t column = 0;
    std::size_t at = 0;
    while (at < line.size()) {
        std::size_t end = line.find(' ', at);
        if (end == std::string::npos) end = line.size();
        std::size_t length = end - at;
        if (column != 0 && column + 1 + length > line_width) {
            out += "\n    ";
            column = 4;
        } else if (column != 0) {
            out += ' ';
            ++column;
        }
        out.append(line, at, length);
        column += length;
        at = end + 1;
    }
    return out;
}

std::string one_line(std::string text) {
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text;
}

std::string page_text(const std::string& text) { return escape_doxygen(text::to_utf8(one_line(text))); }

std::string direction_words(const model::Parameter& parameter) {
    std::string words;
    switch (parameter.direction) {
        case facts::Direction::in:
            words = "[in]";
            break;
        case facts::Direction::out:
            words = "[out]";
            break;
        case facts::Direction::in_out:
            words = "[in,out]";
            break;
        case facts::Direction::unknown:
            break;
    }
    return words;
}

void add_parameters(const model::Api& api, std::vector<std::string>& lines) {
    if (!api.signature) return;
    for (const auto& parameter : api.signature->parameters) {
        if (parameter.name.empty()) continue;
        std::string line = fmt::format("@param{} {}", direction_words(parameter), text::to_identifier(parameter.name));
        if (parameter.optional) line += " Optional.";
        if (parameter.reserved) line += " Reserved.";
        if (parameter.direction_origin == facts::Origin::inferred && parameter.direction != facts::Direction::unknown)
            line += " (Direction inferred.)";
        if (!parameter.array.empty()) line += fmt::format(" An array: {}.", page_text(parameter.array));
        if (auto text = first_paragraph(parameter.text); !text.empty()) line.append(" ").append(page_text(text));
        lines.push_back(std::move(line));
    }
}

void add_result(const model::Api& api, std::vector<std::string>& lines) {
    if (!api.returns || api.returns->is_void) return;
    if (api.signature && (api.signature->return_type == "void" || api.signature->return_type == "VOID")) return;
    if (auto text = first_paragraph(api.returns->text); !text.empty()) lines.push_back("@return " + page_text(text));
}

void add_irql(const model::Api& api, std::vector<std::string>& lines) {
    const auto& irql = api.irql;
    std::string line = "IRQL: ";
    if (irql.verbatim.empty())
        line += "the page has no value";
    else
        line += fmt::format("\"{}\"", page_text(irql.verbatim));
    if (irql.entry) {
        line += fmt::format("; understood as {}", facts::to_string(*irql.entry));
        if (irql.origin != facts::Origin::front_matter)
            line += fmt::format(" ({} at {})", facts::origin_name(irql.origin), page_text(place(irql.cite)));
    } else if (!irql.verbatim.empty()) {
        line += "; no level is known";
    }
    lines.push_back(line + ".");
    for (const auto& alternative : irql.conditions) {
        lines.push_back(fmt::format("- {} {}", facts::to_string(alternative.levels),
                                    alternative.condition.empty() ? "otherwise" : page_text(alternative.condition)));
    }
    if (auto effect = irql_effect(api.rules); !effect.empty()) lines.push_back(fmt::format("IRQL effect: {}.", page_text(effect)));
}

void add_requirements(const model::Api& api, std::vector<std::string>& lines) {
    if (!api.min_client.value.empty()) lines.push_back("@since " + page_text(api.min_client.value));
    if (!api.min_server.value.empty()) lines.push_back("@since Server: " + page_text(api.min_server.value));
    if (!api.kmdf.value.empty()) lines.push_back("@since KMDF " + page_text(api.kmdf.value));
    if (!api.umdf.value.empty()) lines.push_back("@since UMDF " + page_text(api.umdf.value));
    std::string line = "Header: " + page_text(api.header.value);
    if (!api.include_header.value.empty()) line += " (include " + page_text(api.include_header.value) + ")";
    if (!api.library.value.empty()) line += "; library: " + page_text(api.library.value);
    if (!api.dll.value.empty()) line += "; DLL: " + page_text(api.dll.value);
    lines.push_back(line + ".");
}

std::string declaration_line(const model::Cite& cite, bool stale) {
    std::string line = "Declared by: " + page_text(origin_words(cite, stale));
    if (auto where = place(cite); !where.empty()) line += fmt::format(" ({})", page_text(where));
    return line + ".";
}

}  // namespace

std::string block_comment(const std::vector<std::string>& lines, bool doxygen) {
    std::string body;
    for (const auto& line : lines) {
        if (&line != &lines.front()) body += '\n';
        body += wrap(line);
    }
    body = text::escape_c_comment(body);
    std::string out = doxygen ? "/**\n" : "/*\n";
    std::size_t at = 0;
    while (at <= body.size()) {
        std::size_t end = body.find('\n', at);
        if (end == std::string::npos) end = body.size();
        out += end == at ? " *\n" : fmt::format(" * {}\n", std::string_view(body).substr(at, end - at));
        at = end + 1;
    }
    return out + " */\n";
}

std::string member_comment(const std::string& text) {
    if (text.empty()) return {};
    return fmt::format(" /**< {} */", text::escape_c_comment(page_text(text)));
}

std::string place(const model::Cite& cite) {
    if (!cite.source) return {};
    return fmt::format("{}:{}", cite.source->path(), cite.source->position(cite.span.begin).line);
}

std::string origin_words(const model::Cite& cite, bool stale) {
    std::string words;
    switch (cite.origin) {
        case facts::Origin::history:
            words = "declaration of " + cite.note;
            break;
        case facts::Origin::overlay:
            words = "overlay: " + cite.note;
            break;
        case facts::Origin::inferred:
            words = cite.note.empty() ? "inferred" : "inferred: " + cite.note;
            break;
        case facts::Origin::heading:
            words = "headings of the page";
            if (!cite.note.empty()) words += ", " + cite.note;
            break;
        default:
            words = "declaration on the page";
            if (!cite.note.empty()) words += " (" + cite.note + ")";
            break;
    }
    if (stale) words += "; stale: today's page has other parameters";
    return words;
}

std::string first_paragraph(const std::vector<text::Block>& blocks) {
    for (const auto& block : blocks) {
        bool running = block.kind == text::BlockKind::paragraph || block.kind == text::BlockKind::list_item ||
                       block.kind == text::BlockKind::definition || block.kind == text::BlockKind::quote;
        if (running && !block.text.empty()) return block.text;
    }
    return {};
}

std::string routine_comment(const model::Api& api) {
    std::vector<std::string> lines;
    lines.push_back("@brief " + (api.brief.empty() ? api.name + ": the page has no description." : page_text(api.brief)));
    add_parameters(api, lines);
    add_result(api, lines);
    lines.emplace_back();
    add_irql(api, lines);
    add_requirements(api, lines);
    if (api.is_macro) lines.emplace_back("Documented as a macro; declared as a function here.");
    lines.push_back("Page: " + page_text(api.page) + ".");
    if (api.signature) lines.push_back(declaration_line(api.signature->cite, api.signature->stale));
    for (const auto& rule : api.rules) {
        lines.push_back(fmt::format("Rule {} ({}).", page_text(rule.id), page_text(place(rule.clause.cite))));
    }
    return block_comment(lines, true);
}

namespace {

/// The names, at most a few of them.
std::string name_list(const std::vector<std::string>& names) {
    constexpr std::size_t most = 8;
    std::string list;
    for (std::size_t i = 0; i < std::min(names.size(), most); ++i) list += (i == 0 ? "" : ", ") + names[i];
    return names.size() > most ? list + fmt::format(" and {} more", names.size() - most) : list;
}

void inferred_members(const std::vector<facts::DeclaredMember>& members, std::vector<std::string>& names) {
    for (const auto& member : members) {
        if (member.origin == facts::Origin::inferred && !member.name.empty() && !member.type.empty()) names.push_back(member.name);
        inferred_members(member.members, names);
    }
}

/// Which values of an enumeration no page states.
void add_values(const model::Api& api, std::vector<std::string>& lines) {
    std::vector<std::string> added;  // by today's headings to a declaration
    bool all = true;
    if (api.declaration) {
        for (const auto& member : api.declaration->value.members) {
            if (member.origin == facts::Origin::declaration) all = false;
            if (member.origin != facts::Origin::declaration && member.value.empty()) added.push_back(member.name);
        }
    }
    if (api.aggregate.values_unknown)
        lines.emplace_back(
            "Values not known: no page states those that are missing here, and the order of the page is not the header's. "
            "What C counts below is no value of Windows.");
    else if (api.aggregate.values_inferred && (all || added.empty()))
        lines.emplace_back("Values inferred: no page states them; they follow the order of the enumerators.");
    else if (api.aggregate.values_inferred)
        lines.push_back("Values inferred: today's headings add " + page_text(name_list(added)) + "; the values follow their order.");
    if (!api.aggregate.unvalued.empty())
        lines.push_back("Values not documented, so not among the enumerators: " + page_text(name_list(api.aggregate.unvalued)) + ".");
}

/// What of a structure or an enumeration is not as a declaration has it.
void add_aggregate(const model::Api& api, std::vector<std::string>& lines) {
    if (api.kind == page::PageKind::enumeration) {
        add_values(api, lines);
        return;
    }
    if (!api.aggregate.undeclared.empty())
        lines.push_back("Partial: the page also describes " + page_text(name_list(api.aggregate.undeclared)) +
                        ", which its declaration lacks.");
    if (!api.aggregate.untyped.empty())
        lines.push_back("Partial: no type is stated for " + page_text(name_list(api.aggregate.untyped)) + ".");
    std::vector<std::string> inferred;
    if (api.declaration) inferred_members(api.declaration->value.members, inferred);
    if (!inferred.empty()) lines.push_back("Types inferred: " + page_text(name_list(inferred)) + ".");
}

/// Members of a structure that cannot be defined, one a line.
void add_known_members(const std::vector<facts::DeclaredMember>& members, const std::string& indent, std::vector<std::string>& lines) {
    for (const auto& member : members) {
        if (!member.aggregate.empty()) {
            lines.push_back(page_text(fmt::format("{}- {} {}{}:", indent, member.aggregate, member.name, member.array)));
            add_known_members(member.members, indent + "  ", lines);
            continue;
        }
        std::string text = member.type.empty() ? member.name + member.array + ", of a type that is not known"
                                               : facts::declare(member.type, member.name, member.array);
        if (!member.bits.empty()) text += " : " + member.bits;
        lines.push_back(page_text(indent + "- " + text));
    }
}

std::string inferred_words(const TypeEntry& entry) {
    if (entry.kind == TypeKind::handle) return "Inferred: the pages call every one a handle; that it is a pointer is a guess.";
    if (entry.kind == TypeKind::enumeration) return "Inferred: the pages call it an enumeration; its values are not known.";
    return "Inferred: nothing says what it is; the pages call it a structure, or it is only ever pointed to.";
}

}  // namespace

std::string type_comment(const TypeEntry& entry, const std::string& problem) {
    std::vector<std::string> lines;
    if (entry.api != nullptr) {
        lines.push_back("@brief " +
                        (entry.api->brief.empty() ? entry.name + ": the page has no description." : page_text(entry.api->brief)));
        add_requirements(*entry.api, lines);
        lines.push_back("Page: " + page_text(entry.api->page) + ".");
        if (entry.api->declaration) {
            model::Cite cite = entry.api->declaration->cite;
            if (cite.origin == facts::Origin::heading && entry.api->aggregate.values_inferred) cite.note = "order inferred";
            lines.push_back(declaration_line(cite, false));
        }
        add_aggregate(*entry.api, lines);
    } else if (entry.cpp_class) {
        lines.push_back("@brief " + entry.name +
                        ": a C++ class. Only its member functions have pages: its data members, base and size are not known.");
    } else {
        lines.push_back("@brief " + entry.name + ": no page of this documentation defines it.");
    }
    if (entry.kind == TypeKind::interface && !entry.cpp_class) {
        if (entry.base.empty())
            lines.emplace_back("Its page names no interface that it inherits from.");
        else
            lines.push_back(fmt::format("Inherits from {}{}.", entry.base,
                                        entry.base_inferred ? " (inferred: its methods have pages as methods of this interface)" : ""));
        lines.emplace_back(
            "Order of the methods: not documented; they are in the order of the alphabet, which is not that of the table in memory.");
    }
    if (entry.type != nullptr) {
        if (entry.kind == TypeKind::opaque)
            lines.push_back(fmt::format("Opaque: {} bytes on 64-bit Windows, and no public member.", entry.type->size));
        lines.push_back(declaration_line(entry.type->cite, false));
    } else if (entry.inferred) {
        lines.emplace_back(inferred_words(entry));
    }
    if (!problem.empty()) lines.push_back("Without a definition: " + page_text(problem) + ".");
    if (const auto* declaration = entry.declaration();
        !problem.empty() && entry.kind == TypeKind::structure && declaration != nullptr && !declaration->members.empty()) {
        lines.emplace_back("What is known of its members:");
        add_known_members(declaration->members, {}, lines);
    }
    return block_comment(lines, true);
}

std::string code_comment(const model::Api& api, bool has_code) {
    std::vector<std::string> lines;
    lines.push_back("@brief " + page_text(api.name) + (api.brief.empty() ? ": the page has no description." : ": " + page_text(api.brief)));
    add_requirements(api, lines);
    lines.push_back("Page: " + page_text(api.page) + ".");
    if (has_code)
        lines.push_back(declaration_line(api.control_code->cite, false));
    else
        lines.emplace_back("Not defined: no page states its code.");
    return block_comment(lines, true);
}

}  // namespace ddi::emit::stubs
