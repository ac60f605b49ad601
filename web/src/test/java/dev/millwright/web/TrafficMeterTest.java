package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.serving.CallTarget;
import dev.millwright.serving.ModelSource;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.TensorCall;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.protocol.Tensor;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TrafficMeterTest {
    private Instant now = Instant.parse("2026-11-23T08:00:00Z");
    private final Router router =
            new Router(RouterOptions.forCores(1, 3), PredictionSink.NONE, () -> now, System::nanoTime, Runnable::run);
    private final TrafficMeter meter = new TrafficMeter(router, () -> now);

    @BeforeEach
    void serve() {
        for (String endpoint : List.of("busy", "idle")) {
            HeldModel model = new HeldModel();
            model.letGo();
            router.install(endpoint, Route.of(endpoint, new WeightedVersion(endpoint, 1, 1, ModelSource.of(model))));
        }
    }

    @AfterEach
    void close() {
        router.close();
    }

    /** Requests come, and then the meter looks, as every two seconds. */
    private void pass(int requests) {
        for (int i = 0; i < requests; i++) {
            CallTarget target = new CallTarget("busy", Optional.empty(), Optional.empty());
            router.infer(new TensorCall(target, List.of(Tensor.of("x", new float[] {1}, 1, 1))));
        }
        now = now.plus(TrafficMeter.PERIOD);
        meter.look();
    }

    @Test
    void knowsNoRate_beforeTheSecondLook() {
        assertThat(meter.of("busy").total()).isZero();
        pass(3);
        assertThat(meter.of("busy").total()).isEqualTo(3);
        assertThat(meter.of("busy").perSecond()).isZero();
        pass(4);
        assertThat(meter.of("busy").total()).isEqualTo(7);
        assertThat(meter.of("busy").perSecond()).isEqualTo(2);
    }

    @Test
    void saysWhatCameInTheLastMinute_andDrawsTheLastThree() {
        for (int look = 0; look < 100; look++) {
            pass(10);
        }
        assertThat(meter.of("busy").perSecond()).isEqualTo(5);
        assertThat(meter.of("busy").curve()).hasSize(90).containsOnly(5.0);

        for (int look = 0; look < 15; look++) {
            pass(0);
        }
        assertThat(meter.of("busy").perSecond()).as("half a minute later").isCloseTo(2.5, within(0.5));
        for (int look = 0; look < 16; look++) {
            pass(0);
        }
        assertThat(meter.of("busy").perSecond()).isZero();
        assertThat(meter.of("busy").recent())
                .hasValueSatisfying(recent -> assertThat(recent.timed()).isZero());
        assertThat(meter.of("busy").total()).isEqualTo(1_000);
        assertThat(meter.of("busy").curve()).hasSize(90).startsWith(5.0, 5.0).endsWith(0.0, 0.0);
        assertThat(meter.of("idle").total()).isZero();
        assertThat(meter.of("idle").curve()).containsOnly(0.0);
    }
}
