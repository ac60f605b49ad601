package dev.millwright.data.profile;

import dev.millwright.data.profile.ColumnScore.Basis;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Scores columns one by one against a target. */
final class ColumnScorer {
    /** A number is cut into so many steps, fewer where a step would have too few rows to say anything. */
    private static final int MOST_STEPS = 64;

    private static final int LEAST_STEPS = 8;
    private static final int ROWS_OF_A_STEP = 50;

    /** Classes that are judged against the rest, the most frequent ones. */
    private static final int MOST_CLASSES = 10;

    /** Of the strength of a column, how much its missing values must reach to be what predicts. */
    private static final double NEARLY_ALL = 0.9;

    private final Target target;
    private final byte[] folds;
    private final List<double[]> outputs;
    private final int steps;

    ColumnScorer(Target target, byte[] folds) {
        this.target = target;
        this.folds = folds;
        this.steps = Math.clamp(rows(folds) / ROWS_OF_A_STEP, LEAST_STEPS, MOST_STEPS);
        this.outputs = switch (target) {
            case Target.Numbers numbers -> List.of(numbers.values());
            case Target.Classes classes ->
                frequent(classes).stream().map(classes::indicator).toList();
        };
    }

    /** A column's score, and its predictions of each output: of the target, or of each class that is judged. */
    record Scored(ColumnScore score, List<float[]> predictions) {}

    /** Of two classes the second, which is judged against the first. */
    private static List<Integer> frequent(Target.Classes classes) {
        if (classes.codes().size() == 2) {
            return List.of(1);
        }
        int[] counts = classes.codes().counts();
        List<Integer> frequent = new ArrayList<>();
        for (int code = 0; code < counts.length; code++) {
            frequent.add(code);
        }
        frequent.sort(Comparator.comparingInt(code -> -counts[code]));
        return List.copyOf(frequent.subList(0, Math.min(MOST_CLASSES, frequent.size())));
    }

    private static int rows(byte[] folds) {
        int rows = 0;
        for (byte fold : folds) {
            rows += fold == Folds.NONE ? 0 : 1;
        }
        return rows;
    }

    List<double[]> outputs() {
        return outputs;
    }

    FoldScore score(List<float[]> predictions) {
        return switch (target) {
            case Target.Numbers numbers -> FoldScore.r2(predictions.getFirst(), numbers.values(), folds);
            case Target.Classes ignored -> FoldScore.rocAuc(predictions, outputs, folds);
        };
    }

    boolean isClassification() {
        return target.task().isClassification();
    }

    double strength(double score) {
        return ColumnScore.strength(target.task(), score);
    }

    /** The best of what a column offers. */
    Scored score(SampleColumn column) {
        List<Scored> attempts = new ArrayList<>();
        Codes codes = column.codes();
        List<float[]> presence = means(codes.presence());
        double missingness = score(presence).value();
        boolean many = codes.size() > steps;
        if (many || column instanceof SampleColumn.Numeric) {
            Codes bins = codes.grouped(steps);
            attempts.add(scored(column, Basis.ORDER, means(bins), missingness));
            if (column instanceof SampleColumn.Numeric numeric && target instanceof Target.Numbers numbers) {
                float[] lines = OutOfFold.lines(bins, numeric.values(), numbers.values(), folds);
                attempts.add(scored(column, Basis.ORDER, List.of(lines), missingness));
            }
        }
        boolean repeated = present(codes) >= 2L * codes.size();
        if (repeated && (many || column instanceof SampleColumn.Categorical)) {
            attempts.add(scored(column, Basis.VALUE, means(codes), missingness));
        }
        Scored best = attempts.stream()
                .max(Comparator.comparingDouble(
                        attempt -> strength(attempt.score().score().value())))
                .orElseGet(() -> scored(column, Basis.VALUE, means(codes), missingness));
        double most = strength(best.score().score().value());
        return most > 0 && strength(missingness) >= NEARLY_ALL * most
                ? scored(column, Basis.MISSINGNESS, presence, missingness)
                : best;
    }

    private Scored scored(SampleColumn column, Basis basis, List<float[]> predictions, double missingness) {
        return new Scored(
                new ColumnScore(column.name(), basis, score(predictions), missingness, present(column.codes())),
                predictions);
    }

    private List<float[]> means(Codes codes) {
        return outputs.stream()
                .map(output -> OutOfFold.means(codes, output, folds))
                .toList();
    }

    private long present(Codes codes) {
        long rows = 0;
        for (int row = 0; row < folds.length; row++) {
            rows += folds[row] != Folds.NONE && codes.of()[row] != Codes.MISSING ? 1 : 0;
        }
        return rows;
    }
}
