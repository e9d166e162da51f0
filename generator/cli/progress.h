// What the tool is doing, on a terminal's stderr only; nothing is printed where stderr is a file or a pipe.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>

namespace ddi::cli {

class Progress {
  public:
    /// `enabled`: stderr is a terminal.
    explicit Progress(bool enabled) : enabled_(enabled) {}
    ~Progress() { clear(); }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;

    /// Begins a stage of `total` steps (0: unknown). Not thread-safe.
    void stage(std::string name, std::size_t total);
    /// One step done; from any thread. Redraws at most ten times a second.
    void step();
    /// Removes the line.
    void clear();

  private:
    void draw(std::size_t done);

    bool enabled_;
    std::string name_;
    std::size_t total_ = 0;
    std::atomic<std::size_t> done_{0};
    std::atomic<std::chrono::steady_clock::rep> next_draw_{0};
    std::mutex drawing_;
    bool drawn_ = false;
};

}  // namespace ddi::cli
