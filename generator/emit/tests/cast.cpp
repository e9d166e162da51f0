#include "generator/emit/tests/cast.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "generator/emit/wrappers/conditions.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;
using facts::Direction;
using facts::Place;
using model::Parameter;
using Kind = Role::Kind;

namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

class Casting {
  public:
    Casting(const Step& step, const Knowledge& knowledge)
        : step_(step), api_(*step.api), knowledge_(knowledge), api_object_(knowledge.object(api_)) {}

    std::vector<Role> run() {
        std::vector<Role> roles;
        for (const auto& parameter : api_.signature->parameters) roles.push_back(role_of(parameter));
        return roles;
    }

  private:
    wrappers::CType type_of(const Parameter& parameter) const { return knowledge_.types().of(parameter.type); }

    /// The protocol's own object, or the handle that stands for it.
    std::optional<Role> own_role(const Parameter& parameter) const {
        for (const auto& rule : api_.rules) {
            std::optional<Role> found;
            std::visit(
                [&](const auto& content) {
                    if constexpr (requires { content.object; }) {
                        auto ref = knowledge_.context().locks.object(api_, content.object);
                        if (!ref) return;
                        if (ref->handle == "contract::key(" + parameter.name + ")")
                            found = Role{Kind::handle};
                        else if (ref->parameter != parameter.name)
                            return;
                        else if (ref->after_call)
                            found = Role{Kind::creates, own_slot(step_, knowledge_)};
                        else if (std::string slot = knowledge_.slot_type(step_, *ref);
                                 !slot.empty() && type_of(parameter).depth > 0 && parameter.array.empty()) {
                            // A clause about a second object (a timer's DPC) does not make it the protocol's own.
                            bool second = api_object_ && api_object_->parameter != parameter.name && api_object_->own_type &&
                                          ref->own_type && ref->domain != api_object_->domain;
                            if (!second) found = Role{Kind::object, own_slot(step_, knowledge_)};
                        }
                    }
                },
                rule.clause.content);
            if (found) return found;
        }
        return std::nullopt;
    }

    std::optional<Role> level_role(const Parameter& parameter) const {
        auto type = type_of(parameter);
        std::optional<Kind> kind;
        for_each_clause<clause::IrqlSave>(api_, [&](const Rule&, const clause::IrqlSave& c) {
            if (c.where.parameter == parameter.name && c.where.kind != Place::Kind::object) kind = Kind::level_saved;
        });
        for_each_clause<clause::IrqlRestore>(api_, [&](const Rule&, const clause::IrqlRestore& c) {
            if (c.from.parameter == parameter.name && c.from.kind != Place::Kind::object) kind = Kind::level_given;
        });
        for_each_clause<clause::Argument>(api_, [&](const Rule&, const clause::Argument& c) {
            if (c.parameter == parameter.name && !kind && !c.saved_by.empty()) kind = Kind::level_given;
        });
        for_each_clause<clause::IrqlRaise>(api_, [&](const Rule&, const clause::IrqlRaise& c) {
            if (c.parameter == parameter.name) kind = Kind::level_asked;
        });
        bool level = type.base == "KIRQL";
        if (!kind && level && type.depth == 1) kind = Kind::level_saved;
        if (!kind && level && type.depth == 0) kind = find_clause<clause::Release>(api_) ? Kind::level_given : Kind::level_present;
        if (!kind) return std::nullopt;
        if (*kind == Kind::level_saved && type.depth != 1) return Role{Kind::unknown};
        return Role{*kind};
    }

    /// The list or number that an operation clause is about, an entry, an operand.
    std::optional<Role> operation_role(const Parameter& parameter) const {
        std::optional<clause::Operation> operation;
        if (const auto* stated = find_clause<clause::Operation>(api_)) operation = *stated;
        // What it returns or stores says it, too.
        for_each_clause<clause::ReturnsValue>(api_, [&](const Rule&, const clause::ReturnsValue& c) {
            if (!operation && c.quantity == "removed-entry") operation = clause::Operation{"remove-head", c.object.parameter};
            if (!operation && c.quantity.ends_with("-value")) operation = clause::Operation{"exchange", c.object.parameter};
            bool list = c.quantity.ends_with("-entry") || c.quantity == "depth";
            if (!operation && list) operation = clause::Operation{"remove-head", c.object.parameter};
        });
        if (!operation) return std::nullopt;
        auto type = type_of(parameter);
        bool numeric = is_numeric_verb(operation->verb);
        if (parameter.name == operation->parameter) {
            if (type.depth == 1 && knowledge_.is_lock_type(type.base)) return Role{Kind::object, type.base, {}, 0, 0, true};
            return Role{Kind::variable, type.base};
        }
        if (type.depth == 0 && numeric && !wrappers::is_boolean(type)) return Role{Kind::operand};
        if (type.depth != 1 || knowledge_.is_lock_type(type.base) || parameter.direction == Direction::out) return std::nullopt;
        if (numeric && (knowledge_.types().is_scalar(type.base))) {
            int place = 0;
            for (const auto& other : api_.signature->parameters) {
                if (&other == &parameter) break;
                if (other.name != operation->parameter && type_of(other) == type) ++place;
            }
            return Role{Kind::input, {}, {}, place};
        }
        if (adds_entry(operation->verb) && type.base != "void" && !is_lock_of_operation(parameter))
            return Role{Kind::element, "entry " + type.base};
        return std::nullopt;
    }

