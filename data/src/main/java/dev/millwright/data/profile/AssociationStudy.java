package dev.millwright.data.profile;

import dev.millwright.data.profile.Association.Measure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/** Measures how columns go together, pair by pair. */
final class AssociationStudy {
    /** More classes than that are names rather than classes. */
    static final int MOST_CLASSES = 100;

    /** Pairs grow with the square of the columns. */
    static final int MOST_COLUMNS = 60;

    private static final int BINS = 16;

    private AssociationStudy() {}

    private record Prepared(SampleColumn column, Codes bins) {}

    /** The columns that are compared: those that vary and don't name rows, as many as are compared at most. */
    static List<SampleColumn> comparable(List<SampleColumn> columns) {
        return columns.stream()
                .filter(column -> column.codes().size() > 1)
                .filter(column ->
                        column instanceof SampleColumn.Numeric || column.codes().size() <= MOST_CLASSES)
                .limit(MOST_COLUMNS)
                .toList();
    }

    /** Each pair once, the strongest first; pairs in which nothing can be measured are left out. */
    static List<Association> associations(List<SampleColumn> columns) {
        List<Prepared> prepared = columns.stream()
                .map(column -> new Prepared(
                        column,
                        column instanceof SampleColumn.Numeric ? column.codes().grouped(BINS) : column.codes()))
                .toList();
        List<Association> associations = new ArrayList<>();
        for (int i = 0; i < prepared.size(); i++) {
            for (int j = i + 1; j < prepared.size(); j++) {
                Association association = associate(prepared.get(i), prepared.get(j));
                if (!Double.isNaN(association.value())) {
                    associations.add(association);
                }
            }
        }
        return associations.stream()
                .sorted(Comparator.comparingDouble((Association pair) -> -pair.strength())
                        .thenComparing(Association::first)
                        .thenComparing(Association::second))
                .toList();
    }

    private static Association associate(Prepared one, Prepared other) {
        Contingency table = Contingency.of(one.bins(), other.bins());
        double information = table.mutualInformation();
        String first = one.column().name();
        String second = other.column().name();
        return switch (one.column()) {
            case SampleColumn.Numeric a ->
                switch (other.column()) {
                    case SampleColumn.Numeric b ->
                        new Association(
                                first,
                                second,
                                Measure.SPEARMAN,
                                Correlation.spearman(a.codes(), b.codes()),
                                OptionalDouble.of(Correlation.pearson(a.values(), b.values())),
                                information);
                    case SampleColumn.Categorical b -> ratio(first, second, b, a, information);
                };
            case SampleColumn.Categorical a ->
                switch (other.column()) {
                    case SampleColumn.Numeric b -> ratio(first, second, a, b, information);
                    case SampleColumn.Categorical b ->
                        new Association(
                                first,
                                second,
                                Measure.CRAMERS_V,
                                table.cramersV(),
                                OptionalDouble.empty(),
                                information);
                };
        };
    }

    private static Association ratio(
            String first,
            String second,
            SampleColumn.Categorical classes,
            SampleColumn.Numeric numbers,
            double information) {
        return new Association(
                first,
                second,
                Measure.CORRELATION_RATIO,
                Correlation.ratio(classes.codes(), numbers.values()),
                OptionalDouble.empty(),
                information);
    }
}
