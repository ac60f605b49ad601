package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Progress;
import dev.millwright.core.Schema;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Looks at a source before any work starts. */
public final class Inspector {
    private static final long LOOKED_AT_BYTES = 64_000_000;
    private static final long LOOKED_AT_ROWS = 1_000_000;
    private static final int SHOWN_EXAMPLES = 3;
    private static final int FEW_VALUES = 50;
    private static final String TYPED = "typed_rows";

    private Inspector() {}

    /**
     * Reads the source, or the head of a large one, as {@link Lake#ingest} would.
     *
     * @throws InvalidInputException when no file is there, it can't be decoded, or its columns make no table
     */
    public static Inspection inspect(DuckDb duck, SourceSpec spec) {
        try (Session session = duck.session()) {
            Staged staged = stage(duck, session, spec);
            List<TypedColumn> columns = new TypeInference(session, spec, staged).columns();
            createTyped(session, staged, columns);
            List<ColumnProfile> profiles = new Profiler(session).profile(TYPED, expressions(columns));
            List<String> warnings = warnings(
                    session,
                    spec,
                    staged,
                    columns,
                    profiles.stream().map(ColumnProfile::missing).toList());
            warnings.addAll(alike(session, profiles));
            return new Inspection(
                    spec.dataset(),
                    schema(columns),
                    rows(spec, staged),
                    staged.rows() <= LOOKED_AT_ROWS && staged.extent() == Staged.Extent.WHOLE
                            ? Inspection.Coverage.WHOLE
                            : Inspection.Coverage.HEAD,
                    dialect(spec, staged).map(Dialect::header),
                    profiles,
                    warnings);
        }
    }

    /**
     * Finds the columns and what is to be warned of, as {@link #inspect} does, without a look at what the values are like.
     *
     * @throws InvalidInputException as {@link #inspect} does
     */
    public static Outline outline(DuckDb duck, SourceSpec spec) {
        try (Session session = duck.session()) {
            return outlined(duck, session, spec).outline();
        }
    }

    /** An outline, with the rows that it was made from: they stay in the session's {@code staged} relation. */
    record Outlined(Outline outline, Staged staged, List<TypedColumn> columns) {}

    static Outlined outlined(DuckDb duck, Session session, SourceSpec spec) {
        Staged staged = stage(duck, session, spec);
        List<TypedColumn> columns = new TypeInference(session, spec, staged).columns();
        if (columns.stream().anyMatch(column -> column.check() != TypedColumn.Check.NONE)) {
            createTyped(session, staged, columns);
        }
        Outline outline = new Outline(
                schema(columns),
                staged.extent() == Staged.Extent.WHOLE ? Inspection.Coverage.WHOLE : Inspection.Coverage.HEAD,
                warnings(session, spec, staged, columns, missing(session, staged, columns)));
        return new Outlined(outline, staged, columns);
    }

    /**
     * Names for the columns of delimited text whose header has one twice, or one that is reserved; empty when the header
     * can be taken as it is.
     */
    public static Optional<List<String>> distinctNames(SourceSpec spec) {
        SourceFiles source = SourceFiles.of(spec);
        return switch (source.format()) {
            case CSV, TSV ->
                Dialect.distinctNames(spec, source.format(), source.files().getFirst(), TextLines.charset(spec));
            case JSONL, PARQUET -> Optional.empty();
        };
    }

    /**
     * The files that a source names, in the order in which they are read.
     *
     * @throws InvalidInputException when there is none
     */
    public static List<Path> files(SourceSpec spec) {
        return SourceFiles.of(spec).files();
    }

    private static Staged stage(DuckDb duck, Session session, SourceSpec spec) {
        Staged staged = new Stager(duck, session, Progress.NONE).stage(spec, LOOKED_AT_BYTES);
        if (staged.rows() == 0) {
            throw Ingestion.nothingUsable(session, spec, staged);
        }
        return staged;
    }

