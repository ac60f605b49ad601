package dev.millwright.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorValues;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.junit.jupiter.api.Test;

class TensorDifferencesTest {
    private static AnswerComparison.Snapshot between(Tensor given, Tensor other) {
        return TensorDifferences.between(List.of(given), List.of(other));
    }

    private static Tensor floats(float... values) {
        return Tensor.of("y", values, values.length);
    }

    private static Tensor longs(String name, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return new Tensor(name, Datatype.INT64, new long[] {values.length}, new TensorValues.Packed(bytes));
    }

    private static Tensor halves(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putShort(Float.floatToFloat16(value));
        }
        return new Tensor("y", Datatype.FP16, new long[] {values.length}, new TensorValues.Packed(bytes.flip()));
    }

    private static Tensor texts(String name, String... values) {
        return Tensor.of(name, values, values.length);
    }

    @Test
    void countsRowsOfTheFirstDimension_whereAllOutputsShareIt() {
        List<Tensor> given = List.of(
                texts("label", "a", "b", "c"), Tensor.of("scores", new float[] {0.1f, 0.9f, 0.5f, 0.5f, 1, 0}, 3, 2));
        List<Tensor> other = List.of(
                Tensor.of("scores", new float[] {0.1f, 0.9f, 0.4f, 0.6f, 1, 0}, 3, 2), texts("label", "a", "b", "d"));

        AnswerComparison.Snapshot found = TensorDifferences.between(given, other);

        assertThat(found.rows()).isEqualTo(3);
        assertThat(found.disagreements()).isEqualTo(2);
        assertThat(found.unmatched()).isZero();
        assertThat(found.meanDifference()).isCloseTo(0.1 / 3, within(1e-6));
        assertThat(found.largest()).isCloseTo(0.1, within(1e-6));
    }

    @Test
    void takesAnAnswerAsOneRow_thatClaimsRowsWithoutElements() {
        Tensor empty = Tensor.of("y", new float[0], Integer.MAX_VALUE, 0);

        assertThat(between(empty, empty).rows()).isEqualTo(1);
        assertThat(between(floats(), floats()).rows()).isZero();
    }

    @Test
    void takesAnAnswerAsOneRow_whereOutputsShareNoFirstDimension() {
        List<Tensor> given = List.of(floats(1, 2, 3), longs("count", 3, 4));
        List<Tensor> other = List.of(floats(1, 2, 6), longs("count", 3, 4));

        AnswerComparison.Snapshot found = TensorDifferences.between(given, other);

        assertThat(found.rows()).isEqualTo(1);
        assertThat(found.disagreements()).isEqualTo(1);
        assertThat(found.meanDifference()).isEqualTo(1);
        assertThat(found.largest()).isEqualTo(3);
        Tensor scalar = Tensor.of("y", new float[] {1});
        assertThat(between(scalar, scalar)).isEqualTo(new AnswerComparison.Snapshot(1, 0, 0, 0, 0));
    }

    @Test
    void toleratesAThousandth_ofFloatingPoint_andAHundredthOfHalves() {
        assertThat(between(floats(1000, 0), floats(1000.9f, 0.000009f)).disagreements())
                .isZero();
        assertThat(between(floats(1000, 0), floats(1001.1f, 0.00002f)).disagreements())
                .isEqualTo(2);
        assertThat(between(halves(100), halves(100.9f)).disagreements()).isZero();
        assertThat(between(halves(100), halves(102)).disagreements()).isEqualTo(1);
    }

    @Test
    void comparesWholeNumbersAndTexts_exactly() {
        long large = 1L << 60;
        assertThat(between(longs("y", large, 7), longs("y", large + 1, 7)))
                .isEqualTo(new AnswerComparison.Snapshot(2, 1, 0, 0, 0));
        assertThat(between(texts("y", "a", "b"), texts("y", "a", "B")).disagreements())
                .isEqualTo(1);
    }

    @Test
    void comparesNumbers_howeverTheyAreHeld() {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(new float[] {1, 2});
        Tensor packed = new Tensor("y", Datatype.FP32, new long[] {2}, new TensorValues.Packed(bytes));
        assertThat(between(packed, floats(1, 3))).isEqualTo(new AnswerComparison.Snapshot(2, 1, 0, 1, 1));
    }

    @Test
    void whatIsNoNumberInBoth_isEqual_andInOneHasNoCounterpart() {
        float none = Float.NaN;
        float infinite = Float.POSITIVE_INFINITY;
        assertThat(between(floats(none, infinite, 1), floats(none, infinite, 1)))
                .isEqualTo(new AnswerComparison.Snapshot(3, 0, 0, 0, 0));
        AnswerComparison.Snapshot found = between(floats(none, 1, 5, infinite), floats(1, infinite, 7, -infinite));
        assertThat(found).isEqualTo(new AnswerComparison.Snapshot(4, 4, 3, 2, 2));
        assertThat(found.meanDifference()).isEqualTo(2);
    }

    @Test
    void allRowsDisagree_whenAnOutputIsMissing_orOfAnotherShapeOrDatatype() {
        AnswerComparison.Snapshot all = new AnswerComparison.Snapshot(2, 2, 2, 0, 0);
        Tensor given = floats(1, 2);
        assertThat(between(given, Tensor.of("z", new float[] {1, 2}, 2))).isEqualTo(all);
        assertThat(between(given, Tensor.of("y", new float[] {1, 2}, 2, 1))).isEqualTo(all);
        assertThat(between(given, halves(1, 2))).isEqualTo(all);
        assertThat(TensorDifferences.between(List.of(given), List.of(given, longs("z", 1, 2))))
                .isEqualTo(all);
        assertThat(between(floats(), floats(1)).disagreements()).isEqualTo(1);
        assertThat(between(floats(), floats()).rows()).isZero();
        assertThat(all.meanDifference()).isZero();
    }
}
