package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import dev.millwright.pipelines.PipelineRuns.Outcome;
import dev.millwright.registry.ModelVersionStatus;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.Step;
import dev.millwright.registry.StepStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineRunsTest {
    private static final String EASY = Workbench.customers("[roc_auc >= 0.7]");
    private static final String HARD = Workbench.customers("[roc_auc >= 0.9999]");
    private static final List<String> ALL_BUT_DEPLOY = List.of(
            "ingest customers", "features", "train logistic_regression", "evaluate", "register", "parity", "gate");

    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        home.writeCustomers(600, 1);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private static RunSummary.Model model(Outcome outcome) {
        return outcome.summary().model().orElseThrow();
    }

    @Test
    void takesEveryResultOfAnEqualRun() {
        Outcome first = home.run(EASY);
        Outcome second = home.run(EASY);

        assertThat(first.summary().reused()).isEmpty();
        assertThat(second.failure()).isEmpty();
        assertThat(second.summary().reused()).isEqualTo(ALL_BUT_DEPLOY);
        assertThat(model(second)).isEqualTo(model(first));
        assertThat(second.summary().metrics()).isEqualTo(first.summary().metrics());
        assertThat(second.summary().deployment())
                .get()
                .extracting(StepOutputs.Deployed::reason)
                .isEqualTo("this version serves already");
    }

    @Test
    void doesOnlyWhatAChangeReaches() {
        home.run(EASY);
        Outcome changed = home.run(EASY.replace("[logistic_regression]", "[logistic_regression: {c: 0.1}]"));

        assertThat(changed.failure()).isEmpty();
        assertThat(changed.summary().reused()).containsExactly("ingest customers", "features");
        assertThat(model(changed).version()).isEqualTo(2);
    }

    @Test
    void readsASourceAgain_onceItChanged() {
        home.run(EASY);
        home.writeCustomers(700, 2);

        Outcome changed = home.run(EASY);

        assertThat(changed.summary().reused()).isEmpty();
        assertThat(changed.summary().datasets()).containsExactly(new RunSummary.Dataset("customers", 2, 700, 700, 0));
    }

    @Test
    void goesOnFromTheLastFinishedStep_afterAFailure() {
        PipelineRuns.Started started = home.runs.start(home.request(EASY, Map.of()));
        Outcome failed = home.runs.follow(started, event -> {
            if (event instanceof RunEvent.StepFinished finished
                    && finished.step().equals("evaluate")) {
                throw new IllegalStateException("the power went");
            }
        });
        String run = started.run().id();
        assertThat(failed.summary().status()).isEqualTo("failed");
        assertThat(failed.summary().error()).contains("the power went");
        assertThat(home.registry.runs().load(run).status()).isEqualTo(RunStatus.FAILED);

        List<RunEvent> events = new ArrayList<>();
        Outcome resumed = home.runs.follow(home.runs.resume(Optional.of(run)), events::add);

        assertThat(resumed.failure()).isEmpty();
        assertThat(resumed.summary().run()).isEqualTo(run);
        assertThat(resumed.summary().reused())
                .containsExactly("ingest customers", "features", "train logistic_regression", "evaluate");
        assertThat(events.getLast()).isInstanceOf(RunEvent.RunEnded.class);
        assertThat(home.registry.steps().list(run)).extracting(Step::status).containsOnly(StepStatus.FINISHED);
        assertThat(home.run(EASY).summary().reused()).isEqualTo(ALL_BUT_DEPLOY);
    }

    @Test
    void resumesNothing_whenNothingWasInterrupted() {
        home.run(EASY);

        assertThatThrownBy(() -> home.runs.resume(Optional.empty()))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("--resume: no run was interrupted (expected: one). Start a new one with 'run FILE'.");
    }

    @Test
    void refusesAVersionThatMissesAGate_andDeploysNothing() {
        Outcome refused = home.run(HARD);

        assertThat(refused.summary().status()).isEqualTo("refused");
        assertThat(refused.failure())
                .get()
                .satisfies(failure ->
                        assertThat(((MillwrightException) failure).code()).isEqualTo(PipelineError.GATE_REFUSED));
        assertThat(refused.summary().error().orElseThrow())
                .startsWith("version 1 is not deployed: gate 'roc_auc >= 0.9999': roc_auc is 0.");
        assertThat(home.registry.runs().load(refused.summary().run()).status()).isEqualTo(RunStatus.REFUSED);
        assertThat(home.version(1).status()).isEqualTo(ModelVersionStatus.REFUSED);
        assertThat(home.registry.endpoints().list()).isEmpty();
    }

    @Test
    void deploysARefusedVersion_onceTheGatesAreWithinItsReach() {
        home.run(HARD);
        Outcome again = home.run(HARD);
        assertThat(again.summary().status()).isEqualTo("refused");
        assertThat(model(again).version()).isEqualTo(1);

        Outcome admitted = home.run(EASY);

        assertThat(admitted.failure()).isEmpty();
        assertThat(model(admitted).version()).isEqualTo(1);
        assertThat(home.version(1).status()).isEqualTo(ModelVersionStatus.READY);
        assertThat(home.registry.endpoints().load("customers").rollout().versions())
                .singleElement()
                .satisfies(served -> assertThat(served.version()).isEqualTo(1));
    }

    @Test
    void leavesAVersionThatServesAsItIs_whenStricterGatesRefuseTheRun() {
        home.run(EASY);

        assertThat(home.run(HARD).summary().status()).isEqualTo("refused");

        assertThat(home.version(1).status()).isEqualTo(ModelVersionStatus.READY);
    }

    @Test
    void storesNothing_whenTheDataIsRefused() {
        Outcome refused = home.run(EASY.replace("[age > 0]", "[rows >= 1000000]"));

        assertThat(refused.summary().status()).isEqualTo("refused");
        assertThat(refused.summary().error().orElseThrow()).contains("'rows >= 1000000' does not hold");
        assertThat(home.registry.models().list()).isEmpty();
        assertThat(home.lake.datasets()).isEmpty();
    }

    @Test
    void warnsOfAScoreThatIsTooGood() {
        Outcome leaking = home.run(EASY.replace("label: churned", "label: age + 10 * use > 90"));

        assertThat(leaking.summary().warnings())
                .singleElement()
                .asString()
                .startsWith("roc_auc is 1.0000 on the test rows, which is hardly ever true.");
    }
}
