package dev.millwright.data;

import dev.millwright.core.MillwrightException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Takes measures of one relation. */
final class Measuring {
    private final Session session;
    private final String relation;
    private final UnaryOperator<String> columns;
    private final MeasureSql sql;

    /**
     * @param columns from the name of a column to its value in the relation; timestamps are naive, in UTC
     * @param tables from the name of a table to what stands in FROM
     * @param now against which freshness is measured
     */
    Measuring(
            Session session,
            String relation,
            UnaryOperator<String> columns,
            UnaryOperator<String> tables,
            Instant now) {
        this.session = session;
        this.relation = relation;
        this.columns = columns;
        this.sql = new MeasureSql(columns, tables, now);
    }

    /**
     * All in one pass; a measure that has no value is empty.
     *
     * @throws MillwrightException naming the measure that can't be computed, for whole numbers beyond 64 bits
     */
    List<OptionalDouble> take(List<Measure.Aggregation> measures) {
        if (measures.isEmpty()) {
            return List.of();
        }
        try {
            return values(measures);
        } catch (MillwrightException failed) {
            measures.forEach(this::requireComputable);
            throw failed;
        }
    }

    private void requireComputable(Measure.Aggregation measure) {
        try {
            values(List.of(measure));
        } catch (MillwrightException failed) {
            throw new MillwrightException(
                    failed.code() == DataError.ENGINE_FAILED ? DataError.EXPECTATION_FAILED : failed.code(),
                    "expect: " + measure.text()
                            + ": can't be computed (expected: whole numbers of at most 64 bits); CAST what grows"
                            + " beyond to DOUBLE. " + failed.getMessage(),
                    failed);
        }
    }

    private List<OptionalDouble> values(List<Measure.Aggregation> measures) {
        String aggregates = measures.stream().map(sql::aggregate).collect(Collectors.joining(", "));
        return session.single("SELECT " + aggregates + " FROM " + relation, row -> {
            List<OptionalDouble> values = new ArrayList<>();
            for (int i = 1; i <= measures.size(); i++) {
                double value = row.getDouble(i);
                values.add(
                        row.wasNull() || !Double.isFinite(value) ? OptionalDouble.empty() : OptionalDouble.of(value));
            }
            return values;
        });
    }

    long rows() {
        return session.count("SELECT count(*) FROM " + relation);
    }

    /** The column alone, under its name, as a relation. */
    String column(String name) {
        return "(SELECT " + columns.apply(name) + " AS " + Sql.identifier(name) + " FROM " + relation + ")";
    }

    /** The values that come most often, with how often. */
    List<String> repeated(Measure.Repeated measure, int limit) {
        String values = measure.of().stream().map(sql::print).collect(Collectors.joining(", "));
        return session.query(
                "SELECT left(example, 60), n FROM (SELECT concat_ws(', ', " + values
                        + ") AS example, count(*) AS n FROM "
                        + relation + " WHERE " + sql.present(measure.of()) + " GROUP BY " + values
                        + " HAVING count(*) > 1) ORDER BY n DESC, example LIMIT " + limit,
                row -> row.getString(1) + " (" + row.getLong(2) + " times)");
    }
}
