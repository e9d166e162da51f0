// A second thread for a test of the kernel: its identity is known as soon as it runs, so that the test can watch where it stands.
// An exception of the body comes out of join(). Every body starts and has to end at PASSIVE_LEVEL, holding nothing.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <exception>
#include <functional>
#include <optional>
#include <thread>

#include "conformance/kernel/bugcheck.h"
#include "conformance/kernel/observe.h"

namespace ddi::kernel {

class Peer {
  public:
    explicit Peer(std::function<void()> body)
        : thread_([this, body = std::move(body)] {
              id_.store(observe::current_thread());
              id_.notify_all();
              try {
                  body();
                  const observe::Snapshot end = observe::snapshot();
                  if (end.irql != PASSIVE_LEVEL || end.held() != 0 || end.critical_regions != 0 || end.guarded_regions != 0)
                      throw std::runtime_error("the thread does not end as it began");
              } catch (...) {
                  failure_ = std::current_exception();
              }
          }) {
        id_.wait(0);
    }
    ~Peer() {
        if (thread_.joinable()) thread_.join();
    }
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    ThreadId id() const { return id_.load(); }
    void join() {
        thread_.join();
        if (failure_) std::rethrow_exception(failure_);
    }

  private:
    std::atomic<ThreadId> id_{0};
    std::exception_ptr failure_;
    std::thread thread_;  // last: the body uses the others
};

/// The bug check that a call ends in, and a clean thread afterwards.
template <class Call>
std::optional<BugCheck> bug_check_of(Call call) {
    try {
        call();
    } catch (const BugCheck& crash) {
        observe::reset_current_thread();
        return crash;
    }
    return std::nullopt;
}

template <class Call>
std::optional<std::int32_t> raised_status_of(Call call) {
    try {
        call();
    } catch (const KernelException& raised) {
        return raised.status;
    }
    return std::nullopt;
}

/// Expects the bug check with this code and, as far as given, these parameters.
template <class Call, class... Parameters>
void expect_bug_check(BugCode code, Call call, Parameters... parameters) {
    const std::optional<BugCheck> crash = bug_check_of(call);
    ASSERT_TRUE(crash.has_value()) << "no bug check";
    EXPECT_EQ(crash->code, code) << crash->text;
    const std::array<std::uint64_t, sizeof...(parameters)> expected{detail::as_parameter(parameters)...};
    for (std::size_t i = 0; i < expected.size(); ++i)
        EXPECT_EQ(crash->parameters[i], expected[i]) << crash->text << ", parameter " << i + 1;
}

/// A flag that one thread raises and others wait for, asleep.
class Signal {
  public:
    void set() {
        set_.store(true);
        set_.notify_all();
    }
    void wait() const { set_.wait(false); }
    bool is_set() const { return set_.load(); }

  private:
    std::atomic<bool> set_{false};
};

}  // namespace ddi::kernel
