package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Schema;
import dev.millwright.core.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Versions of datasets: how they are named, and what was made from them. After each test the event chain has to verify. */
abstract class DatasetContract {
    private static final Schema SCHEMA = Schema.of(new Column("amount", ColumnType.DOUBLE));

    final SettableClock clock = new SettableClock();
    private Registry registry;

    abstract Registry open();

    @BeforeEach
    void openRegistry() {
        registry = open();
    }

    @AfterEach
    void chainVerifies() {
        try (Registry closing = registry) {
            assertThat(closing.events().verify().firstBroken()).isEmpty();
        }
    }

    private String run() {
        clock.advance(Duration.ofMinutes(1));
        String experiment = registry.experiments().findOrCreate("churn").id();
        return registry.runs()
                .create(NewRun.of(experiment, "a run", RunKind.TRAINING))
                .id();
    }

    private RecordedDataset record(String run, long snapshot) {
        clock.advance(Duration.ofMinutes(1));
        return registry.datasets()
                .record(run, new DatasetVersion("payments", snapshot, SCHEMA, List.of(), 9, 9, 0), "hash" + snapshot);
    }

    private RecordedDataset load(String reference) {
        return registry.datasets().load(DatasetReference.parse(reference));
    }

    @Test
    void findsAVersionByNumberAndByTime_andTheNewestWithout() {
        String run = run();
        RecordedDataset first = record(run, 11);
        Instant between = clock.instant().plusSeconds(1);
        RecordedDataset second = record(run, 12);

        assertThat(load("payments")).isEqualTo(second);
        assertThat(load("payments@v1")).isEqualTo(first);
        assertThat(load("payments@2")).isEqualTo(second);
        assertThat(load("payments@" + between)).isEqualTo(first);
        assertThat(load("payments@" + first.recorded())).isEqualTo(first);
        assertThat(load("payments@2030-01-01")).isEqualTo(second);
    }

