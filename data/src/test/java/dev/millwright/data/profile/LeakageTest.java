package dev.millwright.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Task;
import dev.millwright.data.TypedTable;
import dev.millwright.data.profile.ColumnScore.Basis;
import dev.millwright.data.profile.LeakageWarning.Kind;
import dev.millwright.data.profile.ProfileRequest.Parting;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** On customers who stay or leave for several honest reasons, and one column that tells too much. */
class LeakageTest {
    private static final int ROWS = 3000;

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

    /** Even between 0 and 1, different for each salt. */
    private static String even(int salt) {
        return "(hash(i, " + salt + ") % 1000003) / 1000003.0";
    }

    /** About normal: mean 0, deviation 1. */
    private static String normal(int salt) {
        return "("
                + IntStream.range(0, 12)
                        .mapToObj(i -> even(100 * salt + i))
                        .reduce((a, b) -> a + " + " + b)
                        .orElseThrow()
                + " - 6)";
    }

    /** {@code gone} is 1 in three rows of ten; {@code worth} is a number; {@code plan} has three classes. */
    private static String customers(int seed) {
        return "SELECT i, age, visits, region, device, income, calls, city, score > 0.9 AS gone, worth,"
                + " CASE WHEN score > 0.9 THEN 'c' WHEN score > -0.4 THEN 'b' ELSE 'a' END AS plan FROM (SELECT i,"
                + " 40 + 12 * a AS age, floor(exp(v))::BIGINT AS visits, region, device, income, calls, city,"
                + " 0.7 * a - 0.6 * v + 0.25 * region - 0.4 * (device = 'phone')::INT + 0.3 * calls + n AS score,"
                + " 50 * a + 30 * v + 10 * region + 60 * n AS worth FROM (SELECT i, " + normal(10 + seed) + " AS a, "
                + normal(20 + seed) + " AS v, (hash(i, " + (30 + seed) + ") % 5)::BIGINT AS region,"
                + " CASE WHEN " + even(40 + seed) + " < 0.6 THEN 'phone' ELSE 'desk' END AS device, exp("
                + normal(50 + seed) + ") AS income, (hash(i, " + (60 + seed)
                + ") % 4)::BIGINT AS calls, 'city ' || (hash(i, " + (70 + seed) + ") % 1200) AS city, "
                + normal(80 + seed) + " AS n FROM range(" + ROWS + ") r(i)))";
    }

    /** The honest columns and label, and what {@code leak} adds. */
    private TypedTable leaking(String label, String leak) {
        String labels = Stream.of("gone", "worth", "plan")
                .filter(other -> !other.equals(label))
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
        return bench.table("SELECT * EXCLUDE (i, " + labels + ")" + leak + " FROM (" + customers(1) + ") ORDER BY i");
    }

    private LeakageStudy study(TypedTable table, String label) {
        return bench.profile(table, ProfileRequest.of("customers").withLabel(label))
                .leakage()
                .orElseThrow();
    }

    private static List<String> accused(LeakageStudy study) {
        return study.warnings().stream()
                .flatMap(warning -> warning.columns().stream())
                .distinct()
                .toList();
    }

    @TestFactory
    Stream<DynamicTest> accusesNoHonestColumn() {
        return IntStream.range(0, 2)
                .boxed()
                .flatMap(seed -> Stream.of("gone", "worth", "plan")
                        .map(label -> DynamicTest.dynamicTest(label + " " + seed, () -> {
                            String others = Stream.of("gone", "worth", "plan")
                                    .filter(other -> !other.equals(label))
                                    .reduce((a, b) -> a + ", " + b)
                                    .orElseThrow();
                            TypedTable table = bench.table(
                                    "SELECT * EXCLUDE (i, " + others + ") FROM (" + customers(seed) + ") ORDER BY i");
                            LeakageStudy study = study(table, label);
                            assertThat(study.warnings()).isEmpty();
                            assertThat(study.scores()).hasSize(7);
                            assertThat(study.together().value())
                                    .isGreaterThan(
                                            study.scores().getFirst().score().value());
                        })));
    }

