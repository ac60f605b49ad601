package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.Progress;
import dev.millwright.plan.OnlineState;
import dev.millwright.plan.OnlineState.Arrival;
import dev.millwright.plan.RowBlock;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/**
 * Shows the rows of a table to a view one at a time, in the order of their time and then of their ids, as an endpoint would see them,
 * and compares its answers with the features that the batch query makes of the same rows.
 *
 * <p>In a batch, rows of one time know each other; those that come one at a time know the earlier ones alone. Such a row agrees when
 * each of its features is either what it had when it came or what it has once all rows of its time came. Thread-safe.
 */
public final class FeatureReplay {
    private static final String TIMES = "replay_times";
    private static final String BATCH = "replay_batch";
    private static final String WHAT = "rows replayed";

    private final DuckDb duck;

    public FeatureReplay(DuckDb duck) {
        this.duck = duck;
    }

    /** Replays and compares. Memory is needed for the view's windows, and for the rows that share a time. */
    public ReplayReport run(ReplayRequest request, Progress progress) {
        try (Session session = duck.session()) {
            long rows = times(session, request);
            try (WindowRows.Reading reading = duck.read(session, request.batch())) {
                reading.run(() -> session.execute("CREATE OR REPLACE TEMP TABLE " + BATCH + " AS "
                        + request.batch().sql()));
            }
            Replaying replaying = new Replaying(request, rows, progress);
            RowReader.read(session, rowsInOrder(request), replaying.types, replaying::accept);
            return replaying.finish();
        }
    }

    /** When each row comes: the time by which the view's first window orders it. */
    private static long times(Session session, ReplayRequest request) {
        session.execute("CREATE OR REPLACE TEMP TABLE " + TIMES + " (id BIGINT, time BIGINT)");
        List<Column> columns = request.events().columns();
        List<ColumnType> types =
                new ArrayList<>(columns.stream().map(Column::type).toList());
        types.add(ColumnType.BIGINT);
        @Nullable Object[] event = new @Nullable Object[columns.size()];
        String sql = "SELECT " + selected(columns, "") + ReservedColumns.ROW_ID + " FROM " + request.table();
        try (DuckDBAppender appender = session.connection().createAppender("temp", "main", TIMES);
                Session reading = new Session(session.connection().duplicate())) {
            RowReader.read(reading, sql, types, block -> {
                for (int row = 0; row < block.rows(); row++) {
                    fill(event, 0, block, row, types);
                    long id = ((RowBlock.Longs) block.column(columns.size())).values()[row];
                    append(appender, id, request.state().time(Arrays.asList(event)));
                }
            });
        } catch (SQLException e) {
            throw DuckDb.failure("keep the times of rows", e);
        }
        return session.count("SELECT count(*) FROM " + TIMES);
    }

    private static void append(DuckDBAppender appender, long id, long time) {
        try {
            appender.beginRow();
            appender.append(id);
            if (time == OnlineState.NO_TIME) {
                appender.appendNull();
            } else {
                appender.append(time);
            }
            appender.endRow();
        } catch (SQLException e) {
            throw DuckDb.failure("keep the times of rows", e);
        }
    }

    private static void fill(@Nullable Object[] values, int first, RowBlock block, int row, List<ColumnType> types) {
        for (int i = 0; i < values.length; i++) {
            values[i] = RowReader.value(block, first + i, row, types.get(first + i));
        }
    }

    private static String selected(List<Column> columns, String table) {
        return columns.stream()
                .map(column -> {
                    String name = table + Sql.identifier(column.name());
                    return (column.type() == ColumnType.TIMESTAMP ? "epoch_us(" + name + ")" : name) + ", ";
                })
                .collect(Collectors.joining());
    }

