package dev.millwright.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The rows of one ingestion that were set aside, as a Parquet file beside the version. */
final class Quarantine {
    static final int LONGEST_RAW = 10_000;

    private Quarantine() {}

    static void write(Session session, Staged staged, Path target) {
        DurableFiles.write(
                target,
                aside -> session.execute("COPY (" + rows(staged) + " ORDER BY _file, _line) TO " + Sql.literal(aside)
                        + " (FORMAT parquet, COMPRESSION zstd)"));
    }

    private static String rows(Staged staged) {
        return "SELECT _file, _line, list_extract(["
                + Sql.literals(staged.files().stream().map(Path::toString).toList())
                + "], _file + 1) AS source, reason, raw FROM (SELECT _file, _line, reason, raw FROM " + Staged.REJECTED
                + " UNION ALL SELECT c._file, c._line, c.reason, left(" + raw(staged) + ", " + LONGEST_RAW
                + ") FROM " + Ingestion.CHECKED + " c JOIN " + staged.relation()
                + " s ON s._file = c._file AND s._line = c._line WHERE c.reason IS NOT NULL)";
    }

    private static String raw(Staged staged) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < staged.columns().size(); i++) {
            String cell = "s." + Staged.cell(i);
            parts.add(
                    switch (staged.format()) {
                        case CSV, TSV ->
                            "CASE WHEN regexp_matches(" + cell + ", '[,\"\\r\\n]') THEN '\"' || replace(" + cell
                                    + ", '\"', '\"\"') || '\"' ELSE coalesce(" + cell + ", '') END";
                        case JSONL, PARQUET ->
                            Sql.literal(staged.columns().get(i).name()) + ", " + cell;
                    });
        }
        return switch (staged.format()) {
            case CSV, TSV -> parts.stream().collect(Collectors.joining(" || ',' || "));
            case JSONL, PARQUET -> "CAST(json_object(" + String.join(", ", parts) + ") AS VARCHAR)";
        };
    }

    static List<QuarantinedRow> read(Session session, Path file, int limit) {
        return session.query(
                "SELECT source, _line, reason, raw FROM read_parquet(" + Sql.globLiteral(file)
                        + ") ORDER BY _file, _line LIMIT " + limit,
                row -> new QuarantinedRow(
                        Path.of(row.getString(1)), row.getLong(2), row.getString(3), row.getString(4)));
    }
}
