package dev.millwright.learn;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Area under the ROC curve: the share of pairs of a positive and a negative that are in order, ties counting half. */
final class Auc {
    private Auc() {}

    static double of(float[] scores, int[] labels) {
        List<Integer> order = IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparing(row -> scores[row]))
                .toList();
        double rankSum = 0;
        long positives = 0;
        for (int from = 0; from < order.size(); ) {
            int to = from;
            while (to < order.size() && scores[order.get(to)] == scores[order.get(from)]) {
                to++;
            }
            for (int i = from; i < to; i++) {
                if (labels[order.get(i)] == 1) {
                    rankSum += (from + 1 + to) / 2.0;
                    positives++;
                }
            }
            from = to;
        }
        double negatives = scores.length - positives;
        return (rankSum - positives * (positives + 1) / 2.0) / (positives * negatives);
    }
}
