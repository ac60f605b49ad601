package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.pipelines.ModelImport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Inference graphs over HTTP: registered, deployed, asked, counted and shown as models are. */
final class GraphEndpointTest {
    private static final String TOKEN = "Bearer " + SmallHome.TOKEN;
    private static final String ROWS = "[{\"age\": 30, \"plan\": \"plus\", \"spend\": 90, \"spend_a_month\": 7.5},"
            + " {\"age\": 70, \"plan\": \"basic\", \"spend\": 1, \"spend_a_month\": 0.1}]";

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;

    @BeforeAll
    static void open() throws Exception {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        home.run(0.1);
        home.run(10);
        add("simple.onnx", "simple", Graphs.sumAndDifference());
        graph("both", "average: {of: [visits/1, visits/2]}");
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static JsonNode add(String file, String model, byte[] content) throws IOException, InterruptedException {
        Path path = folder.resolve(file);
        Files.write(path, content);
        Client.Answer answer = client.post("/api/v1/models/import", file(path, model), "Authorization", TOKEN);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    private static String file(Path path, String model) {
        return "{\"file\": \"" + path.toString().replace("\\", "\\\\") + "\", \"model\": \"" + model + "\"}";
    }

    private static JsonNode graph(String model, String text) throws IOException, InterruptedException {
        JsonNode added = add("graph.yaml", model, text.getBytes(StandardCharsets.UTF_8));
        Client.Answer deployed = client.post(
                "/api/v1/endpoints/" + model + "/deploy",
                "{\"model\": \"" + model + "\", \"version\": " + added.path("version") + "}",
                "Authorization",
                TOKEN);
        assertThat(deployed.status()).as(deployed.body()).isEqualTo(200);
        return added;
    }

    private static JsonNode invoke(String endpoint) throws IOException, InterruptedException {
        Client.Answer answer =
                client.post("/endpoints/" + endpoint + "/invocations", "{\"dataframe_records\": " + ROWS + "}");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        return answer.json();
    }

    @Test
    void answersWithTheMeanOfItsMembers_andLogsIt() throws Exception {
        JsonNode answer = invoke("both");
        double[] means = new double[2];
        for (int version = 1; version <= 2; version++) {
            JsonNode alone = client.post(
                            "/v2/models/visits/versions/" + version + "/infer",
                            "{\"inputs\": [{\"name\": \"age\", \"shape\": [2, 1], \"datatype\": \"FP32\", \"data\": [30, 70]},"
                                    + "{\"name\": \"plan\", \"shape\": [2, 1], \"datatype\": \"BYTES\", \"data\": [\"plus\", \"basic\"]},"
                                    + "{\"name\": \"spend\", \"shape\": [2, 1], \"datatype\": \"FP32\", \"data\": [90, 1]},"
                                    + "{\"name\": \"spend_a_month\", \"shape\": [2, 1], \"datatype\": \"FP32\", \"data\": [7.5, 0.1]}]}")
                    .json();
            JsonNode probabilities = alone.path("outputs").get(1).path("data");
            means[0] += probabilities.get(1).asDouble() / 2;
            means[1] += probabilities.get(3).asDouble() / 2;
        }
        for (int row = 0; row < 2; row++) {
            JsonNode probabilities = answer.path("predictions").get(row).path("probabilities");
            assertThat(probabilities.path("true").asDouble()).isCloseTo(means[row], offset(1e-6));
        }
        home.services().predictions().flush();
        String id = answer.path("prediction_ids").get(1).asText();
        assertThat(client.post(
                                "/endpoints/both/feedback",
                                "{\"prediction_id\": \"" + id + "\", \"label\": \"true\"}",
                                "Authorization",
                                TOKEN)
                        .status())
                .isLessThan(300);
    }

    @Test
    void countsGraphsAsModels() throws Exception {
        invoke("both");
        JsonNode statistics =
                client.get("/v2/models/both/stats").json().path("model_stats").get(0);
        assertThat(statistics.path("inference_count").asLong()).isPositive();
        assertThat(client.get("/metrics").body()).contains("endpoint=\"both\"");
        JsonNode metadata = client.get("/v2/models/both").json();
        assertThat(metadata.path("inputs")).hasSize(4);
        assertThat(metadata.path("outputs").get(1).path("name").asText()).isEqualTo("probabilities");
    }

    @Test
    void showsWhatAGraphAsks() throws Exception {
        assertThat(client.page("/models/both/versions/1").body())
                .contains("What it asks", "average", "/models/visits/versions/1", "visits/2");
        assertThat(client.page("/models/visits/versions/1").body()).contains("Asked by", "/models/both/versions/1");
        assertThat(client.page("/endpoints/both").status()).isEqualTo(200);
    }

    @Test
    void letsOneGraphInAfterAnother_byCanary_andTurnsBack() throws Exception {
        graph("turns", "average: {of: [visits/1, visits/2]}");
        JsonNode second = add(
                "graph.yaml",
                "turns",
                "average: {of: [visits/1, visits/2], weights: [0, 1]}".getBytes(StandardCharsets.UTF_8));
        assertThat(second.path("version").asInt()).isEqualTo(2);
        Client.Answer deployed = client.post(
                "/api/v1/endpoints/turns/deploy",
                "{\"model\": \"turns\", \"version\": 2, \"rollout\": \"canary: [50%, 100%]\"}",
                "Authorization",
                TOKEN);
        assertThat(deployed.json().path("status").asText()).as(deployed.body()).isEqualTo("canary");
        Map<Integer, Set<Double>> said = new TreeMap<>();
        for (int i = 0; i < 60; i++) {
            JsonNode answer = invoke("turns");
            said.computeIfAbsent(answer.path("model_version").asInt(), version -> new HashSet<>())
                    .add(answer.path("predictions")
                            .get(0)
                            .path("probabilities")
                            .path("true")
                            .asDouble());
        }
        assertThat(said).as("both answer, each as itself").containsOnlyKeys(1, 2);
        assertThat(said.values()).allSatisfy(each -> assertThat(each).hasSize(1));
        assertThat(said.get(1)).isNotEqualTo(said.get(2));
        JsonNode rollout = client.get("/api/v1/endpoints/turns/rollout").json();
        assertThat(rollout.path("figures").path("versions")).hasSize(2);
        assertThat(client.post("/api/v1/endpoints/turns/rollback", "{}", "Authorization", TOKEN)
                        .status())
                .isEqualTo(200);
        for (int i = 0; i < 20; i++) {
            assertThat(invoke("turns").path("model_version").asInt()).isEqualTo(1);
        }
    }

    @Test
    void takesTurnsWithAModel_onItsEndpoint() throws Exception {
        JsonNode added = add(
                "graph.yaml",
                "visits",
                "average: {of: [visits/1, visits/2], weights: [3, 1]}".getBytes(StandardCharsets.UTF_8));
        JsonNode deployed = client.post(
                        "/api/v1/endpoints/visits/deploy",
                        "{\"model\": \"visits\", \"version\": " + added.path("version") + "}",
                        "Authorization",
                        TOKEN)
                .json();
        assertThat(deployed.path("status").asText()).isEqualTo("canary");
        Client.Answer pinned = client.get("/v2/models/visits/versions/" + added.path("version") + "/ready");
        assertThat(pinned.status()).isEqualTo(200);
        long versions = IntStream.range(0, 200)
                .map(request -> version(request))
                .distinct()
                .count();
        assertThat(versions).as("the canary and the champion").isEqualTo(2);
        assertThat(client.post("/api/v1/endpoints/visits/rollback", "{}", "Authorization", TOKEN)
                        .status())
                .isEqualTo(200);
    }

    private static int version(int request) {
        try {
            return invoke("visits").path("model_version").asInt();
        } catch (IOException | InterruptedException failed) {
            throw new IllegalStateException("request " + request, failed);
        }
    }

    @Test
    void givesAnAnswerThatItKept_untilItShallKeepNone() throws Exception {
        graph("kept", "average: {of: [visits/1, visits/2], weights: [1, 2]}");
        Client.Answer set = client.post(
                "/api/v1/endpoints/kept/cache", "{\"size\": \"1000\", \"age\": \"5m\"}", "Authorization", TOKEN);
        assertThat(set.json().path("cache").path("age_seconds").asLong())
                .as(set.body())
                .isEqualTo(300);
        String row =
                "{\"dataframe_records\": [{\"age\": 30, \"plan\": \"plus\", \"spend\": 90, \"spend_a_month\": 7.5}]}";
        JsonNode first = client.post("/endpoints/kept/invocations", row).json();
        JsonNode second = client.post("/endpoints/kept/invocations", row).json();
        assertThat(second.path("predictions")).isEqualTo(first.path("predictions"));
        assertThat(second.path("prediction_ids")).isNotEqualTo(first.path("prediction_ids"));
        JsonNode statistics =
                client.get("/v2/models/kept/stats").json().path("model_stats").get(0);
        JsonNode inference = statistics.path("inference_stats");
        assertThat(inference.path("success").path("count").asLong()).isEqualTo(2);
        assertThat(inference.path("cache_hit").path("count").asLong()).isEqualTo(1);
        assertThat(inference.path("cache_miss").path("count").asLong()).isEqualTo(1);
        assertThat(statistics.path("execution_count").asLong()).isEqualTo(1);

        assertThat(client.post("/api/v1/endpoints/kept/cache", "{\"age\": \"soon\"}", "Authorization", TOKEN)
                        .body())
                .contains("age: soon (expected: a duration");
        client.post("/api/v1/endpoints/kept/cache", "{\"off\": true}", "Authorization", TOKEN);
        client.post("/endpoints/kept/invocations", row);
        assertThat(client.get("/v2/models/kept/stats")
                        .json()
                        .path("model_stats")
                        .get(0)
                        .path("execution_count")
                        .asLong())
                .isEqualTo(2);
    }

    @Test
    void watchesAGraph_asItsFileSays() throws Exception {
        graph("watched", """
                average: {of: [visits/1, visits/2]}
                monitor:
                  drift: {window: 100 predictions, threshold: psi > 0.2}
                  quality: {metric: roc_auc, at_least: 0.6, minimum_labels: 50}
                """);
        home.follow();
        for (int i = 0; i < 120; i++) {
            invoke("watched");
        }
        home.judge();
        assertThat(home.registry().alerts().listOpen())
                .anySatisfy(alert -> assertThat(alert.endpoint()).isEqualTo("watched"));
        assertThat(client.page("/endpoints/watched").body()).contains("drift");
        Path path = folder.resolve("unwatched.yaml");
        Files.writeString(path, """
                inputs: {country: text}
                choose: [{when: country = 'DE', then: visits/1}, {otherwise: visits/2}]
                monitor: {on_breach: retrain, quality: {metric: rmse, at_least: 1}}
                """);
        assertThat(client.post("/api/v1/models/import", file(path, "x"), "Authorization", TOKEN)
                        .body())
                .contains("monitor.on_breach: retrain (expected: alert")
                .contains("monitor.quality.metric: rmse does not fit");
        Files.writeString(path, Files.readString(path).replaceFirst("monitor:.*", "monitor: {on_breach: alert}"));
        assertThat(client.post("/api/v1/models/import", file(path, "x"), "Authorization", TOKEN)
                        .body())
                .contains("monitor: nothing is known of how");
    }

    @Test
    void letsThePipelineGoOn_whereAGraphIsTheChampion() throws Exception {
        try (SmallHome other = new SmallHome(folder.resolve("other"))) {
            Files.createDirectories(folder.resolve("other"));
            other.run(0.1);
            other.run(10);
            Path path = folder.resolve("champion.yaml");
            Files.writeString(path, "average: {of: [visits/1, visits/2]}");
            new ModelImport(other.registry(), other.services().deployments())
                    .add(path, "visits", ModelImport.Serving.ROWS_IF_POSSIBLE, "");
            other.services().deployments().rollBack("visits", "to be alone");
            other.services().deployments().deployByHand("visits", "visits", 3, Optional.empty());
            other.run(3);
            assertThat(other.registry().models().versions("visits")).hasSize(4);
        }
    }

    @Test
    void chainsModelsOfTensors() throws Exception {
        graph("chain", """
                sequence:
                  - simple/1
                  - model: simple/1
                    take: {INPUT0: OUTPUT0, INPUT1: OUTPUT1}
                """);
        String row = String.join(
                ",", IntStream.range(0, 16).mapToObj(Integer::toString).toList());
        String input = "{\"name\":\"INPUT%d\",\"shape\":[1,16],\"datatype\":\"INT32\",\"data\":[%s]}";
        JsonNode answer = client.post(
                        "/v2/models/chain/infer",
                        "{\"inputs\":[" + input.formatted(0, row) + "," + input.formatted(1, row.replace("15", "3"))
                                + "]}")
                .json();
        // (a + b) + (a − b) and (a + b) − (a − b)
        assertThat(answer.path("outputs").get(0).path("data").get(15).asInt()).isEqualTo(30);
        assertThat(answer.path("outputs").get(1).path("data").get(15).asInt()).isEqualTo(6);
        assertThat(client.page("/models/chain/versions/1").body()).contains("sequence");
    }

    @Test
    void refusesAChain_whoseTensorsDoNotFit() throws Exception {
        Path path = folder.resolve("wrong.yaml");
        Files.writeString(path, """
                sequence:
                  - simple/1
                  - model: simple/1
                    take: {INPUT0: OUTPUT7, INPUT9: OUTPUT1}
                """);
        Client.Answer refused = client.post("/api/v1/models/import", file(path, "wrong"), "Authorization", TOKEN);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body())
                .contains(
                        "sequence[1]: take.INPUT0: OUTPUT7 (expected: an output of the step before). Did you mean 'OUTPUT0'?")
                .contains("sequence[1]: take.INPUT9 (expected: an input of the model). Did you mean 'INPUT0'?");
        Files.writeString(path, "average: {of: [visits/1, simple/1]}");
        refused = client.post("/api/v1/models/import", file(path, "wrong"), "Authorization", TOKEN);
        assertThat(refused.body()).contains("average.of[1]: takes tensors (expected: what takes feature rows)");
    }
}
