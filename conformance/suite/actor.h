// Another thread that does what the test says, one step at a time. Nothing here sleeps: a step is over when it has ended or when the
// implementation says that its thread is blocked. A thread that never comes back is left behind, so that one bug is one failed test.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <thread>

#include "conformance/suite/implementation.h"

namespace ddi::suite {

class Actor {
  public:
    Actor();
    /// Ends the thread; a stuck one is abandoned and any_abandoned() says so from then on.
    ~Actor();
    Actor(const Actor&) = delete;
    Actor& operator=(const Actor&) = delete;

    /// Begins a step. The body may outlive the caller if it gets stuck: let it own what it uses.
    void start(std::function<void()> body);
    enum class State { finished, blocked, stuck };
    /// Waits until the step has ended or is blocked; stuck: neither for seconds.
    State settle();
    /// The outcome of the step once it has ended; nothing if it does not end.
    std::optional<Outcome> finish();
    /// start and finish.
    std::optional<Outcome> run(std::function<void()> body);

    /// A thread was abandoned: leave the process without waiting for it.
    static bool any_abandoned();

  private:
    struct Shared;
    std::shared_ptr<Shared> shared_;
    std::thread thread_;
};

}  // namespace ddi::suite
