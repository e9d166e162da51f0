#include "generator/emit/stubs/base_headers.h"

#include <algorithm>

#include "embedded/ddi_base.h.h"
#include "embedded/ddi_com.h.h"
#include "embedded/ddi_gdi.h.h"
#include "embedded/ddi_status.h.h"

namespace ddi::emit::stubs {

namespace {

/// "DECLARE_INTERFACE_(IName, IBase) { STDMETHOD_(type, Method)(…" outside of macros.
void read_interfaces(std::string_view text, std::map<std::string, std::vector<std::string>, std::less<>>& interfaces) {
    std::string code;
    bool directive = false;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(text.find('\n', at), text.size());
        auto line = text.substr(at, end - at);
        at = end + 1;
        bool continued = directive;
        std::size_t first = line.find_first_not_of(" \t");
        bool is_directive = continued || (first != std::string_view::npos && line[first] == '#');
        directive = is_directive && !line.empty() && line.back() == '\\';
        if (!is_directive) code.append(line).append("\n");
    }
    auto tokens = c_tokens(code);
    std::vector<std::string>* methods = nullptr;
    for (std::size_t i = 0; i + 4 < tokens.size(); ++i) {
        auto word = tokens[i].text;
        if (word == "DECLARE_INTERFACE" || word == "DECLARE_INTERFACE_") {
            methods = &interfaces[std::string(tokens[i + 2].text)];
            if (tokens[i + 3].text == ",") *methods = interfaces[std::string(tokens[i + 4].text)];
        } else if (methods != nullptr && word == "STDMETHOD") {
            methods->emplace_back(tokens[i + 2].text);
        } else if (methods != nullptr && word == "STDMETHOD_") {
            while (i + 1 < tokens.size() && tokens[i + 1].text != ")") ++i;
            methods->emplace_back(tokens[i].text);
        }
    }
}

}  // namespace

BaseHeaders read_base_headers(const HeaderTexts& headers) {
    BaseHeaders result;
    for (const auto& [file, text] : headers) {
        auto names = declared_names(text);
        if (file != headers.front().first) {
            for (const auto* set : {&names.types, &names.tags}) {
                for (const auto& name : *set) result.file_of.emplace(name, file);
            }
        }
        result.names.types.merge(names.types);
        result.names.tags.merge(names.tags);
        result.names.enumerators.merge(names.enumerators);
        result.names.macros.merge(names.macros);
        auto before = result.interfaces.size();
        read_interfaces(text, result.interfaces);
        if (result.interfaces.size() != before) result.interface_file = file;
    }
    return result;
}

const HeaderTexts& built_in_header_texts() {
    static const HeaderTexts texts = {{"ddi_base.h", embedded::ddi_base_h},
                                      {"ddi_com.h", embedded::ddi_com_h},
                                      {"ddi_gdi.h", embedded::ddi_gdi_h},
                                      {"ddi_status.h", embedded::ddi_status_h}};  // only macros: the first one includes it
    return texts;
}

const BaseHeaders& built_in_headers() {
    static const BaseHeaders headers = read_base_headers(built_in_header_texts());
    return headers;
}

}  // namespace ddi::emit::stubs
