#include "generator/model/inference.h"

#include <algorithm>

#include "generator/facts/type_phrase.h"
#include "generator/facts/words.h"

namespace ddi::model {

namespace {

std::string_view method_of(std::string_view name) {
    std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos ? std::string_view() : name.substr(dot + 1);
}

/// What counts once: methods of one name in several interfaces, a function in two headers.
std::string group_of(std::string_view name) {
    std::size_t dot = name.rfind('.');
    return facts::to_lower(dot == std::string_view::npos ? name : name.substr(dot + 1));
}

/// Evidence for one type. Keys of one group say nearly the same, so that only the best of them counts.
struct TypeScore {
    std::string type;
    std::array<double, 3> groups{};
    double own = 0;  // the page's words and the samples' calls
    std::size_t declarations = 0;
    std::string how;

    double total() const {
        double learned = groups[0] + groups[1] + groups[2];
        // One declaration is one witness under however many keys it is seen.
        if (declarations < 2) learned = std::min(learned, 2.2);
        return learned + own;
    }
};

std::size_t key_group(EvidenceKey key) {
    switch (key) {
        case EvidenceKey::header_name_sentence:
        case EvidenceKey::name_sentence:
            return 0;
        case EvidenceKey::header_name:
        case EvidenceKey::technology_name:
        case EvidenceKey::name:
        case EvidenceKey::routine_place:
            return 1;
        case EvidenceKey::name_opening:
        case EvidenceKey::opening:
        case EvidenceKey::header_opening:
            return 2;
    }
    return 2;
}

/// The logarithm of the odds that a key's type is right, by how many declarations agree: 3 is 95 of 100. Measured.
double weight_of(const TypeEvidence::Vote& vote) {
    struct Weights {
        double one, two, three, ten;
    };
    static constexpr Weights weights[evidence_keys] = {
        {2.0, 4.5, 5.0, 5.5},  // header_name_sentence
        {1.8, 4.0, 4.5, 5.0},  // name_sentence
        {1.5, 3.3, 4.2, 4.7},  // header_name
        {1.2, 2.2, 3.0, 4.0},  // technology_name
        {1.3, 2.2, 2.8, 4.0},  // name_opening
        {1.0, 1.6, 2.2, 3.7},  // name
        {1.2, 2.5, 3.3, 4.0},  // opening
        {1.2, 2.2, 3.0, 3.5},  // header_opening
        {0.5, 1.0, 2.0, 3.0},  // routine_place
    };
    const auto& w = weights[static_cast<std::size_t>(vote.key)];
    double weight = vote.groups >= 10 ? w.ten : vote.groups >= 3 ? w.three : vote.groups == 2 ? w.two : w.one;
    double share = static_cast<double>(vote.groups) / static_cast<double>(vote.groups + vote.against);
    return weight * share * share;
}

/// What the words on a result speak of: a type's name, a status, a truth value … In place of a name, for results have none.
std::string subject_of_result(const RoutineText& routine, const facts::TypeNames& names, bool general) {
    if (routine.returns == nullptr) {
        // No section at all: nothing is returned, unless the description speaks of it. Its verb tells.
        std::string verb;
        for (const auto& word : facts::split_words(routine.description)) {
            if (word.lower == "returns" || word.lower == "retrieves" || word.lower == "gets") return "-" + word.lower;
            bool plain = std::all_of(word.text.begin(), word.text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
            if (verb.empty() && plain && word.text.size() > 3 && word.text.back() == 's') verb = word.text;
        }
        return general ? "-" : "-" + verb;
    }
    if (routine.returns->is_void) return "-void";
    std::string status, truth, shape;
    for (const auto& block : routine.returns->text) {
        if (block.kind == text::BlockKind::html_comment || block.text.empty()) continue;
        if (status.empty() && truth.empty() && shape.empty()) {
            for (const auto& word : facts::split_words(std::string_view(block.text).substr(0, 400))) {
                if (word.text.size() > 2) {
                    const auto* type = names.find(word.text);
                    bool capitals = std::none_of(word.text.begin(), word.text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
                    bool constant = word.text == "NULL" || word.text == "TRUE" || word.text == "FALSE";
                    if (type != nullptr && capitals && !constant && (type->kind != facts::TypeName::Kind::word || type->uses > 1))
                        return shape + type->name + (type->pointers > 0 ? "*" : "");
                }
                if (word.text.find("STATUS_") != std::string::npos) status = word.text.substr(0, word.text.find("STATUS_") + 7);
                if (word.text == "S_OK" || word.text.starts_with("E_")) status = "S_OK";
                if (word.lower == "true" || word.lower == "false" || word.lower == "nonzero" || word.lower == "boolean") truth = "truth";
                if ((word.lower == "pointer" || word.lower == "handle" || word.lower == "address") && shape.empty())
                    shape = word.lower + " ";
            }
        } else if (block.text.starts_with("STATUS_") && status.empty()) {
            status = "STATUS_";
        }
    }
    return "?" + (status.empty() ? truth + shape : status);
}

/// "This function returns NTSTATUS.", "returns a ULONG that …", "The return type is BOOLEAN": the type's name stands where it must.
std::string stated_result(const RoutineText& routine, const facts::TypeNames& names) {
    if (routine.returns == nullptr || routine.returns->is_void) return {};
    for (const auto& block : routine.returns->text) {
        if (block.kind == text::BlockKind::html_comment || block.text.empty()) continue;
        auto words = facts::split_words(std::string_view(block.text).substr(0, 200));
        for (std::size_t i = 0; i + 1 < words.size() && i < 8; ++i) {
            if (words[i].lower != "returns" && words[i].lower != "return") continue;
            std::size_t at = i + 1;
            std::vector<text::Block> rest(1);
            rest[0].text = block.text.substr(words[at].begin);
            if (auto phrase = facts::read_type_phrase(rest, names); phrase && phrase->sure) return phrase->type();
            if (words[at].lower == "a" || words[at].lower == "an" || words[at].lower == "the") ++at;
            if (at >= words.size()) return {};
            const auto* type = names.find(words[at].text);
            bool plain =
                type != nullptr && type->pointers == 0 &&
                (type->kind == facts::TypeName::Kind::enumeration || (type->kind == facts::TypeName::Kind::word && type->uses > 2));
            bool capitals = std::none_of(words[at].text.begin(), words[at].text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
            bool constant = words[at].text == "NULL" || words[at].text == "TRUE" || words[at].text == "FALSE";
            if (!plain || constant || !capitals) return {};
            std::string_view next = at + 1 < words.size() ? std::string_view(words[at + 1].lower) : std::string_view();
            bool ends = next.empty() || next == "." || next == "," || next == "that" || next == "which" || next == "value" || next == "-" ||
                        next == "with" || next == "indicating" || next == "if" || next == "status" || next == "code" || next == "error" ||
                        next == "values" || next == "type";
            return ends ? type->name : std::string();
        }
        return {};
    }
    return {};
}

const char* key_name(EvidenceKey key) {
    static constexpr const char* names[] = {"header_name_sentence", "name_sentence", "header_name", "technology_name",
                                            "name_opening",         "name",          "opening",     "header_opening",
                                            "routine_place"};
    return names[static_cast<std::size_t>(key)];
}

std::string in_doubt(const InferredType& type) { return type.type.empty() ? "" : ", perhaps " + type.type; }

}  // namespace

Described Inference::describe(const RoutineText& routine, std::size_t index) const {
    const auto& parameter = routine.parameters[index];
    Described d;
    d.header = routine.header;
    d.technology = routine.technology;
    d.name = parameter.name;
    d.routine = method_of(routine.name);
    d.wide = routine.name.ends_with("Wide");
    d.place = index + 1;
    d.of = routine.parameters.size();
    d.direction = parameter.direction;
    d.text = parameter.text;
    return d;
}

Described Inference::describe_result(const RoutineText& routine, bool general) const {
    Described d;
    d.header = routine.header;
    d.technology = routine.technology;
    d.routine = method_of(routine.name);
    d.of = routine.parameters.size();
    d.result = true;
    d.text = routine.returns != nullptr ? &routine.returns->text : nullptr;
    d.name = subject_of_result(routine, names_, general);
    return d;
}

void Inference::learn(const RoutineText& routine, const std::vector<const facts::DeclaredParameter*>& declared, std::string_view result) {
    const std::string group = group_of(routine.name);
    for (std::size_t i = 0; i < routine.parameters.size(); ++i) {
        if (declared[i] != nullptr && !declared[i]->type.empty())
            evidence_.learn(describe(routine, i), declared[i]->type, declared[i]->array, group);
    }
    if (result.empty()) return;
    evidence_.learn(describe_result(routine, false), result, "", group);
    if (routine.returns == nullptr) evidence_.learn(describe_result(routine, true), result, "", group);
}

InferredType Inference::parameter(const RoutineText& routine, std::size_t index) const {
    const auto& parameter = routine.parameters[index];
    std::vector<TypeScore> scores;
    auto score_of = [&](const std::string& type) -> TypeScore& {
        for (auto& score : scores) {
            if (same(score.type, type)) return score;
        }
        scores.push_back({type, {}, 0, 0, ""});
        return scores.back();
    };
    for (const auto& vote : evidence_.votes(describe(routine, index), group_of(routine.name))) {
        auto& score = score_of(vote.type);
        double weight = weight_of(vote);
        auto& best = score.groups[key_group(vote.key)];
        if (weight > best) best = weight;
        score.declarations = std::max(score.declarations, vote.groups);
        if (score.how.empty()) score.how = key_name(vote.key);
    }
    if (parameter.text != nullptr) {
        if (auto phrase = facts::read_type_phrase(*parameter.text, names_)) {
            auto& score = score_of(phrase->type());
            score.own += phrase->sure ? 4.2 : 1.0;
            score.how = "phrase " + phrase->pattern;
        }
    }
    if (std::string passed = calls_.argument(routine.name, index, routine.parameters.size()); !passed.empty()) {
        auto& score = score_of(passed);
        // Numbers are converted in calls; addresses and handles are not.
        const auto* named = names_.find(passed);
        const bool handle = named != nullptr && named->kind == facts::TypeName::Kind::word && named->uses < 150;
        score.own += passed.back() == '*' || handle ? 2.7 : 1.4;
        if (score.how.empty()) score.how = "call";
    }
    if (scores.empty()) return {"", "nothing says it", 0};
    std::stable_sort(scores.begin(), scores.end(), [](const TypeScore& a, const TypeScore& b) { return a.total() > b.total(); });
    double margin = scores[0].total() - (scores.size() > 1 ? scores[1].total() : 0.0);
    return {scores[0].type, scores[0].how, margin, scores[0].own > 0};
}

InferredType Inference::result(const RoutineText& routine) const {
    Described described = describe_result(routine, false);
    auto votes = evidence_.votes(described, group_of(routine.name));
    if (routine.returns == nullptr && described.name != "-") {
        auto more = evidence_.votes(describe_result(routine, true), group_of(routine.name));
        votes.insert(votes.end(), more.begin(), more.end());
    }
    std::string subject = described.name.starts_with('-') ? " " + described.name.substr(0, 8) : described.name.starts_with('?') ? " ?" : "";
    std::vector<TypeScore> scores;
    for (const auto& vote : votes) {
        auto score = std::find_if(scores.begin(), scores.end(), [&](const TypeScore& s) { return same(s.type, vote.type); });
        if (score == scores.end()) score = scores.insert(scores.end(), {vote.type, {}, 0, 0, ""});
        auto& best = score->groups[key_group(vote.key)];
        best = std::max(best, weight_of(vote));
        score->declarations = std::max(score->declarations, vote.groups);
        if (score->how.empty()) score->how = key_name(vote.key) + subject;
    }
    if (std::string stated = stated_result(routine, names_); !stated.empty()) {
        auto score = std::find_if(scores.begin(), scores.end(), [&](const TypeScore& s) { return same(s.type, stated); });
        if (score == scores.end()) score = scores.insert(scores.end(), {stated, {}, 0, 0, ""});
        score->own = 3.0;
        score->how = "stated";
    }
    if (scores.empty()) return {"", "nothing says it" + subject, 0, false};
    std::stable_sort(scores.begin(), scores.end(), [](const TypeScore& a, const TypeScore& b) { return a.total() > b.total(); });
    double margin = scores[0].total() - (scores.size() > 1 ? scores[1].total() : 0.0);
    return {scores[0].type, scores[0].how, margin, !described.name.starts_with('?')};
}

Inference::Prototype Inference::infer(const RoutineText& routine) const {
    Prototype prototype;
    if (routine.is_macro) {
        prototype.reason = "a macro: the page names no types";
        return prototype;
    }
    const bool says_result = routine.returns != nullptr && (routine.returns->is_void || !routine.returns->text.empty());
    if (routine.parameters.empty() && !says_result) {
        prototype.reason = "the page describes neither parameters nor a result";
        return prototype;
    }
    facts::Declaration d;
    d.form = routine.kind == page::PageKind::callback ? facts::DeclarationForm::callback : facts::DeclarationForm::function;
    d.name = routine.name.substr(routine.name.rfind('.') == std::string_view::npos ? 0 : routine.name.rfind('.') + 1);
    auto returned = result(routine);
    if (!returned.is_sure()) {
        prototype.reason = "the page names no type for the result" + in_doubt(returned);
        return prototype;
    }
    d.return_type = returned.type;
    for (std::size_t i = 0; i < routine.parameters.size(); ++i) {
        auto type = parameter(routine, i);
        if (!type.is_sure()) {
            prototype.reason = "the page names no type for parameter " + std::string(routine.parameters[i].name) + in_doubt(type);
            return prototype;
        }
        facts::DeclaredParameter p;
        p.name = routine.parameters[i].name;
        p.type = type.type;
        p.direction = routine.parameters[i].direction;
        d.parameters.push_back(std::move(p));
    }
    prototype.declaration = std::move(d);
    return prototype;
}

}  // namespace ddi::model
