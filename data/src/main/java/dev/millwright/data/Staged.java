package dev.millwright.data;

import dev.millwright.core.ColumnType;
import java.nio.file.Path;
import java.util.List;

/**
 * The rows of a source as they were found, in a relation of one session: {@code _file} (position in {@code files}),
 * {@code _line} (from 1; of Parquet, the row), and {@code c0}, {@code c1}, … Rows whose structure is broken are in the
 * table {@link #REJECTED} instead.
 *
 * @param format of the files
 * @param relation table or view
 * @param rejected rows in {@link #REJECTED}
 * @param extent whether every row was taken in
 * @param bytes of the files that were read, before unzipping
 */
record Staged(
        Format format,
        String relation,
        List<Path> files,
        List<Found> columns,
        long rows,
        long rejected,
        Extent extent,
        long bytes) {
    /** {@code _file}, {@code _line}, {@code reason}, {@code raw}. */
    static final String REJECTED = "rejected_rows";

    /** Whether all of a source was looked at. */
    enum Extent {
        WHOLE,
        HEAD
    }

    /** How the values of a column came. */
    sealed interface Found {
        String name();

        /**
         * Cells of a text file, VARCHAR; NULL where they are missing.
         *
         * @param blanks how many are blank but not empty
         */
        record Text(String name, long blanks) implements Found {}

        /** Values of JSON of which some are strings, VARCHAR and NULL where missing: strings are no numbers, whatever they look like. */
        record Quoted(String name) implements Found {}

        /** Values that the file itself types. */
        record Typed(String name, ColumnType type) implements Found {}
    }

    Staged {
        files = List.copyOf(files);
        columns = List.copyOf(columns);
    }

    static String cell(int column) {
        return "c" + column;
    }

    static void createRejected(Session session) {
        session.execute("CREATE OR REPLACE TEMP TABLE " + REJECTED
                + " (_file INTEGER, _line BIGINT, reason VARCHAR, raw VARCHAR)");
    }

    long rowsRead() {
        return rows + rejected;
    }
}
