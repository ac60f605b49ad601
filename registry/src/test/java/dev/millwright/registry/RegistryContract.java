package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.Column;
import dev.millwright.core.ColumnType;
import dev.millwright.core.DatasetVersion;
import dev.millwright.core.Event;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Schema;
import dev.millwright.core.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every registry does, wherever it keeps its state. After each test the event chain has to verify. */
abstract class RegistryContract {
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

    private Run run() {
        return registry.runs().create(NewRun.of(experiment(), "a run", RunKind.TRAINING));
    }

    private String experiment() {
        return registry.experiments().findOrCreate("churn").id();
    }

    private PipelineRun pipelineRun() {
        return registry.steps()
                .start(
                        NewRun.of(experiment(), "churn", RunKind.PIPELINE).ofPipeline("churn"),
                        "pipeline: churn",
                        Map.of("DATA", "/data"));
    }

    static ModelSignature signature(String... inputs) {
        return new ModelSignature(
                Task.BINARY,
                IntStream.range(0, inputs.length)
                        .mapToObj(i -> new ModelSignature.Input(inputs[i], ModelSignature.InputType.NUMBER))
                        .toList(),
                List.of("no", "yes"),
                0.5);
    }

    private ModelVersion version(String... inputs) {
        Artifact onnx = registry.artifacts().put(new byte[] {1, 2, 3});
        return registry.models()
                .createVersion(new NewModelVersion(
                        "churn", run().id(), signature(inputs), Map.of("model.onnx", onnx), Map.of("learner", "x")));
    }

    private List<String> eventTypes() {
        return registry.events().list(EventFilter.since(0)).stream()
                .map(Event::type)
                .toList();
    }

    private static void assertRefused(Runnable action, RegistryError code, String message) {
        assertThatThrownBy(action::run).isInstanceOfSatisfying(MillwrightException.class, refused -> {
            assertThat(refused.code()).isEqualTo(code);
            assertThat(refused).hasMessageContaining(message);
        });
    }

    // experiments

    @Test
    void createsAndFindsAnExperiment() {
        Experiment created = registry.experiments().create("churn");
        assertThat(registry.experiments().findByName("churn")).contains(created);
        assertThat(registry.experiments().load(created.id())).isEqualTo(created);
        assertThat(registry.experiments().findOrCreate("churn")).isEqualTo(created);
        assertThat(registry.experiments().list()).extracting(Experiment::name).containsExactly("Default", "churn");
        assertThat(created.created()).isEqualTo(clock.instant());
        assertThat(eventTypes()).containsExactly("experiment.created");
    }

    @Test
    void refusesASecondExperimentOfTheSameName() {
        registry.experiments().create("churn");
        assertRefused(
                () -> registry.experiments().create("churn"),
                RegistryError.ALREADY_EXISTS,
                "experiment: 'churn' exists");
    }

    @Test
    void refusesABlankExperimentName() {
        assertThatThrownBy(() -> registry.experiments().create(" "))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("experiment: ' ' (expected: 1 to 500 characters, no control characters)");
    }

    // runs

    @Test
    void aRunStartsRunning_andEndsOnce() {
        Run run = run();
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        clock.advance(Duration.ofSeconds(3));
        Run ended = registry.runs().finish(run.id(), RunStatus.FAILED, Optional.of("no rows"));
        assertThat(ended.ended()).contains(run.started().plusSeconds(3));
        assertThat(ended.error()).contains("no rows");
        assertThat(registry.runs().finish(run.id(), RunStatus.FAILED, Optional.of("again")))
                .isEqualTo(ended);
        assertRefused(
                () -> registry.runs().finish(run.id(), RunStatus.FINISHED, Optional.empty()),
                RegistryError.STATE_CONFLICT,
                "is failed (expected: running)");
        assertThat(eventTypes()).containsExactly("experiment.created", "run.started", "run.failed");
    }

    @Test
    void refusesARunOfAnUnknownExperimentOrParent() {
        assertRefused(
                () -> registry.runs().create(NewRun.of("77", "r", RunKind.TRIAL)),
                RegistryError.NOT_FOUND,
                "experiment: 77");
        assertRefused(
                () -> registry.runs()
                        .create(NewRun.of(experiment(), "r", RunKind.TRIAL).under("0".repeat(32))),
                RegistryError.NOT_FOUND,
                "run: 000");
    }

