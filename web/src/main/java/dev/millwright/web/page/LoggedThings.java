package dev.millwright.web.page;

import dev.millwright.web.page.RunRow.VersionLink;
import java.util.List;

/**
 * What a client logged to a run beside metrics, params and files.
 *
 * @param note what its people wrote about it; may be empty
 */
public record LoggedThings(String note, List<Fact> tags, List<DataRow> datasets, List<ModelRow> models) {
    public LoggedThings {
        tags = List.copyOf(tags);
        datasets = List.copyOf(datasets);
        models = List.copyOf(models);
    }

    /**
     * A data set that it read.
     *
     * @param digest tells versions of the data apart
     * @param source where it came from
     * @param context what it was read for, such as training; may be empty
     */
    public record DataRow(String name, String digest, String source, String context) {}

    /** A model that it made, and the versions that were registered from it. */
    public record ModelRow(String id, String name, Badge status, List<VersionLink> versions) {
        public ModelRow {
            versions = List.copyOf(versions);
        }
    }
}
