package dev.millwright.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorColumnsTest {
    private static ModelSignature of(String... names) {
        return new ModelSignature(
                Task.REGRESSION,
                Arrays.stream(names)
                        .map(name -> new Input(name, InputType.NUMBER))
                        .toList(),
                List.of(),
                0.5);
    }

    @Test
    void findsTheTensorAgain_whoseColumnsItNamed() {
        List<String> names = TensorColumns.names("X", 3);

        assertThat(names).containsExactly("X[0]", "X[1]", "X[2]");
        assertThat(TensorColumns.find(of(names.toArray(String[]::new)))).containsExactly(entry("X", 3));
    }

    @Test
    void findsSeveral_amongSingleColumns() {
        assertThat(TensorColumns.find(of("age", "X[0]", "X[1]", "Y[0]", "Y[1]", "Y[2]", "plan")))
                .containsExactly(entry("X", 2), entry("Y", 3));
    }

    @Test
    void takesNothingElseForATensor() {
        assertThat(TensorColumns.find(of("X[0]", "X[2]", "Y[1]", "Y[2]", "Z[0]", "[0]", "[1]", "a")))
                .isEmpty();
        ModelSignature mixed = new ModelSignature(
                Task.REGRESSION,
                List.of(new Input("X[0]", InputType.NUMBER), new Input("X[1]", InputType.TEXT)),
                List.of(),
                0.5);
        assertThat(TensorColumns.find(mixed)).isEmpty();
    }
}
