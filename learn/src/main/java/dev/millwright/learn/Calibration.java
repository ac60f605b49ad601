package dev.millwright.learn;

import java.util.Arrays;
import java.util.List;

/**
 * Turns raw scores into calibrated ones: {@code scale · score + shift[output]}.
 *
 * @param shift one for each output
 */
record Calibration(double scale, double[] shift) {
    static Calibration none(int outputs) {
        return new Calibration(1, new double[outputs]);
    }

    boolean changesNothing() {
        return scale == 1 && Arrays.stream(shift).allMatch(value -> value == 0);
    }

    /** In place. */
    double[] apply(double[] scores) {
        for (int i = 0; i < scores.length; i++) {
            scores[i] = scale * scores[i] + shift[i % shift.length];
        }
        return scores;
    }

    /** Takes the name of the scores, float64 [N, outputs], and returns that of the calibrated ones. */
    String write(OnnxGraph graph, String scores) {
        if (changesNothing()) {
            return scores;
        }
        String scaled = graph.node("Mul", List.of(scores, graph.doubles(new double[] {scale})));
        return graph.node("Add", List.of(scaled, graph.doubles(shift, shift.length)));
    }
}
