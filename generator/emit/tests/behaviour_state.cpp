#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/tests/behaviour.h"
#include "generator/emit/tests/cast.h"
#include "generator/emit/wrappers/conditions.h"
#include "generator/text/escape.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;
using facts::Comparison;

namespace {

/// The type in which a result is compared: a status is negative where it is an error, and the hand keeps its sign.
wrappers::CType kept_type(const wrappers::CType& result) { return wrappers::is_status(result) ? result : wrappers::CType{"LONGLONG", 0}; }

}  // namespace

void Behaviour::show(const clause::Returns& c) {
    if (is_callback()) {
        if (rule_.clause.when.unconditional() && c.value != pending_status()) {
            case_.body.push_back(fmt::format("may_return({}, {});", callback_name(api_), c.value));
        } else {
            because(c.value == pending_status() ? "the tests of the pending clause return it" : "its condition is the driver's own affair");
        }
        return;
    }
    if (situation_.on_result) return because("the condition speaks of the result itself");
    bool several = rule_.clause.when.unconditional() && count_returns() > 1;
    if (several) return because("the page does not say when it returns this of several values");
    auto type = knowledge_.types().of(api_.signature->return_type);
    auto condition = wrappers::comparison("hand.result", "==", c.value, kept_type(type), knowledge_.types());
    if (c.value == "NULL") condition = "hand.result == 0";
    if (c.value == "nonzero") condition = "hand.result != 0";
    if ((type.depth > 0 && c.value != "NULL") || !condition) return because("the value is not one that C can compare with");
    if (situation_.in_region) {
        say("returns_in_region", knowledge_.way_of(step()),
            fmt::format("{}, {}, {}, [](const Hand& hand) {{ return {}; }}, \"{}\"{}", call(), situation_.critical, situation_.guarded,
                        *condition, text::escape_c_string(c.value), within()));
        return;
    }
    if (!situation_.host_thing.empty())
        return void(say("returns_in_host_state", knowledge_.alone(step()),
                        fmt::format("{}, \"{}\", \"{}\", [](const Hand& hand) {{ return {}; }}, \"{}\"{}", call(),
                                    text::escape_c_string(situation_.host_thing), text::escape_c_string(situation_.host_state), *condition,
                                    text::escape_c_string(c.value), within())));
    bool held = situation_.state == "held_by_other" || situation_.state == "held_by_caller" || situation_.state == "held_shared";
    if (held && find_clause<clause::Release>(api_) && situation_.state != "held_by_caller")
        return because("it speaks of an object that is still held after the release, by its caller");
    if (held) return returns_while_held(*condition, c.value);
    std::string expected = fmt::format(", State::{}, [](const Hand& hand) {{ return {}; }}, \"{}\"", situation_.state, *condition,
                                       text::escape_c_string(c.value));
    // What is refused for its arguments takes and gives back nothing.
    if (situation_.state == "any" && is_refusal_of_arguments(c.value))
        return void(say("returns", knowledge_.alone(step()), call() + expected + within()));
    if (situation_.state == "any") return say_by_level("returns", expected);
    std::string more = call() + expected + within();
    bool part = acquires() || find_clause<clause::Release>(api_) != nullptr;
    say("returns", part ? knowledge_.way_of(step()) : knowledge_.alone(step()), more);
}

bool Behaviour::is_refusal_of_arguments(const std::string& value) const {
    bool status = value.find("STATUS_") != std::string::npos && !value.ends_with("SUCCESS");
    const auto& all = rule_.clause.when.all;
    bool arguments_only = !all.empty() && std::all_of(all.begin(), all.end(), [](const Comparison& comparison) {
        return comparison.subject == Comparison::Subject::parameter || comparison.subject == Comparison::Subject::pointee;
    });
    return status && arguments_only && (acquires() || find_clause<clause::Release>(api_) != nullptr);
}

