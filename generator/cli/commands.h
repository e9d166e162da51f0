// What each command does with the documentation. Return values are exit codes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "generator/cli/pipeline.h"

namespace ddi::cli {

struct CommandOptions {
    ReadOptions read;
    std::size_t jobs = 0;  // 0: one for each processor
    std::string out;
    std::vector<std::string> only;  // empty: all parts
    bool check = false;
    std::string format = "text";
    std::string name;        // show
    bool contracts = false;  // coverage: sentence by sentence
    bool headers = false;    // coverage: header by header
    std::string uids;        // coverage --contracts: a file that names the routines to look at
    bool color = false;      // stderr is a terminal and NO_COLOR is not set
};

int run_generate(const CommandOptions& options);
int run_lint(const CommandOptions& options);
int run_coverage(const CommandOptions& options);
int run_show(const CommandOptions& options);

}  // namespace ddi::cli
