package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineCheckTest {
    @TempDir
    private Path folder;

    private Workbench home;

    @BeforeEach
    void open() {
        home = new Workbench(folder);
        home.writeCustomers(50, 1);
    }

    @AfterEach
    void close() {
        home.close();
    }

    private CheckedPipeline check(String text) {
        return PipelineCheck.check(PipelineReader.read("p.yaml", text, Map.of()), home.folder, home.duck);
    }

    private List<String> problems(String text) {
        return catchThrowableOfType(InvalidInputException.class, () -> check(text)).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void knowsEverythingThatARightFileNames() {
        CheckedPipeline pipeline = check(Workbench.customers("[roc_auc >= 0.5, log_loss < champion]"));

        assertThat(pipeline.sources()).containsOnlyKeys("customers");
        assertThat(pipeline.plan().features()).extracting(input -> input.name()).containsExactly("age", "use", "plan");
        assertThat(pipeline.learners())
                .singleElement()
                .satisfies(chosen -> assertThat(chosen.learner().name()).isEqualTo("logistic_regression"));
        assertThat(pipeline.warnings()).isEmpty();
    }

    @Test
    void findsEveryMistakeAtOnce_eachWithItsPlace() {
        assertThat(problems("""
                        pipeline: p
                        data:
                          customers:
                            from: customers.csv
                            expect:
                              - aeg > 0
                              - missing(use) <= 5%
                        features:
                          sql: |
                            SELECT agee,
                                   FLOR(use) AS use
                            FROM customers
                        label: churned
                        train:
                          split: {by: time, test: 20%}
                          learners:
                            - xgbost
                            - xgboost: {max_dept: 3, learning_rate: 7}
                          metric: roc_au
                        gate:
                          - log_loss > champion
                        """))
                .satisfiesExactly(
                        each -> assertThat(each)
                                .startsWith("p.yaml:6:9: ")
                                .contains("aeg")
                                .contains("Did you mean 'age'?"),
                        each -> assertThat(each)
                                .startsWith("p.yaml:10:12: ")
                                .contains("agee")
                                .contains("'age'"),
                        each -> assertThat(each)
                                .startsWith("p.yaml:11:12: ")
                                .contains("FLOR")
                                .contains("FLOOR"),
                        each -> assertThat(each)
                                .isEqualTo("p.yaml:15:10: train.split: by time (expected: 'timestamp: COLUMN' under"
                                        + " 'features', to know each row's time)."),
                        each -> assertThat(each)
                                .isEqualTo("p.yaml:17:7: train.learners: xgbost: unknown learner. Did you mean"
                                        + " 'xgboost'?"),
                        each -> assertThat(each)
                                .startsWith("p.yaml:18:7: train.learners.xgboost.")
                                .contains("max_dept"),
                        each -> assertThat(each)
                                .startsWith("p.yaml:18:7: train.learners.xgboost.")
                                .contains("learning_rate"),
                        each -> assertThat(each)
                                .isEqualTo(
                                        "p.yaml:19:11: train.metric: roc_au: unknown metric. Did you mean 'roc_auc'?"),
                        each -> assertThat(each)
                                .isEqualTo(
                                        "p.yaml:21:5: gate: log_loss > champion (expected: log_loss < champion, since"
                                                + " less is better)."));
    }

    @Test
    void namesAFileThatIsNotThere_withASuggestion() {
        assertThat(problems(Workbench.customers("[roc_auc >= 0.5]").replace("customers.csv", "customer.csv")))
                .singleElement()
                .asString()
                .startsWith("p.yaml:3:")
                .contains("customer.csv (expected: a file that exists). Did you mean 'customers.csv'?");
    }

    @Test
    void refusesAMetricAndALearnerThatDoNotFitTheLabel() {
        String text = Workbench.customers("[rmse <= 3]").replace("[logistic_regression]", "[linear_regression]");

        assertThat(problems(text))
                .satisfiesExactly(
                        each -> assertThat(each)
                                .startsWith("p.yaml:9:3: train.learners: linear_regression does not fit a binary or"
                                        + " multiclass label"),
                        each -> assertThat(each)
                                .startsWith("p.yaml:10:8: gate: rmse does not fit a binary or multiclass label"));
    }

    @Test
    void refusesABoundThatTheMetricCanNotMeet() {
        String text = Workbench.customers("[roc_auc >= 1.80, accuracy < 0, log_loss < -1, matthews >= -0.5]") + """
                monitor:
                  quality: {metric: roc_auc, at_least: 78}
                """;

        assertThat(problems(text))
                .containsExactly(
                        "p.yaml:10:8: gate: roc_auc >= 1.80 (expected: a bound from 0 to 1, where roc_auc lies).",
                        "p.yaml:10:25: gate: accuracy < 0 (expected: a bound from 0 to 1 that can be passed, where"
                                + " accuracy lies).",
                        "p.yaml:10:39: gate: log_loss < -1 (expected: a bound of at least 0, where log_loss lies).",
                        "p.yaml:13:30: monitor.quality.at_least: 78 (expected: a bound from 0 to 1, where roc_auc"
                                + " lies).");
    }

    @Test
    void pointsAtTheKeyOfASourceThatIsWrong() {
        String text = Workbench.customers("[]");

        assertThat(problems(text.replace("expect: [age > 0]", "types: {age: double, uze: double}")))
                .singleElement()
                .asString()
                .startsWith("p.yaml:3:57: customers: types: uze (expected: a column of ")
                .endsWith("Did you mean 'use'?");
        assertThat(problems(text.replace("expect: [age > 0]", "encoding: latin-9x")))
                .singleElement()
                .asString()
                .startsWith("p.yaml:3:36: customers: encoding: latin-9x (expected: utf-8, latin-1, ");
        assertThat(problems(text.replace("expect: [age > 0]", "columns: [id, age]")))
                .singleElement()
                .asString()
                .startsWith("p.yaml:3:36: customers: ")
                .endsWith("has 5 columns (expected: the 2 that are named)");
    }

    @Test
    void refusesAFormatThatIsUnknown_withASuggestion() {
        String text = Workbench.customers("[]").replace("expect: [age > 0]", "format: parquett");

        assertThat(problems(text))
                .singleElement()
                .asString()
                .isEqualTo("p.yaml:3:44: data.customers.format: parquett: unknown format. Did you mean 'parquet'?");
    }

    @Test
    void warnsOfValuesThatAreMissing_theSameWhenTheSourceIsKnown() {
        home.write("customers.csv", "id,age,use,plan,churned\n" + "a,1,2,x,yes\nb, ,3,y,no\n".repeat(20));
        String text = Workbench.customers("[]").replace("learners: [logistic_regression]", "seed: 3");
        List<String> first = check(text).warnings();

        assertThat(first).singleElement().asString().startsWith("customers: age: 20 of 40 values are not numbers");
        home.run(text);
        assertThat(home.runs.check(home.request(text, Map.of())).warnings()).isEqualTo(first);
    }
}
