// How calls go together: which release ends which acquisition, who initializes and destroys, at which levels a way can be gone.
#include <algorithm>
#include <cctype>

#include "generator/emit/tests/knowledge.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

/// "KeAcquireSpinLockAtDpcLevel" → Ke, Acquire, Spin, Lock, At, Dpc, Level.
std::vector<std::string> words(const std::string& name) {
    std::vector<std::string> result;
    for (char c : name) {
        bool starts = std::isupper(static_cast<unsigned char>(c)) &&
                      (result.empty() || !std::isupper(static_cast<unsigned char>(result.back().back())));
        if (result.empty() || starts || c == '_') result.emplace_back();
        result.back() += c;
    }
    return result;
}

/// Functions that belong together share most words of their names.
int likeness(const std::string& a, const std::string& b) {
    auto left = words(a), right = words(b);
    int common = 0;
    for (const auto& word : left) {
        auto found = std::find(right.begin(), right.end(), word);
        if (found == right.end()) continue;
        right.erase(found);
        ++common;
    }
    return 4 * common - static_cast<int>(left.size()) - static_cast<int>(right.size());
}

/// A call that changes the IRQL without an object, and one that takes it back.
bool raises_alone(const Api& api) { return find_clause<clause::IrqlRaise>(api) && !find_clause<clause::Acquire>(api); }
bool lowers_alone(const Api& api) {
    if (find_clause<clause::Release>(api)) return false;
    const auto* argument = find_clause<clause::Argument>(api);
    return find_clause<clause::IrqlRestore>(api) || (argument && !argument->saved_by.empty());
}

}  // namespace

std::vector<const Api*> Knowledge::releases_for(const Api& acquire) const {
    std::vector<const Api*> candidates;
    auto add = [&](const Api* api) {
        if (std::find(candidates.begin(), candidates.end(), api) == candidates.end()) candidates.push_back(api);
    };
    if (find_clause<clause::Acquire>(acquire)) {
        std::string domain;
        for (const auto& part : acquire_) {
            if (part.api == &acquire) domain = part.domain;
        }
        for (const auto& part : release_) {
            if (part.domain == domain && !domain.empty()) add(part.api);
        }
        return candidates;
    }
    const auto* disables = find_clause<clause::ApcDisable>(acquire);
    for (const auto& api : model_->apis) {
        if (api.header.value != acquire.header.value || !is_callable(api) || find_clause<clause::Release>(api)) continue;
        const auto* enables = find_clause<clause::ApcEnable>(api);
        bool ends_region = disables && enables && disables->apcs == enables->apcs;
        if (ends_region || (raises_alone(acquire) && lowers_alone(api))) add(&api);
    }
    return candidates;
}

int Knowledge::score(const Step& acquire, const Api& release) const {
    // A pair that either page names is right, whatever the other page leaves out.
    bool named = false, others_named = false, forbidden = false;
    int namings = 0;  // two pages that name each other are the better pair
    auto read = [&](const std::vector<std::string>& names, const std::string& name) {
        // A page that names a function means its extended form, too, unless it says otherwise.
        bool extended = name.ends_with("Ex") && contains(names, name.substr(0, name.size() - 2));
        if (!contains(names, name) && extended) return;
        (contains(names, name) ? named : others_named) |= !names.empty();
        namings += contains(names, name) ? 1 : 0;
    };
    for_each_clause<clause::ReleaseWith>(*acquire.api, [&](const Rule&, const clause::ReleaseWith& c) { read(c.with, release.name); });
    for_each_clause<clause::Releases>(release, [&](const Rule&, const clause::Releases& c) { read(c.acquired_by, acquire.api->name); });
    for_each_clause<clause::Argument>(release, [&](const Rule&, const clause::Argument& c) { read(c.saved_by, acquire.api->name); });
    for_each_clause<clause::ReleasesNot>(
        release, [&](const Rule&, const clause::ReleasesNot& c) { forbidden |= contains(c.acquired_by, acquire.api->name); });
    int points = likeness(acquire.api->name, release.name) + (named ? 200 : others_named ? -400 : 0) - (forbidden ? 1000 : 0);
    // What takes APCs away gives them back, and nothing else does.
    const auto* disables = find_clause<clause::ApcDisable>(*acquire.api);
    const auto* enables = find_clause<clause::ApcEnable>(release);
    if ((disables != nullptr) != (enables != nullptr)) points -= 60;
    if (namings > 1) points += 80;
    // Several headers may document one function; its neighbours are the better match.
    if (acquire.api->header.value == release.header.value) points += 5;
    auto taken = object(*acquire.api), given = object(release);
    if (taken && given) {
        auto type_of = [&](const Api& api, const ObjectRef& ref) {
            for (const auto& parameter : api.signature->parameters) {
                if (parameter.name == ref.parameter) return types().of(parameter.type).base;
            }
            return std::string();
        };
        bool by_handle = given->key.empty() && !given->handle.empty();
        bool same = by_handle ? taken->handle == "contract::key(" + given->parameter + ")" || !taken->handle.empty()
                              : type_of(*acquire.api, *taken) == type_of(release, *given) || taken->only_known || given->only_known;
        // A release by handle ends only acquisitions that fill one, and the other way round.
        if (by_handle != !taken->handle.empty()) points -= 2000;
        points += same ? 30 : -50;
    }
    return points;
}

