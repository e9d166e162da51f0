#include "generator/emit/tests/knowledge.h"

#include <algorithm>

#include "generator/emit/tests/cast.h"
#include "generator/emit/tests/situation.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Knowledge::Knowledge(const model::Model& model) : model_(&model), context_(model) {
    std::map<std::string, std::string> spelling;  // of types in C: for the wrappers only
    auto stubs = wrappers::stub_headers(model, spelling);
    for (const auto& [header, content] : stubs) {
        for (const Api* api : content.functions) declared_.insert(api->name);
    }
    for (const auto& [header, content] : wrappers::select_wrapped(model, stubs, context_)) {
        for (const Api* api : content.functions) wrapped_.insert(api->name);
        for (const Api* api : content.callbacks) wrapped_.insert(api->name);
    }
    for (const auto& api : model.apis) {
        if (!is_callable(api)) continue;
        by_name_[api.name].push_back(&api);
        auto add = [&](std::vector<Part>& parts, const facts::Object& object) {
            if (auto ref = this->object(api, object)) parts.push_back({&api, ref->domain});
        };
        for_each_clause<clause::Acquire>(api, [&](const Rule&, const clause::Acquire& c) { add(acquire_, c.object); });
        for_each_clause<clause::Release>(api, [&](const Rule&, const clause::Release& c) { add(release_, c.object); });
        for_each_clause<clause::Destroy>(api, [&](const Rule&, const clause::Destroy& c) { add(destroy_, c.object); });
        for_each_clause<clause::Initialize>(api, [&](const Rule&, const clause::Initialize& c) {
            add(initialize_, c.object);
            if (auto ref = context_.locks.object(api, c.object); ref && ref->own_type) lock_types_.insert(ref->domain);
        });
    }
    for (const auto& type : model.types) defined_types_.insert(type.name);
    for (const auto& api : model.apis) {
        if (!is_callable(api)) continue;
        if (std::string type = made_type(api); !type.empty()) add_creator(api, type);
        for_each_clause<clause::Stores>(api, [&](const Rule&, const clause::Stores& c) {
            for (const auto& parameter : api.signature->parameters) {
                auto type = types().of(parameter.type);
                if (c.quantity == "created-object" && parameter.name == c.parameter && type.depth > 0 && type.base != "void")
                    add_creator(api, type.base);
            }
        });
    }
    for (const auto& part : release_) {
        auto ref = object(*part.api);
        if (!ref || !ref->key.empty() || ref->handle.empty()) continue;
        for (const auto& parameter : part.api->signature->parameters) {
            if (parameter.name == ref->parameter) handle_types_.insert(types().of(parameter.type).base);
        }
    }
}

std::string Knowledge::type_of_noun(const std::string& noun) const {
    std::string found;
    for (const auto& api : model_->apis) {
        if (!found.empty() || !wrappers::is_wrappable(api)) continue;
        for_each_clause<clause::RequiresInitialized>(api, [&](const Rule&, const clause::RequiresInitialized& c) {
            auto ref = context_.locks.object(api, c.object);
            if (ref && ref->own_type && ref->noun == noun) found = ref->domain;
        });
    }
    return found;
}

std::string Knowledge::made_type(const Api& api) const {
    std::string made;
    for_each_clause<clause::ReturnsValue>(api, [&](const Rule&, const clause::ReturnsValue& c) {
        auto type = types().of(api.signature->return_type);
        if (c.quantity != "created-object" || type.depth != 1) return;
        // An untyped pointer is to what the page calls it.
        made = type.base == "void" ? type_of_noun(c.object.noun) : type.base;
    });
    return made;
}

void Knowledge::add_creator(const Api& api, const std::string& type) {
    lock_types_.insert(type);
    bool known =
        std::any_of(initialize_.begin(), initialize_.end(), [&](const Part& part) { return part.api == &api && part.domain == type; });
    if (!known) initialize_.push_back({&api, type});
}

std::string Knowledge::slot_type(const Step& step, const ObjectRef& ref) const {
    if (ref.per_thread) return {};
    if (ref.only_known) return step.as.empty() ? ref.domain : step.as;
    if (ref.own_type) return ref.domain;
    for (const auto& parameter : step.api->signature->parameters) {
        if (parameter.name != ref.parameter) continue;
        auto type = types().of(parameter.type);
        if (type.base == "void") return step.as;
        if (lock_types_.contains(type.base)) return type.base;
    }
    return {};
}

