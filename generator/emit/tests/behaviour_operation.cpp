#include <fmt/format.h>

#include <map>

#include "generator/emit/tests/behaviour.h"
#include "generator/emit/tests/cast.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;

namespace {

const clause::ReturnsValue* result_of(const Api& api) { return find_clause<clause::ReturnsValue>(api); }

std::string result_kind(const Api& api) {
    const auto* result = result_of(api);
    if (result == nullptr) return "Result::none";
    return result->quantity == "initial-value" ? "Result::initial" : result->quantity == "new-value" ? "Result::updated" : "Result::none";
}

/// What the function does to its list: said as such, or by what it returns.
std::optional<clause::Operation> list_operation(const Api& api) {
    if (const auto* operation = find_clause<clause::Operation>(api)) return *operation;
    const auto* result = find_clause<clause::ReturnsValue>(api);
    if (result != nullptr && result->quantity == "removed-entry") return clause::Operation{"remove-head", result->object.parameter};
    return std::nullopt;
}

}  // namespace

std::string Behaviour::list_functions() {
    const auto own = list_operation(api_);
    auto list_type = [&](const Api& api, const std::optional<clause::Operation>& operation) {
        if (operation) {
            if (const auto* parameter = parameter_named(api, operation->parameter)) return knowledge_.types().of(parameter->type).base;
        }
        // What only looks names the list that it looks at.
        if (const auto* result = find_clause<clause::ReturnsValue>(api)) {
            if (const auto* parameter = parameter_named(api, result->object.parameter)) return knowledge_.types().of(parameter->type).base;
        }
        return own_slot({&api, {}}, knowledge_);
    };
    std::string type = list_type(api_, own);
    auto partner = [&](auto fits) -> const Api* {
        const Api* found = nullptr;
        for (const auto& api : knowledge_.model().apis) {
            const auto operation = knowledge_.is_callable(api) ? list_operation(api) : std::nullopt;
            if (!operation || !fits(operation->verb) || list_type(api, operation) != type) continue;
            // The way that is gone makes this function's own lock and no other one.
            std::string lock = domain(api);
            if (!lock.empty() && lock != type && lock != domain(api_)) continue;
            // Those of one header belong together, and what says how it ends is the better witness.
            bool near = api.header.value == api_.header.value;
            if (found == nullptr || (near && found->header.value != api_.header.value)) found = &api;
        }
        return found;
    };
    const Api* adds = own && adds_entry(own->verb) ? &api_ : partner(adds_entry);
    const Api* removes =
        own && removes_entry(own->verb) ? &api_ : partner([](const std::string& verb) { return verb == "remove-head" || verb == "pop"; });
    if (adds == nullptr || removes == nullptr || !file_.use(usual(*adds)) || !file_.use(usual(*removes))) return {};
    std::string slot;
    for (const auto& role : cast(usual(*adds), knowledge_)) {
        if (role.kind == Role::Kind::element) slot = role.slot;
    }
    if (slot.empty()) return {};
    const Api& result = own && adds_entry(own->verb) && find_clause<clause::Stores>(api_) ? api_ : *removes;
    bool stored = find_clause<clause::Stores>(result) || knowledge_.types().of(result.signature->return_type).depth == 0;
    const auto add = list_operation(*adds);
    const auto remove = list_operation(*removes);
    return fmt::format("ListFunctions{{&{}, {}, &{}, {}, {}, \"{}\"}}", call_name(usual(*adds)), add->verb != "insert-tail",
                       call_name(usual(*removes)), stored, remove->verb == "flush", slot);
}

void Behaviour::show(const clause::Operation& c) {
    auto way = knowledge_.way_of(step());
    if (!way) return;
    if (is_numeric_verb(c.verb)) {
        static const std::map<std::string, std::string> kVerbs = {{"add", "add"},
                                                                  {"increment", "increment"},
                                                                  {"decrement", "decrement"},
                                                                  {"exchange", "exchange"},
                                                                  {"compare-exchange", "compare_exchange"}};
        const auto* parameter = parameter_named(api_, c.parameter);
        if (parameter == nullptr) return because("the page does not say which parameter is the variable");
        std::string base = knowledge_.types().of(parameter->type).base;
        say("computes", way,
            fmt::format("{}, Verb::{}, \"{}\", sizeof(std::remove_pointer_t<{}>), {}{}", call(), kVerbs.at(c.verb), base, parameter->type,
                        result_kind(api_), within()));
        return;
    }
    std::string list = list_functions();
    if (list.empty()) return because("no documented functions add entries to such a list and take them");
    say("keeps_list", way, ", " + list + call() + within());
}

void Behaviour::show(const clause::Atomic& c) {
    auto way = knowledge_.way_of(step());
    const auto operation = list_operation(api_);
    if (!way || !operation) return because("the page does not say what the function does, so nothing shows that it is atomic");
    if (is_numeric_verb(operation->verb)) {
        const auto* parameter = parameter_named(api_, operation->parameter);
        if (parameter == nullptr) return because("the page does not say which parameter is the variable");
        std::string verb = operation->verb == "compare-exchange" ? "compare_exchange" : operation->verb;
        say("computes_together", way,
            fmt::format("{}, Verb::{}, \"{}\", sizeof(std::remove_pointer_t<{}>)", call(), verb,
                        knowledge_.types().of(parameter->type).base, parameter->type));
    } else if (std::string list = list_functions(); !list.empty()) {
        say("keeps_all_entries", way, ", " + list);
    }
    const auto* lock = parameter_named(api_, c.lock);
    if (lock == nullptr) return;
    for (const auto& acquire : knowledge_.acquisitions(knowledge_.types().of(lock->type).base)) {
        auto held = knowledge_.way_from(acquire);
        if (!held || !held->release || !held->acquired.empty() || held->shared) continue;
        if (file_.use(step()) && say("takes_lock", held, call())) return;
    }
}

}  // namespace ddi::emit::tests
