package dev.millwright.data.profile;

import dev.millwright.core.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * Decides which columns predict the label too well to be honest. It knows no names: a column is held against its own score,
 * against the other columns one by one, and against all of them together. ADR 24 gives the reasons, and what the rule says of
 * public data sets.
 */
final class LeakageRule {
    /** A column that alone does as well as this is nearly the label. */
    private static final double NEARLY_ALL_AUC = 0.98;

    private static final double NEARLY_ALL_R2 = 0.99;

    /** Below this a column isn't strong, however weak the others are. */
    private static final double STRONG_AUC = 0.75;

    private static final double STRONG_R2 = 0.7;

    /** The same where so few columns are that they say little of what is usual. */
    private static final double STRONG_AMONG_FEW = 0.9;

    private static final int FEW_COLUMNS = 5;

    /** How many times as far from chance as the next one. */
    private static final double FAR = 2;

    /** Leaks may stand side by side, but what a larger share of the columns does is the rule, not the exception. */
    private static final int ONE_IN = 5;

    private final Task task;
    private final List<ColumnScore> ranked;

    /** @param scores in any order */
    LeakageRule(Task task, List<ColumnScore> scores) {
        this.task = task;
        this.ranked = ranked(task, scores);
    }

    /** The strongest first. */
    static List<ColumnScore> ranked(Task task, List<ColumnScore> scores) {
        return scores.stream()
                .sorted(Comparator.comparingDouble((ColumnScore score) ->
                                -ColumnScore.strength(task, score.score().value()))
                        .thenComparing(score -> -score.score().value())
                        .thenComparing(ColumnScore::column))
                .toList();
    }

    /** Columns that predict too well, and what they were held against. */
    record Verdict(List<ColumnScore> tooGood, List<ColumnScore> farAbove, OptionalDouble next, OptionalDouble others) {
        public Verdict {
            tooGood = List.copyOf(tooGood);
            farAbove = List.copyOf(farAbove);
        }
    }

    /** @param together the score of columns together, worked out only where the verdict hangs on it */
    Verdict judge(ToDoubleFunction<List<ColumnScore>> together) {
        double nearlyAll = task.isClassification() ? NEARLY_ALL_AUC : NEARLY_ALL_R2;
        List<ColumnScore> tooGood = new ArrayList<>(ranked);
        tooGood.removeIf(score -> !(score.score().value() >= nearlyAll));
        List<ColumnScore> rest = ranked.subList(tooGood.size(), ranked.size());
        for (int leaks = Math.max(1, rest.size() / ONE_IN); leaks > 0; leaks--) {
            if (leaks < rest.size() && standsOut(rest, leaks)) {
                double others = together.applyAsDouble(rest.subList(leaks, rest.size()));
                if (!(rest.get(leaks - 1).score().value() < others)) {
                    return new Verdict(
                            tooGood,
                            rest.subList(0, leaks),
                            OptionalDouble.of(rest.get(leaks).score().value()),
                            OptionalDouble.of(others));
                }
            }
        }
        return new Verdict(tooGood, List.of(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    private boolean standsOut(List<ColumnScore> rest, int leaks) {
        double strong = task.isClassification() ? STRONG_AUC : STRONG_R2;
        double least = rest.size() < FEW_COLUMNS ? STRONG_AMONG_FEW : strong;
        double weakest = rest.get(leaks - 1).score().value();
        return weakest >= least
                && strength(weakest) >= FAR * strength(rest.get(leaks).score().value());
    }

    private double strength(double score) {
        return ColumnScore.strength(task, score);
    }
}