    @TestFactory
    Stream<DynamicTest> accusesAColumnThatHoldsTheLabel() {
        return Stream.of(
                        new Leak("a copy", "gone::INT AS leak"),
                        new Leak("a numeric copy with noise", "gone::INT + 0.45 * " + normal(90) + " AS leak"),
                        new Leak(
                                "the same, with values missing",
                                "CASE WHEN i % 9 > 0 THEN gone::INT + 0.4 * " + normal(90) + " END AS leak"),
                        new Leak("a categorical copy", "CASE WHEN gone THEN 'closed' ELSE 'open' END AS leak"),
                        new Leak(
                                "a categorical copy with mistakes",
                                "CASE WHEN gone <> (" + even(91) + " < 0.04) THEN 'closed' ELSE 'open' END AS leak"),
                        new Leak("an id given out by label", "row_number() OVER (ORDER BY gone, hash(i)) AS leak"),
                        new Leak(
                                "a text id given out by label",
                                "'C-' || row_number() OVER (ORDER BY gone DESC, hash(i)) AS leak"),
                        new Leak(
                                "an id with half of the leavers last",
                                "row_number() OVER (ORDER BY gone AND i % 8 > 0, hash(i)) AS leak"),
                        new Leak(
                                "a text that is there for those who left",
                                "CASE WHEN gone AND i % 20 > 0 THEN 'why ' || i END AS leak"),
                        new Leak(
                                "a number that is there for some who left",
                                "CASE WHEN gone AND i % 4 = 0 THEN age END AS leak"),
                        new Leak(
                                "a number that some who left have not",
                                "CASE WHEN NOT gone OR i % 4 > 0 THEN age END AS leak"),
                        new Leak("the mean label of the city", "avg(gone::INT) OVER (PARTITION BY city) AS leak"),
                        new Leak(
                                "the same, rounded and mirrored",
                                "round(1 - avg(gone::INT) OVER (PARTITION BY city), 4) AS leak"),
                        new Leak(
                                "a class for each that left",
                                "CASE WHEN gone THEN 'l' || i % 40 ELSE 's' || i % 70 END AS leak"))
                .map(leak -> DynamicTest.dynamicTest(leak.name(), () -> {
                    LeakageStudy study = study(leaking("gone", ", " + leak.sql()), "gone");
                    assertThat(accused(study)).as(study.scores().toString()).containsExactly("leak");
                }));
    }

    private record Leak(String name, String sql) {}

    @Test
    void accusesAllOfSeveralLeaks() {
        LeakageStudy study = study(
                leaking(
                        "gone",
                        ", gone::INT + 0.5 * " + normal(90) + " AS noisy, CASE WHEN gone <> (" + even(91)
                                + " < 0.06) THEN 'y' ELSE 'n' END AS flag, NOT gone AS copy, i AS id"),
                "gone");
        assertThat(accused(study)).containsExactlyInAnyOrder("noisy", "flag", "copy");
    }

    @Test
    void saysWhatOfAColumnPredicts() {
        LeakageStudy study = study(
                leaking("gone", ", CASE WHEN gone THEN 1.5 + i END AS why, gone::INT * 1000 + i % 1000 AS ordered"),
                "gone");
        assertThat(study.scores())
                .filteredOn(score -> score.column().equals("why"))
                .extracting(ColumnScore::basis)
                .containsExactly(Basis.MISSINGNESS);
        assertThat(study.warnings())
                .extracting(LeakageWarning::message)
                .contains("whether why is missing alone predicts nearly every gone (ROC AUC 1.000). Is it the label in"
                        + " another form, or known only after it?")
                .anyMatch(message -> message.startsWith("ordered alone predicts nearly every gone"));
    }

