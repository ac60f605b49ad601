package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.serving.LoadOptions;
import dev.millwright.serving.Models;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.StepRuntime;
import dev.millwright.serving.StoredModel;
import dev.millwright.serving.WeightedVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was replaced stays in memory for a while, where others are asked that need the room. */
class PreviousVersionsTest {
    private static final long SIZE = 1L << 30;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    /** By endpoint and version, each load. */
    private final Map<String, List<StepRuntime>> loaded = new HashMap<>();

    private Router router = router(6 * SIZE);
    private RolloutController controller = controller();

    private Router router(long memory) {
        RouterOptions options = RouterOptions.forCores(1, 1).withLoading(new LoadOptions(memory, 10, Duration.ZERO));
        return new Router(options, PredictionSink.NONE, () -> now, System::nanoTime, Runnable::run);
    }

    private RolloutController controller() {
        return new RolloutController(router, _ -> {}, OutcomeSource.NONE, () -> now);
    }

    private WeightedVersion version(String endpoint, int number) {
        String name = endpoint + "/" + number;
        StoredModel model = new StoredModel(name, SIZE, () -> {
            StepRuntime runtime = StepRuntime.free(number / 10f);
            loaded.computeIfAbsent(name, _ -> new ArrayList<>()).add(runtime);
            return runtime;
        });
        return new WeightedVersion(endpoint, number, 1, model);
    }

    private int ask(String endpoint) {
        return router.infer(endpoint, Optional.empty(), Optional.empty(), Models.row(1, 2, "x"))
                .modelVersion();
    }

    private boolean isLoaded(String name) {
        return Objects.requireNonNull(loaded.get(name), name).getLast().closed.getCount() == 1;
    }

    /** Serves version 1 and replaces it by version 2 at once. */
    private WeightedVersion replace(String endpoint) {
        WeightedVersion first = version(endpoint, 1);
        router.install(endpoint, Route.of(endpoint, first));
        assertThat(ask(endpoint)).isEqualTo(1);
        controller.start(endpoint, RolloutPlan.immediate(), version(endpoint, 2), List.of());
        assertThat(ask(endpoint)).isEqualTo(2);
        return first;
    }

    /** Asks for more than there is room for. */
    private void press() {
        for (int other = 0; other < 20; other++) {
            String endpoint = "other" + other;
            router.install(endpoint, Route.of(endpoint, version(endpoint, 1)));
            ask(endpoint);
        }
        controller.keepReady();
    }

    @Test
    void keepsWhatWasReplaced_forAnHour_thoughOthersNeedTheRoom() {
        WeightedVersion first = replace("churn");
        now = now.plus(Duration.ofMinutes(59));
        press();
        assertThat(isLoaded("churn/1")).isTrue();
        assertThat(isLoaded("churn/2")).as("not asked since").isFalse();

        controller.rollBack("churn", first, "worse");
        assertThat(ask("churn")).isEqualTo(1);
        assertThat(loaded.get("churn/1")).as("loads").hasSize(1);
        press();
        assertThat(isLoaded("churn/1")).as("kept as the one before").isFalse();
    }

    @Test
    void letsItGo_afterTheHour_orWhenTheEndpointServesNoMore() {
        replace("churn");
        replace("gone");
        router.uninstall("gone");
        controller.keepReady();
        assertThat(isLoaded("churn/1")).isTrue();
        assertThat(isLoaded("gone/1")).isFalse();

        now = now.plus(Duration.ofHours(1));
        controller.keepReady();
        assertThat(isLoaded("churn/1")).isFalse();
    }

    @Test
    void keepsTheChampionOfARollout_thatIsOver() {
        router.install("churn", Route.of("churn", version("churn", 1)));
        ask("churn");
        RolloutPlan plan = RolloutPlan.canary(List.of(0.5, 1.0), Duration.ofMinutes(1), List.of());
        controller.start("churn", plan, version("churn", 2), List.of());
        controller.keepReady();
        controller.promote("churn", "good");
        press();
        assertThat(ask("churn")).isEqualTo(2);
        assertThat(isLoaded("churn/1")).isTrue();
    }

    @Test
    void keepsTheLatestChanges_inHalfOfTheMemory() {
        List.of("a", "b", "c", "d").forEach(this::replace);
        assertThat(List.of("a/1", "b/1", "c/1", "d/1").stream().filter(this::isLoaded))
                .containsExactly("b/1", "c/1", "d/1");
    }

    @Test
    void keepsSixteen_whereThereIsRoom() {
        router = router(Long.MAX_VALUE);
        controller = controller();
        IntStream.range(0, 20).forEach(endpoint -> replace("e" + endpoint));
        assertThat(IntStream.range(0, 20).filter(endpoint -> isLoaded("e" + endpoint + "/1")))
                .containsExactly(IntStream.range(4, 20).boxed().toArray(Integer[]::new));
        controller.empty();
        assertThat(isLoaded("e19/1")).isFalse();
    }
}
