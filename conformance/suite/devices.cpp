#include "conformance/suite/devices.h"

#include <wdfinterrupt.h>
#include <wdm.h>

#include <optional>
#include <vector>

#include "conformance/kernel/framework/framework.h"
#include "conformance/kernel/gpio/controller.h"
#include "conformance/kernel/io/cancel.h"
#include "conformance/kernel/io/interrupt.h"
#include "conformance/kernel/request.h"
#include "conformance/kernel/storport/adapter.h"

namespace ddi::suite {

namespace {

namespace framework = kernel::framework;

/// A driver's queue: IRPs in a vector. Each routine can be replaced by one under test; the others then do what is left to do.
struct Queue {
    IO_CSQ csq;  // first: the routines find the queue through it
    std::vector<PIRP> irps;
    kernel::Request request{kernel::Request::Operation::create};

    struct Routines {
        PIO_CSQ_INSERT_IRP insert = [](PIO_CSQ csq, PIRP irp) { of(csq).irps.push_back(irp); };
        PIO_CSQ_REMOVE_IRP remove = [](PIO_CSQ csq, PIRP irp) { std::erase(of(csq).irps, irp); };
        PIO_CSQ_PEEK_NEXT_IRP peek = [](PIO_CSQ csq, PIRP after, PVOID) -> PIRP {
            return after || of(csq).irps.empty() ? nullptr : of(csq).irps.front();
        };
        PIO_CSQ_ACQUIRE_LOCK acquire = [](PIO_CSQ, PKIRQL irql) { *irql = KeGetCurrentIrql(); };  // one thread: nobody to keep out
        PIO_CSQ_RELEASE_LOCK release = [](PIO_CSQ, KIRQL) {};
        PIO_CSQ_COMPLETE_CANCELED_IRP complete = [](PIO_CSQ, PIRP irp) { kernel::Request::of(irp).complete_pending(); };
    };

    Queue() : Queue(Routines{}, nullptr) {}
    Queue(const Routines& use, PIO_CSQ_INSERT_IRP_EX insert_ex) {
        if (insert_ex)
            IoCsqInitializeEx(&csq, insert_ex, use.remove, use.peek, use.acquire, use.release, use.complete);
        else
            IoCsqInitialize(&csq, use.insert, use.remove, use.peek, use.acquire, use.release, use.complete);
    }
    static Queue& of(PIO_CSQ csq) { return *reinterpret_cast<Queue*>(csq); }

    NTSTATUS insert() { return IoCsqInsertIrpEx(&csq, request.irp(), nullptr, nullptr); }
};

template <class Routine>
Routine* as(void (*callback)()) {
    return reinterpret_cast<Routine*>(callback);
}

/// Has the system call a queue's routine once. False: no such type.
bool call_queue_routine(const std::string& type, void (*callback)(), CallbackReport& report) {
    Queue::Routines routines;
    PIO_CSQ_INSERT_IRP_EX insert_ex = nullptr;
    bool remove = false, cancel = false;
    if (type == "IO_CSQ_INSERT_IRP") {
        routines.insert = as<IO_CSQ_INSERT_IRP>(callback);
    } else if (type == "IO_CSQ_INSERT_IRP_EX") {
        insert_ex = as<IO_CSQ_INSERT_IRP_EX>(callback);
    } else if (type == "IO_CSQ_ACQUIRE_LOCK") {
        routines.acquire = as<IO_CSQ_ACQUIRE_LOCK>(callback);
    } else if (type == "IO_CSQ_RELEASE_LOCK") {
        routines.release = as<IO_CSQ_RELEASE_LOCK>(callback);
    } else if (type == "IO_CSQ_REMOVE_IRP") {
        routines.remove = as<IO_CSQ_REMOVE_IRP>(callback);
        remove = true;
    } else if (type == "IO_CSQ_PEEK_NEXT_IRP") {
        routines.peek = as<IO_CSQ_PEEK_NEXT_IRP>(callback);
        remove = true;
    } else if (type == "IO_CSQ_COMPLETE_CANCELED_IRP") {
        routines.complete = as<IO_CSQ_COMPLETE_CANCELED_IRP>(callback);
        cancel = true;
    } else {
        return false;
    }
    Queue queue(routines, insert_ex);
    report.result = queue.insert();
    if (remove) report.result = reinterpret_cast<std::intptr_t>(IoCsqRemoveNextIrp(&queue.csq, nullptr));
    if (cancel) kernel::io::cancel(queue.request.irp());
    report.called = report.completed = true;
    return true;
}

}  // namespace

struct Devices::Made {
    std::optional<kernel::io::Interrupt> interrupt;
    std::optional<kernel::storport::Adapter> adapter;
    STOR_DPC dpc{};
    WDFOBJECT device = nullptr;
    WDFINTERRUPT framework_interrupt = nullptr;
    std::optional<kernel::gpio::Controller> controller;
    std::optional<Queue> queue;

    ~Made() {
        if (device) framework::remove(device);
    }
    PKINTERRUPT interrupt_object(KIRQL level) {
        if (!interrupt) interrupt.emplace(level);
        return interrupt->object();
    }
    WDFOBJECT device_handle() {
        if (!device) device = framework::create_device();
        return device;
    }
    WDFINTERRUPT interrupt_handle(KIRQL level) {
        if (!framework_interrupt) framework_interrupt = framework::create_interrupt(device_handle(), level);
        return framework_interrupt;
    }
};

Devices::Devices() : made_(std::make_unique<Made>()) {}
Devices::~Devices() = default;

void* Devices::object(const std::string& header, const std::string& type, const std::string& parameter) {
    if (type == "PKINTERRUPT") return made_->interrupt_object(dirql());
    if (type == "PIO_CSQ") {
        if (!made_->queue) made_->queue.emplace();
        return &made_->queue->csq;
    }
    if (type == "WDFOBJECT") return made_->device_handle();
    if (type == "WDFINTERRUPT") return made_->interrupt_handle(level_ == 0 ? level_ : dirql());
    if (type != "PVOID") return nullptr;
    if (header == "storport.h" && parameter.ends_with("DeviceExtension")) {
        if (!made_->adapter) made_->adapter.emplace(std::size_t{256}, 4u, dirql());
        return made_->adapter->extension();
    }
    if (header == "storport.h" && parameter == "LockContext") return &made_->dpc;
    if (header == "gpioclx.h") {
        if (!made_->controller) made_->controller.emplace(BANK_ID{4}, dirql());
        return made_->controller->context();
    }
    return nullptr;
}

bool Devices::call(const std::string& type, void (*callback)(), CallbackReport& report) {
    if (type == "KSYNCHRONIZE_ROUTINE") {
        report.result = KeSynchronizeExecution(made_->interrupt_object(dirql()), as<KSYNCHRONIZE_ROUTINE>(callback), nullptr);
    } else if (type == "EVT_WDF_INTERRUPT_SYNCHRONIZE") {
        report.result = WdfInterruptSynchronize(made_->interrupt_handle(dirql()), as<EVT_WDF_INTERRUPT_SYNCHRONIZE>(callback), nullptr);
    } else {
        return call_queue_routine(type, callback, report);
    }
    report.called = report.completed = true;
    return true;
}

}  // namespace ddi::suite
