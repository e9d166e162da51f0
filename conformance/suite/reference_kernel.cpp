// The seam of the suite, and of the checking wrappers, on the reference kernel.
#include <ks.h>
#include <video.h>
#include <wdm.h>

#include <string_view>

#include "conformance/contract/environment.h"
#include "conformance/kernel/bugcheck.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/observe.h"
#include "conformance/kernel/streaming/avstream.h"
#include "conformance/kernel/video/video_port.h"
#include "conformance/suite/implementation.h"

namespace ddi::suite {

namespace {

namespace avstream = kernel::avstream;

class KernelHost : public Host {
  public:
    void* object(const std::string& header, const std::string& type, const std::string& parameter) override {
        if (type == "PKSDEVICE") return device().object();
        if (type == "KSDEVICE_HEADER") return device().header();
        if (type == "PKSFILTER") return filter().object();
        if (type == "PKSPIN") return pin().object();
        if (type == "PIRP") return irp();
        if (header == "ks.h" && type == "PVOID") return filter().object();
        if (header == "video.h" && type == "PVOID" && parameter == "HwDeviceExtension") return video().extension();
        return nullptr;
    }

    bool call(const std::string& type, void (*callback)(), CallbackReport& report) override {
        if (type != "PFNKSPINIRP") return false;
        // Created without a routine, closed by the one under test: the same type serves both, with the same promises.
        auto routine = reinterpret_cast<avstream::PinIrpRoutine>(callback);
        auto& pin = filter().add_pin(nullptr, routine);
        pin.create();
        request_ = &pin.close();
        report.called = true;
        report.completed = request_->completed();
        report.result = report.completed ? request_->status() : STATUS_PENDING;
        return true;
    }

    bool request_completed() override { return request_ != nullptr && request_->completed(); }

  private:
    avstream::Device& device() {
        if (!device_) device_ = std::make_unique<avstream::Device>();
        return *device_;
    }
    avstream::Filter& filter() {
        if (filter_ == nullptr) filter_ = &device().add_filter();
        return *filter_;
    }
    avstream::Pin& pin() {
        if (pin_ == nullptr) pin_ = &filter().add_pin();
        return *pin_;
    }
    kernel::video_port::Device& video() {
        if (!video_) video_ = std::make_unique<kernel::video_port::Device>();
        return *video_;
    }
    PIRP irp() {
        if (!loose_) loose_ = std::make_unique<kernel::Request>(kernel::Request::Operation::create);
        return loose_->irp();
    }

    std::unique_ptr<avstream::Device> device_;
    avstream::Filter* filter_ = nullptr;
    avstream::Pin* pin_ = nullptr;
    std::unique_ptr<kernel::video_port::Device> video_;
    std::unique_ptr<kernel::Request> loose_;
    kernel::Request* request_ = nullptr;
};

}  // namespace

Outcome guarded(const std::function<void()>& body) {
    try {
        body();
        return {};
    } catch (const kernel::BugCheck& crash) {
        return {Outcome::Kind::bug_check, static_cast<std::uint64_t>(crash.code), crash.text};
    } catch (const kernel::KernelException& raised) {
        return {Outcome::Kind::status, static_cast<std::uint64_t>(static_cast<std::uint32_t>(raised.status)), raised.text};
    } catch (const std::exception& other) {
        return {Outcome::Kind::other, 0, other.what()};
    } catch (...) {
        return {Outcome::Kind::other, 0, "an exception of unknown type"};
    }
}

unsigned char current_irql() { return KeGetCurrentIrql(); }
void force_irql(unsigned char level) { kernel::set_irql(level); }

bool apcs_disabled() { return KeAreApcsDisabled() != FALSE; }
bool all_apcs_disabled() { return KeAreAllApcsDisabled() != FALSE; }

void disable_apcs(Apcs apcs) {
    if (apcs == Apcs::all)
        KeEnterGuardedRegion();
    else
        KeEnterCriticalRegion();
}

void enable_apcs(Apcs apcs) {
    if (apcs == Apcs::all)
        KeLeaveGuardedRegion();
    else
        KeLeaveCriticalRegion();
}

ThreadToken this_thread() { return kernel::observe::current_thread(); }
bool is_blocked(ThreadToken thread) { return kernel::observe::blocked_on(static_cast<kernel::ThreadId>(thread)) != nullptr; }
void reset_thread() { kernel::observe::reset_current_thread(); }

void make_empty(const std::string& type, void* storage) {
    // An empty doubly linked list points to itself.
    if (type.find("LIST_ENTRY") == std::string::npos || type.find("SINGLE") != std::string::npos || type.find("SLIST") != std::string::npos)
        return;
    auto** links = static_cast<void**>(storage);
    links[0] = links[1] = storage;
}

std::unique_ptr<Host> make_host() { return std::make_unique<KernelHost>(); }

}  // namespace ddi::suite

namespace ddi::contract {

namespace {

/// Locks that the kernel's hosts take before they call a driver.
Answer holds(const char* noun, std::uintptr_t object) {
    namespace avstream = kernel::avstream;
    std::string_view word = noun;
    if (object == 0 || word.find("control mutex") == std::string_view::npos) return Answer::unknown;
    auto owner = kernel::observe::mutex_owner(avstream::Lookup::control_of(reinterpret_cast<PVOID>(object)));
    return owner == kernel::observe::current_thread() ? Answer::yes : Answer::no;
}

}  // namespace

const Environment& implementation() {
    static const Environment environment = {
        [] { return static_cast<unsigned char>(KeGetCurrentIrql()); },
        [] { return KeAreApcsDisabled() != FALSE; },
        [] { return KeAreAllApcsDisabled() != FALSE; },
        holds,
        nullptr,
    };
    return environment;
}

}  // namespace ddi::contract