std::vector<Step> Knowledge::setters(const std::string& domain, const std::string& state) const {
    std::vector<Step> result;
    for (const auto& api : model_->apis) {
        if (!is_callable(api)) continue;
        for_each_clause<clause::SetsState>(api, [&](const Rule& rule, const clause::SetsState& c) {
            auto ref = context_.locks.object(api, c.object);
            if (c.state != state || !ref || slot_type({&api, {}}, *ref) != domain) return;
            const auto& when = rule.clause.when;
            bool arguments_only = std::all_of(when.all.begin(), when.all.end(), [](const auto& comparison) {
                return comparison.subject == facts::Comparison::Subject::parameter ||
                       comparison.subject == facts::Comparison::Subject::pointee;
            });
            if (!arguments_only || (when.all.empty() && !when.text.empty())) return;
            for (const auto& arguments : argument_choices(api, types())) {
                if (!holds(when, arguments)) continue;
                result.push_back({&api, arguments});
                break;
            }
        });
    }
    // What works on the caller's storage needs nothing but that storage, as for initializer().
    auto needs = [&](const Step& step) {
        return (find_clause<clause::PrecededBy>(*step.api) ? 2 : 0) + (made_type(*step.api).empty() ? 0 : 1);
    };
    std::stable_sort(result.begin(), result.end(), [&](const Step& a, const Step& b) { return needs(a) < needs(b); });
    return result;
}

std::optional<Step> Knowledge::first_of_host(const Api& api) const {
    auto own = object(api);
    const auto* ends = find_clause<clause::SetsState>(api);
    if (ends == nullptr || !own || own->per_thread || own->key.empty() || !slot_type({&api, {}}, *own).empty()) return std::nullopt;
    std::string state = is_initial_state(ends->state) ? opposite_state(ends->state) : std::string();
    for (const auto& other : model_->apis) {
        if (state.empty() || &other == &api || other.header.value != api.header.value || !is_callable(other)) continue;
        bool sets = false;
        for_each_clause<clause::SetsState>(other, [&](const Rule& rule, const clause::SetsState& c) {
            auto ref = context_.locks.object(other, c.object);
            // A call that says whether it did: on an object that nobody else uses it does.
            bool only_result = std::all_of(rule.clause.when.all.begin(), rule.clause.when.all.end(),
                                           [](const auto& comparison) { return comparison.subject == facts::Comparison::Subject::result; });
            sets = sets || (c.state == state && ref && ref->domain == own->domain && ref->base == own->base && only_result);
        });
        if (sets) return Step{&other, argument_choices(other, types()).front()};
    }
    return std::nullopt;
}

bool Knowledge::is_made_in(const std::string& domain, const std::string& state) const {
    auto made = setters(domain, state);
    bool any = false;
    for (const auto& part : initialize_) {
        if (part.domain != domain) continue;
        any = true;
        for (const auto& arguments : argument_choices(*part.api, types())) {
            if (std::find(made.begin(), made.end(), Step{part.api, arguments}) == made.end()) return false;
        }
    }
    return any;
}

std::vector<Step> Knowledge::bring_about(const std::string& domain, const std::string& state) const {
    auto direct = setters(domain, state);
    auto later = std::find_if(direct.begin(), direct.end(), [](const Step& step) { return !find_clause<clause::Initialize>(*step.api); });
    if (later != direct.end()) {
        // What ends a hold needs one first.
        auto ways = find_clause<clause::Release>(*later->api) ? ways_to(*later) : std::vector<Way>{};
        return ways.empty() ? std::vector<Step>{*later} : std::vector<Step>{ways.front().acquire, *later};
    }
    if (state == "not-signaled" && is_made_in(domain, "signaled")) {
        // A wait that is satisfied takes it away.
        if (auto wait = wait_for(domain, "zero")) return {*wait};
    }
    if (state != "signaled") return {};
    // What is set for a time is signaled when that has come; a wait sees to it, and ends if that never happens.
    for (Step set : setters(domain, "queued")) {
        auto roles = cast(set, *this);
        auto time = std::find_if(roles.begin(), roles.end(), [](const Role& role) { return role.kind == Role::Kind::time; });
        auto wait = wait_for(domain, "other");
        if (time == roles.end() || !wait) continue;
        set.arguments.values[set.api->signature->parameters[static_cast<std::size_t>(time - roles.begin())].name] = "now";
        return {set, *wait};
    }
    return {};
}