    private static void createTyped(Session session, Staged staged, List<TypedColumn> columns) {
        session.execute("CREATE OR REPLACE TEMP TABLE " + TYPED + " AS " + TypedRows.select(head(staged), columns));
    }

    private static List<Long> missing(Session session, Staged staged, List<TypedColumn> columns) {
        String counts = IntStream.range(0, columns.size())
                .mapToObj(i -> "count(*) - count(" + Staged.cell(i) + ")")
                .collect(Collectors.joining(", "));
        return session.single("SELECT " + counts + " FROM " + head(staged), row -> {
            List<Long> missing = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                missing.add(row.getLong(i));
            }
            return missing;
        });
    }

    private static long lookedAt(Staged staged) {
        return Math.min(staged.rows(), LOOKED_AT_ROWS);
    }

    private static String head(Staged staged) {
        return staged.rows() > LOOKED_AT_ROWS
                ? "(SELECT * FROM " + staged.relation() + " LIMIT " + LOOKED_AT_ROWS + ")"
                : staged.relation();
    }

    private static Schema schema(List<TypedColumn> columns) {
        return new Schema(columns.stream()
                .map(column -> new Column(column.name(), column.type()))
                .toList());
    }

    private static List<Profiler.Expression> expressions(List<TypedColumn> columns) {
        List<Profiler.Expression> expressions = new ArrayList<>();
        for (Column column : schema(columns).columns()) {
            expressions.add(new Profiler.Expression(column, "v" + expressions.size()));
        }
        return expressions;
    }

    private static long rows(SourceSpec spec, Staged staged) {
        return switch (staged.extent()) {
            case WHOLE -> staged.rowsRead();
            case HEAD ->
                Math.round((double) staged.rowsRead() * SourceFiles.of(spec).bytes() / Math.max(1, staged.bytes()));
        };
    }

    private static List<String> warnings(
            Session session, SourceSpec spec, Staged staged, List<TypedColumn> columns, List<Long> missing) {
        List<String> warnings = new ArrayList<>();
        if (staged.rejected() > 0) {
            warnings.add(session.single(
                    "SELECT _line FROM " + Staged.REJECTED + " ORDER BY _file, _line LIMIT 1",
                    row -> staged.rejected() + " of " + staged.rowsRead()
                            + " rows are broken and go to quarantine, unless they were repaired"
                            + " (the first at line " + row.getLong(1) + ")"));
        }
        dialect(spec, staged).flatMap(dialect -> namedByPlace(spec, dialect)).ifPresent(warnings::add);
        for (int i = 0; i < columns.size(); i++) {
            Look look = new Look(session, staged, columns.get(i), i, lookedAt(staged), missing.get(i));
            missing(look).ifPresent(warnings::add);
            refused(look).ifPresent(warnings::add);
            almostNumbers(look).ifPresent(warnings::add);
            readAsMissing(look).ifPresent(warnings::add);
        }
        return warnings;
    }

    private static Optional<Dialect> dialect(SourceSpec spec, Staged staged) {
        return switch (staged.format()) {
            case CSV, TSV ->
                Optional.of(Dialect.of(spec, staged.format(), staged.files().getFirst(), TextLines.charset(spec)));
            case JSONL, PARQUET -> Optional.empty();
        };
    }

    private static Optional<String> namedByPlace(SourceSpec spec, Dialect dialect) {
        if (dialect.header() == Header.ABSENT) {
            return spec.columnNames().isEmpty() && spec.header().isEmpty()
                    ? Optional.of("no header was seen: columns are named column1 to column"
                            + dialect.columns().size() + "; name them with columns:, or say header: true")
                    : Optional.empty();
        }
        return dialect.unnamed().isEmpty()
                ? Optional.empty()
                : Optional.of(dialect.unnamed().stream()
                                .map(place -> "column" + place)
                                .collect(Collectors.joining(", "))
                        + ": without a name in the header, so called by place");
    }

    /** Of columns with few values: which of them a person would take for the same. */
    private static List<String> alike(Session session, List<ColumnProfile> profiles) {
        List<String> warnings = new ArrayList<>();
        for (int i = 0; i < profiles.size(); i++) {
            ColumnProfile profile = profiles.get(i);
            if (profile.type() == ColumnType.VARCHAR && profile.distinct() <= FEW_VALUES) {
                List<String> same = session.query(
                        "SELECT string_agg('''' || left(v, 40) || '''', ' and ' ORDER BY v) AS same FROM"
                                + " (SELECT DISTINCT v" + i + " AS v FROM " + TYPED + ")"
                                + " GROUP BY lower(trim(v)) HAVING count(v) > 1 ORDER BY same LIMIT " + SHOWN_EXAMPLES,
                        row -> row.getString(1));
                if (!same.isEmpty()) {
                    warnings.add(profile.name() + ": " + String.join(", ", same)
                            + " differ only in blanks or case and count as different values;"
                            + " LOWER(TRIM(…)) makes them one");
                }
            }
        }
        return warnings;
    }

    /** One column under the eyes, and how many of the {@code rows} looked at have no value in it. */
    private record Look(Session session, Staged staged, TypedColumn column, int index, long rows, long missing) {

        /** {@code TotalCharges: 11 of 7043 values are not numbers (e.g. ' ')}. */
        String sentence(long count, String claim, List<String> examples) {
            return column.name() + ": " + count + " of " + rows + " values are not " + claim
                    + examples.stream().collect(Collectors.joining("', '", " (e.g. '", "')"));
        }

        List<String> examples(String relation, String value, String condition) {
            return session.query(
                    "SELECT DISTINCT left(" + value + ", 40) AS example FROM " + relation + " WHERE " + condition
                            + " ORDER BY example LIMIT " + SHOWN_EXAMPLES,
                    row -> row.getString(1));
        }
    }

    private static Optional<String> missing(Look look) {
        return look.missing() == look.rows()
                ? Optional.of(look.column().name() + ": all values are missing")
                : Optional.empty();
    }

    private static Optional<String> refused(Look look) {
        if (look.column().check() == TypedColumn.Check.NONE) {
            return Optional.empty();
        }
        String refused = "r" + look.index();
        long count = look.session().count("SELECT count(" + refused + ") FROM " + TYPED);
        List<String> examples = look.examples(TYPED, refused, refused + " IS NOT NULL");
        String claim = "a " + look.column().type().label();
        return count == 0
                ? Optional.empty()
                : Optional.of(look.sentence(count, claim, examples)
                        + "; these rows go to quarantine, unless they were repaired");
    }

    private static Optional<String> almostNumbers(Look look) {
        TypedColumn.Facts facts = look.column().facts();
        if (look.column().type() != ColumnType.VARCHAR
                || facts.numbers() <= 0
                || 2 * facts.numbers() < facts.values()) {
            return Optional.empty();
        }
        String cell = Staged.cell(look.index());
        String number = Cells.typed(cell, ColumnType.DOUBLE, Cells.Origin.INFERRED, ZoneOffset.UTC);
        List<String> examples =
                look.examples(look.staged().relation(), cell, cell + " IS NOT NULL AND (" + number + ") IS NULL");
        return examples.isEmpty()
                ? Optional.empty() // whole numbers of more than 64 bits
                : Optional.of(look.sentence(facts.values() - facts.numbers(), "numbers", examples)
                        + ", so it is text; add the words for missing values to missing:, or declare its type");
    }

    private static Optional<String> readAsMissing(Look look) {
        TypedColumn.Facts facts = look.column().facts();
        if (!look.column().type().isNumeric()) {
            return Optional.empty();
        }
        if (facts.notFinite() > 0) {
            return Optional.of(look.column().name() + ": " + facts.notFinite() + " of " + look.rows()
                    + " values are NaN or infinite and are read as missing");
        }
        return facts.blanks() > 0
                ? Optional.of(look.sentence(facts.blanks(), "numbers", List.of(" ")) + " and are read as missing")
                : Optional.empty();
    }
}
