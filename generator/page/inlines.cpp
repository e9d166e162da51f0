#include "generator/page/inlines.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

#include "generator/page/cursor.h"
#include "generator/page/html.h"
#include "generator/page/tag.h"
#include "generator/text/escape.h"

namespace ddi::page {
namespace {

using text::MarkKind;

std::string_view view(const char* text) { return text == nullptr ? std::string_view() : std::string_view(text); }

std::string_view url_of(cmark_node* node) { return view(cmark_node_get_url(node)); }

/// What a node marks its children as, if that is all it does.
std::optional<MarkKind> mark_of(cmark_node* node) {
    switch (cmark_node_get_type(node)) {
        case CMARK_NODE_EMPH:
            return MarkKind::italic;
        case CMARK_NODE_STRONG:
            return MarkKind::bold;
        case CMARK_NODE_LINK:
            return MarkKind::link;
        default:
            return std::nullopt;
    }
}

/// Calls visitor.open(kind, url) and visitor.close(kind, url) around what is marked, and visitor.enter(node), which says whether to visit
/// the children, for every other node. By hand rather than with a cmark_iter, which is slower and visits leaves twice.
template <class Visitor>
void walk_inlines(cmark_node* parent, Visitor& visitor) {
    const auto close = [&](cmark_node* node) {
        if (const auto mark = mark_of(node)) visitor.close(*mark, url_of(node));
    };
    for (cmark_node* node = cmark_node_first_child(parent); node != nullptr;) {
        bool inside = true;
        if (const auto mark = mark_of(node)) {
            visitor.open(*mark, url_of(node));
        } else {
            inside = visitor.enter(node);
        }
        if (inside && cmark_node_first_child(node) != nullptr) {
            node = cmark_node_first_child(node);
            continue;
        }
        close(node);
        while (cmark_node_next(node) == nullptr) {
            node = cmark_node_parent(node);
            if (node == parent || node == nullptr) return;
            close(node);
        }
        node = cmark_node_next(node);
    }
}

class InlineReader {
  public:
    InlineReader(std::string_view file, text::Span range) : cursor_(file, range) {}

    text::Block read(cmark_node* parent) {
        walk_inlines(parent, *this);
        return builder_.finish();
    }

    /// True if the node's children are to be read.
    bool enter(cmark_node* node) {
        const cmark_node_type type = cmark_node_get_type(node);
        switch (type) {
            case CMARK_NODE_TEXT:
                text(view(cmark_node_get_literal(node)));
                return false;
            case CMARK_NODE_SOFTBREAK:
            case CMARK_NODE_LINEBREAK:
                builder_.blank();
                return false;
            case CMARK_NODE_CODE:
                builder_.open(MarkKind::code);
                text(view(cmark_node_get_literal(node)));
                builder_.close(MarkKind::code);
                return false;
            case CMARK_NODE_HTML_INLINE:
                html(view(cmark_node_get_literal(node)));
                return false;
            case CMARK_NODE_IMAGE:
                return false;
            default:
                return true;
        }
    }

    void open(MarkKind kind, std::string_view url) { builder_.open(kind, std::string(url)); }
    void close(MarkKind kind, std::string_view url) {
        builder_.close(kind);
        if (kind == MarkKind::link) cursor_.leave_link(url);
    }

    void text(std::string_view text) {
        if (!text.empty()) cursor_.align(text, [&](std::string_view part, std::uint32_t place) { builder_.text(part, place); });
    }

    void html(std::string_view literal) {
        const std::uint32_t place = cursor_.take(literal);
        const Tag tag = parse_tag(literal);
        if (tag.comment) return;
        const auto mark = [&](MarkKind kind) { tag.closing ? builder_.close(kind) : builder_.open(kind); };
        switch (role_of(tag.name)) {
            case TagRole::unknown:
                builder_.text(literal, place);
                break;
            case TagRole::bold:
                mark(MarkKind::bold);
                break;
            case TagRole::italic:
                mark(MarkKind::italic);
                break;
            case TagRole::code:
                mark(MarkKind::code);
                break;
            case TagRole::link:
                if (tag.closing)
                    builder_.close(MarkKind::link);
                else if (!tag.href.empty())
                    builder_.open(MarkKind::link, tag.href);
                break;
            case TagRole::breaks:
                builder_.blank();
                break;
            case TagRole::superscript:
                if (!tag.closing && !builder_.empty()) builder_.text("^", place);
                break;
            case TagRole::plain:
            case TagRole::skip:
                break;
        }
    }

    Cursor cursor_;
    BlockBuilder builder_;
};

/// Writes a paragraph as HTML: one in which a table or a list begins is read as such.
class HtmlRenderer {
  public:
    HtmlRenderer(std::string_view file, text::Span range, HtmlRun& run) : cursor_(file, range), run_(run) {}

    bool enter(cmark_node* node) {
        switch (cmark_node_get_type(node)) {
            case CMARK_NODE_TEXT:
                text(view(cmark_node_get_literal(node)));
                return false;
            case CMARK_NODE_SOFTBREAK:
                run_.add_line("\n", cursor_.next_line());
                return false;
            case CMARK_NODE_LINEBREAK:
                run_.add_line("<br>\n", cursor_.next_line());
                return false;
            case CMARK_NODE_CODE:
                run_.add_tag("<code>");
                text(view(cmark_node_get_literal(node)));
                run_.add_tag("</code>");
                return false;
            case CMARK_NODE_HTML_INLINE: {
                const std::string_view literal = view(cmark_node_get_literal(node));
                run_.add_line(literal, cursor_.take(literal));
                return false;
            }
            case CMARK_NODE_IMAGE:
                return false;
            default:
                return true;
        }
    }

    void open(MarkKind kind, std::string_view url) {
        run_.add_tag(kind == MarkKind::link ? "<a href=\"" + text::escape_html(url) + "\">" : kind == MarkKind::bold ? "<b>" : "<i>");
    }
    void close(MarkKind kind, std::string_view url) {
        run_.add_tag(kind == MarkKind::link ? "</a>" : kind == MarkKind::bold ? "</b>" : "</i>");
        if (kind == MarkKind::link) cursor_.leave_link(url);
    }

  private:
    void text(std::string_view text) {
        cursor_.align(text, [&](std::string_view part, std::uint32_t place) { run_.add_text(part, place); });
    }

    Cursor cursor_;
    HtmlRun& run_;
};

}  // namespace

text::Block read_inlines(cmark_node* parent, std::string_view file, text::Span range) {
    text::Block block = InlineReader(file, range).read(parent);
    block.span = range;
    return block;
}

bool has_block_tags(cmark_node* parent) {
    for (cmark_node* node = cmark_node_first_child(parent); node != nullptr; node = cmark_node_next(node)) {
        if (cmark_node_get_type(node) != CMARK_NODE_HTML_INLINE) continue;
        const std::string_view literal = view(cmark_node_get_literal(node));
        if (literal.size() > 1 && (literal[1] == 'b' || literal[1] == 'B') && literal.size() < 8) continue;  // <b>, <br/>
        const Tag tag = parse_tag(literal);
        if (!tag.comment && tag.name != "br" && role_of(tag.name) == TagRole::breaks) return true;
    }
    return false;
}

void render_inlines(cmark_node* parent, std::string_view file, text::Span range, HtmlRun& run) {
    HtmlRenderer renderer(file, range, run);
    walk_inlines(parent, renderer);
    run.add_tag("\n");
}

}  // namespace ddi::page
