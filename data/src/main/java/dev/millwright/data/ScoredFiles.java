package dev.millwright.data;

import dev.millwright.core.ColumnType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The parts that scoring wrote, put together. Where the output has types, columns that were kept from text get theirs here, as
 * those of a dataset do: only now is known what all their values are like. Thread-safe.
 *
 * @param source that was read
 * @param format of its files
 * @param parts in their order
 */
public record ScoredFiles(DuckDb duck, SourceSpec source, Format format, ScoredColumns scored, List<Path> parts) {
    private static final String VIEW = "staged_parts";

    public ScoredFiles {
        parts = List.copyOf(parts);
    }

    /** How an output file is written. */
    public enum Form {
        PARQUET("FORMAT parquet"),
        CSV("FORMAT csv, HEADER true"),
        TSV("FORMAT csv, HEADER true, DELIMITER '\t'"),
        CSV_GZ("FORMAT csv, HEADER true, COMPRESSION gzip"),
        TSV_GZ("FORMAT csv, HEADER true, DELIMITER '\t', COMPRESSION gzip");

        private final String options;

        Form(String options) {
            this.options = options;
        }

        /** The form that a file's ending tells, if it is one of these. */
        public static Optional<Form> ofFile(Path file) {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            boolean zipped = name.endsWith(".gz");
            return switch (name.substring(name.lastIndexOf('.', name.length() - (zipped ? 4 : 1)) + 1)) {
                case "parquet", "pq" -> Optional.of(PARQUET);
                case "csv" -> Optional.of(CSV);
                case "tsv", "tab" -> Optional.of(TSV);
                case "csv.gz" -> Optional.of(CSV_GZ);
                case "tsv.gz", "tab.gz" -> Optional.of(TSV_GZ);
                default -> Optional.empty();
            };
        }
    }

    /** Whether the parts are what an output folder shall hold, as they are. */
    public boolean areFinal() {
        return format == Format.PARQUET;
    }

    /** Writes all rows into one file, which is there whole or not at all. */
    public void write(Path target, Form form) {
        try (Session session = duck.session()) {
            List<Kept> kept = kept(session, form);
            copy(session, select(kept, relation(parts)), target, form);
        }
    }

    /** Writes each part anew, as Parquet, under its name, into a folder. */
    public void writeEach(Path folder) {
        try (Session session = duck.session()) {
            List<Kept> kept = kept(session, Form.PARQUET);
            for (Path part : parts) {
                List<String> there = names(session, List.of(part));
                List<Kept> known = kept.stream()
                        .map(column -> there.contains(column.name()) ? column : column.absent())
                        .toList();
                copy(session, select(known, relation(List.of(part))), folder.resolve(part.getFileName()), Form.PARQUET);
            }
        }
    }

    private static void copy(Session session, String select, Path target, Form form) {
        DurableFiles.write(
                target,
                aside -> session.execute("COPY (" + select + ") TO " + Sql.literal(aside) + " (" + form.options + ")"));
    }

    private static String relation(List<Path> parts) {
        return parts.stream().map(Sql::globLiteral).collect(Collectors.joining(", ", "read_parquet([", "]"))
                + ", union_by_name=true, hive_partitioning=false)";
    }

    /**
     * A column that was kept.
     *
     * @param cell what a part has of it, as SQL
     * @param value what the output has of it, as SQL over {@code c0}, {@code c1}, …
     */
    private record Kept(String name, String cell, String value, boolean isDouble) {
        Kept absent() {
            return new Kept(name, "CAST(NULL AS VARCHAR)", value, isDouble);
        }
    }

    private static List<String> names(Session session, List<Path> files) {
        return session.query("DESCRIBE SELECT * FROM " + relation(files), row -> row.getString(1));
    }

    private List<Kept> kept(Session session, Form form) {
        List<String> names = names(session, parts).stream()
                .filter(name -> !scored.isOne(name))
                .toList();
        List<String> cells = names.stream().map(name -> cell(name, form)).toList();
        if (form != Form.PARQUET || format == Format.PARQUET) {
            return IntStream.range(0, names.size())
                    .mapToObj(i -> new Kept(names.get(i), cells.get(i), Staged.cell(i), false))
                    .toList();
        }
        List<TypedColumn> typed = typed(session, names, cells);
        return IntStream.range(0, names.size())
                .mapToObj(i -> new Kept(
                        names.get(i),
                        cells.get(i),
                        typed.get(i).value(),
                        typed.get(i).type() == ColumnType.DOUBLE))
                .toList();
    }

    /** Parts of JSON lines hold JSON; those of other formats hold what the files do. */
    private String cell(String name, Form form) {
        String column = Sql.identifier(name);
        if (format != Format.JSONL) {
            return column;
        }
        String text = "json_extract_string(" + column + ", '$')";
        return form == Form.PARQUET ? Cells.present(text, source.missing()) : text;
    }

    private List<TypedColumn> typed(Session session, List<String> names, List<String> cells) {
        if (names.isEmpty()) {
            return List.of();
        }
        session.execute("CREATE OR REPLACE TEMP VIEW " + VIEW + " AS SELECT "
                + IntStream.range(0, cells.size())
                        .mapToObj(i -> cells.get(i) + " AS " + Staged.cell(i))
                        .collect(Collectors.joining(", "))
                + " FROM " + relation(parts));
        List<Staged.Found> found = new ArrayList<>();
        for (String name : names) {
            found.add(
                    format == Format.JSONL && holdsStrings(session, name)
                            ? new Staged.Found.Quoted(name)
                            : new Staged.Found.Text(name, 0));
        }
        Staged staged = new Staged(format, VIEW, parts, found, 0, 0, Staged.Extent.WHOLE, 0);
        return new TypeInference(session, source, staged).columns();
    }

    private boolean holdsStrings(Session session, String name) {
        String column = Sql.identifier(name);
        return session.single(
                "SELECT coalesce(bool_or(json_type(" + column + ") = 'VARCHAR' AND " + cell(name, Form.PARQUET)
                        + " IS NOT NULL), false) FROM " + relation(parts),
                row -> row.getBoolean(1));
    }

    /** Each value is computed once, in the inner SELECT. */
    private String select(List<Kept> kept, String relation) {
        List<String> cells = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<String> outputs = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            Kept column = kept.get(i);
            cells.add(column.cell() + " AS " + Staged.cell(i));
            values.add(column.value() + " AS t" + i);
            outputs.add((column.isDouble() ? Cells.finite("t" + i) : "t" + i) + " AS " + Sql.identifier(column.name()));
        }
        List<String> added = scored.names().stream().map(Sql::identifier).toList();
        for (int i = 0; i < added.size(); i++) {
            cells.add(added.get(i) + " AS s" + i);
            values.add("s" + i);
            outputs.add("s" + i + " AS " + added.get(i));
        }
        return "SELECT " + String.join(", ", outputs) + " FROM (SELECT " + String.join(", ", values) + " FROM (SELECT "
                + String.join(", ", cells) + " FROM " + relation + "))";
    }
}
