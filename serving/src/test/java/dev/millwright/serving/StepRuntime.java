package dev.millwright.serving;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** A runtime that waits for permission before each batch, and fails when it is used after it was closed. */
public final class StepRuntime implements ModelRuntime {
    final Semaphore permits;
    final Semaphore started = new Semaphore(0);
    final ConcurrentLinkedQueue<Integer> batches = new ConcurrentLinkedQueue<>();
    final AtomicInteger inFlight = new AtomicInteger();
    public final CountDownLatch closed = new CountDownLatch(1);
    private final float probability;

    StepRuntime(float probability, int permits) {
        this.probability = probability;
        this.permits = new Semaphore(permits);
    }

    public static StepRuntime free(float probability) {
        return new StepRuntime(probability, Integer.MAX_VALUE / 2);
    }

    @Override
    public ModelSignature signature() {
        return Models.BINARY;
    }

    @Override
    public Predictions predict(Frame rows) {
        inFlight.incrementAndGet();
        try {
            started.release();
            permits.acquireUninterruptibly();
            if (closed.getCount() == 0) {
                throw new IllegalStateException("used after close");
            }
            batches.add(rows.rows());
            if (rows.column("city") instanceof dev.millwright.core.FeatureColumn.Text text
                    && List.of(text.values()).contains("bad")) {
                throw new IllegalStateException("bad city");
            }
            float[] probabilities = new float[rows.rows() * 2];
            int[] labels = new int[rows.rows()];
            for (int row = 0; row < rows.rows(); row++) {
                probabilities[2 * row] = 1 - probability;
                probabilities[2 * row + 1] = probability;
                labels[row] = probability >= 0.5 ? 1 : 0;
            }
            return new Predictions.Classes(List.of("no", "yes"), probabilities, labels);
        } finally {
            inFlight.decrementAndGet();
        }
    }

    @Override
    public void close() {
        if (inFlight.get() > 0) {
            throw new IllegalStateException("closed while in use");
        }
        closed.countDown();
    }
}
