package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What another tracking server holds is taken over with its ids, numbers and times; again without harm. */
class ImportsTest {
    private static final Instant THEN = Instant.parse("2024-05-01T10:00:00.123Z");
    private static final Instant LATER = THEN.plusSeconds(60);
    private static final String RUN = "0123456789abcdef0123456789abcdef";
    private static final String CHILD = "1123456789abcdef0123456789abcdef";

    private final Registry registry = Registry.inMemory(new SettableClock());
    private final Imports imports = registry.imports();

    @AfterEach
    void close() {
        registry.close();
    }

    private Experiment experiment() {
        return imports.experiment(
                new NewExperiment("churn", Optional.empty(), Map.of("team", "risk")), THEN, LATER, Optional.empty());
    }

    private ImportedRun run(String id, RunStatus status, Optional<Instant> deleted) {
        return new ImportedRun(
                id,
                "1",
                "first",
                "me",
                status,
                THEN,
                status == RunStatus.RUNNING ? Optional.empty() : Optional.of(LATER),
                deleted,
                Map.of("depth", "3"),
                Map.of("kind", "a"),
                List.of(new DatasetInput(
                        "toy",
                        "d1",
                        "local",
                        "x.csv",
                        Optional.empty(),
                        Optional.empty(),
                        Map.of("context", "train"))));
    }

    @Test
    void keepsNamesTimesAndTagsOfExperiments() {
        Experiment made = experiment();

        assertThat(made.name()).isEqualTo("churn");
        assertThat(made.created()).isEqualTo(THEN);
        assertThat(made.updated()).isEqualTo(LATER);
        assertThat(made.tags()).containsEntry("team", "risk");
        assertThat(made.artifactLocation()).isEqualTo("mlflow-artifacts:/" + made.id());
        assertThat(imports.experiment(NewExperiment.of("gone"), THEN, LATER, Optional.of(LATER))
                        .lifecycle())
                .isEqualTo(Lifecycle.DELETED);
    }

    @Test
    void keepsIdsAndTimesOfRuns_andBringsThemUpToDate() {
        experiment();
        imports.run(run(RUN, RunStatus.RUNNING, Optional.empty()));
        imports.run(run(RUN, RunStatus.FINISHED, Optional.empty()));

        Tracking.FullRun full = registry.tracking().load(RUN);
        assertThat(full.run().status()).isEqualTo(RunStatus.FINISHED);
        assertThat(full.run().started()).isEqualTo(THEN);
        assertThat(full.run().ended()).contains(LATER);
        assertThat(full.run().user()).isEqualTo("me");
        assertThat(full.run().artifactUri()).isEqualTo("mlflow-artifacts:/1/" + RUN + "/artifacts");
        assertThat(full.details().params()).containsEntry("depth", "3");
        assertThat(full.details().tags()).containsEntry("kind", "a");
        assertThat(full.datasets()).hasSize(1);
        imports.run(run(CHILD, RunStatus.FAILED, Optional.of(LATER)));
        assertThat(registry.tracking().load(CHILD).run().lifecycle()).isEqualTo(Lifecycle.DELETED);
    }

    @Test
    void nestsRuns_onceBothAreThere() {
        experiment();
        imports.run(run(CHILD, RunStatus.FINISHED, Optional.empty()));
        imports.nest(CHILD, RUN);
        assertThat(registry.runs().load(CHILD).parentId()).isEmpty();

        imports.run(run(RUN, RunStatus.FINISHED, Optional.empty()));
        imports.nest(CHILD, RUN);

        assertThat(registry.runs().load(CHILD).parentId()).contains(RUN);
    }

    @Test
    void keepsLoggedModels_andWhatRunsHadToDoWithThem() {
        experiment();
        imports.run(run(RUN, RunStatus.FINISHED, Optional.empty()));
        LoggedModel model = new LoggedModel(
                "m-1",
                "1",
                "graph",
                "",
                Optional.of(RUN),
                "elsewhere",
                LoggedModel.Status.READY,
                "",
                THEN,
                LATER,
                Lifecycle.ACTIVE,
                Map.of("p", "1"),
                Map.of("t", "2"),
                List.of(
                        new LoggedModel.RunMetric(RUN, ModelMetric.of(new Metric("auc", 0.5, THEN, 1))),
                        new LoggedModel.RunMetric(CHILD, ModelMetric.of(new Metric("auc", 0.6, THEN, 1)))),
                List.of());
        imports.loggedModel(model);
        LoggedModel kept = imports.loggedModel(model);

        imports.models(
                RUN,
                List.of(new RunModel("m-1", RunModel.Role.OUTPUT, 7), new RunModel("m-none", RunModel.Role.INPUT, 0)));

        assertThat(kept.created()).isEqualTo(THEN);
        assertThat(kept.artifactUri()).isEqualTo("mlflow-artifacts:/1/models/m-1/artifacts");
        assertThat(kept.params()).containsEntry("p", "1");
        assertThat(kept.metrics()).hasSize(1);
        assertThat(registry.tracking().load(RUN).models())
                .containsExactly(new RunModel("m-1", RunModel.Role.OUTPUT, 7));
    }

    @Test
    void keepsTheNumbersOfVersions_andSaysSoWhereOneIsTaken() {
        experiment();
        imports.run(run(RUN, RunStatus.FINISHED, Optional.empty()));
        RegisteredModel model = new RegisteredModel("churn", THEN, LATER, "who leaves", Map.of(), Map.of("a", "b"));
        imports.registeredModel(model);
        RegisteredModel kept = imports.registeredModel(model);
        assertThat(kept.created()).isEqualTo(THEN);
        assertThat(kept.description()).isEqualTo("who leaves");
        assertThat(kept.tags()).containsEntry("a", "b");

        assertThat(imports.version(version(3, "x"))).isPresent();
        assertThat(imports.version(version(3, "x"))).isPresent();
        assertThat(imports.version(version(3, "y"))).isEmpty();

        ModelVersion version = registry.models().load("churn", 3);
        assertThat(version.created()).isEqualTo(THEN);
        assertThat(version.registration().stage()).isEqualTo("Production");
        assertThat(version.runId()).contains(RUN);
        assertThat(version.tags()).containsEntry("k", "v");
        assertThat(registry.models().versions("churn")).hasSize(1);
        assertThat(registry.events().verify().firstBroken()).isEmpty();
    }

    private static ImportedVersion version(int number, String source) {
        return new ImportedVersion(
                "churn",
                number,
                source,
                Optional.of(RUN),
                Optional.empty(),
                "",
                "",
                "me",
                "Production",
                THEN,
                LATER,
                Map.of("k", "v"));
    }
}
