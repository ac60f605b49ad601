package dev.millwright.data.profile;

import dev.millwright.core.ColumnType;
import dev.millwright.data.TypedTable;
import dev.millwright.data.profile.ProfileRequest.Parting;
import dev.millwright.data.profile.TableQuery.Place;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds rows that train and test share. Near twins are rows of one cell of a grid over all columns (locality-sensitive hashing,
 * Indyk and Motwani 1998); a second grid, shifted by half a cell, finds most of those that an edge of the first parts.
 */
final class SharedRowsStudy {
    /** The width of a cell, of the interquartile range; what has none is cut by its range. */
    private static final double CELL = 0.005;

    private static final double CELL_OF_RANGE = 0.0005;

    /** Cells that a smooth distribution fills about evenly: half of its values lie within the interquartile range. */
    private static final double CELLS = 2 / CELL;

    private final TableQuery query;
    private final List<Place> features;
    private final List<ColumnSummary> summaries;
    private final Optional<Place> label;

    /** @param features the columns by which rows are compared; at least one */
    SharedRowsStudy(TableQuery query, List<Place> features, List<ColumnSummary> summaries, Optional<Place> label) {
        this.query = query;
        this.features = List.copyOf(features);
        this.summaries = summaries;
        this.label = label;
    }

    private record Found(double share, double agreeing) {}

    SharedRows shared(Parting parting, Sample sample) {
        return switch (parting) {
            case Parting.AtRandom random -> {
                String rows = query.table().relation();
                String expected = String.format(
                        Locale.ROOT, "sum(n * (1 - pow(%s, n - 1))) / sum(n)", NumberStudy.number(random.test()));
                yield both(SharedRows.By.RANDOM, random.test(), rows, "true", expected, sample);
            }
            case Parting.ByTime byTime -> {
                String time = query.column("--time", byTime.column()).sql();
                String cut = "(SELECT quantile_disc(" + time + ", " + NumberStudy.number(1 - byTime.test()) + ") FROM "
                        + query.table().relation() + ")";
                String rows = "(SELECT *, " + time + " > " + cut + " AS tested FROM "
                        + query.table().relation() + " WHERE " + time + " IS NOT NULL)";
                yield both(SharedRows.By.TIME, byTime.test(), rows, "tested", SHARE, sample);
            }
            case Parting.BySource bySource -> {
                String columns = query.columns().stream().map(Place::sql).collect(Collectors.joining(", "));
                String rows = "(SELECT " + columns + ", false AS tested FROM "
                        + query.table().relation() + " UNION ALL SELECT " + columns + ", true FROM "
                        + aligned(bySource.test()) + ")";
                double test = (double) bySource.test().rows()
                        / (bySource.test().rows() + query.table().rows());
                yield both(SharedRows.By.SOURCE, test, rows, "tested", SHARE, sample);
            }
        };
    }

    private static final String SHARE = "coalesce(sum(tested) FILTER (WHERE tested < n) / nullif(sum(tested), 0), 0)";

    /** The other table with its columns under the names that they have in this one. */
    private String aligned(TypedTable other) {
        List<String> names = other.schema().names().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        return query.columns().stream()
                .map(column ->
                        TypedTable.value(names.indexOf(column.name().toLowerCase(Locale.ROOT))) + " AS " + column.sql())
                .collect(Collectors.joining(", ", "(SELECT ", " FROM " + other.relation() + ")"));
    }

    private SharedRows both(SharedRows.By by, double test, String rows, String tested, String share, Sample sample) {
        String values = features.stream().map(Place::sql).collect(Collectors.joining(", "));
        Found exact = found(rows, tested, share, values);
        Found near = Arrays.stream(new double[] {0, 0.5})
                .mapToObj(shift -> found(rows, tested, share, cells(shift)))
                .reduce(exact, (one, other) -> other.share() > one.share() ? other : one);
        return new SharedRows(by, test, exact.share(), near.share(), near.agreeing(), byChance(sample, test));
    }

    private Found found(String rows, String tested, String share, String values) {
        String labels =
                label.map(column -> "count(DISTINCT " + cell(column, 0) + ")").orElse("1");
        String groups = "(SELECT count(*) AS n, count(*) FILTER (WHERE " + tested + ") AS tested, " + labels
                + " AS labels FROM " + rows + " GROUP BY hash(" + values + "))";
        return query.session()
                .single(
                        "SELECT " + share + ", coalesce(sum(n) FILTER (WHERE n > 1 AND labels <= 1) / nullif(sum(n)"
                                + " FILTER (WHERE n > 1), 0), 1) FROM " + groups,
                        row -> new Found(row.getDouble(1), row.getDouble(2)));
    }

    private String cells(double shift) {
        return features.stream().map(column -> cell(column, shift)).collect(Collectors.joining(", "));
    }

    private String cell(Place column, double shift) {
        String value = column.sql();
        return switch (column.column().type()) {
            case VARCHAR -> "lower(trim(" + value + "))";
            case BOOLEAN, TIMESTAMP -> value;
            case BIGINT, DOUBLE -> {
                double width = width(summaries.get(column.index()));
                boolean whole = column.column().type() == ColumnType.BIGINT && width < 1;
                yield width > 0 && !whole
                        ? "floor(CAST(" + value + " AS DOUBLE) / " + NumberStudy.number(width) + " + " + shift + ")"
                        : value;
            }
        };
    }

    private static double width(ColumnSummary summary) {
        return summary.numbers()
                .map(numbers -> {
                    double middle = numbers.quantiles().interquartileRange();
                    double range = Double.parseDouble(summary.maximum().orElseThrow())
                            - Double.parseDouble(summary.minimum().orElseThrow());
                    double width = middle > 0 ? CELL * middle : CELL_OF_RANGE * range;
                    return Double.isFinite(width) ? width : 0.0;
                })
                .orElse(0.0);
    }

    /** How likely a test row has its like among the training rows, were columns independent. */
    private double byChance(Sample sample, double test) {
        double together = 1;
        for (Place column : features) {
            SampleColumn values = sample.columns().get(column.index());
            double finest = values instanceof SampleColumn.Numeric ? 1 / CELLS : 0;
            together *= Math.max(meeting(values.codes()), values.codes().size() > CELLS ? finest : 0);
        }
        return -Math.expm1(-(1 - test) * query.table().rows() * together);
    }

    /** How likely two rows have the same value; next to never where nearly each row has its own. */
    private static double meeting(Codes codes) {
        int[] counts = codes.counts();
        double rows = codes.rows();
        double missing = rows - Arrays.stream(counts).asLongStream().sum();
        double pairs = missing * Math.max(0, missing - 1);
        for (int count : counts) {
            pairs += (double) count * (count - 1);
        }
        return codes.size() >= 0.9 * rows ? 0 : pairs / Math.max(1, rows * (rows - 1));
    }
}
