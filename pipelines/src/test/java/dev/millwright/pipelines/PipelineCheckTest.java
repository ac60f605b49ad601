package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.ColumnType;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Progress;
import dev.millwright.data.ColumnContract;
import dev.millwright.data.Expectation;
import dev.millwright.data.Expectation.Comparator;
import dev.millwright.data.Privacy;
import dev.millwright.data.SourceSpec;
import dev.millwright.data.ValueRule;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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
        return PipelineCheck.check(
                PipelineReader.read("p.yaml", text, Map.of()), home.folder, home.duck, Optional.empty());
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

    private String onlyProblemOfLabel(String label) {
        List<String> problems =
                problems(Workbench.customers("[]").replace("label: churned", "label: \"" + label + "\""));

        assertThat(problems).hasSize(1);
        return problems.getFirst();
    }

    @Test
    void refusesALabelThatIsTheSameInEveryRow_atItsPlace() {
        assertThat(onlyProblemOfLabel("1"))
                .isEqualTo("p.yaml:7:9: label: '1' in every row (expected: at least two different labels)");
        assertThat(onlyProblemOfLabel("use * age > 100000"))
                .isEqualTo("p.yaml:7:9: label: 'false' in every row (expected: at least two different labels)");
        assertThat(onlyProblemOfLabel("NULLIF(churned, churned)"))
                .isEqualTo("p.yaml:7:9: label: missing in every row (expected: rows with a label)");
    }

    @Test
    void refusesALabelOfWhichEachRowHasItsOwn() {
        home.write("customers.csv", "id,age,use,plan,name\n" + namedCustomers(30));

        assertThat(onlyProblemOfLabel("name"))
                .isEqualTo("p.yaml:7:9: label: 30 classes in 30 rows (expected: several rows of each class, or a"
                        + " number); a name or key of the row can't be learnt");
    }

    private static String namedCustomers(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(row -> "c" + row + ",30,0.5,a,n" + row + "\n")
                .collect(Collectors.joining());
    }

    @Test
    void refusesALabelThatIsATimestamp() {
        home.write("customers.csv", "id,age,use,plan,left_at\n" + "c,30,0.5,a,2026-01-01 10:00:00\n".repeat(20));

        assertThat(onlyProblemOfLabel("left_at")).startsWith("p.yaml:7:9: label: ");
    }

    @Test
    void refusesALabelOfLookedUpValuesThatIsConstant() {
        home.write("plans.csv", "plan,price\na,10\nb,20\n");
        String text = Workbench.customers("[]")
                .replace(", expect: [age > 0]}", "}\n  plans: plans.csv")
                .replace(
                        "sql: SELECT id, age, use, plan FROM customers",
                        "sql: SELECT c.id, c.age FROM customers AS c LEFT JOIN plans AS p ON c.plan = p.plan");

        assertThat(problems(text.replace("label: churned", "label: p.price > 30")))
                .containsExactly("p.yaml:8:8: label: 'false' in every row (expected: at least two different labels)");
        assertThat(check(text.replace("label: churned", "label: p.price > 15")).sources())
                .hasSize(2);
    }

    @Test
    void looksAtLabelsAcrossSourcesOfEveryFormat() throws SQLException {
        home.write("plans.jsonl", "{\"plan\": \"a\", \"tier\": 1}\n{\"plan\": \"b\", \"tier\": 2}\n");
        try (Connection connection = home.duck.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("COPY (SELECT unnest([1, 2]) AS tier, unnest([5.5, 7.5]) AS price) TO '"
                    + home.folder.resolve("tiers.parquet") + "' (FORMAT parquet)");
        }
        String text = Workbench.customers("[]")
                .replace(
                        "customers: {from: customers.csv, expect: [age > 0]}",
                        "tiers: tiers.parquet\n  customers: customers.csv\n  plans: plans.jsonl")
                .replace(
                        "sql: SELECT id, age, use, plan FROM customers",
                        "sql: SELECT c.id, c.age FROM customers AS c LEFT JOIN plans AS p ON c.plan = p.plan"
                                + " LEFT JOIN tiers AS t ON p.tier = t.tier");

        assertThat(problems(text.replace("label: churned", "label: t.price > 8")))
                .containsExactly("p.yaml:9:8: label: 'false' in every row (expected: at least two different labels)");
        assertThat(check(text.replace("label: churned", "label: t.price > 6")).sources())
                .hasSize(3);
    }

    @Test
    void leavesItToTheRun_whenAnExpectationMayChangeWhatALabelLooksUp() {
        home.write("plans.csv", "plan,price\na,10\nb,20\n");
        String text = Workbench.customers("[]")
                .replace(", expect: [age > 0]}", "}\n  plans: {from: plans.csv, expect: [price > 0]}")
                .replace(
                        "sql: SELECT id, age, use, plan FROM customers",
                        "sql: SELECT c.id, c.age FROM customers AS c LEFT JOIN plans AS p ON c.plan = p.plan")
                .replace("label: churned", "label: p.price > 30");

        assertThat(check(text).sources()).hasSize(2);
    }

    @Test
    void looksAtTheLabelsOfASourceThatIsKnown_untilATrainingSetWasMadeFromThem() {
        home.writeCustomers(400, 1);
        String text = Workbench.customers("[]");
        home.run(text);

        assertThat(catchThrowableOfType(
                        InvalidInputException.class,
                        () -> home.runs.check(
                                home.request(text.replace("label: churned", "label: use * age > 100000"), Map.of()))))
                .hasMessage("pipeline.yaml:7:8: label: 'false' in every row (expected: at least two different labels)");
        assertThat(home.runs.check(home.request(text, Map.of())).warnings()).isEmpty();
    }

    @Test
    void pointsAtTheKeyOfASourceThatIsWrong() {
        String text = Workbench.customers("[]");

        assertThat(problems(text.replace("expect: [age > 0]", "schema: {age: double, uze: double}")))
                .singleElement()
                .asString()
                .startsWith("p.yaml:3:58: customers: schema: uze (expected: a column of ")
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

    private static String withSchema(String more) {
        return Workbench.customers("[]")
                .replace("expect: [age > 0]", "schema: {from: customer.schema.json" + more + "}");
    }

    @Test
    void takesTheContractFromASchema_andWhatThePipelineFileSaysBeside() {
        home.write("customer.schema.json", """
                {"type": "object", "required": ["age"], "properties": {
                  "age": {"type": "integer", "minimum": 18, "description": "at the contract"},
                  "plan": {"type": "string", "format": "hostname"},
                  "use": {"type": ["number", "string"]}}}
                """);
        CheckedPipeline pipeline = check(withSchema(", age: {unit: years, personal: true}, use: double"));

        assertThat(Objects.requireNonNull(pipeline.sources().get("customers"))
                        .contract()
                        .columns())
                .containsExactly(
                        ColumnContract.of("age", ColumnType.BIGINT)
                                .withRules(
                                        new ValueRule.Required(),
                                        new ValueRule.Bound(
                                                Comparator.GREATER_OR_EQUAL, new Expectation.Value.Numeral("18")))
                                .withUnit("years")
                                .withDescription("at the contract")
                                .withPrivacy(Privacy.PERSONAL),
                        ColumnContract.of("plan", ColumnType.VARCHAR),
                        ColumnContract.of("use", ColumnType.DOUBLE));
        assertThat(pipeline.warnings())
                .containsExactly(
                        "customers: customer.schema.json:3:11: plan: format: hostname is not checked; a 'pattern'"
                                + " would be.");
    }

    @Test
    void readsASourceAgainWhenItsSchemaSaysSomethingElse_notWhenItHasMoved() {
        home.write("customer.schema.json", "{\"properties\": {\"age\": {\"type\": \"integer\", \"minimum\": 0}}}");
        String first = key(withSchema(""));
        home.write("moved.json", "{\"properties\": {\n\"age\": {\"minimum\": 0, \"type\": \"integer\"}}}");
        String moved = key(withSchema("").replace("customer.schema.json", "moved.json"));
        home.write("customer.schema.json", "{\"properties\": {\"age\": {\"type\": \"integer\", \"minimum\": 1}}}");

        assertThat(moved).isEqualTo(first);
        assertThat(key(withSchema(""))).isNotEqualTo(first);
    }

    private String key(String text) {
        return Objects.requireNonNull(check(text).sources().get("customers")).toString();
    }

    @Test
    void namesThePlaceInTheSchema_orInThePipelineFile() {
        home.write("customer.schema.json", "{\"properties\": {\n  \"aeg\": {\"type\": \"integer\"}}}");

        assertThat(problems(withSchema(""))).singleElement().asString().startsWith("customer.schema.json:2:10: ");
        assertThat(problems(withSchema(", agee: {unit: years}")))
                .anySatisfy(problem -> assertThat(problem)
                        .contains(
                                "data.customers.schema.agee: unknown column (expected: one of the schema, or 'type: …'")
                        .contains("Did you mean 'aeg'?"));
        assertThat(problems(withSchema("").replace("customer.schema", "absent")))
                .singleElement()
                .asString()
                .contains(
                        "data.customers.schema.from: absent.json: can't be read (expected: the file of a schema, at ");
    }

    @Test
    void refusesAContractThatMisleadsReadersOfTheNewestVersion_atItsPlace() {
        String pipeline = Workbench.customers("[]")
                .replace(
                        "expect: [age > 0]",
                        "schema: {age: {type: bigint, unit: years}, plan: varchar}, evolution: {drop: refuse}");
        SourceSpec customers = SourceSpec.of(
                        "customers", folder.resolve("customers.csv").toString())
                .withContract(Objects.requireNonNull(PipelineReader.read("p.yaml", pipeline, Map.of())
                                .data()
                                .get("customers"))
                        .contract());
        home.lake.ingest(customers, "key", Progress.NONE);
        String changed = pipeline.replace("years", "months").replace(", plan: varchar", "");
        home.write("customers.csv", "id,age,use,churned\na,30,1.5,yes\nb,40,2.5,no\n");

        assertThat(catchThrowableOfType(
                                InvalidInputException.class,
                                () -> PipelineCheck.check(
                                        PipelineReader.read(
                                                "p.yaml", changed.replace(", plan FROM", " FROM"), Map.of()),
                                        home.folder,
                                        home.duck,
                                        Optional.of(new DatasetStore(home.registry, home.lake))))
                        .problems())
                .extracting(Problem::toString)
                .satisfiesExactly(
                        each -> assertThat(each).startsWith("p.yaml:3:36: customers: schema: plan: dropped: now no"),
                        each -> assertThat(each)
                                .startsWith("p.yaml:3:45: customers: schema: age: in another unit: now months, before"
                                        + " years"));
    }
}
