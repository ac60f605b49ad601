package dev.millwright.serving;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Platform threads for what keeps models busy for long. A model is native code: a virtual thread that runs or loads one keeps the platform
 * thread that carries it, of which there are as many as cores, and an event loop that runs one serves nobody meanwhile. What is long
 * therefore happens here, and shares the cores with the rest as the operating system has it. Thread-safe.
 *
 * @param runs long runs of all models; with a thread for each, so that none waits for another model's
 * @param loads loads; as many at a time as there are cores, since hundreds may wait and each takes memory
 */
public record ModelThreads(Executor runs, Executor loads) {
    /** What is shorter gives its thread back before anybody misses it. */
    static final long LONG_NANOS = 20_000_000;

    /** Everything happens on the threads of those who ask. */
    public static final ModelThreads OF_CALLERS = new ModelThreads(Runnable::run, Runnable::run);

    /** Whether a run that takes so long is to be {@linkplain #run handed over}. */
    boolean takes(long nanos) {
        return nanos >= LONG_NANOS && !equals(OF_CALLERS);
    }

    /** Hands it over, without waiting for it. */
    void run(Runnable turn) {
        try {
            runs.execute(turn);
        } catch (RejectedExecutionException closing) {
            turn.run();
        }
    }

    /** Waits for what {@code work} loads; on this thread where that is a platform thread. */
    <T> T load(Supplier<T> work) {
        if (!Thread.currentThread().isVirtual()) {
            return work.get();
        }
        CompletableFuture<T> done;
        try {
            done = CompletableFuture.supplyAsync(work, loads);
        } catch (RejectedExecutionException closing) {
            return work.get();
        }
        return Answers.join(done);
    }
}