std::optional<Step> Knowledge::wait_for(const std::string& domain, const std::string& limit) const {
    std::optional<Step> found;
    for (const auto& api : model_->apis) {
        if (!is_callable(api) || !wrappers::is_status(types().of(api.signature->return_type))) continue;
        for (const auto& arguments : argument_choices(api, types())) {
            // A limit is what a call that does not last is given as zero.
            bool limited = false;
            for (const auto& [parameter, word] : arguments.values) {
                auto choices = argument_choices(api, types());
                limited =
                    limited || (word == limit && std::any_of(choices.begin(), choices.end(), [&, name = parameter](const auto& choice) {
                                    return choice.values.at(name) == "zero";
                                }));
            }
            Step wait{&api, arguments, domain, 0};
            if (!limited || own_slot(wait, *this) != domain) continue;
            if (!found || api.signature->parameters.size() < found->api->signature->parameters.size()) found = wait;
            break;
        }
    }
    return found;
}

bool Knowledge::is_callable(const Api& api) const {
    return api.kind == page::PageKind::function && declared_.contains(api.name) && wrappers::is_wrappable(api);
}

const Api* Knowledge::callable(const std::string& name, const std::string& header) const {
    auto found = by_name_.find(name);
    if (found == by_name_.end()) return nullptr;
    for (const Api* api : found->second) {
        if (api->header.value == header) return api;
    }
    return found->second.front();
}

std::optional<ObjectRef> Knowledge::object(const Api& api, const facts::Object& object) const {
    if (auto ref = context_.locks.object(api, object)) return ref;
    auto many = context_.locks.array(api, object);
    if (!many) return std::nullopt;
    ObjectRef ref;
    ref.domain = many->domain;
    ref.noun = many->noun;
    ref.parameter = many->objects;
    ref.only_known = true;
    return ref;
}

std::optional<ObjectRef> Knowledge::object(const Api& api) const {
    std::optional<ObjectRef> best;
    for (const auto& rule : api.rules) {
        std::visit(
            [&](const auto& content) {
                if constexpr (requires { content.object; }) {
                    auto ref = object(api, content.object);
                    using Content = std::decay_t<decltype(content)>;
                    bool defining = std::is_same_v<Content, clause::Acquire> || std::is_same_v<Content, clause::Release> ||
                                    std::is_same_v<Content, clause::Initialize> || std::is_same_v<Content, clause::Destroy>;
                    if (ref && (!best || defining)) best = ref;
                }
            },
            rule.clause.content);
    }
    return best;
}

std::optional<facts::LevelSet> Knowledge::levels(const Step& step) const {
    std::optional<facts::LevelSet> allowed;
    for_each_clause<clause::IrqlEntry>(*step.api, [&](const Rule& rule, const clause::IrqlEntry& entry) {
        const auto& when = rule.clause.when;
        if ((when.all.empty() && !when.text.empty()) || !holds(when, step.arguments)) return;
        if (!allowed)
            allowed = entry.allowed;
        else
            allowed->bits = static_cast<std::uint16_t>(allowed->bits & entry.allowed.bits);
    });
    return allowed;
}

std::optional<clause::Apcs> Knowledge::needs(const Step& step) const {
    std::optional<clause::Apcs> needed;
    for_each_clause<clause::RequiresApcsDisabled>(*step.api, [&](const Rule& rule, const clause::RequiresApcsDisabled& requires_) {
        if (holds(rule.clause.when, step.arguments) && (!needed || requires_.apcs == clause::Apcs::all)) needed = requires_.apcs;
    });
    return needed;
}

std::vector<Step> Knowledge::acquisitions(const std::string& domain) const {
    std::vector<Step> result;
    for (const auto& part : acquire_) {
        if (part.domain != domain) continue;
        for_each_clause<clause::Acquire>(*part.api, [&](const Rule& rule, const clause::Acquire&) {
            for (const auto& arguments : argument_choices(*part.api, types())) {
                Step step{part.api, arguments};
                if (!holds(rule.clause.when, arguments) || std::find(result.begin(), result.end(), step) != result.end()) continue;
                result.push_back(std::move(step));
                break;
            }
        });
    }
    return result;
}

