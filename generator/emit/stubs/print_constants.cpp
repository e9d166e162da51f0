#include "generator/emit/stubs/print_constants.h"

#include <fmt/format.h>

#include "generator/emit/stubs/comments.h"
#include "generator/emit/stubs/header_name.h"
#include "generator/text/escape.h"

namespace ddi::emit::stubs {

void print_constants(text::Writer& out, const HeaderPlan& plan, const std::string& file, const TypeTable& table) {
    if (!plan.constants.empty()) out.line();
    for (const auto* constant : plan.constants) {
        // Elsewhere only its number counts: the names in its text may not be there.
        bool here = header_file(constant->header) == file;
        std::string value = here ? constant->value : std::to_string(*table.constants().value(constant->name));
        out.line("#ifndef {}", constant->name);
        out.raw_line(fmt::format("#define {} {}{}", constant->name, value, member_comment(place(constant->cite))));
        out.raw_line("#endif");
    }
}

bool has_code(const model::Api& api) { return api.control_code && is_plain_expression(api.control_code->value) && is_identifier(api.name); }

void print_codes(text::Writer& out, const HeaderPlan& plan) {
    for (const auto* api : plan.codes) {
        out.line();
        out.raw(code_comment(*api, has_code(*api)));
        if (!has_code(*api)) continue;
        out.line("#ifndef {}", api->name);
        out.raw_line(fmt::format("#define {} {}", api->name, api->control_code->value));
        out.raw_line("#endif");
    }
}

}  // namespace ddi::emit::stubs
