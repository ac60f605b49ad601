package dev.millwright.web;

import dev.millwright.web.page.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What sample pages have in common: the time at which they are looked at, two runs, and curves. */
final class SampleValues {
    static final Instant NOW = Instant.parse("2026-11-21T14:03:07Z");
    static final String RUN = "0193a5c27b1e7c3f9a40d1c2b3a49586";
    static final String OTHER_RUN = "0193a49f0d117f7ab1c2d3e4f5061728";

    private SampleValues() {}

    static Moment ago(Duration duration) {
        return new Moment(NOW.minus(duration), NOW);
    }

    static List<Double> wave(int seed, int count, double level) {
        Random random = new Random(seed);
        List<Double> values = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            values.add(level * (1 + 0.35 * Math.sin(i / 7.0) + 0.25 * random.nextDouble()));
        }
        return values;
    }
}
