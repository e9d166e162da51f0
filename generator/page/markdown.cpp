#include "generator/page/markdown.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm-extension_api.h>
#include <cmark-gfm.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>

#include "generator/page/arena.h"
#include "generator/page/body_lines.h"
#include "generator/page/html.h"
#include "generator/page/inlines.h"
#include "generator/page/limits.h"
#include "generator/page/outline.h"
#include "generator/text/escape.h"

namespace ddi::page {
namespace {

using text::Block;
using text::BlockKind;
using text::Span;

/// The arena of the page that this thread reads. cmark-gfm's allocator takes no argument that could name one.
Arena& page_arena() {
    thread_local Arena arena;
    return arena;
}

cmark_mem arena_memory() {
    cmark_mem memory{};
    memory.calloc = [](std::size_t count, std::size_t size) { return std::memset(page_arena().allocate(count * size), 0, count * size); };
    memory.realloc = [](void* old, std::size_t size) { return page_arena().grow(old, size); };
    memory.free = [](void*) {};
    return memory;
}

/// Gives back a page's parse trees, whatever happens.
struct ArenaUse {
    ArenaUse() = default;
    ArenaUse(const ArenaUse&) = delete;
    ArenaUse& operator=(const ArenaUse&) = delete;
    ~ArenaUse() { page_arena().reset(); }
};

std::string_view view(const char* text) { return text == nullptr ? std::string_view() : std::string_view(text); }

/// The tree and the parser live in the arena and are never freed one by one.
cmark_node* parse(std::string_view body, int options) {
    static std::once_flag registered;
    std::call_once(registered, cmark_gfm_core_extensions_ensure_registered);
    static cmark_mem memory = arena_memory();
    cmark_parser* parser = cmark_parser_new_with_mem(options, &memory);
    cmark_parser_attach_syntax_extension(parser, cmark_find_syntax_extension("table"));
    cmark_parser_feed(parser, body.data(), body.size());
    return cmark_parser_finish(parser);
}

/// How many more elements that can hold markdown this HTML opens than it closes: `<table>`, a blank line, a paragraph, `</table>`.
int open_containers(std::string_view html, int depth) {
    for (std::size_t i = html.find('<'); i != std::string_view::npos; i = html.find('<', i + 1)) {
        const bool closing = i + 1 < html.size() && html[i + 1] == '/';
        std::string name;
        for (std::size_t at = i + 1 + (closing ? 1 : 0);
             at < html.size() && name.size() < 12 && std::isalpha(static_cast<unsigned char>(html[at])) != 0; ++at)
            name += static_cast<char>(std::tolower(static_cast<unsigned char>(html[at])));
        if (name == "table" || name == "dl" || name == "ul" || name == "ol" || name == "div" || name == "blockquote" || name == "pre")
            depth = std::max(0, depth + (closing ? -1 : 1));
    }
    return depth;
}

class Reader {
  public:
    Reader(const text::SourcePtr& source, std::uint32_t body_begin, text::Diagnostics& diagnostics)
        : source_(source), lines_(source->bytes(), body_begin), diagnostics_(diagnostics), outline_(source->bytes().size()) {}

    std::vector<text::Section> read(cmark_node* document) {
        siblings(cmark_node_first_child(document), {});
        return outline_.take();
    }

  private:
    Span span_of(cmark_node* node) const { return lines_.span(cmark_node_get_start_line(node), cmark_node_get_end_line(node)); }

    static bool is_table(cmark_node* node) { return node != nullptr && view(cmark_node_get_type_string(node)) == "table"; }

