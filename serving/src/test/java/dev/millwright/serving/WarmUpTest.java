package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.InvalidInputException;
import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private final List<Integer> sizes = new ArrayList<>();

    @Test
    void runsAllSizesOfBatches() {
        OnnxSession.warmUp(64, sizes::add);
        assertThat(sizes).containsExactly(1, 2, 4, 8, 16, 32, 64);
    }

    @Test
    void leavesAModelCold_thatRefusesWhatIsBlank() {
        OnnxSession.warmUp(64, rows -> {
            sizes.add(rows);
            throw new InvalidInputException("x: 0 (expected: more)");
        });
        assertThat(sizes).containsExactly(1);
    }

    @Test
    void givesAModelOfTensorsSoManyBlankRows() {
        List<TensorMetadata> inputs = List.of(
                new TensorMetadata("x", Datatype.FP32, -1, 3, -1),
                new TensorMetadata("t", Datatype.BYTES, 2),
                new TensorMetadata("one", Datatype.INT64));
        assertThat(BlankTensors.of(inputs, 4).orElseThrow())
                .extracting(Tensor::shape)
                .containsExactly(new long[] {4, 3, 1}, new long[] {2}, new long[] {});
        assertThat(BlankTensors.of(List.of(new TensorMetadata("x", Datatype.FP32, -1, 1 << 20)), 64))
                .as("too much for a trial")
                .isEmpty();
    }
}
