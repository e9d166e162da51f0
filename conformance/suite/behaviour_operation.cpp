#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <mutex>
#include <set>

#include "conformance/suite/behaviour.h"
#include "conformance/suite/player.h"

namespace ddi::suite {

namespace {

constexpr int kEntries = 4, kThreads = 3;

std::int64_t address_of(Objects& objects, const ListFunctions& list, int element) {
    return as_number(objects.plain<void*>(list.entries, element));
}

std::int64_t taken(const ListFunctions& list, const Hand& hand) { return list.stored ? hand.stored : hand.result; }

bool add(Objects& objects, const ListFunctions& list, int element, unsigned char level) {
    Hand hand;
    hand.element = element;
    bool good = expect_completed(call_at(*list.add, objects, hand, level), list.add->name);
    tidy(hand);
    return good;
}

bool allowed(const Function& function, unsigned char level) {
    auto levels = tried_levels(function, kEveryLevel);
    return function.levels.bits == 0 || std::find(levels.begin(), levels.end(), level) != levels.end();
}

std::uint64_t mask(std::size_t width) { return width >= 8 ? ~std::uint64_t{0} : (std::uint64_t{1} << (8 * width)) - 1; }

std::uint64_t read(Objects& objects, const char* slot, std::size_t width) {
    std::uint64_t value = 0;
    std::memcpy(&value, objects.plain<void*>(slot), width);
    return value;
}

void write(Objects& objects, const char* slot, std::size_t width, std::uint64_t value) {
    std::memcpy(objects.plain<void*>(slot), &value, width);
}

std::uint64_t result_of(Verb verb, std::uint64_t before, const Hand& hand) {
    auto operand = static_cast<std::uint64_t>(hand.operand);
    switch (verb) {
        case Verb::add:
            return before + operand;
        case Verb::increment:
            return before + 1;
        case Verb::decrement:
            return before - 1;
        case Verb::exchange:
            return operand;
        case Verb::compare_exchange:
            return before == static_cast<std::uint64_t>(hand.second) ? operand : before;
    }
    return before;
}

}  // namespace

void keeps_list(const Way& way, const ListFunctions& list, const Function& tried, Levels within) {
    for (unsigned char level : tried_levels(tried, within)) {
        SCOPED_TRACE(testing::Message() << tried.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
        std::deque<std::int64_t> model;
        for (int i = 1; i <= kEntries; ++i) {
            if (!add(*objects, list, i, allowed(*list.add, level) ? level : 0)) return reset_thread();
            std::int64_t entry = address_of(*objects, list, i);
            if (list.at_head)
                model.push_front(entry);
            else
                model.push_back(entry);
        }
        for (int i = 0; i <= kEntries; ++i) {
            Hand hand;
            unsigned char here = allowed(*list.remove, level) ? level : 0;
            if (!expect_completed(call_at(*list.remove, *objects, hand, here), list.remove->name)) return reset_thread();
            tidy(hand);
            std::int64_t wanted = model.empty() ? 0 : model.front();
            EXPECT_EQ(taken(list, hand), wanted) << "entry " << i << " taken by " << list.remove->name;
            if (list.flushes) model.clear();
            if (!model.empty()) model.pop_front();
        }
    }
}

void returns_entry(const Way& way, const ListFunctions& list, const Function& function, Entry which, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level});
        SharedObjects objects = make_objects();
        if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
        std::deque<std::int64_t> model;
        for (int i = 1; i <= kEntries; ++i) {
            std::int64_t wanted = which == Entry::depth  ? static_cast<std::int64_t>(model.size())
                                  : model.empty()        ? 0
                                  : which == Entry::last ? model.back()
                                                         : model.front();
            Hand hand;
            hand.element = i;
            if (!expect_completed(call_at(function, *objects, hand, level), function.name)) return reset_thread();
            tidy(hand);
            EXPECT_EQ(which == Entry::depth ? hand.result : taken(list, hand), wanted)
                << "returned by " << function.name << " with " << i - 1 << " entries";
            if (&function != list.add && !add(*objects, list, i, 0)) return reset_thread();
            std::int64_t entry = address_of(*objects, list, i);
            if (list.at_head)
                model.push_front(entry);
            else
                model.push_back(entry);
        }
    }
}

