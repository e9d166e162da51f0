#include "generator/text/writer.h"

namespace ddi::text {

void Writer::raw_line(std::string_view text) {
    while (true) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        if (!line.empty()) {  // no trailing blanks on empty lines
            text_.append(static_cast<std::size_t>(depth_) * 4, ' ');
            text_ += line;
        }
        text_ += '\n';
        if (end == std::string_view::npos) return;
        text.remove_prefix(end + 1);
    }
}

Writer::Scope::~Scope() {
    if (writer_ == nullptr) return;
    --writer_->depth_;
    if (!close_.empty()) writer_->raw_line(close_);
}

}  // namespace ddi::text
