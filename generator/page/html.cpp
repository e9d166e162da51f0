#include "generator/page/html.h"

#include <gumbo.h>

#include <algorithm>
#include <cstdlib>
#include <optional>

#include "generator/page/block_builder.h"
#include "generator/page/tag.h"

namespace ddi::page {
namespace {

using text::Block;
using text::BlockKind;
using text::MarkKind;

std::optional<MarkKind> mark_of(TagRole role) {
    switch (role) {
        case TagRole::bold:
            return MarkKind::bold;
        case TagRole::italic:
            return MarkKind::italic;
        case TagRole::code:
            return MarkKind::code;
        case TagRole::link:
            return MarkKind::link;
        default:
            return std::nullopt;
    }
}

std::string attribute(const GumboElement& element, const char* name) {
    const GumboAttribute* found = gumbo_get_attribute(&element.attributes, name);
    return found != nullptr ? found->value : std::string();
}

/// rowspan and colspan: at least one, and never so many that a cell could fill the memory.
std::uint32_t span_of(const GumboElement& element, const char* name) {
    const std::string value = attribute(element, name);
    return value.empty() ? 1 : static_cast<std::uint32_t>(std::clamp(std::atoi(value.c_str()), 1, 100));
}

class Walker {
  public:
    Walker(const HtmlRun& run, Outline& outline, const ReadNode& read_node) : run_(run), outline_(outline), read_node_(read_node) {}

    void children(const GumboVector& nodes, const Context& context) {
        for (unsigned i = 0; i < nodes.length; ++i) node(*static_cast<const GumboNode*>(nodes.data[i]), context);
    }

    /// Ends the block that is being built.
    void flush(const Context& context) {
        if (builder_.empty()) return;
        Block block = builder_.finish();
        block.span = {block.places.front().second,
                      block.places.back().second + static_cast<std::uint32_t>(block.text.size()) - block.places.back().first};
        outline_.add(std::move(block), context);
        for (const auto& [kind, target] : open_) builder_.open(kind, target);
    }

  private:
    std::size_t offset_of(const char* data) const { return data == nullptr ? 0 : static_cast<std::size_t>(data - run_.text().data()); }

    void node(const GumboNode& node, const Context& context) {
        switch (node.type) {
            case GUMBO_NODE_TEXT:
            case GUMBO_NODE_CDATA:
                text(node.v.text);
                break;
            case GUMBO_NODE_WHITESPACE:
                builder_.blank();
                break;
            case GUMBO_NODE_COMMENT:
                comment(node.v.text, context);
                break;
            case GUMBO_NODE_ELEMENT:
            case GUMBO_NODE_TEMPLATE:
                element(node.v.element, context);
                break;
            case GUMBO_NODE_DOCUMENT:
                break;
        }
    }

    /// Decoded text has as many lines as its source has, which is what ties the two together.
    void text(const GumboText& text) {
        std::string_view decoded = text.text;
        std::size_t raw = offset_of(text.original_text.data);
        const std::size_t raw_end = raw + text.original_text.length;
        while (true) {
            const std::size_t feed = decoded.find('\n');
            builder_.text(decoded.substr(0, feed), run_.place_of(raw));
            if (feed == std::string_view::npos) return;
            builder_.blank();
            decoded.remove_prefix(feed + 1);
            const std::size_t next = run_.text().find('\n', raw);
            if (next < raw_end) raw = next + 1;
        }
    }

    void comment(const GumboText& comment, const Context& context) {
        flush(context);
        Block block;
        block.text = comment.text;
        block.span.begin = run_.place_of(offset_of(comment.original_text.data));
        block.span.end = block.span.begin + static_cast<std::uint32_t>(comment.original_text.length);
        outline_.add_verbatim(BlockKind::html_comment, std::move(block), context);
    }

