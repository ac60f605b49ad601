package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.plan.RowBlock;
import dev.millwright.plan.SlidingWindows;
import dev.millwright.plan.WindowStage;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBPreparedStatement;

/**
 * Computes the rows of a stage on a thread of its own, a bounded number of blocks ahead of who reads them: so sorting and windows
 * go on while the rows before are written.
 */
final class WindowFeed implements AutoCloseable {
    private static final int BLOCKS_AHEAD = 16;

    private final Session session;
    private final WindowStage stage;
    private final BlockingQueue<Part> parts = new ArrayBlockingQueue<>(BLOCKS_AHEAD);
    private final Thread thread;
    private volatile boolean closed;
    private volatile Optional<DuckDBPreparedStatement> running = Optional.empty();

    /** What comes from the thread. */
    private sealed interface Part {
        record Rows(RowBlock block) implements Part {}

        record End() implements Part {}

        record Failure(Throwable cause) implements Part {}
    }

    private WindowFeed(Session session, WindowStage stage) {
        this.session = session;
        this.stage = stage;
        this.thread = Thread.ofPlatform().daemon().name("window-rows").unstarted(this::run);
    }

    /** Begins; closes the session when done. */
    static WindowFeed start(Session session, WindowStage stage) {
        WindowFeed feed = new WindowFeed(session, stage);
        feed.thread.start();
        return feed;
    }

    private void run() {
        try (session) {
            try {
                compute();
                put(new Part.End());
            } catch (SQLException | RuntimeException | Error failure) {
                put(new Part.Failure(failure));
            }
        } catch (InterruptedException stopped) {
            // closed before the end: nobody reads any more
            parts.clear();
        }
    }

    private void compute() throws SQLException, InterruptedException {
        SlidingWindows windows = stage.open(block -> {
            try {
                put(new Part.Rows(block));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
        });
        List<ColumnType> types =
                stage.inputs().stream().map(WindowStage.Column::type).toList();
        try (DuckDBPreparedStatement statement = session.connection().prepare(stage.sql());
                DuckDBChunkedResult result = begin(statement)) {
            while (result.nextChunk()) {
                if (closed) {
                    throw new InterruptedException();
                }
                windows.accept(RowReader.block(result.chunk(), types));
            }
        }
        windows.finish();
    }

    private DuckDBChunkedResult begin(DuckDBPreparedStatement statement) throws SQLException {
        running = Optional.of(statement);
        return statement.query();
    }

    private void put(Part part) throws InterruptedException {
        parts.put(part);
    }

    /**
     * The next rows, empty after the last.
     *
     * @throws SQLException with what went wrong on the way
     */
    Optional<RowBlock> next() throws SQLException {
        try {
            return switch (parts.take()) {
                case Part.Rows(RowBlock block) -> Optional.of(block);
                case Part.End end -> {
                    parts.add(end);
                    yield Optional.empty();
                }
                case Part.Failure failure -> {
                    parts.add(failure);
                    throw new SQLException(String.valueOf(failure.cause().getMessage()), failure.cause());
                }
            };
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted while windows were computed", stopped);
        }
    }

    /** Why there are no more rows, when that is not because they came to an end. */
    Optional<Throwable> failure() {
        return parts.peek() instanceof Part.Failure(Throwable cause) ? Optional.of(cause) : Optional.empty();
    }

    /** Stops, if it has not ended, and waits until it has. */
    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        running.ifPresent(WindowFeed::cancel);
        try {
            while (!thread.join(java.time.Duration.ofMillis(50))) {
                parts.clear();
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private static void cancel(DuckDBPreparedStatement statement) {
        try {
            if (!statement.isClosed()) {
                statement.cancel();
            }
        } catch (SQLException ended) {
            // It came to its end meanwhile, which is all that is wanted.
        }
    }
}
