package dev.millwright.app;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;

/**
 * Lets threads yield to those that answer requests. It calls {@code nice(2)}, which on Linux holds for one thread; elsewhere it would
 * hold for the whole process, so that nothing is done there. (The JVM leaves the priorities of Java threads without effect on Linux.)
 */
enum LowPriority {
    /** Two fifths of a core, about, beside one busy thread of the usual priority; all of it beside none. */
    YIELDING(2),
    /** A thirtieth of a core beside one busy thread. */
    IDLE(15);

    /** What is added to the niceness of the thread. */
    private final int more;

    LowPriority(int more) {
        this.more = more;
    }

    /** The same work, at this priority; at the usual one where the system or the JVM refuses the call. */
    Runnable of(Runnable work) {
        return () -> {
            try {
                lower();
            } catch (IllegalCallerException refused) {
                // The JVM was told to allow no native access: the work is worth more than its priority.
            }
            work.run();
        };
    }

    /** For the calling thread, until it ends. */
    // The launcher allows native access; one number goes in and one comes out.
    @SuppressWarnings("restricted")
    private void lower() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("linux")) {
            return;
        }
        Linker linker = Linker.nativeLinker();
        linker.defaultLookup()
                .find("nice")
                .map(address -> linker.downcallHandle(
                        address, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT)))
                .ifPresent(this::call);
    }

    private void call(MethodHandle nice) {
        try {
            int _ = (int) nice.invokeExact(more);
        } catch (Throwable failed) {
            throw new IllegalStateException("nice could not be called", failed);
        }
    }
}
