package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Progress;
import dev.millwright.core.Schema;
import dev.millwright.core.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A file of rows that were exported from quarantine and repaired: delimited text or JSON lines. It may have lost columns and rows; a
 * column that it has not keeps the cells that were found.
 */
final class RepairFile {
    /** Before the names of the columns that tell where a row comes from. */
    static final String OURS = "quarantine.";

    static final String ROW = OURS + "row";
    static final String VERSION = OURS + "version";

    /** The rows of the file: {@code _line}, {@code id}, and {@code cells} as in {@link SetAside}. */
    static final String TABLE = "repaired_file_rows";

    private final Session session;
    private final SourceSpec spec;
    private final Staged staged;

    private RepairFile(Session session, SourceSpec spec, Staged staged) {
        this.session = session;
        this.spec = spec;
        this.staged = staged;
    }

    /**
     * Reads the file.
     *
     * @param dataset the name used in messages
     * @param missing words that stand for a missing value
     * @throws InvalidInputException when it is none, or one of its rows is broken
     */
    static RepairFile open(DuckDb duck, Session session, String dataset, Path file, List<String> missing) {
        SourceSpec spec =
                SourceSpec.of(dataset, file.toString()).withMissing(missing).withHeader(Header.PRESENT);
        if (SourceFiles.of(spec).format() == Format.PARQUET) {
            throw new InvalidInputException(file
                    + ": Parquet (expected: CSV, TSV or JSON lines, as data quarantine --export" + " writes them)");
        }
        Staged staged = new Stager(duck, session, Progress.NONE).stage(spec, Stager.WHOLE);
        RepairFile opened = new RepairFile(session, spec, staged);
        opened.requireWhole();
        return opened;
    }

    private void requireWhole() {
        if (staged.rejected() > 0) {
            throw session.single(
                    "SELECT _line, reason FROM " + Staged.REJECTED + " ORDER BY _line LIMIT 1",
                    row -> new InvalidInputException(spec.from() + ", line " + row.getLong(1) + ": " + row.getString(2)
                            + ". Mend the line; no row was taken."));
        }
        if (find(ROW).isEmpty()) {
            throw new InvalidInputException(spec.from() + ": has no column " + ROW + " (expected: the rows of "
                    + spec.dataset() + " that data quarantine --export wrote)");
        }
    }

    private Optional<String> find(String column) {
        return IntStream.range(0, staged.columns().size())
                .filter(i -> staged.columns().get(i).name().equalsIgnoreCase(column))
                .mapToObj(Staged::cell)
                .findFirst();
    }

    /** The version that the rows were exported from, as the file says. */
    Optional<String> version() {
        List<String> versions = find(VERSION)
                .map(cell -> session.query(
                        "SELECT DISTINCT " + cell + " FROM " + staged.relation() + " WHERE " + cell
                                + " IS NOT NULL ORDER BY 1",
                        row -> row.getString(1)))
                .orElse(List.of());
        if (versions.size() > 1) {
            throw new InvalidInputException(spec.from() + ": rows of the versions " + String.join(", ", versions)
                    + " (expected: of one). Replay them one file after the other.");
        }
        return versions.stream().findFirst();
    }

    /**
     * Fills {@link #TABLE}; an empty cell is a missing value.
     *
     * @param schema whose columns the cells are of
     */
    void load(Schema schema) {
        requireColumns(schema);
        String id = find(ROW).orElseThrow();
        List<String> names = schema.names();
        List<String> cells = new ArrayList<>();
        for (String name : names) {
            cells.add(find(name).map(cell -> "f." + cell).orElseGet(() -> SetAside.cell("s.cells", name)));
        }
        session.execute("CREATE OR REPLACE TEMP TABLE " + TABLE + " AS SELECT f._line, f." + id + " AS name,"
                + " TRY_CAST(substr(f." + id + ", 2) AS BIGINT) AS id, " + SetAside.json(names, cells)
                + " AS cells, coalesce(" + String.join(", ", cells) + ") IS NULL AS blank FROM " + staged.relation()
                + " f LEFT JOIN " + SetAside.TABLE + " s ON s.id = TRY_CAST(substr(f." + id + ", 2) AS BIGINT)");
        requireDistinct();
    }

    private void requireColumns(Schema schema) {
        for (Staged.Found column : staged.columns()) {
            if (schema.find(column.name()).isEmpty() && !column.name().startsWith(OURS)) {
                throw new InvalidInputException(spec.from() + ": " + column.name() + " (expected: a column of "
                        + spec.dataset() + ")." + Words.suggestion(column.name(), schema.names()));
            }
        }
    }

    private void requireDistinct() {
        session.query(
                        "SELECT name, min(_line), max(_line) FROM " + TABLE
                                + " GROUP BY name HAVING count(*) > 1 ORDER BY 2 LIMIT 1",
                        row -> spec.from() + ", line " + row.getLong(3) + ": " + ROW + ": " + row.getString(1)
                                + " a second time (expected: each row once; the first is in line " + row.getLong(2)
                                + ")")
                .forEach(message -> {
                    throw new InvalidInputException(message);
                });
    }

    /**
     * Refuses rows that were never set aside.
     *
     * @param known ids, as a SELECT
     * @param version as people write it
     */
    void requireKnown(String known, String version) {
        session.query(
                        "SELECT _line, name FROM " + TABLE + " WHERE id IS NULL OR id NOT IN (" + known
                                + ") ORDER BY _line LIMIT 1",
                        row -> spec.from() + ", line " + row.getLong(1) + ": " + ROW + ": " + row.getString(2)
                                + " (expected: a row that was set aside in " + version + ")")
                .forEach(message -> {
                    throw new InvalidInputException(message);
                });
    }
}
