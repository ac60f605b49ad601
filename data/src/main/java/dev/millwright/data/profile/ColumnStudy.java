package dev.millwright.data.profile;

import dev.millwright.core.ColumnType;
import dev.millwright.data.profile.ColumnSummary.Trait;
import dev.millwright.data.profile.ColumnSummary.ValueCount;
import dev.millwright.data.profile.TableQuery.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Summarises each column on its own, over all rows. */
final class ColumnStudy {
    private static final int FREQUENT = 10;
    private static final int SHOWN_LENGTH = 100;
    private static final double NEARLY = 0.99;
    private static final double NEARLY_UNIQUE = 0.95;
    private static final int HIGH_CARDINALITY = 100;

    /** Below so many rows that no two values are equal means little. */
    private static final int ENOUGH_ROWS = 20;

    private static final String GROUPS = "values_of_column";

    private final TableQuery query;
    private final String relation;

    ColumnStudy(TableQuery query) {
        this.query = query;
        this.relation = query.table().relation();
    }

    private record Basics(long present, Optional<String> minimum, Optional<String> maximum) {}

    private record Frequencies(long distinct, long once, List<ValueCount> frequent) {}

    List<ColumnSummary> summaries() {
        List<Place> columns = query.columns();
        List<Basics> basics = query.aggregates(columns, relation, 3, ColumnStudy::basics, ColumnStudy::readBasics);
        List<Place> numeric = columns.stream()
                .filter(column -> column.column().type().isNumeric()
                        && basics.get(column.index()).present() > 0)
                .toList();
        Map<Integer, NumberSummary> numbers = new NumberStudy(query).summaries(numeric);
        HistogramStudy histograms = new HistogramStudy(query);
        List<ColumnSummary> summaries = new ArrayList<>();
        for (Place column : columns) {
            Basics basic = basics.get(column.index());
            Frequencies values = frequencies(column);
            Optional<NumberSummary> number = Optional.ofNullable(numbers.get(column.index()));
            long rows = query.table().rows();
            summaries.add(new ColumnSummary(
                    column.name(),
                    column.column().type(),
                    rows,
                    rows - basic.present(),
                    values.distinct(),
                    values.once(),
                    basic.minimum(),
                    basic.maximum(),
                    values.frequent(),
                    number,
                    number.map(found -> histograms.histogram(column, found, values.distinct())),
                    traits(column, basic, values)));
        }
        return summaries;
    }

    private static List<String> basics(Place column) {
        return List.of(
                "count(" + column.sql() + ")",
                text("min(" + column.sql() + ")", column.column().type()),
                text("max(" + column.sql() + ")", column.column().type()));
    }

    private static Basics readBasics(ResultSet row, int at, Place column) throws SQLException {
        return new Basics(
                row.getLong(at),
                Optional.ofNullable(row.getString(at + 1)),
                Optional.ofNullable(row.getString(at + 2)));
    }

    private static String text(String value, ColumnType type) {
        return type == ColumnType.TIMESTAMP
                ? "strftime(" + value + ", '%Y-%m-%dT%H:%M:%SZ')"
                : "left(CAST(" + value + " AS VARCHAR), " + SHOWN_LENGTH + ")";
    }

    private Frequencies frequencies(Place column) {
        query.session()
                .execute("CREATE OR REPLACE TEMP TABLE " + GROUPS + " AS SELECT " + column.sql()
                        + " AS v, count(*) AS n FROM " + relation + " WHERE " + column.sql()
                        + " IS NOT NULL GROUP BY v");
        List<ValueCount> frequent = query.session()
                .query(
                        "SELECT " + text("v", column.column().type()) + ", n FROM " + GROUPS
                                + " ORDER BY n DESC, v LIMIT " + FREQUENT,
                        row -> new ValueCount(row.getString(1), row.getLong(2)));
        return query.session()
                .single(
                        "SELECT count(*), count(*) FILTER (WHERE n = 1) FROM " + GROUPS,
                        row -> new Frequencies(row.getLong(1), row.getLong(2), frequent));
    }

    private List<Trait> traits(Place column, Basics basic, Frequencies values) {
        long rows = query.table().rows();
        if (basic.present() == 0) {
            return List.of(Trait.EMPTY);
        }
        if (values.distinct() == 1 && basic.present() == rows) {
            return List.of(Trait.CONSTANT);
        }
        List<Trait> traits = new ArrayList<>();
        long most = Math.max(values.frequent().getFirst().rows(), rows - basic.present());
        if (most >= NEARLY * rows) {
            traits.add(Trait.NEARLY_CONSTANT);
        }
        ColumnType type = column.column().type();
        boolean names = type == ColumnType.BIGINT || (type == ColumnType.VARCHAR && isCode(values));
        if (names && basic.present() >= ENOUGH_ROWS && values.distinct() == basic.present()) {
            traits.add(Trait.ID);
        } else if (names
                && basic.present() >= ENOUGH_ROWS
                && values.distinct() >= NEARLY_UNIQUE * basic.present()
                && (type == ColumnType.VARCHAR || isDense(basic, values))) {
            traits.add(Trait.NEARLY_AN_ID);
        } else if (type == ColumnType.VARCHAR && values.distinct() > HIGH_CARDINALITY) {
            traits.add(Trait.HIGH_CARDINALITY);
        }
        return traits;
    }

    /** What people write has blanks in it. */
    private static boolean isCode(Frequencies values) {
        return values.frequent().stream()
                .noneMatch(value -> value.value().strip().contains(" "));
    }

    /** Whole numbers in a row, as they are given out; amounts leave gaps. */
    private static boolean isDense(Basics basic, Frequencies values) {
        double span = Double.parseDouble(basic.maximum().orElseThrow())
                - Double.parseDouble(basic.minimum().orElseThrow());
        return span < 2.0 * values.distinct();
    }
}
