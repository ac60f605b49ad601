package dev.millwright.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.Predictions;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.RowKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictionLogTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00.123456Z");
    /** A writer that never writes by itself, so that tests say when. */
    private static final PredictionLogOptions BY_HAND =
            new PredictionLogOptions(1 << 16, 1 << 30, Duration.ofDays(1), 1 << 20, 4);

    private static final PredictionLog.LogThreads THREADS = new PredictionLog.LogThreads(
            Thread.ofPlatform().factory(),
            Thread.ofPlatform().factory(),
            Thread.ofPlatform().factory());

    @TempDir
    Path root;

    private Instant now = NOON;

    private static Thread idle(Runnable work) {
        return Thread.ofPlatform().unstarted(() -> {});
    }

    private PredictionLog open(PredictionLogOptions options) {
        return PredictionLog.open(root, options, () -> now, List.of(), THREADS);
    }

    private List<LoggedPredictions> readDay(PredictionLog log) {
        return log.read("churn", NOON.minus(Duration.ofDays(1)), NOON.plus(Duration.ofDays(2)));
    }

    @Test
    void readsBackWhatWasPredicted_bitByBit() {
        try (PredictionLog log = open(BY_HAND)) {
            Frame rows = Sample.rows(1, 50, 0);
            List<RowKey> keys = new ArrayList<>();
            for (int row = 0; row < 50; row++) {
                keys.add(new RowKey("card-" + row, NOON.minusSeconds(row)));
            }
            PredictionEvent event = Sample.event(NOON, 3, rows, Sample.predictions(rows), keys);
            log.accept(event);
            log.flush();
            LoggedPredictions read = readDay(log).getFirst();
            assertThat(read.version()).isEqualTo(3);
            assertThat(read.model()).isEqualTo("model");
            assertThat(read.ids()).hasSize(50).contains(event.predictionId(0), event.predictionId(49));
            assertThat(read.times()).containsOnly(NOON);
            for (int i = 0; i < 50; i++) {
                String id = read.ids().get(i);
                int row = Integer.parseInt(id.substring(id.lastIndexOf('-') + 1));
                assertThat(read.keys().get(i)).contains(keys.get(row));
                assertThat(Float.valueOf(((FeatureColumn.Numeric) read.rows().column("amount")).values()[i]))
                        .isEqualTo(Float.valueOf(((FeatureColumn.Numeric) rows.column("amount")).values()[row]));
                assertThat(((FeatureColumn.Text) read.rows().column("city")).values()[i])
                        .isEqualTo(((FeatureColumn.Text) rows.column("city")).values()[row]);
                Predictions.Classes got = (Predictions.Classes) read.predictions();
                assertThat(got.probability(i, 1))
                        .isEqualTo(Sample.predictions(rows).probability(row, 1));
                assertThat(got.labels()[i]).isEqualTo(Sample.predictions(rows).labels()[row]);
            }
            assertThat(read.rows().columns())
                    .extracting(FeatureColumn::name)
                    .containsExactly("amount", "children", "city");
        }
    }

    @Test
    void keepsVersionsAndDaysApart_andReadsAStretch() throws IOException {
        try (PredictionLog log = open(BY_HAND)) {
            log.accept(Sample.event(NOON, 1, Sample.rows(1, 2, 0)));
            log.accept(Sample.event(NOON.plus(Duration.ofHours(13)), 1, Sample.rows(2, 3, 0)));
            Frame other = new Frame(1, List.of(new FeatureColumn.Numeric("x", new float[] {1})));
            log.accept(Sample.event(NOON, 2, other, new Predictions.Values(new float[] {4.5f}), List.of()));
            log.flush();
            assertThat(readDay(log)).extracting(LoggedPredictions::version).containsExactly(1, 2);
            assertThat(readDay(log).getFirst().ids()).hasSize(5);
            assertThat(((Predictions.Values) readDay(log).get(1).predictions()).values())
                    .containsExactly(4.5f);
            assertThat(log.read("churn", NOON, NOON.plusNanos(1000)))
                    .extracting(read -> read.ids().size())
                    .containsExactly(2, 1);
            assertThat(log.read("churn", NOON.plusNanos(1000), NOON.plusSeconds(1)))
                    .isEmpty();
            assertThat(log.read("nothing", NOON, NOON.plusSeconds(1))).isEmpty();
            assertThat(root.resolve("churn/date=2026-01-03")).isDirectory();
            assertThat(log.files("churn", NOON, NOON)).hasSize(2);
        }
        assertThat(root.resolve("open")).doesNotExist();
    }

    @Test
    void keepsRowsOfAVersion_whoseColumnsChanged() {
        try (PredictionLog log = open(BY_HAND)) {
            Frame other = new Frame(1, List.of(new FeatureColumn.Numeric("x", new float[] {1})));
            log.accept(Sample.event(NOON, 1, Sample.rows(1, 2, 0)));
            log.accept(Sample.event(NOON, 1, other, Sample.predictions(Sample.rows(1, 1, 0)), List.of()));
            log.accept(Sample.event(NOON, 1, Sample.rows(2, 3, 0)));
            assertThat(log.status().waiting()).isEqualTo(3);
            log.flush();
            assertThat(log.status().waiting()).isZero();
            assertThat(log.status().rowsWritten()).isEqualTo(6);
            assertThat(log.files("churn", NOON, NOON)).hasSize(2);
            assertThat(readDay(log).getFirst().ids()).hasSize(6);
        }
    }

    @Test
    void dropsWhatNoFileCanHold_andSaysWhy_andLogsAllElse() {
        try (PredictionLog log = open(BY_HAND)) {
            Frame twins = new Frame(
                    1,
                    List.of(
                            new FeatureColumn.Numeric("Age", new float[] {1}),
                            new FeatureColumn.Numeric("age", new float[] {2})));
            log.accept(Sample.event(NOON, 7, twins, new Predictions.Values(new float[] {3}), List.of()));
            log.flush();
            assertThat(log.dropped()).isEqualTo(1);
            log.accept(Sample.event(NOON, 1, Sample.rows(1, 1, 0)));
            log.accept(Sample.event(NOON, 7, twins, new Predictions.Values(new float[] {3}), List.of()));
            log.flush();
            assertThat(log.dropped()).isEqualTo(2);
            assertThat(readDay(log))
                    .singleElement()
                    .satisfies(read -> assertThat(read.version()).isEqualTo(1));
        }
    }

    @Test
    void mergesSmallFiles_withoutLosingOrDoublingARow() throws IOException {
        try (PredictionLog log = open(BY_HAND)) {
            for (int i = 0; i < 70; i++) {
                log.accept(Sample.event(NOON.plusSeconds(i), 1, Sample.rows(i, 1, 0)));
                log.flush();
            }
            assertThat(log.files("churn", NOON, NOON)).hasSizeLessThan(10);
            assertThat(readDay(log).getFirst().ids()).hasSize(70).doesNotHaveDuplicates();
            // As after a crash between the birth of a merged file and the end of its parts.
            Path folder = root.resolve("churn/date=2026-01-02");
            Path merged = log.files("churn", NOON, NOON).getFirst();
            Files.copy(merged, folder.resolve("v1-served-000000002.parquet"));
            Files.writeString(folder.resolve("v1-served-000000999.parquet.tmp"), "half");
            assertThat(readDay(log).getFirst().ids()).hasSize(70).doesNotHaveDuplicates();
        }
        try (PredictionLog log = open(BY_HAND)) {
            assertThat(readDay(log).getFirst().ids()).hasSize(70);
            assertThat(root.resolve("churn/date=2026-01-02/v1-served-000000002.parquet"))
                    .doesNotExist();
            assertThat(root.resolve("churn/date=2026-01-02/v1-served-000000999.parquet.tmp"))
                    .doesNotExist();
        }
    }

    @Test
    void countsWhatItHasNoRoomFor() {
        try (PredictionLog log = open(new PredictionLogOptions(8, 1 << 30, Duration.ofDays(1), 1 << 20, 4))) {
            // More than ring and writer can hold together.
            for (int i = 0; i < 100; i++) {
                log.accept(Sample.event(NOON, 1, Sample.rows(i, 1, 0)));
            }
            log.flush();
            long logged = readDay(log).getFirst().ids().size();
            assertThat(log.dropped()).isPositive();
            assertThat(logged + log.dropped()).isEqualTo(100);
        }
    }

    @Test
    void keepsOnlySoMuchWaiting_inBytesToo() {
        EventRing ring = new EventRing(100, 20_000);
        PredictionEvent large = Sample.event(NOON, 1, Sample.rows(1, 1000, 0));
        assertThat(ring.offer(large)).as("alone, whatever its size").isTrue();
        assertThat(ring.offer(Sample.event(NOON, 1, Sample.rows(2, 1, 0)))).isFalse();
        assertThat(ring.poll()).isSameAs(large);
        int small = 0;
        while (ring.offer(Sample.event(NOON, 1, Sample.rows(small, 1, 0)))) {
            small++;
        }
        assertThat(small).isBetween(20, 33);
        while (ring.poll() != null) {
            small--;
        }
        assertThat(small).isZero();
        assertThat(ring.offer(large)).isTrue();
    }

    @Test
    void losesNothingToThreads() throws InterruptedException, ExecutionException {
        try (PredictionLog log = open(new PredictionLogOptions(1 << 16, 1 << 30, Duration.ofMillis(20), 500, 8));
                var pool = Executors.newFixedThreadPool(4)) {
            List<Future<?>> producers = new ArrayList<>();
            for (int p = 0; p < 4; p++) {
                int producer = p;
                producers.add(pool.submit(() -> {
                    for (int i = 0; i < 1000; i++) {
                        log.accept(Sample.event(NOON, 1 + producer % 2, Sample.rows(i, 1, 0)));
                    }
                }));
            }
            for (Future<?> producer : producers) {
                producer.get();
            }
            log.flush();
            assertThat(log.dropped()).isZero();
            assertThat(readDay(log)).extracting(read -> read.ids().size()).containsExactly(2000, 2000);
            assertThat(log.status().rowsWritten()).isEqualTo(4000);
            assertThat(log.status().lastFailure()).isEmpty();
        }
    }

    @Test
    void recordsTheGap_whenItWasNotClosed() throws IOException {
        try (PredictionLog log = open(BY_HAND)) {
            log.flush();
            // What a kill would leave.
            Files.copy(root.resolve("open"), root.resolve("kept"));
        }
        Files.move(root.resolve("kept"), root.resolve("open"));
        now = NOON.plusSeconds(60);
        try (PredictionLog log = open(BY_HAND)) {
            assertThat(log.gaps()).containsExactly(new LogGap(NOON, NOON.plusSeconds(60)));
        }
        try (PredictionLog log = open(BY_HAND)) {
            assertThat(log.gaps()).hasSize(1);
        }
    }

    @Test
    void goesOnAfterItCouldNotWrite() throws IOException {
        try (PredictionLog log = open(BY_HAND)) {
            Files.writeString(root.resolve("churn"), "a file where a folder must be");
            log.accept(Sample.event(NOON, 1, Sample.rows(1, 1, 0)));
            log.flush();
            assertThat(log.status().lastFailure()).isPresent();
            Files.delete(root.resolve("churn"));
            log.flush();
            assertThat(log.status().lastFailure()).isEmpty();
            assertThat(readDay(log).getFirst().ids()).hasSize(1);
            assertThat(log.dropped()).isZero();
        }
    }

    @Test
    void showsEachPredictionToItsObservers() {
        List<String> seen = new ArrayList<>();
        PredictionObserver broken = event -> {
            throw new IllegalStateException("broken");
        };
        try (PredictionLog log = PredictionLog.open(
                root, BY_HAND, () -> now, List.of(broken, event -> seen.add(event.predictionId())), THREADS)) {
            PredictionEvent event = Sample.event(NOON, 1, Sample.rows(1, 1, 0));
            log.accept(event);
            log.flush();
            assertThat(seen).containsExactly(event.predictionId());
            assertThat(readDay(log)).hasSize(1);
            assertThat(Optional.of(event.clientId())).isPresent();
        }
    }

    @Test
    void takesPredictionsOver_whileNoFileCanBeWritten() {
        CountDownLatch seen = new CountDownLatch(20);
        PredictionLogOptions eight = new PredictionLogOptions(8, 1 << 30, Duration.ofDays(1), 1 << 20, 4);
        PredictionLog.LogThreads nobodyWrites = new PredictionLog.LogThreads(
                Thread.ofPlatform().factory(), PredictionLogTest::idle, PredictionLogTest::idle);
        try (PredictionLog log =
                PredictionLog.open(root, eight, () -> now, List.of(_ -> seen.countDown()), nobodyWrites)) {
            long offered = 0;
            while (seen.getCount() > 0) {
                log.accept(Sample.event(NOON, 1, Sample.rows(offered++, 1, 0)));
                Thread.onSpinWait();
            }
            log.flush();
            long logged = readDay(log).getFirst().ids().size();
            assertThat(logged).isLessThanOrEqualTo(2 * 8);
            assertThat(logged + log.dropped()).isEqualTo(offered);
        }
    }

    @Test
    void putsMergesOff_whileSomebodyReads() throws Exception {
        ReentrantReadWriteLock replacing = new ReentrantReadWriteLock();
        PredictionFiles files = new PredictionFiles(root);
        PredictionMerger merger = new PredictionMerger(files, 4, replacing);
        try (PredictionLog log = open(new PredictionLogOptions(1 << 16, 1 << 30, Duration.ofDays(1), 1 << 20, 100))) {
            for (int i = 0; i < 8; i++) {
                log.accept(Sample.event(NOON.plusSeconds(i), 1, Sample.rows(i, 1, 0)));
                log.flush();
            }
            merger.written(PredictionFiles.Group.of(Sample.event(NOON, 1, Sample.rows(1, 1, 0))));
            replacing.readLock().lock();
            try {
                merger.mergeAll();
                assertThat(log.files("churn", NOON, NOON)).hasSize(8);
            } finally {
                replacing.readLock().unlock();
            }
            merger.mergeAll();
            assertThat(log.files("churn", NOON, NOON)).hasSize(1);
            assertThat(readDay(log).getFirst().ids()).hasSize(8).doesNotHaveDuplicates();
        }
    }

    @Test
    void aMergeThatFails_leavesNothingBehind_andKeepsNoOtherFromBeingMerged() throws IOException {
        try (PredictionLog log = open(BY_HAND)) {
            Path folder = root.resolve("churn/date=2026-01-02");
            Files.createDirectories(folder);
            for (int i = 1; i < 4; i++) {
                Files.writeString(folder.resolve("v2-served-00000000" + i + ".parquet"), "no parquet");
            }
            for (int i = 0; i < 8; i++) {
                log.accept(Sample.event(NOON.plusSeconds(i), 2, Sample.rows(i, 1, 0)));
                log.accept(Sample.event(NOON.plusSeconds(i), 1, Sample.rows(i, 1, 0)));
                log.flush();
            }
            assertThat(log.status().lastFailure())
                    .hasValueSatisfying(what -> assertThat(what).contains("merge files of churn"));
            assertThat(named(folder, "v1-")).hasSizeLessThan(8);
            assertThat(named(folder, "v2-")).hasSize(3 + 8).noneMatch(name -> name.endsWith(".tmp"));
        }
    }

    private static List<String> named(Path folder, String start) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith(start))
                    .toList();
        }
    }
}