    @Test
    void paramsAreWrittenOnce() {
        String id = run().id();
        registry.runs().logParams(id, Map.of("depth", "6", "eta", "0.1"));
        registry.runs().logParam(id, "depth", "6");
        assertThatThrownBy(() -> registry.runs().logParams(id, Map.of("depth", "7", "gamma", "0")))
                .isInstanceOf(ParamConflictException.class)
                .hasMessageContaining("param: depth of run " + id + " is already set");
        assertThat(registry.runs().params(id)).isEqualTo(Map.of("depth", "6", "eta", "0.1"));
    }

    @Test
    void tagsAreOverwritten() {
        Run run = registry.runs()
                .create(NewRun.of(experiment(), "r", RunKind.TRACKED).tagged(Map.of("team", "a")));
        registry.runs().setTag(run.id(), "team", "b");
        assertThat(registry.runs().tags(run.id())).isEqualTo(Map.of("team", "b"));
    }

    @Test
    void keepsMetricHistoryInOrder_andTheLatestValue() {
        String id = run().id();
        Instant t = clock.instant();
        registry.runs()
                .logMetrics(
                        id,
                        List.of(
                                new Metric("loss", 0.5, t, 2),
                                new Metric("loss", 0.9, t.plusSeconds(9), 1),
                                new Metric("auc", 0.8, t, 0)));
        registry.runs().logMetric(id, "loss", 0.5, t, 2);
        registry.runs().logMetric(id, "loss", 1.5, t.plusSeconds(20), 0);
        assertThat(registry.runs().metricHistory(id, "loss"))
                .containsExactly(
                        new Metric("loss", 1.5, t.plusSeconds(20), 0),
                        new Metric("loss", 0.9, t.plusSeconds(9), 1),
                        new Metric("loss", 0.5, t, 2));
        assertThat(registry.runs().latestMetrics(id))
                .isEqualTo(Map.of("loss", new Metric("loss", 0.5, t, 2), "auc", new Metric("auc", 0.8, t, 0)));
        assertThat(registry.runs().metricHistory(id, "unknown")).isEmpty();
    }

