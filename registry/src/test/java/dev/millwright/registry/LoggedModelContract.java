package dev.millwright.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.core.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How logged models are found by what was measured, on which data, wherever the registry keeps its state. The answers are
 * those of MLflow's own server for the same models, except for data sets without a digest, which it takes for those that have none.
 */
abstract class LoggedModelContract {
    private static final ModelMetric.DatasetKey TRAIN = new ModelMetric.DatasetKey("train", "1");
    private static final ModelMetric.DatasetKey TEST = new ModelMetric.DatasetKey("test", "1");
    private static final ModelMetric.DatasetKey NEW_TEST = new ModelMetric.DatasetKey("test", "2");

    final SettableClock clock = new SettableClock();
    private Registry registry;
    private String experiment;
    private String run;

    abstract Registry open();

    @BeforeEach
    void measureFourModels() {
        registry = open();
        experiment = registry.experiments().create("search").id();
        run = registry.tracking()
                .create(new TrackedRun(experiment, "r", "ana", clock.instant(), Map.of()))
                .id();
        String a = model("a");
        String b = model("b");
        String c = model("c");
        model("d");
        measure(a, "auc", 0.9, 100, 0, Optional.of(TRAIN));
        measure(a, "auc", 0.6, 200, 0, Optional.of(TEST));
        measure(a, "auc", 0.8, 150, 1, Optional.of(TEST));
        measure(b, "auc", 0.7, 100, 0, Optional.of(TRAIN));
        measure(b, "auc", 0.75, 200, 0, Optional.of(NEW_TEST));
        measure(b, "loss", 0.1, 200, 0, Optional.of(TEST));
        measure(c, "auc", 0.5, 100, 0, Optional.empty());
        measure(c, "auc", 0.95, 90, 5, Optional.empty());
    }

    @AfterEach
    void close() {
        registry.close();
    }

    private String model(String name) {
        clock.advance(Duration.ofSeconds(1));
        return registry.loggedModels()
                .create(new NewLoggedModel(experiment, name, "", Optional.of(run), Map.of("p", name), Map.of()))
                .id();
    }

    private void measure(
            String model, String key, double value, long millis, long step, Optional<ModelMetric.DatasetKey> on) {
        Metric metric = new Metric(key, value, Instant.ofEpochMilli(millis), step);
        registry.tracking()
                .log(run, new LogBatch(List.of(new ModelMetric(metric, Optional.of(model), on)), Map.of(), Map.of()));
    }

    private LoggedModelRequest filter(String filter) {
        return LoggedModelRequest.of(List.of(experiment), filter, 10);
    }

    private String found(LoggedModelRequest request) {
        return String.join(
                "",
                registry.loggedModels().search(request).items().stream()
                        .map(LoggedModel::name)
                        .toList());
    }

    /** Written as {@code test/1+train}, or {@code -} for none. */
    private static DatasetChoice[] datasets(String written) {
        if (written.equals("-")) {
            return new DatasetChoice[0];
        }
        return List.of(written.split("\\+")).stream()
                .map(one -> one.split("/"))
                .map(parts -> parts.length == 1
                        ? DatasetChoice.named(parts[0])
                        : DatasetChoice.named(parts[0]).digest(parts[1]))
                .toArray(DatasetChoice[]::new);
    }

    @ParameterizedTest
    @CsvSource(emptyValue = "", textBlock = """
            '',                                        -,             dcba
            '',                                        train/1,       ba
            '',                                        test/1,        ba
            '',                                        test/2,        b
            '',                                        test/1+test/2, ba
            '',                                        test,          ba
            '',                                        none/1,        ''
            metrics.auc > 0.77,                        -,             ca
            metrics.auc > 0.77,                        test/1,        a
            metrics.auc > 0.77,                        test/2,        ''
            metrics.auc > 0.7,                         -,             cba
            metrics.auc > 0.7,                         train/1,       a
            metrics.auc > 0.7,                         test/2,        b
            metrics.auc > 0.7,                         test/1+test/2, ba
            metrics.auc > 0.7,                         test,          ba
            metrics.auc < 0.65,                        -,             ca
            metrics.auc < 0.65,                        test/1,        a
            metrics.auc != 0.6,                        train/1,       ba
            metrics.auc != 0.6,                        test/1,        a
            metrics.auc > 0.65 AND metrics.loss < 1,   -,             b
            metrics.auc > 0.65 AND metrics.loss < 1,   test/1,        ''
            metrics.auc > 0.65 AND metrics.loss < 1,   test/1+test/2, b
            metrics.auc > 0.65 AND metrics.auc < 0.65, -,             ca
            metrics.auc > 0.65 AND metrics.auc < 0.65, test/1,        a
            params.p = 'a',                            train/1,       a
            params.p = 'a',                            test/2,        ''
            """)
    void findsByAnyValue_thatWasMeasuredOnOneOfTheDatasets(String filter, String datasets, String names) {
        assertThat(found(filter(filter).measuredOn(datasets(datasets)))).isEqualTo(names);
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            metrics.auc ASC,  -,       -,             cabd
            metrics.auc DESC, -,       -,             bacd
            metrics.auc ASC,  -,       test/1+test/2, ab
            metrics.auc DESC, -,       test/1+test/2, ba
            metrics.auc ASC,  test,    -,             abdc
            metrics.auc DESC, test,    -,             badc
            metrics.auc ASC,  test/1,  -,             adcb
            metrics.auc DESC, test/1,  test/1+test/2, ab
            metrics.auc ASC,  train,   -,             badc
            metrics.auc DESC, train,   -,             abdc
            metrics.auc DESC, train,   test/1+test/2, ab
            """)
    void ordersByTheLatestValue_onTheDatasetOfTheOrder(String by, String on, String among, String names) {
        DatasetChoice choice = on.equals("-") ? DatasetChoice.ANY : datasets(on)[0];
        assertThat(found(filter("").measuredOn(datasets(among)).orderedBy(new LoggedModelRequest.Order(by, choice))))
                .isEqualTo(names);
    }

    @Test
    void ordersByADigestAlone() {
        DatasetChoice digest = DatasetChoice.ANY.digest("1");
        assertThat(found(filter("").orderedBy(new LoggedModelRequest.Order("metrics.auc DESC", digest))))
                .isEqualTo("badc");
    }

    @Test
    void whatIsNoNumber_isUnequalToAll() {
        measure(model("e"), "auc", Double.NaN, 100, 0, Optional.of(TRAIN));
        LoggedModelRequest measured = filter("metrics.auc != 0.9").measuredOn(datasets("train/1"));
        assertThat(found(measured)).isEqualTo("eb");
        assertThat(found(filter("metrics.auc < 9").measuredOn(datasets("train/1"))))
                .isEqualTo("ba");
    }

    @Test
    void pagesOverlapNowhere() {
        List<String> names = new ArrayList<>();
        LoggedModelRequest request = LoggedModelRequest.of(List.of(experiment), "metrics.auc > 0", 1)
                .measuredOn(datasets("test+train"))
                .orderedBy(LoggedModelRequest.Order.by("metrics.auc"));
        Optional<String> token = Optional.empty();
        do {
            Page<LoggedModel> page = registry.loggedModels().search(request.after(token));
            page.items().forEach(model -> names.add(model.name()));
            token = page.next();
        } while (token.isPresent());
        assertThat(names).containsExactly("a", "b");
    }

    @Test
    void refusesADatasetWithoutAName() {
        assertThatThrownBy(() -> filter("").measuredOn(DatasetChoice.ANY.digest("1")))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("datasets: one without dataset_name (expected: a name");
    }
}