    @Test
    void accusesTheMeanOfANumber() {
        LeakageStudy study = study(leaking("worth", ", avg(worth) OVER (PARTITION BY city) AS leak"), "worth");
        assertThat(study.warnings()).extracting(LeakageWarning::kind).containsExactly(Kind.MADE_FROM_THE_LABEL);
    }

    @Test
    void accusesACopyOfANumber_andAPartOfIt() {
        assertThat(accused(study(leaking("worth", ", round(3 * worth - 7, 1) AS leak"), "worth")))
                .containsExactly("leak");
        assertThat(accused(study(leaking("worth", ", worth + 25 * " + normal(90) + " AS leak"), "worth")))
                .containsExactly("leak");
    }

    @Test
    void accusesACopyOfSeveralClasses() {
        LeakageStudy study = study(
                leaking("plan", ", CASE WHEN " + even(90) + " < 0.05 THEN 'none' ELSE 'p-' || plan END AS leak"),
                "plan");
        assertThat(study.task()).isEqualTo(Task.MULTICLASS);
        assertThat(accused(study)).containsExactly("leak");
    }

    @Test
    void accusesTimesAfterTheEvent_andWhatComesWithThem() {
        TypedTable table = leaking(
                "gone",
                ", TIMESTAMP '2025-01-01' + to_hours(i) AS opened, CASE WHEN i % 3 = 0 THEN TIMESTAMP '2025-01-01' +"
                        + " to_hours(i + 30 + i % 50) END AS closed, CASE WHEN i % 3 = 0 THEN 'agent ' || i % 7 END AS agent,"
                        + " TIMESTAMP '2024-06-01' + to_hours(i - i % 90) AS known");
        DataProfile profile = bench.profile(
                table, ProfileRequest.of("tickets").withLabel("gone").withTime("opened"));
        assertThat(profile.warnings())
                .containsExactly(new LeakageWarning(
                        Kind.KNOWN_AFTER,
                        List.of("closed", "agent"),
                        "closed is later than opened in 100.0 % of the rows that have both: unless it was planned, it is"
                                + " known only afterwards; so is agent, which is missing in the same rows."));
    }

    @TestFactory
    Stream<DynamicTest> accusesRowsThatTrainAndTestShare() {
        String honest = "SELECT * EXCLUDE (worth, plan) FROM (" + customers(1) + ")";
        String copied = honest + " WHERE i % 5 = 0";
        return Stream.of(
                        new Leak("copies", honest + " UNION ALL " + copied),
                        new Leak(
                                "nearly copies",
                                honest + " UNION ALL SELECT i + 9000, age + 1e-6, visits, region, upper(device),"
                                        + " income * 1.0000001, calls, city || ' ', gone FROM (" + copied + ")"))
                .map(leak -> DynamicTest.dynamicTest(leak.name(), () -> {
                    DataProfile profile = bench.profile(
                            bench.table(leak.sql()),
                            ProfileRequest.of("customers").withLabel("gone").withEntity("i"));
                    assertThat(profile.warnings())
                            .extracting(LeakageWarning::kind)
                            .containsExactly(Kind.SHARED_ROWS);
                    // Four fifths of two rows of every six have their twin among the training rows.
                    assertThat(profile.leakage()
                                    .flatMap(LeakageStudy::sharedRows)
                                    .orElseThrow()
                                    .near())
                            .isBetween(0.25, 0.27);
                }));
    }

    @Test
    void countsRowsThatTwoSourcesShare() {
        TypedTable train = leaking("gone", "");
        TypedTable test =
                bench.table("SELECT gone, city, calls, income, device, region, visits, age FROM (" + customers(1)
                        + ") WHERE i < 100 UNION ALL SELECT gone, city, calls, income + 5000, device, region, visits, age FROM ("
                        + customers(1) + ") WHERE i < 300");
        SharedRows shared = bench.profile(
                        train, ProfileRequest.of("customers").withLabel("gone").withParting(new Parting.BySource(test)))
                .leakage()
                .flatMap(LeakageStudy::sharedRows)
                .orElseThrow();
        assertThat(shared.exact()).isEqualTo(0.25);
        assertThat(shared.by()).isEqualTo(SharedRows.By.SOURCE);
    }