    void element(const GumboElement& element, const Context& context) {
        switch (element.tag) {
            case GUMBO_TAG_UL:
            case GUMBO_TAG_OL:
                return list(element, context);
            case GUMBO_TAG_DL:
                return definitions(element, context);
            case GUMBO_TAG_TABLE:
                return table(element, context);
            case GUMBO_TAG_PRE:
                return code(element, context);
            case GUMBO_TAG_H1:
            case GUMBO_TAG_H2:
            case GUMBO_TAG_H3:
            case GUMBO_TAG_H4:
            case GUMBO_TAG_H5:
            case GUMBO_TAG_H6:
                return heading(element, context);
            case GUMBO_TAG_SCRIPT:
            case GUMBO_TAG_STYLE:
            case GUMBO_TAG_IMG:
            case GUMBO_TAG_HEAD:
            case GUMBO_TAG_TITLE:
                return;
            case GUMBO_TAG_BLOCKQUOTE:
                return quote(element, context);
            case GUMBO_TAG_DIV:
                return attribute(element, "class") == "alert" ? quote(element, context) : nested(element, context);
            default:
                break;
        }
        const std::string_view tag(element.original_tag.data == nullptr ? "" : element.original_tag.data, element.original_tag.length);
        if (element.tag == GUMBO_TAG_UNKNOWN) return unknown(element, tag, context);
        const TagRole role = role_of(gumbo_normalized_tagname(element.tag));
        if (const auto mark = mark_of(role)) {
            if (*mark == MarkKind::link && attribute(element, "href").empty()) return children(element.children, context);
            open_.emplace_back(*mark, attribute(element, "href"));
            builder_.open(*mark, open_.back().second);
            children(element.children, context);
            builder_.close(*mark);
            open_.pop_back();
        } else if (role == TagRole::breaks && element.tag != GUMBO_TAG_BR) {
            nested(element, context);
        } else if (element.tag == GUMBO_TAG_BR) {
            builder_.blank();
        } else {
            if (role == TagRole::superscript && !builder_.empty()) builder_.text("^", run_.place_of(offset_of(element.original_tag.data)));
            children(element.children, context);
        }
    }

    void unknown(const GumboElement& element, std::string_view tag, const Context& context) {
        if (tag.starts_with("<ddi-node")) {
            if (const auto number = run_.node_at(offset_of(tag.data()))) {
                flush(context);
                read_node_(*number, context);
            }
        } else if (!tag.empty()) {
            builder_.text(tag, run_.place_of(offset_of(tag.data())));  // `ComPtr<IModelObject>` in prose
        }
        children(element.children, context);
    }

    void nested(const GumboElement& element, const Context& context) {
        flush(context);
        children(element.children, context);
        flush(context);
    }

    void quote(const GumboElement& element, const Context& context) {
        Context inner = context;
        if (!context.in_cell()) inner.kind = BlockKind::quote;
        ++inner.depth;
        flush(context);
        children(element.children, inner);
        flush(inner);
    }

    void list(const GumboElement& element, const Context& context) {
        flush(context);
        Context inner = context;
        ++inner.depth;
        if (!context.in_cell()) {
            inner.kind = BlockKind::list_item;
            inner.list = outline_.new_list();
            inner.ordered = element.tag == GUMBO_TAG_OL;
            inner.row = ~0u;
        }
        items(element.children, inner, [](GumboTag tag) { return tag == GUMBO_TAG_LI; });
        flush(inner);
    }

    template <class IsItem>
    void items(const GumboVector& nodes, Context& inner, IsItem is_item) {
        for (unsigned i = 0; i < nodes.length; ++i) {
            const auto& child = *static_cast<const GumboNode*>(nodes.data[i]);
            const bool item = child.type == GUMBO_NODE_ELEMENT && is_item(child.v.element.tag);
            if (item) flush(inner);
            if (!inner.in_cell() && (item || inner.row == ~0u) && child.type != GUMBO_NODE_WHITESPACE) ++inner.row;
            node(child, inner);
            if (item) flush(inner);
        }
    }