    /// The operation takes it, so it is no entry.
    bool is_lock_of_operation(const Parameter& parameter) const {
        bool lock = false;
        for_each_clause<clause::Atomic>(api_, [&](const Rule&, const clause::Atomic& c) { lock = lock || c.lock == parameter.name; });
        return lock;
    }

    /// An object of another type, which its own function prepares.
    std::optional<Role> other_role(const Parameter& parameter) const {
        auto type = type_of(parameter);
        if (type.depth != 1 || !knowledge_.is_lock_type(type.base)) {
            if (type.depth == 1 && knowledge_.is_handle_type(type.base)) return Role{Kind::handle};
            return std::nullopt;
        }
        int number = 0;
        std::string own = own_slot(step_, knowledge_);
        for (const auto& other : api_.signature->parameters) {
            if (&other == &parameter) break;
            if (type_of(other) == type) ++number;
        }
        std::string slot = number == 0 ? type.base : fmt::format("{}#{}", type.base, number);
        bool is_own = slot == own || own.empty();
        return Role{Kind::object, slot, {}, 0, 0, !is_own};
    }

    /// Where a function that changes a list stores the entry.
    bool is_result_of_operation(const Parameter& parameter) const {
        bool stored = find_clause<clause::Operation>(api_) && parameter.direction == Direction::in_out;
        for_each_clause<clause::Stores>(api_,
                                        [&](const Rule&, const clause::Stores& c) { stored = stored || c.parameter == parameter.name; });
        return stored;
    }

    /// "1 | 2": bits that the page wants to see set.
    std::string required_bits(const Parameter& parameter) const {
        std::string bits;
        for_each_clause<clause::ArgumentValue>(api_, [&](const Rule& rule, const clause::ArgumentValue& c) {
            if (c.parameter != parameter.name || c.op != "&" || !holds(rule.clause.when, step_.arguments)) return;
            auto chosen = step_.arguments.values.find(parameter.name);
            if (chosen != step_.arguments.values.end() && chosen->second == kWithout + c.values.front()) return;
            for (const auto& value : c.values) bits += (bits.empty() ? "" : " | ") + value;
        });
        return bits;
    }

    bool stores_object(const Parameter& parameter) const {
        bool stores = false;
        for_each_clause<clause::Stores>(api_, [&](const Rule&, const clause::Stores& c) {
            stores = stores || (c.parameter == parameter.name && c.quantity == "created-object");
        });
        return stores && type_of(parameter).depth > 0;
    }

    /// "The highest count that it can reach": its page speaks of a maximum.
    static bool is_maximum(const Parameter& parameter) {
        if (parameter.text.empty()) return false;
        const std::string& text = parameter.text.front().text;
        std::string first = text.substr(0, text.find(". "));
        return first.find("maximum") != std::string::npos || first.find("highest") != std::string::npos ||
               first.find("largest") != std::string::npos;
    }

    /// A number that the page allows.
    std::string legal_number(const Parameter& parameter) const {
        std::string number;
        for_each_clause<clause::ArgumentValue>(api_, [&](const Rule& rule, const clause::ArgumentValue& c) {
            if (c.parameter != parameter.name || c.values.empty() || !number.empty() || !holds(rule.clause.when, step_.arguments)) return;
            const std::string& value = c.values.front();
            auto text = wrappers::value_expression(value, type_of(parameter), knowledge_.types());
            if (!text) return;
            if (c.op == "==" || c.op == ">=" || c.op == "<=") number = *text;
            // A maximum leaves room for what the other calls of a test add.
            if (c.op == ">") number = *text + (is_maximum(parameter) ? " + 1000" : " + 1");
            if (c.op == "<") number = "0";
            if (c.op == "!=") number = value == "0" ? "1" : "0";
        });
        return number;
    }

