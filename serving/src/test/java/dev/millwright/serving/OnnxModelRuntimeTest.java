package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxModelRuntimeTest {
    @Test
    void agreesWithPythonsOnnxRuntime_onEveryTask() {
        assertAgrees("binary", Models.BINARY);
        assertAgrees("multiclass", Models.MULTICLASS);
        assertAgrees("regression", Models.REGRESSION);
    }

    private static void assertAgrees(String name, ModelSignature signature) {
        try (OnnxModelRuntime runtime = Models.open(name, signature)) {
            ParityReport report = Parity.replay(runtime, Models.parity(name, signature));
            assertThat(report.mismatches()).isEmpty();
            assertThat(report.passed()).isTrue();
            assertThat(report.rows()).isEqualTo(100);
            assertThat(report.largestDifference()).isLessThan(1e-5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 63, 64, 65, 100})
    void answersARowAlike_whateverTheBatch(int rows) {
        ParitySet set = Models.parity("binary", Models.BINARY);
        try (OnnxModelRuntime runtime = Models.open("binary", Models.BINARY)) {
            Predictions.Classes batch =
                    (Predictions.Classes) runtime.predict(set.rows().slice(0, rows));
            assertThat(batch.rows()).isEqualTo(rows);
            for (int row = 0; row < rows; row++) {
                Predictions.Classes one =
                        (Predictions.Classes) runtime.predict(set.rows().slice(row, row + 1));
                assertThat(batch.probability(row, 1)).isCloseTo(one.probability(0, 1), within(1e-6f));
                assertThat(batch.labels()[row]).isEqualTo(one.labels()[0]);
            }
        }
    }

    @Test
    void findsColumnsByName_andIgnoresOthers() {
        Frame rows = Models.row(20, 50, "Auckland");
        Frame shuffled = new Frame(
                1,
                List.of(
                        rows.column("city"),
                        new FeatureColumn.Numeric("other", new float[] {7}),
                        rows.column("age"),
                        rows.column("amount")));
        try (OnnxModelRuntime runtime = Models.open("regression", Models.REGRESSION)) {
            assertThat(((Predictions.Values) runtime.predict(shuffled)).values())
                    .containsExactly(((Predictions.Values) runtime.predict(rows)).values());
        }
    }

    @Test
    void rejectsRowsThatDoNotFit_namingEveryColumn() {
        Frame rows = new Frame(
                1,
                List.of(
                        new FeatureColumn.Numeric("amuont", new float[] {1}),
                        new FeatureColumn.Text("age", new String[] {"old"})));
        try (OnnxModelRuntime runtime = Models.open("binary", Models.BINARY)) {
            assertThatThrownBy(() -> runtime.predict(rows))
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("amount: missing")
                    .hasMessageContaining("Did you mean 'amuont'?")
                    .hasMessageContaining("age: text (expected: number)")
                    .hasMessageContaining("city: missing");
        }
    }

    @Test
    void refusesAGraphThatBreaksItsSignature_namingEveryPart() {
        assertThatThrownBy(() -> Models.open("misfit", Models.BINARY))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(ServingError.MODEL_UNFIT))
                .hasMessageContaining("input amount: float[N, 2] (expected: float[N, 1])")
                .hasMessageContaining("input age: missing")
                .hasMessageContaining("output label: int64[N] (expected: string[N])")
                .hasMessageContaining("output probabilities: missing");
    }

    @Test
    void refusesAGraphWithInputsThatTheSignatureLacks() {
        ModelSignature fewer = new ModelSignature(
                Task.BINARY, List.of(new Input("amount", InputType.NUMBER)), List.of("no", "yes"), 0.5);
        assertThatThrownBy(() -> Models.open("binary", fewer))
                .hasMessageContaining("input age: not in the signature")
                .hasMessageContaining("input city: not in the signature");
    }

    @Test
    void refusesClassesOfAnotherNumberOrName() {
        ModelSignature three = new ModelSignature(Task.MULTICLASS, Models.INPUTS, List.of("a", "b", "c"), 0.5);
        assertThatThrownBy(() -> Models.open("binary", three))
                .hasMessageContaining("output probabilities: float[N, 2] (expected: float[N, 3])");
        ModelSignature renamed = new ModelSignature(Task.BINARY, Models.INPUTS, List.of("n", "y"), 0.5);
        assertThatThrownBy(() -> Models.open("binary", renamed))
                .hasMessageContaining("label: 'no' (expected: one of the signature's classes [n, y])");
    }

    @Test
    void refusesBytesThatAreNoGraph() {
        assertThatThrownBy(() -> OnnxModelRuntime.open(new byte[] {1, 2, 3}, Models.BINARY, RuntimeOptions.DEFAULT))
                .isInstanceOf(MillwrightException.class)
                .hasMessageContaining("model: ONNX Runtime can't load it");
    }

    @Test
    void answersManyThreads_andRefusesAfterClose() throws InterruptedException, ExecutionException {
        OnnxModelRuntime runtime = Models.open("binary", Models.BINARY);
        ParitySet set = Models.parity("binary", Models.BINARY);
        float[] expected = ((Predictions.Classes) runtime.predict(set.rows())).positive();
        try (var pool = Executors.newFixedThreadPool(8)) {
            List<Future<?>> checks = new ArrayList<>();
            for (int i = 0; i < 800; i++) {
                int row = i % 100;
                checks.add(pool.submit(() -> assertThat(((Predictions.Classes)
                                        runtime.predict(set.rows().slice(row, row + 1)))
                                .positive())
                        .containsExactly(new float[] {expected[row]}, within(1e-6f))));
            }
            for (Future<?> check : checks) {
                check.get();
            }
        }
        runtime.close();
        runtime.close();
        assertThatThrownBy(() -> runtime.predict(set.rows()))
                .isInstanceOfSatisfying(
                        MillwrightException.class, e -> assertThat(e.code()).isEqualTo(ServingError.RUNTIME_CLOSED));
    }
}
