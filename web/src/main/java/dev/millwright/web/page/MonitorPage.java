package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/**
 * How the data and the model's quality hold.
 *
 * @param empty what to do before there is anything to see; empty when there is
 */
public record MonitorPage(
        PageHead head,
        String endpoint,
        Badge state,
        Optional<Empty> empty,
        List<Fact> facts,
        List<DriftColumn> columns,
        Optional<Quality> quality,
        List<AlertRow> alerts) {
    public MonitorPage {
        facts = List.copyOf(facts);
        columns = List.copyOf(columns);
        alerts = List.copyOf(alerts);
    }

    /**
     * What to do before there is anything to see.
     *
     * @param command to type or to write; may be empty
     */
    public record Empty(String text, String command) {}

    /** One column's drift: where it stands, what that means, and how it came to be. */
    public record DriftColumn(String name, Badge state, String detail, DriftChart chart) {}

    /**
     * Quality on labelled predictions.
     *
     * @param latest NaN before there are enough labels
     * @param limit that the pipeline file sets
     * @param atLeast whether the limit is the least that is good, else the most
     */
    public record Quality(
            String metric,
            Interval latest,
            long labels,
            double limit,
            boolean atLeast,
            Badge state,
            Optional<DriftChart> chart) {
        public boolean isKnown() {
            return !Double.isNaN(latest.value());
        }
    }

    /** An alert, open or closed. */
    public record AlertRow(Moment opened, Optional<Moment> closed, String about, String message, Badge state) {}
}
