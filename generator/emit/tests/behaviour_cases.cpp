#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "generator/emit/tests/cases.h"
#include "generator/emit/tests/situation.h"
#include "generator/emit/wrappers/conditions.h"
#include "generator/text/escape.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;
using facts::Place;

namespace {

const char* const kNoWay = "no documented function ends what this one begins, or begins what it ends";
const char* const kNoArguments = "an argument of the call cannot be supplied";

bool is_refused(const std::string& consequence) {
    return consequence == "bug check" || consequence == "exception" || consequence == "fatal error";
}

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

class Behaviour {
  public:
    Behaviour(const Api& api, const Rule& rule, const Knowledge& knowledge, TestFile& file)
        : api_(api), rule_(rule), knowledge_(knowledge), file_(file), situation_(situation_of(api, rule, knowledge)) {}

    Case run() {
        if (api_.kind == page::PageKind::callback) {
            if (!file_.use_callback(api_)) return {{}, "the callback has no complete prototype"};
        } else if (!knowledge_.is_callable(api_)) {
            return {{}, "there is no complete prototype"};
        } else if (!situation_.impossible.empty()) {
            return {{}, situation_.impossible};
        }
        std::visit([&](const auto& content) { show(content); }, rule_.clause.content);
        if (case_.body.empty() && case_.reason.empty()) case_.reason = kNoWay;
        if (!case_.body.empty()) case_.reason.clear();
        return case_;
    }

  private:
    Step step() const { return {&api_, situation_.arguments}; }
    bool is_callback() const { return api_.kind == page::PageKind::callback; }
    std::string within() const {
        return situation_.within == facts::LevelSet::all() ? std::string() : ", " + levels_text(situation_.within);
    }
    void because(const std::string& reason) { case_.reason = reason; }
    template <class Content>
    void show(const Content&) {
        because("no choreography shows this kind of clause yet");
    }

    /// `choreography(way, more…);`
    bool say(const char* choreography, const Way& way, const std::string& more = {}) {
        if (!file_.use(way)) {
            because(kNoArguments);
            return false;
        }
        std::string line = fmt::format("{}({}{});", choreography, way_name(way), more);
        if (std::find(case_.body.begin(), case_.body.end(), line) == case_.body.end()) case_.body.push_back(line);
        return true;
    }
    bool say(const char* choreography, const std::optional<Way>& way, const std::string& more = {}) {
        return way && say(choreography, *way, more);
    }
    std::string call() const { return ", " + call_name(step()); }
    /// The function at all of its levels, wherever it stands in its way: `more` follows the function, the levels come last.
    void say_by_level(const char* choreography, const std::string& more = {}) {
        for (const auto& [way, levels] : knowledge_.ways_by_level(step())) {
            facts::LevelSet both{static_cast<std::uint16_t>(levels.bits & situation_.within.bits)};
            if (!both.empty()) say(choreography, way, call() + more + (both == facts::LevelSet::all() ? "" : ", " + levels_text(both)));
        }
    }
    void each_way_to(const char* choreography, const std::string& more = {}) {
        for (const auto& way : knowledge_.ways_to(step())) say(choreography, way, more);
    }
    /// All ways that this function ends, or the one it begins: effects that both kinds have.
    void around(const char* choreography, const std::string& more = {}) {
        auto ways = knowledge_.ways_to(step());
        for (const auto& way : ways) say(choreography, way, more);
        if (ways.empty()) say(choreography, knowledge_.way_from(step()), more);
    }
    bool acquires() const { return find_clause<clause::Acquire>(api_) != nullptr; }

    // A function that completes a request which a callback left pending.
    bool completes_pending() {
        for (const auto& other : knowledge_.model().apis) {
            if (other.kind != page::PageKind::callback || other.header.value != api_.header.value) continue;
            const auto* pending = find_clause<clause::Pending>(other);
            if (pending == nullptr || pending->after != api_.name || !file_.use_callback(other)) continue;
            const Api* before = knowledge_.callable(pending->before, api_.header.value);
            if (before == nullptr || !file_.use(Step{before, {}}) || !file_.use(step())) continue;
            case_.body.push_back(fmt::format("completes_pending({}, {}, {}{}{});", callback_name(other), pending->status,
                                             call_name({before, {}}), call(), within()));
            return true;
        }
        return false;
    }

