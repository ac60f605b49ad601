package dev.millwright.web;

/** The pages that people see. */
final class PageRoutes {
    private PageRoutes() {}

    static void add(Routes routes, Site site, EndpointExamples examples) {
        EndpointCards cards = new EndpointCards(site);
        Chronicle chronicle = new Chronicle(site);
        RunPages runs = new RunPages(site);
        new RunComparison(site).add(routes);
        runs.add(routes);
        new MetricHistories(site.registry()).add(routes);
        new DatasetPages(site).add(routes);
        new ModelPages(site).add(routes);
        new EndpointPages(site, cards, chronicle, runs, examples).add(routes);
        new MonitorPages(site, cards).add(routes);
        new RecordPages(site, cards, chronicle).add(routes);
        FilePages.add(routes, site);
        ArtifactRoutes.add(routes, site.registry());
    }
}