void Behaviour::returns_while_held(const std::string& condition, const std::string& value) {
    bool shared = situation_.state == "held_shared";
    bool by_caller = situation_.state == "held_by_caller";
    auto own = knowledge_.way_of(step());
    // The holder: by the function's own way if it acquires, otherwise by any.
    std::optional<Way> holder;
    if (!shared && acquires() && own && !own->shared) holder = own;
    if (!holder) holder = way_in_mode(shared ? facts::Mode::shared : facts::Mode::exclusive, acquires());
    if (!holder && !shared) holder = way_in_mode(facts::Mode::shared, false);
    if (!own || !holder) return because("no documented function brings the object into that state");
    if (!file_.use(*holder) || !file_.use(*own) || !file_.use(step())) return because("an argument of the call cannot be supplied");
    say("returns_held", holder,
        fmt::format(", {}{}, {}, [](const Hand& hand) {{ return {}; }}, \"{}\"{}", way_name(*own), call(), by_caller, condition,
                    text::escape_c_string(value), within()));
}

std::string Behaviour::pending_status() const {
    const auto* pending = find_clause<clause::Pending>(api_);
    return pending ? pending->status : std::string();
}

int Behaviour::count_returns() const {
    int count = 0;
    for_each_clause<clause::Returns>(api_, [&](const Rule&, const clause::Returns&) { ++count; });
    return count;
}

std::optional<Behaviour::Observer> Behaviour::observer(const std::string& domain, const std::string& state) const {
    auto about = [&](const Api& api) { return &api != &api_ && knowledge_.is_callable(api) && own_slot({&api, {}}, knowledge_) == domain; };
    std::optional<Observer> found;
    for (const auto& api : knowledge_.model().apis) {
        if (!about(api)) continue;
        bool changes = find_clause<clause::SetsState>(api) != nullptr, takes = find_clause<clause::Acquire>(api) != nullptr;
        for_each_clause<clause::Returns>(api, [&](const Rule& rule, const clause::Returns& c) {
            const auto& all = rule.clause.when.all;
            if ((found && (changes || !found->changes)) || all.size() != 1 || all[0].subject != Comparison::Subject::state) return;
            // An attempt tells it by failing: then it takes nothing.
            bool status = wrappers::is_status(knowledge_.types().of(api.signature->return_type));
            if (takes && c.value != "FALSE" && !(status && c.value != "STATUS_SUCCESS")) return;
            bool says = all[0].op == "==" ? all[0].value == state : all[0].value == opposite_state(state);
            auto condition = wrappers::comparison("hand.result", "==", c.value,
                                                  kept_type(knowledge_.types().of(api.signature->return_type)), knowledge_.types());
            if (c.value == "nonzero") condition = "hand.result != 0";
            if (!says || !condition) return;
            Step step = usual(api);
            for (const auto& choice : argument_choices(api, knowledge_.types())) {
                if (may_wait_for_ever(api, step.arguments) && !may_wait_for_ever(api, choice)) step.arguments = choice;
            }
            found = Observer{step, *condition, changes};
        });
        for_each_clause<clause::ReturnsValue>(api, [&](const Rule&, const clause::ReturnsValue& c) {
            if (!found && !changes && !takes && c.quantity == "current-state" && (state == "signaled" || state == "not-signaled"))
                found = Observer{usual(api), state == "signaled" ? "hand.result != 0" : "hand.result == 0", false};
        });
    }
    if (found || (state != "signaled" && state != "not-signaled")) return found;
    // A wait that does not last tells it, too.
    if (auto wait = knowledge_.wait_for(domain, "zero"))
        return Observer{*wait, state == "signaled" ? "hand.result == 0" : "hand.result != 0", false};
    return found;
}

