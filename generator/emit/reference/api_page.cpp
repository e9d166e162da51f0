#include <fmt/format.h>

#include <algorithm>

#include "generator/emit/reference/site.h"
#include "generator/text/escape.h"

namespace ddi::emit::reference {

namespace {

using text::escape_html;

std::string origin_words(const facts::Cite& cite) {
    std::string words = facts::origin_name(cite.origin);
    if (cite.source && cite.origin != facts::Origin::inferred) {
        words += fmt::format(", {} line {}", cite.source->path(), cite.source->position(cite.span.begin).line);
    }
    if (!cite.note.empty()) words += ", " + cite.note;
    return escape_html(words);
}

class ApiPage {
  public:
    ApiPage(const Site& site, std::size_t index) : site_(site), api_(site.model().apis[index]), link_(site.links_of(api_)) {}

    std::string html() {
        out_ +=
            fmt::format("<h1>{} <small>{}{}</small></h1>\n", escape_html(api_.name), api_.is_macro ? "macro" : page::kind_name(api_.kind),
                        api_.header.value.empty() ? "" : " (" + escape_html(api_.header.value) + ")");
        sections({"-description"});
        declaration();
        facts_table();
        parameters();
        returns();
        members();
        sections({"-remarks"});
        rules();
        other_sections();
        sections({"-see-also"});
        std::string crumbs = fmt::format("<a href=\"../index.html\">Reference</a> / <a href=\"index.html\">{}</a> / {}",
                                         escape_html(api_.header.value.empty() ? "no header" : api_.header.value), escape_html(api_.name));
        return page_html(site_, fmt::format("{} ({})", api_.name, api_.header.value), crumbs, out_, 1);
    }

  private:
    void heading(const char* text) { out_ += fmt::format("<h2>{}</h2>\n", text); }

    static const char* section_title(const std::string& name) {
        if (name == "-remarks") return "Remarks";
        if (name == "-see-also") return "See also";
        return nullptr;
    }

    void sections(const std::vector<std::string>& names) {
        bool inside = false;
        for (const auto& section : api_.sections) {
            bool wanted = std::find(names.begin(), names.end(), section.heading) != names.end();
            // Free headings below a section (level 3 and deeper) belong to it.
            bool child = inside && section.level > 2 && !section.heading.starts_with("-");
            if (wanted && !section.blocks.empty()) {
                if (const char* title = section_title(section.heading)) heading(title);
            } else if (child) {
                out_ += fmt::format("<h3>{}</h3>\n", escape_html(section.heading));
            }
            if (wanted || child) out_ += blocks_html(section.blocks, link_);
            inside = wanted || child;
        }
    }

    /// Sections that a page has of its own ("## Example"), outside the documentation's fixed ones.
    void other_sections() {
        bool inside = false;
        for (const auto& section : api_.sections) {
            if (section.level == 2) {
                inside = !section.heading.starts_with("-");
                if (inside) out_ += fmt::format("<h2>{}</h2>\n", escape_html(section.heading));
            } else if (inside && section.level > 2) {
                out_ += fmt::format("<h3>{}</h3>\n", escape_html(section.heading));
            }
            if (inside) out_ += blocks_html(section.blocks, link_);
        }
    }

    void declaration() {
        if (api_.signature) {
            const auto& signature = *api_.signature;
            std::string text = signature.return_type.empty() ? api_.name + "(" : signature.return_type + " " + api_.name + "(";
            for (std::size_t i = 0; i < signature.parameters.size(); ++i) {
                const auto& parameter = signature.parameters[i];
                text += fmt::format("{}\n    {}{}{}{}", i == 0 ? "" : ",", parameter.type,
                                    parameter.type.empty() || parameter.type.ends_with('*') ? "" : " ", parameter.name, parameter.array);
            }
            if (signature.variadic) text += signature.parameters.empty() ? "..." : ",\n    ...";
            text += signature.parameters.empty() && !signature.variadic ? (signature.return_type.empty() ? ")" : "void);") : "\n);";
            out_ += "<pre><code>" + escape_html(text) + "</code></pre>\n";
            out_ += fmt::format("<p class=\"origin\">Declaration: {}{}</p>\n", origin_words(signature.cite),
                                signature.stale ? " (stale: today's page differs)" : "");
        } else if (api_.declaration) {
            out_ += "<pre><code>" + escape_html(facts::print_declaration(api_.declaration->value)) + "</code></pre>\n";
            out_ += fmt::format("<p class=\"origin\">Declaration: {}</p>\n", origin_words(api_.declaration->cite));
        } else if (api_.is_routine()) {
            out_ += "<p class=\"origin\">No declaration is known.</p>\n";
        }
    }

