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

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

/// "PRKMUTEX" spells "mutex".
bool spells(const std::string& type, const std::string& noun) { return lower(type).find(noun) != std::string::npos; }

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

bool Locks::is_seen(const Api& api) const {
    return is_wrappable(api) && (api.kind == page::PageKind::callback || declared_.contains(api.name));
}

Locks::Locks(const model::Model& model, const TypeTable& types, std::set<std::string> declared)
    : types_(&types), declared_(std::move(declared)) {
    find_short_nouns(model);
    auto base_of = [&](const Api& api, const Object& object) -> std::string {
        const Parameter* parameter = find_parameter(api, object.parameter);
        return parameter != nullptr ? types_->of(parameter->type).base : std::string();
    };
    for (const auto& api : model.apis) {
        if (!is_seen(api)) continue;
        for_each_object(api, [&](const auto& content, const Object& object) {
            using Content = std::decay_t<decltype(content)>;
            std::string base = base_of(api, object);
            if constexpr (std::is_same_v<Content, clause::Initialize>) {
                CType result = types_->of(api.signature->return_type);
                if (base.empty() && result.depth == 1 && !types_->is_number(result.base)) base = result.base;
                if (!base.empty() && base != "void") lock_types_.insert(base);
            }
            if (base.empty()) return;
            if constexpr (std::is_same_v<Content, clause::Release>) {
                release_bases_.insert(base);
                if (content.mode == facts::Mode::shared) shared_releases_.insert(full_noun(object.noun, base));
            }
            if (base != "void") noun_types_[full_noun(object.noun, base)].insert(base);
        });
    }
    // Second pass: it needs to know all lock types and all releases.
    for (const auto& api : model.apis) {
        if (!is_seen(api)) continue;
        for_each_object(api, [&](const auto& content, const Object& object) {
            using Content = std::decay_t<decltype(content)>;
            const Parameter* parameter = find_parameter(api, object.parameter);
            if (parameter == nullptr) return;
            std::string base = types_->of(parameter->type).base;
            std::string domain = lock_types_.contains(base) ? base : full_noun(object.noun, base);
            if constexpr (std::is_same_v<Content, clause::Acquire>) {
                for (const auto& other : api.signature->parameters) {
                    std::string handle = types_->of(other.type).base;
                    bool is_handle = handle != base && handle != "void" && !lock_types_.contains(handle) && !types_->is_number(handle) &&
                                     release_bases_.contains(handle);
                    if (&other != parameter && is_handle) handle_domains_.try_emplace(handle, domain);
                }
            }
        });
    }
    find_parents(model);
    find_both_modes(model);
    for (const auto& api : model.apis) {
        if (!is_seen(api)) continue;
        for_each_object(api, [&](const auto& content, const Object& about) {
            using Content = std::decay_t<decltype(content)>;
            constexpr bool kAcquires = std::is_same_v<Content, clause::Acquire>;
            constexpr bool kReleases = std::is_same_v<Content, clause::Release>;
            auto ref = object(api, about);
            if (!ref) return;
            if constexpr (std::is_same_v<Content, clause::Initialize>) {
                initializers_[ref->domain].insert(api.name);
                initializer_names_.insert(api.name);
                if (const Parameter* parameter = find_parameter(api, ref->parameter); parameter && spells(parameter->type, ref->noun))
                    spelled_nouns_.insert(ref->noun);
            }
            if constexpr (std::is_same_v<Content, clause::Recursion>)
                (content.rule == clause::RecursionRule::deadlock ? deadlocks_ : counted_).insert(ref->domain);
            if constexpr (kAcquires || kReleases) {
                if (ref->after_call) return;
                if (kReleases) releasers_.insert({api.name, ref->domain});
                (kAcquires ? acquired_ : released_).insert({ref->domain, ref->base});
                for (const auto& parameter : api.signature->parameters) {
                    CType type = types_->of(parameter.type);
                    if (ref->own_type && type.depth == 0 && types_->is_number(type.base) &&
                        parameter.name.find("Count") != std::string::npos)
                        (kAcquires ? acquired_units_ : released_units_)[ref->domain].insert(parameter.name);
                }
            }
        });
        for (const auto& rule : api.rules) {
            const auto* acquire = std::get_if<clause::Acquire>(&rule.clause.content);
            auto many = acquire != nullptr ? array(api, acquire->object) : std::nullopt;
            if (many) acquired_.insert({many->domain, many->domain});
        }
    }
}

