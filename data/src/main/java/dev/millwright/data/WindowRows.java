package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.MillwrightException;
import dev.millwright.plan.RowBlock;
import dev.millwright.plan.RowBlock.Doubles;
import dev.millwright.plan.RowBlock.Longs;
import dev.millwright.plan.RowBlock.Texts;
import dev.millwright.plan.StagedQuery;
import dev.millwright.plan.WindowStage;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionBuilder;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBWritableVector;

/**
 * The table function {@code window_rows(NUMBER)}, by which DuckDB reads the rows of a {@link WindowStage}: their input is a query of
 * its own, which runs on another connection while the rows are read. Thread-safe.
 */
final class WindowRows implements DuckDBTableFunction<WindowRows.Opened, WindowFeed, Object> {
    private static final String NAME = "window_rows";

    private final DuckDb duck;
    private final Map<Long, Opened> open = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();

    private WindowRows(DuckDb duck) {
        this.duck = duck;
    }

    /** A stage that can be read, with what its own query reads. */
    record Opened(WindowStage stage, StagedQuery view, List<Long> numbers, List<WindowFeed> feeds) {}

    /** Makes the function known to the engine. */
    static WindowRows register(DuckDb duck, DuckDBConnection connection) throws SQLException {
        WindowRows rows = new WindowRows(duck);
        try (DuckDBTableFunctionBuilder function = DuckDBFunctions.tableFunction()) {
            function.withName(NAME)
                    .withParameter(DuckDBColumnType.BIGINT)
                    .withFunction(rows)
                    .register(connection);
        }
        return rows;
    }

    /** The stages of a view while it is read. */
    final class Reading implements AutoCloseable {
        private final List<Long> given = new ArrayList<>();
        private final List<WindowFeed> feeds = new ArrayList<>();

        private Reading(Session session, StagedQuery view) {
            for (WindowStage stage : view.stages()) {
                long number = numbers.incrementAndGet();
                open.put(number, new Opened(stage, view, List.copyOf(given), feeds));
                given.add(number);
            }
            declare(session, given);
        }

        /** Does what reads the view. What went wrong when rows were computed says more than what the engine makes of it. */
        void run(Runnable reader) {
            try {
                reader.run();
            } catch (MillwrightException failure) {
                throw cause().orElse(failure);
            }
        }

        private Optional<MillwrightException> cause() {
            synchronized (feeds) {
                return feeds.stream()
                        .flatMap(feed -> feed.failure().stream())
                        .filter(MillwrightException.class::isInstance)
                        .map(MillwrightException.class::cast)
                        .findFirst();
            }
        }

        @Override
        public void close() {
            given.forEach(open::remove);
            List<WindowFeed> begun;
            synchronized (feeds) {
                begun = List.copyOf(feeds);
            }
            begun.forEach(WindowFeed::close);
        }
    }

    /** Lets a session run the SQL of a view until the reading is closed. */
    Reading open(Session session, StagedQuery view) {
        return new Reading(session, view);
    }

    private static void declare(Session session, List<Long> numbers) {
        for (int i = 0; i < numbers.size(); i++) {
            session.execute("CREATE OR REPLACE TEMP VIEW " + StagedQuery.stage(i) + " AS SELECT * FROM " + NAME + "("
                    + numbers.get(i) + ")");
        }
    }

    @Override
    public Opened bind(DuckDBTableFunctionBindInfo info) throws SQLException {
        long number = info.getParameter(0).getLong();
        Opened opened = open.get(number);
        if (opened == null) {
            throw new SQLException("window rows: " + number + " (expected: one that is open)");
        }
        columns(opened.stage()).forEach(column -> info.addResultColumn(column.name(), storage(column.type())));
        return opened;
    }

    private static Stream<WindowStage.Column> columns(WindowStage stage) {
        return Stream.concat(stage.inputs().stream(), stage.results().stream());
    }

    private static DuckDBColumnType storage(ColumnType type) {
        return switch (type) {
            case BOOLEAN -> DuckDBColumnType.BOOLEAN;
            case BIGINT, TIMESTAMP -> DuckDBColumnType.BIGINT;
            case DOUBLE -> DuckDBColumnType.DOUBLE;
            case VARCHAR -> DuckDBColumnType.VARCHAR;
        };
    }

    @Override
    public WindowFeed init(DuckDBTableFunctionInitInfo info) {
        info.setMaxThreads(1);
        Opened opened = info.getBindData();
        Session session = duck.session();
        declare(session, opened.numbers());
        WindowFeed feed = WindowFeed.start(session, opened.stage());
        synchronized (opened.feeds()) {
            opened.feeds().add(feed);
        }
        return feed;
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo call, DuckDBDataChunkWriter chunk) throws SQLException {
        WindowFeed feed = call.getInitData();
        Opened opened = call.getBindData();
        RowBlock block = feed.next().orElse(null);
        if (block == null) {
            return 0;
        }
        List<WindowStage.Column> columns = columns(opened.stage()).toList();
        for (int i = 0; i < columns.size(); i++) {
            write(block.column(i), block.rows(), columns.get(i).type(), chunk.vector(i));
        }
        return block.rows();
    }

    private static void write(RowBlock.Values values, int rows, ColumnType type, DuckDBWritableVector vector) {
        boolean[] missing = values.missing();
        switch (values) {
            case Longs longs
            when type == ColumnType.BOOLEAN -> {
                for (int i = 0; i < rows; i++) {
                    if (!missing[i]) {
                        vector.setBoolean(i, longs.values()[i] != 0);
                    }
                }
            }
            case Longs longs -> {
                for (int i = 0; i < rows; i++) {
                    if (!missing[i]) {
                        vector.setLong(i, longs.values()[i]);
                    }
                }
            }
            case Doubles doubles -> {
                for (int i = 0; i < rows; i++) {
                    if (!missing[i]) {
                        vector.setDouble(i, doubles.values()[i]);
                    }
                }
            }
            case Texts texts -> vector.setStrings(0, texts.values());
        }
        for (int i = 0; i < rows; i++) {
            if (missing[i]) {
                vector.setNull(i);
            }
        }
    }
}
