#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "generator/emit/tests/behaviour.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;

namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

}  // namespace

void Behaviour::show(const clause::Initialize&) {
    auto way = knowledge_.way_of(step());
    // Where nothing acquires such an object, that it can be called is what there is to see; other clauses show its state.
    if (!way || !way->initialize || !way->release) return works();
    say("initializes", way);
}

void Behaviour::show(const clause::Destroy&) { say("destroys", knowledge_.way_of(step()), call()); }

void Behaviour::show(const clause::RequiresInitialized& c) {
    auto with = is_callback() ? std::nullopt : with_second_object(c.object);
    if (!with) return works();
    auto way = knowledge_.way_of(*with);
    if (!way || !file_.use(*with)) return because("an argument of the call cannot be supplied");
    say("may_be_called", way, ", " + call_name(*with) + within());
}

void Behaviour::show(const clause::Acquire& c) {
    if (is_callback()) return locks_by_routines();
    auto way = knowledge_.way_from(step());
    if (!way) return;
    if (way->per_thread) {
        say("is_per_thread", way);
    } else if (c.mode == facts::Mode::shared) {
        auto ref = knowledge_.object(api_);
        for (const auto& other : knowledge_.acquisitions(ref ? ref->domain : std::string())) {
            auto exclusive = knowledge_.way_from(other);
            if (!exclusive || exclusive->shared || !goes_with(*way, *exclusive) || !file_.use(*exclusive)) continue;
            say("shares", way, ", " + way_name(*exclusive));
            return;
        }
        say("shares_freely", way);
    } else {
        say("excludes", way);
        say("excludes_many", way);
        if (c.attempt) say("never_waits", way);
    }
}

bool Behaviour::goes_with(const Way& way, const Way& other) const {
    return !way.initialize || knowledge_.accepts(*other.acquire.api, *way.initialize->api);
}

bool Behaviour::ends_use() const {
    bool ends = false;
    for_each_clause<clause::SetsState>(api_, [&](const Rule&, const clause::SetsState& c) { ends = ends || c.state == "run-down"; });
    return ends && find_clause<clause::Release>(api_);
}

void Behaviour::show(const clause::Release&) {
    if (is_callback()) return locks_by_routines();
    // That nobody waits any more when the last hold has gone shows that it ended its caller's.
    if (ends_use()) return waits_for_holders(true);
    for (const auto& way : knowledge_.ways_to(step())) say(way.per_thread ? "belong_together" : "frees", way);
}

void Behaviour::show(const clause::ReleaseWith& c) {
    for (const auto& name : c.with) {
        const Api* release = knowledge_.callable(name, api_.header.value);
        if (release == nullptr) continue;
        say("belong_together", knowledge_.way_between(step(), usual(*release)));
    }
    if (case_.body.empty()) because("no documented prototype of the function that releases it");
}

void Behaviour::show(const clause::Releases& c) {
    if (ends_use()) return works();
    for (const auto& name : c.acquired_by) {
        const Api* acquire = knowledge_.callable(name, api_.header.value);
        // A page that names an initializer here means: of an object that it initialized.
        if (acquire == nullptr || !find_clause<clause::Acquire>(*acquire)) continue;
        say("belong_together", knowledge_.way_between(usual(*acquire), step()));
    }
    if (c.acquired_by.empty()) each_way_to("belong_together");
    if (case_.body.empty() && case_.reason.empty()) because("no documented prototype of the function that acquires it");
}

void Behaviour::show(const clause::ReleasesNot&) { because("it forbids a call; nothing is promised that an implementation could show"); }

void Behaviour::show(const clause::NotCombined& c) {
    auto own = knowledge_.way_of(step());
    for (const auto& name : c.functions) {
        const Api* other = name == api_.name ? nullptr : knowledge_.callable(name, api_.header.value);
        if (other == nullptr || !find_clause<clause::Acquire>(*other)) continue;
        auto way = knowledge_.way_from(usual(*other));
        if (own && way && file_.use(*way)) say("keeps_to_one_kind", own, ", " + way_name(*way));
    }
}

void Behaviour::show(const clause::Owner&) {
    if (!is_refused(rule_.clause.consequence)) return because("the page does not say what a stranger's call does");
    each_way_to("refuses_other_thread");
}

void Behaviour::show(const clause::Recursion& c) {
    if (c.rule == clause::RecursionRule::deadlock) return because("a deadlock cannot be shown by a test that ends");
    auto ref = knowledge_.object(api_);
    if (ref && ref->per_thread) return around("nests");
    auto own = knowledge_.way_of(step());
    if (!own || !own->shared) return around("counts_recursion");
    auto wanted = way_in_mode(facts::Mode::exclusive, false);
    if (!wanted || !file_.use(*wanted)) return because("no documented function keeps shared holders out");
    around("counts_recursion", ", " + way_name(*wanted));
}

void Behaviour::show(const clause::Waits& c) {
    auto way = acquires() ? knowledge_.way_from(step()) : std::nullopt;
    if (!way) return waits_for_holders(c.waits);
    if (way->per_thread) return because("each thread has its own");
    if (c.waits && !way->acquired.empty() && situation_.arguments.values.empty() && find_clause<clause::Acquire>(api_)->attempt)
        return because("an attempt that waits has no end to test");
    const char* choreography = c.waits ? "waits" : "never_waits";
    if (!way->shared) return void(say(choreography, way));
    // Shared holders do not keep each other out.
    auto held = way_in_mode(facts::Mode::exclusive, true, &*way);
    if (!held || !file_.use(*held)) return because("no documented function keeps shared holders out");
    say(choreography, way, ", " + way_name(*held));
}

