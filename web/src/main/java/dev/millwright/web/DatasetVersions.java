package dev.millwright.web;

import dev.millwright.core.Column;
import dev.millwright.core.DatasetVersion;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.Contract;
import dev.millwright.data.DatasetReport;
import dev.millwright.data.Lake;
import dev.millwright.data.QuarantinedRow;
import dev.millwright.data.VersionDetails;
import dev.millwright.registry.DatasetUse;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.web.page.DatasetPage;
import dev.millwright.web.page.Fact;
import dev.millwright.web.page.Figures;
import dev.millwright.web.page.Link;
import dev.millwright.web.page.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is known about one version of a dataset, as its page tells it. */
final class DatasetVersions {
    private static final int EXAMPLES = 20;
    private static final int RUNS = 8;

    private final Site site;

    DatasetVersions(Site site) {
        this.site = site;
    }

    DatasetPage.Version version(RecordedDataset recorded, Optional<DatasetReport> report) {
        Lake lake = site.services().lake();
        Optional<DatasetVersion> stored = lake.find(recorded.dataset(), recorded.snapshot());
        DatasetUse use = site.registry().datasets().useOf(recorded);
        return new DatasetPage.Version(
                recorded.version(),
                DatasetPages.state(report),
                stored.isPresent() ? Optional.empty() : Optional.of(gone(recorded)),
                facts(recorded, stored.map(lake::details)),
                columns(recorded, stored.map(lake::contract).orElse(Contract.NONE)),
                report.map(DatasetVersions::reasons).orElse(List.of()),
                stored.map(version -> examples(lake.quarantine(version, EXAMPLES)))
                        .orElse(List.of()),
                recorded.quarantined(),
                use.runs().stream().limit(RUNS).toList(),
                Math.max(0, use.runs().size() - RUNS),
                models(site, use));
    }

    private String gone(RecordedDataset recorded) {
        return recorded.expired()
                .map(time -> "Its rows were given up " + site.moment(time).relative()
                        + ", and what was found in them with them. What was made from it is still known.")
                .orElse("Its rows are not in the lake of this home any more. What was made from it is still known.");
    }

    private List<Fact> facts(RecordedDataset recorded, Optional<VersionDetails> details) {
        List<Fact> facts = new ArrayList<>();
        facts.add(new Fact("Recorded", site.moment(recorded.recorded()).exact()));
        facts.add(new Fact(
                "Rows", Figures.count(recorded.rows()) + " of " + Figures.count(recorded.rowsRead()) + " read"));
        recorded.restores()
                .ifPresent(number -> facts.add(new Fact(
                        "Rolled back to",
                        "v" + number,
                        Optional.of(Paths.datasetVersion(recorded.dataset(), number)))));
        details.ifPresent(stored -> facts.add(new Fact(
                "Files",
                Figures.counted(stored.files().size(), "file", "files") + ", " + Figures.bytes(stored.bytes()))));
        facts.add(new Fact("Iceberg snapshot", Long.toString(recorded.snapshot())));
        return facts;
    }

    private static List<DatasetPage.ColumnRow> columns(RecordedDataset recorded, Contract contract) {
        return recorded.schema().columns().stream()
                .map(column -> column(column, contract.find(column.name())))
                .toList();
    }

    private static DatasetPage.ColumnRow column(Column column, Optional<ColumnContract> contract) {
        return new DatasetPage.ColumnRow(
                column.name(),
                column.type().label(),
                contract.map(ColumnContract::promises).orElse(List.of()),
                contract.flatMap(ColumnContract::description).orElse(""));
    }

    private static List<DatasetPage.Reason> reasons(DatasetReport report) {
        return report.reasons().stream()
                .map(reason -> new DatasetPage.Reason(reason.reason(), reason.rows()))
                .toList();
    }

    private static List<DatasetPage.QuarantinedRow> examples(List<QuarantinedRow> rows) {
        return rows.stream()
                .map(row -> new DatasetPage.QuarantinedRow(
                        String.valueOf(row.source().getFileName()), row.source().toString(), row.line(), row.reason()))
                .toList();
    }

    static List<Link> models(Site site, DatasetUse use) {
        return use.models().stream()
                .map(model -> new Link(
                        model.model() + " " + site.versionName(model.model(), model.version()),
                        Paths.modelVersion(model.model(), model.version())))
                .toList();
    }
}
