#include <fmt/format.h>

#include <map>

#include "generator/emit/reference/site.h"
#include "generator/text/escape.h"

namespace ddi::emit::reference {

namespace {

using text::escape_html;

const char* plural(page::PageKind kind) {
    switch (kind) {
        case page::PageKind::function:
            return "Functions and macros";
        case page::PageKind::callback:
            return "Callbacks";
        case page::PageKind::structure:
            return "Structures and unions";
        case page::PageKind::enumeration:
            return "Enumerations";
        case page::PageKind::ioctl:
            return "IOCTLs";
        case page::PageKind::interface:
            return "Interfaces";
        default:
            return "Other pages";
    }
}

std::string role_list(const Site& site, const char* role, const std::vector<std::size_t>& apis) {
    if (apis.empty()) return {};
    std::string out = fmt::format("<dt>{}</dt><dd>", role);
    for (std::size_t i = 0; i < apis.size(); ++i) {
        out += fmt::format("{}<a href=\"{}\">{}</a>", i == 0 ? "" : ", ", escape_html(site.api_path(apis[i])),
                           escape_html(site.model().apis[apis[i]].name));
    }
    return out + "</dd>\n";
}

}  // namespace

std::string header_html(const Site& site, const std::string& header) {
    const auto& model = site.model();
    std::map<page::PageKind, std::string> by_kind;
    for (std::size_t index : model.headers.at(header)) {
        const auto& api = model.apis[index];
        std::string path = site.api_path(index);
        by_kind[api.kind] += fmt::format("<dt><a href=\"{}\">{}</a></dt><dd>{}</dd>\n", escape_html(path.substr(path.find('/') + 1)),
                                         escape_html(api.name), escape_html(api.brief));
    }
    std::string name = header.empty() ? "no header" : header;
    std::string body = fmt::format("<h1>{}</h1>\n", escape_html(name));
    for (const auto& [kind, list] : by_kind) body += fmt::format("<h2>{}</h2>\n<dl class=\"index\">\n{}</dl>\n", plural(kind), list);
    return page_html(site, name, "<a href=\"../index.html\">Reference</a> / " + escape_html(name), body, 1);
}

std::string start_html(const Site& site) {
    const auto& model = site.model();
    std::string body = "<h1>Driver interface reference</h1>\n<h2>Headers</h2>\n<ul class=\"columns\">\n";
    for (const auto& [header, apis] : model.headers) {
        body += fmt::format("<li><a href=\"{}\">{}</a> ({})</li>\n", escape_html(site.header_path(header)),
                            escape_html(header.empty() ? "no header" : header), apis.size());
    }
    body += "</ul>\n";
    bool titled = false;
    for (const auto& protocol : model.protocols) {
        if (protocol.release.empty() || (protocol.acquire.empty() && protocol.attempt.empty())) continue;
        if (!titled) body += "<h2>Locks</h2>\n";
        titled = true;
        body += fmt::format("<h3>{} ({})</h3>\n<dl>\n", escape_html(protocol.noun), escape_html(protocol.header));
        body += role_list(site, "initialize", protocol.initialize) + role_list(site, "acquire", protocol.acquire) +
                role_list(site, "try", protocol.attempt) + role_list(site, "release", protocol.release) +
                role_list(site, "destroy", protocol.destroy);
        body += "</dl>\n";
    }
    return page_html(site, "Driver interface reference", "Reference", body, 0);
}

}  // namespace ddi::emit::reference
