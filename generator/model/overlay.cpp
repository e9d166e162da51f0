#include "generator/model/overlay.h"

#include <charconv>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>

#include "generator/model/overlay_types.h"
#include "generator/page/data_file.h"

namespace ddi::model {

namespace {

using facts::ClauseContent;
using page::DataNode;
namespace clause = facts::clause;

/// Reads one entry's words into a clause's payload; empty if a word is missing or unknown.
using ClauseReader = std::function<std::optional<ClauseContent>(const DataNode&)>;

facts::Object object_of(const DataNode& entry) { return {entry.text("object"), entry.text("parameter")}; }

std::optional<facts::Mode> mode_of(const DataNode& entry) {
    std::string mode = entry.text("mode");
    if (mode.empty() || mode == "exclusive") return facts::Mode::exclusive;
    if (mode == "shared") return facts::Mode::shared;
    return std::nullopt;
}

std::optional<clause::Apcs> apcs_of(const DataNode& entry) {
    if (entry.text("apcs") == "normal") return clause::Apcs::normal;
    if (entry.text("apcs") == "all") return clause::Apcs::all;
    return std::nullopt;
}

std::optional<facts::Place> place_in(const DataNode& entry) {
    const std::map<std::string, facts::Place::Kind> kinds = {{"parameter", facts::Place::Kind::parameter},
                                                             {"pointee", facts::Place::Kind::pointee},
                                                             {"result", facts::Place::Kind::result},
                                                             {"object", facts::Place::Kind::object}};
    auto kind = kinds.find(entry.text("place"));
    if (kind == kinds.end()) return std::nullopt;
    return facts::Place{kind->second, entry.text("parameter")};
}

template <class Content>
std::optional<ClauseContent> only_object(const DataNode& entry) {
    if (entry.text("object").empty()) return std::nullopt;
    return Content{object_of(entry)};
}

template <class Content>
std::optional<ClauseContent> object_and_functions(const DataNode& entry) {
    if (entry.text("object").empty()) return std::nullopt;
    return Content{object_of(entry), entry.texts("functions")};
}

template <class Content>
std::optional<ClauseContent> only_parameter(const DataNode& entry) {
    if (entry.text("parameter").empty()) return std::nullopt;
    return Content{entry.text("parameter")};
}

template <class Content>
std::optional<ClauseContent> nothing(const DataNode&) {
    return Content{};
}

/// The words of an overlay's clause, by kind. The names of the kinds are those of the rule ids.
const std::map<std::string, ClauseReader>& clause_readers() {
    static const std::map<std::string, ClauseReader> readers = {
        {"irql-entry",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             auto irql = facts::parse_irql(entry.text("irql"));
             if (irql.status != facts::IrqlStatus::understood) return std::nullopt;
             return clause::IrqlEntry{irql.levels()};
         }},
        {"irql-raise",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             auto level = facts::level_from_name(entry.text("to"));
             if (!level && entry.text("parameter").empty()) return std::nullopt;
             return clause::IrqlRaise{level.value_or(facts::Level::passive), entry.text("parameter")};
         }},
        {"irql-save",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             auto place = place_in(entry);
             if (!place) return std::nullopt;
             return clause::IrqlSave{*place};
         }},
        {"irql-restore",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             auto place = place_in(entry);
             if (!place) return std::nullopt;
             return clause::IrqlRestore{*place};
         }},
        {"irql-unchanged", nothing<clause::IrqlUnchanged>},
        {"initialize", only_object<clause::Initialize>},
        {"destroy", only_object<clause::Destroy>},
        {"requires-initialized", object_and_functions<clause::RequiresInitialized>},
        {"acquire",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             auto mode = mode_of(entry);
             if (!mode || entry.text("object").empty()) return std::nullopt;
             return clause::Acquire{object_of(entry), *mode, entry.text("attempt") == "true"};
         }},
        {"release",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             auto mode = mode_of(entry);
             if (!mode || entry.text("object").empty()) return std::nullopt;
             return clause::Release{object_of(entry), *mode};
         }},
        {"release-with", object_and_functions<clause::ReleaseWith>},
        {"releases", object_and_functions<clause::Releases>},
        {"releases-not", object_and_functions<clause::ReleasesNot>},
        {"owner", only_object<clause::Owner>},
        {"recursion",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("rule") == "counted") return clause::Recursion{object_of(entry), clause::RecursionRule::counted};
             if (entry.text("rule") == "deadlock") return clause::Recursion{object_of(entry), clause::RecursionRule::deadlock};
             return std::nullopt;
         }},
        {"waits",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             return clause::Waits{object_of(entry), entry.text("waits") != "false"};
         }},
        {"apc-disable",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             auto apcs = apcs_of(entry);
             if (!apcs) return std::nullopt;
             return clause::ApcDisable{*apcs};
         }},
        {"apc-enable",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             auto apcs = apcs_of(entry);
             if (!apcs) return std::nullopt;
             return clause::ApcEnable{*apcs};
         }},
        {"returns",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("value").empty()) return std::nullopt;
             return clause::Returns{entry.text("value")};
         }},
        {"held-on-entry", only_object<clause::HeldOnEntry>},
        {"resident", only_parameter<clause::Resident>},
        {"optional", only_parameter<clause::Optional>},
        {"argument-value",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("parameter").empty() || entry.text("op").empty() || entry.texts("values").empty()) return std::nullopt;
             return clause::ArgumentValue{entry.text("parameter"), entry.text("op"), entry.texts("values")};
         }},
        {"argument-same",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("parameter").empty() || entry.texts("functions").empty()) return std::nullopt;
             return clause::ArgumentSame{entry.text("parameter"), entry.texts("functions"), entry.text("given") == "true"};
         }},
        {"preceded-by", object_and_functions<clause::PrecededBy>},
        {"afterwards-only", object_and_functions<clause::AfterwardsOnly>},
        {"followed-by",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.texts("functions").empty()) return std::nullopt;
             return clause::FollowedBy{object_of(entry), entry.texts("functions"), entry.text("immediately") == "true"};
         }},
        {"sets-state",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("object").empty() || entry.text("state").empty()) return std::nullopt;
             return clause::SetsState{object_of(entry), entry.text("state")};
         }},
        {"requires-held",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("object").empty()) return std::nullopt;
             std::optional<facts::Mode> mode;
             if (!entry.text("mode").empty() && !(mode = mode_of(entry))) return std::nullopt;
             return clause::RequiresHeld{object_of(entry), mode, entry.texts("functions")};
         }},
        {"not-held-on-entry", only_object<clause::NotHeldOnEntry>},
        {"same-processor", only_object<clause::SameProcessor>},
        {"same-irql", only_object<clause::SameIrql>},
        {"returns-value",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("quantity").empty()) return std::nullopt;
             return clause::ReturnsValue{entry.text("quantity"), object_of(entry)};
         }},
        {"stores",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("parameter").empty() || entry.text("quantity").empty()) return std::nullopt;
             return clause::Stores{entry.text("parameter"), entry.text("quantity")};
         }},
        {"operation",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("verb").empty()) return std::nullopt;
             return clause::Operation{entry.text("verb"), entry.text("parameter")};
         }},
        {"raises-status",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("status").empty()) return std::nullopt;
             return clause::RaisesStatus{entry.text("status")};
         }},
        {"bug-check", [](const DataNode& entry) -> std::optional<ClauseContent> { return clause::BugCheck{entry.text("code")}; }},
        {"same-object",
         [](const DataNode& entry) -> std::optional<ClauseContent> {
             if (entry.text("parent").empty()) return std::nullopt;
             return clause::SameObject{object_of(entry), entry.text("parent")};
         }},
    };
    return readers;
}