    /// cmark-gfm makes a table of a paragraph's last line; then the paragraph's other lines have no number and the table and its
    /// first row have the paragraph's. The first row is the line above the row of dashes.
    int header_line(cmark_node* table) const {
        int line = cmark_node_get_start_line(table);
        const int last = cmark_node_get_end_line(table);
        const auto is_dashes = [&](Span span) {
            const std::string_view text = lines_.file().substr(span.begin, span.end - span.begin);
            return text.find('-') != std::string_view::npos && text.find_first_not_of("|:- \t>") == std::string_view::npos;
        };
        while (line < last && !is_dashes(lines_.span(line + 1, line + 1))) ++line;
        return line;
    }
    Span paragraph_span(cmark_node* node) const {
        cmark_node* next = cmark_node_next(node);
        if (cmark_node_get_start_line(node) > 0 || !is_table(next)) return span_of(node);
        const int first = cmark_node_get_start_line(next);
        return lines_.span(first, std::max(first, header_line(next) - 1));
    }

    Block inlines(cmark_node* node, Span range) const { return read_inlines(node, lines_.file(), range); }

    void siblings(cmark_node* node, const Context& context) {
        while (node != nullptr) node = begins_html(node) ? html(node, context) : (block(node, context), cmark_node_next(node));
    }

    /// HTML on its own, or a paragraph behind the words of which a table or a list begins (`as follows:<table>`).
    static bool begins_html(cmark_node* node) {
        const cmark_node_type type = cmark_node_get_type(node);
        return type == CMARK_NODE_HTML_BLOCK || (type == CMARK_NODE_PARAGRAPH && has_block_tags(node));
    }

    void block(cmark_node* node, const Context& context) {
        switch (cmark_node_get_type(node)) {
            case CMARK_NODE_PARAGRAPH:
                return outline_.add(inlines(node, paragraph_span(node)), context);
            case CMARK_NODE_HEADING:
                return heading(node, context);
            case CMARK_NODE_CODE_BLOCK:
                return code(node, context);
            case CMARK_NODE_LIST:
                return list(node, context);
            case CMARK_NODE_BLOCK_QUOTE:
                return quote(node, context);
            case CMARK_NODE_THEMATIC_BREAK:
                return;
            default:
                break;
        }
        if (is_table(node)) return table(node, context);
        siblings(cmark_node_first_child(node), context);
    }

    void heading(cmark_node* node, const Context& context) {
        Block text = inlines(node, span_of(node));
        if (context.top_level())
            outline_.heading(static_cast<std::uint32_t>(cmark_node_get_heading_level(node)), std::move(text));
        else
            outline_.add(std::move(text), context);
    }

    void code(cmark_node* node, const Context& context) {
        const std::string_view literal = view(cmark_node_get_literal(node));
        int fence_length = 0, fence_offset = 0;
        char fence_character = '\0';
        const bool fenced = cmark_node_get_fenced(node, &fence_length, &fence_offset, &fence_character) != 0;
        Block block;
        block.span = span_of(node);
        block.language = std::string(view(cmark_node_get_fence_info(node)));
        int line = cmark_node_get_start_line(node) + (fenced ? 1 : 0);
        if (fenced) check_fence(node, literal, line);
        for (std::size_t at = 0; at < literal.size(); ++line) {
            const std::size_t feed = std::min(literal.find('\n', at), literal.size());
            std::string_view text = literal.substr(at, feed - at);
            block.places.emplace_back(static_cast<std::uint32_t>(block.text.size()), lines_.place_of_tail(line, text));
            if (text.ends_with('\r')) text.remove_suffix(1);
            block.text.append(text).append("\n");
            at = feed + 1;
        }
        while (!block.text.empty() && block.text.back() == '\n') block.text.pop_back();
        std::erase_if(block.places, [&](const auto& place) { return place.first > block.text.size(); });
        outline_.add_verbatim(BlockKind::code, std::move(block), context);
    }

