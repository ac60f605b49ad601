package dev.millwright.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.Divergence;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

/** Against SciPy, by {@code make_statistics.py}. */
class BinStatisticsTest {
    private static JsonNode fixture(String name) throws IOException {
        try (InputStream stream =
                Objects.requireNonNull(BinStatisticsTest.class.getResourceAsStream("statistics.json"))) {
            return new ObjectMapper().readTree(stream).get(name);
        }
    }

    private static long[] longs(JsonNode array) {
        long[] values = new long[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asLong();
        }
        return values;
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asDouble();
        }
        return values;
    }

    @Test
    void agreesWithSciPy_onTwoBinnedSamples() throws IOException {
        for (JsonNode node : fixture("cases")) {
            long[] reference = longs(node.get("reference"));
            long[] window = longs(node.get("window"));
            assertThat(Divergence.psi(reference, window))
                    .isCloseTo(node.get("psi").asDouble(), within(1e-12));
            assertThat(Divergence.jensenShannon(reference, window))
                    .isCloseTo(node.get("jensen_shannon").asDouble(), within(1e-9));
            assertThat(BinStatistics.chiSquare(reference, window))
                    .isCloseTo(node.get("chi_square").asDouble(), Percentage.withPercentage(1e-9));
            assertThat(BinStatistics.chiSquarePValue(reference, window))
                    .isCloseTo(node.get("p_value").asDouble(), Percentage.withPercentage(1e-6));
            assertThat(BinStatistics.kolmogorovSmirnov(reference, window, reference.length))
                    .isCloseTo(node.get("ks").asDouble(), within(1e-12));
        }
    }

    @Test
    void agreesWithSciPy_onBenjaminiAndHochberg() throws IOException {
        for (JsonNode node : fixture("corrections")) {
            assertThat(BinStatistics.benjaminiHochberg(doubles(node.get("p"))))
                    .containsExactly(doubles(node.get("corrected")), within(1e-12));
        }
    }

    @Test
    void saysNothingAboutNothing() {
        long[] none = new long[4];
        long[] some = {1, 2, 3, 4};
        assertThat(BinStatistics.chiSquarePValue(none, some)).isEqualTo(1);
        assertThat(BinStatistics.chiSquarePValue(new long[] {5, 0}, new long[] {9, 0}))
                .isEqualTo(1);
        assertThat(Divergence.jensenShannon(none, some)).isZero();
        assertThat(BinStatistics.kolmogorovSmirnov(none, some, 4)).isZero();
        assertThat(Divergence.psi(some, some)).isZero();
    }
}
