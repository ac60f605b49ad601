package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/** One model and its versions, newest first. */
public record ModelPage(
        PageHead head, String name, String task, String metric, List<VersionRow> versions, List<Link> endpoints) {
    public ModelPage {
        versions = List.copyOf(versions);
        endpoints = List.copyOf(endpoints);
    }

    /** The scale on which the versions' metric is drawn. */
    public IntervalPlot plot() {
        return IntervalPlot.around(
                versions.stream().flatMap(row -> row.metric().stream()).toList());
    }

    /** A version in the list. */
    public record VersionRow(
            String model,
            int version,
            String name,
            List<String> aliases,
            Badge status,
            Moment created,
            Optional<Interval> metric,
            Optional<String> run) {
        public VersionRow {
            aliases = List.copyOf(aliases);
        }

        public String href() {
            return Paths.modelVersion(model, version);
        }
    }
}