    /** Each row's id, its time, whether the view has it, what the view takes and what it gives. */
    private static String rowsInOrder(ReplayRequest request) {
        String id = ReservedColumns.ROW_ID;
        String columns = selected(request.events().columns(), "b.")
                + selected(request.outputs().columns(), "f.");
        return "SELECT t.id, t.time, f." + id + " IS NOT NULL, "
                + columns.substring(0, columns.length() - 2) + " FROM " + request.table() + " b JOIN " + TIMES
                + " t ON t.id = b." + id + " LEFT JOIN " + BATCH + " f ON f." + id + " = b." + id
                + " ORDER BY t.time NULLS FIRST, t.id";
    }

    /** A row with what the batch makes of it. */
    private record Expected(
            long id,
            long time,
            boolean inView,
            List<@Nullable Object> event,
            @Nullable Object[] features) {}

    /** Goes through the rows, those of one time together. */
    private static final class Replaying {
        private static final int ID = 0;
        private static final int TIME = 1;
        private static final int IN_VIEW = 2;
        private static final int FIRST = 3;

        private final ReplayRequest request;
        private final List<ColumnType> types;
        private final List<Column> events;
        private final List<Column> outputs;
        private final FeatureComparison comparison;
        private final long total;
        private final Progress progress;
        private List<Expected> sameTime = new ArrayList<>();
        private long rows;

        Replaying(ReplayRequest request, long total, Progress progress) {
            this.request = request;
            this.events = request.events().columns();
            this.outputs = request.outputs().columns();
            this.types = Stream.of(
                            List.of(ColumnType.BIGINT, ColumnType.BIGINT, ColumnType.BOOLEAN),
                            events.stream().map(Column::type).toList(),
                            outputs.stream().map(Column::type).toList())
                    .flatMap(List::stream)
                    .toList();
            this.comparison = new FeatureComparison(outputs);
            this.total = total;
            this.progress = progress;
        }

        void accept(RowBlock block) {
            for (int row = 0; row < block.rows(); row++) {
                Expected next = expected(block, row);
                if (!sameTime.isEmpty()
                        && (next.time() == OnlineState.NO_TIME
                                || next.time() != sameTime.getFirst().time())) {
                    replay();
                }
                sameTime.add(next);
            }
            rows += block.rows();
            progress.report(WHAT, rows, total);
        }

        private Expected expected(RowBlock block, int row) {
            @Nullable Object[] event = new @Nullable Object[events.size()];
            @Nullable Object[] features = new @Nullable Object[outputs.size()];
            fill(event, FIRST, block, row, types);
            fill(features, FIRST + event.length, block, row, types);
            Object time = RowReader.value(block, TIME, row, ColumnType.BIGINT);
            return new Expected(
                    ((RowBlock.Longs) block.column(ID)).values()[row],
                    time instanceof Long micros ? micros : OnlineState.NO_TIME,
                    Boolean.TRUE.equals(RowReader.value(block, IN_VIEW, row, ColumnType.BOOLEAN)),
                    Arrays.asList(event),
                    features);
        }

        private void replay() {
            List<Map<String, @Nullable Object>> whenSent = sameTime.stream()
                    .map(row -> request.state().take(row.event(), Arrival.FIRST).outputs())
                    .toList();
            boolean alone = sameTime.size() == 1;
            for (int i = 0; i < sameTime.size(); i++) {
                Expected row = sameTime.get(i);
                if (isCompared(row)) {
                    Map<String, @Nullable Object> afterAll = alone
                            ? whenSent.get(i)
                            : request.state().take(row.event(), Arrival.AGAIN).outputs();
                    comparison.add(row.id(), row.features(), whenSent.get(i), afterAll, alone);
                }
            }
            sameTime = new ArrayList<>();
        }

        private boolean isCompared(Expected row) {
            boolean all = request.fromMicros() == Long.MIN_VALUE && request.toMicros() == Long.MAX_VALUE;
            return row.inView() && (all || (row.time() >= request.fromMicros() && row.time() < request.toMicros()));
        }

        ReplayReport finish() {
            replay();
            return comparison.report(rows);
        }
    }
}