void Behaviour::show(const clause::SetsState& c) {
    std::string type = domain(api_);
    auto tells = observer(type, c.state);
    if (!tells) return because("no documented function tells the state \"" + c.state + "\"");
    if (!file_.use(tells->step)) return because("an argument of the call cannot be supplied");
    auto way = knowledge_.way_of(step());
    if (!way) return;
    bool initial = find_clause<clause::Initialize>(api_) != nullptr;
    // From the opposite, where calls bring that about; otherwise from the state that initialization leaves.
    const std::string from = opposite_state(c.state);
    auto opposite = knowledge_.setters(type, from);
    auto made =
        std::find_if(opposite.begin(), opposite.end(), [](const Step& s) { return find_clause<clause::Initialize>(*s.api) != nullptr; });
    auto calls = knowledge_.bring_about(type, from);
    bool changes = false;
    if (!initial && (made != opposite.end() || !calls.empty())) {
        if (made != opposite.end())
            way->begin_with(*made);
        else
            way->arrange.insert(way->arrange.end(), calls.begin(), calls.end());
        if (made == opposite.end() && runs_below_dispatch(calls.front(), from, knowledge_)) situation_.keep_at_dispatch();
        changes = !tells->changes;
    }
    if (runs_below_dispatch(step(), c.state, knowledge_)) situation_.keep_at_dispatch();
    say("sets_state", way,
        fmt::format("{}, {}, [](const Hand& hand) {{ return {}; }}, \"{}\", {}{}", call(), call_name(tells->step), tells->tells,
                    text::escape_c_string(c.state), changes, within()));
}

void Behaviour::returns_in_states(const std::string& on, const std::string& off) {
    std::string type = domain(api_);
    for (const auto& [state, condition] : {std::pair(on, "hand.result != 0"), std::pair(off, "hand.result == 0")}) {
        auto setters = knowledge_.setters(type, state);
        std::erase_if(setters, [&](const Step& setter) { return setter.api == &api_; });
        auto way = knowledge_.way_of(step());
        if (!way || setters.empty()) continue;
        auto made =
            std::find_if(setters.begin(), setters.end(), [](const Step& s) { return find_clause<clause::Initialize>(*s.api) != nullptr; });
        if (made != setters.end())
            way->begin_with(*made);
        else
            way->arrange.push_back(setters.front());
        say("returns", way,
            fmt::format("{}, State::any, [](const Hand& hand) {{ return {}; }}, \"{}\"{}", call(), condition, state, within()));
    }
    if (case_.body.empty()) returns_whether_held();
}

void Behaviour::returns_whether_held() {
    auto held = way_in_mode(facts::Mode::exclusive, false);
    if (!held) held = way_in_mode(facts::Mode::shared, false);
    if (!held || !file_.use(*held)) return because("no documented function brings the object into one of the states");
    // What a wait for an object of any kind acquires is signaled while it is free.
    auto ref = knowledge_.object(*held->acquire.api);
    auto acquires = knowledge_.acquisitions(ref ? ref->domain : std::string());
    bool signaled_when_free = std::any_of(acquires.begin(), acquires.end(), [&](const Step& acquire) {
        auto taken = knowledge_.object(*acquire.api);
        return taken && taken->only_known;
    });
    auto says = [](bool yes) { return fmt::format("[](const Hand& hand) {{ return hand.result {} 0; }}", yes ? "!=" : "=="); };
    Way own = knowledge_.alone(step());
    if (!file_.use(own)) return because("an argument of the call cannot be supplied");
    say("returns", own, fmt::format("{}, State::free, {}, \"not held\"{}", call(), says(signaled_when_free), within()));
    say("returns_held", held, fmt::format(", {}{}, true, {}, \"held\"{}", way_name(own), call(), says(!signaled_when_free), within()));
}

