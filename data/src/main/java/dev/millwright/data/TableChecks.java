package dev.millwright.data;

import dev.millwright.core.Column;
import dev.millwright.core.MillwrightException;
import dev.millwright.plan.RowExpression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Measures all rows of a relation, and the previous version where a bound asks for it. */
final class TableChecks {
    private static final int EXAMPLES = 3;
    private static final String FIRST = "no previous version";

    private final Session session;
    private final String relation;
    private final Surroundings surroundings;
    private final MeasureSql sql;

    /** @param columns from the name of a column to its value in the relation; timestamps are naive, in UTC */
    TableChecks(Session session, String relation, UnaryOperator<String> columns, Surroundings surroundings) {
        this.session = session;
        this.relation = relation;
        this.surroundings = surroundings;
        this.sql = new MeasureSql(columns, surroundings.now());
    }

    /** What one check found. */
    record Finding(boolean holds, long count, List<String> examples, Measurement measurement) {
        ExpectationResult result(Expectation.OfTable expectation, OnViolation severity) {
            return new ExpectationResult(
                    expectation.text(),
                    holds ? ExpectationResult.Outcome.PASSED : ExpectationResult.Outcome.BROKEN,
                    count,
                    examples,
                    severity,
                    measurement);
        }
    }

    /** One finding a check, in their order. */
    List<Finding> run(List<Expectation.OfTable> checks) {
        if (checks.isEmpty()) {
            return List.of();
        }
        List<Measure> measures =
                checks.stream().map(Expectation.OfTable::measure).toList();
        List<OptionalDouble> values = values(checks, measures);
        long kept = session.count("SELECT count(*) FROM " + relation);
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < checks.size(); i++) {
            findings.add(finding(checks.get(i), values.get(i), kept));
        }
        return findings;
    }

    /** All in one pass; when that fails, one by one, to say which is to blame. */
    private List<OptionalDouble> values(List<Expectation.OfTable> checks, List<Measure> measures) {
        try {
            return measure(sql, measures, relation);
        } catch (MillwrightException failed) {
            for (Expectation.OfTable check : checks) {
                requireComputable(check);
            }
            throw failed;
        }
    }

    private void requireComputable(Expectation.OfTable check) {
        try {
            measure(sql, List.of(check.measure()), relation);
        } catch (MillwrightException failed) {
            throw new MillwrightException(
                    failed.code(),
                    "expect '" + check.text() + "': can't be computed (expected: whole numbers of at most 64 bits);"
                            + " CAST what grows beyond to DOUBLE. " + failed.getMessage(),
                    failed);
        }
    }

    private List<OptionalDouble> measure(MeasureSql printer, List<Measure> measures, String from) {
        String aggregates = measures.stream().map(printer::aggregate).collect(Collectors.joining(", "));
        return session.single("SELECT " + aggregates + " FROM " + from, row -> {
            List<OptionalDouble> values = new ArrayList<>();
            for (int i = 1; i <= measures.size(); i++) {
                double value = row.getDouble(i);
                values.add(
                        row.wasNull() || !Double.isFinite(value) ? OptionalDouble.empty() : OptionalDouble.of(value));
            }
            return values;
        });
    }

    private Finding finding(Expectation.OfTable check, OptionalDouble value, long kept) {
        Measure measure = check.measure();
        return switch (check.bound().base()) {
            case ABSOLUTE -> held(measure, value, kept, check.bound().limits(0), "");
            case PREVIOUS -> compared(check, value, kept);
        };
    }

    private Finding compared(Expectation.OfTable check, OptionalDouble value, long kept) {
        Optional<Surroundings.Relation> previous = surroundings.previous();
        if (previous.isEmpty()) {
            return open(check.measure(), value, kept, FIRST);
        }
        Optional<String> unlike = check.measure().columns().stream()
                .filter(column -> !isIn(previous.get(), column))
                .map(column -> "the previous version has no " + column.type().label() + " column " + column.name())
                .findFirst();
        if (unlike.isPresent()) {
            return open(check.measure(), value, kept, unlike.get());
        }
        OptionalDouble before = measure(
                        new MeasureSql(Sql::identifier, surroundings.now()),
                        List.of(check.measure()),
                        previous.get().sql())
                .getFirst();
        if (before.isEmpty()) {
            return open(check.measure(), value, kept, "the previous version has no value");
        }
        return held(
                check.measure(),
                value,
                kept,
                check.bound().limits(before.getAsDouble()),
                "previous version: "
                        + Measurement.shown(
                                before.getAsDouble(), check.measure().unit()));
    }

    private static boolean isIn(Surroundings.Relation previous, Column column) {
        return previous.schema()
                .find(column.name())
                .filter(found -> found.type() == column.type())
                .isPresent();
    }

    /** There is nothing to compare with. */
    private static Finding open(Measure measure, OptionalDouble value, long kept, String note) {
        return new Finding(
                true,
                count(measure, value, kept),
                List.of(),
                new Measurement(measure.text(), boxed(value), measure.unit(), null, null, note));
    }

    private Finding held(Measure measure, OptionalDouble value, long kept, Bound.Limits limits, String note) {
        boolean holds = value.isPresent() && limits.hold(value.getAsDouble());
        return new Finding(
                holds,
                count(measure, value, kept),
                !holds && measure instanceof Measure.Repeated repeated ? repeated(repeated.of()) : List.of(),
                new Measurement(
                        measure.text(),
                        boxed(value),
                        measure.unit(),
                        boxed(limits.least()),
                        boxed(limits.most()),
                        note));
    }

    private static @Nullable Double boxed(OptionalDouble value) {
        return value.isPresent() ? Double.valueOf(value.getAsDouble()) : null;
    }

    private static long count(Measure measure, OptionalDouble value, long kept) {
        return switch (measure.unit()) {
            case ROWS -> Math.round(value.orElse(0));
            case SHARE -> Math.round(value.orElse(0) * kept);
            case NUMBER, SECONDS -> 0;
        };
    }

    private List<String> repeated(List<RowExpression> values) {
        String example = values.stream().map(sql::print).collect(Collectors.joining(", "));
        return session.query(
                "SELECT left(example, 60), n FROM (SELECT concat_ws(', ', " + example
                        + ") AS example, count(*) AS n FROM "
                        + relation + " WHERE " + sql.present(values) + " GROUP BY " + example
                        + " HAVING count(*) > 1) ORDER BY n DESC, example LIMIT " + EXAMPLES,
                row -> row.getString(1) + " (" + row.getLong(2) + " times)");
    }
}
