package dev.millwright.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The rows of one ingestion that were set aside, as a Parquet file beside the version. */
final class Quarantine {
    static final int LONGEST_RAW = 10_000;

    private Quarantine() {}

    /** Writes the rows of {@link SetAside}. */
    static void write(Session session, Path target) {
        DurableFiles.write(
                target,
                aside -> session.execute(
                        "COPY (SELECT _file, _line, source, id, reason, raw, cells FROM " + SetAside.TABLE
                                + " ORDER BY _file, _line) TO " + Sql.literal(aside)
                                + " (FORMAT parquet, COMPRESSION zstd)"));
    }

    /** Fills {@link SetAside} from a file. */
    static void load(Session session, Optional<Path> file) {
        session.execute("CREATE OR REPLACE TEMP TABLE " + SetAside.TABLE + " AS "
                + file.map(Quarantine::select)
                        .orElse(
                                "SELECT 0 AS _file, 0::BIGINT AS _line, '' AS source, 0::BIGINT AS id, '' AS reason, '' AS raw,"
                                        + " '' AS cells WHERE false"));
    }

    private static String select(Path file) {
        return "SELECT _file, _line, source, id, reason, raw, cells FROM read_parquet(" + Sql.globLiteral(file)
                + ") ORDER BY _file, _line";
    }

    /** Whether a file tells rows apart; those that were written before rows had ids don't. */
    static boolean hasIds(Session session, Path file) {
        return session.count("SELECT count(*) FROM parquet_schema(" + Sql.globLiteral(file) + ") WHERE name = 'id'")
                > 0;
    }

    static List<QuarantinedRow> read(Session session, Path file, int limit) {
        return session.query(
                "SELECT source, _line, reason, raw FROM read_parquet(" + Sql.globLiteral(file)
                        + ") ORDER BY _file, _line LIMIT " + limit,
                row -> new QuarantinedRow(
                        Path.of(row.getString(1)), row.getLong(2), row.getString(3), row.getString(4)));
    }
}
