package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Progress;
import dev.millwright.core.Schema;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks at a source before any work starts. */
public final class Inspector {
    private static final long LOOKED_AT_BYTES = 64_000_000;
    private static final long LOOKED_AT_ROWS = 1_000_000;
    private static final int SHOWN_EXAMPLES = 3;

    private Inspector() {}

    /**
     * Reads the source, or the head of a large one, as {@link Lake#ingest} would.
     *
     * @throws InvalidInputException when no file is there, it can't be decoded, or its columns make no table
     */
    public static Inspection inspect(DuckDb duck, SourceSpec spec) {
        try (Session session = duck.session()) {
            Staged staged = new Stager(duck, session, Progress.NONE).stage(spec, LOOKED_AT_BYTES);
            if (staged.rows() == 0) {
                throw Ingestion.nothingUsable(session, spec, staged);
            }
            List<TypedColumn> columns = new TypeInference(session, spec, staged).columns();
            String relation = relation(staged);
            List<ColumnProfile> profiles = new Profiler(session)
                    .profile(
                            relation,
                            columns.stream()
                                    .map(column -> new Profiler.Expression(
                                            new Column(column.name(), column.type()), column.value()))
                                    .toList());
            return new Inspection(
                    spec.dataset(),
                    new Schema(columns.stream()
                            .map(column -> new Column(column.name(), column.type()))
                            .toList()),
                    rows(spec, staged),
                    relation.equals(staged.relation()) && staged.extent() == Staged.Extent.WHOLE
                            ? Inspection.Coverage.WHOLE
                            : Inspection.Coverage.HEAD,
                    profiles,
                    warnings(session, spec, staged, relation, columns, profiles));
        }
    }

    private static String relation(Staged staged) {
        return staged.rows() > LOOKED_AT_ROWS
                ? "(SELECT * FROM " + staged.relation() + " LIMIT " + LOOKED_AT_ROWS + ")"
                : staged.relation();
    }

    private static long rows(SourceSpec spec, Staged staged) {
        return switch (staged.extent()) {
            case WHOLE -> staged.rowsRead();
            case HEAD ->
                Math.round((double) staged.rowsRead() * SourceFiles.of(spec).bytes() / Math.max(1, staged.bytes()));
        };
    }

    private static List<String> warnings(
            Session session,
            SourceSpec spec,
            Staged staged,
            String relation,
            List<TypedColumn> columns,
            List<ColumnProfile> profiles) {
        List<String> warnings = new ArrayList<>();
        if (staged.rejected() > 0) {
            warnings.add(session.single(
                    "SELECT _line FROM " + Staged.REJECTED + " ORDER BY _file, _line LIMIT 1",
                    row -> staged.rejected() + " of " + staged.rowsRead() + " rows are broken and go to quarantine"
                            + " (the first at line " + row.getLong(1) + ")"));
        }
        if (columns.getFirst().name().equals("column1") && spec.columnNames().isEmpty()) {
            warnings.add("no header was seen: columns are named column1 to column" + columns.size()
                    + "; name them with columns:, or say header: present");
        }
        for (int i = 0; i < columns.size(); i++) {
            Look look = new Look(session, spec, relation, columns.get(i), Staged.cell(i), profiles.get(i));
            warnings.addAll(warnings(look));
        }
        return warnings;
    }

    /** One column under the eyes. */
    private record Look(
            Session session, SourceSpec spec, String relation, TypedColumn column, String cell, ColumnProfile profile) {

        long count(String condition) {
            return session.count("SELECT count(*) FROM " + relation + " WHERE " + condition);
        }

        /** {@code TotalCharges: 11 of 7043 values are not numbers (e.g. ' ')}. */
        String sentence(long count, String claim, String value, String condition) {
            List<String> examples = session.query(
                    "SELECT DISTINCT left(" + value + ", 40) AS example FROM " + relation + " WHERE " + condition
                            + " ORDER BY example LIMIT " + SHOWN_EXAMPLES,
                    row -> "'" + row.getString(1) + "'");
            return column.name() + ": " + count + " of " + profile.rows() + " values are not " + claim + " (e.g. "
                    + String.join(", ", examples) + ")";
        }
    }

    private static List<String> warnings(Look look) {
        List<String> warnings = new ArrayList<>();
        if (look.profile().missing() == look.profile().rows()) {
            warnings.add(look.column().name() + ": all values are missing");
        }
        refused(look).ifPresent(warnings::add);
        almostNumbers(look).ifPresent(warnings::add);
        blanks(look).ifPresent(warnings::add);
        return warnings;
    }

    private static Optional<String> refused(Look look) {
        String condition = look.column().refused();
        long count = condition.equals("false") ? 0 : look.count(condition);
        String claim = "a " + look.column().type().label();
        return count == 0
                ? Optional.empty()
                : Optional.of(look.sentence(count, claim, look.column().present(), condition)
                        + "; these rows go to quarantine");
    }

    private static Optional<String> almostNumbers(Look look) {
        TypedColumn.Facts facts = look.column().facts();
        if (look.column().type() != ColumnType.VARCHAR
                || facts.numbers() <= 0
                || 2 * facts.numbers() < facts.values()) {
            return Optional.empty();
        }
        String present = look.column().present();
        String number = Cells.typed(present, ColumnType.DOUBLE, Cells.Origin.INFERRED, ZoneOffset.UTC);
        String condition = present + " IS NOT NULL AND (" + number + ") IS NULL";
        return Optional.of(look.sentence(look.count(condition), "numbers", present, condition)
                + ", so it is text; add the words for missing values to missing:, or declare its type");
    }

    private static Optional<String> blanks(Look look) {
        if (!look.column().type().isNumeric() || look.column().facts().origin() == Cells.Origin.DECLARED) {
            return Optional.empty();
        }
        List<String> known = new ArrayList<>(look.spec().missing());
        known.add("");
        String condition = look.column().value() + " IS NULL AND " + look.cell() + " IS NOT NULL AND " + look.cell()
                + " NOT IN (" + Sql.literals(known) + ")";
        long count = look.count(condition);
        return count == 0
                ? Optional.empty()
                : Optional.of(look.sentence(count, "numbers", look.cell(), condition) + " and are read as missing");
    }
}
