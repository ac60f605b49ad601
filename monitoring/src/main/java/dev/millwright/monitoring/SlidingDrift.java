package dev.millwright.monitoring;

import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The newest predictions of a stretch, in slices of a twenty-fourth: what has fallen out goes a slice at a time, so memory
 * is 24 times the bins, whatever the traffic. Not thread-safe.
 */
final class SlidingDrift {
    private static final int SLICES = 24;

    private final ReferenceProfile reference;
    private final MonitorWindow window;
    private final Deque<Slice> slices = new ArrayDeque<>();

    private record Slice(Instant start, DriftWindow counts) {}

    SlidingDrift(ReferenceProfile reference, MonitorWindow window) {
        this.reference = reference;
        this.window = window;
    }

    void add(Instant time, Frame rows, Predictions predictions) {
        if (slices.isEmpty() || isFull(slices.getLast(), time)) {
            slices.addLast(new Slice(time, new DriftWindow(reference)));
        }
        slices.getLast().counts().add(rows, predictions);
        dropOld(time);
    }

    private boolean isFull(Slice slice, Instant time) {
        return switch (window) {
            case MonitorWindow.Lasting(Duration duration) ->
                !time.isBefore(slice.start().plus(duration.dividedBy(SLICES)));
            case MonitorWindow.Rows(long rows) -> slice.counts().rows() >= Math.max(1, rows / SLICES);
        };
    }

    private void dropOld(Instant now) {
        switch (window) {
            case MonitorWindow.Lasting(Duration duration) -> {
                Instant from = now.minus(duration);
                while (!slices.isEmpty() && slices.getFirst().start().isBefore(from)) {
                    slices.removeFirst();
                }
            }
            case MonitorWindow.Rows(long rows) -> {
                long total = slices.stream()
                        .mapToLong(slice -> slice.counts().rows())
                        .sum();
                while (total - slices.getFirst().counts().rows() >= rows) {
                    total -= slices.removeFirst().counts().rows();
                }
            }
        }
    }

    /** The window's counts; of a window in rows that isn't full yet, what there is. */
    ReferenceProfile profile(Instant now) {
        if (!slices.isEmpty()) {
            dropOld(now);
        }
        DriftWindow sum = new DriftWindow(reference);
        slices.forEach(slice -> sum.add(slice.counts()));
        return sum.profile();
    }

    /** Whether a window in rows holds as many; a lasting one is always whole. */
    boolean isWhole() {
        return switch (window) {
            case MonitorWindow.Lasting lasting -> true;
            case MonitorWindow.Rows(long rows) ->
                slices.stream().mapToLong(slice -> slice.counts().rows()).sum() >= rows;
        };
    }
}
