// Memory for one page's parse trees, given back all at once: cmark-gfm and gumbo allocate every node, string and attribute on
// its own, and more than half of the time they take goes into malloc and free.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace ddi::page {

class Arena {
  public:
    /// Aligned for anything, not zeroed; lives until reset().
    void* allocate(std::size_t size);
    /// As realloc: the old bytes are kept, the old place is not used again unless it was the last one.
    void* grow(void* old, std::size_t size);
    /// Frees everything. One block is kept for the next page.
    void reset();

  private:
    struct Block {
        std::unique_ptr<std::byte[]> bytes;
        std::size_t size = 0;
    };
    std::vector<Block> blocks_;
    std::size_t used_ = 0;  // of the last block
};

}  // namespace ddi::page