    /// A fence that is never closed, or closed too late, takes sections with it.
    void check_fence(cmark_node* node, std::string_view literal, int first_line) {
        for (std::size_t at = literal.find("## -"); at != std::string_view::npos; at = literal.find("## -", at + 1)) {
            if (at != 0 && literal[at - 1] != '\n' && literal[at - 1] != '#') continue;
            const int line =
                first_line + static_cast<int>(std::count(literal.begin(), literal.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
            text::Diagnostic finding{"heading-in-code",
                                     text::Severity::warning,
                                     source_,
                                     lines_.span(line, line),
                                     "this heading stands inside a code block and is read as code",
                                     {}};
            const int fence = cmark_node_get_start_line(node);
            finding.notes.push_back({"the code block begins here", source_, lines_.span(fence, fence)});
            diagnostics_.push_back(std::move(finding));
            return;
        }
    }

    void list(cmark_node* node, const Context& context) {
        Context inner = context;
        ++inner.depth;
        const bool numbered = !context.in_cell();
        if (numbered) {
            inner.kind = BlockKind::list_item;
            inner.list = outline_.new_list();
            inner.ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
            inner.row = 0;
        }
        for (cmark_node* item = cmark_node_first_child(node); item != nullptr; item = cmark_node_next(item)) {
            siblings(cmark_node_first_child(item), inner);
            if (numbered) ++inner.row;
        }
    }

    /// A quote; one that begins with `[!NOTE]` is an alert, and the word is not part of its text.
    void quote(cmark_node* node, const Context& context) {
        Context inner = context;
        if (!context.in_cell()) inner.kind = BlockKind::quote;
        ++inner.depth;
        cmark_node* child = cmark_node_first_child(node);
        if (child != nullptr && cmark_node_get_type(child) == CMARK_NODE_PARAGRAPH) {
            Block first = inlines(child, span_of(child));
            if (const std::size_t end = first.text.find(']'); first.text.starts_with("[!") && end != std::string::npos && end < 24) {
                for (std::size_t i = 2; i < end; ++i)
                    inner.language += static_cast<char>(std::tolower(static_cast<unsigned char>(first.text[i])));
                drop_front(first,
                           static_cast<std::uint32_t>(end + 1 + (end + 1 < first.text.size() && first.text[end + 1] == ' ' ? 1 : 0)));
            }
            outline_.add(std::move(first), inner);
            child = cmark_node_next(child);
        }
        siblings(child, inner);
    }

    void table(cmark_node* node, const Context& context) {
        Context cell = context;
        if (!context.in_cell()) cell.kind = BlockKind::table_cell, cell.list = outline_.new_list(), cell.row = 0;
        for (cmark_node* row = cmark_node_first_child(node); row != nullptr; row = cmark_node_next(row)) {
            const int number = row == cmark_node_first_child(node) ? header_line(node) : cmark_node_get_start_line(row);
            const Span line = lines_.span(number, number);
            Span range = line;
            if (!context.in_cell()) cell.column = 0, cell.header = cmark_gfm_extensions_get_table_row_is_header(row) != 0;
            for (cmark_node* child = cmark_node_first_child(row); child != nullptr; child = cmark_node_next(child)) {
                range = cell_range(line, range.begin);
                outline_.add(inlines(child, range), cell);
                range.begin = std::min(range.end + 1, line.end);
                if (!context.in_cell()) ++cell.column;
            }
            if (!context.in_cell()) ++cell.row;
        }
    }

    /// The next cell of a table's row: up to a `|` without a backslash. A `|` before the first cell is not one.
    Span cell_range(Span line, std::uint32_t begin) const {
        const std::string_view file = lines_.file();
        if (begin == line.begin) {
            while (begin < line.end && (file[begin] == ' ' || file[begin] == '\t' || file[begin] == '>')) ++begin;
            if (begin < line.end && file[begin] == '|') ++begin;
        }
        std::uint32_t end = begin;
        while (end < line.end && (file[end] != '|' || (end > begin && file[end - 1] == '\\'))) ++end;
        return {begin, end};
    }

    /// A few pages have lost the <table> before its rows.
    static bool begins_with_row(std::string_view html) {
        return html.starts_with("<tr") || html.starts_with("<td") || html.starts_with("<th");
    }

    /// HTML, with the markdown inside it, up to where its containers are closed. Returns the node behind.
    cmark_node* html(cmark_node* node, const Context& context) {
        HtmlRun run;
        std::vector<cmark_node*> nodes;
        int depth = 0;
        std::size_t counted = 0;
        const int first = cmark_node_get_start_line(node);
        int last_line = first - 1;
        bool in_pre = false;
        if (begins_with_row(view(cmark_node_get_literal(node)))) run.add_tag("<table>");
        do {
            if (in_pre) {
                add_source(run, last_line + 1, cmark_node_get_end_line(node));
            } else if (cmark_node_get_type(node) == CMARK_NODE_HTML_BLOCK) {
                add_lines(run, node);
            } else if (begins_html(node)) {
                render_inlines(node, lines_.file(), paragraph_span(node), run);
            } else {
                run.add_node(nodes.size());
                nodes.push_back(node);
            }
            last_line = std::max(last_line, cmark_node_get_end_line(node));
            in_pre = ends_in_pre(run.text().substr(counted), in_pre);
            depth = open_containers(run.text().substr(counted), depth);
            counted = run.text().size();
            node = cmark_node_next(node);
        } while (node != nullptr && depth > 0 && cmark_node_get_type(node) != CMARK_NODE_HEADING);
        if (html_depth(run.text()) > Limits{}.html_depth) {
            diagnostics_.push_back({"page-too-large",
                                    text::Severity::error,
                                    source_,
                                    lines_.span(first, first),
                                    fmt::format("HTML nested deeper than {} elements is not read", Limits{}.html_depth),
                                    {}});
            for (cmark_node* inner : nodes) block(inner, context);
            return node;
        }
        read_html(run, context, outline_, page_arena(), [&](std::size_t number, const Context& inner) { block(nodes[number], inner); });
        return node;
    }

    /// Code in <pre> goes on behind a blank line, which ends the HTML for cmark-gfm; what it made of the rest does not count.
    static bool ends_in_pre(std::string_view html, bool in_pre) {
        const std::size_t open = html.rfind("<pre"), close = html.rfind("</pre");
        if (open == std::string_view::npos && close == std::string_view::npos) return in_pre;
        return close == std::string_view::npos || (open != std::string_view::npos && open > close);
    }

    void add_source(HtmlRun& run, int first, int last) const {
        for (int line = first; line <= last; ++line) {
            const std::uint32_t begin = lines_.begin(line);
            run.add_line(text::to_utf8(lines_.file().substr(begin, lines_.begin(line + 1) - begin)), begin);
        }
    }

    void add_lines(HtmlRun& run, cmark_node* node) {
        const std::string_view literal = view(cmark_node_get_literal(node));
        int line = cmark_node_get_start_line(node);
        for (std::size_t at = 0; at < literal.size(); ++line) {
            const std::size_t feed = std::min(literal.find('\n', at), literal.size() - 1);
            const std::string_view text = literal.substr(at, feed + 1 - at);
            run.add_line(text, lines_.place_of_tail(line, text));
            if (text.starts_with("## -") || text.starts_with("### -")) {
                diagnostics_.push_back({"heading-in-html",
                                        text::Severity::warning,
                                        source_,
                                        lines_.span(line, line),
                                        "this heading stands inside HTML (a blank line is missing above it) and is read as text",
                                        {}});
            }
            at = feed + 1;
        }
    }

    text::SourcePtr source_;
    BodyLines lines_;
    text::Diagnostics& diagnostics_;
    Outline outline_;
};

}  // namespace

std::vector<text::Section> read_markdown(const text::SourcePtr& source, std::uint32_t body_begin, text::Diagnostics& diagnostics) {
    const ArenaUse use;
    const std::string_view body = source->bytes().substr(body_begin);
    const int options = text::is_utf8(body) ? CMARK_OPT_DEFAULT : CMARK_OPT_VALIDATE_UTF8;
    return Reader(source, body_begin, diagnostics).read(parse(body, options));
}

}  // namespace ddi::page
