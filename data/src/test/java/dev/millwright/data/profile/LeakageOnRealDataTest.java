package dev.millwright.data.profile;

import static dev.millwright.data.Workbench.realData;
import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.data.SourceSpec;
import dev.millwright.data.TypedTable;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** What columns of public data sets are accused of; ADR 24 lists the figures. */
class LeakageOnRealDataTest {
    @TempDir
    Path folder;

    private ProfileBench bench;

    @BeforeEach
    void open() {
        bench = new ProfileBench(folder);
    }

    @AfterEach
    void close() {
        bench.close();
    }

    private LeakageStudy study(String file, String label) {
        TypedTable table = bench.read(SourceSpec.of("data", realData(file).toString()));
        return bench.profile(table, ProfileRequest.of("data").withLabel(label))
                .leakage()
                .orElseThrow();
    }

    private static List<String> accused(LeakageStudy study) {
        return study.warnings().stream()
                .flatMap(warning -> warning.columns().stream())
                .toList();
    }

    /** How long a call took isn't known before it, and afterwards the answer is known, too. */
    @Test
    void putsTheDurationOfACallFirst_farAboveTheRest() {
        LeakageStudy study = study("bank_marketing/bank_full_header.csv", "deposit");
        ColumnScore first = study.scores().getFirst();
        assertThat(first.column()).isEqualTo("duration");
        assertThat(first.score().value()).isBetween(0.80, 0.81);
        assertThat(study.strength(first))
                .isGreaterThan(2.2 * study.strength(study.scores().get(1)));
        assertThat(study.warnings())
                .containsExactly(
                        new LeakageWarning(
                                LeakageWarning.Kind.FAR_ABOVE_THE_REST,
                                List.of("duration"),
                                "duration alone predicts deposit with ROC AUC 0.806, far above the next column (ROC AUC 0.652) and"
                                        + " above the 15 others together (ROC AUC 0.769). Is it known when a prediction is made?"));
    }

    @Test
    void accusesNoColumnOfCustomers() {
        LeakageStudy study = study("telco_churn/Telco-Customer-Churn.csv", "Churn");
        assertThat(study.warnings()).isEmpty();
        assertThat(study.scores()).hasSize(20);
        assertThat(study.scores().getFirst().column()).isEqualTo("Contract");
    }

    @TestFactory
    Stream<DynamicTest> accusesNoColumnOfTheCensus() {
        return Stream.of("adult/adult-train.csv", "adult/adult-test.csv")
                .map(file -> DynamicTest.dynamicTest(file, () -> {
                    LeakageStudy study = study(file, "column15");
                    assertThat(study.warnings()).isEmpty();
                    assertThat(study.scores()).hasSize(14);
                }));
    }

    @Test
    void accusesNoColumnOfCreditsAndMachines() {
        assertThat(study("german_credit/german.csv", "column21").warnings()).isEmpty();
        assertThat(study("ai4i2020/ai4i2020.csv", "Machine failure").warnings()).isEmpty();
    }

    /** Rentals are the sum of those by registered and by casual users; a flight is late when it leaves late. */
    @Test
    void accusesAPartOfASum_andWhatIsKnownHalfWay() {
        assertThat(accused(study("bike_sharing/hour.csv", "cnt"))).containsExactly("registered");
        assertThat(accused(study("nycflights13/flights.parquet", "arr_delay"))).containsExactly("dep_delay");
    }
}