void keeps_all_entries(const Way& way, const ListFunctions& list) {
    constexpr int kEach = 20;
    static_assert(kThreads * kEach < Objects::kElements);
    SharedObjects objects = make_objects();
    if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
    // Other objects of the calls are made before the threads compete.
    for (const Function* function : {list.add, list.remove}) expect_completed(prepare(*function, *objects), "the set-up");
    objects->plain<void*>(list.entries);
    struct Seen {
        std::mutex mutex;
        std::multiset<std::int64_t> entries;
    };
    auto seen = std::make_shared<Seen>();
    auto work = [objects, seen, &list](int first) {
        std::vector<std::int64_t> mine;
        for (int i = 0; i < kEach; ++i) {
            Hand hand;
            hand.element = first + i;
            Outcome outcome = call_legally(*list.add, *objects, hand);
            if (outcome.completed()) outcome = call_legally(*list.remove, *objects, hand);
            if (!outcome.completed()) throw std::runtime_error(outcome.text);
            tidy(hand);
            // With a flush, one thread takes what others added.
            if (std::int64_t entry = taken(list, hand); entry != 0 && !list.flushes) mine.push_back(entry);
        }
        std::lock_guard lock(seen->mutex);
        seen->entries.insert(mine.begin(), mine.end());
    };
    std::vector<std::unique_ptr<Actor>> actors;
    for (int i = 0; i < kThreads; ++i) actors.push_back(std::make_unique<Actor>());
    for (int i = 0; i < kThreads; ++i) actors[static_cast<std::size_t>(i)]->start([work, i] { work(1 + i * kEach); });
    bool all = true;
    for (auto& actor : actors) all = ended(actor->finish(), list.add->name) && all;
    if (!all || list.flushes) return;
    for (int i = 1; i <= kThreads * kEach; ++i)
        EXPECT_EQ(seen->entries.count(address_of(*objects, list, i)), 1U) << "entry " << i << " was lost, or taken twice";
}

void computes(const Way& way, const Function& function, Verb verb, const char* slot, std::size_t width, Result result, Levels within) {
    for (unsigned char level : tried_levels(function, within)) {
        for (std::uint64_t before : {std::uint64_t{0}, std::uint64_t{41}, std::uint64_t{0x7ffffffe}, std::uint64_t{0xffffffff}}) {
            for (bool equal : {true, false}) {
                if (!equal && verb != Verb::compare_exchange) continue;
                SCOPED_TRACE(testing::Message() << function.name << " at IRQL " << int{level} << " on " << before);
                SharedObjects objects = make_objects();
                if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
                write(*objects, slot, width, before);
                Hand hand;
                hand.operand = 7;
                hand.second = static_cast<std::int64_t>(equal ? before : before + 1);
                if (!expect_completed(call_at(function, *objects, hand, level), function.name)) return reset_thread();
                tidy(hand);
                std::uint64_t after = result_of(verb, before, hand) & mask(width);
                EXPECT_EQ(read(*objects, slot, width), after) << "after " << function.name;
                if (result == Result::none) continue;
                std::uint64_t wanted = result == Result::initial ? before : after;
                EXPECT_EQ(static_cast<std::uint64_t>(hand.result) & mask(width), wanted & mask(width)) << "returned by " << function.name;
            }
        }
    }
}

void computes_together(const Way& way, const Function& function, Verb verb, const char* slot, std::size_t width) {
    constexpr std::uint64_t kRounds = 96;
    SharedObjects objects = make_objects();
    if (!expect_completed(initialize(way, *objects), "the set-up")) return reset_thread();
    if (!expect_completed(prepare(function, *objects), "the set-up")) return reset_thread();
    write(*objects, slot, width, 0);
    std::vector<std::unique_ptr<Actor>> actors;
    for (int i = 0; i < kThreads; ++i) actors.push_back(std::make_unique<Actor>());
    for (auto& actor : actors) {
        actor->start([objects, &function] {
            for (std::uint64_t i = 0; i < kRounds; ++i) {
                Hand hand;
                Outcome outcome = call_legally(function, *objects, hand);
                if (!outcome.completed()) throw std::runtime_error(outcome.text);
                tidy(hand);
            }
        });
    }
    bool all = true;
    for (auto& actor : actors) all = ended(actor->finish(), function.name) && all;
    if (!all) return;
    std::uint64_t calls = kRounds * kThreads;
    std::uint64_t wanted = verb == Verb::decrement ? 0 - calls : verb == Verb::exchange || verb == Verb::compare_exchange ? 1 : calls;
    if (verb == Verb::compare_exchange) return;  // it only changes the variable while that is zero: no count shows a lost call
    EXPECT_EQ(read(*objects, slot, width), wanted & mask(width)) << "a call of " << function.name << " was lost";
}

void takes_lock(const Way& lock, const Function& function) {
    SharedObjects objects = make_objects();
    Player holder(objects), other(objects);
    if (!hold(holder, lock)) return;
    // The lock is the call's, too: it is made once, before it is held.
    objects->begin_preparation(function);
    for (const Function* before : function.before) {
        if (before == nullptr || before == lock.initialize) continue;
        Hand hand;
        expect_completed(call_legally(*before, *objects, hand), before->name);
        tidy(hand);
    }
    other.actor.start([objects, hand = other.hand, &function] {
        hand->element = 1;
        Outcome outcome = call_legally(function, *objects, *hand);
        tidy(*hand);
        EXPECT_TRUE(outcome.completed()) << function.name << ": " << outcome.text;
    });
    EXPECT_EQ(other.actor.settle(), Actor::State::blocked) << function.name << " does not wait for the lock that another thread holds";
    finish(lock, holder);
    EXPECT_TRUE(other.actor.finish().has_value()) << function.name << " still waits after " << lock.release->name;
}

}  // namespace ddi::suite
