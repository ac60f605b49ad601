package dev.millwright.data;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;

/** Some rows of a source, one after the other, on their way through a model. For one thread at a time; close it. */
public final class RowBatch implements AutoCloseable {
    /**
     * How many rows a model gets at once: a multiple of whatever number it takes in one run, so that the batches in which a row
     * is predicted don't depend on it.
     */
    private static final int AT_ONCE = 8192;

    private final Session session;
    private final BatchRequest request;
    private final Rows rows;
    private final Supplier<BatchLayout> staged;
    private final Runnable release;

    /**
     * The rows of a batch, for messages.
     *
     * @param from how many rows of the source stand before them
     * @param files that {@code _file} counts in
     * @param line what {@code _line} counts: {@code line} or {@code row}
     */
    record Rows(long from, int count, List<Path> files, String line) {}

    /**
     * A batch.
     *
     * @param staged brings the rows into the session and says how they are read
     * @param release frees what was staged outside the session
     */
    RowBatch(Session session, BatchRequest request, Rows rows, Supplier<BatchLayout> staged, Runnable release) {
        this.session = session;
        this.request = request;
        this.rows = rows;
        this.staged = staged;
        this.release = release;
    }

    public int rows() {
        return rows.count();
    }

    /**
     * Predicts the rows and writes what was kept of them beside the predictions. The file is durable when this returns.
     *
     * @param model called with some thousand rows at a time
     * @throws InvalidInputException naming file, line and column of a value that makes no sense to the model
     */
    public void score(Function<Frame, Predictions> model, ScoredColumns scored, Path part) {
        BatchLayout layout = staged.get();
        scored.requireFree(layout.kept().stream().map(BatchLayout.Kept::name).toList());
        session.execute(layout.create());
        refuseSenseless(layout);
        Frame frame = frame(layout);
        predict(frame, model, scored);
        DurableFiles.write(
                part,
                aside -> session.execute("COPY (SELECT " + layout.selectKept() + scored.select() + " FROM "
                        + BatchLayout.TABLE
                        + " POSITIONAL JOIN " + ScoredColumns.TABLE + ") TO " + Sql.literal(aside)
                        + " (FORMAT parquet)"));
    }

    private Frame frame(BatchLayout layout) {
        List<ColumnReader.Sink> sinks = TrainingSet.sinks(request.inputs(), rows.count());
        ColumnReader.read(session, layout.selectFeatures(), sinks);
        return TrainingSet.frame(request.inputs(), sinks, rows.count());
    }

    private void predict(Frame frame, Function<Frame, Predictions> model, ScoredColumns scored) {
        session.execute(scored.create());
        try (DuckDBAppender appender = session.connection().createAppender("temp", "main", ScoredColumns.TABLE)) {
            for (int from = 0; from < frame.rows(); from += AT_ONCE) {
                Frame some = frame.slice(from, Math.min(frame.rows(), from + AT_ONCE));
                scored.append(model.apply(some), appender);
            }
        } catch (SQLException e) {
            throw DuckDb.failure("take in predictions", e);
        }
    }

    /** One value that makes no sense, and where it stands. */
    private record Senseless(int file, long line, int column, String value) {}

    private void refuseSenseless(BatchLayout layout) {
        List<Integer> doubtful = layout.doubtful();
        if (doubtful.isEmpty()) {
            return;
        }
        String columns = doubtful.stream().map(i -> "b" + i).collect(Collectors.joining(", "));
        Optional<Senseless> first = session
                .query(
                        "SELECT _file, _line, " + columns + " FROM " + BatchLayout.TABLE + " WHERE coalesce(" + columns
                                + ") IS NOT NULL ORDER BY _file, _line LIMIT 1",
                        row -> {
                            List<Senseless> found = new ArrayList<>();
                            for (int i = 0; i < doubtful.size(); i++) {
                                String value = row.getString(i + 3);
                                if (value != null) {
                                    found.add(new Senseless(row.getInt(1), row.getLong(2), doubtful.get(i), value));
                                }
                            }
                            return found.getFirst();
                        })
                .stream()
                .findFirst();
        first.ifPresent(found -> {
            throw senseless(layout, found);
        });
    }

    private InvalidInputException senseless(BatchLayout layout, Senseless found) {
        ModelSignature.Input input = request.inputs().get(found.column());
        return new InvalidInputException(String.format(
                Locale.ROOT,
                "%s, %s %d: %s: '%s' (expected: %s). Mend the row, or say which words stand for a missing value.",
                rows.files().get(found.file()),
                rows.line(),
                found.line(),
                input.name(),
                found.value(),
                layout.features().get(found.column()).expected()));
    }

    @Override
    public void close() {
        try {
            release.run();
        } finally {
            session.close();
        }
    }
}
