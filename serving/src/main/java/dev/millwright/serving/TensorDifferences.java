package dev.millwright.serving;

import dev.millwright.serving.protocol.Datatype;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorValues;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How the tensors of two answers to one request differ, output by output of one name. A row is one index of the first dimension where
 * all outputs share its size; else the whole answer is one row.
 *
 * <p>A row disagrees when any of its elements does: whole numbers, truth values and texts that are not equal, and floating point that
 * is further apart than {@value #ABSOLUTE} plus a thousandth of the larger one (a hundredth for the 16-bit types). What is not a number
 * in both answers, or the same infinity, is equal. The difference of a row is the mean of |Δ| over its floating-point numbers.
 *
 * <p>A row is unmatched when one of its numbers is finite in one answer only, and all rows are when an output is missing in one of the
 * answers, or has another datatype or shape: they disagree, and have no difference.
 */
final class TensorDifferences {
    private static final double ABSOLUTE = 1e-5;

    private final List<Pair> pairs;
    private long disagreements;
    private long unmatched;
    private double differences;
    private double largest;

    private TensorDifferences(List<Pair> pairs) {
        this.pairs = pairs;
    }

    /** The counts of one request; neither answer is copied. */
    static AnswerComparison.Snapshot between(List<Tensor> given, List<Tensor> other) {
        int rows = rows(given);
        Optional<List<Pair>> pairs = pairs(given, other, rows);
        if (pairs.isEmpty()) {
            long all = Math.max(1, rows);
            return new AnswerComparison.Snapshot(all, all, all, 0, 0);
        }
        TensorDifferences found = new TensorDifferences(pairs.get());
        for (int row = 0; row < rows; row++) {
            found.add(row);
        }
        return new AnswerComparison.Snapshot(
                rows, found.disagreements, found.unmatched, found.differences, found.largest);
    }

    private static int rows(List<Tensor> outputs) {
        long shared = -1;
        for (Tensor output : outputs) {
            if (output.shape().length == 0 || (shared >= 0 && output.shape()[0] != shared)) {
                return 1;
            }
            shared = output.shape()[0];
            if (shared > output.count()) {
                // Without elements it may claim as many rows as it likes.
                return 1;
            }
        }
        return shared < 0 ? 1 : (int) shared;
    }

    /** Empty when the outputs are not alike. */
    private static Optional<List<Pair>> pairs(List<Tensor> given, List<Tensor> other, int rows) {
        if (given.size() != other.size()) {
            return Optional.empty();
        }
        Map<String, Tensor> named =
                other.stream().collect(Collectors.toMap(Tensor::name, Function.identity(), (first, _) -> first));
        List<Pair> pairs = new ArrayList<>();
        for (Tensor tensor : given) {
            Tensor same = named.get(tensor.name());
            if (same == null || same.datatype() != tensor.datatype() || !Arrays.equals(same.shape(), tensor.shape())) {
                return Optional.empty();
            }
            pairs.add(new Pair(tensor, same, tensor.count() / Math.max(1, rows)));
        }
        return Optional.of(pairs);
    }

    private void add(int row) {
        boolean agrees = true;
        boolean matched = true;
        double sum = 0;
        long numbers = 0;
        for (Pair pair : pairs) {
            for (int i = row * pair.width(); i < (row + 1) * pair.width(); i++) {
                if (!pair.isFloating()) {
                    agrees &= pair.isSame(i);
                    continue;
                }
                double difference = pair.difference(i);
                if (Double.isFinite(difference)) {
                    sum += difference;
                    numbers++;
                    largest = Math.max(largest, difference);
                    agrees &= difference == 0 || difference <= pair.tolerated(i);
                } else {
                    matched = false;
                }
            }
        }
        disagreements += agrees && matched ? 0 : 1;
        unmatched += matched ? 0 : 1;
        differences += matched && numbers > 0 ? sum / numbers : 0;
    }

    /**
     * An output of both answers.
     *
     * @param width elements of a row
     */
    private record Pair(Tensor given, Tensor other, int width) {
        boolean isFloating() {
            return given.datatype().isFloating();
        }

        /** |Δ|; not finite when only one of them is. */
        double difference(int index) {
            double a = number(given, index);
            double b = number(other, index);
            return a == b || (Double.isNaN(a) && Double.isNaN(b)) ? 0 : Math.abs(a - b);
        }

        double tolerated(int index) {
            double larger = Math.max(Math.abs(number(given, index)), Math.abs(number(other, index)));
            return ABSOLUTE + relative(given.datatype()) * larger;
        }

        private static double relative(Datatype datatype) {
            return datatype == Datatype.FP16 || datatype == Datatype.BF16 ? 1e-2 : 1e-3;
        }

        boolean isSame(int index) {
            if (given.values() instanceof TensorValues.Texts(String[] a)
                    && other.values() instanceof TensorValues.Texts(String[] b)) {
                return a[index].equals(b[index]);
            }
            if (given.datatype().bytes() == Long.BYTES
                    && given.values() instanceof TensorValues.Packed a
                    && other.values() instanceof TensorValues.Packed b) {
                // Not all of them are doubles.
                return a.bytes().getLong(index * Long.BYTES) == b.bytes().getLong(index * Long.BYTES);
            }
            return number(given, index) == number(other, index);
        }

        private static double number(Tensor tensor, int index) {
            return switch (tensor.values()) {
                case TensorValues.Floats(float[] values) -> values[index];
                case TensorValues.Packed packed -> packed.number(tensor.datatype(), index);
                case TensorValues.Texts _ ->
                    throw new IllegalArgumentException("values: texts of " + tensor.name() + " (expected: numbers)");
            };
        }
    }
}
