package dev.millwright.monitoring;

import java.time.Duration;

/** The stretch of predictions that is judged. */
public sealed interface MonitorWindow {
    /** The newest predictions of this long. */
    record Lasting(Duration duration) implements MonitorWindow {
        public Lasting {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("window: " + duration + " (expected: longer than nothing)");
            }
        }
    }

    /** The newest so many predicted rows. */
    record Rows(long rows) implements MonitorWindow {
        public Rows {
            if (rows < 1) {
                throw new IllegalArgumentException("window: " + rows + " rows (expected: at least 1)");
            }
        }
    }
}
