package dev.millwright.pipelines.process;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * How much a command and what it starts may use.
 *
 * @param time from its start
 * @param memory bytes that all of its processes hold together, pages that several share counted once; empty for no limit
 */
public record Limits(Duration time, OptionalLong memory) {
    public Limits {
        if (time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException("time: " + time + " (expected: longer than nothing)");
        }
        if (memory.isPresent() && memory.getAsLong() <= 0) {
            throw new IllegalArgumentException("memory: " + memory.getAsLong() + " (expected: more than nothing)");
        }
    }
}
