package dev.millwright.plan;

import dev.millwright.core.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.calcite.sql.SqlNode;

/**
 * A view whose columns are known, and known in time.
 *
 * @param relation with what the label's time is made of, beside the outputs
 * @param items each output and where it stands
 * @param features the outputs that aren't keys or the timestamp
 */
record CheckedView(
        Relation relation,
        Map<Field, SqlNode> items,
        List<Field> features,
        Optional<Field> timestamp,
        Optional<FeaturePlan.Label> label,
        Reporter reporter) {

    List<Field> outputs() {
        return List.copyOf(items.keySet());
    }

    Optional<Field> output(String name) {
        return items.keySet().stream()
                .filter(field -> field.name().equalsIgnoreCase(name))
                .findFirst();
    }

    void report(Field output, String message) {
        reporter.report(Optional.ofNullable(items.get(output)).orElseThrow(), message);
    }

    void report(Problem.Position where, String message) {
        reporter.problems().add(Problem.at(where, message));
    }
}