    void definitions(const GumboElement& element, const Context& context) {
        flush(context);
        Context inner = context;
        if (!context.in_cell()) inner.list = outline_.new_list(), inner.depth = context.depth, inner.row = 0;
        bool after_definition = false;
        for (unsigned i = 0; i < element.children.length; ++i) {
            const auto& child = *static_cast<const GumboNode*>(element.children.data[i]);
            if (child.type == GUMBO_NODE_ELEMENT && (child.v.element.tag == GUMBO_TAG_DT || child.v.element.tag == GUMBO_TAG_DD)) {
                const bool term = child.v.element.tag == GUMBO_TAG_DT;
                flush(inner);
                if (!context.in_cell()) {
                    if (term && after_definition) ++inner.row;
                    inner.kind = term ? BlockKind::term : BlockKind::definition;
                }
                after_definition = !term;
                children(child.v.element.children, inner);
                flush(inner);
            } else {
                node(child, inner);
            }
        }
        flush(inner);
    }

    struct Grid {
        std::uint32_t row = 0;
        std::vector<std::uint32_t> taken;  // rows that a cell above still reaches into, by column
    };

    void table(const GumboElement& element, const Context& context) {
        flush(context);
        Context inner = context;
        // A table inside a cell is part of that cell's text.
        if (!context.in_cell()) inner.kind = BlockKind::table_cell, inner.list = outline_.new_list();
        Grid grid;
        rows(element.children, context, inner, grid);
        flush(inner);
    }

    void rows(const GumboVector& nodes, const Context& outer, const Context& inner, Grid& grid) {
        for (unsigned i = 0; i < nodes.length; ++i) {
            const auto& child = *static_cast<const GumboNode*>(nodes.data[i]);
            const GumboTag tag = child.type == GUMBO_NODE_ELEMENT ? child.v.element.tag : GUMBO_TAG_UNKNOWN;
            if (tag == GUMBO_TAG_TR) {
                row(child.v.element, outer, inner, grid);
                ++grid.row;
            } else if (tag == GUMBO_TAG_TBODY || tag == GUMBO_TAG_THEAD || tag == GUMBO_TAG_TFOOT) {
                rows(child.v.element.children, outer, inner, grid);
            } else if (tag == GUMBO_TAG_CAPTION) {
                nested(child.v.element, outer);
            } else if (child.type != GUMBO_NODE_WHITESPACE) {
                node(child, outer);
                flush(outer);
            }
        }
    }

    void row(const GumboElement& element, const Context& outer, const Context& inner, Grid& grid) {
        std::uint32_t column = 0;
        for (std::uint32_t& rows : grid.taken) rows -= rows > 0 ? 1 : 0;
        for (unsigned i = 0; i < element.children.length; ++i) {
            const auto& child = *static_cast<const GumboNode*>(element.children.data[i]);
            const GumboTag tag = child.type == GUMBO_NODE_ELEMENT ? child.v.element.tag : GUMBO_TAG_UNKNOWN;
            if (tag != GUMBO_TAG_TD && tag != GUMBO_TAG_TH) {
                if (child.type == GUMBO_NODE_COMMENT) node(child, outer);
                continue;
            }
            while (column < grid.taken.size() && grid.taken[column] > 0) ++column;
            const std::uint32_t width = span_of(child.v.element, "colspan"), height = span_of(child.v.element, "rowspan");
            if (grid.taken.size() < column + width) grid.taken.resize(column + width);
            std::fill_n(grid.taken.begin() + column, width, height);
            Context cell = inner;
            if (!outer.in_cell()) cell.row = grid.row, cell.column = column, cell.header = tag == GUMBO_TAG_TH && grid.row == 0;
            children(child.v.element.children, cell);
            flush(cell);
            column += width;
        }
    }

