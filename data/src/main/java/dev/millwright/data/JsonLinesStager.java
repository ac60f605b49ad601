package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Progress;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Stages JSON lines: one object a line; its keys are the columns, in the order in which they first appear. */
final class JsonLinesStager {
    private static final String LINES = "staged_lines";
    private static final String TABLE = "staged_rows";
    private static final int REPORT_EVERY = 10_000;
    private static final int LONGEST_REASON = 500;

    private final DuckDb duck;
    private final Session session;
    private final Progress progress;

    JsonLinesStager(DuckDb duck, Session session, Progress progress) {
        this.duck = duck;
        this.session = session;
        this.progress = progress;
    }

    Staged stage(SourceSpec spec, SourceFiles source, long limit) {
        Charset charset = TextLines.charset(spec);
        long read = 0;
        Staged.Extent extent = Staged.Extent.WHOLE;
        try (StagingFile staging = new StagingFile(duck, session)) {
            for (int i = 0; i < source.files().size() && extent == Staged.Extent.WHOLE; i++) {
                try (TextLines lines = TextLines.open(source.files().get(i), charset)) {
                    extent = copy(spec, source, i, lines, staging, limit - read);
                    read += lines.bytesRead();
                }
            }
            staging.load(LINES, 1);
        }
        rejectWhatIsNoObject();
        requireObjects(spec, source);
        if (spec.contract().others() == OtherColumns.REFUSE && spec.onViolation() == OnViolation.QUARANTINE) {
            rejectOtherKeys(spec.contract());
        }
        List<Key> keys = keys(spec, source);
        session.execute(extract(keys));
        session.execute("DROP TABLE " + LINES);
        return new Staged(
                Format.JSONL,
                TABLE,
                source.files(),
                keys.stream().map(Key::found).toList(),
                session.count("SELECT count(*) FROM " + TABLE),
                session.count("SELECT count(*) FROM " + Staged.REJECTED),
                extent,
                read);
    }

    private Staged.Extent copy(
            SourceSpec spec, SourceFiles source, int fileIndex, TextLines lines, StagingFile staging, long limit) {
        long total = source.bytes();
        for (TextLines.Line line = lines.next(); line != null; line = lines.next()) {
            if (!line.text().isBlank()) {
                requireNoArray(spec, source.files().get(fileIndex), line);
                staging.add(fileIndex, line.number(), List.of(line.text()));
            }
            if (line.number() % REPORT_EVERY == 0) {
                progress.report("bytes of " + spec.dataset(), lines.bytesRead(), total);
                if (lines.bytesRead() > limit) {
                    return Staged.Extent.HEAD;
                }
            }
        }
        return Staged.Extent.WHOLE;
    }

    /** Refuses a file whose first line opens an array. */
    static void requireNoArray(SourceSpec spec, Path file, TextLines.Line line) {
        if (line.number() == 1 && line.text().strip().matches("\\[\\s*(\\{.*)?")) {
            throw new InvalidInputException(spec.dataset() + ": " + file
                    + " is a JSON array (expected: JSON lines, one object a line, without brackets or commas around)."
                    + " Convert it: jq -c '.[]' " + file.getFileName() + " > rows.jsonl");
        }
    }

    private void rejectWhatIsNoObject() {
        session.execute("INSERT INTO " + Staged.REJECTED + " SELECT _file, _line, CASE WHEN json_valid(c0)"
                + " THEN 'not a JSON object' ELSE 'not valid JSON' END, left(c0, " + Quarantine.LONGEST_RAW + ") FROM "
                + LINES + " WHERE NOT json_valid(c0) OR json_type(c0) <> 'OBJECT'");
        session.execute("CREATE OR REPLACE TEMP TABLE " + LINES + " AS SELECT * FROM " + LINES
                + " WHERE json_valid(c0) AND json_type(c0) = 'OBJECT'");
    }

    private void requireObjects(SourceSpec spec, SourceFiles source) {
        if (session.count("SELECT count(*) FROM " + LINES) == 0) {
            throw new InvalidInputException(spec.dataset() + ": "
                    + source.files().getFirst() + ": no line is a JSON object (expected: one a line)");
        }
    }

    /** Each line may have other keys, so it is a row and not the file that breaks the contract. */
    private void rejectOtherKeys(Contract contract) {
        String known = contract.columns().stream()
                .map(column -> "lower(" + Sql.literal(column.name()) + ")")
                .collect(Collectors.joining(", "));
        session.execute("INSERT INTO " + Staged.REJECTED + " SELECT l._file, l._line, left('keys that schema: doesn''t"
                + " name: ' || string_agg(k.name, ', ' ORDER BY k.name), " + LONGEST_REASON
                + "), left(any_value(l.c0), "
                + Quarantine.LONGEST_RAW + ") FROM " + LINES
                + " l JOIN (SELECT _file, _line, unnest(json_keys(c0)) AS name"
                + " FROM " + LINES + ") k ON k._file = l._file AND k._line = l._line WHERE lower(k.name) NOT IN ("
                + known
                + ") GROUP BY l._file, l._line");
        session.execute("DELETE FROM " + LINES + " l WHERE EXISTS (SELECT 1 FROM " + Staged.REJECTED
                + " r WHERE r._file = l._file AND r._line = l._line)");
    }

    private record Key(Staged.Found found, String value) {}

    private List<Key> keys(SourceSpec spec, SourceFiles source) {
        List<String> names = session.query(
                "SELECT k FROM (SELECT _file, _line, unnest(json_keys(c0)) AS k,"
                        + " generate_subscripts(json_keys(c0), 1) AS i FROM " + LINES
                        + ") GROUP BY k ORDER BY min((_file, _line, i))",
                row -> row.getString(1));
        Path first = source.files().getFirst();
        Dialect.requireDistinct(spec, first, names);
        List<Key> keys = new ArrayList<>();
        for (String name : names) {
            keys.add(key(spec, first, name));
        }
        return keys;
    }

    private Key key(SourceSpec spec, Path file, String name) {
        String pointer = Sql.literal(pointer(name));
        String value = Cells.present("json_extract_string(c0, " + pointer + ")", spec.missing());
        String kind = "json_type(c0, " + pointer + ")";
        record Kinds(boolean strings, boolean nested) {}
        Kinds kinds = session.single(
                "SELECT coalesce(bool_or(" + kind + " = 'VARCHAR' AND " + value
                        + " IS NOT NULL), false), coalesce(bool_or(" + kind + " IN ('OBJECT', 'ARRAY')), false) FROM "
                        + LINES,
                row -> new Kinds(row.getBoolean(1), row.getBoolean(2)));
        if (kinds.nested() && !spec.contract().types().containsKey(name)) {
            throw new InvalidInputException(spec.dataset() + ": " + file + ": " + name
                    + " holds objects or arrays (expected: plain values); flatten it, or declare it varchar to keep its"
                    + " JSON as text");
        }
        return new Key(kinds.strings() ? new Staged.Found.Quoted(name) : new Staged.Found.Text(name, 0), value);
    }

    /** The JSON pointer of a key. */
    static String pointer(String key) {
        return "/" + key.replace("~", "~0").replace("/", "~1");
    }

    private static String extract(List<Key> keys) {
        StringBuilder sql = new StringBuilder("CREATE OR REPLACE TEMP TABLE " + TABLE + " AS SELECT _file, _line");
        for (int i = 0; i < keys.size(); i++) {
            sql.append(", ").append(keys.get(i).value()).append(" AS ").append(Staged.cell(i));
        }
        return sql.append(" FROM ").append(LINES).toString();
    }
}
