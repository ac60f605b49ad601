package dev.millwright.web;

import com.linecorp.armeria.server.ServiceRequestContext;
import dev.millwright.serving.Deadline;
import java.time.Duration;

/**
 * When a request came, and until when its answer is of use: until its own timeout over gRPC, else until the server's. Both count from its
 * arrival on, as the time does that it takes to arrive in full and to get a thread.
 *
 * @param nanoTime as {@link System#nanoTime} showed it
 */
record Arrival(long nanoTime, Deadline deadline) {
    static Arrival of(ServiceRequestContext context) {
        long since = context.log().partial().requestStartTimeNanos();
        long millis = context.requestTimeoutMillis();
        return new Arrival(since, millis == 0 ? Deadline.NONE : Deadline.after(since, Duration.ofMillis(millis)));
    }

    /** Of a message that comes now, in a call whose deadline counts from its beginning on. */
    static Arrival ofMessage(ServiceRequestContext context) {
        return new Arrival(System.nanoTime(), of(context).deadline());
    }

    /** Of a request that nobody waits for. */
    static Arrival unhurried() {
        return new Arrival(System.nanoTime(), Deadline.NONE);
    }

    /** The deadline of a client that waits no longer than so many microseconds. */
    Deadline within(long micros) {
        return deadline.or(Deadline.after(
                nanoTime, Duration.ofNanos(Math.multiplyExact(Math.min(micros, 1L << 50), 1_000L))));
    }
}
