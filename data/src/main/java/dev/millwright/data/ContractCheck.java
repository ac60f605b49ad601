package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.KnownAfter;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import java.util.ArrayList;
import java.util.List;

/** Holds the columns that a source has against its contract; what is wrong names the place in {@code schema}. */
final class ContractCheck {
    private final Session session;
    private final SourceSpec spec;
    private final List<Problem> problems = new ArrayList<>();

    private ContractCheck(Session session, SourceSpec spec) {
        this.session = session;
        this.spec = spec;
    }

    /** @throws InvalidInputException when a column that the contract names isn't there, or one is there that it refuses */
    static void requireNames(Session session, SourceSpec spec, List<String> found) {
        ContractCheck check = new ContractCheck(session, spec);
        for (ColumnContract column : spec.contract().columns()) {
            check.name(column, found);
        }
        if (spec.contract().others() == OtherColumns.REFUSE) {
            check.others(found);
        }
        check.end();
    }

    /** @throws InvalidInputException when a rule doesn't fit the type of its column */
    static void requireTypes(Session session, SourceSpec spec, List<TypedColumn> columns) {
        ContractCheck check = new ContractCheck(session, spec);
        for (ColumnContract column : spec.contract().columns()) {
            check.knownAfter(column, columns);
            check.patterns(column, columns);
        }
        check.end();
    }

    private void name(ColumnContract column, List<String> found) {
        if (found.stream().noneMatch(column.name()::equalsIgnoreCase)) {
            report(
                    column,
                    "schema: " + column.name() + " (expected: a column of " + spec.from() + ")."
                            + Words.suggestion(column.name(), found));
        }
    }

    private void others(List<String> found) {
        List<String> others = found.stream()
                .filter(name -> spec.contract().find(name).isEmpty())
                .toList();
        if (!others.isEmpty()) {
            problems.add(Problem.about(
                    "other_columns",
                    spec.dataset() + ": " + spec.from() + " has columns that schema: doesn't name: "
                            + String.join(", ", others)
                            + " (expected: only those that it names); name them, or say other_columns: keep"));
        }
    }

    private void knownAfter(ColumnContract column, List<TypedColumn> columns) {
        if (column.knownAfter().orElse(null) instanceof KnownAfter.At at) {
            List<String> times = columns.stream()
                    .filter(each -> each.type() == ColumnType.TIMESTAMP)
                    .map(TypedColumn::name)
                    .toList();
            if (times.stream().noneMatch(at.column()::equalsIgnoreCase)) {
                report(
                        column,
                        "schema: " + column.name() + ": known_after: " + at.column()
                                + " (expected: a time such as 7d, or a timestamp column)."
                                + Words.suggestion(at.column(), times));
            }
        }
    }

    private void patterns(ColumnContract column, List<TypedColumn> columns) {
        for (ValueRule rule : column.rules()) {
            if (rule instanceof ValueRule.Matches matches) {
                columns.stream()
                        .filter(each -> each.name().equalsIgnoreCase(column.name()))
                        .filter(each -> each.type() != ColumnType.VARCHAR)
                        .forEach(each -> report(
                                column,
                                "schema: " + column.name() + ": pattern: " + matches.pattern() + " of a "
                                        + each.type().label()
                                        + " column (expected: a varchar column; say type: varchar)"));
                readable(column, matches);
            }
        }
    }

    /** What the engine would refuse only when the rows are there. */
    private void readable(ColumnContract column, ValueRule.Matches rule) {
        try {
            session.count("SELECT count(*) WHERE regexp_full_match('', " + Sql.literal(rule.pattern()) + ")");
        } catch (MillwrightException refused) {
            report(
                    column,
                    "schema: " + column.name() + ": pattern: " + rule.pattern()
                            + " (expected: a regular expression of RE2, which has no look-around and no"
                            + " back-references)");
        }
    }

    private void report(ColumnContract column, String message) {
        problems.add(Problem.about("schema." + column.name(), spec.dataset() + ": " + message));
    }

    private void end() {
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }
}