/// "result == STATUS_SUCCESS", "parameter Wait == FALSE", "pointee Timeout == 0", "irql < DISPATCH_LEVEL", "state object == free".
std::optional<facts::Comparison> comparison_of(const std::string& words) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < words.size();) {
        std::size_t end = words.find(' ', at);
        if (end == std::string::npos) end = words.size();
        if (end > at) parts.push_back(words.substr(at, end - at));
        at = end + 1;
    }
    const std::map<std::string, facts::Comparison::Subject> subjects = {{"parameter", facts::Comparison::Subject::parameter},
                                                                        {"pointee", facts::Comparison::Subject::pointee},
                                                                        {"result", facts::Comparison::Subject::result},
                                                                        {"irql", facts::Comparison::Subject::irql},
                                                                        {"state", facts::Comparison::Subject::state}};
    if (parts.empty() || !subjects.contains(parts[0])) return std::nullopt;
    auto subject = subjects.at(parts[0]);
    bool unnamed = subject == facts::Comparison::Subject::result || subject == facts::Comparison::Subject::irql;
    if (parts.size() != (unnamed ? 3U : 4U)) return std::nullopt;
    return facts::Comparison{subject, unnamed ? std::string() : parts[1], parts[parts.size() - 2], parts.back()};
}

class Reader {
  public:
    Reader(const text::SourcePtr& file, Overlay& overlay, text::Diagnostics& diagnostics)
        : file_(file), overlay_(overlay), diagnostics_(diagnostics) {}

    void read() {
        DataNode root = page::read_data_file(file_, diagnostics_);
        for (const auto& [key, list] : root.entries) {
            for (const auto& entry : list.items) {
                if (key == "untested") {
                    read_untested(entry);
                } else if (entry.text("source").empty()) {
                    report(entry, "an overlay entry must name its source");
                } else if (key == "declarations") {
                    overlay_.declarations.push_back({entry.text("uid"), entry.text("declaration"), cite(entry, entry.text("declaration")),
                                                     entry.text("replaces") == "true"});
                } else if (key == "types") {
                    read_type(entry);
                } else if (key == "packing") {
                    read_packing(entry);
                } else if (key == "clauses") {
                    read_clause(entry);
                } else if (key == "macros") {
                    read_macro(entry);
                } else if (key == "definitions") {
                    read_definition(entry);
                } else if (key == "constants") {
                    read_constant(entry);
                } else {
                    report(list, "\"" + key +
                                     "\" is not a list that overlays have (declarations, types, packing, clauses, macros, definitions, "
                                     "constants, untested)");
                    break;
                }
            }
        }
    }