void Behaviour::show(const clause::ReturnsValue& c) {
    if (is_callback() && c.quantity == "unused") {
        case_.body.push_back(fmt::format("may_return_anything({});", callback_name(api_)));
        return;
    }
    if (is_callback()) return because("what it returns is the driver's affair");
    const std::string& quantity = c.quantity;
    bool listed = quantity == "first-entry" || quantity == "last-entry" || quantity == "depth";
    const auto* operation = find_clause<clause::Operation>(api_);
    if (listed && operation && removes_entry(operation->verb)) {
        // It returns what it takes.
        show(*operation);
    } else if (listed) {
        std::string list = list_functions();
        if (list.empty()) return because("no documented functions add entries to such a list and take them");
        std::string which = quantity == "first-entry" ? "Entry::first" : quantity == "last-entry" ? "Entry::last" : "Entry::depth";
        say("returns_entry", knowledge_.way_of(step()), fmt::format(", {}{}, {}{}", list, call(), which, within()));
    } else if (quantity == "removed-entry" || quantity == "initial-value" || quantity == "new-value") {
        if (operation) return show(*operation);
        if (quantity == "removed-entry") return show(clause::Operation{"remove-head", c.object.parameter});
        because("the page does not say what the function does to the variable or list");
    } else if (quantity == "previous-state" || quantity == "current-state") {
        returns_in_states("signaled", "not-signaled");
    } else if (quantity == "waiter-count") {
        // The clause does not keep who is counted; its sentence says it.
        bool shared = rule_.clause.cite.verbatim.find("shared") != std::string::npos;
        auto held = way_in_mode(facts::Mode::exclusive, false);
        auto waiting = way_in_mode(shared ? facts::Mode::shared : facts::Mode::exclusive, false);
        if (!held || !waiting || !file_.use(*waiting) || !file_.use(step())) return because("no documented function waits for the object");
        say("counts_waiters", held, ", " + way_name(*waiting) + call());
    } else if (quantity == "hold-count") {
        auto way = way_in_mode(facts::Mode::shared, false);
        if (way && file_.use(step())) say("counts_holds", way, call());
    } else if (quantity.ends_with("-request")) {
        gives_back();
    } else if (quantity == "callback-result") {
        say("returns_routine_result", knowledge_.way_of(step()), call() + within());
    } else if (quantity == "created-object" || quantity == "size") {
        say_by_level("returns", ", State::any, [](const Hand& hand) { return hand.result != 0; }, \"" + quantity + "\"");
        if (quantity == "created-object") {
            auto way = knowledge_.way_of(step());
            if (way && way->initialize && way->initialize->api == &api_) say("initializes", way);
        }
    } else if (quantity == "processor-number" || quantity == "processor-index") {
        say_by_level("returns_processor");
    } else {
        because("no choreography shows the quantity \"" + quantity + "\"");
    }
}

void Behaviour::gives_back() {
    const std::string& result = api_.signature->return_type;
    for (const auto& other : knowledge_.model().apis) {
        if (!knowledge_.is_callable(other) || domain(other).empty() || domain(other) != domain(api_)) continue;
        for (const auto& parameter : other.signature->parameters) {
            Step giver = usual(other);
            auto given = parameter.type == result ? argument_named(giver, parameter.name, knowledge_) : std::nullopt;
            auto way = knowledge_.way_of(step());
            if (!given || !way || !file_.use(giver)) continue;
            if (!filler_of(step(), knowledge_)) way->arrange.push_back(giver);
            std::string address =
                fmt::format("[]([[maybe_unused]] Objects& objects, [[maybe_unused]] Hand& hand) -> const void* {{ return {}; }}", *given);
            return void(say("gives_back", way, fmt::format("{}, {}{}", call(), address, within())));
        }
    }
    because("no documented function is given what this one returns");
}

void Behaviour::show(const clause::Stores& c) {
    bool taken = c.quantity == "removed-entry" || c.quantity == "first-entry" || c.quantity == "last-entry";
    if (taken) {
        std::string list = list_functions();
        if (list.empty()) return because("no documented functions add entries to such a list and take them");
        if (c.quantity == "removed-entry") return void(say("keeps_list", knowledge_.way_of(step()), ", " + list + call() + within()));
        std::string which = c.quantity == "first-entry" ? "Entry::first" : "Entry::last";
        say("returns_entry", knowledge_.way_of(step()), fmt::format(", {}{}, {}{}", list, call(), which, within()));
        return;
    }
    if (c.quantity == "NULL") {
        say_by_level("returns", ", State::any, [](const Hand& hand) { return hand.stored == 0; }, \"NULL\"");
        return;
    }
    if (c.quantity == "created-object") {
        say_by_level("may_be_called");
        auto way = knowledge_.way_of(step());
        if (way && way->initialize && way->initialize->api == &api_) say("initializes", way);
        return;
    }
    because("no choreography shows what is stored: \"" + c.quantity + "\"");
}

