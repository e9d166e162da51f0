#include <algorithm>
#include <map>
#include <set>

#include "generator/model/resolve.h"

namespace ddi::model {

namespace {

using Key = std::pair<std::string, std::string>;  // header, noun

template <class Visit>
void visit_objects(Api& api, Visit&& visit) {
    for (auto& rule : api.rules) {
        std::visit(
            [&](auto& content) {
                if constexpr (requires { content.object; }) visit(content.object, content);
            },
            rule.clause.content);
    }
}

void add_once(std::vector<std::size_t>& list, std::size_t index) {
    if (list.empty() || list.back() != index) list.push_back(index);
}

std::map<Key, Protocol> group(std::vector<Api>& apis) {
    std::map<Key, Protocol> protocols;
    for (std::size_t i = 0; i < apis.size(); ++i) {
        visit_objects(apis[i], [&](facts::Object& object, auto& content) {
            using Content = std::decay_t<decltype(content)>;
            Protocol& protocol = protocols[{apis[i].header.value, object.noun}];
            protocol.header = apis[i].header.value;
            protocol.noun = object.noun;
            if constexpr (std::is_same_v<Content, facts::clause::Initialize>)
                add_once(protocol.initialize, i);
            else if constexpr (std::is_same_v<Content, facts::clause::Acquire>)
                add_once(content.attempt ? protocol.attempt : protocol.acquire, i);
            else if constexpr (std::is_same_v<Content, facts::clause::Release>)
                add_once(protocol.release, i);
            else if constexpr (std::is_same_v<Content, facts::clause::Destroy>)
                add_once(protocol.destroy, i);
        });
    }
    return protocols;
}

bool acquires(const Protocol& protocol) { return !protocol.acquire.empty() || !protocol.attempt.empty(); }

/// A noun that is only released, or only acquired ("control mutex"), and the one longer noun of the same header that ends with it and has
/// the missing half ("filter control mutex"): the pages differ in an omitted qualifier only. Short noun → long noun. A noun that has both
/// halves ("spin lock") is a lock of its own, whatever a longer one ("interrupt spin lock") lacks.
std::map<Key, std::string> omitted_qualifiers(const std::map<Key, Protocol>& protocols) {
    std::map<Key, std::string> renames;
    for (const auto& [key, protocol] : protocols) {
        const auto& [header, noun] = key;
        bool half = acquires(protocol) != !protocol.release.empty();
        if (!half || noun.find(' ') == std::string::npos) continue;
        std::vector<std::string> longer;
        for (const auto& [other_key, other] : protocols) {
            bool completes = acquires(protocol) ? !other.release.empty() : acquires(other);
            if (other_key.first == header && other_key.second.ends_with(" " + noun) && completes) longer.push_back(other_key.second);
        }
        if (longer.size() == 1) renames[key] = longer.front();
    }
    return renames;
}

}  // namespace

std::vector<Protocol> resolve_protocols(std::vector<Api>& apis, text::Diagnostics& diagnostics) {
    auto protocols = group(apis);
    if (auto renames = omitted_qualifiers(protocols); !renames.empty()) {
        for (auto& api : apis) {
            bool reported = false;
            visit_objects(api, [&](facts::Object& object, auto&) {
                auto found = renames.find({api.header.value, object.noun});
                if (found == renames.end()) return;
                if (!reported) {
                    text::Diagnostic diagnostic;
                    diagnostic.code = "object-name-differs";
                    diagnostic.severity = text::Severity::note;
                    diagnostic.source = api.source;
                    diagnostic.message = "\"" + object.noun + "\" is taken for the \"" + found->second + "\" of " + api.header.value +
                                         ", which other pages acquire or release under the longer name";
                    diagnostics.push_back(std::move(diagnostic));
                    reported = true;
                }
                object.noun = found->second;
            });
        }
        protocols = group(apis);
    }
    std::vector<Protocol> result;
    for (auto& [key, protocol] : protocols) {
        if (!key.second.empty()) result.push_back(std::move(protocol));
    }
    return result;
}

}  // namespace ddi::model
