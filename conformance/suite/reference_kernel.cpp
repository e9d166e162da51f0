// The seam of the suite, and of the checking wrappers, on the reference kernel.
#include <ks.h>
#include <ndis.h>
#include <video.h>
#include <wdm.h>

#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "conformance/contract/environment.h"
#include "conformance/kernel/bugcheck.h"
#include "conformance/kernel/executive/executive.h"
#include "conformance/kernel/irql.h"
#include "conformance/kernel/ndis/adapter.h"
#include "conformance/kernel/observe.h"
#include "conformance/kernel/streaming/callbacks.h"
#include "conformance/kernel/video/video_port.h"
#include "conformance/suite/devices.h"
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
        if (type == "PKSSTREAM_POINTER") return pin().queue().leading_edge().object();
        if (type == "PKSPROCESSPIN") return process_pin();
        if (type == "PIRP") return irp();
        if (type == "PUNICODE_STRING") return name();
        // What ExGetCurrentResourceThread gives the thread that asks.
        if (type == "ERESOURCE_THREAD")
            return reinterpret_cast<void*>(kernel::executive::resource_thread(kernel::observe::current_thread()));
        if (header == "ks.h" && type == "PVOID") return filter().object();
        if (type == "NDIS_HANDLE") return parameter == "NdisInterruptHandle" ? adapter_.interrupt() : adapter_.handle();
        if (header == "video.h" && type == "PVOID" && parameter == "HwDeviceExtension") return video().extension();
        return devices_.object(header, type, parameter);
    }

    bool call(const std::string& type, void (*callback)(), CallbackReport& report) override {
        if (devices_.call(type, callback, report)) return true;
        const avstream::CallbackResult result = avstream::call_minidriver(device(), filter(), type, callback);
        if (!result.known) return false;
        request_ = result.request;
        report.called = true;
        report.completed = !request_ || request_->completed();
        report.result = result.returned;
        return true;
    }

    bool bring_into(const std::string& thing, const std::string& state) override {
        if (thing != "filter" || (state != "STOP" && state != "RUN")) return false;
        runs_ = state == "RUN";
        runs_ ? filter().run() : filter().stop();
        return true;
    }

    void set_interrupt_level(unsigned char level) override { devices_.set_interrupt_level(level); }

    bool request_completed() override { return request_ != nullptr && request_->completed(); }

  private:
    Devices devices_;

    avstream::Device& device() {
        if (!device_) device_ = std::make_unique<avstream::Device>();
        return *device_;
    }
    avstream::Filter& filter() {
        if (filter_ == nullptr) filter_ = &device().add_filter();
        return *filter_;
    }
    avstream::Pin& pin() {
        if (pin_ == nullptr) {
            pin_ = &filter().add_pin();
            for (int i = 0; i < frames; ++i) pin_->queue().add_frame(frame_size);
        }
        return *pin_;
    }
    PKSPROCESSPIN process_pin() {
        process_pin_.Pin = pin().object();
        if (runs_) filter().run();
        return &process_pin_;
    }
    kernel::video_port::Device& video() {
        if (!video_) video_ = std::make_unique<kernel::video_port::Device>(extension_size, device_level);
        return *video_;
    }
    PIRP irp() {
        if (!loose_) loose_ = std::make_unique<kernel::Request>(kernel::Request::Operation::create);
        return loose_->irp();
    }

    /// Of an object that does not exist yet.
    PUNICODE_STRING name() {
        static std::atomic<unsigned> last{0};
        if (text_.empty()) {
            for (char c : "\\BaseNamedObjects\\ddi-suite-" + std::to_string(last.fetch_add(1))) text_.push_back(static_cast<WCHAR>(c));
            name_.Buffer = text_.data();
            name_.Length = name_.MaximumLength = static_cast<USHORT>(text_.size() * sizeof(WCHAR));
        }
        return &name_;
    }

    // Enough of both that no test uses them up.
    static constexpr int frames = 64;
    static constexpr std::size_t frame_size = 4096;
    static constexpr std::size_t extension_size = 256;

    std::unique_ptr<avstream::Device> device_;
    avstream::Filter* filter_ = nullptr;
    avstream::Pin* pin_ = nullptr;
    KSPROCESSPIN process_pin_{};
    bool runs_ = true;
    std::vector<WCHAR> text_;
    UNICODE_STRING name_{};
    kernel::ndis::Adapter adapter_{{device_level}};
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
void reset_thread() {
    kernel::observe::reset_current_thread();
    // Timers in storage of an earlier test.
    kernel::observe::forget_timers();
}

void forget_storage(const void* storage, std::size_t size) { kernel::observe::forget_timers(storage, size); }

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
    const std::string_view word = noun;
    auto is = [&](std::string_view name) { return word.find(name) != std::string_view::npos; };
    const auto at = reinterpret_cast<PVOID>(object);
    PRKMUTEX mutex = nullptr;
    if (at && is("control mutex")) mutex = avstream::Lookup::control_of(at);
    if (at && is("device mutex")) mutex = avstream::Lookup::device_mutex_of(at);
    if (!mutex) return Answer::unknown;
    auto owner = kernel::observe::mutex_owner(mutex);
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
        nullptr,
        [] { return static_cast<std::uint32_t>(KeGetCurrentProcessorNumberEx(nullptr)); },
    };
    return environment;
}

}  // namespace ddi::contract