std::vector<Step> Knowledge::acquisitions(const std::string& domain, const Api& api) const {
    auto result = acquisitions(domain);
    auto distance = [&](const Step& acquire) {
        auto taken = object(*acquire.api);
        bool own = acquire.api->header.value == api.header.value, any = taken && taken->only_known;
        return (own ? 0 : any ? 2 : 4) + (any && taken->key.empty() ? 1 : 0);  // one object is simpler than an array
    };
    std::stable_sort(result.begin(), result.end(), [&](const Step& a, const Step& b) { return distance(a) < distance(b); });
    return result;
}

std::optional<Step> Knowledge::initializer(const Api& api, const std::string& domain) const {
    std::vector<std::string> named;
    for_each_clause<clause::RequiresInitialized>(
        api, [&](const Rule&, const clause::RequiresInitialized& c) { named.insert(named.end(), c.by.begin(), c.by.end()); });
    const Api* best = nullptr;
    for (const auto& part : initialize_) {
        // What has to be preceded by another call makes an object new again, not for the first time.
        if (part.domain != domain || makes_anew(*part.api)) continue;
        if (contains(named, part.api->name)) return Step{part.api, argument_choices(*part.api, types()).front()};
        // One that prepares the caller's storage needs nothing but that storage.
        auto rank = [&](const Api& candidate) {
            return (made_type(candidate).empty() ? 2 : 0) + (candidate.header.value == api.header.value ? 1 : 0);
        };
        if (best == nullptr || rank(*part.api) > rank(*best)) best = part.api;
    }
    if (best == nullptr) return std::nullopt;
    return Step{best, argument_choices(*best, types()).front()};
}

bool Knowledge::makes_anew(const Api& api) const {
    if (!find_clause<clause::Initialize>(api)) return false;
    return find_clause<clause::PrecededBy>(api) || find_clause<clause::RequiresInitialized>(api);
}

std::vector<const Api*> Knowledge::makers(const Api& destroyer) const {
    std::vector<const Api*> result;
    for (const auto& part : initialize_) {
        bool named = false;
        for_each_clause<clause::ArgumentSame>(
            destroyer, [&](const Rule&, const clause::ArgumentSame& c) { named = named || contains(c.functions, part.api->name); });
        for_each_clause<clause::FollowedBy>(
            *part.api, [&](const Rule&, const clause::FollowedBy& c) { named = named || contains(c.functions, destroyer.name); });
        if (named && std::find(result.begin(), result.end(), part.api) == result.end()) result.push_back(part.api);
    }
    return result;
}

bool Knowledge::accepts(const Api& api, const Api& initializer) const {
    bool named = false, others = false;
    for_each_clause<clause::RequiresInitialized>(api, [&](const Rule&, const clause::RequiresInitialized& c) {
        (contains(c.by, initializer.name) ? named : others) |= !c.by.empty();
    });
    return named || !others;
}

void Knowledge::pair_ends(Way& way, bool end_is_given) const {
    if (!way.initialize) return;
    auto belongs = [&](const Api& destroyer) {
        auto named = makers(destroyer);
        if (named.empty()) return accepts(destroyer, *way.initialize->api);
        return std::find(named.begin(), named.end(), way.initialize->api) != named.end();
    };
    if (way.destroy && !belongs(*way.destroy->api)) {
        if (end_is_given) {
            if (makers(*way.destroy->api).empty()) return;
            const Api* maker = makers(*way.destroy->api).front();
            way.initialize = Step{maker, argument_choices(*maker, types()).front()};
            return;
        }
        way.destroy.reset();
    }
    if (end_is_given) return;
    // What frees exactly this maker's objects is better than what deletes any.
    for (const auto& part : destroy_) {
        auto named = makers(*part.api);
        if (std::find(named.begin(), named.end(), way.initialize->api) == named.end()) continue;
        way.destroy = Step{part.api, argument_choices(*part.api, types()).front()};
        return;
    }
}

std::optional<Step> Knowledge::destroyer(const std::string& domain) const {
    for (const auto& part : destroy_) {
        if (part.domain == domain) return Step{part.api, argument_choices(*part.api, types()).front()};
    }
    return std::nullopt;
}

}  // namespace ddi::emit::tests
