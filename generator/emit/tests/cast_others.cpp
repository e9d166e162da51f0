// What a call shares with other calls: objects that these make, structures that they fill.
#include <algorithm>

#include "generator/emit/tests/cast.h"

namespace ddi::emit::tests {

namespace clause = facts::clause;
using facts::Direction;
using model::Parameter;
using Kind = Role::Kind;

const Api* handed_on(const Parameter& parameter, const Api& api, const Knowledge& knowledge) {
    auto type = knowledge.types().of(parameter.type);
    if (type.depth != 1 || type.base == "void" || knowledge.types().is_number(type.base) || knowledge.is_lock_type(type.base) ||
        knowledge.is_handle_type(type.base))
        return nullptr;
    // What an acquisition leaves for the release is the hold's own affair.
    auto holds = [](const Api& some) { return find_clause<clause::Acquire>(some) || find_clause<clause::Release>(some); };
    std::string object = own_slot({&api, {}}, knowledge);
    if (object.empty() || holds(api)) return nullptr;
    for (const auto& other : knowledge.model().apis) {
        if (&other == &api || other.header.value != api.header.value || !knowledge.is_callable(other)) continue;
        if (holds(other) || own_slot({&other, {}}, knowledge) != object) continue;
        for (const auto& theirs : other.signature->parameters) {
            bool fills = theirs.direction == Direction::out;
            if (knowledge.types().of(theirs.type) == type && theirs.name == parameter.name &&
                fills != (parameter.direction == Direction::out))
                return &other;
        }
    }
    return nullptr;
}

const Parameter* counts_array(const Parameter& parameter, const Api& api) {
    for (const auto& other : api.signature->parameters) {
        if (other.array.empty()) continue;
        for (const auto& word : other.sal) {
            if (word.find("(" + parameter.name + ")") != std::string::npos) return &other;
        }
    }
    return nullptr;
}

bool asks_for_more(const Step& step, const Knowledge& knowledge) {
    auto roles = cast(step, knowledge);
    bool array = std::any_of(roles.begin(), roles.end(), [](const Role& role) { return role.kind == Role::Kind::array; });
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const auto& parameter = step.api->signature->parameters[i];
        if (array && roles[i].kind == Role::Kind::chosen && counts_array(parameter, *step.api) != nullptr) return true;
    }
    return false;
}

std::optional<Step> filler_of(const Step& step, const Knowledge& knowledge) {
    for (const auto& parameter : step.api->signature->parameters) {
        if (parameter.direction == Direction::out || step.arguments.values.contains(parameter.name)) continue;
        if (const Api* filler = handed_on(parameter, *step.api, knowledge))
            return Step{filler, argument_choices(*filler, knowledge.types()).front()};
    }
    return std::nullopt;
}

std::vector<Step> others_of(const Step& step, const Knowledge& knowledge) {
    std::vector<Step> result;
    for (const auto& role : cast(step, knowledge)) {
        if (role.kind == Kind::size) {
            const Api* size = knowledge.callable(role.value, step.api->header.value);
            result.push_back({size, argument_choices(*size, knowledge.types()).front()});
        }
        int first = role.kind == Kind::array ? 1 : 0;  // element 0 is the protocol's own object
        int last = role.kind == Kind::array ? role.count : role.needs_making ? 1 : 0;
        for (int i = first; i < last; ++i) {
            std::string type = role.slot.substr(0, role.slot.find('#'));
            int number = type.size() < role.slot.size() ? std::stoi(role.slot.substr(type.size() + 1)) : i;
            auto made = knowledge.initializer(*step.api, type);
            if (!made || made->api == step.api) continue;
            made->number = number;
            if (std::find(result.begin(), result.end(), *made) == result.end()) result.push_back(std::move(*made));
        }
    }
    return result;
}

}  // namespace ddi::emit::tests
