#include "generator/page/page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <utility>

#include "generator/page/front_matter.h"
#include "generator/page/limits.h"
#include "generator/page/markdown.h"
#include "generator/text/escape.h"

namespace ddi::page {
namespace {

using text::Severity;

bool equal_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// "NF:wdm.KeRaiseIrql" and "NC.ks.PFNKSPINIRP" name their kind in two letters.
PageKind kind_of(std::string_view uid) {
    struct Prefix {
        std::string_view letters;
        PageKind kind;
    };
    constexpr std::array prefixes{Prefix{"NF", PageKind::function},    Prefix{"NC", PageKind::callback}, Prefix{"NS", PageKind::structure},
                                  Prefix{"NE", PageKind::enumeration}, Prefix{"NI", PageKind::ioctl},    Prefix{"NN", PageKind::interface},
                                  Prefix{"NL", PageKind::list},        Prefix{"NA", PageKind::area}};
    if (uid.size() < 4 || (uid[2] != ':' && uid[2] != '.')) return PageKind::other;
    for (const Prefix& prefix : prefixes) {
        if (equal_ignoring_case(uid.substr(0, 2), prefix.letters)) return prefix.kind;
    }
    return PageKind::other;
}

bool is_index(std::string_view path) {
    const std::size_t slash = path.find_last_of('/');
    return equal_ignoring_case(slash == std::string_view::npos ? path : path.substr(slash + 1), "index.md");
}

void report(Page& page, std::string code, Severity severity, text::Span span, std::string message) {
    page.diagnostics.push_back({std::move(code), severity, page.source, span, std::move(message), {}});
}

/// Sets kind and is_api, or says why the page is no API page.
void classify(Page& page, bool has_front_matter) {
    page.uid = page.value("UID");
    page.kind = kind_of(page.uid);
    const Field* uid = page.field("UID");
    const text::Span at = uid != nullptr ? uid->value_span : text::Span{};
    if (is_index(page.source->path())) {
        page.kind = PageKind::index;
        report(page, "not-an-api-page", Severity::note, at, "this page is the index of a header");
    } else if (!has_front_matter) {
        report(page, "not-an-api-page", Severity::note, at, "this page has no front matter");
    } else if (page.uid.empty()) {
        report(page, "not-an-api-page", Severity::note, at, "the front matter has no UID");
    } else if (page.kind == PageKind::other) {
        report(page, "not-an-api-page", Severity::note, at, fmt::format("the UID {} names no kind of API", page.uid));
    } else {
        page.is_api = true;
    }
}

}  // namespace

const Field* Page::field(std::string_view key) const {
    const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.key == key; });
    return found == fields.end() ? nullptr : &*found;
}

std::string_view Page::value(std::string_view key) const {
    const Field* found = field(key);
    return found == nullptr || found->values.empty() ? std::string_view() : std::string_view(found->values.front());
}

const text::Section* Page::section(std::string_view name) const {
    const auto found = std::find_if(sections.begin(), sections.end(),
                                    [&](const text::Section& section) { return equal_ignoring_case(section.heading, name); });
    return found == sections.end() ? nullptr : &*found;
}

const char* kind_name(PageKind kind) {
    switch (kind) {
        case PageKind::function:
            return "function";
        case PageKind::structure:
            return "structure";
        case PageKind::callback:
            return "callback";
        case PageKind::enumeration:
            return "enumeration";
        case PageKind::ioctl:
            return "ioctl";
        case PageKind::interface:
            return "interface";
        case PageKind::list:
            return "list";
        case PageKind::area:
            return "area";
        case PageKind::index:
            return "index";
        case PageKind::other:
            return "other";
    }
    return "other";
}

Page read_page(std::string path, std::string bytes) {
    Page page;
    page.source = std::make_shared<const text::SourceText>(std::move(path), std::move(bytes));
    const std::string_view file = page.source->bytes();
    if (const std::size_t bad = text::first_not_utf8(file); bad != std::string_view::npos) {
        const auto at = static_cast<std::uint32_t>(bad);
        report(page, "not-utf8", Severity::error, {at, at + 1},
               fmt::format("the byte 0x{:02X} is not UTF-8; it and its like are read as U+FFFD", static_cast<unsigned char>(file[bad])));
    }
    const Excess excess = check_limits(file);
    if (excess.found) {
        // A table of contents may be as large as it likes: no API is lost with it.
        const bool may_be_api = file.substr(0, 4096).find("UID:") != std::string_view::npos;
        report(page, "page-too-large", may_be_api ? Severity::error : Severity::warning, excess.span,
               fmt::format("{} is more than this reader takes; the page's text is not read", excess.what));
        if (file.size() > Limits{}.file_bytes) {
            classify(page, false);
            return page;
        }
    }
    FrontMatter front_matter = read_front_matter(page.source, page.diagnostics);
    page.fields = std::move(front_matter.fields);
    classify(page, front_matter.present);
    if (!excess.found) page.sections = read_markdown(page.source, front_matter.body_begin, page.diagnostics);
    return page;
}

}  // namespace ddi::page
