package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.RolloutStatus;
import dev.millwright.registry.Served;
import dev.millwright.registry.TimelineEntry;
import dev.millwright.serving.Route;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.rollout.RolloutFigures;
import dev.millwright.serving.rollout.RolloutPlan;
import dev.millwright.serving.rollout.RolloutState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeploymentsTest {
    private static final Duration STAGE = Duration.ofMinutes(10);
    private static final RolloutPlan CANARY = RolloutPlan.canary(List.of(0.25, 1.0), STAGE, List.of());

    @TempDir
    private Path folder;

    private Workbench home;

    /** Three versions of one model, none deployed. */
    @BeforeEach
    void open() {
        home = new Workbench(folder);
        home.writeCustomers(200, 1);
        for (String strength : List.of("1", "0.1", "0.01")) {
            home.run(Workbench.customers("[]")
                    .replace("[logistic_regression]", "[logistic_regression: {c: " + strength + "}]")
                    .replace("deploy: {endpoint: customers}", ""));
        }
    }

    @AfterEach
    void close() {
        home.close();
    }

    private StepOutputs.Deployed deploy(int version, RolloutPlan plan) {
        return home.deployments().deploy("customers", home.version(version), plan);
    }

    /** Version to weight, as the router has it. */
    private Map<Integer, Double> serving() {
        Map<Integer, Double> serving = new TreeMap<>();
        Route route = home.routes().find("customers").orElseThrow();
        for (WeightedVersion version : route.versions()) {
            serving.put(version.version(), version.weight());
        }
        return serving;
    }

    private int champion() {
        return home.registry
                .models()
                .findByAlias("customers", Deployments.CHAMPION)
                .map(ModelVersion::version)
                .orElseThrow();
    }

    private void pass(Duration duration) {
        home.clock.advance(duration);
        home.deployments().rollouts().tick(home.clock.instant());
    }

    @Test
    void letsTheFirstVersionServeAlone_andALaterOneRiseByStages() {
        assertThat(deploy(1, CANARY).status()).isEqualTo("serving");
        assertThat(deploy(2, CANARY).status()).isEqualTo("canary");
        assertThat(serving()).isEqualTo(Map.of(1, 0.75, 2, 0.25));
        assertThat(champion()).isEqualTo(1);

        pass(STAGE.multipliedBy(10));
        assertThat(serving()).isEqualTo(Map.of(1, 0.0, 2, 1.0));
        pass(STAGE.multipliedBy(10));

        assertThat(serving()).isEqualTo(Map.of(2, 1.0));
        assertThat(champion()).isEqualTo(2);
        assertThat(home.deployments().rollouts().active()).isEmpty();
    }

    @Test
    void servesTheSameAfterARestart() {
        deploy(1, CANARY);

        home.restart();

        assertThat(serving()).isEqualTo(Map.of(1, 1.0));
        assertThat(deploy(1, CANARY).reason()).isEqualTo("this version serves already");
    }

    @Test
    void goesOnWithARolloutAfterARestart() {
        deploy(1, CANARY);
        deploy(2, CANARY);

        home.restart();

        assertThat(serving()).isEqualTo(Map.of(1, 0.75, 2, 0.25));
        assertThat(home.deployments().rollouts().active()).singleElement().satisfies(state -> {
            assertThat(state.candidate()).isEqualTo(2);
            assertThat(state.plan()).isEqualTo(CANARY);
        });
        pass(STAGE.multipliedBy(10));
        home.restart();
        pass(STAGE.multipliedBy(10));
        assertThat(serving()).isEqualTo(Map.of(2, 1.0));
    }

    @Test
    void mendsTheAlias_thatACrashLeftBehind() {
        deploy(1, CANARY);
        home.registry.models().setAlias("customers", Deployments.CHAMPION, 2);

        home.restart();

        assertThat(champion()).isEqualTo(1);
    }

    @Test
    void givesUpARollout_forANewerVersion() {
        deploy(1, CANARY);
        deploy(2, CANARY);

        assertThat(deploy(3, CANARY).status()).isEqualTo("canary");

        assertThat(serving()).isEqualTo(Map.of(1, 0.75, 3, 0.25));
        assertThat(home.registry.endpoints().timeline("customers"))
                .extracting(entry -> entry.reason())
                .contains("superseded by version 3");
    }

    @Test
    void deploysAVersionOnce_whileItsRolloutIsUnderWay() {
        deploy(1, CANARY);
        deploy(2, CANARY);

        assertThat(deploy(2, CANARY).reason()).isEqualTo("the rollout of this version is under way");
    }

    @Test
    void takesBackARolloutByHand_beforeAnythingElse() {
        deploy(1, CANARY);
        deploy(2, CANARY);

        assertThat(home.deployments().rollBack("customers", "a call from support"))
                .isEqualTo(1);

        assertThat(serving()).isEqualTo(Map.of(1, 1.0));
        assertThat(home.registry.endpoints().load("customers").rollout().reason())
                .isEqualTo("a call from support");
    }

    @Test
    void goesBackTwoVersions_whenRolledBackTwice() {
        promote(1);
        promote(2);
        promote(3);

        assertThat(home.deployments().rollBack("customers", "once")).isEqualTo(2);
        assertThat(home.deployments().rollBack("customers", "twice")).isEqualTo(1);

        assertThat(serving()).isEqualTo(Map.of(1, 1.0));
        assertThat(champion()).isEqualTo(1);
        assertThatThrownBy(() -> home.deployments().rollBack("customers", "thrice"))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("endpoint: customers has no earlier version (expected: one to return to).");
    }

    @Test
    void goesBackToWhatServedBefore_alsoWhenAnOldVersionWasDeployedAgain() {
        promote(1);
        promote(2);
        promote(1);

        assertThat(home.deployments().rollBack("customers", "again")).isEqualTo(2);
    }

    private void promote(int version) {
        deploy(version, CANARY);
        pass(STAGE.multipliedBy(10));
        pass(STAGE.multipliedBy(10));
        assertThat(home.registry.endpoints().load("customers").rollout().status())
                .isEqualTo(RolloutStatus.STEADY);
        assertThat(home.registry.endpoints().load("customers").rollout().versions())
                .extracting(Served::version)
                .containsExactly(version);
    }

    @Test
    void refusesAnEndpointThatServesAnotherModel() {
        deploy(1, CANARY);
        home.run(Workbench.customers("[]")
                .replace("pipeline: customers", "pipeline: others")
                .replace("deploy: {endpoint: customers}", ""));

        assertThatThrownBy(() -> home.deployments()
                        .deploy("customers", home.registry.models().load("others", 1), CANARY))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("deploy.endpoint: customers serves the model customers (expected: one of others). Choose"
                        + " another name.");
    }

    @Test
    void knowsNoEndpointOfThatName_withASuggestion() {
        deploy(1, CANARY);

        assertThatThrownBy(() -> home.deployments().rollBack("customer", "typing"))
                .isInstanceOf(MillwrightException.class)
                .hasMessage("endpoint: customer does not exist. Did you mean 'customers'?");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{blue_green: {wait: 10m}}",
                "{blue_green: {keep: 10m}}",
                "{shadow: {for: 10m, share: 50%, then: promote}}",
                "{shadow: {for: 10m}, canary: [10%], roll_back_if: [disagreement > 90%]}",
                "{ab: {split: 20%, sticky_by: column plan, for: 10d}}",
                "{bandit: {floor: 10%, versions: [3]}}",
                "conditions:\n- {when: plan = 'a', version: 3}\n- header x-tier = gold"
            })
    void goesOnWithAnyStrategyAfterARestart(String rollout) {
        deploy(1, CANARY);
        assertThat(home.deployments()
                        .deployByHand("customers", "customers", 2, Optional.of(rollout))
                        .endpoint())
                .isEqualTo("customers");
        Route before = home.routes().find("customers").orElseThrow();
        RolloutState state = home.deployments().rollouts().find("customers").orElseThrow();

        home.restart();

        assertThat(home.deployments().rollouts().find("customers")).contains(state);
        assertThat(home.routes().find("customers")).contains(before);
        home.deployments().rollouts().steer("customers", RolloutDesk.Steering.PAUSE, "lunch");
        home.restart();
        assertThat(home.registry.endpoints().load("customers").rollout().status())
                .isEqualTo(RolloutStatus.PAUSED);
        pass(STAGE.multipliedBy(100));
        assertThat(home.routes().find("customers")).contains(before);
        assertThat(home.deployments().rollBack("customers", "enough")).isEqualTo(1);
        assertThat(serving()).isEqualTo(Map.of(1, 1.0));
    }

    @Test
    void keepsTheFiguresOfDecisions() {
        deploy(1, CANARY);
        deploy(2, CANARY);
        pass(STAGE.multipliedBy(10));

        TimelineEntry advanced = home.registry.endpoints().timeline("customers").getLast();

        assertThat(advanced.change()).isEqualTo("endpoint.canary_advanced");
        assertThat(RolloutJson.readFigures(advanced.figures().orElseThrow()).versions())
                .extracting(RolloutFigures.VersionCounts::version)
                .containsExactly(2, 1);
    }

    @Test
    void steersARollout() {
        deploy(1, CANARY);
        deploy(2, CANARY);
        assertThat(home.deployments()
                        .rollouts()
                        .steer("customers", RolloutDesk.Steering.PROMOTE, "good")
                        .status())
                .isEqualTo("steady");
        assertThat(champion()).isEqualTo(2);
        assertThatThrownBy(() -> home.deployments().rollouts().steer("customers", RolloutDesk.Steering.STOP, "late"))
                .hasMessage("rollout: none under way on customers (expected: one).");
        assertThatThrownBy(() -> home.deployments().rollouts().loadView("customer"))
                .hasMessage("endpoint: customer does not exist. Did you mean 'customers'?");
    }

    @Test
    void refusesAPlanThatLooksAtColumnsWhichTheModelDoesNotTake() {
        deploy(1, CANARY);
        assertThatThrownBy(() -> home.deployments()
                        .deployByHand("customers", "customers", 2, Optional.of("conditions: [plann = 'a']")))
                .hasMessage("rollout.when: no input column 'plann' (expected: one that the model takes). Did you mean"
                        + " 'plan'?");
        assertThat(serving()).isEqualTo(Map.of(1, 1.0));
    }
}