/// "Releases the lock" says nothing of a mode; a release that only readers' pages or only writers' pages name has one.
void Locks::find_both_modes(const model::Model& model) {
    std::map<std::string, std::set<facts::Mode>> modes;           // acquirer → its modes
    std::map<std::string, std::set<std::string>> acquirers, all;  // release → acquirers that are named with it
    for (const auto& api : model.apis) {
        for (const auto& rule : api.rules) {
            const auto& content = rule.clause.content;
            if (const auto* c = std::get_if<clause::Acquire>(&content)) modes[api.name].insert(c->mode);
            if (std::holds_alternative<clause::Release>(content)) all[api.name];
            if (const auto* c = std::get_if<clause::Releases>(&content))
                acquirers[api.name].insert(c->acquired_by.begin(), c->acquired_by.end());
            if (const auto* c = std::get_if<clause::ReleaseWith>(&content)) {
                for (const auto& release : c->with) acquirers[release].insert(api.name);
            }
        }
    }
    for (const auto& [release, unused] : all) {
        std::set<facts::Mode> ended;
        for (const auto& acquirer : acquirers[release]) ended.insert(modes[acquirer].begin(), modes[acquirer].end());
        if (ended.size() != 1) both_modes_.insert(release);
    }
}

std::string Locks::initialized_noun(const Api& api, const ObjectRef& ref) const {
    const Parameter* parameter = find_parameter(api, ref.parameter);
    bool other_kind = parameter != nullptr && spelled_nouns_.contains(ref.noun) && !spells(parameter->type, ref.noun);
    return other_kind ? lower(parameter->type) : ref.noun;
}

bool Locks::fits(const Kinds& kinds, const ObjectRef& object) {
    return std::any_of(kinds.begin(), kinds.end(), [&](const auto& kind) {
        bool untyped = kind.second == "void" || object.base == "void" || !object.handle.empty();
        return kind.first == object.domain && (untyped || kind.second == object.base || object.own_type);
    });
}

bool Locks::is_tracked(const ArrayRef& array) const {
    return is_acquired(array.domain) &&
           std::any_of(released_.begin(), released_.end(), [&](const auto& kind) { return kind.first == array.domain; });
}

bool Locks::is_acquired(const std::string& domain) const {
    return std::any_of(acquired_.begin(), acquired_.end(), [&](const auto& kind) { return kind.first == domain; });
}

std::string Locks::units(const Api& api, const ObjectRef& object) const {
    auto acquired = acquired_units_.find(object.domain), released = released_units_.find(object.domain);
    if (acquired == acquired_units_.end() || released == released_units_.end()) return {};
    for (const auto& parameter : api.signature->parameters) {
        if (acquired->second.contains(parameter.name) && released->second.contains(parameter.name)) return parameter.name;
    }
    return {};
}

/// A noun that is only released, and a longer one with the same last words that is acquired: one page omits the qualifier.
void Locks::find_short_nouns(const model::Model& model) {
    std::set<std::string> acquired, released;
    std::map<std::string, std::set<std::string>> acquired_of, released_of;  // base type → nouns
    for (const auto& api : model.apis) {
        for_each_object(api, [&](const auto& content, const Object& about) {
            using Content = std::decay_t<decltype(content)>;
            if constexpr (std::is_same_v<Content, clause::Acquire> || std::is_same_v<Content, clause::Release>) {
                constexpr bool kAcquires = std::is_same_v<Content, clause::Acquire>;
                (kAcquires ? acquired : released).insert(about.noun);
                const Parameter* parameter = is_seen(api) ? find_parameter(api, about.parameter) : nullptr;
                if (parameter != nullptr) (kAcquires ? acquired_of : released_of)[types_->of(parameter->type).base].insert(about.noun);
            }
        });
    }
    auto find_longer = [](const std::set<std::string>& some, const std::set<std::string>& others, auto&& found) {
        for (const auto& noun : some) {
            if (others.contains(noun) || noun.empty()) continue;
            for (const auto& longer : others) {
                if (longer.ends_with(" " + noun)) found(noun, longer);
            }
        }
    };
    auto add = [&](const std::string& noun, const std::string& longer) {
        if (noun.find(' ') != std::string::npos) full_nouns_.try_emplace(noun, longer);
    };
    find_longer(released, acquired, add);
    find_longer(acquired, released, add);
    // Of objects of one type: the noun without a partner and the longer one without a partner are one lock.
    for (const auto& [base, nouns] : acquired_of) {
        const auto& others = released_of[base];
        auto pair = [&, type = base](const std::string& noun, const std::string& longer) {
            bool alone = !nouns.contains(longer) || !others.contains(longer);
            if (alone) full_nouns_of_.try_emplace({noun, type}, longer);
        };
        find_longer(nouns, others, pair);
        find_longer(others, nouns, pair);
    }
}