    @Test
    void keepsMetricsThatAreNoNumbers() {
        String id = run().id();
        Instant t = clock.instant();
        double[] values = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE};
        for (int step = 0; step < values.length; step++) {
            registry.runs().logMetric(id, "odd", values[step], t, step);
        }
        assertThat(registry.runs().metricHistory(id, "odd"))
                .extracting(Metric::value)
                .containsExactly(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE);
    }

    @Test
    void aBatchOfMetricsForAnUnknownRun_isRefusedWhole() {
        assertRefused(
                () -> registry.runs().logMetric("f".repeat(32), "auc", 1, clock.instant(), 0),
                RegistryError.NOT_FOUND,
                "run: fff");
    }

    @Test
    void listsRunsNewestFirst_pageByPage() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 7; i++) {
            ids.addFirst(run().id());
            clock.advance(Duration.ofMillis(i % 2)); // several start in the same microsecond
        }
        List<String> seen = new ArrayList<>();
        Optional<String> cursor = Optional.empty();
        do {
            Page<Run> page = registry.runs().list(RunFilter.ALL, 3, cursor);
            page.items().forEach(run -> seen.add(run.id()));
            cursor = page.next();
        } while (cursor.isPresent());
        assertThat(seen).containsExactlyInAnyOrderElementsOf(ids).doesNotHaveDuplicates();
        assertThat(registry.runs().list(RunFilter.ALL, 100, Optional.empty()).items())
                .extracting(Run::started)
                .isSortedAccordingTo((a, b) -> b.compareTo(a));
    }

    @Test
    void filtersRuns() {
        PipelineRun pipeline = pipelineRun();
        Run trial = registry.runs()
                .create(NewRun.of(experiment(), "t", RunKind.TRIAL).under(pipeline.id()));
        registry.runs().finish(trial.id(), RunStatus.FINISHED, Optional.empty());
        String other = registry.experiments().create("other").id();
        assertThat(ids(RunFilter.ALL.pipeline("churn"))).containsExactly(pipeline.id());
        assertThat(ids(RunFilter.ALL.parent(pipeline.id()))).containsExactly(trial.id());
        assertThat(ids(RunFilter.ALL.status(RunStatus.FINISHED))).containsExactly(trial.id());
        assertThat(ids(RunFilter.ALL.kind(RunKind.PIPELINE))).containsExactly(pipeline.id());
        assertThat(ids(RunFilter.ALL.experiment(other))).isEmpty();
        assertThat(ids(RunFilter.ALL.experiment(experiment()).status(RunStatus.RUNNING)))
                .containsExactly(pipeline.id());
    }

    private List<String> ids(RunFilter filter) {
        return registry.runs().list(filter, 10, Optional.empty()).items().stream()
                .map(Run::id)
                .toList();
    }

    @Test
    void refusesAForgedCursor() {
        assertThatThrownBy(() -> registry.runs().list(RunFilter.ALL, 3, Optional.of("1; DROP TABLE runs")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("page cursor: 1; DROP TABLE runs");
    }

    @Test
    void findsARunByTheStartOfItsId() {
        Run one = run();
        clock.advance(Duration.ofDays(400));
        Run two = run();
        assertThat(registry.runs().load(one.id())).isEqualTo(one);
        assertThat(registry.runs().findByPrefix(two.id().substring(0, 12).toUpperCase(java.util.Locale.ROOT)))
                .contains(two);
        assertThat(registry.runs().findByPrefix("zz%")).isEmpty();
        assertThatThrownBy(() -> registry.runs().load("0"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("run: 0 is the start of several ids")
                .hasMessageContaining(one.id());
        assertRefused(() -> registry.runs().load("ffff"), RegistryError.NOT_FOUND, "run: ffff");
    }

    @Test
    void linksArtifactsToRuns() {
        String id = run().id();
        Artifact report = registry.artifacts().put("<html>".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        registry.runs().addArtifact(id, "reports/index.html", report, "text/html");
        assertThat(registry.runs().artifacts(id))
                .containsExactly(new RunArtifact("reports/index.html", report, "text/html"));
        assertThat(registry.runs().findArtifact(id, "reports/index.html"))
                .map(RunArtifact::artifact)
                .contains(report);
        assertThat(registry.runs().findArtifact(id, "reports")).isEmpty();
    }

    // datasets, models, lineage

    private DatasetVersion dataset(long snapshot) {
        Schema schema = Schema.of(new Column("amount", ColumnType.DOUBLE), new Column("at", ColumnType.TIMESTAMP));
        return new DatasetVersion("payments", snapshot, schema, List.of(), 100, 97, 3);
    }

    @Test
    void numbersDatasetVersionsBySnapshot() {
        String id = run().id();
        RecordedDataset first = registry.datasets().record(id, dataset(9_007_199_254_740_993L), "abc");
        RecordedDataset again = registry.datasets().record(run().id(), dataset(9_007_199_254_740_993L), "abc");
        RecordedDataset second = registry.datasets().record(id, dataset(5), "def");
        assertThat(again).isEqualTo(first);
        assertThat(first.snapshot()).isEqualTo(9_007_199_254_740_993L);
        assertThat(first.schema()).isEqualTo(dataset(5).schema());
        assertThat(second.version()).isEqualTo(2);
        assertThat(registry.datasets().list()).containsExactly(second);
        assertThat(registry.datasets().versions("payments")).containsExactly(second, first);
        assertThat(registry.datasets().usedBy(id)).containsExactly(second);
        assertThat(registry.datasets().find("payments", 1)).contains(first);
        assertRefused(
                () -> registry.datasets().record(id, dataset(5), "other"),
                RegistryError.STATE_CONFLICT,
                "snapshot 5 of payments");
    }

    @Test
    void versionsCountFromOne_andSayWhatTheyMeanToCallers() {
        ModelVersion first = version("a", "b");
        ModelVersion retrained = version("a", "b");
        ModelVersion again = registry.models()
                .createVersion(new NewModelVersion(
                        "churn", retrained.requireRunId(), signature("a", "b"), retrained.artifacts(), Map.of()));
        ModelVersion widened = version("a", "b", "c");
        assertThat(List.of(first, retrained, again, widened))
                .extracting(version -> version.version() + " " + version.semanticVersion())
                .containsExactly("1 1.0.0", "2 1.1.0", "3 1.1.1", "4 2.0.0");
        assertThat(registry.models().versions("churn")).containsExactly(widened, again, retrained, first);
        assertThat(registry.models().madeBy(first.requireRunId())).containsExactly(first);
        assertThat(first.signature()).isEqualTo(signature("a", "b"));
        assertThat(first.artifacts()).containsKey("model.onnx");
        assertThat(first.tags()).containsEntry("learner", "x");
    }

    @Test
    void anAliasPointsAtOneVersion() {
        version("a");
        version("a");
        registry.models().setAlias("churn", RegisteredModel.CHAMPION, 1);
        registry.models().setAlias("churn", RegisteredModel.CHAMPION, 2);
        registry.models().setAlias("churn", RegisteredModel.CHAMPION, 2);
        assertThat(registry.models().findByAlias("churn", "champion"))
                .map(ModelVersion::version)
                .contains(2);
        assertThat(registry.models().load("churn", 2).aliases()).containsExactly("champion");
        assertThat(registry.models().list().getFirst().aliases()).isEqualTo(Map.of("champion", 2));
        registry.models().removeAlias("churn", "champion");
        registry.models().removeAlias("churn", "champion");
        assertThat(registry.models().findByAlias("churn", "champion")).isEmpty();
        assertThat(eventTypes().stream().filter(type -> type.startsWith("model_alias")))
                .containsExactly("model_alias.set", "model_alias.set", "model_alias.removed");
        assertThatThrownBy(() -> registry.models().setAlias("churn", "42", 1))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("alias: '42'");
    }

    @Test
    void deletesAVersionOnlyWhenNothingServesIt_andNeverReusesItsNumber() {
        ModelVersion one = version("a");
        version("a");
        Endpoint endpoint = registry.endpoints().create("churn", "churn");
        endpoint = registry.endpoints().setRoute(endpoint, RouteChange.PROMOTED, Rollout.steady(1, "first"));
        assertRefused(
                () -> registry.models().delete("churn", 1),
                RegistryError.STATE_CONFLICT,
                "churn/1 is served by churn (expected: by none)");
        registry.endpoints().setRoute(endpoint, RouteChange.PROMOTED, Rollout.steady(2, "better"));
        registry.models().setAlias("churn", "old", 1);
        registry.models().delete("churn", 1);
        assertThat(registry.models().versions("churn"))
                .extracting(ModelVersion::version)
                .containsExactly(2);
        assertThat(registry.models().findByAlias("churn", "old")).isEmpty();
        assertThat(registry.models().load("churn", 1).status()).isEqualTo(ModelVersionStatus.DELETED);
        assertThat(registry.models().load("churn", 1).artifacts()).isEqualTo(one.artifacts());
        assertThat(version("a").version()).isEqualTo(3);
    }

    @Test
    void lineageLeadsFromDatasetsToEndpoints() {
        PipelineRun pipeline = pipelineRun();
        registry.datasets().record(pipeline.id(), dataset(5), "abc");
        registry.runs().recordFeatures(pipeline.id(), "spending", "0".repeat(64), "{\"mean\":[\"payments.amount\"]}");
        Run training = registry.runs()
                .create(NewRun.of(experiment(), "train", RunKind.TRAINING).under(pipeline.id()));
        Artifact onnx = registry.artifacts().put(new byte[] {1});
        registry.models()
                .createVersion(new NewModelVersion(
                        "fraud", training.id(), signature("mean"), Map.of("model.onnx", onnx), Map.of()));
        Endpoint endpoint = registry.endpoints().create("cards", "fraud");
        registry.endpoints().setRoute(endpoint, RouteChange.PROMOTED, Rollout.steady(1, "first"));

        Lineage lineage = registry.models().lineage("fraud", 1);

        assertThat(lineage.nodes(LineageNode.Kind.DATASET_VERSION))
                .extracting(LineageNode::id)
                .containsExactly("payments/1");
        assertThat(lineage.nodes(LineageNode.Kind.RUN))
                .extracting(LineageNode::id)
                .containsExactlyInAnyOrder(pipeline.id(), training.id());
        assertThat(lineage.nodes(LineageNode.Kind.ENDPOINT))
                .extracting(LineageNode::id)
                .containsExactly("cards");
        assertThat(lineage.from(LineageNode.Kind.FEATURE_VIEW))
                .singleElement()
                .satisfies(edge -> assertThat(edge.payload())
                        .contains("\"view\":\"spending\"")
                        .contains("\"columns\":{\"mean\":[\"payments.amount\"]}"));
    }

    @Test
    void lineageLeavesOutTheDataOfOtherRuns_ofTheSameView() {
        PipelineRun first = pipelineRun();
        registry.datasets().record(first.id(), dataset(5), "abc");
        registry.runs().recordFeatures(first.id(), "spending", "0".repeat(64), "{}");
        registry.models()
                .createVersion(new NewModelVersion("fraud", first.id(), signature("mean"), Map.of(), Map.of()));
        PipelineRun second = pipelineRun();
        registry.datasets().record(second.id(), dataset(6), "def");
        registry.runs().recordFeatures(second.id(), "spending", "0".repeat(64), "{}");

        assertThat(registry.models().lineage("fraud", 1).nodes(LineageNode.Kind.DATASET_VERSION))
                .extracting(LineageNode::id)
                .containsExactly("payments/1");
    }

    // endpoints

    @Test
    void aRouteChangeIsStateAndEventTogether() {
        version("a");
        version("a");
        Endpoint created = registry.endpoints().create("churn", "churn");
        Endpoint steady = registry.endpoints().setRoute(created, RouteChange.PROMOTED, Rollout.steady(1, "first"));
        clock.advance(Duration.ofMinutes(10));
        Rollout canary = new Rollout(
                RolloutStatus.CANARY,
                List.of(Served.live(1, 95), Served.live(2, 5)),
                0,
                "{\"stages\":[5,25,100]}",
                "gate passed");
        Endpoint during = registry.endpoints().setRoute(steady, RouteChange.CANARY_STARTED, canary);
        assertThat(during.rollout()).isEqualTo(canary);
        assertThat(during.since()).isEqualTo(clock.instant());
        assertThat(registry.endpoints().load("churn")).isEqualTo(during);
        assertThat(registry.endpoints().list()).containsExactly(during);
        assertThat(registry.endpoints().timeline("churn"))
                .extracting(TimelineEntry::change)
                .containsExactly("endpoint.created", "endpoint.promoted", "endpoint.canary_started");
    }

    @Test
    void saysWhatServedWhen() {
        version("a");
        version("a");
        Instant before = clock.instant().minusSeconds(1);
        Endpoint endpoint = registry.endpoints().create("churn", "churn");
        clock.advance(Duration.ofMinutes(1));
        Instant promoted = clock.instant();
        endpoint = registry.endpoints().setRoute(endpoint, RouteChange.PROMOTED, Rollout.steady(1, "first"));
        registry.alerts().open("churn", "drift", "age", "age has drifted", "{}");
        clock.advance(Duration.ofMinutes(1));
        registry.endpoints().setRoute(endpoint, RouteChange.PROMOTED, Rollout.steady(2, "better"));

        assertThat(registry.endpoints().servedAt("churn", before)).isEmpty();
        TimelineEntry first =
                registry.endpoints().servedAt("churn", promoted.plusSeconds(30)).orElseThrow();
        assertThat(first.versions()).containsExactly(Served.live(1, 100));
        assertThat(first.reason()).isEqualTo("first");
        assertThat(registry.endpoints()
                        .servedAt("churn", clock.instant())
                        .orElseThrow()
                        .versions())
                .containsExactly(Served.live(2, 100));
    }

    @Test
    void refusesARouteChangeByWhoeverDidNotSeeTheLastOne() {
        version("a");
        Endpoint stale = registry.endpoints().create("churn", "churn");
        registry.endpoints().setRoute(stale, RouteChange.PROMOTED, Rollout.steady(1, "first"));
        assertRefused(
                () -> registry.endpoints().setRoute(stale, RouteChange.ROLLED_BACK, Rollout.steady(1, "late")),
                RegistryError.STATE_CONFLICT,
                "is at revision 1 (expected: 0)");
    }

    @Test
    void refusesToServeARefusedOrUnknownVersion_andKeepsTheRoute() {
        version("a");
        version("a");
        Endpoint endpoint = registry.endpoints()
                .setRoute(
                        registry.endpoints().create("churn", "churn"),
                        RouteChange.PROMOTED,
                        Rollout.steady(1, "first"));
        registry.models().refuse("churn", 2, "parity: row 3 differs");
        assertRefused(
                () -> registry.endpoints().setRoute(endpoint, RouteChange.PROMOTED, Rollout.steady(2, "x")),
                RegistryError.STATE_CONFLICT,
                "churn/2 is REFUSED");
        assertRefused(
                () -> registry.endpoints().setRoute(endpoint, RouteChange.PROMOTED, Rollout.steady(9, "x")),
                RegistryError.NOT_FOUND,
                "churn/9");
        assertThat(registry.endpoints().load("churn")).isEqualTo(endpoint);
    }

    @Test
    void refusesSharesThatDoNotAddUp() {
        assertThatThrownBy(() -> new Rollout(RolloutStatus.CANARY, List.of(Served.live(1, 95)), 0, "{}", ""))
                .hasMessage("versions: live ones take 95.0 percent (expected: 100.0)");
    }

    @Test
    void refusesEndpointNamesThatDoNotFitAUrl() {
        version("a");
        for (String name : List.of("", "../x", "a b", "a/b", "-a")) {
            assertThatThrownBy(() -> registry.endpoints().create(name, "churn"))
                    .as(name)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("endpoint: '" + name + "'");
        }
        assertRefused(() -> registry.endpoints().create("x", "nothing"), RegistryError.NOT_FOUND, "model: nothing");
    }

    @Test
    void anAlertIsOpenOnce() {
        Alert first = registry.alerts().open("churn", "drift", "age", "psi 0.3", "{\"psi\":0.3}");
        Alert again = registry.alerts().open("churn", "drift", "age", "psi 0.4", "{\"psi\":0.4}");
        assertThat(again.id()).isEqualTo(first.id());
        assertThat(again.message()).isEqualTo("psi 0.4");
        assertThat(registry.alerts().listOpen()).containsExactly(again);
        Alert closed = registry.alerts().close(first.id(), "retrained");
        assertThat(registry.alerts().close(first.id(), "again")).isEqualTo(closed);
        Alert next = registry.alerts().open("churn", "drift", "age", "psi 0.5", "{}");
        assertThat(registry.alerts().list("churn", 10)).containsExactly(next, closed);
        assertThat(eventTypes()).containsExactly("alert.opened", "alert.closed", "alert.opened");
    }

    // steps

    @Test
    void anUnchangedStepIsFoundByItsKey() {
        String id = pipelineRun().id();
        registry.steps().begin(id, "ingest", 0, "key-1");
        assertThat(registry.steps().findFinished("key-1")).isEmpty();
        clock.advance(Duration.ofMillis(2500));
        registry.steps().finish(id, "ingest", "{\"snapshot\":5}");
        assertThat(registry.steps().findFinished("key-1")).contains(new StepResult("{\"snapshot\":5}", id, 2.5));

        String later = pipelineRun().id();
        StepResult found = registry.steps().findFinished("key-1").orElseThrow();
        Step reused = registry.steps().reuse(later, "ingest", 0, "key-1", found);
        assertThat(reused.status()).isEqualTo(StepStatus.REUSED);
        assertThat(reused.reusedFrom()).contains(id);
        assertThat(registry.steps().findFinished("key-1").orElseThrow().runId()).isEqualTo(id);
        assertThat(registry.steps().list(later)).containsExactly(reused);
    }

    @Test
    void aStepRunsOnceAtATime() {
        String id = pipelineRun().id();
        registry.steps().begin(id, "ingest", 0, "key-1");
        assertRefused(
                () -> registry.steps().begin(id, "ingest", 0, "key-1"),
                RegistryError.STATE_CONFLICT,
                "is running (expected: not running)");
        registry.steps().fail(id, "ingest", "disk full");
        assertRefused(
                () -> registry.steps().finish(id, "ingest", "{}"),
                RegistryError.STATE_CONFLICT,
                "is failed (expected: running)");
        assertThat(registry.steps().begin(id, "ingest", 0, "key-1").attempt()).isEqualTo(2);
        assertThat(registry.steps().list(id).getFirst().error()).isEmpty();
    }

    @Test
    void outputsMustBeJson() {
        String id = pipelineRun().id();
        registry.steps().begin(id, "ingest", 0, "k");
        for (String broken : List.of("", "{", "{} {}")) {
            assertThatThrownBy(() -> registry.steps().finish(id, "ingest", broken))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("outputs: ");
        }
    }

    @Test
    void whatADeadOwnerLeftRunning_isInterrupted_andCanBeResumed() {
        String id = pipelineRun().id();
        registry.steps().begin(id, "ingest", 0, "k0");
        registry.steps().finish(id, "ingest", "{}");
        registry.steps().begin(id, "train", 1, "k1");
        String trial = registry.runs()
                .create(NewRun.of(experiment(), "t", RunKind.TRIAL).under(id))
                .id();
        String tracked = registry.runs()
                .create(NewRun.of(experiment(), "client", RunKind.TRACKED))
                .id();

        Recovery recovery = registry.steps().recover();

        assertThat(recovery.runs()).extracting(Run::id).containsExactlyInAnyOrder(id, trial);
        assertThat(recovery.steps()).extracting(Step::name).containsExactly("train");
        assertThat(registry.runs().load(tracked).status()).isEqualTo(RunStatus.RUNNING);
        assertThat(registry.steps().resumable()).extracting(PipelineRun::id).containsExactly(id);
        assertRefused(
                () -> registry.steps().begin(id, "train", 1, "k1"),
                RegistryError.STATE_CONFLICT,
                "is interrupted (expected: running). Resume it first.");
        PipelineRun resumed = registry.steps().resume(id);
        assertThat(resumed.run().ended()).isEmpty();
        assertThat(resumed.fileText()).isEqualTo("pipeline: churn");
        assertThat(resumed.settings()).isEqualTo(Map.of("DATA", "/data"));
        assertThat(registry.steps().findFinished("k0")).isPresent();
        assertThat(registry.steps().begin(id, "train", 1, "k1").attempt()).isEqualTo(2);
        registry.steps().finish(id, "train", "{}");
        registry.steps().end(id, RunStatus.FINISHED, Optional.empty());
        assertThat(registry.steps().recover().runs()).isEmpty();
        assertRefused(() -> registry.steps().resume(id), RegistryError.STATE_CONFLICT, "is finished");
        assertThat(eventTypes())
                .contains("step.finished", "step.interrupted", "run.interrupted", "run.resumed", "run.finished");
    }

    // events

    @Test
    void listsEventsBySequenceTypeAndSubject() {
        String id = run().id();
        registry.events().record("trigger.fired", "churn", Map.of("reason", "drift"));
        registry.runs().finish(id, RunStatus.FINISHED, Optional.empty());
        assertThat(registry.events().list(EventFilter.since(1)))
                .extracting(Event::type)
                .containsExactly("run.started", "trigger.fired", "run.finished");
        assertThat(registry.events().list(EventFilter.newest().type("run.")))
                .extracting(Event::type)
                .containsExactly("run.finished", "run.started");
        assertThat(registry.events().list(EventFilter.newest().subject("churn")))
                .singleElement()
                .satisfies(event -> assertThat(event.data()).containsEntry("reason", "drift"));
        assertThat(registry.events().list(EventFilter.newest().limit(1)))
                .extracting(Event::sequence)
                .containsExactly(4L);
        assertThat(registry.events().head().sequence()).isEqualTo(4);
    }

    @Test
    void onlyTheRegistryRecordsItsOwnChanges() {
        for (String type : List.of("endpoint.promoted", "run.finished", "nonsense", "a.b.c", "")) {
            assertThatThrownBy(() -> registry.events().record(type, "x", Map.of()))
                    .as(type)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageStartingWith("event type: '" + type + "'");
        }
        assertThat(registry.events().head()).isEqualTo(ChainHead.EMPTY);
    }

    @Test
    void refusesTextThatIsNoUnicode() {
        assertThatThrownBy(() -> registry.events().record("trigger.fired", "\ud800", Map.of()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("expected: well-formed Unicode");
    }

    @Test
    void keepsAnyText() {
        Map<String, String> odd = Map.of("emoji", "😀", "nul", "a\u0000b", "quote", "'\"\\", "empty", "");
        Event recorded = registry.events().record("trigger.fired", "näme", odd);
        assertThat(registry.events().list(EventFilter.newest())).containsExactly(recorded);
        assertThat(recorded.data()).isEqualTo(odd);
        assertThat(registry.events().verify(registry.events().head()).ok()).isTrue();
    }
}
