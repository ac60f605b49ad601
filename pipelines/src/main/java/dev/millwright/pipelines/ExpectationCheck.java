package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Schema;
import dev.millwright.data.Expectation;
import dev.millwright.data.ExpectationScope;
import dev.millwright.data.Expected;
import dev.millwright.data.OnViolation;
import dev.millwright.pipelines.PipelineFile.Source;
import dev.millwright.pipelines.PipelineFile.WrittenExpectation;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses the expectations of a pipeline file, once the columns of its tables are known. */
final class ExpectationCheck {
    private final ReadingOrder order;
    private final Map<String, Schema> schemas;
    private final List<Problem> problems;

    /**
     * @param schemas of the tables that could be looked at
     * @param problems takes what is wrong
     */
    ExpectationCheck(ReadingOrder order, Map<String, Schema> schemas, List<Problem> problems) {
        this.order = order;
        this.schemas = schemas;
        this.problems = problems;
    }

    /** Those of a table that was looked at, without those that are wrong. */
    List<Expected> parse(String table, Source source, ZoneId zone) {
        Schema schema = Optional.ofNullable(schemas.get(table)).orElseThrow();
        ExpectationScope scope = new ExpectationScope(schema, zone, schemas);
        List<Expected> parsed = new ArrayList<>();
        for (WrittenExpectation written : source.expectations()) {
            // What is wrong with a table is said already, and nothing can be said of what refers to it.
            if (schemas.keySet().containsAll(order.references(written, table))) {
                parse(written, scope).ifPresent(parsed::add);
            }
        }
        return parsed;
    }

    private Optional<Expected> parse(WrittenExpectation written, ExpectationScope scope) {
        try {
            Expectation expectation =
                    Expectation.parse(written.check().text(), written.check().position(), scope);
            checkSeverity(written, expectation);
            return Optional.of(new Expected(expectation, written.severity()));
        } catch (InvalidInputException mistakes) {
            problems.addAll(mistakes.problems());
            return Optional.empty();
        }
    }

    private void checkSeverity(WrittenExpectation written, Expectation expectation) {
        if (expectation instanceof Expectation.OfTable && written.severity() == OnViolation.QUARANTINE) {
            written.said()
                    .ifPresent(
                            place -> problems.add(
                                    Problem.at(
                                            place,
                                            "severity: quarantine, of '" + expectation.text()
                                                    + "' (expected: fail or warn, for it is about the whole table and no row of it).")));
        }
    }
}
