package dev.millwright.serving;

import dev.millwright.core.MillwrightException;
import java.util.function.Supplier;

/**
 * How many servers a request has been passed on by before it came here. Known to the thread that answers it; a thread that goes on
 * with the work takes it along by {@link #carried}. So a server that is its own backend, be it by way of others, finds out.
 */
public final class Hops {
    /** The header, or the entry of gRPC's metadata, by which a server says it to the next. */
    public static final String HEADER = "millwright-hops";

    /** More servers after each other than anybody means to have. */
    static final int MOST = 4;

    private static final ScopedValue<Integer> CURRENT = ScopedValue.newInstance();

    private Hops() {}

    /** How many servers passed on the request that this thread answers. */
    public static int current() {
        return CURRENT.orElse(0);
    }

    /** How many it is, as the header says; none where that is no number. */
    public static int parse(String header) {
        try {
            return Math.clamp(Long.parseLong(header), 0, MOST);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /** Answers a request that so many servers passed on. */
    public static <T> T after(int hops, Supplier<T> answer) {
        return hops == 0 ? answer.get() : ScopedValue.where(CURRENT, hops).call(answer::get);
    }

    /** The same work for another thread, which then knows what this one knows. */
    public static Runnable carried(Runnable work) {
        return carried(current(), work);
    }

    /** Work on a request that so many servers passed on. */
    static Runnable carried(int hops, Runnable work) {
        return hops == 0 ? work : () -> ScopedValue.where(CURRENT, hops).run(work);
    }

    /**
     * What the next server is told.
     *
     * @throws MillwrightException {@link ServingError#TOO_MANY_HOPS} when the request should not be passed on any more
     */
    public static int next() {
        int hops = current() + 1;
        if (hops > MOST) {
            throw new MillwrightException(
                    ServingError.TOO_MANY_HOPS,
                    HEADER + ": " + hops + ", counted with the next server (expected: at most " + MOST
                            + "). One of those that passed the request on is probably its own backend: see the backends of each.");
        }
        return hops;
    }
}