std::optional<Way> Knowledge::way_from(const Step& acquire) const {
    const Api* best = nullptr;
    int most = -200;
    for (const Api* release : releases_for(*acquire.api)) {
        int points = score(acquire, *release);
        if (points > most) best = release, most = points;
    }
    bool needs_end = find_clause<clause::Acquire>(*acquire.api) || find_clause<clause::ApcDisable>(*acquire.api);
    if (best == nullptr) {
        if (needs_end) return std::nullopt;
        return alone(acquire);
    }
    return way_between(acquire, {best, argument_choices(*best, types()).front()});
}

std::optional<Way> Knowledge::way_between(const Step& acquire, const Step& release) const {
    if (score(acquire, *release.api) < -1500) return std::nullopt;
    Way way;
    way.acquire = acquire;
    way.release = release;
    way.acquired = success(acquire);
    finish(way);
    for_each_clause<clause::Acquire>(*acquire.api, [&](const Rule& rule, const clause::Acquire& c) {
        if (holds(rule.clause.when, acquire.arguments)) way.shared = c.mode == facts::Mode::shared;
    });
    return way;
}

std::vector<Way> Knowledge::ways_to(const Step& release) const {
    std::vector<Way> ways, second_best, any;
    std::set<std::string> seen;
    auto try_step = [&](const Step& acquire) {
        if (!seen.insert(acquire.api->uid.key + acquire.arguments.tag()).second) return;
        auto best = way_from(acquire);
        if (best && best->release && best->release->api->name == release.api->name) {
            best->release = release;
            ways.push_back(std::move(*best));
        } else if (score(acquire, *release.api) > 100) {
            if (auto other = way_between(acquire, release)) second_best.push_back(std::move(*other));
        } else if (find_clause<clause::Release>(*release.api) && second_best.empty() && any.empty() &&
                   score(acquire, *release.api) > -200) {
            // Several headers have a function that ends it, and the acquisition's own neighbour is the better one.
            if (auto other = way_between(acquire, release)) any.push_back(std::move(*other));
        }
    };
    if (find_clause<clause::Release>(*release.api)) {
        auto ref = object(*release.api);
        if (ref) {
            for (const auto& acquire : acquisitions(ref->domain, *release.api)) try_step(acquire);
        }
        return !ways.empty() ? ways : !second_best.empty() ? second_best : any;
    }
    for (const auto& api : model_->apis) {
        if (api.header.value != release.api->header.value || !is_callable(api) || find_clause<clause::Acquire>(api)) continue;
        if (raises_alone(api) || find_clause<clause::ApcDisable>(api)) try_step({&api, argument_choices(api, types()).front()});
    }
    return !ways.empty() ? ways : !second_best.empty() ? second_best : any;
}

