#include "generator/page/arena.h"

#include <algorithm>
#include <cstring>

namespace ddi::page {
namespace {

constexpr std::size_t alignment = alignof(std::max_align_t);
constexpr std::size_t block_size = 256 << 10;  // holds the trees of nearly every page

std::size_t round_up(std::size_t size) { return (size + alignment - 1) / alignment * alignment; }

}  // namespace

// Each piece is preceded by its size, which grow() needs.
void* Arena::allocate(std::size_t size) {
    const std::size_t needed = alignment + round_up(size);
    if (blocks_.empty() || blocks_.back().size - used_ < needed) {
        const std::size_t fresh = std::max(block_size, needed);
        blocks_.push_back({std::unique_ptr<std::byte[]>(new std::byte[fresh]), fresh});
        used_ = 0;
    }
    std::byte* piece = blocks_.back().bytes.get() + used_;
    used_ += needed;
    std::memcpy(piece, &size, sizeof size);
    return piece + alignment;
}

void* Arena::grow(void* old, std::size_t size) {
    if (old == nullptr) return allocate(size);
    std::byte* piece = static_cast<std::byte*>(old) - alignment;
    std::size_t old_size = 0;
    std::memcpy(&old_size, piece, sizeof old_size);
    if (size <= old_size) return old;
    Block& last = blocks_.back();
    const std::size_t piece_end = static_cast<std::size_t>(piece - last.bytes.get()) + alignment + round_up(old_size);
    const bool is_last = piece >= last.bytes.get() && piece < last.bytes.get() + last.size && piece_end == used_;
    if (is_last && last.size - used_ >= round_up(size) - round_up(old_size)) {
        used_ += round_up(size) - round_up(old_size);
        std::memcpy(piece, &size, sizeof size);
        return old;
    }
    void* fresh = allocate(size);
    std::memcpy(fresh, old, old_size);
    return fresh;
}

void Arena::reset() {
    if (!blocks_.empty() && blocks_.front().size == block_size)
        blocks_.resize(1);
    else
        blocks_.clear();
    used_ = 0;
}

}  // namespace ddi::page
