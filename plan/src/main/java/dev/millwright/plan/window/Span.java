package dev.millwright.plan.window;

import java.util.OptionalLong;

/** A stretch of a key's events. */
public sealed interface Span {
    /** The events from {@code fromMicros} to {@code toMicros}, both inclusive. */
    record OfTime(long fromMicros, long toMicros) implements Span {
        /**
         * What a frame takes that looks back from {@code timeMicros}.
         *
         * @param reach how far back it starts; empty takes all
         * @param gap how far back it ends
         */
        public static OfTime before(long timeMicros, OptionalLong reach, long gap) {
            long from = reach.isPresent() ? Span.earlier(timeMicros, reach.getAsLong()) : Long.MIN_VALUE;
            return new OfTime(from, Span.earlier(timeMicros, gap));
        }
    }

    /**
     * The latest events that aren't after {@code toMicros}.
     *
     * @param skip how many of the very latest are left out
     * @param count how many are taken at most
     */
    record OfRows(long toMicros, long skip, long count) implements Span {
        /** Likewise, where {@code reach} and {@code gap} count the event itself, which isn't there yet, as 0. */
        public static OfRows before(long timeMicros, OptionalLong reach, long gap) {
            long skip = Math.max(0, gap - 1);
            return new OfRows(timeMicros, skip, reach.isPresent() ? reach.getAsLong() - skip : Long.MAX_VALUE);
        }

        /** The same when the event itself is there, as the latest of its time. */
        public static OfRows upTo(long timeMicros, OptionalLong reach, long gap) {
            return new OfRows(timeMicros, gap, reach.isPresent() ? reach.getAsLong() - gap + 1 : Long.MAX_VALUE);
        }
    }

    /** So much earlier, or as early as can be; {@code micros} isn't negative. */
    static long earlier(long time, long micros) {
        return time < Long.MIN_VALUE + micros ? Long.MIN_VALUE : time - micros;
    }
}
