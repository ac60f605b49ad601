package dev.millwright.web.page;

import java.util.List;

/** The datasets, each with its newest version. */
public record DatasetsPage(PageHead head, List<DatasetRow> datasets) {
    public DatasetsPage {
        datasets = List.copyOf(datasets);
    }

    /**
     * A dataset in the list.
     *
     * @param state whether the newest version is as was expected
     */
    public record DatasetRow(
            String name, int version, int columns, long rows, long quarantined, Badge state, Moment recorded) {
        public String href() {
            return Paths.dataset(name);
        }
    }
}
