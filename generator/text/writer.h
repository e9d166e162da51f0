// Builds the text of a generated file: lines, indentation and scopes. Placeholders are fmt's and are checked at compile time.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

namespace ddi::text {

class Writer {
  public:
    /// Appends one line at the present indentation; an empty format writes an empty line. Embedded line feeds are indented too.
    template <class... Args>
    void line(fmt::format_string<Args...> format, Args&&... args) {
        raw_line(fmt::format(format, std::forward<Args>(args)...));
    }
    void line() { text_ += '\n'; }
    /// Appends text as it is, line by line, at the present indentation.
    void raw_line(std::string_view text);
    /// Appends text without indentation or line end.
    void raw(std::string_view text) { text_ += text; }

    /// Indents until destroyed; writes `close` (if any) at the outer indentation then.
    class Scope {
      public:
        Scope(Writer& writer, std::string close) : writer_(&writer), close_(std::move(close)) { ++writer.depth_; }
        Scope(Scope&& other) noexcept : writer_(std::exchange(other.writer_, nullptr)), close_(std::move(other.close_)) {}
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;
        Scope& operator=(Scope&&) = delete;
        ~Scope();

      private:
        Writer* writer_;
        std::string close_;
    };
    [[nodiscard]] Scope indent() { return Scope(*this, {}); }
    /// `open` on its own line, indentation, and `close` when the scope ends.
    [[nodiscard]] Scope block(std::string_view open, std::string close = "}") {
        raw_line(open);
        return Scope(*this, std::move(close));
    }

    const std::string& text() const { return text_; }
    std::string take() { return std::move(text_); }

  private:
    std::string text_;
    int depth_ = 0;
};

}  // namespace ddi::text
