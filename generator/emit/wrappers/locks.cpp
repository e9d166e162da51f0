#include "generator/emit/wrappers/locks.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "generator/text/escape.h"

namespace ddi::emit::wrappers {

using facts::Object;
using model::Api;
using model::Parameter;
namespace clause = facts::clause;

namespace {

template <class Visit>
void for_each_object(const Api& api, Visit&& visit) {
    for (const auto& rule : api.rules) {
        std::visit(
            [&](const auto& content) {
                if constexpr (requires { content.object; }) visit(content, content.object);
            },
            rule.clause.content);
    }
}

const Parameter* find_parameter(const Api& api, const std::string& name) {
    if (!api.signature) return nullptr;
    for (const auto& parameter : api.signature->parameters) {
        if (parameter.name == name) return &parameter;
    }
    return nullptr;
}

}  // namespace

bool is_wrappable(const Api& api) {
    auto plain = [](const std::string& type) { return !type.empty() && type.find_first_of("({[;") == std::string::npos; };
    if (!api.is_routine() || !api.signature || !api.signature->typed() || api.signature->variadic) return false;
    if (text::to_identifier(api.name) != api.name || !plain(api.signature->return_type)) return false;
    std::set<std::string> names;
    return std::all_of(api.signature->parameters.begin(), api.signature->parameters.end(), [&](const Parameter& p) {
        return !p.name.empty() && text::to_identifier(p.name) == p.name && plain(p.type) && names.insert(p.name).second;
    });
}

std::string ObjectRef::text() const {
    if (per_thread) return fmt::format("contract::thread_object(\"{}\")", text::escape_c_string(noun));
    std::string extra;
    if (!handle.empty() || !alias.empty() || only_known) extra += ", " + (handle.empty() ? std::string("0") : handle);
    if (!alias.empty() || only_known) extra += ", " + (alias.empty() ? std::string("0") : alias);
    if (only_known) extra += ", true";
    return fmt::format("contract::Object{{\"{}\", \"{}\", {}{}}}", text::escape_c_string(domain), text::escape_c_string(noun),
                       key.empty() ? "0" : key, extra);
}

Locks::Locks(const model::Model& model, const TypeTable& types) : types_(&types) {
    find_short_nouns(model);
    auto base_of = [&](const Api& api, const Object& object) -> std::string {
        const Parameter* parameter = find_parameter(api, object.parameter);
        return parameter != nullptr ? types_->of(parameter->type).base : std::string();
    };
    for (const auto& api : model.apis) {
        if (!is_wrappable(api)) continue;
        for_each_object(api, [&](const auto& content, const Object& object) {
            using Content = std::decay_t<decltype(content)>;
            std::string base = base_of(api, object);
            if (base.empty()) return;
            if constexpr (std::is_same_v<Content, clause::Initialize>) {
                if (base != "void") lock_types_.insert(base);
            }
            if constexpr (std::is_same_v<Content, clause::Release>) {
                release_bases_.insert(base);
                if (content.mode == facts::Mode::shared) shared_releases_.insert(full_noun(object.noun));
            }
            if (base != "void") noun_types_[full_noun(object.noun)].insert(base);
        });
    }
    // Second pass: it needs to know all lock types and all releases.
    for (const auto& api : model.apis) {
        if (!is_wrappable(api)) continue;
        for_each_object(api, [&](const auto& content, const Object& object) {
            using Content = std::decay_t<decltype(content)>;
            const Parameter* parameter = find_parameter(api, object.parameter);
            if (parameter == nullptr) return;
            std::string base = types_->of(parameter->type).base;
            std::string domain = lock_types_.contains(base) ? base : full_noun(object.noun);
            if constexpr (std::is_same_v<Content, clause::Acquire>) {
                for (const auto& other : api.signature->parameters) {
                    std::string handle = types_->of(other.type).base;
                    bool is_handle = handle != base && handle != "void" && !lock_types_.contains(handle) && !types_->is_scalar(handle) &&
                                     release_bases_.contains(handle);
                    if (&other != parameter && is_handle) handle_domains_.try_emplace(handle, domain);
                }
            }
            if constexpr (std::is_same_v<Content, clause::Initialize>) {
                initializers_[domain].insert(api.name);
                initializer_names_.insert(api.name);
            }
        });
    }
    find_parents(model);
    for (const auto& api : model.apis) {
        if (!is_wrappable(api)) continue;
        for_each_object(api, [&](const auto& content, const Object& about) {
            using Content = std::decay_t<decltype(content)>;
            if constexpr (std::is_same_v<Content, clause::Acquire> || std::is_same_v<Content, clause::Release>) {
                if (auto ref = object(api, about); ref && !ref->after_call)
                    (std::is_same_v<Content, clause::Acquire> ? acquired_ : released_).insert(ref->domain);
            }
        });
    }
}

/// A noun that is only released, and a longer one with the same last words that is acquired: one page omits the qualifier.
void Locks::find_short_nouns(const model::Model& model) {
    std::set<std::string> acquired, released;
    for (const auto& api : model.apis) {
        for_each_object(api, [&](const auto& content, const Object& about) {
            using Content = std::decay_t<decltype(content)>;
            if constexpr (std::is_same_v<Content, clause::Acquire>) acquired.insert(about.noun);
            if constexpr (std::is_same_v<Content, clause::Release>) released.insert(about.noun);
        });
    }
    auto find_longer = [&](const std::set<std::string>& some, const std::set<std::string>& others) {
        for (const auto& noun : some) {
            if (others.contains(noun) || noun.find(' ') == std::string::npos) continue;
            for (const auto& longer : others) {
                if (longer.ends_with(" " + noun)) full_nouns_.try_emplace(noun, longer);
            }
        }
    };
    find_longer(released, acquired);
    find_longer(acquired, released);
}

const std::string& Locks::full_noun(const std::string& noun) const {
    auto found = full_nouns_.find(noun);
    return found == full_nouns_.end() ? noun : found->second;
}

void Locks::find_parents(const model::Model& model) {
    auto lower = [](std::string text) {
        std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        return text;
    };
    for (const auto& api : model.apis) {
        if (!is_wrappable(api)) continue;
        for_each_object(api, [&](const auto& content, const Object& object) {
            using Content = std::decay_t<decltype(content)>;
            if constexpr (std::is_same_v<Content, clause::SameObject>) {
                const Parameter* parameter = parameter_of(api, object);
                if (parameter == nullptr) return;
                CType child = types_->of(parameter->type);
                std::vector<const Api*> candidates;
                for (const auto& other : model.apis) {
                    if (!is_wrappable(other) || other.kind != page::PageKind::function || other.signature->parameters.size() != 1) continue;
                    CType result = types_->of(other.signature->return_type);
                    bool returns_parent =
                        result.depth == 1 && result.base != child.base && noun_types_[full_noun(object.noun)].contains(result.base);
                    if (other.name == content.parent || (returns_parent && types_->of(other.signature->parameters[0].type) == child))
                        candidates.push_back(&other);
                }
                auto named = std::find_if(candidates.begin(), candidates.end(),
                                          [&](const Api* a) { return lower(a->name).find("parent") != std::string::npos; });
                if (named == candidates.end() && candidates.size() == 1) named = candidates.begin();
                if (named != candidates.end()) parents_[{full_noun(object.noun), child.base}] = (*named)->name;
            }
        });
    }
}

const Parameter* Locks::parameter_of(const Api& api, const Object& object) const {
    if (const Parameter* named = find_parameter(api, object.parameter)) return named;
    auto bases = noun_types_.find(full_noun(object.noun));
    if (!api.signature || bases == noun_types_.end()) return nullptr;
    // The sentence names no parameter: the only one of a type that other pages name for this noun is meant.
    const Parameter* found = nullptr;
    for (const auto& parameter : api.signature->parameters) {
        CType type = types_->of(parameter.type);
        if (!bases->second.contains(type.base) || types_->is_scalar(type.base)) continue;
        if (found != nullptr) return nullptr;
        found = &parameter;
    }
    return found;
}

std::optional<std::string> Locks::handle_of(const Api& api, const Parameter& lock) const {
    for (const auto& other : api.signature->parameters) {
        if (&other != &lock && handle_domains_.contains(types_->of(other.type).base)) return other.name;
    }
    return std::nullopt;
}

std::optional<ObjectRef> Locks::object(const Api& api, const Object& object) const {
    if (!api.signature) return std::nullopt;
    ObjectRef ref;
    ref.noun = full_noun(object.noun);
    ref.domain = ref.noun;
    const Parameter* parameter = parameter_of(api, object);
    if (parameter == nullptr) {
        bool has_objects = !object.parameter.empty() || noun_types_.contains(ref.noun);
        if (has_objects) return std::nullopt;
        ref.per_thread = true;
        return ref;
    }
    ref.parameter = parameter->name;
    ref.key = fmt::format("contract::key({})", parameter->name);
    CType type = types_->of(parameter->type);
    if (type.depth == 0 && (types_->is_structure(type.base) || !parameter->array.empty())) return std::nullopt;
    if (lock_types_.contains(type.base)) {
        ref.domain = type.base;
        ref.own_type = true;
        if (type.depth > 1) {
            ref.after_call = true;
            ref.key = fmt::format("contract::key(*{})", parameter->name);
        }
        if (auto handle = handle_of(api, *parameter)) ref.handle = fmt::format("contract::key({})", *handle);
        return ref;
    }
    if (type.base == "void") {
        auto bases = noun_types_.find(full_noun(object.noun));
        if (bases == noun_types_.end()) return ref;
        for (const auto& base : bases->second) {
            if (!lock_types_.contains(base)) continue;
            ref.domain = base;
            ref.only_known = true;
            break;
        }
        return ref;
    }
    if (auto handle = handle_domains_.find(type.base); handle != handle_domains_.end()) {
        ref.domain = handle->second;
        ref.handle = ref.key;
        ref.key.clear();
        ref.own_type = true;
        return ref;
    }
    if (auto parent = parents_.find({ref.noun, type.base}); parent != parents_.end()) {
        ref.alias = ref.key;
        ref.key = fmt::format("contract::key({}({}))", parent->second, parameter->name);
    }
    return ref;
}

bool Locks::initializer_is_known(const ObjectRef& object, const std::vector<std::string>& by) const {
    if (by.empty()) return initializers_.contains(object.domain);
    return std::all_of(by.begin(), by.end(), [&](const std::string& name) { return initializer_names_.contains(name); });
}

}  // namespace ddi::emit::wrappers
