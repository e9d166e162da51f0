// DPC objects in the caller's 64 bytes, and the processors' queues of them. A host thread is a processor of its own (thread.h), so a
// processor's DPCs run on its thread, when that lowers its IRQL below DISPATCH_LEVEL. If the thread is below already, or the processor
// has no thread, a worker thread runs them in the processor's name. Threaded DPCs run on a worker at PASSIVE_LEVEL.
// One gate guards all queues; it may be taken under the dispatcher lock, not the other way round.
#pragma once

#include <wdm.h>

#include <cstdint>
#include <exception>
#include <vector>

#include "conformance/kernel/thread.h"

namespace ddi::kernel {

struct Dpc {
    static constexpr std::uint32_t ordinary = 0x4F534431, threaded = 0x4F534432;
    static constexpr std::int32_t any_processor = -1;

    std::uint32_t kind;
    std::uint8_t importance;
    bool queued;
    std::int32_t target;  // any_processor: the one that queues it
    std::int32_t queued_on;
    Dpc* next;
    Dpc* previous;
    PKDEFERRED_ROUTINE routine;
    void* context;
    void* arguments[2];
};
static_assert(sizeof(Dpc) == 64 && sizeof(KDPC) == 64 && alignof(Dpc) <= 8, "KDPC is 64 bytes on 64-bit Windows");

struct Processor;

/// Processors that somebody else than their thread has to look after, once all locks have been left.
class ProcessorsToServe {
  public:
    void add(Processor& processor, bool threaded) { calls_.push_back({&processor, threaded}); }
    /// Also runs what the calling thread may run itself.
    void serve();
    /// On a thread of the kernel's own: exceptions are kept for take_background_failure().
    void serve_in_background();

  private:
    struct Call {
        Processor* processor;
        bool threaded;
    };
    std::vector<Call> calls_;
};

/// False: it is in a queue already.
bool insert_dpc(Dpc& dpc, void* argument1, void* argument2, ProcessorsToServe& to_serve);
/// The object at this address; a bug check if none was initialized there.
Dpc& dpc_at(void* object);

/// Runs the DPCs of the calling thread's processor.
void drain_dpcs(Thread& thread);

bool dpc_queued(const Dpc& dpc);
/// Takes all DPCs out of the queues of the calling thread's processor.
void forget_dpcs(Thread& thread);

/// A thread begins and ends to be a processor.
void attach_processor(Thread& thread);
void detach_processor(Thread& thread);

/// What a DPC on a worker ended with, a bug check for instance; told once.
std::exception_ptr take_background_failure();

}  // namespace ddi::kernel
