// One call → what each of its parameters is for: the object of the protocol, another object that has to be made first, a list's entry, the
// level that was saved, a number. From types, directions, clauses; no parameter is known by name.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "generator/emit/tests/knowledge.h"

namespace ddi::emit::tests {

struct Role {
    enum class Kind {
        object,         // storage that an initializing function prepares: `slot`
        creates,        // where the function stores a pointer to the object it makes: `slot`
        handle,         // a queue handle or lock state that an acquisition fills
        level_saved,    // the level goes there
        level_given,    // the level that was saved comes back
        level_asked,    // the level to go to
        level_present,  // the current level
        chosen,         // `value` is the word of Arguments
        null,
        time,      // far ahead; `value` is "now": it has come
        routine,   // a routine behind an untyped pointer
        variable,  // storage that no function prepares and that all calls share: `slot`
        element,   // one of several such: `slot`
        operand,   // the number that an operation works with
        input,     // a pointer to such a number: `place`
        agreed,    // a number or pointer that two calls have to agree on
        number,    // `value`
        size,      // what the function of that name said: `value`
        out,       // the function stores something there: `place`
        array,     // pointers to objects: `slot`, `count` of them
        host,      // the host knows, or it does not matter
        unknown,
    } kind = Kind::unknown;
    std::string slot = {};
    std::string value = {};
    int place = 0;
    int count = 0;
    bool needs_making = false;  // an object beside the protocol's own
    std::string bits = {};      // host: low bits that the address must have set, "1 | 2"
};

/// One role for each parameter, in order.
std::vector<Role> cast(const Step& step, const Knowledge& knowledge);
/// The slot of the protocol's own object in this call; empty if it has none.
std::string own_slot(const Step& step, const Knowledge& knowledge);
/// Calls that have to make the other objects first.
std::vector<Step> others_of(const Step& step, const Knowledge& knowledge);

/// One function of an object fills a structure of the caller's, another one takes it: who has the other half of this parameter's use; null:
/// nobody.
const Api* handed_on(const model::Parameter& parameter, const Api& api, const Knowledge& knowledge);
/// The array whose length the parameter says ("_In_reads_(Count)"); null: none.
const model::Parameter* counts_array(const model::Parameter& parameter, const Api& api);
/// The arguments say that an array has more objects than the tests pass.
bool asks_for_more(const Step& step, const Knowledge& knowledge);
/// The call that fills the structure which this one is given; none if it is given none such.
std::optional<Step> filler_of(const Step& step, const Knowledge& knowledge);

/// An operation on a number, or on a list.
bool is_numeric_verb(const std::string& verb);
bool adds_entry(const std::string& verb);
bool removes_entry(const std::string& verb);

}  // namespace ddi::emit::tests
