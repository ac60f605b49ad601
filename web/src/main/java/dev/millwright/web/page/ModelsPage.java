package dev.millwright.web.page;

import java.util.List;
import java.util.Optional;

/** The registered models. */
public record ModelsPage(PageHead head, List<ModelRow> models) {
    public ModelsPage {
        models = List.copyOf(models);
    }

    /** A model in the list. */
    public record ModelRow(
            String name,
            String task,
            int versions,
            Optional<RunRow.VersionLink> champion,
            Moment updated,
            List<Link> endpoints) {
        public ModelRow {
            endpoints = List.copyOf(endpoints);
        }

        public String href() {
            return Paths.model(name);
        }
    }
}
