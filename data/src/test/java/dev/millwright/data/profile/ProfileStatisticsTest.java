package dev.millwright.data.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.millwright.core.Task;
import dev.millwright.data.SourceSpec;
import dev.millwright.data.profile.NumberSummary.Quantiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** Against pandas, SciPy and scikit-learn, by {@code profile_statistics.py}. */
@TestInstance(Lifecycle.PER_CLASS)
class ProfileStatisticsTest {
    private ProfileBench bench;
    private DataProfile profile;
    private Sample sample;
    private JsonNode answers;

    @BeforeAll
    void read(@TempDir Path folder) throws IOException {
        bench = new ProfileBench(folder);
        SourceSpec table = bench.file(
                "statistics.csv", new String(resource("statistics.csv").readAllBytes()));
        TableQuery query = new TableQuery(bench.session(), bench.read(table));
        profile = bench.profile(query.table(), ProfileRequest.of("people"));
        sample = Sample.of(query, 0);
        answers = new ObjectMapper().readTree(resource("statistics.json"));
    }

    @AfterAll
    void close() {
        bench.close();
    }

    private static InputStream resource(String name) {
        return Objects.requireNonNull(ProfileStatisticsTest.class.getResourceAsStream(name));
    }

    private SampleColumn column(String name) {
        return sample.columns().stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private double[] numbers(String name) {
        return ((SampleColumn.Numeric) column(name)).values();
    }

    private byte[] folds() {
        byte[] folds = new byte[sample.rows()];
        for (int row = 0; row < folds.length; row++) {
            folds[row] = (byte) numbers("fold")[row];
        }
        return folds;
    }

    private Association association(String pair) {
        List<String> names = List.of(pair.split(","));
        return profile.associations().stream()
                .filter(each -> names.containsAll(List.of(each.first(), each.second())))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void agreesOnNumbers() {
        answers.get("numbers").properties().forEach(entry -> {
            NumberSummary found = profile.columns().stream()
                    .filter(column -> column.name().equals(entry.getKey()))
                    .findFirst()
                    .flatMap(ColumnSummary::numbers)
                    .orElseThrow();
            JsonNode wanted = entry.getValue();
            assertThat(found.mean()).isCloseTo(wanted.get("mean").asDouble(), within(1e-9));
            assertThat(found.deviation()).isCloseTo(wanted.get("deviation").asDouble(), within(1e-9));
            assertThat(found.skewness().orElseThrow())
                    .isCloseTo(wanted.get("skewness").asDouble(), within(1e-9));
            assertThat(found.outliers().mad()).isCloseTo(wanted.get("mad").asDouble(), within(1e-9));
            assertThat(List.of(
                            found.outliers().below(),
                            found.outliers().above(),
                            found.outliers().extreme()))
                    .containsExactly(
                            wanted.get("below").asLong(),
                            wanted.get("above").asLong(),
                            wanted.get("extreme").asLong());
            Quantiles of = found.quantiles();
            double[] quantiles = {of.p01(), of.p05(), of.p25(), of.p50(), of.p75(), of.p95(), of.p99()};
            for (int i = 0; i < quantiles.length; i++) {
                assertThat(quantiles[i])
                        .isCloseTo(wanted.get("quantiles").get(i).asDouble(), within(1e-9));
            }
        });
    }

    @Test
    void agreesOnAssociations() {
        answers.get("pearson")
                .properties()
                .forEach(pair -> assertThat(association(pair.getKey()).pearson().orElseThrow())
                        .as(pair.getKey())
                        .isCloseTo(pair.getValue().asDouble(), within(1e-12)));
        for (String measure : List.of("spearman", "cramers_v", "eta")) {
            answers.get(measure)
                    .properties()
                    .forEach(pair -> assertThat(association(pair.getKey()).value())
                            .as(measure + " of " + pair.getKey())
                            .isCloseTo(pair.getValue().asDouble(), within(1e-12)));
        }
        answers.get("information")
                .properties()
                .forEach(pair -> assertThat(association(pair.getKey()).mutualInformation())
                        .as(pair.getKey())
                        .isCloseTo(pair.getValue().asDouble(), within(1e-12)));
    }

    @Test
    void agreesOnWhatIsMissingTogether() {
        MissingPatterns missing = profile.missing();
        assertThat(missing.complete()).isEqualTo(answers.get("complete").asLong());
        assertThat(missing.patterns())
                .contains(new MissingPatterns.Pattern(
                        List.of("age", "income"),
                        answers.get("missing_age_and_income_only").asLong()));
        assertThat(missing.together().getFirst().phi())
                .isCloseTo(answers.get("phi").get("age,income").asDouble(), within(1e-12));
    }

    @Test
    void agreesOnWhatOneColumnPredicts() {
        ColumnScorer scorer =
                new ColumnScorer(new Target.Classes(Task.BINARY, column("left").codes()), folds());
        assertScore(
                scorer.score(column("city")).score().score(),
                answers.get("roc_auc").get("city"));
        assertScore(
                scorer.score(List.of(byValue("age", scorer))),
                answers.get("roc_auc").get("age"));
        ColumnScorer ofNumber = new ColumnScorer(new Target.Numbers(numbers("spent")), folds());
        assertScore(
                ofNumber.score(column("city")).score().score(),
                answers.get("r2").get("city"));
        int[] oneBin = column("income").codes().presence().of();
        float[] lines = OutOfFold.lines(new Codes(oneBin, 1), numbers("income"), numbers("spent"), folds());
        assertScore(
                FoldScore.r2(lines, numbers("spent"), folds()),
                answers.get("r2").get("income"));
    }

    @Test
    void agreesOnWhatColumnsPredictTogether() {
        ColumnScorer scorer =
                new ColumnScorer(new Target.Classes(Task.BINARY, column("left").codes()), folds());
        List<ColumnScorer.Scored> scored = new ArrayList<>();
        List.of("city", "speaks").forEach(name -> scored.add(scorer.score(column(name))));
        scored.add(new ColumnScorer.Scored(scored.getFirst().score(), List.of(byValue("age", scorer))));
        assertScore(
                new Together(scorer, folds()).score(scored),
                answers.get("roc_auc").get("together"));
    }

    private float[] byValue(String name, ColumnScorer scorer) {
        return OutOfFold.means(column(name).codes(), scorer.outputs().getFirst(), folds());
    }

    /** Predictions are kept in single precision. */
    private static void assertScore(FoldScore found, JsonNode wanted) {
        assertThat(found.value()).isCloseTo(wanted.get("value").asDouble(), within(1e-6));
        assertThat(found.low()).isCloseTo(wanted.get("low").asDouble(), within(1e-6));
        assertThat(found.high()).isCloseTo(wanted.get("high").asDouble(), within(1e-6));
    }
}
