// An acquisition and the release that its page names belong together: what their pages say of themselves must fit.
#include <algorithm>
#include <cctype>
#include <set>

#include "generator/model/resolve.h"

namespace ddi::model {

namespace {

std::string lower(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

const std::vector<std::string>* partners(const Rule& rule) {
    if (const auto* with = std::get_if<facts::clause::ReleaseWith>(&rule.clause.content)) return &with->with;
    if (const auto* releases = std::get_if<facts::clause::Releases>(&rule.clause.content)) return &releases->acquired_by;
    return nullptr;
}

}  // namespace

void check_pairs(const Model& model, text::Diagnostics& diagnostics) {
    std::set<std::pair<std::string, std::string>> reported;
    for (const Api& api : model.apis) {
        if (api.library.value.empty()) continue;
        for (const Rule& rule : api.rules) {
            const auto* names = partners(rule);
            if (names == nullptr) continue;
            for (const std::string& name : *names) {
                for (const Api* partner : model.find_name(name)) {
                    if (partner->header.value != api.header.value || partner->library.value.empty()) continue;
                    if (lower(partner->library.value) == lower(api.library.value)) continue;
                    if (!reported.insert(std::minmax(api.name, partner->name)).second) continue;
                    text::Diagnostic diagnostic;
                    diagnostic.code = "library-differs-from-pair";
                    diagnostic.source = api.source;
                    diagnostic.span = api.library.cite.span;
                    diagnostic.message = api.name + " is in " + api.library.value + ", and " + partner->name +
                                         ", which belongs to it, in " + partner->library.value;
                    diagnostic.notes.push_back({"the other library is named here", partner->source, partner->library.cite.span});
                    diagnostic.notes.push_back({"they belong together because of this", rule.clause.cite.source, rule.clause.cite.span});
                    diagnostics.push_back(std::move(diagnostic));
                }
            }
        }
    }
}

}  // namespace ddi::model
