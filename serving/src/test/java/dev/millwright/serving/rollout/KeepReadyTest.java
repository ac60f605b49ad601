package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.MillwrightException;
import dev.millwright.serving.LoadOptions;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.ServingError;
import dev.millwright.serving.StepRuntime;
import dev.millwright.serving.StoredModel;
import dev.millwright.serving.WeightedVersion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The models of a rollout are loaded and held, also when that fails at first. */
class KeepReadyTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final List<RolloutDecision> decisions = new ArrayList<>();
    private final StepRuntime candidate = StepRuntime.free(0.9f);
    private final Queue<String> troubles = new ArrayDeque<>();

    private void start(RolloutController controller, Router router) {
        router.install("churn", Route.of("churn", "m", 1, StepRuntime.free(0.1f)));
        StoredModel stored = new StoredModel("m/2", 0, () -> {
            if (!troubles.isEmpty()) {
                throw new MillwrightException(ServingError.MODEL_UNFIT, troubles.remove());
            }
            return candidate;
        });
        controller.start(
                "churn",
                RolloutPlan.of(new BlueGreen(Duration.ofMinutes(5), Duration.ofHours(1)), List.of()),
                new WeightedVersion("m", 2, 1, stored),
                List.of());
    }

    private Router router(Duration retryAfter) {
        RouterOptions options =
                RouterOptions.forCores(1, 3).withLoading(new LoadOptions(Long.MAX_VALUE, 10, retryAfter));
        return new Router(options, PredictionSink.NONE, () -> now, System::nanoTime, Runnable::run);
    }

    private RolloutController controller(Router router) {
        return new RolloutController(router, decisions::add, OutcomeSource.NONE, () -> now);
    }

    @Test
    void aCandidateThatCannotBeLoadedAtFirst_isSwappedInOnceItIs() {
        Router router = router(Duration.ZERO);
        RolloutController controller = controller(router);
        troubles.add("disk: busy");
        start(controller, router);
        assertThatThrownBy(controller::keepReady).hasMessage("disk: busy");
        now = now.plus(Duration.ofMinutes(6));
        controller.tick(now);
        assertThat(decisions).hasSize(1);
        assertThat(router.isLoaded("churn", 2)).isFalse();

        controller.keepReady();
        controller.tick(now);

        assertThat(decisions.getLast()).isInstanceOf(RolloutDecision.Advance.class);
        assertThat(router.isLoaded("churn", 2)).isTrue();
        controller.stop("churn", "by hand");
        assertThat(candidate.closed.getCount()).as("0 once it is let go").isZero();
    }

    @Test
    void theSameFailureIsToldOnce() {
        Router router = router(Duration.ofDays(1));
        RolloutController controller = controller(router);
        troubles.add("graph: broken");
        start(controller, router);
        assertThatThrownBy(controller::keepReady).hasMessage("graph: broken");
        assertThatCode(controller::keepReady).doesNotThrowAnyException();
        now = now.plus(Duration.ofMinutes(6));
        controller.tick(now);
        assertThat(decisions).hasSize(1);
    }
}
