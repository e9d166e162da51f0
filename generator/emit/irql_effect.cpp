#include "generator/emit/irql_effect.h"

namespace ddi::emit {

namespace {

using facts::Place;
namespace clause = facts::clause;

std::string place_words(const Place& place) {
    switch (place.kind) {
        case Place::Kind::parameter:
            return place.parameter;
        case Place::Kind::pointee:
            return "*" + place.parameter;
        case Place::Kind::result:
            return "the return value";
        case Place::Kind::object:
            return place.parameter.empty() ? "the lock" : "the object of " + place.parameter;
        case Place::Kind::none:
            break;
    }
    return {};
}

std::string effect_of(const facts::ClauseContent& content) {
    if (const auto* raise = std::get_if<clause::IrqlRaise>(&content)) {
        return "raises to " + (raise->parameter.empty() ? std::string(facts::level_name(raise->to)) : raise->parameter);
    }
    if (const auto* save = std::get_if<clause::IrqlSave>(&content)) {
        std::string where = place_words(save->where);
        return where.empty() ? "saves the previous IRQL" : "saves the previous IRQL in " + where;
    }
    if (const auto* restore = std::get_if<clause::IrqlRestore>(&content)) {
        std::string from = place_words(restore->from);
        return from.empty() ? "restores the previous IRQL" : "restores the IRQL in " + from;
    }
    if (std::holds_alternative<clause::IrqlUnchanged>(content)) return "leaves the IRQL unchanged";
    return {};
}

}  // namespace

std::string irql_effect(const std::vector<model::Rule>& rules) {
    std::string effect;
    // Rules are sorted by id; a reader wants the order in which things happen: raise, save, restore, unchanged.
    for (int pass = 0; pass < 4; ++pass) {
        for (const auto& rule : rules) {
            const auto& content = rule.clause.content;
            bool now = (pass == 0 && std::holds_alternative<clause::IrqlRaise>(content)) ||
                       (pass == 1 && std::holds_alternative<clause::IrqlSave>(content)) ||
                       (pass == 2 && std::holds_alternative<clause::IrqlRestore>(content)) ||
                       (pass == 3 && std::holds_alternative<clause::IrqlUnchanged>(content));
            if (!now) continue;
            if (!effect.empty()) effect += ", ";
            effect += effect_of(content);
            if (!rule.clause.when.text.empty()) effect += " (" + rule.clause.when.text + ")";
        }
    }
    return effect;
}

std::string level_list(facts::LevelSet levels) {
    std::string list;
    for (auto level : levels.levels()) list += (list.empty() ? "" : ", ") + std::string(facts::level_name(level));
    return list;
}

}  // namespace ddi::emit
