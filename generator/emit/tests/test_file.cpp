#include "generator/emit/tests/test_file.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "generator/emit/tests/cast.h"
#include "generator/text/escape.h"
#include "generator/text/writer.h"

namespace ddi::emit::tests {

namespace {

std::string citation(const Rule& rule) {
    const auto& cite = rule.clause.cite;
    std::string place =
        cite.source ? fmt::format("{}:{}", cite.source->path(), cite.source->position(cite.span.begin).line) : std::string("no page");
    std::string words = text::escape_c_comment(cite.verbatim);
    // A quotation of several lines (a table cell, a code block) stays inside the comment.
    std::string folded;
    for (char c : words) {
        bool blank = c == '\n' || c == '\t' || c == ' ';
        if (!blank)
            folded += c;
        else if (!folded.empty() && folded.back() != ' ')
            folded += ' ';
    }
    return fmt::format("// \"{}\" {}", text::escape_c_comment(folded), text::escape_c_comment(place));
}

/// How often the text names a macro of the checked build does not matter here: only plain identifiers are used.
std::string joined(const std::vector<std::string>& parts, const char* between) { return fmt::format("{}", fmt::join(parts, between)); }

}  // namespace

std::string callback_name(const Api& callback) { return "callback_" + callback.name; }
std::string checked_callback_name(const Api& callback) { return "call_checked_" + callback.name; }

void TestFile::note(const Api& api) {
    headers_.insert(api.header.value);
    pages_.insert(api.page);
}

void TestFile::define(const std::string& name, const std::string& text) {
    if (!defined_.insert(name).second) return;
    (checked_ ? checked_definitions_ : definitions_).push_back(text);
}

bool TestFile::use(const Step& step) {
    if (defined_.contains(call_name(step))) return true;
    auto text = function_text(step, *knowledge_);
    if (!text) return false;
    for (const auto& other : others_of(step, *knowledge_)) {
        if (!use(other)) return false;
    }
    note(*step.api);
    define(call_name(step), *text);
    return true;
}

bool TestFile::use(const Way& way) {
    if (defined_.contains(way_name(way))) return true;
    if (way.initialize && !use(*way.initialize)) return false;
    for (const auto& step : way.before) {
        if (!use(step)) return false;
    }
    for (const auto& step : way.arrange) {
        if (!use(step)) return false;
    }
    for (const auto& hold : way.hold) {
        if (!use(hold)) return false;
    }
    if (way.end && !use(*way.end)) return false;
    if (!use(way.acquire)) return false;
    if (way.release && !use(*way.release)) return false;
    if (way.destroy && !use(*way.destroy)) return false;
    define(way_name(way), way_text(way));
    return true;
}

bool TestFile::use_callback(const Api& callback) {
    if (defined_.contains(callback_name(callback))) return true;
    if (!wrappers::is_wrappable(callback)) return false;
    std::vector<std::string> parameters, pairs, names, hosts;
    for (const auto& p : callback.signature->parameters) {
        auto type = knowledge_->types().of(p.type);
        if (type.depth == 0 || !p.array.empty()) return false;
        parameters.push_back(fmt::format("{} {}", p.type, p.name));
        pairs.push_back(fmt::format("{{\"{}\", {}}}", text::escape_c_string(p.type), p.name));
        names.push_back(p.name);
        hosts.push_back(fmt::format("objects.host<{}>(\"{}\", \"{}\", \"{}\")", p.type, text::escape_c_string(callback.header.value),
                                    text::escape_c_string(p.type), text::escape_c_string(p.name)));
    }
    auto result = knowledge_->types().of(callback.signature->return_type);
    bool is_void = result.depth == 0 && result.base == "void";
    const std::string& return_type = callback.signature->return_type;
    std::string entered = fmt::format("callback_entered({{{}}})", joined(pairs, ", "));
    std::string body = is_void ? entered + ";" : fmt::format("return static_cast<{}>({});", return_type, entered);
    std::string text = fmt::format("{} entered_{}({}) {{ {} }}\n", return_type, callback.name, joined(parameters, ", "), body);
    std::string hosted = "entered_" + callback.name;
    if (knowledge_->is_wrapped(callback)) {
        // A checked host calls the driver through the checking wrapper of the callback's type.
        std::string arguments = names.empty() ? std::string() : ", " + joined(names, ", ");
        text += fmt::format(
            "#ifdef DDI_WRAPPED\n{0} hosted_{1}({2}) {{ {3}ddi_checked_callback_{1}(entered_{1}{4}); }}\n#else\n{0} hosted_{1}({2}) {{ "
            "{3}entered_{1}({5}); }}\n#endif\n",
            return_type, callback.name, joined(parameters, ", "), is_void ? "" : "return ", arguments, joined(names, ", "));
        hosted = "hosted_" + callback.name;
    }
    std::string success = "0";
    text += fmt::format("const Callback {}{{\"{}\", reinterpret_cast<void (*)()>({}), {}}};", callback_name(callback),
                        text::escape_c_string(callback.name), hosted, success);
    if (knowledge_->is_wrapped(callback)) {
        auto levels = knowledge_->levels({&callback, {}});
        std::string call = fmt::format("{}({})", hosted, joined(hosts, ", "));
        if (!is_void) call = fmt::format("hand.keep({})", call);
        text += fmt::format(
            "\n[[maybe_unused]] const Function {}{{\n    \"{}\",\n    []([[maybe_unused]] Objects& objects, [[maybe_unused]] Hand& hand) "
            "{{ {}; }}{}}};",
            checked_callback_name(callback), text::escape_c_string(callback.name), call,
            levels ? ",\n    " + levels_text(*levels) : std::string());
    }
    note(callback);
    define(callback_name(callback), text);
    return true;
}

std::string TestFile::test(const Api& api, const Rule& rule, const std::vector<std::string>& body) {
    note(api);
    std::string name = text::to_identifier(rule.id);
    if (checked_) name += "_violated";
    text::Writer out;
    out.raw_line(citation(rule));
    {
        auto scope = out.block(fmt::format("TEST_F({}, {}) {{", name_, name));
        out.line("RecordProperty(\"rule\", \"{}\");", text::escape_c_string(rule.id));
        for (const auto& line : body) out.raw_line(line);
    }
    (checked_ ? violation_ : behaviour_).push_back(out.take());
    return name_ + "." + name;
}

void TestFile::call_test(const Api& api, const std::string& line) {
    note(api);
    text::Writer out;
    out.raw_line("// No clause of this page shows itself in calls.");
    {
        auto scope = out.block(fmt::format("TEST_F({}, {}_can_be_called) {{", name_, text::to_identifier(api.name)));
        out.raw_line(line);
    }
    behaviour_.push_back(out.take());
}

std::string TestFile::text() const {
    text::Writer out;
    std::string pages;
    for (const auto& page : pages_) pages += "\n//   " + text::escape_c_comment(page);
    out.raw_line("// Generated by ddigen. Do not edit: change the page or the generator, and generate again.\n// From these pages:" +
                 pages);
    if (!knowledge_->model().attribution.empty()) out.raw_line("// " + text::escape_c_comment(knowledge_->model().attribution));
    for (const auto& header : headers_) out.line("#include <{}>", text::to_file_name(header));
    out.raw_line("\n#include \"conformance/suite/fixture.h\"\n\nnamespace {\n\nusing namespace ddi::suite;\n");
    out.line("class {} : public ConformanceTest {{}};\n", name_);
    for (const auto& definition : definitions_) out.raw_line(definition);
    for (const auto& test : behaviour_) {
        out.line();
        out.raw(test);
    }
    if (!violation_.empty()) {
        out.raw_line("\n#ifdef DDI_WRAPPED");
        if (!checked_definitions_.empty()) out.line();
        for (const auto& definition : checked_definitions_) out.raw_line(definition);
        for (const auto& test : violation_) {
            out.line();
            out.raw(test);
        }
        out.raw_line("\n#endif  // DDI_WRAPPED");
    }
    out.raw_line("\n}  // namespace");
    return out.take();
}

}  // namespace ddi::emit::tests
