package dev.millwright.serving.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfidenceSequenceTest {
    private static ScoreHistogram scores(JsonNode numbers) {
        ScoreHistogram histogram = new ScoreHistogram();
        numbers.forEach(number -> histogram.add(number.doubleValue()));
        return histogram;
    }

    /** {@code confidence_sequences.py} computes from single scores, without bins or a grid. */
    @Test
    void holdsWhatIsComputedFromSingleScores_andHardlyMore() throws IOException {
        try (InputStream stream = Objects.requireNonNull(getClass().getResourceAsStream("confidence_sequences.json"))) {
            for (JsonNode known : new ObjectMapper().readTree(stream)) {
                double alpha = known.get("alpha").doubleValue();
                assertHolds(ConfidenceSequence.ofMean(scores(known.get("first")), alpha), known.get("mean"), 0.0015);
                assertHolds(
                        ConfidenceSequence.ofDifference(scores(known.get("first")), scores(known.get("second")), alpha),
                        known.get("difference"),
                        0.005);
            }
        }
    }

    private static void assertHolds(ConfidenceSequence found, JsonNode known, double slack) {
        double rounding = 1e-4;
        assertThat(found.lower())
                .isBetween(known.get(0).doubleValue() - slack, known.get(0).doubleValue() + rounding);
        assertThat(found.upper())
                .isBetween(known.get(1).doubleValue() - rounding, known.get(1).doubleValue() + slack);
    }

    /** Scores that are 0 or 1: what is known depends on their numbers alone, so that it need be computed only once. */
    private static final class Counted {
        private final Map<Long, double[][]> known = new HashMap<>();

        /** Capitals against means that are too low, and too high. */
        double[][] capitals(int scores, int ones) {
            return known.computeIfAbsent(((long) scores << 32) | ones, _ -> {
                ScoreHistogram histogram = new ScoreHistogram();
                for (int i = 0; i < scores; i++) {
                    histogram.add(i < ones ? 1 : 0);
                }
                return new double[][] {Betting.above(histogram), Betting.below(histogram)};
            });
        }
    }

    /** Runs in which a difference was ever found, looking after every score. */
    private static int alarms(int runs, int scores, double first, double second, double alpha) {
        Counted counted = new Counted();
        SplittableRandom random = new SplittableRandom(91);
        double enough = Math.log(2 / alpha);
        int alarms = 0;
        for (int run = 0; run < runs; run++) {
            int[] ones = new int[2];
            boolean alarm = false;
            for (int n = 1; n <= scores && !alarm; n++) {
                ones[0] += random.nextDouble() < first ? 1 : 0;
                ones[1] += random.nextDouble() < second ? 1 : 0;
                double[][] a = counted.capitals(n, ones[0]);
                double[][] b = counted.capitals(n, ones[1]);
                alarm = ConfidenceSequence.smallestProduct(a[0], b[1], 0) >= enough
                        || ConfidenceSequence.smallestProduct(b[0], a[1], 0) >= enough;
            }
            alarms += alarm ? 1 : 0;
        }
        return alarms;
    }

    @ParameterizedTest
    @CsvSource({"0.6, 0.2", "0.95, 0.1"})
    void raisesNoMoreFalseAlarmsThanAlpha_howeverOftenOneLooks(double mean, double alpha) {
        int runs = 300;

        assertThat(alarms(runs, 80, mean, mean, alpha)).isLessThanOrEqualTo((int) (runs * alpha));
    }

    @Test
    void findsARealDifference() {
        assertThat(alarms(40, 120, 0.95, 0.6, 0.05)).isGreaterThan(36);
    }

    @Test
    void holdsTheMean_howeverOftenOneLooks() {
        Counted counted = new Counted();
        SplittableRandom random = new SplittableRandom(17);
        double alpha = 0.2;
        int runs = 300;
        int left = 0;
        for (int run = 0; run < runs; run++) {
            int ones = 0;
            boolean outside = false;
            for (int n = 1; n <= 80 && !outside; n++) {
                ones += random.nextDouble() < 0.3 ? 1 : 0;
                double[][] capitals = counted.capitals(n, ones);
                outside = Math.max(capitals[0][300], capitals[1][300]) >= Math.log(2 / alpha);
            }
            left += outside ? 1 : 0;
        }
        assertThat(left).isLessThanOrEqualTo((int) (runs * alpha)).isPositive();
    }

    @Test
    void isNarrowerForPairs_thanForStrangers() {
        SplittableRandom random = new SplittableRandom(5);
        ScoreHistogram first = new ScoreHistogram();
        ScoreHistogram second = new ScoreHistogram();
        ScoreHistogram pairs = new ScoreHistogram();
        for (int i = 0; i < 1000; i++) {
            double difficulty = random.nextDouble();
            double better = Math.min(1, difficulty + 0.02);
            first.add(difficulty);
            second.add(better);
            pairs.add((1 + better - difficulty) / 2);
        }
        ConfidenceSequence paired = ConfidenceSequence.ofPairs(pairs, 0.05);
        assertThat(paired.isAbove(0)).isTrue();
        assertThat(paired.isBelow(0.03)).isTrue();
        assertThat(ConfidenceSequence.ofDifference(first, second, 0.05).isAbove(0))
                .isFalse();
    }

    @Test
    void knowsNothing_beforeThereAreScores() {
        assertThat(ConfidenceSequence.ofMean(new ScoreHistogram(), 0.05)).isEqualTo(new ConfidenceSequence(0, 1));
        assertThat(ConfidenceSequence.ofDifference(new ScoreHistogram(), new ScoreHistogram(), 0.05))
                .isEqualTo(new ConfidenceSequence(-1, 1));
    }

    @Test
    void keepsTheMeanOfScoresBetweenBins() {
        ScoreHistogram histogram = new ScoreHistogram();
        histogram.add(0.1234);
        histogram.add(1);
        histogram.add(0);
        double mean = 0;
        for (int bin = 0; bin <= ScoreHistogram.LAST; bin++) {
            mean += histogram.count(bin) * bin / ScoreHistogram.LAST / 3;
        }
        assertThat(histogram.mean()).isCloseTo(1.1234 / 3, within(1e-12));
        assertThat(mean).isCloseTo(1.1234 / 3, within(1e-12));
        assertThat(histogram.reflected().mean()).isCloseTo(1 - 1.1234 / 3, within(1e-12));
        assertThatThrownBy(() -> histogram.add(1.1)).hasMessage("score: 1.1 (expected: from 0 to 1)");
    }
}
