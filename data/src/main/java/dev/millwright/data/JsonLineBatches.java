package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How batches of JSON lines are read. What is kept stays JSON until the output is put together: only then is known which
 * columns there are, and whether a column holds strings. A row may lack a column, which is then missing, but rows of a first
 * batch that all lack one are a mistake. Thread-safe.
 */
final class JsonLineBatches {
    private final BatchRequest request;

    JsonLineBatches(BatchRequest request) {
        this.request = request;
    }

    /** Of rows whose only cell is the line. */
    BatchLayout layout(Session session, String relation, RowBatch.Rows rows) {
        refuseWhatIsNoObject(session, relation, rows);
        List<String> keys = keys(session, relation);
        Path file = rows.files().getFirst();
        Dialect.requireDistinct(request.source(), file, keys);
        ColumnChoice choice =
                rows.from() == 0 ? ColumnChoice.of(file, keys, request) : ColumnChoice.among(keys, request);
        List<String> pointers = new ArrayList<>();
        List<BatchLayout.Kept> kept = new ArrayList<>();
        for (int position : choice.kept()) {
            kept.add(new BatchLayout.Kept(
                    keys.get(position), "CAST(" + extracted(pointers, keys.get(position)) + " AS VARCHAR)"));
        }
        List<FeatureSql> features = new ArrayList<>();
        for (int i = 0; i < request.inputs().size(); i++) {
            ModelSignature.Input input = request.inputs().get(i);
            int position = choice.inputs().get(i);
            features.add(FeatureSql.json(
                    input.type(),
                    extracted(pointers, position < 0 ? input.name() : keys.get(position)),
                    request.source().missing()));
        }
        // All values of a line at once: each would otherwise read the line anew.
        return new BatchLayout(
                "(SELECT _file, _line, json_extract(c0, [" + Sql.literals(pointers) + "]) AS j FROM " + relation + ")",
                kept,
                features);
    }

    private static String extracted(List<String> pointers, String key) {
        String pointer = JsonLinesStager.pointer(key);
        int known = pointers.indexOf(pointer);
        if (known < 0) {
            pointers.add(pointer);
        }
        return "j[" + (known < 0 ? pointers.size() : known + 1) + "]";
    }

    private static void refuseWhatIsNoObject(Session session, String relation, RowBatch.Rows rows) {
        List<InvalidInputException> broken = session.query(
                "SELECT _file, _line, json_valid(c0) FROM " + relation
                        + " WHERE NOT json_valid(c0) OR json_type(c0) <> 'OBJECT' ORDER BY _file, _line LIMIT 1",
                row -> JsonLineRows.broken(
                        rows.files().get(row.getInt(1)),
                        row.getLong(2),
                        row.getBoolean(3) ? "not a JSON object" : "not valid JSON"));
        if (!broken.isEmpty()) {
            throw broken.getFirst();
        }
    }

    private static List<String> keys(Session session, String relation) {
        return session.query(
                "SELECT k FROM (SELECT _file, _line, unnest(json_keys(c0)) AS k,"
                        + " generate_subscripts(json_keys(c0), 1) AS i FROM " + relation
                        + ") GROUP BY k ORDER BY min((_file, _line, i))",
                row -> row.getString(1));
    }
}
