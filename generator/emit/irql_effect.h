// Rules → one sentence on what a call does to the IRQL: "raises to DISPATCH_LEVEL, saves the previous IRQL in *OldIrql".
#pragma once

#include <string>
#include <vector>

#include "generator/model/model.h"

namespace ddi::emit {

/// Built from the irql-raise, irql-save, irql-restore and irql-unchanged rules; empty if there is none.
std::string irql_effect(const std::vector<model::Rule>& rules);

/// "PASSIVE_LEVEL, APC_LEVEL": the names of the levels, lowest first.
std::string level_list(facts::LevelSet levels);

}  // namespace ddi::emit
