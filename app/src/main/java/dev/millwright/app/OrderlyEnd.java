package dev.millwright.app;

import dev.millwright.pipelines.RunDesk;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Lets the run of this process stop, be recorded as interrupted and end what it started, when the process is asked to end
 * (Ctrl-C, SIGTERM); a program that trains would otherwise go on alone. Open it before the home, so that it is closed after it.
 */
final class OrderlyEnd implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 8;

    private final AtomicReference<@Nullable RunDesk> desk = new AtomicReference<>();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    OrderlyEnd() {
        this.hook = Threads.named("shutdown").newThread(() -> {
            Optional.ofNullable(desk.get()).ifPresent(RunDesk::close);
            try {
                // A step that reports no progress for so long is gone on with by the next owner.
                var _ = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException hurried) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Says whose run is to stop first. */
    void stop(RunDesk first) {
        desk.set(first);
    }

    @Override
    public void close() {
        done.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            done.countDown(); // the process ends already, and the hook with it
        }
    }
}
