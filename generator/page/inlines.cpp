#include "generator/page/inlines.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "generator/page/tag.h"

namespace ddi::page {
namespace {

using text::MarkKind;

std::string_view view(const char* text) { return text == nullptr ? std::string_view() : std::string_view(text); }

/// Follows the source while cmark's nodes come by. cmark's own columns are wrong behind entities, tabs and table cells; but its
/// text nodes are copies of the source in the source's order, so each is looked for from the last one on.
class Cursor {
  public:
    Cursor(std::string_view file, text::Span range) : file_(file), at_(range.begin), end_(std::min<std::size_t>(range.end, file.size())) {}

    /// Place of a text node, and the cursor behind it.
    std::uint32_t take(std::string_view text) {
        const std::string_view rest = file_.substr(at_, end_ - at_);
        if (rest.substr(0, text.size()) == text) return advance(0, text.size());
        // A decoded entity stands alone in its node; its source must not be sought further on, where the same character may follow.
        const std::size_t start = std::min(rest.find_first_not_of(" \t\r\n*_[]!|>\xC2\xA0"), rest.size());
        if (start < rest.size() && rest[start] == '&' && text != "&") {
            if (const std::size_t semicolon = rest.find(';', start); semicolon != std::string_view::npos && semicolon - start < 40)
                return advance(start, semicolon + 1 - start);
        }
        const std::size_t found = rest.find(text);
        if (found == std::string_view::npos) return static_cast<std::uint32_t>(at_);
        return advance(found, text.size());
    }

    /// Behind a link's `](target "title")`, or an autolink's `>`.
    void leave_link(std::string_view target) {
        const std::string_view rest = file_.substr(at_, end_ - at_);
        const std::size_t bracket = rest.find(']');
        if (bracket == std::string_view::npos || bracket + 1 >= rest.size()) return;
        if (rest[bracket + 1] == '(') {
            std::size_t close = rest.find(target, bracket);
            close = rest.find(')', close == std::string_view::npos ? bracket : close + target.size());
            if (close != std::string_view::npos) at_ += close + 1;
        } else if (rest[bracket + 1] == '[') {
            if (const std::size_t close = rest.find(']', bracket + 1); close != std::string_view::npos) at_ += close + 1;
        } else {
            at_ += bracket + 1;
        }
    }

  private:
    std::uint32_t advance(std::size_t skipped, std::size_t length) {
        const std::size_t place = at_ + skipped;
        at_ = place + length;
        return static_cast<std::uint32_t>(place);
    }

    std::string_view file_;
    std::size_t at_;
    std::size_t end_;
};

class InlineReader {
  public:
    InlineReader(std::string_view file, text::Span range) : cursor_(file, range) {}

    text::Block read(cmark_node* parent) {
        // By hand rather than with a cmark_iter: this loop is a third of the reader's own time.
        for (cmark_node* node = cmark_node_first_child(parent); node != nullptr;) {
            if (enter(node)) {
                node = cmark_node_first_child(node);
                continue;
            }
            while (node != nullptr && cmark_node_next(node) == nullptr) {
                node = cmark_node_parent(node);
                if (node == parent || node == nullptr) return builder_.finish();
                leave(node);
            }
            if (node != nullptr) node = cmark_node_next(node);
        }
        return builder_.finish();
    }

  private:
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
            case CMARK_NODE_EMPH:
                builder_.open(MarkKind::italic);
                break;
            case CMARK_NODE_STRONG:
                builder_.open(MarkKind::bold);
                break;
            case CMARK_NODE_LINK:
                builder_.open(MarkKind::link, std::string(view(cmark_node_get_url(node))));
                break;
            default:
                break;
        }
        if (cmark_node_first_child(node) != nullptr) return true;
        leave(node);
        return false;
    }

    void leave(cmark_node* node) {
        switch (cmark_node_get_type(node)) {
            case CMARK_NODE_EMPH:
                builder_.close(MarkKind::italic);
                break;
            case CMARK_NODE_STRONG:
                builder_.close(MarkKind::bold);
                break;
            case CMARK_NODE_LINK:
                builder_.close(MarkKind::link);
                cursor_.leave_link(view(cmark_node_get_url(node)));
                break;
            default:
                break;
        }
    }

    void text(std::string_view text) {
        if (!text.empty()) builder_.text(text, cursor_.take(text));
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

}  // namespace

text::Block read_inlines(cmark_node* parent, std::string_view file, text::Span range) {
    text::Block block = InlineReader(file, range).read(parent);
    block.span = range;
    return block;
}

}  // namespace ddi::page
