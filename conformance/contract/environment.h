// What the checker asks the implementation under test, and nothing else: the current IRQL, the APC state, and (if it can tell)
// whether the calling thread holds a lock that no wrapper saw being acquired, which memory is pageable, and the current processor. The seam
// is one function, supplied at link time, so that a driver is checked without an edit: implementation() below. Programs that use an
// implementation of wdm.h's functions link ddi::contract_wdm, which defines it on KeGetCurrentIrql, KeAreApcsDisabled and
// KeAreAllApcsDisabled; the checker's own tests define a fake. The checker calls these functions from the thread that makes the checked
// call, without any lock of its own held.
#pragma once

#include <cstdint>

namespace ddi::contract {

enum class Answer { no, yes, unknown };

struct Environment {
    unsigned char (*current_irql)() = nullptr;
    /// Normal kernel APCs are disabled for the calling thread. Null: APC clauses are not checked.
    bool (*apcs_disabled)() = nullptr;
    /// All APCs are disabled for the calling thread, special kernel APCs too. Null: APC clauses are not checked.
    bool (*all_apcs_disabled)() = nullptr;
    /// Whether the calling thread holds the lock of that kind ("filter control mutex") that belongs to `object` (0: any such lock).
    /// For locks that a host takes by itself before it calls a driver. Null or unknown: only what wrappers saw counts.
    Answer (*holds)(const char* noun, std::uintptr_t object) = nullptr;
    /// The levels that a number stands for, as bits by contract::Level. Null: the numbers of 64-bit Windows.
    std::uint16_t (*levels_of)(unsigned char irql) = nullptr;
    /// Memory at the address may be paged out. Null: only ranges named through ddi_contract_set_pageable are.
    bool (*is_pageable)(std::uintptr_t address) = nullptr;
    /// The processor that runs the calling thread, of all groups. Null: same-processor is not checked.
    std::uint32_t (*current_processor)() = nullptr;
};

/// Supplied by the program, exactly once. Called on every check; must not fail and must not allocate.
const Environment& implementation();

}  // namespace ddi::contract
