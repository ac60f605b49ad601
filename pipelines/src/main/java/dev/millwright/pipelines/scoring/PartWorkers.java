package dev.millwright.pipelines.scoring;

import dev.millwright.core.CoreError;
import dev.millwright.core.MillwrightException;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * Parts that are worked on: a few at a time, so that memory stays flat. When several fail, the first of them is told of. For
 * one thread; closing it waits for what is under way.
 */
final class PartWorkers implements AutoCloseable {
    private final Executor workers;
    private final int most;
    private final Semaphore room;
    private final ConcurrentSkipListMap<Integer, Throwable> failures = new ConcurrentSkipListMap<>();

    /** @param most parts that may be under way or wait */
    PartWorkers(Executor workers, int most) {
        this.workers = workers;
        this.most = most;
        this.room = new Semaphore(most);
    }

    /** Has a part worked on, once there is room for it. */
    void submit(int number, Runnable part) {
        try {
            room.acquire();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new MillwrightException(
                    CoreError.INTERRUPTED, "score: stopped (expected: to be let finish). Give the same command again.");
        }
        workers.execute(() -> {
            try {
                part.run();
            } catch (RuntimeException | Error failed) {
                failures.put(number, failed);
            } finally {
                room.release();
            }
        });
    }

    /** Whether nothing has failed so far. */
    boolean areWell() {
        return failures.isEmpty();
    }

    /** Waits until all are done, and throws what went wrong first. */
    void finish() {
        close();
        Map.Entry<Integer, Throwable> first = failures.firstEntry();
        if (first != null) {
            switch (first.getValue()) {
                case RuntimeException failed -> throw failed;
                case Error failed -> throw failed;
                default -> throw new IllegalStateException("a part failed", first.getValue());
            }
        }
    }

    @Override
    public void close() {
        room.acquireUninterruptibly(most);
        room.release(most);
    }
}