    bool is_agreed(const Parameter& parameter) const {
        auto names_it = [&](const Api& api) {
            bool named = false;
            for_each_clause<clause::ArgumentSame>(api, [&](const Rule&, const clause::ArgumentSame& c) {
                bool partner = &api == &api_ || contains(c.functions, api_.name);
                named = named || (c.parameter == parameter.name && partner && !c.given);
            });
            return named;
        };
        if (names_it(api_)) return true;
        return std::any_of(knowledge_.model().apis.begin(), knowledge_.model().apis.end(),
                           [&](const Api& other) { return other.header.value == api_.header.value && names_it(other); });
    }

    bool compares_pointee(const Parameter& parameter) const {
        return std::any_of(api_.rules.begin(), api_.rules.end(), [&](const Rule& rule) {
            const auto& all = rule.clause.when.all;
            return std::any_of(all.begin(), all.end(), [&](const auto& comparison) {
                return comparison.subject == facts::Comparison::Subject::pointee && comparison.name == parameter.name;
            });
        });
    }

    bool is_called(const Parameter& parameter) const {
        bool called = false;
        for_each_clause<clause::Calls>(api_,
                                       [&](const Rule&, const clause::Calls& c) { called = called || c.parameter == parameter.name; });
        return called;
    }

    /// A parameter that the acquisition and the release of one lock both have: a tag, a device, a state that one leaves for the other.
    bool is_shared_by_pair(const Parameter& parameter) const {
        bool takes = find_clause<clause::Acquire>(api_) != nullptr, gives = find_clause<clause::Release>(api_) != nullptr;
        auto ref = knowledge_.object(api_);
        if ((!takes && !gives) || !ref || !ref->own_type || ref->parameter == parameter.name) return false;
        return std::any_of(knowledge_.model().apis.begin(), knowledge_.model().apis.end(), [&](const Api& other) {
            bool partner = takes ? find_clause<clause::Release>(other) != nullptr : find_clause<clause::Acquire>(other) != nullptr;
            if (!partner || !knowledge_.is_callable(other)) return false;
            auto theirs = knowledge_.object(other);
            const auto& parameters = other.signature->parameters;
            return theirs && theirs->domain == ref->domain && std::any_of(parameters.begin(), parameters.end(), [&](const Parameter& p) {
                       return p.name == parameter.name && type_of(p) == type_of(parameter);
                   });
        });
    }

    /// An acquisition of the lock fills what this parameter points to.
    bool is_left_by_acquisition(const Parameter& parameter) const {
        for (const auto& acquire : knowledge_.model().apis) {
            if (acquire.header.value != api_.header.value || !find_clause<clause::Acquire>(acquire) || !knowledge_.is_callable(acquire))
                continue;
            for (const auto& other : acquire.signature->parameters) {
                if (other.name == parameter.name && other.type == parameter.type && other.direction == Direction::out) return true;
            }
        }
        return false;
    }

    /// The function that says how large an object is has no argument and the parameter's type.
    const Api* size_of_object(const Parameter& parameter) const {
        if (!find_clause<clause::Initialize>(api_)) return nullptr;
        for (const auto& other : knowledge_.model().apis) {
            const auto* result = find_clause<clause::ReturnsValue>(other);
            if (result == nullptr || result->quantity != "size" || other.header.value != api_.header.value ||
                !knowledge_.is_callable(other))
                continue;
            if (other.signature->parameters.empty() && other.signature->return_type == parameter.type) return &other;
        }
        return nullptr;
    }

