package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.registry.SearchRequest.View;
import dev.millwright.registry.Tracking.FullRun;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every registry does for clients that track runs, wherever it keeps its state. */
abstract class TrackingContract {
    final SettableClock clock = new SettableClock();
    private Registry registry;
    private Tracking tracking;
    private String experiment;

    abstract Registry open();

    @BeforeEach
    void openRegistry() {
        registry = open();
        tracking = registry.tracking();
        experiment = registry.experiments().create("search").id();
    }

    @AfterEach
    void chainVerifies() {
        try (Registry closing = registry) {
            assertThat(closing.events().verify().firstBroken()).isEmpty();
        }
    }

    private String run(String name, Map<String, Double> metrics, Map<String, String> params, Map<String, String> tags) {
        clock.advance(Duration.ofSeconds(1));
        String id = tracking.create(new TrackedRun(experiment, name, "ana", clock.instant(), tags))
                .id();
        List<ModelMetric> logged = new ArrayList<>();
        metrics.forEach((key, value) -> logged.add(ModelMetric.of(new Metric(key, value, clock.instant(), 0))));
        tracking.log(id, new LogBatch(logged, params, Map.of()));
        return id;
    }

    private record ThreeRuns(String a, String b, String c) {}

    /** Three runs, a to c, oldest first; c has a NaN where the others have a number. */
    private ThreeRuns threeRuns() {
        String a = run("a", Map.of("auc", 0.7, "loss", 0.5), Map.of("depth", "3"), Map.of("team", "Risk"));
        String b = run("b", Map.of("auc", 0.9), Map.of("depth", "6"), Map.of("team", "fraud", "odd.key/x", "1"));
        String c = run("c", Map.of("auc", Double.NaN), Map.of(), Map.of());
        return new ThreeRuns(a, b, c);
    }

