#include "generator/model/infer_signatures.h"

#include <tbb/parallel_for.h>

#include <algorithm>
#include <map>

#include "generator/facts/words.h"
#include "generator/model/inference.h"
#include "generator/model/sample_calls.h"

namespace ddi::model {

namespace {

using facts::Declaration;
using facts::Facts;

bool is_routine(const Facts& facts) { return facts.kind == page::PageKind::function || facts.kind == page::PageKind::callback; }

std::string_view first_paragraph(const Facts& facts) {
    for (const auto& section : facts.sections) {
        if (section.heading != "-description") continue;
        for (const auto& block : section.blocks) {
            if (block.kind == text::BlockKind::paragraph && !block.text.empty()) return block.text;
        }
    }
    return {};
}

RoutineText text_of(const Facts& facts) {
    RoutineText text;
    text.header = facts.uid.header;
    text.technology = facts.technology;
    text.name = facts.name;
    text.kind = facts.kind;
    text.is_macro = facts.is_macro;
    for (const auto& p : facts.parameters) text.parameters.push_back({p.name, p.direction, &p.text});
    text.returns = facts.returns ? &*facts.returns : nullptr;
    text.description = first_paragraph(facts);
    return text;
}

/// For each heading the parameter that it describes: of the same name, else at the same place if there are as many.
std::vector<const facts::DeclaredParameter*> described_parameters(const Facts& facts, const Declaration& declaration) {
    std::vector<const facts::DeclaredParameter*> out(facts.parameters.size(), nullptr);
    bool same_count = facts.parameters.size() == declaration.parameters.size();
    for (std::size_t i = 0; i < out.size(); ++i) {
        for (const auto& p : declaration.parameters) {
            if (p.name == facts.parameters[i].name) out[i] = &p;
        }
        if (out[i] == nullptr && same_count) out[i] = &declaration.parameters[i];
    }
    return out;
}

std::string_view method_of(std::string_view name) {
    std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

/// Names and directions as the headings state them: the same for pages that describe the same routine.
std::string headings_of(const Facts& facts) {
    std::string_view method = method_of(facts.name);
    std::string out = facts::to_lower(method.empty() ? std::string_view(facts.name) : method) + (method.empty() ? "" : "()");
    for (const auto& p : facts.parameters) out += "," + p.name;
    return out;
}

bool same_direction(const Facts& a, const Facts& b) {
    for (std::size_t i = 0; i < a.parameters.size(); ++i) {
        auto x = a.parameters[i].direction, y = b.parameters[i].direction;
        if (x != y && x != facts::Direction::unknown && y != facts::Direction::unknown) return false;
    }
    return true;
}

std::string return_words(const Facts& facts) {
    if (!facts.returns) return "-";
    if (facts.returns->is_void) return "void";
    return facts.returns->text.empty() ? "" : facts.returns->text.front().text.substr(0, 60);
}

/// The declaration on which all pages agree that describe a routine of this name with the same parameters.
class Twins {
  public:
    Twins(const std::vector<Facts>& facts, const std::vector<const Declaration*>& declared, const facts::TypeNames& names)
        : facts_(facts), declared_(declared), names_(names) {
        for (std::size_t i = 0; i < facts.size(); ++i) {
            if (is_routine(facts[i]) && !facts[i].parameters.empty() && declared[i] != nullptr && declared[i]->typed() &&
                declared[i]->parameters.size() == facts[i].parameters.size())
                by_headings_[headings_of(facts[i])].push_back(i);
        }
    }

    const Facts* find(std::size_t i, const Declaration*& declaration) const {
        auto found = by_headings_.find(headings_of(facts_[i]));
        if (found == by_headings_.end()) return nullptr;
        const Facts* twin = nullptr;
        for (std::size_t k : found->second) {
            if (facts_[k].kind != facts_[i].kind || !same_direction(facts_[k], facts_[i])) continue;
            // Void here and a value there is another routine.
            if ((return_words(facts_[k]) == "void") != (return_words(facts_[i]) == "void") && facts_[i].returns && facts_[k].returns)
                return nullptr;
            if (declaration != nullptr && !same_types(*declaration, *declared_[k])) return nullptr;
            declaration = declared_[k];
            twin = &facts_[k];
        }
        return twin;
    }

  private:
    bool same_types(const Declaration& a, const Declaration& b) const {
        if (names_.split(a.return_type) != names_.split(b.return_type)) return false;
        for (std::size_t i = 0; i < a.parameters.size(); ++i) {
            if (names_.split(a.parameters[i].type, a.parameters[i].array) != names_.split(b.parameters[i].type, b.parameters[i].array))
                return false;
        }
        return true;
    }

    const std::vector<Facts>& facts_;
    const std::vector<const Declaration*>& declared_;
    const facts::TypeNames& names_;
    std::map<std::string, std::vector<std::size_t>> by_headings_;
};

/// Types that another header documents in the same words: the same name and the same members. UID name → pages with a declaration.
class TypeTwins {
  public:
    TypeTwins(const std::vector<Facts>& facts, const std::vector<const Declaration*>& declared) : facts_(facts), declared_(declared) {
        for (std::size_t i = 0; i < facts.size(); ++i) {
            if (is_type(facts[i]) && declared[i] != nullptr && !declared[i]->members.empty()) by_name_[facts[i].uid.name].push_back(i);
        }
    }

    static bool is_type(const Facts& facts) { return facts.kind == page::PageKind::structure || facts.kind == page::PageKind::enumeration; }

    const Facts* find(std::size_t i, const Declaration*& declaration) const {
        auto found = by_name_.find(facts_[i].uid.name);
        if (found == by_name_.end()) return nullptr;
        const Facts* twin = nullptr;
        for (std::size_t k : found->second) {
            if (facts_[k].kind != facts_[i].kind || !same_members(facts_[k], facts_[i])) continue;
            if (declaration != nullptr && !(*declaration == *declared_[k])) return nullptr;
            declaration = declared_[k];
            twin = &facts_[k];
        }
        return twin;
    }

  private:
    /// All members of the page, in the twin's order; of enumerations the twin may have more.
    static bool same_members(const Facts& twin, const Facts& page) {
        if (page.members.empty()) return false;
        if (page.kind == page::PageKind::structure && twin.members.size() != page.members.size()) return false;
        std::size_t at = 0;
        for (const auto& member : page.members) {
            while (at < twin.members.size() && twin.members[at].name != member.name) ++at;
            if (at == twin.members.size()) return false;
            ++at;
        }
        return true;
    }

    const std::vector<Facts>& facts_;
    const std::vector<const Declaration*>& declared_;
    std::map<std::string, std::vector<std::size_t>> by_name_;
};

/// "nf:*.*.method": for interfaces, of which the names begin with I, with as many parameters; they get the page's names.
const HistoricDeclaration* method_of_every_interface(const Facts& facts, const std::map<std::string, HistoricDeclaration>& overlay) {
    std::string_view method = method_of(facts.name);
    bool interface = facts.name.size() > 2 && facts.name[0] == 'I' && facts.name[1] >= 'A' && facts.name[1] <= 'Z';
    if (method.empty() || !interface) return nullptr;
    auto found = overlay.find("nf:*.*." + facts::to_lower(method));
    return found != overlay.end() && found->second.declaration.parameters.size() == facts.parameters.size() ? &found->second : nullptr;
}

facts::TypeNames type_names(const std::vector<Facts>& facts, const std::vector<const Declaration*>& declared) {
    facts::TypeNames names;
    for (std::size_t i = 0; i < facts.size(); ++i) names.add_page(facts[i].kind, facts[i].uid, facts[i].type_names.value, declared[i]);
    for (const auto* declaration : declared) {
        if (declaration != nullptr) names.add_declaration(*declaration);
    }
    return names;
}

/// Headers without any declaration name their parameters as consistently as others: where one page says the type, the others of the
/// same header that have a parameter of that name follow.
template <class Needs>
void learn_from_sure_parameters(Inference& inference, const std::vector<Facts>& facts, const Needs& needs) {
    std::vector<std::vector<facts::DeclaredParameter>> sure(facts.size());
    tbb::parallel_for(std::size_t{0}, facts.size(), [&](std::size_t i) {
        if (!needs(i) || facts[i].is_macro) return;
        const auto text = text_of(facts[i]);
        sure[i].resize(text.parameters.size());
        for (std::size_t k = 0; k < text.parameters.size(); ++k) {
            if (auto type = inference.parameter(text, k); type.is_sure() && type.said) sure[i][k].type = type.type;
        }
    });
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (sure[i].empty()) continue;
        std::vector<const facts::DeclaredParameter*> declared;
        for (const auto& parameter : sure[i]) declared.push_back(&parameter);
        inference.learn(text_of(facts[i]), declared, "");
    }
}

}  // namespace

std::vector<InferredSignature> infer_signatures(const std::vector<Facts>& facts, const std::vector<const Declaration*>& declared,
                                                const std::map<std::string, HistoricDeclaration>& overlay) {
    std::vector<InferredSignature> out(facts.size());
    const TypeTwins type_twins(facts, declared);
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (!TypeTwins::is_type(facts[i]) || declared[i] != nullptr) continue;
        const Declaration* same = nullptr;
        const Facts* twin = type_twins.find(i, same);
        if (twin == nullptr) continue;
        out[i].declaration = *same;
        out[i].cite = {facts::Origin::inferred, facts[i].source, facts[i].members.front().cite.span, "",
                       "as " + twin->uid.text + ", which has the same members"};
    }
    auto needs = [&](std::size_t i) { return is_routine(facts[i]) && (declared[i] == nullptr || !declared[i]->typed()); };
    bool any = false;
    for (std::size_t i = 0; i < facts.size(); ++i) any = any || needs(i);
    if (!any) return out;
    SampleCalls calls;
    for (const auto& page : facts) calls.add(page.sections, is_routine(page) ? std::string_view(page.name) : std::string_view());
    facts::TypeNames names = type_names(facts, declared);
    for (const auto& [word, uses] : calls.type_words()) names.add_word(word, uses);
    const Twins twins(facts, declared, names);
    Inference inference(names, calls);
    for (std::size_t i = 0; i < facts.size(); ++i) {
        if (is_routine(facts[i]) && !needs(i))
            inference.learn(text_of(facts[i]), described_parameters(facts[i], *declared[i]), declared[i]->return_type);
    }
    learn_from_sure_parameters(inference, facts, needs);
    tbb::parallel_for(std::size_t{0}, facts.size(), [&](std::size_t i) {
        if (!needs(i)) return;
        auto& result = out[i];
        if (const auto* given = method_of_every_interface(facts[i], overlay)) {
            result.declaration = given->declaration;
            result.cite = given->cite;
        } else {
            result.cite.origin = facts::Origin::inferred;
            result.cite.source = facts[i].source;
            result.cite.span = !facts[i].parameters.empty() ? facts[i].parameters.front().cite.span
                               : facts[i].returns           ? facts[i].returns->cite.span
                                                            : text::Span{};
            const Declaration* same = nullptr;
            if (const Facts* twin = twins.find(i, same)) {
                result.declaration = *same;
                result.cite.note = "as " + twin->uid.text + ", which has the same parameters";
            } else {
                auto prototype = inference.infer(text_of(facts[i]));
                result.missing = std::move(prototype.reason);
                result.declaration = std::move(prototype.declaration);
                result.cite.note = "from the page's words, and as in declarations of the same words";
            }
        }
        if (!result.declaration) return;
        for (std::size_t k = 0; k < facts[i].parameters.size(); ++k) result.declaration->parameters[k].name = facts[i].parameters[k].name;
    });
    return out;
}

}  // namespace ddi::model
