#include "generator/model/resolve.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "generator/model/aggregate.h"
#include "generator/model/constants.h"
#include "generator/model/declaration_repairs.h"
#include "generator/model/infer_signatures.h"

namespace ddi::model {

namespace {

/// The first sentence of the description: what a stub's @brief and an index line show.
std::string first_sentence(const std::vector<text::Section>& sections) {
    for (const auto& section : sections) {
        if (section.heading != "-description") continue;
        for (const auto& block : section.blocks) {
            if (block.kind != text::BlockKind::paragraph || block.text.empty()) continue;
            // "[Applies to KMDF and UMDF]": a label of the page, no sentence about its API.
            if (block.text.front() == '[' && block.text.back() == ']') continue;
            for (std::size_t i = 0; i + 1 < block.text.size(); ++i) {
                bool ends = block.text[i] == '.' && block.text[i + 1] == ' ';
                bool abbreviation = i >= 3 && (block.text.compare(i - 3, 4, "i.e.") == 0 || block.text.compare(i - 3, 4, "e.g.") == 0);
                if (ends && !abbreviation) return block.text.substr(0, i + 1);
            }
            return block.text;
        }
    }
    return {};
}

Irql resolve_irql(const facts::Facts& facts) {
    Irql irql;
    irql.verbatim = facts.irql_verbatim.value;
    irql.status = facts.irql_front_matter.status;
    irql.cite = facts.irql_verbatim.cite;
    const facts::IrqlExpression* expression = nullptr;
    const bool widened = facts.irql_remarks && facts::is_widened_by(facts.irql_front_matter, facts.irql_remarks->value);
    if (facts.irql_front_matter.status == facts::IrqlStatus::understood && !widened) {
        expression = &facts.irql_front_matter;
    } else if (facts.irql_remarks && facts.irql_remarks->value.status == facts::IrqlStatus::understood) {
        expression = &facts.irql_remarks->value;
        irql.origin = facts.irql_remarks->cite.origin;
        irql.cite = facts.irql_remarks->cite;
    }
    if (expression == nullptr) return irql;
    irql.entry = expression->levels();
    bool plain = expression->alternatives.size() == 1 && expression->alternatives.front().condition.empty();
    if (!plain) irql.conditions = expression->alternatives;
    return irql;
}

struct DeclarationChoice {
    const facts::Declaration* declaration = nullptr;
    Cite cite;
};

struct OverlayDeclarations {
    History parsed;
    std::set<std::string> replacing;  // UID keys of those that come before the page's own
};

/// Design §3: the page, then history, then an overlay; last what a code sample declares. A declaration without types gives way to a later
/// one that has them; an overlay may say that what the page declares is wrong.
DeclarationChoice choose_declaration(const facts::Facts& facts, const History& history, const OverlayDeclarations& overlay) {
    if (overlay.replacing.contains(facts.uid.key)) {
        const auto& found = overlay.parsed.at(facts.uid.key);
        return {&found.declaration, found.cite};
    }
    DeclarationChoice untyped;
    auto consider = [&](const facts::Declaration& declaration, const Cite& cite) {
        if (declaration.typed() && !lost_parameters(facts, declaration)) return true;
        if (untyped.declaration == nullptr) untyped = {&declaration, cite};
        return false;
    };
    if (facts.declaration && consider(facts.declaration->value, facts.declaration->cite))
        return {&facts.declaration->value, facts.declaration->cite};
    for (const auto* source : {&history, &overlay.parsed}) {
        auto found = source->find(facts.uid.key);
        if (found != source->end() && consider(found->second.declaration, found->second.cite))
            return {&found->second.declaration, found->second.cite};
    }
    if (facts.sample) return {&facts.sample->value, facts.sample->cite};
    return untyped;
}

/// What remains when the chosen declaration turns out to have no types: an overlay's, or a sample's.
DeclarationChoice second_choice(const facts::Facts& facts, const OverlayDeclarations& overlay, const DeclarationChoice& repaired) {
    if (repaired.declaration->typed()) return repaired;
    auto found = overlay.parsed.find(facts.uid.key);
    if (found != overlay.parsed.end() && found->second.declaration.typed()) return {&found->second.declaration, found->second.cite};
    if (facts.sample) return {&facts.sample->value, facts.sample->cite};
    return repaired;
}

OverlayDeclarations parse_overlay_declarations(const Overlay& overlay, text::Diagnostics& diagnostics) {
    OverlayDeclarations declarations;
    for (const auto& entry : overlay.declarations) {
        auto uid = facts::parse_uid(entry.uid);
        auto result = uid ? facts::parse_declaration(entry.declaration, uid->name) : facts::DeclarationResult{};
        if (!uid || !result.declaration) {
            text::Diagnostic diagnostic;
            diagnostic.code = "overlay-not-understood";
            diagnostic.severity = text::Severity::error;
            diagnostic.source = entry.cite.source;
            diagnostic.span = entry.cite.span;
            diagnostic.message =
                uid ? "the declaration of " + entry.uid + " cannot be read: " + (result.error ? result.error->message : "no declaration")
                    : "\"" + entry.uid + "\" is not a UID";
            diagnostics.push_back(std::move(diagnostic));
            continue;
        }
        declarations.parsed[uid->key] = {std::move(*result.declaration), entry.cite};
        if (entry.replaces) declarations.replacing.insert(uid->key);
    }
    return declarations;
}

/// Windows' file names have no case, and pages write Wdm.h and wdm.h; the verbatim value stays in the citation. Index pages and some
/// structures leave req.header blank; the UID names the header too.
std::string header_of(const facts::Facts& facts) {
    if (facts.header.value.empty()) return facts.uid.header.empty() ? std::string() : facts.uid.header + ".h";
    std::string header = facts.header.value;
    for (auto& c : header) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return header;
}

Api resolve_api(facts::Facts facts, const DeclarationChoice& choice, const std::vector<OverlayClause>& extra,
                text::Diagnostics& diagnostics) {
    Api api;
    api.uid = facts.uid;
    api.kind = facts.kind;
    api.name = facts.name;
    api.is_macro = facts.is_macro;
    api.source = facts.source;
    api.page = facts.source ? facts.source->path() : std::string();
    api.title = facts.title;
    api.technology = facts.technology;
    api.brief = first_sentence(facts.sections);
    api.header = facts.header;
    api.header.value = header_of(facts);
    if (facts.header.value.empty() && !api.header.value.empty()) api.header.cite.origin = Origin::inferred;
    api.include_header = facts.include_header;
    api.library = facts.library;
    api.dll = facts.dll;
    api.min_client = facts.min_client;
    api.min_server = facts.min_server;
    api.kmdf = facts.kmdf;
    api.umdf = facts.umdf;
    api.target_type = facts.target_type;
    api.compliance = facts.compliance.value;
    api.type_names = facts.type_names.value;
    api.returns = facts.returns;
    api.irql = resolve_irql(facts);
    if (api.is_routine()) {
        api.signature = resolve_signature(facts, choice.declaration, choice.cite, diagnostics);
        api.rules = resolve_rules(facts, extra, api.signature ? &*api.signature : nullptr, diagnostics);
    } else if (choice.declaration != nullptr) {
        api.declaration = Fact<facts::Declaration>{*choice.declaration, choice.cite};
    }
    api.members = std::move(facts.members);
    api.control_code = std::move(facts.control_code);
    if (api.kind == page::PageKind::enumeration) resolve_enumeration(api, diagnostics);
    api.sections = std::move(facts.sections);
    api.links = std::move(facts.links);
    return api;
}

/// The built-in overlays serve every documentation: a constant counts where its header is documented and no page states it.
void add_overlay_constants(Model& model, const std::vector<Constant>& constants) {
    auto by_name = [](const Constant& a, const Constant& b) { return a.name < b.name; };
    const std::size_t stated = model.constants.size();
    for (const auto& constant : constants) {
        const bool known =
            std::binary_search(model.constants.begin(), model.constants.begin() + static_cast<std::ptrdiff_t>(stated), constant, by_name);
        if (!known && model.headers.contains(constant.header)) model.constants.push_back(constant);
    }
    std::stable_sort(model.constants.begin(), model.constants.end(), by_name);
}

void index(Model& model, text::Diagnostics& diagnostics) {
    for (std::size_t i = 0; i < model.apis.size(); ++i) {
        const Api& api = model.apis[i];
        model.headers[api.header.value].push_back(i);
        auto [place, inserted] = model.by_uid.try_emplace(api.uid.key, i);
        if (inserted) continue;
        text::Diagnostic diagnostic;
        diagnostic.code = "duplicate-uid";
        diagnostic.source = api.source;
        diagnostic.message = "UID " + api.uid.text + " is also the UID of " + model.apis[place->second].page;
        diagnostics.push_back(std::move(diagnostic));
    }
    for (auto& api : model.apis) {
        for (auto& link : api.links) {
            if (link.uid_key.empty() || model.by_uid.contains(link.uid_key)) continue;
            // A structure's UID may have the tag's underscore where its file's name has none: ns-ks-kspin.md, NS:ks._KSPIN.
            auto dot = link.uid_key.find('.');
            if (dot != std::string::npos) link.uid_key.insert(dot + 1, "_");
            if (!model.by_uid.contains(link.uid_key)) link.uid_key.clear();
        }
    }
}

}  // namespace

Model resolve_model(ResolveInput input) {
    Model model;
    model.source_name = std::move(input.source_name);
    model.revision = std::move(input.revision);
    model.attribution = std::move(input.attribution);
    model.diagnostics = std::move(input.diagnostics);
    auto overlay = parse_overlay_declarations(input.overlay, model.diagnostics);
    std::map<std::string, std::vector<OverlayClause>> clauses;
    for (auto& entry : input.overlay.clauses) {
        if (auto uid = facts::parse_uid(entry.uid)) clauses[uid->key].push_back(entry);
    }
    std::vector<DeclarationChoice> choices;
    std::vector<const facts::Declaration*> declared;
    for (const auto& facts : input.facts) {
        choices.push_back(choose_declaration(facts, input.history, overlay));
        declared.push_back(choices.back().declaration);
    }
    const DeclarationRepairs repairs(input.facts, declared, input.overlay.types);
    std::vector<facts::Declaration> repaired(input.facts.size());
    for (std::size_t i = 0; i < input.facts.size(); ++i) {
        if (declared[i] == nullptr || choices[i].cite.origin == Origin::overlay) continue;
        repair_type_names(input.facts[i].type_names.value, *declared[i]);
        auto right = repairs.repair(input.facts[i], *declared[i]);
        if (!right) continue;
        repaired[i] = std::move(*right);
        choices[i].declaration = &repaired[i];
        if (input.facts[i].kind == page::PageKind::function || input.facts[i].kind == page::PageKind::callback)
            choices[i] = second_choice(input.facts[i], overlay, choices[i]);
        declared[i] = choices[i].declaration;
    }
    const auto inferred = infer_signatures(input.facts, declared, overlay.parsed);
    model.apis.reserve(input.facts.size());
    std::vector<StatedConstant> constants;
    for (std::size_t i = 0; i < input.facts.size(); ++i) {
        auto& facts = input.facts[i];
        for (auto& constant : facts.constants) constants.push_back({header_of(facts), std::move(constant)});
        std::move(facts.diagnostics.begin(), facts.diagnostics.end(), std::back_inserter(model.diagnostics));
        auto choice = choices[i];
        if (inferred[i].declaration) choice = {&*inferred[i].declaration, inferred[i].cite};
        auto extra = clauses.find(facts.uid.key);
        // The choice may point into these facts, which are moved: keep the declaration alive on its own.
        facts::Declaration declaration = choice.declaration != nullptr ? *choice.declaration : facts::Declaration{};
        if (choice.declaration != nullptr) choice.declaration = &declaration;
        model.apis.push_back(resolve_api(std::move(facts), choice, extra == clauses.end() ? std::vector<OverlayClause>{} : extra->second,
                                         model.diagnostics));
        model.apis.back().signature_missing = inferred[i].missing;
    }
    auto order = [](const Api& api) { return std::tie(api.header.value, api.name, api.uid.text, api.page); };
    std::sort(model.apis.begin(), model.apis.end(), [&](const Api& a, const Api& b) { return order(a) < order(b); });
    index(model, model.diagnostics);
    resolve_structures(model.apis, model.diagnostics);
    model.constants = resolve_constants(std::move(constants), model.apis, model.diagnostics);
    add_overlay_constants(model, input.overlay.constants);
    model.untested = std::move(input.overlay.untested);
    model.macros = std::move(input.overlay.macros);
    model.definitions = std::move(input.overlay.definitions);
    std::sort(model.definitions.begin(), model.definitions.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    model.packing = std::move(input.overlay.packing);
    model.types = std::move(input.overlay.types);
    std::sort(model.types.begin(), model.types.end(), [](const Type& a, const Type& b) { return a.name < b.name; });
    resolve_names(model.apis, model.diagnostics);
    model.protocols = resolve_protocols(model.apis, model.diagnostics);
    check_pairs(model, model.diagnostics);
    text::sort_diagnostics(model.diagnostics);
    return model;
}

}  // namespace ddi::model
