package dev.millwright.monitoring;

import dev.millwright.serving.PredictionEvent;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/** A queue for many producers and one consumer, bounded in number and memory, in which nobody ever waits. */
final class EventRing {
    /** An event without its values, in bytes, about. */
    private static final long EVENT = 600;

    private final AtomicReferenceArray<@Nullable PredictionEvent> slots;
    private final int mask;
    private final long memory;
    /** What the events that wait take, in bytes. */
    private final AtomicLong held = new AtomicLong();
    /** Next to be taken; only the consumer moves it. */
    private final AtomicLong head = new AtomicLong();
    /** Next to be given; a producer owns the slot whose number it took from here. */
    private final AtomicLong tail = new AtomicLong();

    /** Room for {@code capacity} events, rounded up to a power of two, of {@code memory} bytes together; for one whatever its size. */
    EventRing(int capacity, long memory) {
        this.memory = memory;
        int size = Integer.highestOneBit(Math.max(2, capacity) * 2 - 1);
        this.slots = new AtomicReferenceArray<>(size);
        this.mask = size - 1;
    }

    /** False when there is no room. */
    boolean offer(PredictionEvent event) {
        long bytes = bytes(event);
        if (held.addAndGet(bytes) > Math.max(memory, bytes) || !put(event)) {
            held.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    private static long bytes(PredictionEvent event) {
        return EVENT + event.exchange().bytes();
    }

    private boolean put(PredictionEvent event) {
        long position = tail.get();
        while (position - head.get() <= mask) {
            if (tail.compareAndSet(position, position + 1)) {
                slots.setRelease((int) position & mask, event);
                return true;
            }
            position = tail.get();
        }
        return false;
    }

    /** Null when there is none, or when the next is just being put in. */
    @Nullable
    PredictionEvent poll() {
        long position = head.get();
        int slot = (int) position & mask;
        PredictionEvent event = slots.getAcquire(slot);
        if (event != null) {
            // Emptied before the head moves: a producer may take the slot as soon as it has.
            slots.setPlain(slot, null);
            head.set(position + 1);
            held.addAndGet(-bytes(event));
        }
        return event;
    }

    int size() {
        return (int) (tail.get() - head.get());
    }
}