const std::string& Locks::full_noun(const std::string& noun, const std::string& base) const {
    auto own = full_nouns_of_.find({noun, base});
    if (own != full_nouns_of_.end()) return own->second;
    auto found = full_nouns_.find(noun);
    return found == full_nouns_.end() ? noun : found->second;
}

void Locks::find_parents(const model::Model& model) {
    for (const auto& api : model.apis) {
        if (!is_seen(api)) continue;
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
                    bool returns_parent = result.depth == 1 && result.base != child.base &&
                                          noun_types_[full_noun(object.noun, child.base)].contains(result.base);
                    if (other.name == content.parent || (returns_parent && types_->of(other.signature->parameters[0].type) == child))
                        candidates.push_back(&other);
                }
                auto named = std::find_if(candidates.begin(), candidates.end(),
                                          [&](const Api* a) { return lower(a->name).find("parent") != std::string::npos; });
                if (named == candidates.end() && candidates.size() == 1) named = candidates.begin();
                if (named != candidates.end()) {
                    std::pair<std::string, std::string> lock{full_noun(object.noun, child.base), child.base};
                    parents_[lock] = (*named)->name;
                    parent_bases_[lock] = types_->of((*named)->signature->return_type).base;
                }
            }
        });
    }
}

const Parameter* Locks::parameter_of(const Api& api, const Object& object) const {
    if (const Parameter* named = find_parameter(api, object.parameter)) return named;
    if (!object.parameter.empty()) return nullptr;
    auto bases = noun_types_.find(full_noun(object.noun, {}));
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

std::vector<std::string> Locks::owners(const Api& api, const std::string& but) const {
    std::vector<std::string> found;
    for (const auto& parameter : api.signature->parameters) {
        CType type = types_->of(parameter.type);
        bool routine = type.base.find('(') != std::string::npos;
        if (parameter.name == but || type.depth != 1 || !parameter.array.empty() || types_->is_number(type.base) || routine) continue;
        if (!handle_domains_.contains(type.base)) found.push_back(parameter.name);
    }
    return found;
}

std::optional<ObjectRef> Locks::without_parameter(const Api& api, ObjectRef ref, bool creates) const {
    CType result = types_->of(api.signature->return_type);
    if (creates && result.depth == 1 && !types_->is_number(result.base)) {
        ref.key = "contract::key(result)";
        ref.after_call = true;
        ref.base = result.base;
        ref.own_type = lock_types_.contains(result.base);
        if (ref.own_type) ref.domain = result.base;
        auto bases = noun_types_.find(ref.noun);
        if (result.base != "void" || bases == noun_types_.end()) return ref;
        for (const auto& base : bases->second) {
            if (lock_types_.contains(base)) ref.domain = base;
        }
        return ref;
    }
    if (noun_types_.contains(ref.noun)) return std::nullopt;
    if (ref.noun.ends_with("region")) {
        ref.per_thread = true;
        return ref;
    }
    std::set<std::string> levels;  // parameters that are IRQLs, whatever their type
    for (const auto& rule : api.rules) {
        if (const auto* save = std::get_if<clause::IrqlSave>(&rule.clause.content)) levels.insert(save->where.parameter);
        if (const auto* restore = std::get_if<clause::IrqlRestore>(&rule.clause.content)) levels.insert(restore->from.parameter);
        if (const auto* argument = std::get_if<clause::Argument>(&rule.clause.content)) levels.insert(argument->parameter);
    }
    std::vector<std::string> numbers, objects = owners(api, {});
    for (const auto& parameter : api.signature->parameters) {
        CType type = types_->of(parameter.type);
        if (type.depth == 0 && types_->is_number(type.base) && !is_boolean(type) && type.base != "KIRQL" &&
            !levels.contains(parameter.name))
            numbers.push_back(parameter.name);
    }
    if (objects.size() > 1 || numbers.size() > 1) return std::nullopt;
    if (objects.empty() && numbers.empty()) {
        ref.key = "1";  // the system has one
        return ref;
    }
    ref.key = objects.empty()   ? fmt::format("contract::key({})", numbers[0])
              : numbers.empty() ? fmt::format("contract::key({})", objects[0])
                                : fmt::format("contract::key({}, {})", objects[0], numbers[0]);
    ref.base = "1";  // no parameter of that name: only calls that name none either are about the same lock
    return ref;
}

std::optional<ObjectRef> Locks::object(const Api& api, const Object& object) const {
    if (!api.signature) return std::nullopt;
    const Parameter* parameter = parameter_of(api, object);
    ObjectRef ref;
    CType type = parameter != nullptr ? types_->of(parameter->type) : CType{};
    ref.noun = full_noun(object.noun, type.base);
    ref.domain = ref.noun;
    if (parameter == nullptr) {
        if (!object.parameter.empty()) return std::nullopt;
        bool creates = std::any_of(api.rules.begin(), api.rules.end(), [&](const auto& rule) {
            const auto* initialize = std::get_if<clause::Initialize>(&rule.clause.content);
            return initialize != nullptr && initialize->object == object;
        });
        return without_parameter(api, std::move(ref), creates);
    }
    if (!parameter->array.empty()) return std::nullopt;
    ref.parameter = parameter->name;
    ref.base = type.base;
    ref.key = fmt::format("contract::key({})", parameter->name);
    if (type.depth == 0 && types_->is_structure(type.base)) return std::nullopt;
    if (lock_types_.contains(type.base)) {
        if (type.depth == 0) return std::nullopt;  // a copy of a lock is no lock
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
        // "Context, BankId": the object has a lock for each number.
        for (const auto& other : api.signature->parameters) {
            CType number = types_->of(other.type);
            if (other.name.ends_with("Id") && number.depth == 0 && types_->is_number(number.base) && !is_boolean(number))
                ref.key = fmt::format("contract::key({}, {})", parameter->name, other.name);
        }
        auto bases = noun_types_.find(ref.noun);
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
        ref.base = parent_bases_.at(parent->first);
        return ref;
    }
    if (type.depth == 0 && types_->is_number(type.base)) {
        auto objects = owners(api, parameter->name);
        for (const auto& owner : objects) ref.key = fmt::format("contract::key({}, {})", owner, ref.key);
        if (!objects.empty()) ref.owner = fmt::format("contract::key({})", objects.front());
        if (auto handle = handle_of(api, *parameter)) ref.handle = fmt::format("contract::key({})", *handle);
    }
    return ref;
}

std::optional<ArrayRef> Locks::array(const Api& api, const Object& object) const {
    const Parameter* parameter = find_parameter(api, object.parameter);
    if (parameter == nullptr || parameter->array != "[]" || types_->of(parameter->type) != CType{"void", 1}) return std::nullopt;
    ArrayRef ref;
    ref.noun = full_noun(object.noun, {});
    ref.objects = parameter->name;
    auto bases = noun_types_.find(ref.noun);
    if (bases == noun_types_.end()) return std::nullopt;
    for (const auto& base : bases->second) {
        if (lock_types_.contains(base)) ref.domain = base;
    }
    for (const auto& other : api.signature->parameters) {
        CType type = types_->of(other.type);
        bool counts = other.name == "Count" || std::any_of(parameter->sal.begin(), parameter->sal.end(), [&](const std::string& sal) {
                          return sal.find("(" + other.name + ")") != std::string::npos;
                      });
        if (counts && type.depth == 0 && types_->is_number(type.base)) ref.count = other.name;
        if (type.depth == 0 && type.base.ends_with("WAIT_TYPE") && types_->is_constant("WaitAll")) ref.all = other.name + " == WaitAll";
    }
    if (ref.domain.empty() || ref.count.empty()) return std::nullopt;
    return ref;
}

std::vector<ObjectRef> Locks::objects(const Api& api) const {
    std::vector<ObjectRef> found;
    auto add = [&](const std::optional<ObjectRef>& ref) {
        if (!ref || ref->per_thread || ref->after_call || ref->key.empty()) return;
        bool known = std::any_of(found.begin(), found.end(), [&](const ObjectRef& other) { return other.key == ref->key; });
        if (!known) found.push_back(*ref);
    };
    for_each_object(api, [&](const auto&, const Object& about) { add(object(api, about)); });
    for (const auto& parameter : api.signature->parameters) {
        CType type = types_->of(parameter.type);
        if (type.depth == 1 && lock_types_.contains(type.base)) add(object(api, {type.base, parameter.name}));
    }
    return found;
}

bool Locks::initializer_is_known(const ObjectRef& object, const std::vector<std::string>& by) const {
    if (by.empty()) return initializers_.contains(object.domain);
    return std::all_of(by.begin(), by.end(), [&](const std::string& name) { return initializer_names_.contains(name); });
}

}  // namespace ddi::emit::wrappers
