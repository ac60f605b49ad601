package dev.millwright.demo;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Draws from the distributions that the generator needs. StrictMath, so that every machine draws the same. Not
 * thread-safe.
 */
final class Draws {
    private final SplittableRandom random;

    /** What is drawn: each has a sequence of its own, so that one more draw in one leaves the others as they were. */
    enum Stream {
        WORLD(0),
        SPELLS(1),
        PAYMENTS(2);

        private final int offset;

        Stream(int offset) {
            this.offset = offset;
        }
    }

    private Draws(SplittableRandom random) {
        this.random = random;
    }

    static Draws of(long seed, Stream stream, int day) {
        long mixed = new SplittableRandom(seed).nextLong() + stream.offset;
        return new Draws(new SplittableRandom(new SplittableRandom(mixed).nextLong() + day));
    }

    double between(double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    /** From {@code low} to {@code high}, both inclusive. */
    int whole(int low, int high) {
        return random.nextInt(low, high + 1);
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    /** Box and Muller, 1958. */
    double normal(double mean, double deviation) {
        double radius = StrictMath.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return mean + deviation * radius * StrictMath.cos(2 * StrictMath.PI * random.nextDouble());
    }

    double exponential(double mean) {
        return -mean * StrictMath.log(1 - random.nextDouble());
    }

    /** Log-normal with this mean and a deviation of half of it: {@code σ² = ln(1 + ½²)}, {@code μ = ln mean - σ²/2}. */
    double amountAround(double mean) {
        double variance = StrictMath.log(1.25);
        return StrictMath.exp(normal(StrictMath.log(mean) - variance / 2, StrictMath.sqrt(variance)));
    }

    /** Poisson, for small means: counts how many uniform draws multiply to {@code e^-mean}. */
    int poisson(double mean) {
        double limit = StrictMath.exp(-mean);
        int count = 0;
        for (double product = random.nextDouble(); product > limit; product *= random.nextDouble()) {
            count++;
        }
        return count;
    }
}