void Behaviour::show(const clause::RaisesStatus& c) {
    if (situation_.state == "held_by_other" && find_clause<clause::Release>(api_)) return each_way_to("refuses_other_thread");
    if (rule_.clause.when.unconditional()) return because("the page does not say when it raises it");
    auto code = wrappers::value_expression(c.status, {"NTSTATUS", 0}, knowledge_.types());
    auto way = knowledge_.alone(step());
    if (file_.use(step()))
        say("refuses", way,
            fmt::format("{}, Refusal::status, {}{}", call(), code ? "static_cast<std::uint32_t>(" + *code + ")" : "0", within()));
}

void Behaviour::show(const clause::BugCheck& c) {
    if (situation_.state == "held_by_other" && find_clause<clause::Release>(api_)) return each_way_to("refuses_other_thread");
    if (rule_.clause.when.unconditional()) return because("the page does not say when the system stops");
    auto way = knowledge_.alone(step());
    if (file_.use(step()))
        say("refuses", way, fmt::format("{}, Refusal::bug_check, {}{}", call(), c.code.empty() ? "0" : c.code, within()));
}

void Behaviour::show(const clause::Calls& c) {
    auto way = knowledge_.way_of(step());
    if (!way) return;
    if (!c.held.noun.empty()) {
        for (const auto& other : knowledge_.model().apis) {
            const auto* acquire = find_clause<clause::Acquire>(other);
            if (acquire == nullptr || acquire->object.noun != c.held.noun || acquire->attempt || !knowledge_.is_callable(other)) continue;
            auto lock = knowledge_.way_from(usual(other));
            if (lock && lock->release && file_.use(*lock) && say("calls_routine_holding", way, call() + ", " + way_name(*lock))) break;
        }
    }
    std::string routine = routine_type(api_, c.parameter, *way);
    if (routine.empty()) return because("no argument of the calls is the routine");
    say("calls_routine", way,
        fmt::format("{}, \"{}\", {}{}", call(), text::escape_c_string(routine), c.levels ? levels_text(*c.levels) : "Levels{}", within()));
}

std::string Behaviour::routine_type(const Api& api, const std::string& name, const Way& way) const {
    for (const Api* given : {&api, way.initialize ? way.initialize->api : nullptr}) {
        const auto* parameter = given == nullptr ? nullptr : parameter_named(*given, name);
        if (parameter == nullptr) continue;
        // Behind an untyped pointer it goes by the parameter's name.
        return knowledge_.types().of(parameter->type) == wrappers::CType{"void", 1} ? parameter->name : parameter->type;
    }
    return {};
}

void Behaviour::locks_by_routines() {
    // The page of the other half speaks of the same lock.
    auto half = [](const Api& api, bool acquires) -> const facts::Object* {
        const auto* acquire = find_clause<clause::Acquire>(api);
        const auto* release = find_clause<clause::Release>(api);
        return acquires ? (acquire ? &acquire->object : nullptr) : (release ? &release->object : nullptr);
    };
    bool takes = acquires();
    const Api* other_half = nullptr;
    for (const auto& api : knowledge_.model().apis) {
        const auto* other = half(api, !takes);
        if (api.kind == api_.kind && api.header.value == api_.header.value && other && other->noun == half(api_, takes)->noun)
            other_half = &api;
    }
    if (other_half == nullptr) return because("no documented routine is its other half");
    for (const auto& function : knowledge_.model().apis) {
        if (!knowledge_.is_callable(function)) continue;
        auto way = knowledge_.way_of(usual(function));
        if (!way) continue;
        std::string acquire, release;
        for_each_clause<clause::Calls>(function, [&](const Rule&, const clause::Calls& c) {
            std::string type = routine_type(function, c.parameter, *way);
            if (type == "P" + api_.name) (takes ? acquire : release) = type;
            if (type == "P" + other_half->name) (takes ? release : acquire) = type;
        });
        if (acquire.empty() || release.empty()) continue;
        Way used = filled(*way, usual(function));
        if (!file_.use(used) || !file_.use(usual(function))) continue;
        add_line(fmt::format("locks_by_routines({}, {}, \"{}\", \"{}\");", way_name(used), call_name(usual(function)), acquire, release));
    }
}

}  // namespace ddi::emit::tests
