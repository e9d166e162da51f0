// Mutual exclusion of every lock by one body: more threads than processors increment a plain counter. A lost update fails the
// test; under ThreadSanitizer, so does a missing memory order. Also: who waits is seen to wait, and is let in by the release.
#include <ks.h>
#include <video.h>

#include <functional>
#include <memory>

#include "conformance/kernel/streaming/avstream.h"
#include "conformance/kernel/video/video_port.h"
#include "conformance/tests/peer.h"

namespace ddi::kernel {
namespace {

/// One critical section of a lock, and what a waiter is seen to wait for.
struct Section {
    std::function<void(const std::function<void()>&)> with;
    const void* object;
    KIRQL inside;   // the level the body runs at
    bool critical;  // whether the body finds normal kernel APCs off by a region
    bool guarded;
};

struct Variant {
    const char* name;
    std::function<std::shared_ptr<Section>()> make;
};
/// The test's name in listings: without it GoogleTest prints the bytes, addresses among them.
void PrintTo(const Variant& variant, std::ostream* out) { *out << variant.name; }

template <class Storage>
std::shared_ptr<Section> section(std::shared_ptr<Storage> storage, const void* object, KIRQL inside, bool critical, bool guarded,
                                 std::function<void(Storage&, const std::function<void()>&)> with) {
    return std::make_shared<Section>(
        Section{[storage, with](const std::function<void()>& body) { with(*storage, body); }, object, inside, critical, guarded});
}

using Body = std::function<void()>;

std::shared_ptr<Section> spin(std::function<void(KSPIN_LOCK&, const Body&)> with) {
    auto lock = std::make_shared<KSPIN_LOCK>();
    KeInitializeSpinLock(lock.get());
    return section<KSPIN_LOCK>(lock, lock.get(), DISPATCH_LEVEL, false, false, std::move(with));
}

std::shared_ptr<Section> fast(std::function<void(FAST_MUTEX&, const Body&)> with, KIRQL inside, bool critical) {
    auto mutex = std::make_shared<FAST_MUTEX>();
    ExInitializeFastMutex(mutex.get());
    return section<FAST_MUTEX>(mutex, mutex.get(), inside, critical, false, std::move(with));
}

std::shared_ptr<Section> guarded(std::function<void(KGUARDED_MUTEX&, const Body&)> with) {
    auto mutex = std::make_shared<KGUARDED_MUTEX>();
    KeInitializeGuardedMutex(mutex.get());
    return section<KGUARDED_MUTEX>(mutex, mutex.get(), PASSIVE_LEVEL, false, true, std::move(with));
}

struct Stream {
    avstream::Device device;
    avstream::Filter& filter = device.add_filter();
    avstream::Pin& pin = filter.add_pin();
};

std::shared_ptr<Section> stream(std::function<const void*(Stream&)> object, std::function<void(Stream&, const Body&)> with) {
    auto storage = std::make_shared<Stream>();
    const void* waited_for = object(*storage);
    return section<Stream>(storage, waited_for, PASSIVE_LEVEL, true, false, std::move(with));
}

struct Video {
    video_port::Device device;
    PSPIN_LOCK lock = nullptr;
    Video() { EXPECT_EQ(VideoPortCreateSpinLock(device.extension(), &lock), 0); }
};

const Variant variants[] = {
    {"KeAcquireSpinLock",
     [] {
         return spin([](KSPIN_LOCK& lock, const Body& body) {
             KIRQL old;
             KeAcquireSpinLock(&lock, &old);
             body();
             KeReleaseSpinLock(&lock, old);
         });
     }},
    {"KeAcquireSpinLockRaiseToDpc",
     [] {
         return spin([](KSPIN_LOCK& lock, const Body& body) {
             const KIRQL old = KeAcquireSpinLockRaiseToDpc(&lock);
             body();
             KeReleaseSpinLock(&lock, old);
         });
     }},
    {"KeAcquireSpinLockForDpc",
     [] {
         return spin([](KSPIN_LOCK& lock, const Body& body) {
             const KIRQL old = KeAcquireSpinLockForDpc(&lock);
             body();
             KeReleaseSpinLockForDpc(&lock, old);
         });
     }},
    {"KeAcquireSpinLockAtDpcLevel",
     [] {
         return spin([](KSPIN_LOCK& lock, const Body& body) {
             const KIRQL old = KeRaiseIrqlToDpcLevel();
             KeAcquireSpinLockAtDpcLevel(&lock);
             body();
             KeReleaseSpinLockFromDpcLevel(&lock);
             KeLowerIrql(old);
         });
     }},
    {"KeTryToAcquireSpinLockAtDpcLevel",
     [] {
         return spin([](KSPIN_LOCK& lock, const Body& body) {
             const KIRQL old = KeRaiseIrqlToDpcLevel();
             if (!KeTryToAcquireSpinLockAtDpcLevel(&lock)) KeAcquireSpinLockAtDpcLevel(&lock);
             body();
             KefReleaseSpinLockFromDpcLevel(&lock);
             KeLowerIrql(old);
         });
     }},
    {"KeAcquireInStackQueuedSpinLock",
     [] {
         return spin([](KSPIN_LOCK& lock, const Body& body) {
             KLOCK_QUEUE_HANDLE handle;
             KeAcquireInStackQueuedSpinLock(&lock, &handle);
             body();
             KeReleaseInStackQueuedSpinLock(&handle);
         });
     }},
    {"KeAcquireInStackQueuedSpinLockForDpc",
     [] {
         return spin([](KSPIN_LOCK& lock, const Body& body) {
             KLOCK_QUEUE_HANDLE handle;
             KeAcquireInStackQueuedSpinLockForDpc(&lock, &handle);
             body();
             KeReleaseInStackQueuedSpinLockForDpc(&handle);
         });
     }},
    {"KeAcquireInStackQueuedSpinLockAtDpcLevel",
     [] {
         return spin([](KSPIN_LOCK& lock, const Body& body) {
             const KIRQL old = KeRaiseIrqlToDpcLevel();
             KLOCK_QUEUE_HANDLE handle;
             KeAcquireInStackQueuedSpinLockAtDpcLevel(&lock, &handle);
             body();
             KeReleaseInStackQueuedSpinLockFromDpcLevel(&handle);
             KeLowerIrql(old);
         });
     }},
    {"ExAcquireFastMutex",
     [] {
         return fast(
             [](FAST_MUTEX& mutex, const Body& body) {
                 ExAcquireFastMutex(&mutex);
                 body();
                 ExReleaseFastMutex(&mutex);
             },
             APC_LEVEL, false);
     }},
    {"ExTryToAcquireFastMutex",
     [] {
         return fast(
             [](FAST_MUTEX& mutex, const Body& body) {
                 if (!ExTryToAcquireFastMutex(&mutex)) ExAcquireFastMutex(&mutex);
                 body();
                 ExReleaseFastMutex(&mutex);
             },
             APC_LEVEL, false);
     }},
    {"ExAcquireFastMutexUnsafe",
     [] {
         return fast(
             [](FAST_MUTEX& mutex, const Body& body) {
                 KeEnterCriticalRegion();
                 ExAcquireFastMutexUnsafe(&mutex);
                 body();
                 ExReleaseFastMutexUnsafe(&mutex);
                 KeLeaveCriticalRegion();
             },
             PASSIVE_LEVEL, true);
     }},
    {"KeAcquireGuardedMutex",
     [] {
         return guarded([](KGUARDED_MUTEX& mutex, const Body& body) {
             KeAcquireGuardedMutex(&mutex);
             body();
             KeReleaseGuardedMutex(&mutex);
         });
     }},
    {"KeTryToAcquireGuardedMutex",
     [] {
         return guarded([](KGUARDED_MUTEX& mutex, const Body& body) {
             if (!KeTryToAcquireGuardedMutex(&mutex)) KeAcquireGuardedMutex(&mutex);
             body();
             KeReleaseGuardedMutex(&mutex);
         });
     }},
    {"KeAcquireGuardedMutexUnsafe",
     [] {
         return guarded([](KGUARDED_MUTEX& mutex, const Body& body) {
             KeEnterGuardedRegion();
             KeAcquireGuardedMutexUnsafe(&mutex);
             body();
             KeReleaseGuardedMutexUnsafe(&mutex);
             KeLeaveGuardedRegion();
         });
     }},
    {"KeWaitForSingleObject",
     [] {
         auto mutex = std::make_shared<KMUTEX>();
         KeInitializeMutex(mutex.get(), 0);
         return section<KMUTEX>(mutex, mutex.get(), PASSIVE_LEVEL, true, false, [](KMUTEX& held, const Body& body) {
             EXPECT_EQ(KeWaitForSingleObject(&held, Executive, KernelMode, FALSE, nullptr), STATUS_SUCCESS);
             body();
             EXPECT_EQ(KeReleaseMutex(&held, FALSE), 0);
         });
     }},
    {"KsAcquireDevice",
     [] {
         return stream([](Stream& s) -> const void* { return s.device.mutex(); },
                       [](Stream& s, const Body& body) {
                           KsAcquireDevice(s.device.object());
                           body();
                           KsReleaseDevice(s.device.object());
                       });
     }},
    {"KsFilterAcquireControl",
     [] {
         return stream([](Stream& s) -> const void* { return s.filter.control(); },
                       [](Stream& s, const Body& body) {
                           KsFilterAcquireControl(s.filter.object());
                           body();
                           KsPinReleaseControl(s.pin.object());
                       });
     }},
    {"KsPinAcquireControl",
     [] {
         return stream([](Stream& s) -> const void* { return s.filter.control(); },
                       [](Stream& s, const Body& body) {
                           KsPinAcquireControl(s.pin.object());
                           body();
                           KsFilterReleaseControl(s.filter.object());
                       });
     }},
    {"KsFilterAcquireProcessingMutex",
     [] {
         return stream([](Stream& s) -> const void* { return s.filter.processing(); },
                       [](Stream& s, const Body& body) {
                           KsFilterAcquireProcessingMutex(s.filter.object());
                           body();
                           KsFilterReleaseProcessingMutex(s.filter.object());
                       });
     }},
    {"KsPinAcquireProcessingMutex",
     [] {
         return stream([](Stream& s) -> const void* { return avstream::Lookup::processing_of(s.pin.object()); },
                       [](Stream& s, const Body& body) {
                           KsPinAcquireProcessingMutex(s.pin.object());
                           body();
                           KsPinReleaseProcessingMutex(s.pin.object());
                       });
     }},
    {"KsAcquireDeviceSecurityLock",
     [] {
         return stream([](Stream& s) -> const void* { return &s.device.security(); },
                       [](Stream& s, const Body& body) {
                           KsAcquireDeviceSecurityLock(s.device.header(), TRUE);
                           body();
                           KsReleaseDeviceSecurityLock(s.device.header());
                       });
     }},
    {"VideoPortAcquireDeviceLock",
     [] {
         auto video = std::make_shared<Video>();
         return section<Video>(video, video->device.lock(), PASSIVE_LEVEL, true, false, [](Video& v, const Body& body) {
             VideoPortAcquireDeviceLock(v.device.extension());
             body();
             VideoPortReleaseDeviceLock(v.device.extension());
         });
     }},
    {"VideoPortAcquireSpinLock",
     [] {
         auto video = std::make_shared<Video>();
         return section<Video>(video, video_port::Device::spin_lock(video->lock), DISPATCH_LEVEL, false, false,
                               [](Video& v, const Body& body) {
                                   UCHAR old;
                                   VideoPortAcquireSpinLock(v.device.extension(), v.lock, &old);
                                   body();
                                   VideoPortReleaseSpinLock(v.device.extension(), v.lock, old);
                               });
     }},
    {"VideoPortAcquireSpinLockAtDpcLevel",
     [] {
         auto video = std::make_shared<Video>();
         return section<Video>(video, video_port::Device::spin_lock(video->lock), DISPATCH_LEVEL, false, false,
                               [](Video& v, const Body& body) {
                                   const KIRQL old = KeRaiseIrqlToDpcLevel();
                                   VideoPortAcquireSpinLockAtDpcLevel(v.device.extension(), v.lock);
                                   body();
                                   VideoPortReleaseSpinLockFromDpcLevel(v.device.extension(), v.lock);
                                   KeLowerIrql(old);
                               });
     }},
};

class Exclusion : public testing::TestWithParam<Variant> {};

TEST_P(Exclusion, NoUpdateIsLost) {
    constexpr int threads = 8;
    constexpr int rounds = 2000;
    const std::shared_ptr<Section> lock = GetParam().make();
    long counter = 0;
    Signal go;
    std::vector<std::unique_ptr<Peer>> peers;
    for (int i = 0; i < threads; ++i) {
        peers.push_back(std::make_unique<Peer>([&] {
            go.wait();
            for (int round = 0; round < rounds; ++round) {
                lock->with([&] {
                    const long seen = counter;
                    if (round % 64 == 0) std::this_thread::yield();  // let somebody try to get in
                    counter = seen + 1;
                });
            }
        }));
    }
    go.set();
    for (auto& peer : peers) peer->join();
    EXPECT_EQ(counter, long{threads} * rounds);
}

TEST_P(Exclusion, LevelsAndApcStateInsideAndAfter) {
    const std::shared_ptr<Section> lock = GetParam().make();
    lock->with([&] {
        const observe::Snapshot inside = observe::snapshot();
        EXPECT_EQ(inside.irql, lock->inside);
        EXPECT_EQ(inside.critical_regions != 0, lock->critical);
        EXPECT_EQ(inside.guarded_regions != 0, lock->guarded);
        EXPECT_EQ(KeAreApcsDisabled(), lock->critical || lock->guarded ? TRUE : FALSE);
        EXPECT_EQ(KeAreAllApcsDisabled(), lock->guarded || lock->inside >= APC_LEVEL ? TRUE : FALSE);
    });
    const observe::Snapshot after = observe::snapshot();
    EXPECT_EQ(after.irql, PASSIVE_LEVEL);
    EXPECT_EQ(after.critical_regions, 0);
    EXPECT_EQ(after.guarded_regions, 0);
    EXPECT_EQ(after.held(), 0u);
}

TEST_P(Exclusion, AWaiterIsSeenWaitingAndIsLetIn) {
    const std::shared_ptr<Section> lock = GetParam().make();
    bool inside = false;
    std::unique_ptr<Peer> peer;
    lock->with([&] {
        peer = std::make_unique<Peer>([&] { lock->with([&] { inside = true; }); });
        ASSERT_TRUE(observe::await_blocked(peer->id(), lock->object));
        EXPECT_FALSE(inside);
    });
    peer->join();
    EXPECT_TRUE(inside);
}

INSTANTIATE_TEST_SUITE_P(Locks, Exclusion, testing::ValuesIn(variants), [](const auto& info) { return info.param.name; });

}  // namespace
}  // namespace ddi::kernel