std::optional<Way> Knowledge::way_of(const Step& step) const {
    const Api& api = *step.api;
    bool begins = find_clause<clause::Acquire>(api) || find_clause<clause::ApcDisable>(api) || raises_alone(api);
    if (begins) return way_from(step);
    bool ends = find_clause<clause::Release>(api) || find_clause<clause::ApcEnable>(api) || lowers_alone(api);
    if (ends) {
        auto ways = ways_to(step);
        if (ways.empty()) return std::nullopt;
        return ways.front();
    }
    bool makes = find_clause<clause::Initialize>(api) || find_clause<clause::Destroy>(api);
    auto ref = object(api);
    if (makes) {
        // What is made and freed as an untyped pointer is known to no function but these two.
        for (const auto& part : destroy_) {
            auto named = makers(*part.api);
            if (named.empty() || (part.api != &api && std::find(named.begin(), named.end(), &api) == named.end())) continue;
            const Api& maker = part.api == &api ? *named.front() : api;
            if (types().of(maker.signature->return_type).base != "void" || types().of(maker.signature->return_type).depth == 0) continue;
            Way way;
            way.initialize = Step{&maker, argument_choices(maker, types()).front()};
            way.acquire = Step{part.api, argument_choices(*part.api, types()).front()};
            return way;
        }
    }
    if (makes && ref) {
        for (const auto& acquire : acquisitions(ref->domain, api)) {
            auto way = way_from(acquire);
            bool begins_it = find_clause<clause::Initialize>(api);
            if (!way || (begins_it && !makes_anew(api) && !accepts(*acquire.api, api))) continue;
            if (begins_it)
                way->begin_with(step);
            else
                way->end_with(step);
            if (begins_it && makes_anew(api)) {
                if (auto made = initializer(api, slot_type(step, *ref))) {
                    // It is freed as what made it asks, however often it was initialized since.
                    Way first = *way;
                    first.initialize = made;
                    pair_ends(first, false);
                    way->destroy = first.destroy;
                    way->before.push_back(*made);
                }
            } else {
                pair_ends(*way, !begins_it);
            }
            return way;
        }
    }
    return alone(step);
}

std::vector<std::pair<Way, facts::LevelSet>> Knowledge::ways_by_level(const Step& step) const {
    auto way = way_of(step);
    if (!way) return {};
    std::vector<std::pair<Way, facts::LevelSet>> ways{{*way, facts::LevelSet::all()}};
    auto tried = levels(step), first = levels(way->acquire);
    bool ends = way->release && way->release->api == step.api;
    if (!ends || !tried || !first || find_clause<clause::IrqlRaise>(*way->acquire.api)) return ways;
    auto without = [](facts::LevelSet set, facts::LevelSet taken) {
        return facts::LevelSet{static_cast<std::uint16_t>(set.bits & ~taken.bits)};
    };
    facts::LevelSet rest = without(*tried, *first);
    for (const auto& arguments : argument_choices(*way->acquire.api, types())) {
        auto also = levels({way->acquire.api, arguments});
        if (!also || (also->bits & rest.bits) == 0) continue;
        Way other = *way;
        other.acquire.arguments = arguments;
        other.acquired = success(other.acquire);
        facts::LevelSet here{static_cast<std::uint16_t>(also->bits & rest.bits)};
        ways.push_back({std::move(other), here});
        ways.front().second = without(ways.front().second, here);
        rest = without(rest, here);
    }
    return ways;
}

Way Knowledge::alone(const Step& step) const {
    Way way;
    way.acquire = step;
    finish(way);
    // An initialization is its own set-up.
    if (find_clause<clause::Initialize>(*step.api) && !makes_anew(*step.api)) way.initialize.reset();
    // A destruction is its own end, and what it destroys has to be what it is for.
    if (find_clause<clause::Destroy>(*step.api)) {
        way.destroy = step;
        pair_ends(way, true);
        way.destroy.reset();
    }
    if (auto held = holder(*step.api)) {
        way.initialize = held->initialize;
        way.destroy = held->destroy;
        way.end = end_after(*step.api, *held);
        way.hold.push_back(std::move(*held));
    }
    return way;
}

