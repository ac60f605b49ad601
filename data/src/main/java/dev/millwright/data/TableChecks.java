package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.data.ExpectationResult.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Holds measures of all rows to their bounds, and takes those of the previous version where a check asks for it. */
final class TableChecks {
    private static final int EXAMPLES = 3;
    private static final Problem.Position NOWHERE = new Problem.Position("expect", 1, 1);

    private final Session session;
    private final SourceSpec spec;
    private final Measuring rows;
    private final Surroundings surroundings;

    TableChecks(Session session, SourceSpec spec, Measuring rows, Surroundings surroundings) {
        this.session = session;
        this.spec = spec;
        this.rows = rows;
        this.surroundings = surroundings;
    }

    /** What was measured: the bound as numbers, when there is something to hold it to, and else why there is none. */
    private record Reading(OptionalDouble value, Optional<Bound.Limits> limits, String note) {
        boolean holds() {
            return limits.map(bound -> value.isPresent() && bound.hold(value.getAsDouble()))
                    .orElse(true);
        }

        Measurement measurement(Measure measure) {
            return new Measurement(
                    measure.text(),
                    boxed(value),
                    measure.unit(),
                    limits.map(bound -> boxed(bound.least())).orElse(null),
                    limits.map(bound -> boxed(bound.most())).orElse(null),
                    note);
        }

        private static @Nullable Double boxed(OptionalDouble number) {
            return number.isPresent() ? Double.valueOf(number.getAsDouble()) : null;
        }
    }

    /** How each check fared, in their order. */
    List<ExpectationResult> run(List<Expected> checks) {
        List<Expectation.OfTable> tables = checks.stream()
                .map(Expected::expectation)
                .flatMap(check -> check instanceof Expectation.OfTable table ? Stream.of(table) : Stream.empty())
                .toList();
        if (tables.isEmpty()) {
            return List.of();
        }
        Iterator<OptionalDouble> values = rows.take(tables.stream()
                        .flatMap(table -> table.measure() instanceof Measure.Aggregation measure
                                ? Stream.of(measure)
                                : Stream.empty())
                        .toList())
                .iterator();
        long count = rows.rows();
        List<ExpectationResult> results = new ArrayList<>();
        for (Expected expected : checks) {
            if (expected.expectation() instanceof Expectation.OfTable table) {
                Reading reading = switch (table.measure()) {
                    case Measure.Aggregation _ -> reading(table, values.next());
                    case Measure.Drift drift -> drift(table, drift);
                };
                results.add(result(table, expected.effect(), reading, count));
            }
        }
        return results;
    }

    private ExpectationResult result(Expectation.OfTable table, OnViolation severity, Reading reading, long count) {
        Measure measure = table.measure();
        return new ExpectationResult(
                table.text(),
                reading.holds() ? Outcome.PASSED : Outcome.BROKEN,
                switch (measure.unit()) {
                    case ROWS -> Math.round(reading.value().orElse(0));
                    case SHARE -> Math.round(reading.value().orElse(0) * count);
                    case NUMBER, SECONDS -> 0;
                },
                !reading.holds() && measure instanceof Measure.Repeated repeated
                        ? rows.repeated(repeated, EXAMPLES)
                        : List.of(),
                severity,
                reading.measurement(measure));
    }

    private Reading reading(Expectation.OfTable table, OptionalDouble value) {
        return switch (table.bound().base()) {
            case ABSOLUTE -> new Reading(value, Optional.of(table.bound().limits(0)), "");
            case PREVIOUS -> compared(table, value);
        };
    }

    private Reading compared(Expectation.OfTable table, OptionalDouble value) {
        if (surroundings.previous().isEmpty()) {
            return new Reading(value, Optional.empty(), "no previous version");
        }
        Surroundings.Relation previous = surroundings.previous().get();
        if (!(before(table, previous).orElse(null) instanceof Measure.Aggregation measure)) {
            return new Reading(value, Optional.empty(), "the previous version has no such columns");
        }
        OptionalDouble before = measuring(previous).take(List.of(measure)).getFirst();
        return before.isEmpty()
                ? new Reading(value, Optional.empty(), "the previous version has no value")
                : new Reading(
                        value,
                        Optional.of(table.bound().limits(before.getAsDouble())),
                        "previous version: " + Measurement.shown(before.getAsDouble(), measure.unit()));
    }

    private Reading drift(Expectation.OfTable table, Measure.Drift drift) {
        if (surroundings.previous().isEmpty()) {
            return new Reading(OptionalDouble.empty(), Optional.empty(), "no previous version");
        }
        Surroundings.Relation previous = surroundings.previous().get();
        boolean alike = before(table, previous)
                .filter(measure -> measure instanceof Measure.Drift before
                        && before.column().type().isNumeric()
                                == drift.column().type().isNumeric())
                .isPresent();
        if (!alike) {
            return new Reading(OptionalDouble.empty(), Optional.empty(), "the previous version has no such column");
        }
        DatasetDiff.Shift shift = new ColumnBins(
                        session, previous.sql(), rows.column(drift.column().name()))
                .compare(drift.column());
        double distance = drift.column().type().isNumeric() ? shift.psi() : shift.jensenShannon();
        return new Reading(
                OptionalDouble.of(distance), Optional.of(table.bound().limits(0)), "");
    }

    private Measuring measuring(Surroundings.Relation previous) {
        return new Measuring(
                session,
                previous.sql(),
                Sql::identifier,
                name -> name.equals(spec.dataset()) ? previous.sql() : surroundings.table(name),
                surroundings.now());
    }

    /** The same measure over the columns that the previous version has, whose types may be others. */
    private Optional<Measure> before(Expectation.OfTable table, Surroundings.Relation previous) {
        try {
            Map<String, Schema> tables = new HashMap<>(Map.of(spec.dataset(), previous.schema()));
            surroundings.tables().forEach((name, other) -> tables.put(name, other.schema()));
            ExpectationScope scope = new ExpectationScope(previous.schema(), spec.zone(), tables);
            return Expectation.parse(table.text(), NOWHERE, scope) instanceof Expectation.OfTable same
                    ? Optional.of(same.measure())
                    : Optional.empty();
        } catch (InvalidInputException changed) {
            return Optional.empty(); // a column is new, or was of a type that can't be measured so
        }
    }
}
