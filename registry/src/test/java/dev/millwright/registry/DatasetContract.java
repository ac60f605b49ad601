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
        "flights@2026-11-01T12:30, flights@2026-11-01T12:30:00Z",
        "flights@2026-11-01T12:30:15+02:00, flights@2026-11-01T10:30:15Z"
    })
    void readsReferences(String text, String meant) {
        assertThat(DatasetReference.parse(text)).hasToString(meant);
        assertThat(DatasetReference.parse(meant)).isEqualTo(DatasetReference.parse(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"flights@", "flights@v0", "flights@2026-13-01", "flights@v99999999999", "flights@v1@v2"})
    void refusesWhatIsNoReference(String text) {
        assertThatThrownBy(() -> DatasetReference.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("in '" + text + "' (expected: a number, as in v3, or a time");
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
        assertThat(use.models()).containsExactly(new DatasetUse.TrainedModel("churn", 1, List.of("keep")));
        assertThat(registry.datasets().useOf(record(run(), 12)).models()).isEmpty();
    }
}
