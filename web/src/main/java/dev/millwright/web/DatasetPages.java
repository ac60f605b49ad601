package dev.millwright.web;

import com.linecorp.armeria.common.HttpResponse;
import dev.millwright.core.MillwrightException;
import dev.millwright.data.DatasetReport;
import dev.millwright.data.ExpectationResult;
import dev.millwright.pipelines.DatasetStore;
import dev.millwright.pipelines.ExpectationHistory;
import dev.millwright.registry.DatasetUse;
import dev.millwright.registry.Datasets;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.RegistryError;
import dev.millwright.web.page.Badge;
import dev.millwright.web.page.DatasetAddress;
import dev.millwright.web.page.DatasetPage;
import dev.millwright.web.page.DatasetsPage;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.Link;
import dev.millwright.web.page.Section;
import dev.millwright.web.page.Tone;
import dev.millwright.web.page.VersionChart;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The pages about datasets: what was kept of each, and whether it was as expected. */
final class DatasetPages {
    private static final int VERSIONS = 30;

    private final Site site;
    private final Datasets datasets;
    private final DatasetVersions versions;

    DatasetPages(Site site) {
        this.site = site;
        this.datasets = site.registry().datasets();
        this.versions = new DatasetVersions(site);
    }

    void add(Routes routes) {
        routes.get("/datasets", Operation.page("Datasets"), this::list);
        routes.get("/datasets/{dataset}", Operation.page("A dataset"), this::dataset);
    }

    private HttpResponse list(Call call) {
        List<DatasetsPage.DatasetRow> rows =
                datasets.list().stream().map(this::row).toList();
        return site.templates().page("datasets", new DatasetsPage(site.head("Datasets", Section.DATASETS), rows));
    }

    private DatasetsPage.DatasetRow row(RecordedDataset newest) {
        return new DatasetsPage.DatasetRow(
                newest.dataset(),
                newest.version(),
                newest.schema().columns().size(),
                newest.rows(),
                newest.quarantined(),
                state(site.services().lake().findReport(newest.dataset(), newest.snapshot())),
                site.moment(newest.recorded()));
    }

    /** Whether a version was as expected; empty when its rows are gone, and what is known of them with them. */
    static Badge state(Optional<DatasetReport> report) {
        if (report.isEmpty()) {
            return new Badge("rows given up", Tone.QUIET);
        }
        List<ExpectationResult> results = report.get().expectations();
        long broken = results.stream().filter(result -> !result.passed()).count();
        if (results.isEmpty()) {
            return new Badge("nothing expected", Tone.QUIET);
        }
        return broken == 0
                ? new Badge(Figures.count(results.size()) + " met", Tone.GOOD)
                : new Badge(Figures.count(broken) + " of " + Figures.count(results.size()) + " not met", Tone.WARN);
    }

    private HttpResponse dataset(Call call) {
        String name = call.path("dataset");
        List<RecordedDataset> all = datasets.history(name);
        DatasetAddress address = new DatasetAddress(
                name,
                call.query("version").map(text -> Call.parse("version", text)),
                call.query("expectation"),
                call.query("before").map(text -> Call.parse("before", text)));
        RecordedDataset chosen = chosen(all, address);
        List<RecordedDataset> shown = all.stream()
                .filter(version -> address.before()
                        .map(before -> version.version() < before)
                        .orElse(true))
                .limit(VERSIONS)
                .toList();
        Map<Long, DatasetReport> reports = site.services().lake().reports(name);
        List<Integer> numbers =
                shown.reversed().stream().map(RecordedDataset::version).toList();
        ExpectationHistory history = ExpectationHistory.of(
                new DatasetStore(site.registry(), site.services().lake()), name);
        ExpectationCards cards = new ExpectationCards(history, numbers, chosen.version(), address);
        return site.templates()
                .page(
                        "dataset",
                        new DatasetPage(
                                site.head(name, Section.DATASETS),
                                name,
                                rows(shown, reports, address, chosen),
                                earlier(all, shown, address),
                                versions.version(chosen, Optional.ofNullable(reports.get(chosen.snapshot()))),
                                rowsChart(shown, numbers, chosen),
                                quarantineChart(shown, numbers, chosen),
                                cards.all(),
                                cards.detail()));
    }

    /** @throws MillwrightException when there is no such version */
    private static RecordedDataset chosen(List<RecordedDataset> all, DatasetAddress address) {
        int wanted = address.version().orElse(all.getFirst().version());
        return all.stream()
                .filter(version -> version.version() == wanted)
                .findFirst()
                .orElseThrow(() -> new MillwrightException(
                        RegistryError.NOT_FOUND,
                        "version: " + wanted + " (expected: one of " + address.dataset() + ", from 1 to "
                                + all.getFirst().version() + ")"));
    }

    private static Optional<String> earlier(
            List<RecordedDataset> all, List<RecordedDataset> shown, DatasetAddress address) {
        return shown.isEmpty() || shown.getLast().equals(all.getLast())
                ? Optional.empty()
                : Optional.of(address.before(shown.getLast().version()).href());
    }

    private List<DatasetPage.VersionRow> rows(
            List<RecordedDataset> shown,
            Map<Long, DatasetReport> reports,
            DatasetAddress address,
            RecordedDataset chosen) {
        return shown.stream()
                .map(version -> {
                    DatasetUse use = datasets.useOf(version);
                    return new DatasetPage.VersionRow(
                            version.version(),
                            address.version(version.version()).href(),
                            version.equals(chosen),
                            datasets.tags().on(version),
                            version.rows(),
                            version.quarantined(),
                            state(Optional.ofNullable(reports.get(version.snapshot()))),
                            use.runs().size(),
                            models(use),
                            site.moment(version.recorded()));
                })
                .toList();
    }

    private List<Link> models(DatasetUse use) {
        return DatasetVersions.models(site, use);
    }

    private static VersionChart rowsChart(List<RecordedDataset> shown, List<Integer> numbers, RecordedDataset chosen) {
        return chart(
                shown,
                numbers,
                chosen,
                VersionChart.Unit.ROWS,
                version -> VersionChart.Point.free(
                        version.version(), (double) version.rows(), Figures.counted(version.rows(), "row", "rows")),
                "Rows by version");
    }

    private static VersionChart quarantineChart(
            List<RecordedDataset> shown, List<Integer> numbers, RecordedDataset chosen) {
        return chart(
                shown,
                numbers,
                chosen,
                VersionChart.Unit.SHARE,
                version -> VersionChart.Point.free(
                        version.version(),
                        version.rowsRead() == 0 ? 0 : (double) version.quarantined() / version.rowsRead(),
                        Figures.counted(version.quarantined(), "row", "rows") + " of "
                                + Figures.count(version.rowsRead())),
                "Rows set aside by version, of those that were read");
    }

    private static VersionChart chart(
            List<RecordedDataset> shown,
            List<Integer> numbers,
            RecordedDataset chosen,
            VersionChart.Unit unit,
            Function<RecordedDataset, VersionChart.Point> point,
            String label) {
        return new VersionChart(numbers, shown.reversed().stream().map(point).toList(), unit, chosen.version(), label);
    }
}
