#include "conformance/suite/callback.h"

#include <gtest/gtest.h>

#include "conformance/contract/irql.h"
#include "conformance/suite/actor.h"

namespace ddi::suite {

namespace {

using Body = std::function<std::int64_t(const SharedObjects&)>;

/// The callback in progress; the documented callbacks have no context parameter of ours.
struct Progress {
    Body body;
    SharedObjects objects;
};
Progress& progress() {
    static thread_local Progress instance;
    return instance;
}

bool call(const Callback& callback, const SharedObjects& objects, CallbackReport& report, Body body) {
    progress() = {std::move(body), objects};
    bool hosted = false;
    Outcome outcome = guarded([&] { hosted = objects->host().call(callback.type, callback.function, report); });
    progress() = {};
    EXPECT_TRUE(hosted || !outcome.completed()) << "the implementation calls no " << callback.type;
    if (!expect_completed(outcome, callback.type)) reset_thread();
    EXPECT_TRUE(report.called) << callback.type << " was not called";
    return hosted && outcome.completed() && report.called;
}

}  // namespace

std::int64_t callback_entered(std::initializer_list<Argument> arguments) {
    Progress& now = progress();
    for (const auto& argument : arguments) now.objects->adopt(argument.type, argument.value);
    return now.body(now.objects);
}

void is_called_at(const Callback& callback, Levels levels) {
    CallbackReport report;
    call(callback, make_objects(), report, [&](const SharedObjects&) {
        unsigned char level = current_irql();
        EXPECT_NE(contract::levels_of(level).bits & levels.bits, 0) << callback.type << " called at IRQL " << int{level};
        return callback.success;
    });
    EXPECT_EQ(int{current_irql()}, 0);
}

void is_called(const Callback& callback) {
    CallbackReport report;
    int calls = 0;
    bool called = call(callback, make_objects(), report, [&](const SharedObjects&) {
        ++calls;
        return callback.success;
    });
    EXPECT_TRUE(!called || calls == 1) << callback.type << " was called " << calls << " times";
    EXPECT_EQ(int{current_irql()}, 0);
}

void is_called_by_holder(const Callback& callback, const Way& way) {
    SharedObjects objects = make_objects();
    Hand hand;
    if (!expect_completed(enter(way, *objects, hand), way.acquire->name)) return reset_thread();
    CallbackReport report;
    call(callback, objects, report, [&](const SharedObjects&) { return callback.success; });
    expect_completed(leave(way, *objects, hand), way.release->name, "must be possible after the callback");
}

void is_called_with_lock_held(const Callback& callback, const Way& way) {
    SharedObjects objects = make_objects();
    auto hand = std::make_shared<Hand>();
    Actor other;
    CallbackReport report;
    bool called = call(callback, objects, report, [&](const SharedObjects& given) {
        other.start([given, hand, &way] {
            Outcome outcome = enter(way, *given, *hand);
            EXPECT_TRUE(outcome.completed()) << way.acquire->name << ": " << outcome.text;
        });
        EXPECT_EQ(other.settle(), Actor::State::blocked)
            << "another thread can take it by " << way.acquire->name << " while the callback runs";
        return callback.success;
    });
    if (!called) return;
    EXPECT_TRUE(other.finish().has_value()) << "still held after the callback returned";
    other.run([objects, hand, &way] { leave(way, *objects, *hand); });
}

void may_leave_pending(const Callback& callback, std::int64_t status, const Function& before, const Function* after) {
    SharedObjects objects = make_objects();
    CallbackReport report;
    bool called = call(callback, objects, report, [&](const SharedObjects& given) {
        Hand hand;
        expect_completed(call_at(before, *given, hand, current_irql()), before.name);
        return status;
    });
    if (!called) return;
    EXPECT_FALSE(report.completed) << "the request is complete although the callback returned pending";
    if (after != nullptr) {
        Hand hand;
        expect_completed(call_legally(*after, *objects, hand), after->name);
        tidy(hand);
        EXPECT_TRUE(objects->host().request_completed()) << "after " << after->name;
    }
    may_return(callback, callback.success);
}

void may_return(const Callback& callback, std::int64_t status) {
    SharedObjects objects = make_objects();
    CallbackReport report;
    if (!call(callback, objects, report, [&](const SharedObjects&) { return status; })) return;
    EXPECT_EQ(report.result, status);
    EXPECT_TRUE(report.completed) << "the request is not complete although the callback returned";
}

void may_return_anything(const Callback& callback) {
    constexpr std::int64_t kUnsuccessful = static_cast<std::int32_t>(0xC0000001);
    may_return(callback, callback.success);
    may_return(callback, kUnsuccessful);
}

void completes_pending(const Callback& callback, std::int64_t status, const Function& before, const Function& function, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        CallbackReport report;
        bool called = call(callback, objects, report, [&](const SharedObjects& given) {
            Hand hand;
            expect_completed(call_at(before, *given, hand, current_irql()), before.name);
            return status;
        });
        if (!called) return;
        Hand hand;
        bool completed = expect_completed(call_at(function, *objects, hand, level), function.name);
        EXPECT_TRUE(!completed || current_irql() == level) << "IRQL " << int{current_irql()} << " after " << function.name;
        tidy(hand);
        EXPECT_TRUE(objects->host().request_completed()) << "after " << function.name;
    }
}

void call_directly(const Callback& callback, const Function& checked, unsigned char level) {
    SharedObjects objects = make_objects();
    progress() = {[&](const SharedObjects&) { return callback.success; }, objects};
    Hand hand;
    guarded([&] {
        force_irql(level);
        checked.call(*objects, hand);
    });
    progress() = {};
    force_irql(0);
}

void call_by_host(const Callback& callback, std::int64_t result) {
    SharedObjects objects = make_objects();
    CallbackReport report;
    progress() = {[&](const SharedObjects&) { return result; }, objects};
    guarded([&] { objects->host().call(callback.type, callback.function, report); });
    progress() = {};
}

}  // namespace ddi::suite
