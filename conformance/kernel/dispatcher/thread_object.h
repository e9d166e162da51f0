// Thread objects: dispatcher objects that are signaled when their thread ends. They are made when somebody first asks for one, and
// outlive the thread as long as somebody refers to them.
#pragma once

#include "conformance/kernel/thread.h"

namespace ddi::kernel {

/// A reference to the object of this thread (a PKTHREAD on Windows), for release_thread_object; null: the thread has ended.
void* reference_thread_object(ThreadId thread);
void release_thread_object(void* object);

/// The thread ends: whoever waits for it goes on.
void signal_thread_object(Thread& thread);

}  // namespace ddi::kernel