    void show(const clause::IrqlEntry& c) {
        if (is_callback()) {
            case_.body.push_back(fmt::format("is_called_at({}, {});", callback_name(api_), levels_text(c.allowed)));
        } else if (!completes_pending()) {
            say_by_level("may_be_called");
        }
    }
    void show(const clause::IrqlRaise& c) {
        if (c.parameter.empty())
            say("raises_irql", knowledge_.way_from(step()), ", " + level_text(c.to) + within());
        else
            say("raises_irql_as_asked", knowledge_.way_from(step()), within());
    }
    void show(const clause::IrqlSave& c) {
        // What is kept inside the lock shows when the release brings it back.
        bool hidden = c.where.kind == Place::Kind::object || c.where.kind == Place::Kind::none;
        say(hidden ? "restores_irql" : "saves_irql", knowledge_.way_from(step()), within());
    }
    void show(const clause::IrqlRestore&) { each_way_to("restores_irql", within()); }
    void show(const clause::IrqlUnchanged&) {
        if (situation_.on_failure) return because("it speaks of a failed attempt, which the tests of the attempt cover");
        say_by_level("leaves_irql_unchanged");
    }
    void show(const clause::Initialize&) { say("initializes", knowledge_.way_of(step())); }
    void show(const clause::Destroy&) { say("destroys", knowledge_.way_of(step()), call()); }
    void show(const clause::RequiresInitialized&) { say_by_level("may_be_called"); }

    void show(const clause::Acquire& c) {
        auto way = knowledge_.way_from(step());
        if (!way) return;
        if (way->per_thread) {
            say("is_per_thread", way);
        } else if (c.mode == facts::Mode::shared) {
            auto ref = knowledge_.object(api_);
            for (const auto& other : knowledge_.acquisitions(ref ? ref->domain : std::string())) {
                auto exclusive = knowledge_.way_from(other);
                if (!exclusive || exclusive->shared || !file_.use(*exclusive)) continue;
                say("shares", way, ", " + way_name(*exclusive));
                return;
            }
            because("no exclusive acquisition of the same object is documented");
        } else {
            say("excludes", way);
            say("excludes_many", way);
            if (c.attempt) say("never_waits", way);
        }
    }
    void show(const clause::Release&) {
        for (const auto& way : knowledge_.ways_to(step())) say(way.per_thread ? "belong_together" : "frees", way);
    }
    void show(const clause::ReleaseWith& c) {
        for (const auto& name : c.with) {
            const Api* release = knowledge_.callable(name, api_.header.value);
            if (release == nullptr) continue;
            say("belong_together", knowledge_.way_between(step(), {release, argument_choices(*release, knowledge_.types()).front()}));
        }
        if (case_.body.empty()) because("no documented prototype of the function that releases it");
    }
    void show(const clause::Releases& c) {
        for (const auto& name : c.acquired_by) {
            const Api* acquire = knowledge_.callable(name, api_.header.value);
            if (acquire == nullptr) continue;
            say("belong_together", knowledge_.way_between({acquire, argument_choices(*acquire, knowledge_.types()).front()}, step()));
        }
        if (c.acquired_by.empty()) each_way_to("belong_together");
        if (case_.body.empty() && case_.reason.empty()) because("no documented prototype of the function that acquires it");
    }
    void show(const clause::ReleasesNot&) { because("it forbids a call; nothing is promised that an implementation could show"); }
    void show(const clause::NotCombined& c) {
        auto own = knowledge_.way_of(step());
        for (const auto& name : c.functions) {
            const Api* other = name == api_.name ? nullptr : knowledge_.callable(name, api_.header.value);
            if (other == nullptr || !find_clause<clause::Acquire>(*other)) continue;
            auto way = knowledge_.way_from({other, argument_choices(*other, knowledge_.types()).front()});
            if (own && way && file_.use(*way)) say("keeps_to_one_kind", own, ", " + way_name(*way));
        }
    }
    void show(const clause::Owner&) {
        if (!is_refused(rule_.clause.consequence)) return because("the page does not say what a stranger's call does");
        each_way_to("refuses_other_thread");
    }
    void show(const clause::Recursion& c) {
        if (c.rule == clause::RecursionRule::deadlock) return because("a deadlock cannot be shown by a test that ends");
        auto ref = knowledge_.object(api_);
        around(ref && ref->per_thread ? "nests" : "counts_recursion");
    }
    void show(const clause::Waits& c) {
        auto way = acquires() ? knowledge_.way_from(step()) : std::nullopt;
        if (!way) return because("it neither acquires nor keeps anything that could be held");
        if (way->per_thread) return because("each thread has its own");
        if (c.waits && !way->acquired.empty() && situation_.arguments.values.empty() && find_clause<clause::Acquire>(api_)->attempt)
            return because("an attempt that waits has no end to test");
        say(c.waits ? "waits" : "never_waits", way);
    }
    void show(const clause::ApcDisable& c) {
        say("disables_apcs", knowledge_.way_from(step()), fmt::format(", {}{}", apcs_text(c.apcs), within()));
    }
    void show(const clause::ApcEnable& c) { each_way_to("enables_apcs", fmt::format(", {}{}", apcs_text(c.apcs), within())); }
    void show(const clause::RequiresApcsDisabled& c) {
        say("works_with_apcs_disabled", knowledge_.way_of(step()), call() + ", " + apcs_text(c.apcs));
    }