    private List<String> names(SearchRequest request) {
        return tracking.search(List.of(experiment), request).items().stream()
                .map(full -> full.run().name())
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''                                              | c b a",
                "metrics.auc > 0.8                               | b",
                "metric.auc <= 0.7                               | a",
                "metrics.auc > 0.1 and params.depth = '3'        | a",
                "params.depth != '3'                             | b",
                "tags.team = 'fraud'                             | b",
                "tags.team LIKE 'R%'                             | a",
                "tags.team LIKE 'r%'                             | ''",
                "tags.team ILIKE 'r%'                            | a",
                "tags.`odd.key/x` = '1'                          | b",
                "tags.\"odd.key/x\" = '1'                        | b",
                "params.depth IS NULL                            | c",
                "params.depth IS NOT NULL                        | b a",
                "attributes.status = 'RUNNING'                   | c b a",
                "run_name = 'b'                                  | b",
                "attr.run_name IN ('a', 'c')                     | c a",
                "run_name NOT IN ('a')                           | c b",
                "user_id = 'ana' AND attributes.start_time > 0   | c b a",
                "end_time > 0                                    | ''",
                "tags.mlflow.runName = 'c'                       | c",
                "metrics.nothing > 0                             | ''",
            })
    void findsRunsByAFilter(String filter, String expected) {
        threeRuns();
        assertThat(String.join(" ", names(SearchRequest.of(filter, 10)))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metrics.auc DESC        | b a c",
                "metrics.auc             | a b c",
                "metrics.loss ASC        | a c b",
                "params.depth DESC       | b a c",
                "tags.team               | a b c",
                "start_time ASC          | a b c",
                "attributes.run_name desc| c b a",
            })
    void ordersRuns_whatIsKnownFirst(String order, String expected) {
        threeRuns();
        assertThat(String.join(" ", names(SearchRequest.of("", 10).orderedBy(order))))
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "metrics.auc > 'high'",
                "metrics.auc LIKE 'x'",
                "params.depth > '3'",
                "params.depth = 3",
                "metrics.auc > 0.5 OR metrics.auc < 0.1",
                "(metrics.auc > 0.5)",
                "auc > 0.5",
                "metrix.auc > 0.5",
                "tags.team = 'open",
                "tags.team =",
                "tags.team IN 'a'",
                "tags.team IS 'a'",
                "dataset.size = 'a'",
                "'; DROP TABLE runs; --",
                "metrics.auc > 1e",
                "%"
            })
    void refusesAFilterThatIsNoneOfTheGrammar(String filter) {
        assertThatThrownBy(() -> tracking.search(List.of(experiment), SearchRequest.of(filter, 10)))
                .isInstanceOf(SearchMistakeException.class)
                .hasMessageContaining("(expected: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "metrics.auc >> 3 | 13",
                "metrics.auc > 0.8 and params.depth = 3 | 23",
                "metrics.auc > 0.8 and nothing = 'x' | 23",
                "tags.team = 'risk | 13",
                "metrics.auc > | 14",
                "metrics.auc > 1 or | 17",
            })
    void tellsWhereTheMistakeIs(String filter, int column) {
        assertThatThrownBy(() -> registry.runs().search(RunFilter.ALL, SearchRequest.of(filter, 10)))
                .isInstanceOfSatisfying(
                        SearchMistakeException.class,
                        mistake -> assertThat(mistake.column()).isEqualTo(column));
    }

    private List<String> named(RunFilter among, SearchRequest request) {
        return registry.runs().search(among, request).items().stream()
                .map(Run::name)
                .toList();
    }

    @Test
    void searchesAmongTheRunsOfAList() {
        ThreeRuns runs = threeRuns();
        String child = run("child", Map.of("auc", 0.95), Map.of(), Map.of(TrackedRun.PARENT_TAG, runs.a()));
        SearchRequest good = SearchRequest.of("metrics.auc > 0.8", 10);
        assertThat(named(RunFilter.ALL, good)).containsExactly("child", "b");
        assertThat(named(RunFilter.ALL.outermost(), good)).containsExactly("b");
        assertThat(named(RunFilter.ALL.parent(runs.a()), good)).containsExactly("child");
        assertThat(named(RunFilter.ALL.experiment(experiment).status(RunStatus.FAILED), good))
                .isEmpty();
        assertThat(named(RunFilter.ALL.experiment("77"), good)).isEmpty();
        assertThat(named(RunFilter.ALL.kind(RunKind.TRACKED), good.orderedBy("metrics.auc")))
                .containsExactly("b", "child");
        assertThat(registry.runs().children(List.of(runs.a(), runs.b(), child), 1))
                .isEqualTo(Map.of(runs.a(), 1));
        tracking.delete(child);
        assertThat(registry.runs().children(List.of(runs.a()), 9)).isEmpty();
        assertThat(registry.runs().children(List.of(), 9)).isEmpty();
    }

    @Test
    void knowsTheKeysOfRuns_thoseOfAnExperimentFirst() {
        threeRuns();
        String other = registry.experiments().create("other").id();
        String id = tracking.create(new TrackedRun(other, "z", "ana", clock.instant(), Map.of()))
                .id();
        tracking.log(
                id,
                new LogBatch(
                        List.of(ModelMetric.of(new Metric("rmse", 1, clock.instant(), 0))),
                        Map.of("seed", "7"),
                        Map.of()));
        assertThat(registry.runKeys().all().metrics()).containsExactly("auc", "loss", "rmse");
        assertThat(registry.runKeys().all().params()).containsExactly("depth", "seed");
        assertThat(registry.runKeys().all().tags()).containsExactly(TrackedRun.NAME_TAG, "odd.key/x", "team");
        assertThat(registry.runKeys().of(other).metrics()).containsExactly("rmse", "auc", "loss");
        assertThat(registry.runKeys().of("nonsense").params()).containsExactly("depth", "seed");
        assertThat(registry.runKeys().startingAt("e").params()).containsExactly("seed");
        assertThat(registry.runKeys().all().attributes()).contains("status");
    }

    @Test
    void suggestsTheNearestEntity() {
        assertThatThrownBy(() -> tracking.search(List.of(experiment), SearchRequest.of("metrik.auc > 1", 10)))
                .hasMessageContaining("Did you mean 'metric'?");
    }

    @Test
    void pagesThroughRuns_eachOnce() {
        for (int i = 0; i < 7; i++) {
            run("r" + i, Map.of("m", i % 2.0), Map.of(), Map.of());
        }
        List<String> seen = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Page<FullRun> page = tracking.search(
                    List.of(experiment),
                    SearchRequest.of("", 3).orderedBy("metrics.m").after(token));
            page.items().forEach(run -> seen.add(run.run().name()));
            token = page.next();
        } while (token.isPresent());
        assertThat(seen).hasSize(7).doesNotHaveDuplicates();
        assertThatThrownBy(() -> names(SearchRequest.of("", 3).after(Optional.of("x!"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("Invalid page token");
    }

    @Test
    void hidesDeletedRuns_untilTheyAreRestored() {
        String id = threeRuns().b();
        tracking.delete(id);

        assertThat(names(SearchRequest.of("", 10))).containsExactly("c", "a");
        assertThat(names(SearchRequest.of("", 10).view(View.DELETED_ONLY))).containsExactly("b");
        assertThat(names(SearchRequest.of("", 10).view(View.ALL))).hasSize(3);
        assertThatThrownBy(() -> tracking.log(id, LogBatch.tags(Map.of("x", "y"))))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is deleted (expected: an active one)");

        tracking.restore(id);
        assertThat(names(SearchRequest.of("", 10))).contains("b");
    }

    @Test
    void deletesAnExperimentWithItsRuns_andRestoresThoseThatWentWithIt() {
        ThreeRuns ids = threeRuns();
        tracking.delete(ids.a());
        clock.advance(Duration.ofSeconds(1));
        registry.experiments().delete(experiment);
        assertThat(names(SearchRequest.of("", 10))).isEmpty();
        assertThat(registry.experiments().list()).extracting(Experiment::id).containsExactly("0");

        registry.experiments().restore(experiment);

        assertThat(names(SearchRequest.of("", 10))).containsExactly("c", "b");
    }

    @Test
    void logsAllOfABatchOrNothing() {
        String id = run("r", Map.of(), Map.of("depth", "3"), Map.of());

        assertThatThrownBy(() -> tracking.log(
                        id,
                        new LogBatch(
                                List.of(ModelMetric.of(new Metric("auc", 0.5, clock.instant(), 0))),
                                Map.of("depth", "4"),
                                Map.of("t", "v"))))
                .isInstanceOfSatisfying(
                        ParamConflictException.class,
                        conflict -> assertThat(conflict.conflicts())
                                .containsExactly(new ParamConflictException.Conflict("depth", "3", "4")));

        FullRun full = tracking.load(id);
        assertThat(full.details().metrics()).isEmpty();
        assertThat(full.details().tags()).containsOnlyKeys(TrackedRun.NAME_TAG);
        tracking.log(id, LogBatch.params(Map.of("depth", "3")));
    }

    @Test
    void ofEightThatLogAtOnce_oneSetsTheParam_andAllTheirMetricsAreKept() throws Exception {
        String id = run("r", Map.of(), Map.of(), Map.of());
        int threads = 8;
        CountDownLatch ready = new CountDownLatch(threads);
        List<Future<Boolean>> won = new ArrayList<>();
        try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
            for (int thread = 0; thread < threads; thread++) {
                int mine = thread;
                won.add(executor.submit(() -> {
                    ready.countDown();
                    ready.await();
                    for (int step = 0; step < 25; step++) {
                        registry.runs().logMetric(id, "loss", mine, clock.instant(), step);
                    }
                    try {
                        tracking.log(id, LogBatch.params(Map.of("depth", "of thread " + mine)));
                        return true;
                    } catch (ParamConflictException lost) {
                        assertThat(lost.conflicts().getFirst().sent()).isEqualTo("of thread " + mine);
                        return false;
                    }
                }));
            }
        }
        List<String> winners = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            if (won.get(thread).get()) {
                winners.add("of thread " + thread);
            }
        }
        RunDetails details = tracking.load(id).details();
        assertThat(winners).containsExactly(details.params().get("depth"));
        assertThat(registry.runs().metricHistory(id, "loss")).hasSize(threads * 25);
        assertThat(details.metrics().values()).extracting(Metric::value).containsExactly(threads - 1.0);
    }

    /** Submits changes while the writer is busy, so that they make one group; returns them in that order. */
    private List<Future<?>> inOneGroup(List<Runnable> changes) throws InterruptedException {
        List<Future<?>> submitted = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Hold hold = new Hold();
            Future<?> held = threads.submit(() -> registry.database().write(hold::run));
            hold.running.await();
            changes.forEach(change -> submitted.add(threads.submit(change)));
            hold.release.countDown();
            assertThat(held).succeedsWithin(Duration.ofMinutes(1));
        }
        return submitted;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void inOneGroup_whatFitsIsKept_andWhatDoesNotIsRefused(boolean conflicting) throws Exception {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ids.add(run("r" + i, Map.of(), Map.of("depth", "3"), Map.of()));
        }
        tracking.delete(ids.get(5));
        List<Runnable> changes = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            String id = ids.get(i);
            changes.add(() -> tracking.log(
                    id,
                    new LogBatch(
                            List.of(
                                    ModelMetric.of(new Metric("auc", 0.5, clock.instant(), 1)),
                                    ModelMetric.of(new Metric("auc", 0.4, clock.instant(), 0))),
                            Map.of("eta", "1"),
                            Map.of("t", "v"))));
        }
        changes.add(() -> tracking.log("f".repeat(32), LogBatch.tags(Map.of("x", "y"))));
        changes.add(() -> tracking.log(ids.get(0), LogBatch.tags(Map.of(TrackedRun.NAME_TAG, "renamed"))));
        changes.add(() -> tracking.log(ids.get(1), LogBatch.params(Map.of("depth", conflicting ? "4" : "3"))));
        for (String experimentId : List.of(experiment, experiment, "77", "no id")) {
            changes.add(() -> tracking.create(
                    new TrackedRun(experimentId, "new", "ana", clock.instant(), Map.of("team", "risk"))));
        }
        changes.add(() -> tracking.create(new TrackedRun(
                experiment, "child", "ana", clock.instant(), Map.of(TrackedRun.PARENT_TAG, ids.get(0)))));

        List<Future<?>> submitted = inOneGroup(changes);

        List<Integer> refused = new ArrayList<>();
        for (int i = 0; i < submitted.size(); i++) {
            try {
                submitted.get(i).get();
            } catch (ExecutionException problem) {
                refused.add(i);
                assertThat(problem).hasCauseInstanceOf(MillwrightException.class);
            }
        }
        assertThat(refused).isEqualTo(conflicting ? List.of(5, 6, 8, 11, 12) : List.of(5, 6, 11, 12));
        for (String id : ids.subList(0, 5)) {
            RunDetails details = tracking.load(id).details();
            assertThat(details.params()).isEqualTo(Map.of("depth", "3", "eta", "1"));
            assertThat(details.tags()).containsEntry("t", "v");
            assertThat(details.metrics().values()).extracting(Metric::value).containsExactly(0.5);
            assertThat(registry.runs().metricHistory(id, "auc")).hasSize(2);
        }
        assertThat(tracking.load(ids.get(0)).run().name()).isEqualTo("renamed");
        assertThat(names(SearchRequest.of("run_name = 'new' AND tags.team = 'risk'", 10)))
                .hasSize(2);
        assertThat(registry.runs()
                        .list(RunFilter.ALL.parent(ids.get(0)), 10, Optional.empty())
                        .items())
                .extracting(Run::name)
                .containsExactly("child");
    }

    @Test
    void whatCreatingARunAnswers_isWhatIsKept() throws Exception {
        TrackedRun run = new TrackedRun(experiment, "r", "ana", clock.instant().plusNanos(77), Map.of());
        List<Run> created = Collections.synchronizedList(new ArrayList<>());
        for (Future<?> each : inOneGroup(Collections.nCopies(3, () -> created.add(tracking.create(run))))) {
            each.get();
        }
        assertThat(created)
                .hasSize(3)
                .allSatisfy(each -> assertThat(registry.runs().load(each.id())).isEqualTo(each));
    }

    @Test
    void listsRunsThatArePartOfNoOther() {
        String outer = run("outer", Map.of(), Map.of(), Map.of());
        run("inner", Map.of(), Map.of(), Map.of(TrackedRun.PARENT_TAG, outer));

        assertThat(registry.runs()
                        .list(RunFilter.ALL.outermost(), 10, Optional.empty())
                        .items())
                .extracting(Run::name)
                .containsExactly("outer");
    }

    @Test
    void keepsTheNameAndItsTagAlike() {
        String id = run("first", Map.of(), Map.of(), Map.of());
        tracking.log(id, LogBatch.tags(Map.of(TrackedRun.NAME_TAG, "second")));
        assertThat(tracking.load(id).run().name()).isEqualTo("second");
        tracking.update(id, new RunChange(Optional.empty(), Optional.empty(), Optional.of("third")));
        assertThat(tracking.load(id).details().tags()).containsEntry(TrackedRun.NAME_TAG, "third");
    }

    @Test
    void endsARunWhenTheClientSaysSo_andTakesThatBack() {
        String id = run("r", Map.of(), Map.of(), Map.of());
        Instant end = clock.instant().plusSeconds(5);
        Run ended =
                tracking.update(id, new RunChange(Optional.of(RunStatus.FINISHED), Optional.of(end), Optional.empty()));
        assertThat(ended.ended()).contains(end);
        Run again =
                tracking.update(id, new RunChange(Optional.of(RunStatus.RUNNING), Optional.empty(), Optional.empty()));
        assertThat(again.status()).isEqualTo(RunStatus.RUNNING);
    }

    @Test
    void hearsAProgramThatTrains_andLeavesTheStateToTheStep() {
        String id = registry.runs()
                .create(NewRun.of(experiment, "command", RunKind.TRAINING))
                .id();
        RunChange finished = new RunChange(Optional.of(RunStatus.FINISHED), Optional.empty(), Optional.of("my run"));

        Run heard = tracking.update(id, finished);

        assertThat(heard.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(heard.ended()).isEmpty();
        assertThat(heard.name()).isEqualTo("my run");
        registry.runs().finish(id, RunStatus.FAILED, Optional.of("no model"));
        assertThatThrownBy(() -> tracking.update(id, finished)).hasMessageContaining("belongs to a pipeline");
    }

    @Test
    void leavesTheStateOfAPipelinesRunToItsSteps() {
        String id = registry.steps()
                .start(NewRun.of(experiment, "p", RunKind.PIPELINE).ofPipeline("p"), "pipeline: p", Map.of())
                .run()
                .id();
        assertThatThrownBy(() -> tracking.update(
                        id, new RunChange(Optional.of(RunStatus.FINISHED), Optional.empty(), Optional.empty())))
                .hasMessageContaining("belongs to a pipeline");
    }

    @Test
    void remembersWhatARunRead_andWhatItMade() {
        String id = run("r", Map.of(), Map.of(), Map.of());
        LoggedModel model = registry.loggedModels()
                .create(new NewLoggedModel(
                        experiment, "m", "sklearn", Optional.of(id), Map.of("c", "1"), Map.of("t", "v")));
        DatasetInput input = new DatasetInput(
                "iris",
                "abc",
                "local",
                "{}",
                Optional.of("{\"x\": 1}"),
                Optional.empty(),
                Map.of("mlflow.data.context", "training"));

        tracking.logInputs(id, List.of(input), List.of());
        tracking.logInputs(id, List.of(input), List.of());
        tracking.logOutputs(id, List.of(new RunModel(model.id(), RunModel.Role.OUTPUT, 3)));

        FullRun full = tracking.load(id);
        assertThat(full.datasets()).containsExactly(input);
        assertThat(full.models()).containsExactly(new RunModel(model.id(), RunModel.Role.OUTPUT, 3));
        assertThat(names(SearchRequest.of("dataset.name = 'iris' AND datasets.context = 'training'", 10)))
                .containsExactly("r");
        assertThat(names(SearchRequest.of("dataset.digest = 'other'", 10))).isEmpty();
    }

    @Test
    void pagesThroughTheValuesOfAMetric_byTime() {
        String id = run("r", Map.of(), Map.of(), Map.of());
        Instant t = clock.instant();
        List<Metric> metrics = List.of(
                new Metric("loss", 0.5, t, 2),
                new Metric("loss", Double.NaN, t, 2),
                new Metric("loss", Double.NEGATIVE_INFINITY, t, 2),
                new Metric("loss", 0.1, t, 3),
                new Metric("loss", 7e300, t.plusSeconds(1), 1),
                new Metric("loss", -0.5, t.plusSeconds(1), 1));
        registry.runs().logMetrics(id, metrics);
        registry.runs().logMetric(id, "other", 1, t, 0);
        List<Double> seen = new ArrayList<>();
        Optional<String> token = Optional.empty();
        do {
            Page<Metric> page = tracking.history(id, "loss", 2, token);
            page.items().forEach(metric -> seen.add(metric.value()));
            token = page.next();
        } while (token.isPresent());
        assertThat(seen).containsExactly(Double.NEGATIVE_INFINITY, Double.NaN, 0.5, 0.1, -0.5, 7e300);
        for (String forged : List.of("x!", "MQ==", "MSAyIDMgeA==")) {
            assertThatThrownBy(() -> tracking.history(id, "loss", 2, Optional.of(forged)))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("Invalid page token");
        }
    }

    @Test
    void keepsTheMetricsOfALoggedModel() {
        String id = run("r", Map.of(), Map.of(), Map.of());
        LoggedModels models = registry.loggedModels();
        LoggedModel model =
                models.create(new NewLoggedModel(experiment, "m", "", Optional.of(id), Map.of("c", "1"), Map.of()));
        for (long step : List.of(0L, 1L)) {
            tracking.log(
                    id,
                    new LogBatch(
                            List.of(new ModelMetric(
                                    new Metric("auc", 0.5 + step / 10.0, clock.instant(), step),
                                    Optional.of(model.id()),
                                    Optional.of(new ModelMetric.DatasetKey("iris", "abc")))),
                            Map.of(),
                            Map.of()));
        }
        models.finish(model.id(), LoggedModel.Status.READY);

        LoggedModel found = models.search(
                        LoggedModelRequest.of(List.of(experiment), "metrics.auc > 0.55 AND params.c = '1'", 10))
                .items()
                .getFirst();
        assertThat(found.metrics())
                .singleElement()
                .satisfies(measured ->
                        assertThat(measured.metric().metric().value()).isEqualTo(0.6));
        assertThat(found.status()).isEqualTo(LoggedModel.Status.READY);
        models.delete(model.id());
        assertThatThrownBy(() -> models.load(model.id())).isInstanceOf(MillwrightException.class);
    }
}
