package dev.millwright.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.xml.sax.InputSource;

class EvaluationReportTest {
    private static final Pattern TAG = Pattern.compile("<(/?)([a-z0-9]+)((?:[^<>\"]|\"[^\"]*\")*?)(/?)>");
    private static final Set<String> VOID = Set.of("meta", "link", "br");

    private record Sample(String name, ReportInput input) {}

    private static Stream<Sample> samples() {
        return Stream.of(
                new Sample("binary", ReportSamples.binary()),
                new Sample("rare", ReportSamples.rare()),
                new Sample("multiclass", ReportSamples.multiclass()),
                new Sample("regression", ReportSamples.regression()),
                new Sample("hostile", ReportSamples.hostile()));
    }

    /** The pages are left in target/reports, for people to look at. */
    @TestFactory
    Stream<DynamicTest> everyReportIsWellFormedAndSelfContained() {
        return samples()
                .map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
                    String html = EvaluationReport.html(sample.input());
                    save(sample.name() + ".html", html);
                    assertWellFormed(html);
                    assertThat(html)
                            .doesNotContain("<script", "http://", "https://", "url(", "NaN", "Infinity", "@import");
                    assertThat(html.length()).isLessThan(400_000);
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyCardIsWellFormed() {
        return samples()
                .map(sample -> DynamicTest.dynamicTest(sample.name(), () -> {
                    CardInput card = new CardInput(
                            sample.input(),
                            CardInput.Statements.none(),
                            List.of("millwright run churn.yaml --set DATA=data"));
                    save(sample.name() + "-card.html", ModelCard.html(card));
                    save(sample.name() + "-card.md", ModelCard.markdown(card));
                    assertWellFormed(ModelCard.html(card));
                    assertThat(ModelCard.markdown(card)).doesNotContain("<script", "NaN");
                }));
    }

    private static void save(String name, String text) throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "reports"));
        Files.writeString(folder.resolve(name), text);
    }

    @Test
    void aReportNamesItsModelAndDataAndShowsIntervals() {
        String html = EvaluationReport.html(ReportSamples.binary());
        assertThat(html)
                .contains("<h1>churn <span>1.2.0</span></h1>")
                .contains("0198f2c41b7a7d3c9a8be5d0b6f2a911", "5812374619283746123", "2026-03-04 05:06 UTC")
                .contains("label is missing", "churn = &#39;Yes&#39;")
                .contains("Confusion matrix", "Calibration", "ROC curve", "Precision and recall", "Cumulative gains");
        MetricValue auc =
                ReportSamples.binary().test().orElseThrow().find("roc_auc").orElseThrow();
        assertThat(html).contains(Figures.score(auc.value()), Figures.interval(auc.low(), auc.high()));
    }

    @Test
    void aModelThatWasNotEvaluatedSaysSo() {
        ReportInput evaluated = ReportSamples.regression();
        ReportInput input = new ReportInput(
                evaluated.facts(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of());
        assertThat(EvaluationReport.html(input)).contains("This model was not evaluated");
    }

    @Test
    void undefinedMetricsAreCalledUndefined() {
        ReportInput sample = ReportSamples.binary();
        Evaluation oneClass = Evaluator.evaluate(Fixtures.truth(0, 0), Fixtures.binary(0.1f, 0.2f), 10, 1);
        ReportInput input = new ReportInput(
                sample.facts(), Optional.empty(), Optional.of(oneClass), Optional.empty(), Optional.empty(), List.of());
        assertThat(EvaluationReport.html(input)).contains(Figures.UNDEFINED).doesNotContain("NaN");
    }

    @Test
    void aCardSaysWhatIsStatedAndNothingElse() {
        CardInput card = new CardInput(ReportSamples.binary(), CardInput.Statements.none(), List.of());
        String text = ModelCard.markdown(card);
        assertThat(text)
                .startsWith("# Model card: churn 1.2.0\n\n## Model details\n")
                .containsSubsequence(
                        "## Intended use",
                        "## Factors\n\nNot stated.",
                        "## Metrics",
                        "## Evaluation data",
                        "## Training data",
                        "## Quantitative analyses",
                        "## Ethical considerations\n\nNot stated.",
                        "## Caveats and recommendations",
                        "## How to reproduce\n\nNot stated.")
                .contains("Which customers are about to leave")
                .contains("3 of 7,043 rows of customers were quarantined", "11 rows were left out (label is missing)")
                .contains("- **Licence**: Not stated");
    }

    private static void assertWellFormed(String html) throws Exception {
        Deque<String> open = new ArrayDeque<>();
        Matcher tag = TAG.matcher(html.replaceAll("(?s)<style>.*?</style>", ""));
        while (tag.find()) {
            if (VOID.contains(tag.group(2)) || !tag.group(4).isEmpty()) {
                continue;
            }
            if (tag.group(1).isEmpty()) {
                open.push(tag.group(2));
            } else {
                assertThat(open).as("before " + tag.group()).isNotEmpty();
                assertThat(tag.group(2)).isEqualTo(open.pop());
            }
        }
        assertThat(open).isEmpty();
        Matcher svg = Pattern.compile("(?s)<svg.*?</svg>").matcher(html);
        while (svg.find()) {
            DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new InputSource(new StringReader(svg.group())));
        }
    }
}
