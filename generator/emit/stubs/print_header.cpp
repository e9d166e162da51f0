#include "generator/emit/stubs/print_header.h"

#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/stubs/comments.h"
#include "generator/emit/stubs/header_name.h"
#include "generator/emit/stubs/print_constants.h"
#include "generator/emit/stubs/print_interface.h"
#include "generator/emit/stubs/print_routine.h"
#include "generator/text/escape.h"
#include "generator/text/writer.h"

namespace ddi::emit::stubs {

namespace {

/// "struct", or "struct DDI_BIT_FIELDS" where the layout of bit-fields counts.
std::string keyword(std::string_view aggregate, const std::vector<facts::DeclaredMember>& members) {
    bool bits = std::any_of(members.begin(), members.end(), [](const auto& member) { return !member.bits.empty(); });
    return std::string(aggregate) + (bits ? " DDI_BIT_FIELDS" : "");
}

/// A structure that ends in an array of no size may stand in it: pedantic g++ takes that at its very end only.
bool embeds_structure(const TypeEntry& entry, const std::vector<facts::DeclaredMember>& members, const PrintContext& context) {
    return std::any_of(members.begin(), members.end(), [&](const auto& member) {
        if (!member.aggregate.empty()) return embeds_structure(entry, member.members, context);
        auto uses = type_words(member.type).uses;
        if (uses.size() != 1 || !uses[0].by_value) return false;
        auto resolved = context.table.resolve(uses[0], entry.header, {});
        return resolved.role == Resolved::Role::value && context.table.entries()[resolved.entry].kind == TypeKind::structure;
    });
}

bool is_unsized(const std::string& array) { return array.starts_with("[]") || array.starts_with("[0]"); }

void print_members(text::Writer& out, const TypeEntry& entry, const std::vector<facts::DeclaredMember>& members, const std::string& path,
                   bool in_unnamed, bool in_union, const PrintContext& context) {
    auto comment = [&](const std::string& name) {
        if (entry.api == nullptr) return std::string();
        for (const auto& fact : entry.api->members) {
            if (fact.name == path + name || (fact.name == name && path.empty())) return member_comment(first_paragraph(fact.text));
        }
        return std::string();
    };
    for (const auto& member : members) {
        std::string name = member.name.empty() || is_dummy_name(member.name) ? std::string() : text::to_identifier(member.name);
        // A trailing array without a size has no part in the structure's size. "[0]", because C has no "[]" inside of another structure.
        // In the midst, or where it is all there is, it has one element: C and C++ disagree about a structure of nothing.
        std::string array = member.array;
        bool trailing = !in_union && members.size() > 1 && &member == &members.back();
        bool unsized = is_unsized(array);
        if (unsized) array.replace(0, array.find(']') + 1, trailing ? "[0]" : "[ANYSIZE_ARRAY]");
        unsized = unsized && trailing;
        if (!member.aggregate.empty()) {
            std::string open = (name.empty() || unsized ? "DDI_EXTENSION " : "") + keyword(member.aggregate, member.members);
            // C++ has no tags inside an unnamed union.
            if (is_identifier(member.type) && !name.empty() && !in_unnamed) open.append(" ").append(member.type);
            auto scope = out.block(open + " {", name.empty() ? "};" : "} " + name + array + ";" + comment(member.name));
            print_members(out, entry, member.members, name.empty() ? path : path + member.name + ".", in_unnamed || name.empty(),
                          member.aggregate == "union", context);
            continue;
        }
        std::string line = facts::declare(context.table.spelled(member.type), name, array);
        if (!member.bits.empty()) {
            // An enumeration has 32 bits on Windows; as a bit-field of its own type g++ finds it too narrow for its values.
            auto words = type_words(member.type);
            auto resolved = words.uses.size() == 1 ? context.table.resolve(words.uses[0], entry.header, {}) : Resolved{};
            bool enumeration =
                resolved.role == Resolved::Role::value && context.table.entries()[resolved.entry].kind == TypeKind::enumeration;
            if (enumeration) line = fmt::format("UINT {} /* {} */", name, words.uses[0].name);
            line = fmt::format("DDI_EXTENSION {} : {}", line, member.bits);
        }
        out.raw_line((unsized ? "DDI_EXTENSION " : "") + line + ";" + comment(member.name));
    }
}

void print_enumerators(text::Writer& out, const TypeEntry& entry, const std::vector<Enumerator>& enumerators) {
    static const std::vector<facts::MemberFact> no_facts;
    const auto& facts = entry.api != nullptr ? entry.api->members : no_facts;
    for (const auto& enumerator : enumerators) {
        const auto& name = enumerator.member->name;
        if (!enumerator.left_out.empty()) {
            out.raw_line("/* " + text::escape_c_comment(name + " is left out: " + enumerator.left_out + ".") + " */");
            continue;
        }
        if (enumerator.guarded)
            out.line("#ifndef DDI_ENUMERATOR_{0}  /* another enumeration has it, too */\n#define DDI_ENUMERATOR_{0}", name);
        std::string line = name + (enumerator.value.empty() ? "" : " = " + enumerator.value) + ",";
        auto fact = std::find_if(facts.begin(), facts.end(), [&](const auto& one) { return one.name == name; });
        if (fact != facts.end()) line += member_comment(first_paragraph(fact->text));
        out.raw_line(line);
        if (enumerator.guarded) out.raw_line("#endif");
    }
}

void print_enumeration(text::Writer& out, std::size_t index, const PrintContext& context) {
    const auto& entry = context.table.entries()[index];
    const auto& enumerators = context.declarable.enumerators(index);
    // ISO C has no enumeration without enumerators: where all of them may be somebody else's, so may the first.
    auto first = std::find_if(enumerators.begin(), enumerators.end(), [](const auto& one) { return one.left_out.empty(); });
    bool all_guarded = std::all_of(first, enumerators.end(), [](const auto& one) { return one.guarded || !one.left_out.empty(); });
    if (all_guarded) out.line("#ifndef DDI_ENUMERATOR_{}", first->member->name);
    {
        std::string list;
        for (const auto& name : entry.names) list += (list.empty() ? "" : ", ") + name;
        std::string tag = context.table.is_other_tag(index) ? std::string() : entry.tag + " ";
        auto scope = out.block(fmt::format("DDI_EXTENSION typedef enum {}{{", tag), "} " + list + ";");
        print_enumerators(out, entry, enumerators);
    }
    if (!all_guarded) return;
    out.raw_line("#else");
    for (const auto& name : entry.names) out.line("typedef int {};", name);
    out.raw_line("#endif");
}

std::string capability(const TypeEntry& entry) {
    return entry.capability.empty() ? std::string() : fmt::format("DDI_CAPABILITY(\"{}\")", text::escape_c_string(entry.capability));
}

/// A typedef; under a guard of its own where two types claim the name.
void print_typedef(text::Writer& out, const std::string& name, const std::string& declaration, const TypeTable& table) {
    bool contested = table.contested(name);
    if (contested) out.line("#ifndef DDI_NAME_{0}\n#define DDI_NAME_{0}", name);
    out.raw_line(declaration);
    if (contested) out.raw_line("#endif");
}

std::string inferred_mark(const TypeEntry& entry, const std::string& name) {
    return entry.inferred_names.contains(name) ? "  /* inferred from its name */" : "";
}

void print_pointers(text::Writer& out, const TypeEntry& entry, const TypeTable& table) {
    for (const auto& pointer : entry.pointers)
        print_typedef(out, pointer, fmt::format("typedef {} *{};{}", entry.name, pointer, inferred_mark(entry, pointer)), table);
    for (const auto& pointer : entry.const_pointers)
        print_typedef(out, pointer, fmt::format("typedef const {} *{};{}", entry.name, pointer, inferred_mark(entry, pointer)), table);
}

void print_forward(text::Writer& out, std::size_t index, const std::string& file, const PrintContext& context) {
    const auto& entry = context.table.entries()[index];
    // A type without a definition has its comment here, where its name is declared.
    const std::string& problem = context.declarable.problem(index);
    if (!problem.empty() && entry.header == file) {
        out.line();
        out.raw(type_comment(entry, problem));
    }
    std::string tagged = fmt::format("{} {}", entry.is_union ? "union" : "struct", entry.tag);
    std::string list;
    auto add = [&](const std::string& name, const char* star) {
        if (context.table.contested(name) || entry.inferred_names.contains(name))
            return print_typedef(out, name, fmt::format("typedef {} {}{};{}", tagged, star, name, inferred_mark(entry, name)),
                                 context.table);
        list.append(list.empty() ? "" : ", ").append(star).append(name);
    };
    for (const auto& name : entry.names) add(name, "");
    for (const auto& pointer : entry.pointers) add(pointer, "*");
    if (!list.empty()) out.line("typedef {} {};{}", tagged, list, entry.inferred ? "  /* inferred */" : "");
    for (const auto& pointer : entry.const_pointers)
        print_typedef(out, pointer, fmt::format("typedef const {} *{};{}", tagged, pointer, inferred_mark(entry, pointer)), context.table);
}

void print_callback(text::Writer& out, const TypeEntry& entry, const PrintContext& context) {
    const auto& signature = *entry.api->signature;
    for (const auto& annotation : function_annotations(*entry.api, context.sal)) out.raw_line(annotation);
    std::string convention = calling_convention(signature, context.table.base());
    std::string name = entry.pointer_form ? fmt::format("({}*{})", convention, entry.name) : fmt::format("({}{})", convention, entry.name);
    print_prototype(out, *entry.api, name, "typedef ", context);
}

void print_structure(text::Writer& out, const TypeEntry& entry, const PrintContext& context) {
    const auto& members = entry.declaration()->members;
    auto scope = out.block(fmt::format("{}{} {} {{", embeds_structure(entry, members, context) ? "DDI_EXTENSION " : "",
                                       keyword(entry.is_union ? "union" : "struct", members), entry.tag),
                           "};");
    print_members(out, entry, members, {}, false, entry.is_union, context);
}

bool has_unsized_end(const std::vector<facts::DeclaredMember>& members) {
    if (members.empty()) return false;
    return is_unsized(members.back().array) ||
           std::any_of(members.begin(), members.end(), [](const auto& member) { return has_unsized_end(member.members); });
}

const model::Packing* packing_of(const TypeEntry& entry, const model::Model& model) {
    for (const auto& packing : model.packing) {
        auto named = [&](const std::string& name) {
            return name == entry.tag || std::find(entry.names.begin(), entry.names.end(), name) != entry.names.end();
        };
        bool all = packing.types.empty();
        if (packing.header == entry.header && (all || std::any_of(packing.types.begin(), packing.types.end(), named))) return &packing;
    }
    return nullptr;
}

void print_definition(text::Writer& out, std::size_t index, const PrintContext& context) {
    const auto& entry = context.table.entries()[index];
    const std::string& problem = context.declarable.problem(index);
    bool named_only = !problem.empty();
    if (named_only && entry.struct_like()) return;
    out.line();
    bool routine = entry.kind == TypeKind::callback;
    if (routine) {
        out.raw(routine_comment(*entry.api));
        if (named_only) return out.raw_line(block_comment({fmt::format("{} is not declared: {}.", entry.name, problem)}, false));
    } else {
        out.raw(type_comment(entry, problem));
    }
    // Bodies are known by their tag, typedefs by their name: either may be claimed by two pages.
    std::string guard = entry.struct_like() ? "DDI_TYPE_" + entry.tag : "DDI_NAME_" + entry.name;
    if (entry.shared) out.line("#ifndef {0}\n#define {0}", guard);
    switch (entry.kind) {
        case TypeKind::interface:
            print_interface(out, index, context);
            break;
        case TypeKind::callback:
            print_callback(out, entry, context);
            break;
        case TypeKind::handle:
            out.line("typedef {};", facts::declare(entry.definition, entry.name, {}));
            break;
        case TypeKind::scalar:
            if (named_only) break;
            for (const auto& name : entry.names) {
                std::string lock = capability(entry);
                out.line("typedef {}{}{};", facts::declare(context.table.spelled(entry.type->definition), name, {}),
                         lock.empty() ? "" : " ", lock);
            }
            break;
        case TypeKind::opaque: {
            std::string lock = capability(entry);
            auto scope =
                out.block(fmt::format("{} {}{}{} {{", entry.is_union ? "union" : "struct", lock, lock.empty() ? "" : " ", entry.tag), "};");
            out.line("DDI_ALIGNED({}) UCHAR Opaque[{}];", std::max<std::size_t>(entry.type->alignment, 1), entry.type->size);
            break;
        }
        case TypeKind::structure: {
            const auto* packing = packing_of(entry, context.model);
            if (packing != nullptr) {
                out.raw(block_comment({fmt::format("Packed to {}. {}", packing->bytes, packing->cite.note)}, false));
                out.line("#pragma pack(push, {})", packing->bytes);
            }
            // g++ speaks of it where another structure has this one as a member.
            bool unsized = has_unsized_end(entry.declaration()->members);
            if (unsized) out.line("#pragma GCC diagnostic push\n#pragma GCC diagnostic ignored \"-Wpedantic\"");
            print_structure(out, entry, context);
            if (unsized) out.raw_line("#pragma GCC diagnostic pop");
            if (packing != nullptr) out.raw_line("#pragma pack(pop)");
            break;
        }
        case TypeKind::enumeration: {
            if (named_only) {
                for (const auto& name : entry.names)
                    out.line("typedef int {};  /* inferred: an enumeration whose values are not declared */", name);
            } else {
                print_enumeration(out, index, context);
            }
            break;
        }
    }
    if (entry.shared) out.raw_line("#endif");
    // Another header's definition may be the one that counts and have no pointer typedefs: these are never under its guard.
    bool declared = problem.empty() || entry.kind == TypeKind::enumeration;
    if (!entry.struct_like() && declared) print_pointers(out, entry, context.table);
}

void print_function(text::Writer& out, const model::Api& api, const PrintContext& context) {
    out.line();
    out.raw(routine_comment(api));
    bool guarded = context.differing.contains(api.name);
    if (guarded) {
        out.line("#ifndef DDI_DECLARES_{}", api.name);
        out.line("#define DDI_DECLARES_{}", api.name);
    }
    for (const auto& annotation : function_annotations(api, context.sal)) out.raw_line(annotation);
    print_prototype(out, api, calling_convention(*api.signature, context.table.base()) + api.name, {}, context);
    for (const auto& macro : context.model.macros) {
        if (macro.function == api.name && text::to_identifier(macro.name) == macro.name) out.line("#define {} {}", macro.name, api.name);
    }
    if (guarded) out.raw_line("#endif");
}

/// A macro with its text from an overlay, under the comment of its page if it has one.
void print_macro(text::Writer& out, const model::MacroDefinition& macro, const std::string& file, const PrintContext& context) {
    out.line();
    bool documented = false;
    for (const auto* api : context.model.find_name(macro.name)) {
        if (documented || header_file(api->header.value) != file) continue;
        out.raw(routine_comment(*api));
        documented = true;
    }
    out.raw(block_comment({fmt::format("{}: defined by an overlay: {}.", macro.name, macro.cite.note)}, false));
    std::string text = fmt::format("#define {}{}", macro.name, macro.parameters);
    for (std::size_t i = 0; i < macro.body.size(); ++i) text += (i == 0 ? " " : " \\\n    ") + macro.body[i];
    out.line("#ifndef {}", macro.name);
    out.raw_line(text);
    out.raw_line("#endif");
}

/// The folders that the pages of this header stand in: "wdm, ntddk".
std::string page_folders(const std::string& file, const model::Model& model, const HeaderPlan& plan, const TypeTable& table) {
    std::set<std::string> folders;
    auto add = [&](const model::Api* api) {
        if (api != nullptr) folders.insert(api->page.substr(0, api->page.rfind('/') + 1));
    };
    for (const auto* api : plan.functions) add(api);
    for (const auto& left : plan.left_out) add(left.api);
    for (std::size_t index : plan.definitions) {
        if (table.entries()[index].header == file) add(table.entries()[index].api);
    }
    if (folders.empty()) {
        if (auto found = model.headers.find(file); found != model.headers.end()) {
            for (std::size_t index : found->second) add(&model.apis[index]);
        }
    }
    std::string list;
    for (const auto& folder : folders) list += (list.empty() ? "" : ", ") + folder;
    return list.empty() ? "the overlays" : "the pages in " + list;
}

}  // namespace

std::string print_header(const std::string& file, const HeaderPlan& plan, const PrintContext& context) {
    text::Writer out;
    std::vector<std::string> head = {
        fmt::format("{}: generated by ddigen from {}. Do not edit.", file, page_folders(file, context.model, plan, context.table))};
    if (!context.model.attribution.empty()) head.push_back(context.model.attribution);
    out.raw(block_comment(head, false));
    std::string guard = "DDI_STUB_" + text::to_identifier(file);
    out.line("#ifndef {}", guard);
    out.line("#define {}", guard);
    out.line();
    out.raw_line("#include \"ddi_base.h\"");
    for (const auto& include : plan.base_headers) out.line("#include \"{}\"", include);
    for (const auto& include : plan.includes) out.line("#include \"{}\"", include);
    print_constants(out, plan, file, context.table);
    out.line();
    out.raw_line("#ifdef __cplusplus");
    out.raw_line("extern \"C\" {");
    out.raw_line("#endif");
    if (!plan.forwards.empty()) out.line();
    for (std::size_t index : plan.forwards) print_forward(out, index, file, context);
    for (std::size_t index : plan.definitions) print_definition(out, index, context);
    for (const auto* api : plan.functions) print_function(out, *api, context);
    for (const auto* macro : plan.macros) print_macro(out, *macro, file, context);
    print_codes(out, plan);
    auto left_out = plan.left_out;
    for (std::size_t index : plan.definitions) {
        const auto& entry = context.table.entries()[index];
        if (entry.kind != TypeKind::interface || entry.header != file) continue;
        if (context.declarable.problem(index).empty()) {
            const auto& methods = context.interfaces.plan(index).left_out;
            left_out.insert(left_out.end(), methods.begin(), methods.end());
        } else {
            for (const auto* api : entry.methods) left_out.push_back({api, context.declarable.method_problem(*api, file), false});
        }
    }
    for (const auto& left : left_out) {
        out.line();
        out.raw(block_comment({fmt::format("{}: not declared here: {}.", left.api->name, left.reason), "Page: " + left.api->page + "."},
                              false));
    }
    out.line();
    out.raw_line("#ifdef __cplusplus");
    out.raw_line("}");
    out.raw_line("#endif");
    out.line();
    out.raw_line("#endif");
    return out.take();
}

}  // namespace ddi::emit::stubs
