package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Progress;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.Contract;
import dev.millwright.data.Lake;
import dev.millwright.data.ReplayOrder;
import dev.millwright.data.SourceSpec;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.pipelines.datasets.DatasetChanges.Restored;
import dev.millwright.pipelines.datasets.DatasetChanges.Tagged;
import dev.millwright.pipelines.datasets.DatasetChanges.Taken;
import dev.millwright.pipelines.datasets.DatasetDesk;
import dev.millwright.pipelines.datasets.Expiry;
import dev.millwright.pipelines.datasets.ExpiryRequest;
import dev.millwright.pipelines.datasets.ExpiryRequest.Mode;
import dev.millwright.pipelines.datasets.ExpiryRequest.Needed;
import dev.millwright.pipelines.datasets.Replay;
import dev.millwright.pipelines.datasets.ReplayRequest;
import dev.millwright.registry.DatasetReference;
import dev.millwright.registry.EventFilter;
import dev.millwright.registry.NewRun;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tags, rollbacks and expiry, and what runs make of them. */
class DatasetDeskTest {
    @TempDir
    private Path folder;

    private Workbench home;
    private DatasetDesk desk;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        desk = new DatasetDesk(home.registry, home.lake, home.clock);
    }

    private void trainTwice() {
        home.writeCustomers(600, 1);
        run();
        home.clock.advance(Duration.ofDays(10));
        home.writeCustomers(700, 2);
        run();
        home.clock.advance(Duration.ofDays(10));
    }

    @AfterEach
    void close() {
        home.close();
    }

    private Outcome run() {
        Outcome outcome = home.run(Workbench.customers("[]"));
        assertThat(outcome.failure()).isEmpty();
        return outcome;
    }

    private static DatasetReference version(String text) {
        return DatasetReference.parse(text);
    }

    /** Reads the customers into a version on which no model is trained. */
    private RecordedDataset ingest(int rows) {
        home.writeCustomers(rows, rows);
        String use = home.registry
                .runs()
                .create(NewRun.of(
                        home.registry.experiments().findOrCreate("looks").id(), "a look", RunKind.TRAINING))
                .id();
        var spec = SourceSpec.of("customers", folder.resolve("customers.csv").toString());
        String fingerprint = Lake.fingerprint(spec);
        RecordedDataset recorded =
                home.registry.datasets().record(use, home.lake.ingest(spec, fingerprint, Progress.NONE), fingerprint);
        home.registry.runs().finish(use, RunStatus.FINISHED, Optional.empty());
        home.clock.advance(Duration.ofDays(1));
        return recorded;
    }

    private static ExpiryRequest older(int days, int keep, Needed needed) {
        return new ExpiryRequest(
                "customers",
                Optional.empty(),
                Optional.of(Duration.ofDays(days)),
                Optional.of(keep),
                needed,
                Mode.CARRY_OUT);
    }

    private static List<String> told(Expiry expiry) {
        return expiry.versions().stream()
                .map(verdict -> "v" + verdict.version() + " " + verdict.fate() + ": " + verdict.reason())
                .toList();
    }

    @Test
    void readsAVersionByItsTag() {
        trainTwice();
        assertThat(desk.tag(version("customers@v1"), "audited", Taken.REFUSE))
                .isEqualTo(new Tagged("customers", "audited", 1, Optional.empty()));
        assertThat(home.lake.tags("customers")).containsOnlyKeys("audited");
        Outcome outcome = home.run(Workbench.customers("[]")
                .replace("{from: customers.csv, expect: [age > 0]}", "dataset:customers@audited"));
        assertThat(outcome.failure()).isEmpty();
        assertThat(outcome.summary().datasets().getFirst().version()).isEqualTo(1);

        assertThatThrownBy(() -> desk.tag(version("customers"), "audited", Taken.REFUSE))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("tag: audited is on customers@v1 (expected: a tag that is free). Move it with --move.");
        assertThat(desk.tag(version("customers"), "audited", Taken.MOVE).before())
                .contains(1);
        assertThat(desk.untag("customers", "audited").version()).isEqualTo(2);
        assertThat(home.lake.tags("customers")).isEmpty();
        assertThatThrownBy(() -> desk.untag("customers", "audited")).hasMessageContaining("customers, which has none");
        assertThatThrownBy(() -> desk.untag("custmers", "audited")).hasMessageContaining("Did you mean 'customers'?");
    }

    @Test
    void doesNotBringBackWhatWasRolledBack_whileTheSourceIsAsItWas() {
        trainTwice();
        assertThat(desk.rollBack(version("customers@v1"), "half of it was missing"))
                .isEqualTo(new Restored("customers", 3, 1, 2));

        Outcome outcome = run();
        assertThat(outcome.summary().datasets().getFirst())
                .isEqualTo(new RunSummary.Dataset("customers", 3, 600, 600, 0));
        assertThat(outcome.summary().warnings())
                .contains("customers: its source is as it was for customers@v2, which was rolled back: read as"
                        + " customers@v3 until it changes. To take it as it is: millwright data rollback customers@v2");

        home.writeCustomers(650, 3);
        assertThat(run().summary().datasets().getFirst().version()).isEqualTo(4);

        home.writeCustomers(700, 2);
        assertThat(run().summary().datasets().getFirst().version()).isEqualTo(3);
        assertThat(desk.rollBack(version("customers@v2"), "it was right").version())
                .isEqualTo(5);
        Outcome asItIs = run();
        assertThat(asItIs.summary().datasets().getFirst().version()).isEqualTo(2);
        assertThat(asItIs.summary().warnings()).noneMatch(warning -> warning.contains("rolled back"));
    }

    @Test
    void rollsBackOnce() {
        ingest(80);
        ingest(90);
        desk.rollBack(version("customers@v1"), "by hand");
        assertThat(desk.rollBack(version("customers@v1"), "by hand")).isEqualTo(new Restored("customers", 3, 1, 3));
        assertThatThrownBy(() -> desk.rollBack(version("customers"), "by hand"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("version: customers@v3 is the newest one (expected: an earlier one). There is nothing to"
                        + " roll back.");
        assertThat(home.registry.datasets().versions("customers")).hasSize(3);
    }

    @Test
    void givesUpOldVersions_butNoneThatAnythingNeeds() {
        trainTwice();
        ingest(100);
        ingest(110);
        ingest(120);
        desk.tag(version("customers@v4"), "audited", Taken.REFUSE);
        RecordedDataset third = home.registry.datasets().load(version("customers@v3"));

        ExpiryRequest wish = older(3, 1, Needed.KEEP);
        home.clock.advance(Duration.ofHours(1));
        Expiry told = desk.expire(new ExpiryRequest(
                wish.dataset(), wish.version(), wish.olderThan(), wish.keep(), wish.needed(), Mode.ONLY_TELL));
        assertThat(home.lake.find("customers", third.snapshot())).isPresent();
        Expiry done = desk.expire(wish);

        assertThat(told.versions()).isEqualTo(done.versions());
        assertThat(told.files()).isZero();
        assertThat(told(done))
                .containsExactly(
                        "v5 KEPT: the newest",
                        "v4 KEPT: younger than 3d",
                        "v3 EXPIRED: nothing needs it",
                        "v2 KEPT: model customers/2 was trained on it; the windows of endpoint customers are filled from"
                                + " it",
                        "v1 KEPT: model customers/1 was trained on it");
        assertThat(done.files()).isGreaterThanOrEqualTo(2);
        assertThat(done.bytes()).isPositive();
        assertThat(home.lake.find("customers", third.snapshot())).isEmpty();
        assertThatThrownBy(() -> home.runs.check(home.request(
                        Workbench.customers("[]")
                                .replace("{from: customers.csv, expect: [age > 0]}", "dataset:customers@v3"),
                        Map.of())))
                .hasMessageContaining("dataset: customers@v3: v3 expired at");

        Expiry forced = desk.expire(older(0, 1, Needed.EXPIRE));
        assertThat(forced.expired()).containsExactly(4, 2, 1);
        assertThat(told(forced)).contains("v4 EXPIRED: by force: tag audited");
        assertThat(home.registry.datasets().tags().of("customers")).isEmpty();
        assertThat(home.registry.events().verify().firstBroken()).isEmpty();
    }

    @Test
    void keepsAVersionThatARunIsReading() {
        RecordedDataset version = ingest(100);
        ingest(110);
        var reading = home.runs.start(home.request(Workbench.customers("[]"), Map.of()));
        home.registry.datasets().use(reading.run().id(), "customers", version);

        Expiry expiry = desk.expire(older(0, 1, Needed.EXPIRE));

        assertThat(told(expiry)).contains("v1 KEPT: run " + reading.run().id() + " reads it");
    }

    @Test
    void recordsWhatAKilledProcessHadCommittedToTheLake() {
        var store = new DatasetStore(home.registry, home.lake);
        ingest(80);
        ingest(90);
        RecordedDataset third = ingest(100);
        ingest(110);
        home.lake.tag(store.load(version("customers@v1")).version(), "audited");
        home.lake.restore(store.load(version("customers@v2")).version(), "a rollback", "half of it was missing");
        home.lake.expire("customers", List.of(third.snapshot()));

        desk.settle();
        desk.settle();

        assertThat(home.registry.datasets().load(version("customers@audited")).version())
                .isEqualTo(1);
        RecordedDataset newest = home.registry.datasets().load(version("customers"));
        assertThat(newest.version()).isEqualTo(5);
        assertThat(newest.restores()).contains(2);
        assertThat(home.registry.datasets().find("customers", 3).orElseThrow().expired())
                .isPresent();
        assertThat(home.registry.events().list(EventFilter.since(0).type("dataset_version.")))
                .filteredOn(event -> !event.type().endsWith("recorded"))
                .extracting(event -> event.type() + " " + event.data().get("reason"))
                .containsExactly(
                        "dataset_version.rolled_back half of it was missing",
                        "dataset_version.expired gone from the lake");
        home.lake.untag("customers", "audited");
        desk.settle();
        assertThat(home.registry.datasets().tags().of("customers")).isEmpty();
    }

    @Test
    void saysWhatAnExpiryNeedsToKnow() {
        ingest(80);
        assertThatThrownBy(() -> new ExpiryRequest(
                        "customers", Optional.empty(), Optional.empty(), Optional.empty(), Needed.KEEP, Mode.CARRY_OUT))
                .hasMessage("expire: customers (expected: a version, as in customers@v3, or which ones: --older-than"
                        + " 30d, --keep 5).");
        assertThatThrownBy(() -> older(3, 0, Needed.KEEP)).hasMessageStartingWith("--keep: 0 (expected: 1 or more");
        assertThatThrownBy(() -> new ExpiryRequest(
                        "customers", Optional.of(3), Optional.empty(), Optional.of(2), Needed.KEEP, Mode.CARRY_OUT))
                .hasMessage("expire: customers@v3 (expected: either one version, or --older-than and --keep).");
        assertThatThrownBy(() -> desk.expire(new ExpiryRequest(
                        "customers", Optional.of(9), Optional.empty(), Optional.empty(), Needed.KEEP, Mode.CARRY_OUT)))
                .hasMessageContaining("dataset: customers@v9 (expected: a version from v1,");
    }

    /** Reads two orders, one of them broken, which is exported and repaired. */
    private Path repairedOrders() throws IOException {
        Path orders = Files.writeString(folder.resolve("orders.csv"), "id,price\n1,10\n2,x\n");
        SourceSpec spec = SourceSpec.of("orders", orders.toString())
                .withContract(Contract.of(ColumnContract.of("price", ColumnType.BIGINT)));
        String use = home.registry
                .runs()
                .create(NewRun.of(
                        home.registry.experiments().findOrCreate("looks").id(), "a look", RunKind.TRAINING))
                .id();
        String fingerprint = Lake.fingerprint(spec);
        DatasetVersion read = home.lake.ingest(spec, DatasetStore.stepKey("orders", fingerprint), Progress.NONE);
        home.registry.datasets().record(use, read, fingerprint);
        home.registry.runs().finish(use, RunStatus.FINISHED, Optional.empty());
        Path broken = folder.resolve("broken.csv");
        home.lake.exportQuarantine(read, "v1", broken);
        return Files.writeString(broken, Files.readString(broken).replace(",2,x", ",2,20"));
    }

    private static ReplayRequest repaired(Path file) {
        return new ReplayRequest("orders", Optional.of(file), Optional.empty(), Optional.empty());
    }

    @Test
    void takesRepairedRowsInOnce_andWritesTheVersionIntoOneFile() throws IOException {
        ReplayRequest request = repaired(repairedOrders());

        Replay taken = desk.replay(request);
        assertThat(taken.version()).contains(2);
        assertThat(taken.taken()).isEqualTo(1);
        assertThat(desk.replay(request).version()).isEmpty();
        assertThat(desk.compact("orders")).satisfies(done -> {
            assertThat(done.version()).isEqualTo(2);
            assertThat(done.filesBefore()).isEqualTo(2);
            assertThat(done.files()).isEqualTo(1);
        });
        assertThat(desk.replay(request).known()).isEqualTo(1);
        assertThat(desk.compact("orders").filesBefore()).isEqualTo(1);
        desk.settle();
        assertThat(home.registry.datasets().versions("orders"))
                .extracting(RecordedDataset::rows)
                .containsExactly(2L, 1L);
        assertThat(home.registry.events().list(EventFilter.since(0).type("dataset_version.")))
                .extracting(event -> event.type())
                .containsExactly("dataset_version.recorded", "dataset_version.replayed", "dataset_version.compacted");
    }

    @Test
    void recordsAReplayAndACompaction_thatAKilledProcessHadCommitted() throws IOException {
        Path file = repairedOrders();
        DatasetVersion first = home.lake.versions("orders").getFirst();
        DatasetVersion made = home.lake
                .replay(new ReplayOrder(
                        "orders", Optional.of(file), Optional.empty(), _ -> first, Optional.empty(), mark -> mark))
                .made()
                .orElseThrow();
        assertThat(desk.replay(repaired(file)).known()).isEqualTo(1);

        DatasetVersion compacted = home.lake.compact(made).orElseThrow();
        desk.settle();
        desk.settle();
        assertThat(home.registry.datasets().versions("orders"))
                .extracting(RecordedDataset::snapshot)
                .containsExactly(compacted.snapshot(), first.snapshot());
        assertThat(home.lake.snapshots("orders")).containsExactlyInAnyOrder(first.snapshot(), compacted.snapshot());
        assertThat(made.files()).filteredOn(Files::exists).isEqualTo(first.files());
    }

    @Test
    void doesNotCompactWhatARunReads() throws IOException {
        home.writeCustomers(50, 1);
        desk.replay(repaired(repairedOrders()));
        var reading = home.runs.start(home.request(Workbench.customers("[]"), Map.of()));
        home.registry
                .datasets()
                .use(reading.run().id(), "orders", home.registry.datasets().load(version("orders")));

        assertThatThrownBy(() -> desk.compact("orders"))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("dataset: orders@v2 is read by run " + reading.run().id()
                        + " (expected: by none that is under way). Try again when it has ended, or cancel it.");
    }
}
