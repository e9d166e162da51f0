#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include "conformance/contract/contract.h"
#include "conformance/contract/history.h"
#include "conformance/contract/lock_order.h"
#include "conformance/contract/report.h"
#include "conformance/contract/tracker.h"
#include "conformance/contract/words.h"

namespace ddi::contract {

namespace {

struct HandlerSlot {
    std::mutex mutex;
    std::shared_ptr<const Handler> handler;  // shared: it may be replaced while another thread is inside it
};

HandlerSlot& slot() {
    static HandlerSlot instance;
    return instance;
}

std::string format_held(const std::vector<HeldLock>& held) {
    std::string text;
    for (const auto& lock : held) {
        char address[32];
        std::snprintf(address, sizeof address, "0x%zx", static_cast<std::size_t>(lock.object));
        text += lock.noun + " " + address + ", acquired by " + lock.function + " at " + lock.place + "\n";
    }
    return text;
}

[[noreturn]] void print_and_abort(const Violation& violation) {
    std::fputs(format_violation(violation).c_str(), stderr);
    std::abort();
}

}  // namespace

std::string format_violation(const Violation& violation) {
    std::string text = "contract violation " + violation.rule + "\n  in " + violation.function +
                       (violation.before_call ? ", before the call" : ", after the call") + "\n  observed: " + violation.observed +
                       "\n  required: " + violation.required + "\n  thread:   " + std::to_string(violation.thread) + "\n";
    std::string held = format_held(violation.held);
    if (held.empty()) held = "nothing\n";
    std::size_t begin = 0;
    for (std::size_t end = held.find('\n'); end != std::string::npos; begin = end + 1, end = held.find('\n', begin)) {
        text += (begin == 0 ? "  holds:    " : "            ") + held.substr(begin, end - begin) + "\n";
    }
    return text + "  " + violation.page + ":" + std::to_string(violation.line) + ": " + violation.sentence + "\n";
}

Handler set_handler(Handler handler) {
    auto next = handler ? std::make_shared<const Handler>(std::move(handler)) : nullptr;
    std::lock_guard lock(slot().mutex);
    auto previous = std::exchange(slot().handler, std::move(next));
    return previous ? *previous : Handler();
}

void deliver(const Violation& violation) {
    std::shared_ptr<const Handler> handler;
    {
        std::lock_guard lock(slot().mutex);
        handler = slot().handler;
    }
    if (handler)
        (*handler)(violation);
    else
        print_and_abort(violation);
}

Recorder::Recorder(Mode mode) {
    previous_ = set_handler([this, mode](const Violation& violation) {
        {
            std::lock_guard lock(mutex_);
            violations_.push_back(violation);
        }
        if (mode == Mode::throw_before_call && violation.before_call) throw violation;
    });
}

Recorder::~Recorder() { set_handler(std::move(previous_)); }

std::vector<Violation> Recorder::violations() const {
    std::lock_guard lock(mutex_);
    return violations_;
}

std::vector<std::string> Recorder::rules() const {
    std::lock_guard lock(mutex_);
    std::vector<std::string> ids;
    for (const auto& violation : violations_) ids.push_back(violation.rule);
    return ids;
}

void Recorder::clear() {
    std::lock_guard lock(mutex_);
    violations_.clear();
}

std::vector<HeldLock> held_locks() {
    std::vector<HeldLock> held;
    for (const auto& hold : tracker().holds(thread_number())) held.push_back(describe(hold));
    return held;
}

std::size_t check_quiescent() {
    auto report = [](const Rule& rule, const char* function, std::string observed, std::string required, std::vector<HeldLock> held) {
        Violation violation;
        violation.rule = rule.id;
        violation.function = function;
        violation.observed = std::move(observed);
        violation.required = std::move(required);
        violation.thread = thread_number();
        violation.held = std::move(held);
        violation.sentence = rule.sentence;
        violation.page = rule.page;
        violation.line = rule.line;
        violation.before_call = false;
        deliver(violation);
    };
    auto holds = tracker().holds(thread_number());
    for (const auto& hold : holds) {
        tracker().remove(hold.serial);
        report(hold.release_with != nullptr ? *hold.release_with : *hold.acquire, hold.function,
               std::string(hold.object.noun) + " still held, acquired at " + place_name(hold.caller), "released", {describe(hold)});
    }
    auto obligations = history().take_obligations(thread_number());
    if (auto next = std::exchange(thread_state().next, std::nullopt)) obligations.push_back({next->rule, next->function, 0, 0, nullptr});
    for (const auto& obligation : obligations)
        report(*obligation.rule, obligation.function, "nothing followed", one_of(obligation.rule->functions) + " called afterwards", {});
    return holds.size() + obligations.size();
}

void assume_initialized(const void* object) { tracker().initialized({"", "", key(object)}, ""); }

void forget_everything() {
    tracker().forget_everything();
    history().forget_everything();
    lock_order().forget_everything();
}

}  // namespace ddi::contract

extern "C" void ddi_contract_set_handler(ddi_violation_handler handler, void* context) {
    using namespace ddi::contract;
    if (handler == nullptr) {
        set_handler(Handler());
        return;
    }
    set_handler([handler, context](const Violation& violation) {
        std::string held = format_held(violation.held);
        ddi_violation plain{violation.rule.c_str(),
                            violation.function.c_str(),
                            violation.observed.c_str(),
                            violation.required.c_str(),
                            violation.sentence.c_str(),
                            violation.page.c_str(),
                            violation.line,
                            violation.thread,
                            held.c_str(),
                            violation.before_call ? 1 : 0};
        handler(&plain, context);
    });
}

extern "C" size_t ddi_contract_check_quiescent(void) { return ddi::contract::check_quiescent(); }
