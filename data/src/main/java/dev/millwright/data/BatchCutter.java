package dev.millwright.data;

import org.jspecify.annotations.Nullable;

/** What {@link BatchReader} does, for one kind of format. */
interface BatchCutter extends AutoCloseable {
    /** The next batch, or null at the end. */
    @Nullable
    RowBatch next();

    /** Passes over the next batch; its rows, 0 at the end. */
    int skip();

    long expectedRows();

    @Override
    void close();
}
