package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.registry.LogBatch;
import dev.millwright.registry.LoggedModel;
import dev.millwright.registry.Metric;
import dev.millwright.registry.ModelMetric;
import dev.millwright.registry.NewLoggedModel;
import dev.millwright.registry.Registry;
import dev.millwright.registry.TrackedRun;
import dev.millwright.web.Client.Answer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How clients look for logged models by what was measured on which data. */
final class LoggedModelSearchTest {
    private static final String SEARCH = "/api/2.0/mlflow/logged-models/search";

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;
    private static String experiment;

    @BeforeAll
    static void start() {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        Registry registry = home.registry();
        experiment = registry.experiments().create("models").id();
        String run = registry.tracking()
                .create(new TrackedRun(experiment, "r", "ana", Instant.EPOCH, Map.of()))
                .id();
        measure(run, "first", 0.9, 0.6);
        measure(run, "second", 0.7, 0.8);
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static void measure(String run, String name, double train, double test) {
        LoggedModel model = home.registry()
                .loggedModels()
                .create(new NewLoggedModel(experiment, name, "", Optional.of(run), Map.of(), Map.of()));
        Map.of("train", train, "test", test)
                .forEach((data, value) -> home.registry()
                        .tracking()
                        .log(
                                run,
                                new LogBatch(
                                        List.of(new ModelMetric(
                                                new Metric("auc", value, Instant.EPOCH, 0),
                                                Optional.of(model.id()),
                                                Optional.of(new ModelMetric.DatasetKey(data, "1")))),
                                        Map.of(),
                                        Map.of())));
    }

    private static Answer search(String rest) throws Exception {
        return client.post(SEARCH, "{\"experiment_ids\": [\"" + experiment + "\"], " + rest + "}");
    }

    private static List<String> names(Answer answer) {
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json().path("models").findValuesAsText("name");
    }

    @Test
    void aFilterByAMetric_meansTheDatasets() throws Exception {
        String filter = "\"filter\": \"metrics.auc > 0.75\", \"datasets\": [{\"dataset_name\": \"%s\"%s}]";
        assertThat(names(search(filter.formatted("train", "")))).containsExactly("first");
        assertThat(names(search(filter.formatted("test", ", \"dataset_digest\": \"1\""))))
                .containsExactly("second");
        assertThat(names(search(filter.formatted("test", ", \"dataset_digest\": \"2\""))))
                .isEmpty();
    }

    @Test
    void anOrderByAMetric_meansItsOwnDataset() throws Exception {
        String order =
                "\"order_by\": [{\"field_name\": \"metrics.auc\", \"ascending\": false, \"dataset_name\": \"%s\"}]";
        assertThat(names(search(order.formatted("train")))).containsExactly("first", "second");
        assertThat(names(search(order.formatted("test")))).containsExactly("second", "first");
    }

    @Test
    void whatIsMissing_isNamed() throws Exception {
        Answer nameless = search("\"datasets\": [{\"dataset_digest\": \"1\"}]");
        assertThat(nameless.status()).isEqualTo(400);
        assertThat(nameless.json().path("error_code").asText()).isEqualTo("INVALID_PARAMETER_VALUE");
        assertThat(nameless.json().path("message").asText()).contains("dataset_name");
        assertThat(client.post(SEARCH, "{}").json().path("message").asText())
                .contains("Missing value for required parameter 'experiment_ids'");
    }
}
