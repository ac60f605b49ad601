package dev.millwright.serving;

import java.time.Duration;

/**
 * Until when an answer is of use.
 *
 * @param nanoTime as {@link System#nanoTime} will show it
 */
public record Deadline(long nanoTime) {
    /** None that anybody lives to see. */
    public static final Deadline NONE = new Deadline(System.nanoTime() + Long.MAX_VALUE / 2);

    /** From now on. */
    public static Deadline in(Duration left) {
        return after(System.nanoTime(), left);
    }

    /** From when {@link System#nanoTime} was {@code since} on. */
    public static Deadline after(long since, Duration duration) {
        return duration.compareTo(Duration.ofDays(1)) > 0 ? NONE : new Deadline(since + duration.toNanos());
    }

    /** Nanoseconds that are left; not positive when it has passed. */
    public long left() {
        return nanoTime == NONE.nanoTime ? Long.MAX_VALUE : nanoTime - System.nanoTime();
    }

    /** Whether it had passed when {@link System#nanoTime} was {@code now}. */
    boolean passed(long now) {
        return nanoTime - now <= 0;
    }

    /** The later of two. */
    Deadline orLater(Deadline other) {
        return nanoTime - other.nanoTime >= 0 ? this : other;
    }

    /** The earlier of two. */
    public Deadline or(Deadline other) {
        return nanoTime - other.nanoTime <= 0 ? this : other;
    }
}
