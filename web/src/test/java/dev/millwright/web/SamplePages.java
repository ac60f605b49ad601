package dev.millwright.web;

import dev.millwright.web.page.Happening;
import dev.millwright.web.page.OverviewPage;
import dev.millwright.web.page.PageHead;
import dev.millwright.web.page.Section;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Every page with values of realistic length, to look at and to test templates with. */
final class SamplePages {
    private final BiFunction<String, Section, PageHead> heads;

    SamplePages(BiFunction<String, Section, PageHead> heads) {
        this.heads = heads;
    }

    record Page(String template, Object content) {}

    /** Address → template and what it shows. */
    Map<String, Page> all() {
        SampleRunPages runs = new SampleRunPages(heads);
        SampleDatasetPages datasets = new SampleDatasetPages(heads);
        SampleModelPages models = new SampleModelPages(heads);
        SampleEndpointPages endpoints = new SampleEndpointPages(heads);
        SampleRecordPages happened = new SampleRecordPages(heads);
        Map<String, Page> pages = new LinkedHashMap<>();
        pages.put("/", new Page("overview", overview()));
        pages.put("/new", new Page("overview", overview(List.of(), List.of(), List.of())));
        pages.put("/datasets", new Page("datasets", datasets.datasets()));
        pages.put("/datasets/flights", new Page("dataset", datasets.dataset()));
        pages.put("/runs", new Page("runs", runs.runs()));
        pages.put("/runs/compare", new Page("compare", runs.compare()));
        pages.put("/runs/" + SampleValues.RUN, new Page("run", runs.run()));
        pages.put("/models", new Page("models", models.models()));
        pages.put("/models/flight-delay", new Page("model", models.model()));
        pages.put("/models/flight-delay/versions/3", new Page("modelVersion", models.modelVersion()));
        pages.put("/endpoints", new Page("endpoints", endpoints.endpoints()));
        pages.put("/endpoints/flight-delay", new Page("endpoint", endpoints.endpoint()));
        pages.put("/endpoints/flight-delay/monitor", new Page("monitor", endpoints.monitor()));
        pages.put("/timeline", new Page("timeline", happened.timeline()));
        pages.put("/events", new Page("events", happened.events()));
        return pages;
    }

    private OverviewPage overview() {
        return overview(
                SampleEndpointPages.cards(),
                List.of(new OverviewPage.Running(SampleRunPages.rows().getFirst(), "train xgboost", 3, 8)),
                SampleRecordPages.lately());
    }

    private OverviewPage overview(
            List<OverviewPage.EndpointCard> cards, List<OverviewPage.Running> running, List<Happening> happenings) {
        return new OverviewPage(heads.apply("Overview", Section.OVERVIEW), cards, running, happenings);
    }
}
