package dev.millwright.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Frame;
import dev.millwright.core.Labels;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.Predictions;
import dev.millwright.monitoring.MonitorEvent.Kind;
import dev.millwright.monitoring.MonitorEvent.State;
import dev.millwright.monitoring.QualityReport.Verdict;
import dev.millwright.serving.PredictionEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class MonitorEngineTest {
    private static final Instant START = Instant.parse("2026-01-02T00:00:00Z");
    private static final Frame TRAINING = Sample.rows(1, 5000, 0);
    private static final ReferenceProfile REFERENCE = Profiler.of(TRAINING, Sample.predictions(TRAINING));

    private Instant now = START;
    private List<LabelledPredictions> labelled = List.of();
    private final List<MonitorEvent> events = new ArrayList<>();
    private final MonitorEngine engine = new MonitorEngine((endpoint, from, to) -> labelled, List.of(events::add));

    private static MonitorConfig drift() {
        return MonitorConfig.of(
                "churn",
                "model",
                1,
                Duration.ofDays(1),
                REFERENCE,
                Optional.of(DriftOptions.DEFAULT),
                Optional.empty(),
                MonitorConfig.OnBreach.RETRAIN);
    }

    /** An hour with so many predictions of amounts around the mean, then a judgement. */
    private void hour(int rows, double mean) {
        engine.observe(Sample.event(now.plusSeconds(1), 1, Sample.rows(now.getEpochSecond(), rows, mean)));
        now = now.plus(Duration.ofHours(1));
        engine.tick(now);
    }

    @Test
    void opensOneAlert_whileDriftLasts_andClosesItAfterwards() {
        engine.watch(drift());
        for (int hour = 0; hour < 24; hour++) {
            hour(100, 0);
        }
        assertThat(events).isEmpty();
        for (int hour = 0; hour < 40; hour++) {
            hour(100, 1.5);
        }
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(Kind.DRIFT);
            assertThat(event.state()).isEqualTo(State.OPENED);
            assertThat(event.columns()).contains("amount", "probability(yes)").doesNotContain("children", "city");
            assertThat(event.values()).containsKey("psi.amount");
            assertThat(event.message()).contains("columns drifted over").contains("amount (PSI ");
            assertThat(event.onBreach()).isEqualTo(MonitorConfig.OnBreach.RETRAIN);
        });
        assertThat(engine.load("churn").open()).containsExactly(Kind.DRIFT);
        for (int hour = 0; hour < 40; hour++) {
            hour(100, 0);
        }
        assertThat(events).extracting(MonitorEvent::state).containsExactly(State.OPENED, State.CLOSED);
        assertThat(engine.load("churn").open()).isEmpty();
    }

    @Test
    void judgesMoreRarely_whatTakesLongToJudge() {
        long[] nanos = {0};
        List<Instant> asked = new ArrayList<>();
        MonitorEngine slow = new MonitorEngine(
                (endpoint, from, to) -> {
                    asked.add(now);
                    nanos[0] += Duration.ofMinutes(6).toNanos();
                    return List.of();
                },
                List.of(),
                () -> nanos[0]);
        slow.watch(MonitorConfig.of(
                "churn",
                "model",
                1,
                Duration.ofHours(12), // judged every half an hour
                REFERENCE,
                Optional.empty(),
                Optional.of(accuracy()),
                MonitorConfig.OnBreach.ALERT));

        for (int minutes = 0; minutes <= 180; minutes += 30) {
            now = START.plus(Duration.ofMinutes(minutes));
            slow.tick(now);
        }

        assertThat(asked).containsExactly(START, START.plus(Duration.ofHours(2)));
    }

    @Test
    void restsAfterAnAlert() {
        Alert alert = new Alert(2, 1, Duration.ofHours(5));
        List<Optional<State>> states = new ArrayList<>();
        for (Alert.Finding finding : List.of(
                Alert.Finding.BREACH,
                Alert.Finding.FINE,
                Alert.Finding.BREACH,
                Alert.Finding.UNSURE,
                Alert.Finding.BREACH,
                Alert.Finding.BREACH,
                Alert.Finding.UNSURE,
                Alert.Finding.FINE,
                Alert.Finding.BREACH,
                Alert.Finding.BREACH,
                Alert.Finding.BREACH,
                Alert.Finding.BREACH,
                Alert.Finding.BREACH)) {
            now = now.plus(Duration.ofHours(1));
            states.add(alert.judge(finding, now));
        }
        assertThat(states.get(5)).contains(State.OPENED);
        assertThat(states.get(7)).contains(State.CLOSED);
        assertThat(states.get(12)).contains(State.OPENED);
        assertThat(states.stream().flatMap(Optional::stream)).hasSize(3);
    }

    @Test
    void judgesAWindowInRows_onceItIsFull_andOnlyItsVersion() {
        MonitorConfig inRows = new MonitorConfig(
                "churn",
                "model",
                1,
                new MonitorWindow.Rows(1000),
                REFERENCE,
                Optional.of(DriftOptions.DEFAULT),
                Optional.empty(),
                Duration.ofDays(1),
                MonitorConfig.OnBreach.ALERT,
                Duration.ofSeconds(1),
                1,
                1,
                Duration.ZERO);
        engine.watch(inRows);
        engine.observe(Sample.event(now, 2, Sample.rows(9, 5000, 3)));
        for (int part = 0; part < 24; part++) {
            hour(40, 2);
        }
        assertThat(events).isEmpty();
        hour(40, 2);
        assertThat(events).extracting(MonitorEvent::state).containsExactly(State.OPENED);
        for (int part = 0; part < 25; part++) {
            hour(40, 0);
        }
        assertThat(events).extracting(MonitorEvent::state).containsExactly(State.OPENED, State.CLOSED);
        assertThat(engine.load("churn").drift().orElseThrow().rows()).isBetween(1000L, 1100L);
    }

    @Test
    void refillsItsWindowFromTheLog() {
        engine.watch(drift());
        Frame rows = Sample.rows(4, 500, 2);
        PredictionEvent event = Sample.event(now, 1, rows);
        List<String> ids = new ArrayList<>();
        List<Instant> times = new ArrayList<>();
        List<Optional<dev.millwright.serving.RowKey>> keys = new ArrayList<>();
        for (int row = 0; row < 500; row++) {
            ids.add(event.predictionId(row));
            times.add(now.plusSeconds(row));
            keys.add(Optional.empty());
        }
        engine.replay(List.of(new LoggedPredictions(
                "churn", "model", 1, PredictionEvent.Role.SERVED, ids, times, keys, rows, Sample.predictions(rows))));
        engine.tick(now.plusSeconds(600));
        assertThat(events).hasSize(1);
    }

    private static QualityMonitor accuracy() {
        QualityMonitor.Metric metric = (labels, predictions) -> {
            int[] truth = ((Labels.Classes) labels).indices();
            int[] said = ((Predictions.Classes) predictions).labels();
            int right = 0;
            for (int i = 0; i < truth.length; i++) {
                right += truth[i] == said[i] ? 1 : 0;
            }
            return (double) right / truth.length;
        };
        return new QualityMonitor(
                "accuracy",
                metric,
                (labels, predictions) ->
                        new double[] {metric.of(labels, predictions) - 0.05, metric.of(labels, predictions) + 0.05},
                QualityMonitor.Bound.AT_LEAST,
                0.8,
                100);
    }

    private static List<LabelledPredictions> outcomes(int rows, int wrong) {
        Frame frame = Sample.rows(7, rows, 0);
        Predictions.Classes said = Sample.predictions(frame);
        int[] truth = said.labels().clone();
        for (int i = 0; i < wrong; i++) {
            truth[i] = 1 - truth[i];
        }
        List<String> ids = java.util.Collections.nCopies(rows, "x");
        return List.of(new LabelledPredictions(
                new LoggedPredictions(
                        "churn",
                        "model",
                        1,
                        PredictionEvent.Role.SERVED,
                        ids,
                        java.util.Collections.nCopies(rows, START),
                        java.util.Collections.nCopies(rows, Optional.empty()),
                        frame,
                        said),
                new Labels.Classes(Sample.CLASSES, truth),
                0));
    }

    @Test
    void alertsOnQuality_onlyWhenItIsSureAndOnEnoughLabels() {
        engine.watch(MonitorConfig.of(
                "churn",
                "model",
                1,
                Duration.ofDays(1),
                REFERENCE,
                Optional.empty(),
                Optional.of(accuracy()),
                MonitorConfig.OnBreach.ALERT));
        hour(1, 0);
        assertThat(engine.load("churn").quality().orElseThrow().verdict()).isEqualTo(Verdict.TOO_FEW_LABELS);
        labelled = outcomes(99, 99);
        hour(1, 0);
        assertThat(engine.load("churn").quality().orElseThrow().verdict()).isEqualTo(Verdict.TOO_FEW_LABELS);
        labelled = outcomes(200, 46);
        hour(1, 0);
        assertThat(engine.load("churn").quality().orElseThrow().verdict()).isEqualTo(Verdict.UNSURE);
        assertThat(events).isEmpty();
        labelled = outcomes(200, 80);
        hour(1, 0);
        hour(1, 0);
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.kind()).isEqualTo(Kind.QUALITY);
            assertThat(event.message())
                    .isEqualTo("accuracy 0.6000 [0.5500, 0.6500] over 200 labels is beyond the limit 0.8000");
        });
        labelled = outcomes(200, 10);
        hour(1, 0);
        hour(1, 0);
        assertThat(events)
                .extracting(MonitorEvent::kind, MonitorEvent::state)
                .containsExactly(Tuple.tuple(Kind.QUALITY, State.OPENED), Tuple.tuple(Kind.QUALITY, State.CLOSED));
    }

    @Test
    void judgesNoMoreOftenThanSaid() {
        engine.watch(drift());
        engine.tick(now);
        engine.observe(Sample.event(now.plusSeconds(1), 1, Sample.rows(1, 500, 2)));
        engine.tick(now.plusSeconds(3599));
        assertThat(events).isEmpty();
        engine.tick(now.plusSeconds(3600));
        assertThat(events).hasSize(1);
    }

    @Test
    void tellsTheOtherSinks_whenOneFails() {
        AlertSink broken = event -> {
            throw new IllegalStateException("no network");
        };
        MonitorEngine two = new MonitorEngine((endpoint, from, to) -> List.of(), List.of(broken, events::add));
        two.watch(drift());
        two.observe(Sample.event(now, 1, Sample.rows(1, 500, 2)));
        assertThatThrownBy(() -> two.tick(now.plusSeconds(1))).hasMessage("no network");
        assertThat(events).hasSize(1);
    }

    @Test
    void namesTheNearestEndpoint_whenOneIsNotWatched() {
        engine.watch(drift());
        assertThatThrownBy(() -> engine.load("chrun"))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("Did you mean 'churn'?");
        assertThat(engine.unwatch("churn")).isTrue();
        assertThat(engine.list()).isEmpty();
    }
}
