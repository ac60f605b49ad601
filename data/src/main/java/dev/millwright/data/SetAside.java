package dev.millwright.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The table of rows that are not kept: {@code _file}, {@code _line}, {@code source} (the file as people know it), {@code id},
 * {@code reason}, {@code raw} (the row as it was found, cut), and {@code cells} (its cells as JSON, whole; NULL of a row that could
 * not be cut into cells).
 *
 * <p>The id of a row that was cut into cells is the {@code _row_id} that it would have, so it stays the same as long as the source
 * brings the row, wherever in the source that is.
 */
final class SetAside {
    static final String TABLE = "set_aside_rows";

    private static final String REJECTED_IDS = "CAST(md5_number_lower(chr(29) || raw || ':' || row_number() OVER"
            + " (PARTITION BY raw ORDER BY _file, _line)) >> 1 AS BIGINT)";

    private SetAside() {}

    /** Fills the table with what was rejected, and with the checked rows that have a reason against them. */
    static void create(Session session, Staged staged) {
        if (session.count("SELECT (SELECT count(*) FROM " + Staged.REJECTED + ") + (SELECT count(*) FROM "
                        + Ingestion.CHECKED + " WHERE reason IS NOT NULL)")
                == 0) {
            Quarantine.load(session, Optional.empty()); // a look at all rows, to find none of them, takes its time
            return;
        }
        String source = "list_extract(["
                + Sql.literals(staged.files().stream().map(Path::toString).toList()) + "], _file + 1)";
        session.execute("CREATE OR REPLACE TEMP TABLE " + TABLE + " AS SELECT _file, _line, " + source
                + " AS source, id, reason, raw, cells FROM (SELECT _file, _line, " + REJECTED_IDS
                + " AS id, reason, raw, CAST(NULL AS VARCHAR) AS cells FROM " + Staged.REJECTED
                + " UNION ALL SELECT c._file, c._line, coalesce(r.id, c.h), c.reason, left(" + raw(staged) + ", "
                + Quarantine.LONGEST_RAW + "), " + cells(staged) + " FROM " + Ingestion.CHECKED + " c JOIN "
                + staged.relation() + " s ON s._file = c._file AND s._line = c._line LEFT JOIN " + Ingestion.REPEATED
                + " r ON r._file = c._file AND r._line = c._line WHERE c.reason IS NOT NULL)");
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
            case CSV, TSV -> String.join(" || ',' || ", parts);
            case JSONL, PARQUET -> "CAST(json_object(" + String.join(", ", parts) + ") AS VARCHAR)";
        };
    }

    private static String cells(Staged staged) {
        return json(
                staged.columns().stream().map(Staged.Found::name).toList(),
                IntStream.range(0, staged.columns().size())
                        .mapToObj(i -> "s." + Staged.cell(i))
                        .toList());
    }

    /** Cells as JSON: their text by the name of their column, null where it is missing. */
    static String json(List<String> names, List<String> cells) {
        return IntStream.range(0, names.size())
                .mapToObj(i -> Sql.literal(names.get(i)) + ", CAST(" + cells.get(i) + " AS VARCHAR)")
                .collect(Collectors.joining(", ", "CAST(json_object(", ") AS VARCHAR)"));
    }

    /** The text of a cell in {@code cells}. */
    static String cell(String cells, String name) {
        return "json_extract_string(" + cells + ", " + Sql.literal(JsonLinesStager.pointer(name)) + ")";
    }
}