    /// Text with its line ends; `place(offset)` says where an offset into it stands in the file.
    template <class Place>
    static void append_code(Block& block, std::string_view text, Place place) {
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t feed = std::min(text.find('\n', at), text.size() - 1);
            const auto offset = static_cast<std::uint32_t>(block.text.size());
            if (block.places.empty() || block.places.back().first < offset) block.places.emplace_back(offset, place(at));
            for (char c : text.substr(at, feed + 1 - at)) {
                if (c != '\r') block.text += c;
            }
            at = feed + 1;
        }
    }

    void collect(const GumboNode& node, Block& block) const {
        if (node.type == GUMBO_NODE_TEXT || node.type == GUMBO_NODE_WHITESPACE || node.type == GUMBO_NODE_CDATA) {
            // Decoded text has as many lines as its source.
            std::size_t raw = offset_of(node.v.text.original_text.data), line_begin = 0;
            const std::string_view text = node.v.text.text;
            append_code(block, text, [&](std::size_t at) {
                for (; line_begin < at; line_begin = text.find('\n', line_begin) + 1) raw = run_.text().find('\n', raw) + 1;
                return run_.place_of(raw);
            });
        }
        if (node.type != GUMBO_NODE_ELEMENT) return;
        const GumboElement& element = node.v.element;
        if (element.tag == GUMBO_TAG_BR) block.text += '\n';
        if (element.tag == GUMBO_TAG_UNKNOWN && element.original_tag.length > 0) {
            const std::string_view tag(element.original_tag.data, element.original_tag.length);
            append_code(block, tag, [&](std::size_t at) { return run_.place_of(offset_of(tag.data()) + at); });
        }
        for (unsigned i = 0; i < element.children.length; ++i) collect(*static_cast<const GumboNode*>(element.children.data[i]), block);
    }

    void code(const GumboElement& element, const Context& context) {
        flush(context);
        Block block;
        for (unsigned i = 0; i < element.children.length; ++i) collect(*static_cast<const GumboNode*>(element.children.data[i]), block);
        while (!block.text.empty() && (block.text.back() == '\n' || block.text.back() == ' ')) block.text.pop_back();
        if (block.text.empty()) return;
        std::erase_if(block.places, [&](const auto& place) { return place.first > block.text.size(); });
        const auto& [offset, place] = block.places.back();
        block.span = {block.places.front().second,
                      std::max(block.places.front().second, place + static_cast<std::uint32_t>(block.text.size()) - offset)};
        outline_.add_verbatim(BlockKind::code, std::move(block), context);
    }

    void heading(const GumboElement& element, const Context& context) {
        if (!context.top_level()) return nested(element, context);
        flush(context);
        children(element.children, context);
        if (builder_.empty()) return;
        Block block = builder_.finish();
        block.span = {block.places.front().second,
                      block.places.back().second + static_cast<std::uint32_t>(block.text.size()) - block.places.back().first};
        outline_.heading(static_cast<std::uint32_t>(element.tag - GUMBO_TAG_H1) + 1, std::move(block));
    }

    const HtmlRun& run_;
    Outline& outline_;
    const ReadNode& read_node_;
    BlockBuilder builder_;
    std::vector<std::pair<MarkKind, std::string>> open_;
};

}  // namespace

void read_html(const HtmlRun& run, const Context& context, Outline& outline, Arena& arena, const ReadNode& read_node) {
    GumboOptions options = kGumboDefaultOptions;
    options.max_errors = 0;
    options.fragment_context = GUMBO_TAG_DIV;  // a whole document would move a leading comment or blank out of the body
    options.userdata = &arena;
    options.allocator = [](void* arena, std::size_t size) { return static_cast<Arena*>(arena)->allocate(size); };
    options.deallocator = [](void*, void*) {};
    const GumboOutput* output = gumbo_parse_with_options(&options, run.text().data(), run.text().size());
    Walker walker(run, outline, read_node);
    walker.children(output->root->v.element.children, context);
    walker.flush(context);
}

}  // namespace ddi::page
