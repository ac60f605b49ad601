package dev.millwright.pipelines.scoring;

import dev.millwright.core.Predictions;
import dev.millwright.core.Progress;
import dev.millwright.data.BatchReader;
import dev.millwright.data.RowBatch;
import dev.millwright.data.ScoredColumns;
import dev.millwright.serving.ModelRuntime;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes the rows of a source through a model, part by part, leaving out the parts that are finished. For one thread, beside
 * which others work on the parts.
 */
final class PartLoop {
    private final BatchReader reader;
    private final PartsFolder folder;
    private final ModelRuntime runtime;
    private final ScoredColumns columns;
    private final Progress progress;
    private final String what;
    /** Rows of finished parts, and those of unfinished ones that went through the model. */
    private final AtomicLong done = new AtomicLong();

    private volatile long expected;

    /** @param what the rows, as a person reads it */
    PartLoop(
            BatchReader reader,
            PartsFolder folder,
            ModelRuntime runtime,
            ScoredColumns columns,
            Progress progress,
            String what) {
        this.reader = reader;
        this.folder = folder;
        this.runtime = runtime;
        this.columns = columns;
        this.progress = progress;
        this.what = what;
    }

    /**
     * What became parts.
     *
     * @param reused parts that were finished before
     * @param scored rows of the others
     */
    record Outcome(long rows, int parts, int reused, long scored) {}

    /** Reads to the end of the source, unless a part fails; {@link PartWorkers#finish} tells of that. */
    Outcome run(PartWorkers workers) {
        long rows = 0;
        long scored = 0;
        int reused = 0;
        int number = 0;
        for (; workers.areWell(); number++) {
            expected = reader.expectedRows();
            if (folder.has(number)) {
                int skipped = reader.skip();
                rows += skipped;
                reused++;
                report(skipped);
                continue;
            }
            Optional<RowBatch> next = reader.next();
            if (next.isEmpty()) {
                expected = rows;
                break;
            }
            RowBatch batch = next.get();
            rows += batch.rows();
            scored += batch.rows();
            submit(workers, number, batch);
        }
        return new Outcome(rows, number, reused, scored);
    }

    private void submit(PartWorkers workers, int number, RowBatch batch) {
        boolean taken = false;
        try {
            workers.submit(number, () -> score(number, batch));
            taken = true;
        } finally {
            if (!taken) {
                batch.close();
            }
        }
    }

    private void score(int number, RowBatch batch) {
        try (batch) {
            batch.score(
                    frame -> {
                        Predictions predictions = runtime.predict(frame);
                        report(frame.rows());
                        return predictions;
                    },
                    columns,
                    folder.part(number));
        }
    }

    private void report(int rows) {
        long soFar = done.addAndGet(rows);
        progress.report(what, soFar, Math.max(soFar, expected));
    }
}
