#include "generator/model/constants.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

#include "generator/model/c_number.h"

namespace ddi::model {

namespace {

bool same_value(const std::string& a, const std::string& b) {
    const auto first = c_number(a), second = c_number(b);
    return first && second ? *first == *second : a == b;
}

void add_enumerators(const std::vector<facts::DeclaredMember>& members, std::set<std::string>& names) {
    for (const auto& member : members) {
        if (member.aggregate.empty() && member.type.empty()) names.insert(member.name);
        add_enumerators(member.members, names);
    }
}

}  // namespace

std::vector<Constant> resolve_constants(std::vector<StatedConstant> stated, const std::vector<Api>& apis, text::Diagnostics& diagnostics) {
    // A header's own definition first, then by header and page.
    std::stable_sort(stated.begin(), stated.end(), [](const StatedConstant& a, const StatedConstant& b) {
        const auto key = [](const StatedConstant& c) {
            return std::make_tuple(std::string_view(c.fact.name), c.fact.cite.origin != Origin::declaration, std::string_view(c.header),
                                   c.fact.cite.source ? std::string_view(c.fact.cite.source->path()) : std::string_view(),
                                   c.fact.cite.span.begin);
        };
        return key(a) < key(b);
    });
    std::set<std::string> enumerators;
    for (const auto& api : apis) {
        if (api.declaration) add_enumerators(api.declaration->value.members, enumerators);
    }
    std::vector<Constant> constants;
    for (std::size_t begin = 0; begin < stated.size();) {
        std::size_t end = begin;
        std::size_t other = begin;
        while (end < stated.size() && stated[end].fact.name == stated[begin].fact.name) {
            if (other == begin && !same_value(stated[end].fact.value, stated[begin].fact.value)) other = end;
            ++end;
        }
        auto& first = stated[begin];
        if (other != begin) {
            text::Diagnostic diagnostic;
            diagnostic.code = "constant-contradiction";
            diagnostic.source = first.fact.cite.source;
            diagnostic.span = first.fact.cite.span;
            diagnostic.message = first.fact.name + " is " + first.fact.value + " here and " + stated[other].fact.value + " elsewhere";
            diagnostic.notes.push_back({"here", stated[other].fact.cite.source, stated[other].fact.cite.span});
            diagnostics.push_back(std::move(diagnostic));
        } else if (!enumerators.contains(first.fact.name)) {
            constants.push_back({first.fact.name, first.fact.value, first.header, first.fact.cite});
        }
        begin = end;
    }
    return constants;
}

}  // namespace ddi::model