    @Test
    void saysWhichVersionsThereAre() {
        RecordedDataset first = record(run(), 11);
        record(run(), 12);

        assertThatThrownBy(() -> load("payments@v3"))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(RegistryError.NOT_FOUND))
                .hasMessage("dataset: payments@v3 (expected: a version from v1, recorded at " + first.recorded()
                        + ", to v2)");
        assertThatThrownBy(() -> load("payments@2020-01-01")).hasMessageContaining("2020-01-01T00:00:00Z (expected: ");
        assertThatThrownBy(() -> load("paymets")).hasMessageContaining("Did you mean 'payments'?");
    }

    @ParameterizedTest
    @CsvSource({
        "flights, flights",
        "flights@3, flights@v3",
        "flights@2026-11-01, flights@2026-11-01T00:00:00Z",
        "flights@audited, flights@audited",
        "flights@2026-11-01T12:30, flights@2026-11-01T12:30:00Z",
        "flights@2026-11-01T12:30:15+02:00, flights@2026-11-01T10:30:15Z"
    })
    void readsReferences(String text, String meant) {
        assertThat(DatasetReference.parse(text)).hasToString(meant);
        assertThat(DatasetReference.parse(meant)).isEqualTo(DatasetReference.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flights@",
                "flights@v0",
                "flights@2026-13-01",
                "flights@v99999999999",
                "flights@v1@v2",
                "flights@main"
            })
    void refusesWhatIsNoReference(String text) {
        assertThatThrownBy(() -> DatasetReference.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("in '" + text + "' (expected: a number, as in v3, a tag, or a time");
    }

    @Test
    void knowsWhatARunReads_underItsOwnNames() {
        String run = run();
        RecordedDataset first = record(run(), 11);
        RecordedDataset second = record(run, 12);
        registry.datasets().use(run, "then", first);
        registry.datasets().use(run, "now", second);

        assertThat(registry.datasets().tables(run))
                .containsExactly(Map.entry("now", second), Map.entry("payments", second), Map.entry("then", first));
        assertThat(registry.datasets().usedBy(run)).containsExactly(first, second);
    }

    @Test
    void remembersWhatARunReadLast_whenItFoundNewerDataAsItWentOn() {
        String run = run();
        record(run, 11);
        RecordedDataset newer = record(run, 12);

        assertThat(registry.datasets().tables(run)).containsExactly(Map.entry("payments", newer));
    }

    @Test
    void tellsWhatWasMadeFromAVersion() {
        String run = run();
        RecordedDataset version = record(run, 11);
        String later = run();
        registry.datasets().use(later, "then", version);
        registry.models()
                .createVersion(new NewModelVersion(
                        "churn",
                        run,
                        new ModelSignature(
                                Task.REGRESSION,
                                List.of(new ModelSignature.Input("a", ModelSignature.InputType.NUMBER)),
                                List.of(),
                                0),
                        Map.of("model.onnx", registry.artifacts().put(new byte[] {1})),
                        Map.of()));
        Endpoint keep = registry.endpoints().create("keep", "churn");
        registry.endpoints().setRoute(keep, RouteChange.PROMOTED, Rollout.steady(1, "first"));

        DatasetUse use = registry.datasets().useOf(version);
        assertThat(use.runs()).containsExactly(later, run);
        assertThat(use.running()).containsExactly(later, run);
        registry.runs().finish(later, RunStatus.FINISHED, Optional.empty());
        assertThat(registry.datasets().useOf(version).running()).containsExactly(run);
        assertThat(use.models()).containsExactly(new DatasetUse.TrainedModel("churn", 1, List.of("keep")));
        assertThat(registry.datasets().useOf(record(run(), 12)).models()).isEmpty();
    }

    @Test
    void findsAVersionByItsTag_whichMovesAndGoes() {
        String run = run();
        RecordedDataset first = record(run, 11);
        RecordedDataset second = record(run, 12);
        DatasetTags tags = registry.datasets().tags();
        assertThatThrownBy(() -> load("payments@audited"))
                .hasMessage("dataset: payments@audited (expected: a tag of payments, which has none; set one with:"
                        + " millwright data tag payments@vN audited)");

        tags.set(first, "audited");
        tags.set(first, "audited");
        assertThat(load("payments@audited")).isEqualTo(first);
        tags.set(second, "audited");
        tags.set(second, "before-the-move");
        assertThat(load("payments@audited")).isEqualTo(second);
        assertThat(tags.of("payments")).containsExactly(Map.entry("audited", 2), Map.entry("before-the-move", 2));
        assertThat(tags.on(second)).containsExactly("audited", "before-the-move");
        assertThatThrownBy(() -> load("payments@audit"))
                .hasMessageEndingWith("(expected: a tag of payments: audited, before-the-move)");
        tags.remove("payments", "audited");
        tags.remove("payments", "audited");

        assertThat(tags.on(second)).containsExactly("before-the-move");
        assertThat(events("dataset_tag."))
                .containsExactly(
                        "set {snapshot=11, tag=audited, version=1}",
                        "set {before=1, snapshot=12, tag=audited, version=2}",
                        "set {snapshot=12, tag=before-the-move, version=2}",
                        "removed {tag=audited, version=2}");
        assertThatThrownBy(() -> tags.set(first, "v7"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageStartingWith("tag: 'v7' (expected: a letter, then");
    }

    private List<String> events(String type) {
        return registry.events().list(EventFilter.since(0).type(type)).stream()
                .map(event -> event.type().substring(event.type().indexOf('.') + 1) + " " + event.data())
                .toList();
    }

    @Test
    void readsWhatARollbackMadeInPlaceOfWhatWasRolledBack_untilItIsTakenBack() {
        String run = run();
        RecordedDataset first = record(run, 11);
        RecordedDataset bad = record(run, 12);
        record(run, 13);
        assertThat(registry.datasets().findWithdrawn("payments", "hash12")).isEmpty();

        RecordedDataset back = registry.datasets().recordRollback(version(14), first, "half of it was missing");

        assertThat(back.version()).isEqualTo(4);
        assertThat(back.restores()).contains(1);
        assertThat(back.fingerprint()).isEqualTo(first.fingerprint());
        assertThat(load("payments")).isEqualTo(back);
        assertThat(registry.datasets().recordRollback(version(14), first, "again"))
                .isEqualTo(back);
        assertThat(events("dataset_version.rolled_back"))
                .containsExactly("rolled_back {fingerprint=hash11, quarantined=0, reason=half of it was missing,"
                        + " restores=1, rows=9, snapshot=14}");
        assertThat(registry.datasets().findWithdrawn("payments", "hash12")).contains(new Withdrawn(bad, back));
        assertThat(registry.datasets().findWithdrawn("payments", "hash13")).isPresent();
        assertThat(registry.datasets().findWithdrawn("payments", "hash11")).isEmpty();
        assertThat(registry.datasets().findWithdrawn("payments", "hash15")).isEmpty();

        record(run, 15);
        RecordedDataset again = registry.datasets().recordRollback(version(16), bad, "it was right");
        assertThat(registry.datasets().findWithdrawn("payments", "hash12")).isEmpty();
        assertThat(registry.datasets().findWithdrawn("payments", "hash13"))
                .map(Withdrawn::standIn)
                .contains(again);
        assertThat(registry.datasets().findWithdrawn("payments", "hash15"))
                .map(Withdrawn::standIn)
                .contains(again);
        assertThat(registry.datasets().findWithdrawn("payments", "hash11")).isEmpty();
    }

    private static DatasetVersion version(long snapshot) {
        return new DatasetVersion("payments", snapshot, SCHEMA, List.of(), 9, 9, 0);
    }

    @Test
    void remembersVersionsWhoseRowsWereGivenUp_andSaysSoToWhoWantsThem() {
        String run = run();
        RecordedDataset first = record(run, 11);
        record(run, 12);
        registry.datasets().tags().set(first, "audited");

        registry.datasets().recordExpiry(List.of(first), version -> "old");
        registry.datasets().recordExpiry(List.of(first), version -> "older");

        assertThat(events("dataset_version.expired")).containsExactly("expired {reason=old, snapshot=11}");
        assertThat(registry.datasets().tags().of("payments")).isEmpty();
        RecordedDataset expired = registry.datasets().find("payments", 1).orElseThrow();
        assertThat(expired.expired()).contains(clock.instant());
        assertThatThrownBy(() -> load("payments@v1"))
                .hasMessage("dataset: payments@v1: v1 expired at " + clock.instant()
                        + " (expected: a version whose rows are kept: v2)");
        assertThatThrownBy(() -> registry.datasets().tags().set(first, "late"))
                .hasMessage("dataset: payments@v1 has expired (expected: a version whose rows are kept)");
        assertThat(record(run, 13).version()).isEqualTo(3);
    }
}