    void row(const char* name, const std::string& value, const std::string& origin = {}) {
        if (value.empty()) return;
        out_ += fmt::format("<tr><th scope=\"row\">{}</th><td>{}{}</td></tr>\n", name, value,
                            origin.empty() ? "" : " <span class=\"origin\">" + origin + "</span>");
    }
    void row(const char* name, const model::Fact<std::string>& fact) { row(name, escape_html(fact.value)); }

    void facts_table() {
        out_ += "<table class=\"facts\">\n";
        if (api_.is_routine()) {
            std::string irql = api_.irql.entry ? escape_html(facts::to_string(*api_.irql.entry)) : "not known";
            if (!api_.irql.verbatim.empty()) irql += " (the page says \"" + escape_html(api_.irql.verbatim) + "\")";
            row("IRQL on entry", irql, api_.irql.entry ? origin_words(api_.irql.cite) : std::string());
            for (const auto& alternative : api_.irql.conditions) {
                row("", escape_html(facts::to_string(alternative.levels)) + " " + escape_html(alternative.condition));
            }
        }
        row("Header", api_.header);
        row("Include", api_.include_header);
        row("Library", api_.library);
        row("DLL", api_.dll);
        row("Minimum client", api_.min_client);
        row("Minimum server", api_.min_server);
        row("KMDF", api_.kmdf);
        row("UMDF", api_.umdf);
        row("Target platform", api_.target_type);
        row("Driver Verifier and SDV rules", escape_html(fmt::format("{}", fmt::join(api_.compliance, ", "))));
        row("UID", "<code>" + escape_html(api_.uid.text) + "</code>");
        out_ += "</table>\n";
    }

    void parameters() {
        if (!api_.signature || api_.signature->parameters.empty()) return;
        heading("Parameters");
        out_ += "<dl>\n";
        for (const auto& parameter : api_.signature->parameters) {
            std::string direction =
                parameter.direction == facts::Direction::unknown ? std::string() : facts::direction_name(parameter.direction);
            if (parameter.optional) direction += direction.empty() ? "optional" : ", optional";
            out_ += fmt::format("<dt><code>{}</code>{}</dt>\n<dd>{}</dd>\n", escape_html(parameter.name),
                                direction.empty() ? "" : " [" + direction + "]", blocks_html(parameter.text, link_));
        }
        out_ += "</dl>\n";
    }

    void returns() {
        if (!api_.is_routine() || !api_.returns) return;
        heading("Return value");
        out_ += api_.returns->is_void ? "<p>None.</p>\n" : blocks_html(api_.returns->text, link_);
    }

    void members() {
        if (api_.members.empty()) return;
        heading("Members");
        out_ += "<dl>\n";
        for (const auto& member : api_.members) {
            out_ += fmt::format("<dt><code>{}</code></dt>\n<dd>{}</dd>\n", escape_html(member.name), blocks_html(member.text, link_));
        }
        out_ += "</dl>\n";
    }

    void rules() {
        if (api_.rules.empty()) return;
        heading("Contract");
        out_ += "<dl class=\"rules\">\n";
        for (const auto& rule : api_.rules) {
            out_ += fmt::format("<dt id=\"{0}\"><code>{0}</code></dt>\n<dd><p>{1}</p><p class=\"origin\">\"{2}\" ({3})</p></dd>\n",
                                escape_html(rule.id), escape_html(facts::canonical_clause(rule.clause)),
                                escape_html(rule.clause.cite.verbatim), origin_words(rule.clause.cite));
        }
        out_ += "</dl>\n";
    }

    const Site& site_;
    const model::Api& api_;
    LinkTarget link_;
    std::string out_;
};

}  // namespace

std::string api_html(const Site& site, std::size_t api) { return ApiPage(site, api).html(); }

}  // namespace ddi::emit::reference
