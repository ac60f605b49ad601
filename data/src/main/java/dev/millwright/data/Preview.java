package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Sources under a look, before any work starts: their columns, and their rows as far as these were read, for questions about
 * them. The rows are gone when it is closed. For one thread.
 */
public final class Preview implements AutoCloseable {
    /** A look at so many labels is mostly enough, and costs next to nothing. */
    private static final int FIRST = 100_000;

    private final DuckDb duck;
    private final Map<String, Rows> rows = new LinkedHashMap<>();
    private @Nullable Session session;

    public Preview(DuckDb duck) {
        this.duck = duck;
    }

    /** How the rows that can be asked relate to those that a run would keep. */
    public enum Extent {
        /** They are the same. */
        KEPT,
        /** These, and others that an expectation may set aside. */
        READ,
        /** The source is larger than what is looked at. */
        HEAD
    }

    /**
     * The rows of a dataset.
     *
     * @param reference what stands in FROM, with a column {@code _row_id}
     */
    public record Rows(String reference, long count, Extent extent) {}

    /**
     * Looks at a source, as {@link Inspector#outline} does, and keeps its rows.
     *
     * @param expectations how many there are, which the rows are not held to here
     * @throws InvalidInputException as {@link Inspector#outline} does
     */
    public Outline outline(SourceSpec spec, int expectations) {
        Session open = session();
        try {
            Inspector.Outlined outlined = Inspector.outlined(duck, open, spec);
            spec.layout().require(outlined.outline().schema(), spec.contract());
            rows.put(
                    spec.dataset(),
                    keep(open, outlined, expectations + spec.contract().checks().size()));
            return outlined.outline();
        } catch (MillwrightException failed) {
            close(); // what is half staged would be in the way of the next source
            throw failed;
        }
    }

    /**
     * Rows that were kept by an earlier run.
     *
     * @param table what questions call them
     */
    public void add(String table, DatasetVersion version, String reference) {
        rows.put(table, new Rows(reference, version.rows(), Extent.KEPT));
    }

    /** The rows of a dataset; empty when it was not looked at. */
    public Optional<Rows> rows(String dataset) {
        return Optional.ofNullable(rows.get(dataset));
    }

    /** Parquet is a view on its files, text a table: either is renamed, so that the next source can take its place. */
    private Rows keep(Session open, Inspector.Outlined outlined, int expectations) {
        Staged staged = outlined.staged();
        String kept = "kept_" + rows.size();
        String kind = staged.format() == Format.PARQUET ? "VIEW " : "TABLE ";
        open.execute("ALTER " + kind + staged.relation() + " RENAME TO " + kept);
        String view = "preview_" + rows.size();
        open.execute("CREATE OR REPLACE TEMP VIEW " + view + " AS " + select(kept, outlined.columns()));
        Extent whole = expectations == 0 ? Extent.KEPT : Extent.READ;
        return new Rows(view, staged.rows(), staged.extent() == Staged.Extent.WHOLE ? whole : Extent.HEAD);
    }

    /** The rows that their types don't refuse, under the names of their columns. */
    private static String select(String relation, List<TypedColumn> columns) {
        String values = IntStream.range(0, columns.size())
                .mapToObj(i -> "v" + i + " AS " + Sql.identifier(columns.get(i).name()) + ", ")
                .collect(Collectors.joining());
        String accepted = IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).check() == TypedColumn.Check.NEEDED)
                .mapToObj(i -> " AND r" + i + " IS NULL")
                .collect(Collectors.joining());
        return "SELECT " + values + "h AS " + ReservedColumns.ROW_ID + " FROM (" + TypedRows.select(relation, columns)
                + ") WHERE true" + accepted;
    }

    /**
     * Why nothing can be learnt from labels, if that is so; empty too when the engine can't tell.
     *
     * @param labelSql gives {@code _label}, from the {@linkplain Rows#reference references} of datasets
     * @throws InvalidInputException when no task fits the type
     */
    public Optional<String> findLabelProblem(String labelSql, ColumnType type) {
        String labels =
                "SELECT " + LabelSurvey.columns(type) + " FROM (" + labelSql + ") WHERE " + LabelSurvey.present(type);
        try {
            LabelSurvey first = LabelSurvey.of(session(), "(" + labels + " LIMIT " + FIRST + ")");
            Optional<String> suspicion = first.findProblem(type, Optional.empty());
            return suspicion.isEmpty() || first.rows() < FIRST
                    ? suspicion
                    : LabelSurvey.of(session(), "(" + labels + ")").findProblem(type, Optional.empty());
        } catch (InvalidInputException unfit) {
            throw unfit;
        } catch (MillwrightException unknown) {
            return Optional.empty(); // the run computes the same, and says what is wrong
        }
    }

    private Session session() {
        Session open = session;
        if (open == null) {
            open = duck.session();
            session = open;
        }
        return open;
    }

    @Override
    public void close() {
        Session open = session;
        session = null;
        rows.clear();
        if (open != null) {
            open.close();
        }
    }
}
