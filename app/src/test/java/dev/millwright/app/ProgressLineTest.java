package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.pipelines.RunEvent.StepProgress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressLineTest {
    private static final StepProgress WORK =
            new StepProgress("ingest transactions", "bytes of transactions", 786_432_000, 6_292_676_000L);

    private static String line(StepProgress progress, Duration elapsed, int columns) {
        return new ProgressLine("ingest transactions", progress, 0, elapsed).within(columns);
    }

    @Test
    void saysEverything_whereThereIsRoom() {
        assertThat(line(WORK, Duration.ofSeconds(2), Integer.MAX_VALUE))
                .isEqualTo("  … ingest transactions        ███░░░░░░░░░░░░░░░░░░░░░  12 %  "
                        + "786,432,000/6,292,676,000 bytes of transactions, 393.2M/s, 14 s left");
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 60, 79, 99, 139})
    void fitsItsWidth_andKeepsRateAndTimeLeft(int columns) {
        assertThat(line(WORK, Duration.ofSeconds(2), columns))
                .hasSizeLessThanOrEqualTo(columns)
                .startsWith("  … ingest transactions")
                .contains("12 %")
                .endsWith("393.2M/s, 14 s left");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 20})
    void isCut_whereNothingFits(int columns) {
        assertThat(line(WORK, Duration.ofSeconds(2), columns)).hasSizeLessThanOrEqualTo(columns);
    }

    @Test
    void givesNoRate_beforeItCanBeMeasured() {
        assertThat(line(WORK, Duration.ofMillis(1), 79))
                .endsWith("786.4M/6.3G bytes")
                .doesNotContain("/s");
    }

    @Test
    void doesNotCountWhatWasDoneBeforeItLooked() {
        ProgressLine line =
                new ProgressLine("ingest transactions", WORK, WORK.done() - 1_000_000, Duration.ofSeconds(1));

        assertThat(line.within(99)).contains(" 1.0M/s");
    }

    @Test
    void countsWithoutABar_whereTheTotalIsNotKnown() {
        assertThat(line(new StepProgress("s", "rows", 1_200, 0), Duration.ofSeconds(1), 79))
                .isEqualTo("  … ingest transactions        1,200 rows, 1.2k/s");
    }
}