/// A function that only waits until the object is free.
void Behaviour::waits_for_holders(bool waits) {
    auto ref = knowledge_.object(api_);
    if (!waits) return works();
    for (const auto& acquire : knowledge_.acquisitions(ref ? ref->domain : std::string())) {
        auto way = knowledge_.way_from(acquire);
        if (!way || !way->release || !file_.use(step())) continue;
        bool holds_itself = find_clause<clause::Release>(api_) != nullptr;
        if (way->release->api == &api_) {
            // The usual release ends the others' holds.
            auto releases = knowledge_.releases_of(acquire);
            auto other = std::find_if(releases.begin(), releases.end(), [&](const Api* release) { return release != &api_; });
            if (other == releases.end()) continue;
            way = knowledge_.way_between(acquire, usual(**other));
        }
        if (way && say("waits_for_release", way, call() + (holds_itself ? ", true" : ", false"))) return;
    }
    // What is not held may be signaled.
    auto setters = knowledge_.setters(domain(api_), "signaled");
    std::erase_if(setters, [](const Step& setter) { return find_clause<clause::Initialize>(*setter.api) != nullptr; });
    if (!setters.empty() && file_.use(setters.front()) && file_.use(step()) &&
        say("waits_until", knowledge_.way_of(step()), call() + ", " + call_name(setters.front())))
        return;
    because("it neither acquires nor waits for anything that could be held");
}

void Behaviour::show(const clause::SameObject& c) {
    auto ref = knowledge_.object(api_);
    auto own = knowledge_.way_of(step());
    if (!ref || !own) return;
    for (const auto& acquire : knowledge_.acquisitions(ref->domain)) {
        bool of_parent = std::any_of(
            acquire.api->signature->parameters.begin(), acquire.api->signature->parameters.end(),
            [&](const auto& p) { return lower(knowledge_.types().of(p.type).base).find(lower(c.parent)) != std::string::npos; });
        auto way = knowledge_.way_from(acquire);
        if (!of_parent || acquire.api == own->acquire.api || !way || !file_.use(*way)) continue;
        say("is_same_object", own, ", " + way_name(*way));
        return;
    }
    because("no documented function acquires the parent's object");
}

std::optional<Way> Behaviour::way_in_mode(facts::Mode mode, bool attempt, const Way* beside) const {
    auto ref = knowledge_.object(api_);
    std::optional<Way> found;
    for (const auto& acquire : knowledge_.acquisitions(ref ? ref->domain : std::string(), api_)) {
        auto way = knowledge_.way_from(acquire);
        if (!way || !way->release || way->shared != (mode == facts::Mode::shared) || way->per_thread) continue;
        // The first to come initializes the object.
        if (beside && !(goes_with(*way, *beside) && goes_with(*beside, *way))) continue;
        bool tries = !way->acquired.empty();
        if (!found || (tries == attempt && found->acquired.empty() == attempt)) found = way;
        if (tries == attempt) break;
    }
    return found;
}

void Behaviour::show(const clause::Convert& c) {
    std::string converted = c.attempt ? "[](const Hand& hand) { return hand.result != 0; }" : "nullptr";
    auto ref = knowledge_.object(api_);
    for (const auto& acquire : knowledge_.acquisitions(ref ? ref->domain : std::string())) {
        auto from = knowledge_.way_from(acquire);
        bool fits = from && from->release && from->shared == (c.from == facts::Mode::shared) && from->acquired.empty();
        auto to = fits ? knowledge_.converted(*from, c.to) : std::nullopt;
        if (!to || !goes_with(*from, *to) || !file_.use(*from) || !file_.use(*to) || !file_.use(step())) continue;
        auto end = knowledge_.end_after(api_, *from);
        if (!file_.use(end ? *end : *from->release)) continue;
        say("converts", from, fmt::format("{}, {}, {}, {}", call(), way_name(*to), call_name(end ? *end : *from->release), converted));
        if (c.attempt) say("does_not_convert", from, fmt::format("{}, {}", call(), converted));
    }
    if (case_.body.empty()) because("no documented function acquires it in both modes");
}

void Behaviour::show(const clause::RequiresHeld& c) {
    // How the hold ends after the call is known where the call changes it, or is its end.
    if (find_clause<clause::Convert>(api_) || find_clause<clause::AfterwardsOnly>(api_)) return works();
    std::vector<Way> ways;
    if (find_clause<clause::Release>(api_) && c.acquired_by.empty()) ways = knowledge_.ways_to(step());
    for (const auto& name : c.acquired_by) {
        const Api* acquire = knowledge_.callable(name, api_.header.value);
        if (acquire == nullptr) continue;
        if (auto way = knowledge_.way_from(usual(*acquire))) ways.push_back(*way);
    }
    if (ways.empty() && c.acquired_by.empty()) {
        if (auto way = way_in_mode(c.mode.value_or(facts::Mode::exclusive), false)) ways.push_back(*way);
    }
    for (const auto& way : ways) {
        if (way.release && file_.use(step())) say("works_while_held", way, call() + within());
    }
    if (case_.body.empty()) because("no documented function acquires what must be held");
}

void Behaviour::show(const clause::NotHeldOnEntry&) { works(); }
void Behaviour::show(const clause::SameProcessor&) {
    around("belong_together");
    if (case_.body.empty()) works();
}
void Behaviour::show(const clause::SameIrql&) {
    around("belong_together");
    if (case_.body.empty()) works();
}

}  // namespace ddi::emit::tests