    void show(const clause::Returns& c) {
        if (is_callback()) {
            if (rule_.clause.when.unconditional() && c.value != pending_status()) {
                case_.body.push_back(fmt::format("may_return({}, {});", callback_name(api_), c.value));
            } else {
                because(c.value == pending_status() ? "the tests of the pending clause return it"
                                                    : "its condition is the driver's own affair");
            }
            return;
        }
        if (situation_.on_result) return because("the condition speaks of the result itself");
        bool several = rule_.clause.when.unconditional() && count_returns() > 1;
        if (several) return because("the page does not say when it returns this of several values");
        auto type = knowledge_.types().of(api_.signature->return_type);
        auto condition = wrappers::comparison("hand.result", "==", c.value, {"LONGLONG", 0}, knowledge_.types());
        if (type.depth > 0 || !condition) return because("the value is not one that C can compare with");
        if (situation_.in_region) {
            say("returns_in_region", knowledge_.way_of(step()),
                fmt::format("{}, {}, {}, [](const Hand& hand) {{ return {}; }}, \"{}\"{}", call(), situation_.critical, situation_.guarded,
                            *condition, text::escape_c_string(c.value), within()));
            return;
        }
        std::string expected = fmt::format(", State::{}, [](const Hand& hand) {{ return {}; }}, \"{}\"", situation_.state, *condition,
                                           text::escape_c_string(c.value));
        std::string more = call() + expected + within();
        if (situation_.state == "any") return say_by_level("returns", expected);
        if (acquires() || find_clause<clause::Release>(api_)) return void(say("returns", knowledge_.way_of(step()), more));
        // A function that only looks: somebody else's way puts the object into its state.
        if (situation_.state == "free") return void(say("returns", knowledge_.alone(step()), more));
        auto ref = knowledge_.object(api_);
        std::string domain = ref ? ref->domain : std::string();
        for (const auto& parameter : api_.signature->parameters) {
            auto parameter_type = knowledge_.types().of(parameter.type);
            if (domain.empty() && knowledge_.is_lock_type(parameter_type.base)) domain = parameter_type.base;
        }
        for (const auto& acquire : knowledge_.acquisitions(domain)) {
            auto way = knowledge_.way_from(acquire);
            if (way && file_.use(step()) && say("returns", way, more)) return;
        }
        because("no documented function brings the object into that state");
    }
    std::string pending_status() const {
        const auto* pending = find_clause<clause::Pending>(api_);
        return pending ? pending->status : std::string();
    }
    int count_returns() const {
        int count = 0;
        for_each_clause<clause::Returns>(api_, [&](const Rule&, const clause::Returns&) { ++count; });
        return count;
    }
    void show(const clause::ReturnsPreviousIrql&) { say("returns_previous_irql", knowledge_.way_of(step()), call() + within()); }
    void show(const clause::ReturnsCurrentIrql&) { say("returns_current_irql", knowledge_.way_of(step()), call() + within()); }