    @Test
    void countsRowsThatComeAgainLater() {
        TypedTable table =
                bench.table("SELECT age, income, gone, TIMESTAMP '2025-01-01' + to_minutes(i) AS moment FROM ("
                        + customers(1)
                        + ") WHERE i < 3000 UNION ALL SELECT age, income, gone, TIMESTAMP '2025-02-01' + to_minutes(i)"
                        + " FROM (" + customers(1) + ") WHERE i < 1000");
        DataProfile profile = bench.profile(
                table,
                ProfileRequest.of("customers")
                        .withLabel("gone")
                        .withTime("moment")
                        .withParting(new Parting.ByTime("moment", 0.25)));
        assertThat(profile.leakage()
                        .flatMap(LeakageStudy::sharedRows)
                        .orElseThrow()
                        .exact())
                .isBetween(0.99, 1.0);
        assertThat(profile.warnings()).extracting(LeakageWarning::kind).containsExactly(Kind.SHARED_ROWS);
    }

    /** Few columns of few values make equal rows by chance: those have both labels. */
    @Test
    void accusesNoRowsThatAreEqualByChance() {
        TypedTable table = bench.table("SELECT region, device, calls, gone FROM (" + customers(1) + ")");
        SharedRows shared = study(table, "gone").sharedRows().orElseThrow();
        assertThat(shared.exact()).isGreaterThan(0.99);
        assertThat(study(table, "gone").warnings()).isEmpty();
    }

    @Test
    void accusesNobodyOnAHandfulOfRows() {
        TypedTable table =
                bench.table("SELECT gone AS copy, age, income, gone FROM (" + customers(1) + ") WHERE i < 60");
        LeakageStudy study = study(table, "gone");
        assertThat(study.warnings()).isEmpty();
        assertThat(study.scores().getFirst().column()).isEqualTo("copy");
    }

    @Test
    void keepsRowsOfAnEntityTogether() {
        // Who a customer is says nothing of others, but all of his rows have his label.
        TypedTable table = bench.table("SELECT 'k' || c AS customer, " + even(5)
                + " AS x, hash(c) % 3 = 0 AS gone FROM (SELECT i," + " i % 400 AS c FROM range(4000) r(i))");
        assertThat(accused(study(table, "gone"))).containsExactly("customer");
        DataProfile grouped = bench.profile(
                table, ProfileRequest.of("visits").withLabel("gone").withEntity("customer"));
        assertThat(grouped.warnings()).isEmpty();
    }

    @Test
    void refusesALabelThatIsNoColumn_withASuggestion() {
        TypedTable table = leaking("gone", "");
        assertThatThrownBy(() -> study(table, "gne"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("--label: gne (expected: a column of the data). Did you mean 'gone'?");
    }

    @Test
    void refusesALabelFromWhichNothingCanBeLearnt() {
        TypedTable table =
                bench.table("SELECT i AS id, 'same' AS constant, 'n' || i AS name, TIMESTAMP '2025-01-01' AS moment,"
                        + " CAST(NULL AS VARCHAR) AS nothing FROM range(50) r(i)");
        assertThatThrownBy(() -> study(table, "constant"))
                .hasMessage("--label: constant has 1 different value(s) (expected: at least two, or there is nothing to"
                        + " learn).");
        assertThatThrownBy(() -> study(table, "nothing")).hasMessageContaining("0 different value(s)");
        assertThatThrownBy(() -> study(table, "name"))
                .hasMessage(
                        "--label: name has 50 classes in 50 rows (expected: several rows of each class, or a number).");
        assertThatThrownBy(() -> study(table, "moment")).hasMessageContaining("label: timestamp (expected:");
    }
}
