#include "conformance/contract/irql.h"

namespace ddi::contract {

Levels levels_of(unsigned char irql) {
    auto ask = implementation().levels_of;
    return ask != nullptr ? Levels{ask(irql)} : levels_of_x64(irql);
}

bool irql_at_least(unsigned char irql, Level level) { return (levels_of(irql).bits & Levels::at_least(level).bits) != 0; }

std::string irql_text(unsigned char irql) { return to_string(levels_of(irql)) + " (" + std::to_string(irql) + ")"; }

Answer apcs_are_disabled(unsigned char irql, Apcs apcs) {
    auto ask = apcs == Apcs::all ? implementation().all_apcs_disabled : implementation().apcs_disabled;
    if (irql_at_least(irql, Level::apc)) return Answer::yes;
    if (ask == nullptr) return Answer::unknown;
    return ask() ? Answer::yes : Answer::no;
}

}  // namespace ddi::contract
