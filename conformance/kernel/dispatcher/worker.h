// Threads of the kernel's own, which do what no thread of the caller's is there for. They are made when all others are busy, sleep in
// between, and end with the process.
#pragma once

#include <functional>

namespace ddi::kernel {

void run_on_worker(std::function<void()> work);

}  // namespace ddi::kernel
