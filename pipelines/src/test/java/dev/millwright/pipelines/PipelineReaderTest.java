package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import dev.millwright.pipelines.PipelineFile.Comparison;
import dev.millwright.pipelines.PipelineFile.Gate;
import dev.millwright.pipelines.PipelineFile.OnBreach;
import dev.millwright.pipelines.PipelineFile.Split;
import dev.millwright.pipelines.PipelineFile.Window;
import dev.millwright.serving.cache.CacheOptions;
import dev.millwright.serving.rollout.Canary;
import dev.millwright.serving.rollout.RollBackRule;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PipelineReaderTest {
    private static final String COMPLETE = """
            pipeline: flight-delay
            data:
              flights:
                from: ${DATA}/flights.parquet
                zone: America/New_York
                expect: [month between 1 and 12]
              weather: {from: "${DATA}/weather.csv", missing: [NA], schema: {temp: double}}
            features:
              view: departures
              entity: tailnum
              timestamp: sched
              sql: |

                SELECT tailnum,
                       sched FROM flights
            label: arr_delay > 15
            train:
              split: {by: time, test: 30%, validation: 20% of the rest}
              learners:
                - logistic_regression
                - xgboost: {max_depth: 6, learning_rate: 0.1, text_columns: [note]}
            gate:
              - average_precision >= 0.40
              - average_precision > champion
            deploy:
              endpoint: flight-delay
              rollout: {canary: [5%, 25%], every: 10m, roll_back_if: [error_rate > 2%, p99 > 50ms]}
            monitor:
              drift: {window: 2000 predictions, threshold: psi > 0.3}
              quality: {metric: average_precision, at_least: 0.35}
              on_breach: retrain
            """;

    private static PipelineFile read(String text) {
        return PipelineReader.read("p.yaml", text, Map.of("DATA", "/d"));
    }

    private static PipelineFile.Source source(PipelineFile file, String dataset) {
        return Objects.requireNonNull(file.data().get(dataset));
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(InvalidInputException.class, () -> read(text)).problems().stream()
                .map(Problem::toString)
                .toList();
    }

    @Test
    void readsEverySection() {
        PipelineFile file = read(COMPLETE);

        assertThat(file.name()).isEqualTo("flight-delay");
        assertThat(source(file, "flights").from().text()).isEqualTo("/d/flights.parquet");
        assertThat(source(file, "flights").zone()).contains(ZoneId.of("America/New_York"));
        assertThat(source(file, "weather").missing()).containsExactly("NA");
        assertThat(file.train().split().by()).isEqualTo(Split.By.TIME);
        assertThat(file.train().split().test()).isEqualTo(0.3);
        assertThat(file.train().learners().get(1).parameters())
                .isEqualTo(Map.of("max_depth", 6L, "learning_rate", 0.1, "text_columns", List.of("note")));
        assertThat(file.gates().getFirst()).isInstanceOfSatisfying(Gate.Bound.class, gate -> {
            assertThat(gate.comparison()).isEqualTo(Comparison.AT_LEAST);
            assertThat(gate.bound()).isEqualTo(0.4);
        });
        assertThat(file.gates().get(1)).isInstanceOf(Gate.Champion.class);
        assertThat(file.deploy()).get().satisfies(deploy -> {
            assertThat(deploy.rollout().strategy())
                    .isEqualTo(new Canary(List.of(0.05, 0.25, 1.0), Duration.ofMinutes(10)));
            assertThat(deploy.rollout().rollBackIf())
                    .extracting(RollBackRule::label)
                    .containsExactly("error_rate > 2%", "p99 > 50ms");
        });
        assertThat(file.monitor()).get().satisfies(monitor -> {
            assertThat(monitor.window()).isEqualTo(new Window.Count(2000));
            assertThat(monitor.onBreach()).isEqualTo(OnBreach.RETRAIN);
        });
    }

    @Test
    void pointsAtTheFirstLineOfABlockOfSql() {
        PipelineFile file = read(COMPLETE);

        assertThat(file.features().sql().position()).isEqualTo(new Position("p.yaml", 14, 5));
        assertThat(file.label().position()).isEqualTo(new Position("p.yaml", 16, 8));
    }

    @Test
    void findsEveryMistakeAtOnce_eachWithItsPlace() {
        assertThat(problems("""
                        pipeline: my pipeline
                        date: {}
                        data:
                          a: {from: "${DAT}/a.csv", on_violation: quarantin, mising: [NA]}
                        features: {sql: SELECT 1, zone: Amerika/New_York}
                        label: y
                        train: {split: {by: tine, test: 130%}}
                        gate: [roc_auc better champion]
                        deploy: {rollout: {canary: [25%, 5%], every: soon, roll_back_if: [eror_rate > 1%]}}
                        """))
                .containsExactly(
                        "p.yaml:1:11: pipeline: my pipeline (expected: up to 100 letters, digits, '-', '_' and '.', the first a letter or digit).",
                        "p.yaml:2:1: date: unknown key. Did you mean 'data'?",
                        "p.yaml:4:13: ${DAT}: not set (expected: --set DAT=VALUE). Did you mean 'DATA'?",
                        "p.yaml:4:43: data.a.on_violation: quarantin (expected: quarantine or fail or warn). Did you mean 'quarantine'?",
                        "p.yaml:4:54: data.a.mising: unknown key. Did you mean 'missing'?",
                        "p.yaml:5:33: features.zone: Amerika/New_York (expected: a time zone such as UTC or America/New_York). Did you mean 'America/New_York'?",
                        "p.yaml:7:21: train.split.by: tine (expected: random or time). Did you mean 'time'?",
                        "p.yaml:7:33: train.split.test: 130% (expected: a share above 0% and at most 100%).",
                        "p.yaml:8:8: gate: roc_auc better champion (expected: a condition such as 'roc_auc >= 0.8' or 'roc_auc > champion').",
                        "p.yaml:9:20: deploy.rollout.canary: [0.25, 0.05] (expected: rising shares, such as [5%, 25%, 100%]).",
                        "p.yaml:9:46: deploy.rollout.every: soon (expected: a duration such as 30s, 10m, 2h or 1d).",
                        "p.yaml:9:67: deploy.rollout.roll_back_if: 'eror_rate > 1%' names eror_rate (expected: error_rate, a latency such as p99, output_psi, disagreement, mean_difference, or quality < champion). Did you mean 'error_rate'?");
    }

    @Test
    void readsHowAnEndpointKeepsAnswers() {
        String kept = COMPLETE.replace(
                "  endpoint: flight-delay\n", "  endpoint: flight-delay\n  cache: {size: 500, age: 2m}\n");
        assertThat(read(kept).deploy().orElseThrow().cache())
                .contains(new CacheOptions(500, Duration.ofMinutes(2), CacheOptions.DEFAULT_MEMORY));
        assertThat(problems(kept.replace("{size: 500, age: 2m}", "{sise: 5, age: 0s, memory: 1 kB}")))
                .containsExactly(
                        "p.yaml:27:11: deploy.cache.sise: unknown key. Did you mean 'size'?",
                        "p.yaml:27:20: deploy.cache.age: PT0S (expected: longer than nothing, at most a year)",
                        "p.yaml:27:29: deploy.cache.memory: 1000 bytes (expected: at least 100000)");
    }

    @Test
    void refusesADriftThatIsAlwaysThereOrNever() {
        assertThat(problems(COMPLETE.replace("2000 predictions, threshold: psi > 0.3", "0d, threshold: psi < 0.2")))
                .containsExactly(
                        "p.yaml:29:11: monitor.drift.window: 0 (expected: longer than nothing, such as 1d or 2000"
                                + " predictions).",
                        "p.yaml:29:34: monitor.drift.threshold: psi < 0.2 (expected: psi > NUMBER, with a number above"
                                + " 0).");
        assertThat(problems(COMPLETE.replace("psi > 0.3", "psi > -1")))
                .containsExactly(
                        "p.yaml:29:48: monitor.drift.threshold: psi > -1 (expected: psi > NUMBER, with a number"
                                + " above 0).");
    }

    @Test
    void refusesASettingThatTheFileHasNoUseFor_withTheNearestVariable() {
        InvalidInputException refused = catchThrowableOfType(
                InvalidInputException.class,
                () -> PipelineReader.readAndCheck("p.yaml", COMPLETE, Map.of("DTAA", "x"), file -> {
                    throw new InvalidInputException("the check's own");
                }));

        assertThat(refused.problems())
                .extracting(Problem::toString)
                .contains(
                        "--set DTAA=x: not used (expected: a variable of p.yaml, written ${DTAA}). Did you mean 'DATA'?");
    }

    @Test
    void refusesADelimiterThatCanNotBeOne() {
        assertThat(problems(COMPLETE.replace("missing: [NA]", "delimiter: '\"'")))
                .containsExactly("p.yaml:7:54: data.weather.delimiter: \" (expected: a character or a few, such as ';',"
                        + " other than quotes and line breaks).");
    }

    @Test
    void saysWhatIsMissing() {
        assertThat(problems("pipeline: p\n"))
                .containsExactly(
                        "p.yaml:1:1: the file: has no 'data' (expected: 'data: …').",
                        "p.yaml:1:1: the file: has no 'features' (expected: 'features: …').",
                        "p.yaml:1:1: the file: has no 'label' (expected: 'label: …').");
    }

    @Test
    void refusesWhatIsNotYaml_atItsPlace() {
        assertThat(problems("pipeline: [a\n")).singleElement().asString().startsWith("p.yaml:2:1: not YAML: ");
        assertThat(problems(""))
                .containsExactly("p.yaml:1:1: the file is empty (expected: 'pipeline: NAME' and its sections).");
        assertThat(problems("pipeline: a\npipeline: b\n"))
                .contains("p.yaml:2:1: pipeline: a second time (expected: each key once).");
    }

    @Test
    void usesTheDefaultOfAVariable_whenItIsNotSet() {
        String text = COMPLETE.replace("${DATA}/flights.parquet", "${OTHER:-x/y}.csv");

        assertThat(source(read(text), "flights").from().text()).isEqualTo("x/y.csv");
    }

    @Test
    void takesAnEscapedDollarBraceAsItself() {
        assertThat(Variables.fill("$${A} ${A} $$${A}", Map.of("A", "a"), problem -> {}))
                .isEqualTo("${A} a $${A}");
        assertThat(Variables.fill(Variables.escape("$${A} ${"), Map.of(), problem -> {}))
                .isEqualTo("$${A} ${");
    }

    @Test
    void refusesNamesThatNoTableCanHave_withTheirPlace() {
        String text = "pipeline: p\ndata:\n  " + "n".repeat(101)
                + ": a.csv\n  _b: b.csv\nfeatures: {sql: SELECT x FROM _b}\nlabel: y\n";

        assertThatThrownBy(() -> PipelineReader.readAndCheck("p.yaml", text, Map.of(), file -> {
                    throw new AssertionError("there is nothing to check");
                }))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("p.yaml:3:3: data." + "n".repeat(101) + ": not a table name (expected: up to 100")
                .hasMessageContaining("p.yaml:4:3: data._b: not a table name");
    }
}
