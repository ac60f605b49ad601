package dev.millwright.data.profile;

import java.util.List;

/**
 * How numbers spread over bins of one width.
 *
 * @param below rows below the first bin, left out so that a few of them don't press the others into one bar
 * @param above rows above the last bin
 */
public record Histogram(List<Bin> bins, long below, long above) {
    public Histogram {
        bins = List.copyOf(bins);
    }

    /** A bin: from its lower end to below its upper end; the last one has both ends. */
    public record Bin(double from, double to, long rows) {}
}
