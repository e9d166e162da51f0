#include "conformance/kernel/dispatcher/thread_object.h"

#include "conformance/kernel/dispatcher/object.h"

namespace ddi::kernel {

struct ThreadObject : Dispatcher {
    ThreadObject() : Dispatcher(ObjectKind::thread, 0) {}
    int references = 1;  // the thread's own; guarded by the dispatcher lock
};

namespace {

void refer(Thread& thread, void* found) {
    const DispatcherScope scope;
    if (!thread.object) thread.object = new ThreadObject;
    ++thread.object->references;
    *static_cast<ThreadObject**>(found) = thread.object;
}

void release(ThreadObject* object) {
    bool last = false;
    {
        const DispatcherScope scope;
        last = --object->references == 0;
    }
    if (last) delete object;
}

}  // namespace

void* reference_thread_object(ThreadId thread) {
    ThreadObject* object = nullptr;
    with_thread(thread, refer, &object);
    return object;
}

void release_thread_object(void* object) { release(static_cast<ThreadObject*>(object)); }

void signal_thread_object(Thread& thread) {
    ThreadObject* object = nullptr;
    {
        DispatcherScope scope;
        object = thread.object;
        thread.object = nullptr;
        if (!object) return;
        Frozen frozen(*object, scope);
        frozen.set_state(1);
        frozen.serve();
    }
    release(object);
}

}  // namespace ddi::kernel
