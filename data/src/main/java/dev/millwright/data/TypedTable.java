package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Progress;
import dev.millwright.core.Schema;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * All rows of a source or of a dataset version, typed, as one relation of a session: {@code v0}, {@code v1}, … in the order of
 * the schema, timestamps as naive UTC, and {@link #PLACE}. Rows that their types refuse are left out and counted; expectations
 * are not looked at.
 *
 * @param relation what stands in FROM
 * @param rows in the relation
 * @param setAside rows that are broken, or that their types refuse
 */
public record TypedTable(String relation, Schema schema, long rows, long setAside, Order order) {
    /** BIGINT, different in each row: where it stands. */
    public static final String PLACE = "place";

    private static final int BITS_OF_LINE = 40;

    /** Cells up to which Parquet is unpacked once instead of at each question: a few hundred megabytes, which may spill. */
    private static final long UNPACKED_CELLS = 50_000_000;

    /** What {@link #PLACE} means. */
    public enum Order {
        /** Rows in its order are as they stand in the source. */
        OF_THE_SOURCE,
        /** It only tells rows apart. */
        NONE
    }

    /**
     * Reads all of a source. Large Parquet stays where it is; the rest becomes a table, which spills to disk when it has to.
     *
     * @param relation the name that it gets in the session
     * @throws InvalidInputException as {@link Inspector#outline} does
     */
    public static TypedTable read(DuckDb duck, Session session, SourceSpec spec, String relation, Progress progress) {
        Staged staged = new Stager(duck, session, progress).stage(spec, Stager.WHOLE);
        if (staged.rows() == 0) {
            throw Ingestion.nothingUsable(session, spec, staged);
        }
        List<TypedColumn> columns = new TypeInference(session, spec, staged).columns();
        boolean parquet = staged.format() == Format.PARQUET;
        String found = relation + "_found";
        session.execute("ALTER " + (parquet ? "VIEW " : "TABLE ") + staged.relation() + " RENAME TO " + found);
        String kind = parquet ? kind(staged.rows(), columns.size()) : "TABLE ";
        session.execute("CREATE OR REPLACE TEMP " + kind + relation + " AS " + select(found, columns));
        if (!parquet) {
            session.execute("DROP TABLE " + found);
        }
        long rows = session.count("SELECT count(*) FROM " + relation);
        if (rows == 0) {
            throw new InvalidInputException(spec.dataset() + ": the declared types refuse every row of " + spec.from()
                    + " (expected: at least one row that fits)");
        }
        Schema schema = new Schema(columns.stream()
                .map(column -> new Column(column.name(), column.type()))
                .toList());
        return new TypedTable(relation, schema, rows, staged.rowsRead() - rows, Order.OF_THE_SOURCE);
    }

    private static String kind(long rows, int columns) {
        return rows > UNPACKED_CELLS / columns ? "VIEW " : "TABLE ";
    }

    private static String select(String found, List<TypedColumn> columns) {
        String values = IntStream.range(0, columns.size())
                .mapToObj(i -> (columns.get(i).type() == ColumnType.TIMESTAMP
                                ? "timezone('UTC', " + value(i) + ") AS " + value(i)
                                : value(i))
                        + ", ")
                .collect(Collectors.joining());
        String accepted = IntStream.range(0, columns.size())
                .filter(i -> columns.get(i).check() == TypedColumn.Check.NEEDED)
                .mapToObj(i -> " AND r" + i + " IS NULL")
                .collect(Collectors.joining());
        return "SELECT " + values + "(CAST(_file AS BIGINT) << " + BITS_OF_LINE + ") + _line AS " + PLACE + " FROM ("
                + TypedRows.select(found, columns) + ") WHERE true" + accepted;
    }

    /**
     * The rows of something that stands in FROM and has the columns of {@code schema}, timestamps as naive UTC, and
     * {@code _row_id}, as {@link Lake#tableReference} and a view's SQL have; large ones stay where they are.
     *
     * @param setAside rows that were set aside before
     */
    public static TypedTable of(Session session, String reference, Schema schema, String relation, long setAside) {
        List<Column> columns = schema.columns();
        String values = IntStream.range(0, columns.size())
                .mapToObj(i -> Sql.identifier(columns.get(i).name()) + " AS " + value(i) + ", ")
                .collect(Collectors.joining());
        long rows = session.count("SELECT count(*) FROM " + reference);
        session.execute("CREATE OR REPLACE TEMP " + kind(rows, columns.size()) + relation + " AS SELECT " + values
                + ReservedColumns.ROW_ID + " AS " + PLACE + " FROM " + reference);
        return new TypedTable(relation, schema, rows, setAside, Order.NONE);
    }

    /** What stands in FROM for those who know the columns by their names; with {@code _row_id}. */
    public String reference() {
        String values = IntStream.range(0, schema.columns().size())
                .mapToObj(i -> value(i) + " AS "
                        + Sql.identifier(schema.columns().get(i).name()) + ", ")
                .collect(Collectors.joining());
        return "(SELECT " + values + PLACE + " AS " + ReservedColumns.ROW_ID + " FROM " + relation + ")";
    }

    /** The name of a column in the relation. */
    public static String value(int column) {
        return "v" + column;
    }
}