  private:
    void report(const DataNode& node, const std::string& message) {
        diagnostics_.push_back({"overlay-not-understood", text::Severity::error, file_, node.span, message, {}});
    }

    facts::Cite cite(const DataNode& entry, const std::string& verbatim) const {
        return {facts::Origin::overlay, file_, entry.span, verbatim, entry.text("source")};
    }

    std::size_t number(const DataNode& entry, const std::string& key) {
        std::string text = entry.text(key);
        std::size_t value = 0;
        auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (!text.empty() && (error != std::errc() || end != text.data() + text.size())) report(entry, key + " is not a number: " + text);
        return value;
    }

    void read_untested(const DataNode& entry) {
        const std::string test = entry.text("test");
        if (entry.text("rule").empty() || entry.text("reason").empty() || (test != "behaviour" && test != "violation"))
            return report(entry, "an untested rule needs its id, the test that is missing (behaviour or violation) and a reason");
        overlay_.untested.push_back({entry.text("rule"), test == "violation", entry.text("reason")});
    }

    void read_macro(const DataNode& entry) {
        if (entry.text("name").empty() || entry.text("function").empty()) return report(entry, "a macro needs its name and its function's");
        overlay_.macros.push_back({entry.text("name"), entry.text("function"), cite(entry, entry.text("name"))});
    }

    void read_constant(const DataNode& entry) {
        Constant constant{entry.text("name"), entry.text("value"), entry.text("header"), cite(entry, entry.text("name"))};
        if (constant.name.empty() || constant.value.empty() || constant.header.empty())
            return report(entry, "a constant needs a name, a value and a header");
        overlay_.constants.push_back(std::move(constant));
    }

    void read_definition(const DataNode& entry) {
        MacroDefinition definition{entry.text("name"), entry.text("parameters"), {}, entry.text("header"), cite(entry, entry.text("name"))};
        std::istringstream lines(entry.text("body"));
        for (std::string line; std::getline(lines, line);) definition.body.push_back(std::move(line));
        if (definition.name.empty() || definition.header.empty() || definition.body.empty())
            return report(entry, "the definition of a macro needs a name, a header and a body");
        overlay_.definitions.push_back(std::move(definition));
    }

    /// A block of C: everything that one header declares, under one source.
    void read_type_text(const DataNode& entry) {
        if (entry.text("header").empty()) return report(entry, "declared types need a header");
        auto result = overlay_types(entry.text("text"), entry.text("header"), cite(entry, {}));
        for (const auto& error : result.errors) report(entry, error);
        std::move(result.types.begin(), result.types.end(), std::back_inserter(overlay_.types));
    }

    void read_packing(const DataNode& entry) {
        Packing packing{entry.text("header"), entry.texts("types"), number(entry, "bytes"), cite(entry, entry.text("header"))};
        bool power = packing.bytes == 1 || packing.bytes == 2 || packing.bytes == 4 || packing.bytes == 8;
        if (packing.header.empty() || !power) return report(entry, "packing needs a header, and bytes: 1, 2, 4 or 8");
        overlay_.packing.push_back(std::move(packing));
    }

    void read_type(const DataNode& entry) {
        if (!entry.text("text").empty()) return read_type_text(entry);
        Type type;
        type.name = entry.text("name");
        type.tag = entry.text("tag");
        type.definition = entry.text("definition");
        type.pointers = entry.texts("pointers");
        type.size = number(entry, "size");
        type.alignment = number(entry, "alignment");
        type.header = entry.text("header");
        type.cite = cite(entry, type.name);
        if (type.name.empty() || type.header.empty()) return report(entry, "a type needs a name and a header");
        overlay_.types.push_back(std::move(type));
    }

    void read_clause(const DataNode& entry) {
        auto reader = clause_readers().find(entry.text("kind"));
        if (reader == clause_readers().end()) return report(entry, "\"" + entry.text("kind") + "\" is not a kind of clause");
        auto content = reader->second(entry);
        if (!content) return report(entry, "the words of this " + entry.text("kind") + " clause are incomplete");
        facts::Clause result;
        result.content = std::move(*content);
        for (const auto& words : entry.texts("when")) {
            auto comparison = comparison_of(words);
            if (!comparison) return report(entry, "\"" + words + "\" is not a comparison");
            result.when.all.push_back(std::move(*comparison));
            result.when.text += (result.when.text.empty() ? "" : " and ") + words;
        }
        result.consequence = entry.text("consequence");
        result.cite = cite(entry, entry.text("text"));
        if (result.cite.verbatim.empty()) return report(entry, "a clause needs its text");
        overlay_.clauses.push_back({entry.text("uid"), std::move(result)});
    }

    const text::SourcePtr& file_;
    Overlay& overlay_;
    text::Diagnostics& diagnostics_;
};

}  // namespace

void read_overlay(const text::SourcePtr& file, Overlay& overlay, text::Diagnostics& diagnostics) {
    Reader(file, overlay, diagnostics).read();
}

}  // namespace ddi::model
