package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.pipelines.ModelImport;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is answered later is what would have been answered at once. */
final class JobRoutesTest {
    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;

    @BeforeAll
    static void open() throws Exception {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        home.run(1.0);
        Path file = folder.resolve("simple.onnx");
        Files.write(file, Graphs.sumAndDifference());
        new ModelImport(home.registry(), home.services().deployments())
                .add(file, "simple", ModelImport.Serving.TENSORS, "");
        home.services().deployments().deployByHand("simple", "simple", 1, Optional.empty());
    }

    @AfterAll
    static void close() {
        home.close();
    }

    private static String tensors() {
        String row = String.join(
                ",", IntStream.range(0, 16).mapToObj(Integer::toString).toList());
        String input = "{\"name\":\"INPUT%d\",\"shape\":[1,16],\"datatype\":\"INT32\",\"data\":[%s]}";
        return "{\"id\":\"mine\",\"inputs\":[" + input.formatted(1, row) + "," + input.formatted(0, row) + "]}";
    }

    /** The address of the job, once it has ended. */
    private static String ended(Client.Answer accepted) throws Exception {
        assertThat(accepted.status()).as(accepted.body()).isEqualTo(202);
        String path = accepted.header("Location");
        assertThat(path).endsWith("/jobs/" + accepted.json().path("job").asText());
        JsonNode job = client.get(path).json();
        while (!job.has("ended")) {
            job = client.get(path).json();
        }
        assertThat(job.path("answer").asText()).isEqualTo(path + "/answer");
        return path;
    }

    @Test
    void answersTensors() throws Exception {
        String path = ended(client.post("/endpoints/simple/jobs", tensors()));
        assertThat(client.get(path).json().path("state").asText()).isEqualTo("done");
        JsonNode answer = client.get(path + "/answer").json();
        assertThat(answer.path("id").asText()).isEqualTo("mine");
        assertThat(answer.path("outputs").get(0).path("data").get(15).asInt()).isEqualTo(30);
        assertThat(client.get("/metrics").body())
                .containsPattern("millwright_jobs\\{endpoint=\"simple\",state=\"done\"} [1-9]")
                .containsPattern("millwright_jobs_bytes [1-9]");

        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> deleted = http.send(
                    HttpRequest.newBuilder(URI.create(home.url() + path))
                            .DELETE()
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            assertThat(deleted.statusCode()).isEqualTo(204);
        }
        assertThat(client.get(path).status()).isEqualTo(404);
        assertThat(client.get(path + "/answer").status()).isEqualTo(404);
    }

    @Test
    void givesTensorsAsBytes_whenThatIsAskedFor() throws Exception {
        String path = ended(client.post(
                "/endpoints/simple/jobs",
                tensors().replace("{\"id\"", "{\"parameters\":{\"binary_data_output\":true},\"id\"")));
        Client.Answer answer = client.get(path + "/answer");
        assertThat(answer.header("Content-Type")).isEqualTo("application/octet-stream");
        assertThat(Integer.parseInt(answer.header("Inference-Header-Content-Length")))
                .isPositive();
    }

    @Test
    void answersRowsAndEvents() throws Exception {
        String path = ended(client.post(
                "/endpoints/visits/jobs?as=invocations",
                "{\"dataframe_records\":[{\"age\":30,\"plan\":\"plus\",\"spend\":50,\"spend_a_month\":4}]}"));
        assertThat(client.get(path + "/answer").json().path("predictions"))
                .as(client.get(path + "/answer").body())
                .hasSize(1);
        path = ended(client.post("/endpoints/visits/jobs?as=events", "{\"age\":30,\"plan\":\"plus\",\"spend\":50}"));
        assertThat(client.get(path + "/answer").json().path("predictions"))
                .as(client.get(path + "/answer").body())
                .hasSize(1);
    }

    @Test
    void keepsWhatIsWrong_asItWouldHaveBeenSaid() throws Exception {
        String path = ended(client.post("/endpoints/simple/jobs", tensors().replace("INT32", "INT64")));
        assertThat(client.get(path).json().path("state").asText()).isEqualTo("failed");
        Client.Answer answer = client.get(path + "/answer");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("problems")).hasSize(2);
        assertThat(answer.json().path("error").asText()).startsWith("inputs[0].datatype: INT64 (expected: INT32)");

        path = ended(client.post("/endpoints/visits/jobs?as=invocations", "{\"dataframe_records\":[{\"agee\":30}]}"));
        assertThat(client.get(path + "/answer").json().path("error_code").asText())
                .isNotEmpty();
    }

    @Test
    void refusesAtOnce_whatCanNeverBeAnswered() throws Exception {
        assertThat(client.post("/endpoints/none/jobs", "{}").status()).isEqualTo(404);
        assertThat(client.post("/endpoints/simple/jobs?as=window", "{}").body())
                .contains("as: window (expected: infer");
        for (String address : List.of("http://example.org", "http://10.0.0.1", "http://169.254.169.254")) {
            Client.Answer refused = client.post(
                    "/endpoints/simple/jobs?webhook=" + URLEncoder.encode(address, StandardCharsets.UTF_8), "{}");
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body())
                    .contains("webhook: " + address + " (expected: https://…, or http:// to localhost)");
        }
        assertThat(client.get("/endpoints/simple/jobs/none").status()).isEqualTo(404);
        String path = ended(client.post("/endpoints/simple/jobs", tensors()));
        assertThat(client.get(path.replace("/simple/", "/visits/")).status()).isEqualTo(404);
    }
}
