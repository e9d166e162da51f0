// One escape for each output context. Text from a page reaches a generated file through these and in no other way.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ddi::text {

/// Text inside a C block comment: `*/` and `/*` are broken up, a backslash before a line end (a splice) gets a trailing " ."
/// (compilers splice over trailing blanks too), `??/`-style trigraphs are broken, control characters other than line feed and
/// tab become blanks. Line ends are kept, CRLF becomes LF.
std::string escape_c_comment(std::string_view text);
/// Contents of a C/C++ string literal (without the quotes): octal escapes for non-printing bytes, UTF-8 kept, no trigraphs.
std::string escape_c_string(std::string_view text);
/// A C identifier made from any text: other characters become '_'; never empty, never starts with a digit, never a keyword of
/// C11 or C++20 (those get a trailing '_').
std::string to_identifier(std::string_view text);
/// A file name made from any text: lower-case ASCII letters, digits, '-', '.', '_'; other characters become '-'; never a reserved
/// device name, never starts with '.', at most 100 bytes (a hash of the text replaces what was cut).
std::string to_file_name(std::string_view text);
/// HTML text and double-quoted attribute values (the same five characters are escaped in both; control characters dropped).
std::string escape_html(std::string_view text);
/// XML text and attributes: as HTML, and characters XML 1.0 forbids become U+FFFD.
std::string escape_xml(std::string_view text);
/// One line for a terminal: control characters (C0, C1, DEL) become U+FFFD, invalid UTF-8 too.
std::string escape_terminal(std::string_view text);
/// Valid UTF-8 from any bytes: invalid sequences become U+FFFD.
std::string to_utf8(std::string_view bytes);
/// True if the bytes are valid UTF-8 (no overlongs, no surrogates).
bool is_utf8(std::string_view bytes);
/// Offset of the first byte that is not part of valid UTF-8; npos if there is none.
std::size_t first_not_utf8(std::string_view bytes);

}  // namespace ddi::text
