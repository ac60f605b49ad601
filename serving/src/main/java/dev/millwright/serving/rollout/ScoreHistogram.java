package dev.millwright.serving.rollout;

/**
 * How often scores from 0 to 1 came, in a hundred and one bins, so that any number of them takes the same room. A score between two
 * bins is divided between them by its distance, which leaves the mean as it is. Not thread-safe.
 */
final class ScoreHistogram {
    static final int LAST = 100;

    private final double[] counts = new double[LAST + 1];
    private long scores;
    private double sum;

    /** Takes a score, from 0 to 1. */
    void add(double score) {
        if (!(score >= 0 && score <= 1)) {
            throw new IllegalArgumentException("score: " + score + " (expected: from 0 to 1)");
        }
        double place = score * LAST;
        int below = Math.min(LAST - 1, (int) place);
        double above = place - below;
        counts[below] += 1 - above;
        counts[below + 1] += above;
        scores++;
        sum += score;
    }

    long scores() {
        return scores;
    }

    /** Of all scores; not a number when there are none. */
    double mean() {
        return sum / scores;
    }

    double sum() {
        return sum;
    }

    double count(int bin) {
        return counts[bin];
    }

    /** That of one minus each score. */
    ScoreHistogram reflected() {
        ScoreHistogram reflected = new ScoreHistogram();
        for (int bin = 0; bin <= LAST; bin++) {
            reflected.counts[LAST - bin] = counts[bin];
        }
        reflected.scores = scores;
        reflected.sum = scores - sum;
        return reflected;
    }
}