std::optional<Way> Knowledge::holder(const Api& api) const {
    // What begins or ends a hold has ways of its own.
    if (find_clause<clause::Acquire>(api) || find_clause<clause::Release>(api)) return std::nullopt;
    const auto* needs = find_clause<clause::RequiresHeld>(api);
    const auto* converts = find_clause<clause::Convert>(api);
    if (needs == nullptr && converts == nullptr) return std::nullopt;
    auto ref = context_.locks.object(api, needs ? needs->object : converts->object);
    if (!ref) return std::nullopt;
    std::optional<facts::Mode> mode = needs ? needs->mode : std::nullopt;
    if (converts) mode = converts->from;
    std::optional<Way> best;
    auto rank = [&](const Way& way) {
        return (needs && contains(needs->acquired_by, way.acquire.api->name) ? 4 : 0) + (way.acquired.empty() ? 2 : 0) +
               (way.acquire.api->header.value == api.header.value ? 1 : 0);
    };
    for (const auto& acquire : acquisitions(ref->domain)) {
        auto way = way_from(acquire);
        if (!way || !way->release || way->per_thread || (mode && way->shared != (*mode == facts::Mode::shared))) continue;
        if (way->initialize && !accepts(api, *way->initialize->api)) continue;
        if (!best || rank(*way) > rank(*best)) best = way;
    }
    return best;
}

std::optional<Step> Knowledge::end_after(const Api& api, const Way& hold) const {
    // Who holds it in another mode now gives it back as if it had been acquired so, unless one release ends both.
    const auto* converts = find_clause<clause::Convert>(api);
    if (converts && converts->to != converts->from && hold.release) {
        auto ref = object(*hold.release->api);
        auto as = ref && context_.locks.modes_matter(*hold.release->api, ref->noun) ? converted(hold, converts->to) : std::nullopt;
        if (as) return as->release;
    }
    // What may still be called for it ends the hold.
    if (const auto* only = find_clause<clause::AfterwardsOnly>(api)) {
        for (const auto& name : only->functions) {
            const Api* ends = callable(name, api.header.value);
            if (ends && find_clause<clause::Release>(*ends)) return Step{ends, argument_choices(*ends, types()).front()};
        }
    }
    return std::nullopt;
}

std::optional<Way> Knowledge::converted(const Way& from, facts::Mode to) const {
    auto ref = object(*from.acquire.api);
    std::optional<Way> best;
    auto like = [&](const Way& way) { return likeness(way.acquire.api->name, from.acquire.api->name); };
    for (const auto& acquire : acquisitions(ref ? ref->domain : std::string())) {
        auto way = way_from(acquire);
        if (!way || !way->release || way->shared != (to == facts::Mode::shared)) continue;
        // The same kind of call: one that waits for one that waits.
        if (way->acquired.empty() != from.acquired.empty()) continue;
        if (!best || like(*way) > like(*best)) best = way;
    }
    return best;
}

void Knowledge::finish(Way& way) const {
    auto ref = object(*way.acquire.api);
    if (!ref) {
        // No clause about an object, yet a parameter of a lock's type: it has to be initialized like any other.
        for (const auto& parameter : way.acquire.api->signature->parameters) {
            auto type = types().of(parameter.type);
            if (type.depth == 1 && is_lock_type(type.base) && !way.initialize) way.initialize = initializer(*way.acquire.api, type.base);
        }
        return;
    }
    way.per_thread = ref->per_thread;
    std::string type = slot_type(way.acquire, *ref);
    if (type.empty()) return;
    way.initialize = initializer(*way.acquire.api, type);
    way.destroy = destroyer(type);
    pair_ends(way, false);
}

std::string Knowledge::success(const Step& acquire) const {
    std::string condition;
    for_each_clause<clause::Acquire>(*acquire.api, [&](const Rule& rule, const clause::Acquire& c) {
        if (!holds(rule.clause.when, acquire.arguments)) return;
        for (const auto& comparison : rule.clause.when.all) {
            if (comparison.subject != facts::Comparison::Subject::result) continue;
            bool truth = comparison.value == "TRUE";
            condition = truth ? std::string("hand.result ") + (comparison.op == "==" ? "!=" : "==") + " 0"
                              : "hand.result " + comparison.op + " " + comparison.value;
        }
        auto type = types().of(acquire.api->signature->return_type);
        if (!condition.empty()) return;
        if (wrappers::is_status(type))
            condition = "hand.result == 0";
        else if (c.attempt)
            condition = "hand.result != 0";
    });
    return condition;
}

}  // namespace ddi::emit::tests
