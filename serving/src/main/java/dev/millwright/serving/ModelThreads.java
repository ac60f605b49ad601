package dev.millwright.serving;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Platform threads for what keeps models busy for long. A model is native code: a virtual thread that runs or loads one keeps the platform
 * thread that carries it, of which there are as many as cores, and requests for other models would wait until it is done. What is long
 * therefore happens here, and shares the cores with the rest as the operating system has it. Thread-safe.
 *
 * @param runs runs of all models together; as many at a time as there are cores
 * @param loads loads, apart from runs, since hundreds of them may wait
 */
public record ModelThreads(Executor runs, Executor loads) {
    /** What is shorter gives its carrier back before anybody misses it. */
    static final long LONG_NANOS = 20_000_000;

    /** Everything happens on the threads of those who ask. */
    public static final ModelThreads OF_CALLERS = new ModelThreads(Runnable::run, Runnable::run);

    /** What {@code work} gives, which will probably take so long. */
    <T> T run(long likelyNanos, Supplier<T> work) {
        return likelyNanos < LONG_NANOS ? work.get() : on(runs, work);
    }

    /** What {@code work} loads. */
    <T> T load(Supplier<T> work) {
        return on(loads, work);
    }

    /** On this thread where it carries no others. */
    private static <T> T on(Executor threads, Supplier<T> work) {
        if (!Thread.currentThread().isVirtual()) {
            return work.get();
        }
        CompletableFuture<T> done;
        try {
            done = CompletableFuture.supplyAsync(work, threads);
        } catch (RejectedExecutionException closing) {
            return work.get();
        }
        return Answers.join(done);
    }
}
