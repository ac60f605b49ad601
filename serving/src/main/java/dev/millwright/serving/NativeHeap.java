package dev.millwright.serving;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures a load by what the C library's allocator hands out meanwhile, for ONNX Runtime keeps its models there. Only loads
 * with no other beside them can be measured, and only with glibc (2.33 or newer), whose {@code mallinfo2} is asked; else nothing is
 * known, and 0 said.
 */
final class NativeHeap implements ModelMemory {
    /** The fields of {@code struct mallinfo2}, each a {@code size_t}. */
    private static final int FIELDS = 10;

    private static final int MAPPED = 4;
    private static final int IN_USE = 7;

    private final Optional<MethodHandle> mallinfo;
    private final AtomicInteger active = new AtomicInteger();
    private final AtomicLong begun = new AtomicLong();

    // The launcher allows native access; nothing but a number comes out of it.
    @SuppressWarnings("restricted")
    NativeHeap() {
        Linker linker = Linker.nativeLinker();
        this.mallinfo = linker.defaultLookup()
                .find("mallinfo2")
                .map(address -> linker.downcallHandle(
                        address,
                        FunctionDescriptor.of(MemoryLayout.structLayout(
                                MemoryLayout.sequenceLayout(FIELDS, ValueLayout.JAVA_LONG)))));
    }

    @Override
    public Loading begin() {
        boolean alone = active.getAndIncrement() == 0;
        long number = begun.incrementAndGet();
        long before = bytesInUse();
        return () -> {
            long taken = bytesInUse() - before;
            active.decrementAndGet();
            return alone && begun.get() == number ? Math.max(0, taken) : 0;
        };
    }

    /** What the allocator has handed out, in bytes; 0 where it can't be asked. */
    long bytesInUse() {
        if (mallinfo.isEmpty()) {
            return 0;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment info = (MemorySegment) mallinfo.get().invokeExact((SegmentAllocator) arena);
            return info.getAtIndex(ValueLayout.JAVA_LONG, MAPPED) + info.getAtIndex(ValueLayout.JAVA_LONG, IN_USE);
        } catch (Throwable failed) {
            throw new IllegalStateException("mallinfo2 could not be called", failed);
        }
    }
}