    void show(const clause::Argument& c) {
        if (!c.op.empty()) {
            bool raises = find_clause<clause::IrqlRaise>(api_) != nullptr;
            if (raises) {
                auto way = knowledge_.way_from(step());
                say("raises_irql_as_asked", way);
                if (is_refused(rule_.clause.consequence) && c.op == ">=") say("refuses_level_below_current", way);
            } else {
                each_way_to("restores_irql");
            }
            return;
        }
        std::vector<Way> ways;
        for (const auto& name : c.saved_by) {
            const Api* acquire = knowledge_.callable(name, api_.header.value);
            if (acquire == nullptr) continue;
            auto way = knowledge_.way_between({acquire, argument_choices(*acquire, knowledge_.types()).front()}, step());
            if (way) ways.push_back(std::move(*way));
        }
        if (ways.empty()) ways = knowledge_.ways_to(step());
        for (const auto& way : ways) {
            say("restores_irql", way);
            if (is_refused(rule_.clause.consequence)) say("refuses_level_not_saved", way);
        }
    }

    void show(const clause::HeldOnEntry& c) {
        // The acquisition that takes what the callback is given; any other of the same noun otherwise.
        std::optional<Way> best;
        for (const auto& other : knowledge_.model().apis) {
            if (!knowledge_.is_callable(other)) continue;
            const auto* acquire = find_clause<clause::Acquire>(other);
            if (acquire == nullptr || acquire->object.noun != c.object.noun || acquire->attempt) continue;
            auto way = knowledge_.way_from({&other, argument_choices(other, knowledge_.types()).front()});
            if (!way) continue;
            bool given = std::any_of(other.signature->parameters.begin(), other.signature->parameters.end(), [&](const auto& p) {
                return std::any_of(api_.signature->parameters.begin(), api_.signature->parameters.end(),
                                   [&](const auto& own) { return own.type == p.type; });
            });
            if (!best || given) best = way;
            if (given) break;
        }
        if (!best) return because("no documented function acquires what is held");
        if (!file_.use(*best)) return because(kNoArguments);
        case_.body.push_back(fmt::format("is_called_with_lock_held({}, {});", callback_name(api_), way_name(*best)));
    }
    void show(const clause::Pending& c) {
        const Api* before = knowledge_.callable(c.before, api_.header.value);
        const Api* after = knowledge_.callable(c.after, api_.header.value);
        if (before == nullptr || !file_.use(Step{before, {}})) return because("no documented prototype of the function to call before");
        bool ends = after != nullptr && file_.use(Step{after, {}});
        case_.body.push_back(fmt::format("may_leave_pending({}, {}, {}, {});", callback_name(api_), c.status, call_name({before, {}}),
                                         ends ? "&" + call_name({after, {}}) : "nullptr"));
    }
    void show(const clause::SameObject& c) {
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

    const Api& api_;
    const Rule& rule_;
    const Knowledge& knowledge_;
    TestFile& file_;
    Situation situation_;
    Case case_;
};

}  // namespace

Case behaviour_case(const Api& api, const Rule& rule, const Knowledge& knowledge, TestFile& file) {
    return Behaviour(api, rule, knowledge, file).run();
}

}  // namespace ddi::emit::tests
