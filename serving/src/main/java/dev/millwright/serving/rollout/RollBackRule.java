package dev.millwright.serving.rollout;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A reason to take a rollout back. */
public sealed interface RollBackRule {
    /** What rules are about. */
    List<String> NAMES = List.of("error_rate", "p99", "output_psi", "disagreement", "mean_difference", "quality");

    /** As in a pipeline file: {@code error_rate > 1%}. */
    String label();

    /**
     * More failures among the requests than this.
     *
     * @param above a share, from 0 to 1
     */
    record ErrorRate(double above) implements RollBackRule {
        public ErrorRate {
            requireShare("error_rate", above);
        }

        @Override
        public String label() {
            return "error_rate > " + number(above * 100) + "%";
        }
    }

    /**
     * A latency quantile above this.
     *
     * @param quantile between 0 and 1: 0.99 for p99
     */
    record Latency(double quantile, Duration above) implements RollBackRule {
        public Latency {
            if (!(quantile > 0 && quantile < 1)) {
                throw new IllegalArgumentException("quantile: " + quantile + " (expected: between 0 and 1)");
            }
            if (above.isNegative() || above.isZero()) {
                throw new IllegalArgumentException("above: " + above + " (expected: longer than nothing)");
            }
        }

        @Override
        public String label() {
            return "p" + number(quantile * 100) + " > " + number(above.toNanos() / 1e6) + "ms";
        }
    }

    /**
     * Answers distributed otherwise than the champion's in the same time.
     *
     * @param psi population stability index that is too much
     */
    record OutputShift(double psi) implements RollBackRule {
        public OutputShift {
            if (!(psi > 0)) {
                throw new IllegalArgumentException("psi: " + psi + " (expected: above 0)");
            }
        }

        @Override
        public String label() {
            return "output_psi > " + number(psi);
        }
    }

    /**
     * Another label than the champion's, or other tensors, for more rows than this, among those that both answered.
     *
     * @param above a share, from 0 to 1
     */
    record Disagreement(double above) implements RollBackRule {
        public Disagreement {
            requireShare("disagreement", above);
        }

        @Override
        public String label() {
            return "disagreement > " + number(above * 100) + "%";
        }
    }

    /**
     * Values, probabilities or floating-point tensors that differ from the champion's by more than this on average, among rows that both
     * answered; tensors that have nothing to compare with differ by more than anything.
     *
     * @param above in the unit of the answers
     */
    record MeanDifference(double above) implements RollBackRule {
        public MeanDifference {
            if (!(above > 0)) {
                throw new IllegalArgumentException("mean_difference: " + above + " (expected: above 0)");
            }
        }

        @Override
        public String label() {
            return "mean_difference > " + number(above);
        }
    }

    /**
     * A lower mean score on labelled predictions than the champion's, beyond doubt: see {@link ConfidenceSequence}.
     *
     * @param margin by how much it may be lower, from 0 to 1
     */
    record QualityLoss(double margin) implements RollBackRule {
        public QualityLoss {
            requireShare("quality", margin);
        }

        @Override
        public String label() {
            return "quality < champion" + (margin == 0 ? "" : " - " + number(margin * 100) + "%");
        }
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + ": " + share + " (expected: from 0% to 100%)");
        }
    }

    private static String number(double value) {
        double rounded = Math.round(value * 1e6) / 1e6;
        return rounded == Math.rint(rounded) ? Long.toString((long) rounded) : Double.toString(rounded);
    }

    /**
     * A rule as a pipeline file says it: {@code error_rate > 1%}, {@code p99 > 50ms}, {@code output_psi > 0.25},
     * {@code disagreement > 5%}, {@code mean_difference > 0.1}, {@code quality < champion - 1%}.
     *
     * @throws InvalidInputException when it is none
     */
    static RollBackRule parse(String text) {
        Matcher quality = Pattern.compile("\\s*quality\\s*<\\s*champion(?:\\s*-\\s*([0-9]*\\.?[0-9]+)\\s*(%?))?\\s*")
                .matcher(text.toLowerCase(Locale.ROOT));
        if (quality.matches()) {
            return quality(text, quality);
        }
        Matcher matcher = Pattern.compile("\\s*([a-z_]+)([0-9.]*)\\s*>\\s*([0-9]*\\.?[0-9]+)\\s*(%|us|ms|s|)\\s*")
                .matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new InvalidInputException(
                    "roll_back_if: '" + text + "' (expected: error_rate > 1%, p99 > 50ms, output_psi > 0.25,"
                            + " disagreement > 5%, mean_difference > 0.1 or quality < champion)");
        }
        double value = Double.parseDouble(matcher.group(3));
        String unit = matcher.group(4);
        try {
            return switch (matcher.group(1)) {
                case "error_rate" -> new ErrorRate(unit.equals("%") ? value / 100 : value);
                case "p" -> new Latency(quantile(matcher.group(2)), duration(value, unit));
                case "output_psi" -> new OutputShift(value);
                case "disagreement" -> new Disagreement(unit.equals("%") ? value / 100 : value);
                case "mean_difference" -> new MeanDifference(value);
                default ->
                    throw new InvalidInputException("roll_back_if: '" + text + "' names " + matcher.group(1)
                            + " (expected: error_rate, a latency such as p99, output_psi, disagreement,"
                            + " mean_difference, or quality < champion)."
                            + Words.suggestion(matcher.group(1), NAMES));
            };
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("roll_back_if: '" + text + "': " + e.getMessage());
        }
    }

    private static RollBackRule quality(String text, Matcher quality) {
        double margin = quality.group(1) == null ? 0 : Double.parseDouble(quality.group(1));
        try {
            return new QualityLoss("%".equals(quality.group(2)) ? margin / 100 : margin);
        } catch (IllegalArgumentException e) {
            throw new InvalidInputException("roll_back_if: '" + text + "': " + e.getMessage());
        }
    }

    private static double quantile(String percent) {
        return percent.isEmpty() ? 0 : new BigDecimal(percent).movePointLeft(2).doubleValue();
    }

    private static Duration duration(double value, String unit) {
        double nanos = switch (unit) {
            case "us" -> 1e3;
            case "ms" -> 1e6;
            case "s" -> 1e9;
            default -> throw new IllegalArgumentException("unit: '" + unit + "' (expected: us, ms or s)");
        };
        return Duration.ofNanos(Math.round(value * nanos));
    }
}
