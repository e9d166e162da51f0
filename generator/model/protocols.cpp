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
            if constexpr (std::is_same_v<Content, facts::clause::Initialize>) add_once(protocol.initialize, i);
            else if constexpr (std::is_same_v<Content, facts::clause::Acquire>) add_once(content.attempt ? protocol.attempt : protocol.acquire, i);
            else if constexpr (std::is_same_v<Content, facts::clause::Release>) add_once(protocol.release, i);
            else if constexpr (std::is_same_v<Content, facts::clause::Destroy>) add_once(protocol.destroy, i);
        });
    }
    return protocols;
}

bool acquires(const Protocol& protocol) { return !protocol.acquire.empty() || !protocol.attempt.empty(); }

/// A lock that is acquired and never released under one noun, and released and never acquired under another noun of the same header that
/// is its last words ("filter control mutex", "control mutex"), or the other way round: the pages differ in an omitted qualifier only.
/// Short noun → long noun. A noun that has both ("spin lock") is a lock of its own, whatever longer noun lacks a half.
std::map<Key, std::string> omitted_qualifiers(const std::map<Key, Protocol>& protocols) {
    std::map<Key, std::string> renames;
    for (const auto& [key, protocol] : protocols) {
        for (const auto& [other_key, other] : protocols) {
            const auto& [header, noun] = other_key;
            bool tail = header == key.first && key.second.size() > noun.size() + 1 && key.second.ends_with(" " + noun);
            bool completes = (acquires(protocol) && protocol.release.empty() && !acquires(other) && !other.release.empty()) ||
                             (!acquires(protocol) && !protocol.release.empty() && acquires(other) && other.release.empty());
            if (tail && completes && noun.find(' ') != std::string::npos) renames[other_key] = key.second;
        }
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
