package dev.millwright.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Labels;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.serving.PredictionEvent;
import dev.millwright.serving.RowKey;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeedbackStoreTest {
    private static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path home;

    private Instant now = NOON;
    private PredictionLog log;
    private FeedbackStore store;

    @BeforeEach
    void open() {
        log = PredictionLog.open(
                home.resolve("predictions"),
                new PredictionLogOptions(1 << 12, 1 << 30, DAY, 1 << 20, 8),
                () -> now,
                List.of(),
                new PredictionLog.LogThreads(
                        Thread.ofPlatform().factory(),
                        Thread.ofPlatform().factory(),
                        Thread.ofPlatform().factory()));
        openStore();
    }

    private void openStore() {
        store = FeedbackStore.open(
                home.resolve("feedback.db"), log, () -> now, Thread.ofPlatform().factory());
    }

    @AfterEach
    void close() {
        store.close();
        log.close();
    }

    private PredictionEvent predict(int rows) {
        Frame frame = Sample.rows(rows, rows, 0);
        PredictionEvent event = Sample.event(now, 1, frame);
        log.accept(event);
        log.flush();
        return event;
    }

    private List<LabelledPredictions> join() {
        return store.join("churn", NOON.minus(DAY), NOON.plus(DAY));
    }

    @Test
    void joinsLabelsWithTheirPredictions_latestWins_acrossARestart() {
        PredictionEvent event = predict(3);
        store.accept(List.of(Feedback.of(event.predictionId(0), "yes"), Feedback.of(event.predictionId(2), "no")));
        store.accept(List.of(Feedback.of(event.predictionId(2), "no")));
        now = now.plusSeconds(1);
        store.accept(List.of(Feedback.of(event.predictionId(2), "yes")));
        store.close();
        openStore();
        LabelledPredictions labelled = join().getFirst();
        assertThat(labelled.predictions().ids())
                .containsExactlyInAnyOrder(event.predictionId(0), event.predictionId(2));
        assertThat(((Labels.Classes) labelled.labels()).indices()).containsExactly(1, 1);
        assertThat(((Labels.Classes) labelled.labels()).classes()).isEqualTo(Sample.CLASSES);
        assertThat(labelled.predictions().rows().rows()).isEqualTo(2);
        assertThat(((Predictions.Classes) labelled.predictions().predictions()).probability(0, 1))
                .isEqualTo(((Predictions.Classes) ((PredictionEvent.Rows) event.exchange()).predictions())
                        .probability(0, 1));
        assertThat(store.counts()).isEqualTo(new FeedbackCounts(2, 2, 0, 0));
    }

    @Test
    void takesARequestsIdForItsFirstRow() {
        PredictionEvent event = predict(1);
        store.accept(List.of(Feedback.of(event.predictionId(), "yes")));
        assertThat(join().getFirst().predictions().ids()).containsExactly(event.predictionId(0));
    }

    @Test
    void findsPredictionsByEntityAndTimestamp() {
        Frame rows = new Frame(2, List.of(new FeatureColumn.Numeric("x", new float[] {1, 2})));
        RowKey first = new RowKey("card 7", NOON.minus(Duration.ofDays(3)));
        RowKey second = new RowKey("card 8", NOON.minus(Duration.ofDays(2)));
        log.accept(Sample.event(NOON, 1, rows, new Predictions.Values(new float[] {10, 20}), List.of(first, second)));
        log.flush();
        store.accept(List.of(
                new Feedback(new Feedback.ByRow("churn", second), "21.5"),
                new Feedback(new Feedback.ByRow("churn", first), "a lot"),
                new Feedback(new Feedback.ByRow("other", first), "3")));
        LabelledPredictions labelled = join().getFirst();
        assertThat(((Labels.Values) labelled.labels()).values()).containsExactly(21.5);
        assertThat(((Predictions.Values) labelled.predictions().predictions()).values())
                .containsExactly(20);
        assertThat(labelled.unusable()).isEqualTo(1);
    }

    @Test
    void keepsLabelsThatMatchNothing_thirtyDays() {
        PredictionEvent early = Sample.event(NOON, 1, Sample.rows(1, 1, 0));
        store.accept(List.of(Feedback.of(early.predictionId(0), "yes")));
        assertThat(join()).isEmpty();
        assertThat(store.counts()).isEqualTo(new FeedbackCounts(1, 0, 1, 0));
        log.accept(early);
        log.flush();
        assertThat(join()).hasSize(1);
        store.accept(List.of(Feedback.of("0190b5a4-7e1c-7abc-8def-0123456789ab-0", "yes")));
        now = now.plus(Duration.ofDays(29));
        assertThat(store.expire()).isZero();
        now = now.plus(Duration.ofDays(2));
        assertThat(store.expire()).isEqualTo(1);
        assertThat(store.counts()).isEqualTo(new FeedbackCounts(1, 1, 0, 1));
    }

    @Test
    void acknowledgesManyCallersTogether() throws InterruptedException, ExecutionException {
        PredictionEvent event = predict(400);
        try (var pool = Executors.newFixedThreadPool(8)) {
            List<Future<Integer>> calls = new ArrayList<>();
            for (int row = 0; row < 400; row++) {
                String id = event.predictionId(row);
                calls.add(pool.submit(() -> store.accept(List.of(Feedback.of(id, "no")))));
            }
            for (Future<Integer> call : calls) {
                assertThat(call.get()).isEqualTo(1);
            }
        }
        assertThat(store.counts().stored()).isEqualTo(400);
        assertThat(join().getFirst().labels().rows()).isEqualTo(400);
    }

    @Test
    void refusesWhatItCannotKeep() {
        assertThatThrownBy(() -> Feedback.of("churn-17", "yes"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("prediction_id: 'churn-17' (expected: the id");
        assertThatThrownBy(() -> Feedback.of("0190b5a4-7e1c-7abc-8def-0123456789ab-0", ""))
                .hasMessageContaining("label: ''");
        store.close();
        assertThatThrownBy(() -> store.accept(List.of(Feedback.of("0190b5a4-7e1c-7abc-8def-0123456789ab-0", "a"))))
                .isInstanceOfSatisfying(
                        MillwrightException.class,
                        e -> assertThat(e.code()).isEqualTo(MonitoringError.FEEDBACK_CLOSED));
    }

    private LabelFeed.Part arrived(String after) {
        return store.arrived("churn", NOON.minusSeconds(1), after);
    }

    @Test
    void givesEachLabelOnce_inTheOrderOfItsFirstArrival_alsoAfterARestart() {
        PredictionEvent event = predict(3);
        store.accept(List.of(Feedback.of(event.predictionId(0), "yes")));
        assertThat(arrived("").labels()).isZero();

        now = now.plusSeconds(5);
        store.accept(List.of(Feedback.of(event.predictionId(0), "no"), Feedback.of(event.predictionId(2), "no")));
        LabelFeed.Part first = arrived("");
        assertThat(first.predictions().getFirst().predictions().ids()).containsExactly(event.predictionId(0));
        assertThat(arrived(first.end()).labels()).isZero();

        now = now.plusSeconds(5);
        LabelFeed.Part second = arrived(first.end());
        assertThat(second.predictions().getFirst().predictions().ids()).containsExactly(event.predictionId(2));
        store.accept(List.of(Feedback.of(event.predictionId(0), "yes")));
        now = now.plusSeconds(5);
        assertThat(arrived(second.end()).labels()).isZero();

        store.close();
        openStore();
        LabelFeed.Part all = arrived("");
        assertThat(all.labels()).isEqualTo(2);
        assertThat(((Labels.Classes) all.predictions().getFirst().labels()).indices())
                .containsExactly(1, 0);
    }

    @Test
    void givesNoLabelsOfPredictionsThatWereMadeBefore_orOfOtherEndpoints() {
        PredictionEvent early = predict(1);
        now = now.plusSeconds(60);
        PredictionEvent late = predict(1);
        store.accept(List.of(Feedback.of(early.predictionId(0), "yes"), Feedback.of(late.predictionId(0), "yes")));
        now = now.plusSeconds(60);
        assertThat(store.arrived("churn", NOON.plusSeconds(30), "").predictions())
                .flatExtracting(labelled -> labelled.predictions().ids())
                .containsExactly(late.predictionId(0));
        assertThat(store.arrived("other", NOON.minusSeconds(1), "").predictions())
                .isEmpty();
    }

    @Test
    void opensFilesThatDoNotKnowWhenLabelsCameFirst() throws SQLException {
        store.accept(List.of(Feedback.of(predict(1).predictionId(0), "yes")));
        store.close();
        try (Connection old = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("feedback.db"));
                Statement statement = old.createStatement()) {
            statement.execute("DROP INDEX feedback_arrived");
            statement.execute("ALTER TABLE feedback DROP COLUMN arrived");
        }
        openStore();
        now = now.plusSeconds(5);
        assertThat(arrived("").labels()).isEqualTo(1);
    }
}
