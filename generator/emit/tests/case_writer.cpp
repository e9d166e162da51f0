#include "generator/emit/tests/case_writer.h"

#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/tests/cast.h"
#include "generator/text/escape.h"

namespace ddi::emit::tests {

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

const model::Parameter* parameter_named(const Api& api, const std::string& name) {
    for (const auto& parameter : api.signature->parameters) {
        if (parameter.name == name) return &parameter;
    }
    return nullptr;
}

std::vector<std::string> alternatives(const std::string& place) {
    std::vector<std::string> values;
    for (std::size_t from = 0; from <= place.size();) {
        std::size_t bar = std::min(place.find('|', from), place.size());
        values.push_back(place.substr(from, bar - from));
        from = bar + 1;
    }
    return values;
}

std::string CaseWriter::id() const { return "\"" + text::escape_c_string(rule_.id) + "\""; }

std::string CaseWriter::within() const {
    return situation_.within == facts::LevelSet::all() ? std::string() : ", " + levels_text(situation_.within);
}

Way CaseWriter::arranged(Way way) const {
    if (situation_.initialize && !(way.initialize && way.initialize->api == &api_)) way.begin_with(*situation_.initialize);
    const auto* preceded = find_clause<facts::clause::PrecededBy>(api_);
    if (preceded != nullptr && !omits_predecessor_ && way.arrange.empty() && !is_callback()) {
        for (const auto& name : preceded->functions) {
            const Api* before = knowledge_.callable(name, api_.header.value);
            bool is_step = before == nullptr || before == way.acquire.api || (way.initialize && way.initialize->api == before);
            if (is_step) continue;
            // What makes an object new again comes after the call that it was done with.
            (way.initialize && way.initialize->api == &api_ ? way.before : way.arrange).push_back(usual(*before));
            break;
        }
    }
    if (auto first = knowledge_.first_of_host(api_); first && way.acquire.api == &api_ && way.arrange.empty() && !way.initialize)
        way.arrange.push_back(*first);
    way.arrange.insert(way.arrange.end(), situation_.arrange.begin(), situation_.arrange.end());
    return is_callback() ? way : filled(std::move(way), step());
}

Way CaseWriter::filled(Way way, const Step& step) const {
    if (auto filler = filler_of(step, knowledge_)) way.arrange.push_back(*filler);
    return way;
}

std::optional<Step> CaseWriter::with_second_object(const facts::Object& object) const {
    const auto* parameter = parameter_named(api_, object.parameter);
    auto own = knowledge_.object(api_);
    if (parameter == nullptr || !parameter->optional || !own || own->parameter == parameter->name) return std::nullopt;
    auto type = knowledge_.types().of(parameter->type);
    if (type.depth != 1 || !knowledge_.is_lock_type(type.base)) return std::nullopt;
    Step with = step();
    with.arguments.values[parameter->name] = "other";
    return with;
}

bool CaseWriter::add(const std::string& choreography, const std::string& first, const Way& way, const std::string& more) {
    Way used = arranged(way);
    if (way.release && !is_callback() && (asks_for_more(way.acquire, knowledge_) || asks_for_more(step(), knowledge_))) {
        because("the suite waits for one object of an array at a time");
        return false;
    }
    bool called = more.find(call_name(step())) != std::string::npos;
    if (!file_.use(used) || (called && !is_callback() && !file_.use(step()))) {
        because("an argument of the call cannot be supplied");
        return false;
    }
    add_line(fmt::format("{}({}{}{}{});", choreography, first, first.empty() ? "" : ", ", way_name(used), more));
    return true;
}

void CaseWriter::add_line(const std::string& line) {
    if (std::find(case_.body.begin(), case_.body.end(), line) == case_.body.end()) case_.body.push_back(line);
}

std::string CaseWriter::domain(const Api& api) const { return own_slot({&api, {}}, knowledge_); }

}  // namespace ddi::emit::tests
