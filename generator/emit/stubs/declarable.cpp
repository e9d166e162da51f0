#include "generator/emit/stubs/declarable.h"

#include <fmt/format.h>

#include "generator/text/escape.h"

namespace ddi::emit::stubs {

namespace {

const std::vector<std::string> no_headers;

/// A parameter list that says "void" and nothing else.
bool is_void_parameter(const model::Parameter& parameter) {
    return parameter.name.empty() && (parameter.type == "void" || parameter.type == "VOID");
}

/// Why a routine has no prototype: what kept inference from one, where that is known.
std::string without_signature(const model::Api& api) {
    return api.signature_missing.empty() ? "no declaration is known" : "no declaration is known: " + api.signature_missing;
}

}  // namespace

bool is_dummy_name(const std::string& name) { return name.starts_with("DUMMYUNIONNAME") || name.starts_with("DUMMYSTRUCTNAME"); }

const std::vector<std::string>& Declarable::near(const std::string& header) const {
    auto found = near_.find(header);
    return found == near_.end() ? no_headers : found->second;
}

const std::string& Declarable::problem(std::size_t entry) {
    auto& result = states_[entry];
    if (result.state == State::in_progress) {
        static const std::string cycle = "it contains itself";
        return cycle;
    }
    if (result.state == State::unknown) {
        result.state = State::in_progress;
        std::string problem = find_problem(entry);
        states_[entry] = {State::done, std::move(problem)};
    }
    return states_[entry].problem;
}

std::string Declarable::find_problem(std::size_t index) {
    const auto& entry = table_.entries()[index];
    switch (entry.kind) {
        case TypeKind::opaque:
        case TypeKind::handle:
            return {};
        case TypeKind::scalar: {
            std::string inner = type_problem(entry.type->definition, entry.header, true);
            return inner;
        }
        case TypeKind::callback:
            if (!entry.api->signature || !entry.api->signature->typed()) return without_signature(*entry.api);
            return signature_problem(*entry.api->signature, entry.header);
        case TypeKind::interface:
            return interface_problem(index);
        case TypeKind::structure:
        case TypeKind::enumeration:
            break;
    }
    if (entry.declaration() == nullptr) return "no declaration is known";
    const auto& declaration = *entry.declaration();
    if (declaration.members.empty()) return "its members are not known";
    std::set<std::string> names;
    if (entry.kind == TypeKind::structure) {
        if (declaration.form != facts::DeclarationForm::structure && declaration.form != facts::DeclarationForm::union_)
            return "its members are not known";
        return members_problem(declaration.members, entry.header, names);
    }
    std::string reason;
    for (const auto& enumerator : enumerators(index)) {
        if (enumerator.left_out.empty()) return {};
        if (reason.empty()) reason = enumerator.left_out;
    }
    return reason;
}

const std::vector<Enumerator>& Declarable::enumerators(std::size_t index) {
    auto found = enumerators_.find(index);
    if (found == enumerators_.end()) found = enumerators_.emplace(index, find_enumerators(table_.entries()[index])).first;
    return found->second;
}

std::vector<Enumerator> Declarable::find_enumerators(const TypeEntry& entry) {
    std::set<std::string> own;
    auto refused = [&](const facts::DeclaredMember& member) {
        std::string problem = enumerator_problem(member, entry.header, own);
        own.insert(member.name);
        return problem;
    };
    return plan_enumerators(entry.declaration()->members, refused, table_.shared_enumerators());
}

std::string Declarable::enumerator_problem(const facts::DeclaredMember& member, const std::string& header,
                                           const std::set<std::string>& own) {
    const auto& name = member.name;
    if (!is_identifier(name) || text::to_identifier(name) != name) return fmt::format("\"{}\" is not a name", name);
    if (table_.base().macros.contains(name) || table_.base().enumerators.contains(name) || table_.base().types.contains(name))
        return fmt::format("the base headers have {}", name);
    if (table_.is_type_name(name)) return fmt::format("{} is also a type", name);
    if (table_.is_function(name)) return fmt::format("{} is also a function", name);
    if (member.value.empty()) return {};
    auto words = value_words(member.value);
    if (!words.valid) return fmt::format("the value of {} is not a constant", name);
    return constants_problem(words, header, own);
}

std::optional<std::size_t> Declarable::base_entry(std::size_t index) {
    const auto& entry = table_.entries()[index];
    if (entry.base.empty()) return std::nullopt;
    auto resolved = table_.resolve({entry.base, false, true}, entry.header, near(entry.header));
    if (resolved.role != Resolved::Role::value || resolved.entry == index) return std::nullopt;
    const auto& base = table_.entries()[resolved.entry];
    if (base.kind != TypeKind::interface || base.cpp_class || !problem(resolved.entry).empty()) return std::nullopt;
    return resolved.entry;
}

/// Something must be there to write: a base, or one method.
std::string Declarable::interface_problem(std::size_t index) {
    const auto& entry = table_.entries()[index];
    if (base_entry(index) || table_.base_headers().interfaces.contains(entry.base)) return {};
    std::string reason = "none of its methods has a page";
    for (const auto* api : entry.methods) {
        auto name = method_name(api->name).name;
        if (!is_identifier(name) || name.starts_with("operator")) continue;
        reason = method_problem(*api, entry.header);
        if (reason.empty()) return {};
    }
    return entry.methods.empty() ? reason : "none of its methods can be declared";
}

std::string Declarable::method_problem(const model::Api& api, const std::string& header) {
    if (!api.signature || !api.signature->typed()) return without_signature(api);
    return signature_problem(*api.signature, header);
}

Declarable::Used Declarable::uses(const std::vector<std::size_t>& entries, const std::vector<const model::Api*>& functions,
                                  const std::string& header) {
    Used used;
    used_ = &used;
    for (std::size_t index : entries) {
        needs(index, header);
        const auto& entry = table_.entries()[index];
        if (entry.kind == TypeKind::interface && !entry.cpp_class && problem(index).empty())
            used.base_headers.insert(table_.base_headers().interface_file);
    }
    for (const auto* api : functions) function_needs(*api, header);
    used_ = nullptr;
    return used;
}

std::string Declarable::constants_problem(const TypeWords& words, const std::string& header, const std::set<std::string>& own) {
    for (const auto& use : words.uses) {
        if (own.contains(use.name) || table_.base().macros.contains(use.name) || table_.base().enumerators.contains(use.name)) continue;
        if (table_.constants().value(use.name)) continue;
        std::size_t owner = table_.enumerator_owner(use.name, header);
        if (owner == table_.entries().size() || !problem(owner).empty()) return fmt::format("constant {} is unknown", use.name);
        for (const auto& enumerator : enumerators(owner)) {
            if (enumerator.member->name == use.name && !enumerator.left_out.empty())
                return fmt::format("constant {} is not declared ({})", use.name, enumerator.left_out);
        }
    }
    return {};
}

std::string Declarable::type_problem(const std::string& type, const std::string& header, bool member) {
    auto words = type_words(type);
    if (!words.valid) return fmt::format("\"{}\" is not a C type", type);
    for (const auto& use : words.uses) {
        auto resolved = table_.resolve(use, header, near(header));
        if (resolved.role == Resolved::Role::base) continue;
        if (resolved.role == Resolved::Role::unknown) return fmt::format("type {} is unknown", use.name);
        const auto& entry = table_.entries()[resolved.entry];
        if (entry.kind == TypeKind::enumeration && !use.is_tag) continue;  // without enumerators its typedef is still there
        bool value = resolved.role == Resolved::Role::value && use.by_value;
        if (entry.struct_like() && !(member && value)) continue;
        if (const auto& inner = problem(resolved.entry); !inner.empty())
            return fmt::format("type {} cannot be declared ({})", use.name, inner);
    }
    return {};
}

std::string Declarable::signature_problem(const model::Signature& signature, const std::string& header) {
    if (auto problem = type_problem(signature.return_type, header, false); !problem.empty()) return problem;
    // Parameters may be of an incomplete type as long as nobody calls; for a result of C linkage compilers do not agree.
    for (const auto& use : type_words(signature.return_type).uses) {
        auto resolved = table_.resolve(use, header, near(header));
        if (resolved.role != Resolved::Role::value || !use.by_value || !table_.entries()[resolved.entry].struct_like()) continue;
        if (const auto& inner = problem(resolved.entry); !inner.empty())
            return fmt::format("its result {} cannot be declared ({})", use.name, inner);
    }
    for (const auto& parameter : signature.parameters) {
        if (is_void_parameter(parameter)) {
            if (signature.parameters.size() == 1) continue;
            return "a parameter is void";
        }
        if (parameter.type == "void" || parameter.type == "VOID") return "a parameter is void";
        if (auto problem = type_problem(parameter.type, header, false); !problem.empty()) return problem;
        if (!parameter.array.empty() && parameter.array.find('[', 1) != std::string::npos) return "a parameter is an array of arrays";
    }
    // C wants a named parameter before "...".
    if (signature.variadic && signature.parameters.empty()) return "nothing stands before \"...\"";
    return {};
}

std::string Declarable::members_problem(const std::vector<facts::DeclaredMember>& members, const std::string& header,
                                        std::set<std::string>& names) {
    for (const auto& member : members) {
        bool unnamed = member.name.empty() || is_dummy_name(member.name);
        if (!unnamed && !is_identifier(member.name)) return fmt::format("\"{}\" is not a name", member.name);
        if (!unnamed && table_.base().macros.contains(member.name)) return fmt::format("{} is a macro", member.name);
        if (!unnamed && !names.insert(member.name).second) return fmt::format("{} is there twice", member.name);
        auto sizes = array_words(member.array);
        if (!sizes.valid) return fmt::format("\"{}\" is not a size", member.array);
        if (auto problem = constants_problem(sizes, header, {}); !problem.empty()) return problem;
        if (member.aggregate == "enum") return "it defines an enumeration inside";
        if (!member.aggregate.empty()) {
            if (member.aggregate != "struct" && member.aggregate != "union") return fmt::format("\"{}\" is not C", member.aggregate);
            if (member.members.empty()) return "a member has no members";
            std::set<std::string> own;
            if (auto problem = members_problem(member.members, header, unnamed ? names : own); !problem.empty()) return problem;
            continue;
        }
        if (!unnamed && member.type.empty()) return fmt::format("no type is stated for the field {}", member.name);
        if (unnamed && member.bits.empty()) return "a member has no name";
        if (member.type == "void" || member.type == "VOID") return fmt::format("{} is void", member.name);
        if (auto problem = type_problem(member.type, header, true); !problem.empty()) return problem;
        if (member.bits.empty()) continue;
        auto bits = value_words(member.bits);
        if (!bits.valid) return fmt::format("\"{}\" is not a width", member.bits);
        if (auto problem = constants_problem(bits, header, {}); !problem.empty()) return problem;
    }
    return {};
}

std::string Declarable::function_problem(const model::Api& api, const std::string& header) {
    const auto& base = table_.base();
    if (!is_identifier(api.name)) return "it is a method of a C++ structure or class template, or an operator";
    if (base.macros.contains(api.name)) return "it is a macro of ddi_base.h";
    if (base.types.contains(api.name) || base.enumerators.contains(api.name)) return "its name is a type's in ddi_base.h";
    if (!api.signature || !api.signature->typed()) return without_signature(api);
    return signature_problem(*api.signature, header);
}

void Declarable::type_needs(const std::string& type, const std::string& header, bool member, std::vector<Need>& needs) {
    for (const auto& use : type_words(type).uses) {
        auto resolved = table_.resolve(use, header, near(header));
        if (resolved.role == Resolved::Role::base && used_ != nullptr) {
            const auto& files = table_.base_headers().file_of;
            if (auto file = files.find(use.name); file != files.end()) used_->base_headers.insert(file->second);
        }
        if (resolved.role == Resolved::Role::base || resolved.role == Resolved::Role::unknown) continue;
        const auto& entry = table_.entries()[resolved.entry];
        bool value = resolved.role == Resolved::Role::value && use.by_value;
        needs.push_back({resolved.entry, !entry.struct_like() || (member && value)});
    }
}

void Declarable::constant_needs(const TypeWords& words, const std::string& header, std::vector<Need>& needs) {
    for (const auto& use : words.uses) {
        if (used_ != nullptr && table_.constants().value(use.name)) used_->constants.insert(use.name);
        std::size_t owner = table_.enumerator_owner(use.name, header);
        if (owner != table_.entries().size()) needs.push_back({owner, true});
    }
}

void Declarable::member_needs(const std::vector<facts::DeclaredMember>& members, const std::string& header, std::vector<Need>& needs) {
    for (const auto& member : members) {
        constant_needs(array_words(member.array), header, needs);
        if (member.aggregate.empty()) type_needs(member.type, header, true, needs);
        if (!member.bits.empty()) constant_needs(value_words(member.bits), header, needs);
        member_needs(member.members, header, needs);
    }
}

void Declarable::signature_needs(const model::Signature& signature, const std::string& header, std::vector<Need>& needs) {
    type_needs(signature.return_type, header, false, needs);
    for (const auto& parameter : signature.parameters) type_needs(parameter.type, header, false, needs);
}

std::vector<Need> Declarable::needs(std::size_t index, const std::string& header) {
    const auto& entry = table_.entries()[index];
    std::vector<Need> needs;
    if (entry.kind == TypeKind::opaque || entry.kind == TypeKind::handle || !problem(index).empty()) return needs;
    if (entry.kind == TypeKind::scalar) {
        type_needs(entry.type->definition, header, true, needs);
    } else if (entry.kind == TypeKind::callback) {
        signature_needs(*entry.api->signature, header, needs);
    } else if (entry.kind == TypeKind::interface) {
        if (auto base = base_entry(index)) needs.push_back({*base, true});
        for (const auto* api : entry.methods) {
            if (method_problem(*api, entry.header).empty()) signature_needs(*api->signature, header, needs);
        }
    } else if (entry.kind == TypeKind::structure) {
        member_needs(entry.declaration()->members, header, needs);
    } else {
        for (const auto& member : entry.declaration()->members) constant_needs(value_words(member.value), header, needs);
    }
    std::erase_if(needs, [&](const Need& need) { return need.entry == index; });
    return needs;
}

std::vector<Need> Declarable::function_needs(const model::Api& api, const std::string& header) {
    std::vector<Need> needs;
    signature_needs(*api.signature, header, needs);
    return needs;
}

}  // namespace ddi::emit::stubs
