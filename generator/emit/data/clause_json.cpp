#include "generator/emit/data/clause_json.h"

namespace ddi::emit::data {

namespace {

namespace clause = facts::clause;
using facts::Comparison;
using facts::Place;

Json level_names(facts::LevelSet levels) {
    Json names = Json::array();
    for (auto level : levels.levels()) names.push_back(facts::level_name(level));
    return names;
}

Json object_json(const facts::Object& object) { return {{"noun", object.noun}, {"parameter", object.parameter}}; }

Json place_json(const Place& place) {
    const char* kind = "none";
    switch (place.kind) {
        case Place::Kind::none:
            break;
        case Place::Kind::parameter:
            kind = "parameter";
            break;
        case Place::Kind::pointee:
            kind = "pointee";
            break;
        case Place::Kind::result:
            kind = "result";
            break;
        case Place::Kind::object:
            kind = "object";
            break;
    }
    return {{"kind", kind}, {"parameter", place.parameter}};
}

const char* mode_name(facts::Mode mode) { return mode == facts::Mode::shared ? "shared" : "exclusive"; }
const char* apcs_name(clause::Apcs apcs) { return apcs == clause::Apcs::all ? "all" : "normal"; }

const char* subject_name(Comparison::Subject subject) {
    switch (subject) {
        case Comparison::Subject::parameter:
            return "parameter";
        case Comparison::Subject::pointee:
            return "pointee";
        case Comparison::Subject::result:
            return "result";
        case Comparison::Subject::irql:
            return "irql";
        case Comparison::Subject::state:
            return "state";
    }
    return "";
}

/// Every kind has its own members; the overloads are the closed family of facts/clause.h.
struct ContentJson {
    Json operator()(const clause::IrqlEntry& c) const { return {{"allowed", level_names(c.allowed)}}; }
    Json operator()(const clause::IrqlRaise& c) const {
        Json json;
        json["to"] = c.parameter.empty() ? Json(facts::level_name(c.to)) : Json(nullptr);
        json["parameter"] = c.parameter;
        return json;
    }
    Json operator()(const clause::IrqlSave& c) const { return {{"where", place_json(c.where)}}; }
    Json operator()(const clause::IrqlRestore& c) const { return {{"from", place_json(c.from)}}; }
    Json operator()(const clause::IrqlUnchanged&) const { return Json::object(); }
    Json operator()(const clause::Initialize& c) const { return {{"object", object_json(c.object)}}; }
    Json operator()(const clause::Destroy& c) const { return {{"object", object_json(c.object)}}; }
    Json operator()(const clause::RequiresInitialized& c) const { return {{"object", object_json(c.object)}, {"by", c.by}}; }
    Json operator()(const clause::Acquire& c) const {
        return {{"object", object_json(c.object)}, {"mode", mode_name(c.mode)}, {"attempt", c.attempt}};
    }
    Json operator()(const clause::Release& c) const { return {{"object", object_json(c.object)}, {"mode", mode_name(c.mode)}}; }
    Json operator()(const clause::ReleaseWith& c) const { return {{"object", object_json(c.object)}, {"with", c.with}}; }
    Json operator()(const clause::Releases& c) const { return {{"object", object_json(c.object)}, {"acquired_by", c.acquired_by}}; }
    Json operator()(const clause::ReleasesNot& c) const { return {{"object", object_json(c.object)}, {"acquired_by", c.acquired_by}}; }
    Json operator()(const clause::Owner& c) const { return {{"object", object_json(c.object)}}; }
    Json operator()(const clause::Recursion& c) const {
        return {{"object", object_json(c.object)}, {"rule", c.rule == clause::RecursionRule::counted ? "counted" : "deadlock"}};
    }
    Json operator()(const clause::Waits& c) const { return {{"object", object_json(c.object)}, {"waits", c.waits}}; }
    Json operator()(const clause::ApcDisable& c) const { return {{"apcs", apcs_name(c.apcs)}}; }
    Json operator()(const clause::ApcEnable& c) const { return {{"apcs", apcs_name(c.apcs)}}; }
    Json operator()(const clause::RequiresApcsDisabled& c) const { return {{"apcs", apcs_name(c.apcs)}}; }
    Json operator()(const clause::Returns& c) const { return {{"value", c.value}}; }
    Json operator()(const clause::ReturnsPreviousIrql&) const { return Json::object(); }
    Json operator()(const clause::ReturnsCurrentIrql&) const { return Json::object(); }
    Json operator()(const clause::Argument& c) const { return {{"parameter", c.parameter}, {"saved_by", c.saved_by}, {"op", c.op}}; }
    Json operator()(const clause::HeldOnEntry& c) const { return {{"object", object_json(c.object)}}; }
    Json operator()(const clause::NotCombined& c) const { return {{"object", object_json(c.object)}, {"functions", c.functions}}; }
    Json operator()(const clause::Pending& c) const { return {{"status", c.status}, {"before", c.before}, {"after", c.after}}; }
    Json operator()(const clause::SameObject& c) const { return {{"object", object_json(c.object)}, {"parent", c.parent}}; }
    Json operator()(const clause::Resident& c) const { return {{"parameter", c.parameter}}; }
    Json operator()(const clause::Aligned& c) const { return {{"parameter", c.parameter}, {"bytes", c.bytes}}; }
    Json operator()(const clause::ArgumentValue& c) const { return {{"parameter", c.parameter}, {"op", c.op}, {"values", c.values}}; }
    Json operator()(const clause::Optional& c) const { return {{"parameter", c.parameter}}; }
    Json operator()(const clause::ArgumentSame& c) const {
        return {{"parameter", c.parameter}, {"functions", c.functions}, {"given", c.given}};
    }
    Json operator()(const clause::PrecededBy& c) const { return {{"object", object_json(c.object)}, {"functions", c.functions}}; }
    Json operator()(const clause::FollowedBy& c) const {
        return {{"object", object_json(c.object)}, {"functions", c.functions}, {"immediately", c.immediately}};
    }
    Json operator()(const clause::AfterwardsOnly& c) const { return {{"object", object_json(c.object)}, {"functions", c.functions}}; }
    Json operator()(const clause::Order& c) const { return {{"parameter", c.parameter}, {"first_to_last", c.first_to_last}}; }
    Json operator()(const clause::SetsState& c) const { return {{"object", object_json(c.object)}, {"state", c.state}}; }
    Json operator()(const clause::Convert& c) const {
        return {{"object", object_json(c.object)}, {"from", mode_name(c.from)}, {"to", mode_name(c.to)}, {"attempt", c.attempt}};
    }
    Json operator()(const clause::RequiresHeld& c) const {
        Json json = {{"object", object_json(c.object)}, {"acquired_by", c.acquired_by}};
        json["mode"] = c.mode ? Json(mode_name(*c.mode)) : Json(nullptr);
        return json;
    }
    Json operator()(const clause::NotHeldOnEntry& c) const { return {{"object", object_json(c.object)}}; }
    Json operator()(const clause::SameProcessor& c) const { return {{"object", object_json(c.object)}}; }
    Json operator()(const clause::SameIrql& c) const { return {{"object", object_json(c.object)}}; }
    Json operator()(const clause::ReturnsValue& c) const { return {{"quantity", c.quantity}, {"object", object_json(c.object)}}; }
    Json operator()(const clause::Stores& c) const { return {{"parameter", c.parameter}, {"quantity", c.quantity}}; }
    Json operator()(const clause::Operation& c) const { return {{"verb", c.verb}, {"parameter", c.parameter}}; }
    Json operator()(const clause::Atomic& c) const { return {{"lock", c.lock}, {"functions", c.functions}}; }
    Json operator()(const clause::RaisesStatus& c) const { return {{"status", c.status}}; }
    Json operator()(const clause::BugCheck& c) const { return {{"code", c.code}}; }
    Json operator()(const clause::Calls& c) const {
        Json json = {{"parameter", c.parameter}, {"held", object_json(c.held)}};
        json["levels"] = c.levels ? level_names(*c.levels) : Json(nullptr);
        return json;
    }
    Json operator()(const clause::Called& c) const { return {{"may_hold", object_json(c.may_hold)}}; }
};

Json condition_json(const facts::Condition& when) {
    Json all = Json::array();
    for (const auto& comparison : when.all) {
        all.push_back(
            {{"subject", subject_name(comparison.subject)}, {"name", comparison.name}, {"op", comparison.op}, {"value", comparison.value}});
    }
    return {{"all", all}, {"text", when.text}};
}

}  // namespace

void add_cite(Json& json, const model::Cite& cite) {
    json["page"] = cite.source ? Json(cite.source->path()) : Json(nullptr);
    json["line"] = cite.source ? Json(cite.source->position(cite.span.begin).line) : Json(nullptr);
    json["origin"] = facts::origin_name(cite.origin);
    if (!cite.note.empty()) json["note"] = cite.note;
}

Json clause_json(const model::Rule& rule) {
    Json json;
    json["id"] = rule.id;
    json["kind"] = facts::clause_kind(rule.clause.content);
    json["text"] = rule.clause.cite.verbatim;
    add_cite(json, rule.clause.cite);
    json["content"] = std::visit(ContentJson{}, rule.clause.content);
    json["when"] = rule.clause.when.unconditional() ? Json(nullptr) : condition_json(rule.clause.when);
    if (!rule.clause.also.empty()) {
        Json also = Json::array();
        for (const auto& cite : rule.clause.also) {
            Json place = {{"text", cite.verbatim}};
            add_cite(place, cite);
            also.push_back(std::move(place));
        }
        json["also"] = std::move(also);
    }
    if (!rule.clause.consequence.empty()) json["consequence"] = rule.clause.consequence;
    json["canonical"] = facts::canonical_clause(rule.clause);
    return json;
}

}  // namespace ddi::emit::data