    Role role_of(const Parameter& parameter) const {
        auto type = type_of(parameter);
        if (!parameter.array.empty()) {
            auto ref = knowledge_.object(api_);
            std::string slot = ref && ref->parameter == parameter.name ? knowledge_.slot_type(step_, *ref) : std::string();
            if (slot.empty()) slot = step_.as;
            for (const auto& rule : api_.rules) {
                std::visit(
                    [&](const auto& content) {
                        if constexpr (requires { content.object; }) {
                            if (slot.empty() && content.object.parameter == parameter.name)
                                slot = knowledge_.type_of_noun(content.object.noun);
                        }
                    },
                    rule.clause.content);
            }
            return slot.empty() ? Role{Kind::unknown} : Role{Kind::array, slot, {}, 0, kArrayLength};
        }
        if (type.depth == 0 && knowledge_.types().is_wide_number(type.base)) {
            auto chosen = step_.arguments.values.find(parameter.name);
            if (auto role = operation_role(parameter)) return *role;
            return {Kind::time, {}, chosen == step_.arguments.values.end() ? std::string() : chosen->second};
        }
        if (auto chosen = step_.arguments.values.find(parameter.name); chosen != step_.arguments.values.end()) {
            // Any pointer but NULL: what the parameter is for says which.
            bool any = chosen->second == "other" && !compares_pointee(parameter);
            bool usual_count = chosen->second == "0" && counts_array(parameter, api_) != nullptr;
            bool marked = chosen->second.starts_with(kWithout);
            if (!any && !usual_count && !marked) return {Kind::chosen, {}, chosen->second};
        }
        if (type.depth == 1 && type.base == "void" && is_called(parameter)) return {Kind::routine};
        if (auto role = own_role(parameter)) return *role;
        if (stores_object(parameter)) return {Kind::creates, type.base};
        if (auto role = level_role(parameter)) return *role;
        if (auto role = operation_role(parameter)) return *role;
        bool written = parameter.direction == Direction::out || (type.depth > 1 && is_result_of_operation(parameter));
        // The same for both, be it the host's or any address.
        if (type.depth == 1 && type.base == "void" && is_shared_by_pair(parameter)) return {Kind::host};
        if (type.depth == 1 && type.base != "void" && !knowledge_.types().is_scalar(type.base) && !knowledge_.is_lock_type(type.base) &&
            is_shared_by_pair(parameter) && is_left_by_acquisition(parameter))
            return {Kind::handle};
        if (handed_on(parameter, api_, knowledge_)) return {Kind::variable, type.base};
        bool wanted = step_.arguments.values.contains(parameter.name);
        if (parameter.optional && !written && !wanted && type.depth > 0) return {Kind::null};
        if (auto role = other_role(parameter)) return *role;
        bool scalar = type.depth == 0 && knowledge_.types().is_scalar(type.base);
        if (scalar) {
            if (counts_array(parameter, api_) != nullptr) return {Kind::number, {}, std::to_string(kArrayLength)};
            if (const Api* size = size_of_object(parameter)) return {Kind::size, {}, size->name};
            std::string legal = legal_number(parameter);
            if (!legal.empty()) return {Kind::number, {}, legal};
            if (wrappers::is_boolean(type)) return {Kind::number, {}, "FALSE"};
            if (is_agreed(parameter) || is_shared_by_pair(parameter)) return {Kind::agreed};
            // An enumeration need not have a zero.
            std::string first = knowledge_.types().first_enumerator(type.base);
            return {knowledge_.is_basic(parameter.type) ? Kind::number : Kind::host, {}, first.empty() ? "0" : first};
        }
        if (type.depth == 1 && type.base == "void" && is_agreed(parameter)) return {Kind::agreed};
        bool variable = type.depth == 1 && knowledge_.types().is_scalar(type.base);
        if (type.depth >= 1 && (written || variable) && !(type.depth == 1 && type.base == "void")) {
            int place = 0;
            for (const auto& other : api_.signature->parameters) {
                if (&other == &parameter) break;
                bool number = type_of(other).depth == 1 && knowledge_.types().is_scalar(type_of(other).base);
                if (other.direction == Direction::out || number) ++place;
            }
            return {Kind::out, {}, {}, std::min(place, 3)};
        }
        Role host{Kind::host};
        if (type.depth == 1 && type.base == "void") host.bits = required_bits(parameter);
        return host;
    }

    static constexpr int kArrayLength = 1;  // so that one release ends what a wait for all of them began

    const Step& step_;
    const Api& api_;
    const Knowledge& knowledge_;
    std::optional<ObjectRef> api_object_;
};

}  // namespace

bool is_numeric_verb(const std::string& verb) {
    return verb == "add" || verb == "increment" || verb == "decrement" || verb == "exchange" || verb == "compare-exchange";
}
bool adds_entry(const std::string& verb) { return verb == "insert-head" || verb == "insert-tail" || verb == "push"; }
bool removes_entry(const std::string& verb) { return verb == "remove-head" || verb == "pop" || verb == "flush"; }

std::vector<Role> cast(const Step& step, const Knowledge& knowledge) { return Casting(step, knowledge).run(); }

std::string own_slot(const Step& step, const Knowledge& knowledge) {
    auto ref = knowledge.object(*step.api);
    std::string type = ref ? knowledge.slot_type(step, *ref) : std::string();
    if (type.empty() && !ref) {
        // No clause about an object, yet a parameter of a lock's type.
        for (const auto& parameter : step.api->signature->parameters) {
            auto parameter_type = knowledge.types().of(parameter.type);
            if (parameter_type.depth == 1 && knowledge.is_lock_type(parameter_type.base) && type.empty()) type = parameter_type.base;
        }
    }
    if (type.empty() || step.number == 0) return type;
    return fmt::format("{}#{}", type, step.number);
}

}  // namespace ddi::emit::tests
