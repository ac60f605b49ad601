package dev.millwright.plan;

/**
 * How many values there are, their mean, and the sum of their squared deviations from it: values one by one as in B. P. Welford (1962),
 * parts put together as in T. Chan, G. Golub and R. LeVeque, "Updating formulae and a pairwise algorithm for computing sample
 * variances" (1979).
 */
record Deviations(long count, double mean, double squares) {
    static final Deviations NONE = new Deviations(0, 0, 0);

    Deviations with(double value) {
        double before = value - mean;
        double next = mean + before / (count + 1);
        return new Deviations(count + 1, next, squares + before * (value - next));
    }

    Deviations and(Deviations other) {
        if (count == 0 || other.count == 0) {
            return count == 0 ? other : this;
        }
        long total = count + other.count;
        double apart = other.mean - mean;
        return new Deviations(
                total,
                mean + apart * other.count / total,
                squares + other.squares + apart * apart * count * other.count / total);
    }
}
