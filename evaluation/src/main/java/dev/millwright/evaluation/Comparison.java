package dev.millwright.evaluation;

/**
 * Two models on the same rows.
 *
 * @param difference how much better the challenger is: positive when it is better, also where smaller values are
 * @param low lower end of the 95 % interval of {@code difference}; NaN when there is none
 */
public record Comparison(
        String metric, double champion, double challenger, double difference, double low, double high) {

    /** Whether the challenger is better beyond chance. A tie, or an undefined metric, does not pass. */
    public boolean passes() {
        return low > 0;
    }
}
