package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.millwright.pipelines.StepOutputs.Trained;
import dev.millwright.registry.RunStatus;
import dev.millwright.registry.Step;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Public data sets from file to endpoint. The bounds are around what scikit-learn's gradient boosting reaches on them. */
class RealDataTest {
    @TempDir
    private Path folder;

    /**
     * A data set.
     *
     * @param low what the score on the test rows may not fall below
     * @param high above it, the label has leaked
     */
    private record Case(String pipeline, long rows, String metric, double low, double high) {
        @Override
        public String toString() {
            return pipeline;
        }
    }

    private static Stream<Case> cases() {
        return Stream.of(
                new Case("bank", 45_211, "roc_auc", 0.77, 0.83),
                new Case("adult", 48_842, "roc_auc", 0.915, 0.94),
                new Case("bikes", 17_379, "r2", 0.85, 0.95),
                new Case("five-classes", 7_500, "roc_auc_ovr", 0.70, 0.90),
                new Case("sms", 5_572, "roc_auc", 0.98, 1.0),
                new Case("credit", 1_000, "roc_auc", 0.70, 0.85),
                new Case("machines", 10_000, "roc_auc", 0.95, 0.995));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void reachesTheScoreThatIsKnown_andTheSameModelInAFreshHome(Case data) {
        Path source = data();
        String first;
        try (Workbench home = new Workbench(folder.resolve("first"))) {
            RunSummary summary = runs(home, data, source);

            assertThat(score(summary, data.metric())).isBetween(data.low(), data.high());
            first = model(home, summary);
        }
        try (Workbench home = new Workbench(folder.resolve("second"))) {
            assertThat(model(home, runs(home, data, source))).isEqualTo(first);
        }
    }

    private static RunSummary runs(Workbench home, Case data, Path source) {
        PipelineRuns.Outcome outcome = home.run(text(data.pipeline()), Map.of("DATA", source.toString()));
        RunSummary summary = outcome.summary();
        assertThat(outcome.failure()).isEmpty();
        assertThat(home.registry.runs().load(summary.run()).status()).isEqualTo(RunStatus.FINISHED);
        assertThat(summary.datasets()).singleElement().satisfies(dataset -> {
            assertThat(dataset.rowsRead()).isEqualTo(data.rows());
            assertThat(dataset.quarantined()).isZero();
        });
        assertThat(summary.parity())
                .get()
                .satisfies(parity -> assertThat(parity.rows()).isBetween(100, 400));
        assertThat(summary.gates()).hasSize(2).allMatch(StepOutputs.GateVerdict::passed);
        assertThat(summary.deployment())
                .get()
                .extracting(StepOutputs.Deployed::status)
                .isEqualTo("serving");
        return summary;
    }

    private static double score(RunSummary summary, String metric) {
        return summary.metrics()
                .flatMap(metrics -> Objects.requireNonNull(metrics.test().get(metric)))
                .orElseThrow();
    }

    /** The hash of the trained graph. */
    private static String model(Workbench home, RunSummary summary) {
        List<Step> steps = home.registry.steps().list(summary.run());
        return steps.stream()
                .filter(step -> step.name().startsWith("train "))
                .map(step -> StepJson.read(step.outputs().orElseThrow(), Trained.class)
                        .onnx()
                        .sha256())
                .findFirst()
                .orElseThrow();
    }

    private static String text(String pipeline) {
        try (InputStream stream = RealDataTest.class.getResourceAsStream("real/" + pipeline + ".yaml")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** The folder of public data sets: beside one of the folders above, or where MILLWRIGHT_TEST_DATA says. */
    static Path data() {
        Optional<Path> found = Optional.ofNullable(System.getenv("MILLWRIGHT_TEST_DATA"))
                .map(Path::of)
                .or(() -> Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                        .map(folder -> folder.resolve("shared/data"))
                        .filter(Files::isDirectory)
                        .findFirst());
        assumeTrue(found.isPresent(), "skipped: there is no shared/data beside the project with public data sets");
        return found.orElseThrow().toAbsolutePath();
    }
}
