# Writes OUT: the bytes of IN as a string_view named SYMBOL. As numbers, so that no content can end a literal early.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
file(WRITE ${OUT} "#pragma once\n#include <string_view>\nnamespace ddi::embedded {\ninline constexpr char ${SYMBOL}_bytes[] = {${bytes}'\\0'};\ninline constexpr std::string_view ${SYMBOL}{${SYMBOL}_bytes, sizeof ${SYMBOL}_bytes - 1};\n}\n")
