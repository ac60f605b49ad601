package dev.millwright.plan;

import java.util.Comparator;
import java.util.List;

/**
 * One column that an output is computed from.
 *
 * @param through the names of the derived or renamed columns on the way from the output to the origin, outermost first
 */
public record Origin(String dataset, String column, Via via, List<String> through) implements Comparable<Origin> {
    private static final Comparator<Origin> ORDER = Comparator.comparing(Origin::dataset)
            .thenComparing(Origin::column)
            .thenComparing(Origin::via)
            .thenComparing(origin -> String.join("\u0000", origin.through()));

    public Origin {
        through = List.copyOf(through);
    }

    @Override
    public int compareTo(Origin other) {
        return ORDER.compare(this, other);
    }
}
