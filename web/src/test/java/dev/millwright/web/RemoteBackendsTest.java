package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.pipelines.ModelConnection.Connected;
import dev.millwright.pipelines.ModelImport;
import dev.millwright.serving.BackendStatus;
import dev.millwright.serving.remote.RemoteTarget;
import dev.millwright.serving.remote.Retries;
import dev.millwright.serving.remote.Secret;
import dev.millwright.serving.remote.Wire;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One server that has models, one that has them answered there, and servers that do what no server should. */
final class RemoteBackendsTest {
    private static final String TOKEN = "Bearer " + SmallHome.TOKEN;

    @TempDir
    private static Path folder;

    private static SmallHome behind;
    private static SmallHome front;
    private static Client client;

    @BeforeAll
    static void open() throws Exception {
        behind = new SmallHome(folder.resolve("behind"));
        front = new SmallHome(folder.resolve("front"));
        client = Client.of(front.url());
        Path file = folder.resolve("simple.onnx");
        Files.write(file, Graphs.sumAndDifference());
        new ModelImport(behind.registry(), behind.services().deployments())
                .add(file, "simple", ModelImport.Serving.TENSORS, "");
        behind.services().deployments().deployByHand("simple", "simple", 1, Optional.empty());
        Files.createDirectories(folder.resolve("front/home/secrets"));
        Files.writeString(folder.resolve("front/home/secrets/backend"), "s3cret\n");
    }

    @AfterAll
    static void close() {
        front.close();
        behind.close();
    }

    private static RemoteTarget target(Wire wire, Duration timeout, Secret secret, String... urls) {
        return new RemoteTarget(
                Stream.of(urls).map(RemoteTarget::backend).toList(),
                "simple",
                Optional.empty(),
                wire,
                timeout,
                secret,
                Retries.ALWAYS,
                RemoteTarget.CALLS);
    }

    /** Connects servers and deploys what they have on an endpoint of its own. */
    private static void serve(String endpoint, RemoteTarget target) {
        Connected connected = front.services().deployments().connection().connect(endpoint, target, "");
        front.services().deployments().deployByHand(endpoint, endpoint, connected.version(), Optional.empty());
    }

    private static void serve(String endpoint, String... urls) {
        serve(endpoint, target(Wire.REST, Duration.ofSeconds(10), new Secret.None(), urls));
    }

    private static String request() {
        String row = String.join(
                ",", IntStream.range(0, 16).mapToObj(Integer::toString).toList());
        String input = "{\"name\":\"INPUT%d\",\"shape\":[1,16],\"datatype\":\"INT32\",\"data\":[%s]}";
        return "{\"inputs\":[" + input.formatted(1, row) + "," + input.formatted(0, row) + "]}";
    }

    private static Client.Answer infer(String endpoint) throws Exception {
        return client.post("/v2/models/" + endpoint + "/infer", request());
    }

    private static void assertAnswers(String endpoint) throws Exception {
        Client.Answer answer = infer(endpoint);
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode outputs = answer.json().path("outputs");
        assertThat(outputs.get(0).path("data").get(15).asInt()).isEqualTo(30);
        assertThat(outputs.get(1).path("data").get(15).asInt()).isZero();
    }

    private static void assertFails(String endpoint, int status, String message) throws Exception {
        Client.Answer answer = infer(endpoint);
        assertThat(answer.json().path("error").asText()).contains(message).startsWith("backend http://127.0.0.1:");
        assertThat(answer.status()).isEqualTo(status);
    }

    @ParameterizedTest
    @EnumSource
    void answersWhatTheOtherServerAnswers(Wire wire) throws Exception {
        String endpoint = "over-" + wire;
        serve(endpoint, target(wire, Duration.ofSeconds(10), new Secret.None(), behind.url()));
        assertAnswers(endpoint);
        Client.Answer wrong =
                client.post("/v2/models/" + endpoint + "/infer", request().replace("INT32", "INT64"));
        assertThat(wrong.status()).isEqualTo(400);
        assertThat(wrong.body()).contains("inputs[0].datatype: INT64 (expected: INT32)");
        assertThat(client.get("/v2/models/" + endpoint)
                        .json()
                        .path("inputs")
                        .get(0)
                        .path("shape")
                        .toString())
                .isEqualTo("[-1,16]");
        assertThat(client.get("/metrics").body())
                .contains("millwright_backend_calls_total{endpoint=\"" + endpoint + "\",version=\"1\",backend=\""
                        + behind.url() + "\",outcome=\"answered\"} 1\n");
        assertThat(client.page("/endpoints/" + endpoint).body())
                .contains("Backends")
                .contains(behind.url());
    }

    @Test
    void isRolledBack_likeAnyOtherVersion() throws Exception {
        serve("twice", behind.url());
        try (ScriptedServer failing = new ScriptedServer()) {
            serve("twice", failing.url());
            assertFails("twice", 502, "answered 500 at /v2/models/simple/infer: out of order");
            front.services().deployments().rollBack("twice", "it fails");
            assertAnswers("twice");
        }
    }

    @Test
    void answersAllRequests_whileOneOfTwoServersDoesWhatItShouldNot() throws Exception {
        try (ScriptedServer failing = new ScriptedServer()) {
            serve("half", target(Wire.REST, Duration.ofMillis(300), new Secret.None(), behind.url(), failing.url()));
            List<Runnable> mischief = List.of(
                    () -> failing.answers(500, "{\"error\":\"no\"}"),
                    () -> failing.answers(503, ""),
                    () -> failing.answers(200, "<html>"),
                    () -> failing.answers(exchange -> exchange.close()),
                    failing::answersWithoutEnd,
                    failing::hangs);
            for (Runnable each : mischief) {
                each.run();
                for (int i = 0; i < 8; i++) {
                    assertAnswers("half");
                }
            }
            assertThat(failing.asked.get()).isPositive();
            assertThat(front.services().router().backends("half", 1))
                    .anyMatch(status -> status.state() == BackendStatus.State.EJECTED);
        }
    }

    @Test
    void namesServerAndField_whenAnAnswerIsNone() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            serve("odd", target(Wire.REST, Duration.ofSeconds(10), new Secret.None(), server.url()));
            String output = "{\"name\":\"OUTPUT0\",\"datatype\":\"%s\",\"shape\":%s%s}";
            Map<String, String> answers = Map.of(
                    "<html>",
                    "body: ",
                    "{}",
                    "outputs: missing",
                    "{\"outputs\":[" + output.formatted("FP32", "[1,1]", ",\"data\":[1]") + "]}",
                    "outputs: datatype: FP32 (expected: INT32). Output: OUTPUT0",
                    "{\"outputs\":[" + output.formatted("INT32", "[1,2]", ",\"data\":[1,2]") + "]}",
                    "outputs: shape: [1,2] (expected: [-1,16]). Output: OUTPUT0",
                    "{\"outputs\":[" + output.formatted("INT32", "[1,16]", ",\"data\":[1,2]") + "]}",
                    "outputs[0].data: 2 values (expected: 16",
                    "{\"outputs\":["
                            + output.formatted("INT32", "[1,16]", ",\"parameters\":{\"binary_data_size\":2000000000}")
                            + "]}",
                    "outputs[0].parameters.binary_data_size: 2000000000 (expected: at most the 0 bytes",
                    "{\"outputs\":[" + output.formatted("INT32", "[4611686018427387904,16]", ",\"data\":[1]") + "]}",
                    "outputs[0].shape: [4611686018427387904,16]");
            for (Map.Entry<String, String> each : answers.entrySet()) {
                server.answers(200, each.getKey());
                assertFails("odd", 502, each.getValue());
            }
        }
    }

    @Test
    void holdsOn_whateverASingleServerDoes() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            serve("alone", target(Wire.REST, Duration.ofMillis(400), new Secret.None(), server.url()));
            server.answers(429, "{\"error\":\"too much\"}");
            assertFails("alone", 429, "answered 429 at /v2/models/simple/infer: too much");
            server.answers(400, "{\"error\":\"inputs[0].shape: no\"}");
            assertFails("alone", 400, "inputs[0].shape: no");
            server.answers(401, "");
            assertFails("alone", 503, "answered 401");
            server.hangs();
            assertFails("alone", 504, "no answer within");
            server.answersWithoutEnd();
            // Whichever comes first, the end of the room or of the time.
            assertThat(infer("alone").status()).isIn(502, 504);
            server.answers(exchange -> {
                exchange.getResponseHeaders().add("Location", behind.url() + "/v2/models/simple/infer");
                ScriptedServer.send(exchange, 307, "");
            });
            assertFails("alone", 502, "answered 307");
            assertThat(server.bodies).allMatch(body -> body.startsWith("{\"parameters\":{\"timeout\":"));
        }
    }

    @Test
    void keepsOtherEndpointsQuick_whileAServerHangs() throws Exception {
        serve("quick", behind.url());
        try (ScriptedServer server = new ScriptedServer();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            serve("hanging", target(Wire.REST, Duration.ofSeconds(20), new Secret.None(), server.url()));
            server.hangs();
            List<CompletableFuture<Integer>> waiting = IntStream.range(0, 100)
                    .mapToObj(i -> CompletableFuture.supplyAsync(
                            () -> {
                                try {
                                    return infer("hanging").status();
                                } catch (Exception failed) {
                                    throw new IllegalStateException(failed);
                                }
                            },
                            threads))
                    .toList();
            while (server.asked.get() < RemoteTarget.CALLS) {
                Thread.onSpinWait();
            }
            for (int i = 0; i < 50; i++) {
                assertAnswers("quick");
            }
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            assertThat(server.asked.get()).isEqualTo(RemoteTarget.CALLS);
            front.services().deployments().unload("hanging");
            server.end();
            assertThat(waiting).allMatch(call -> call.join() >= 500);
        }
    }

    @Test
    void showsItsTokenToTheServer_andToNobodyElse() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            serve("secret", target(Wire.REST, Duration.ofSeconds(10), new Secret.InFile("backend"), server.url()));
            infer("secret");
            assertThat(server.authorizations.take()).isEqualTo("Bearer s3cret");
            assertThat(new String(
                            front.registry()
                                    .artifacts()
                                    .read(front.registry()
                                            .models()
                                            .load("secret", 1)
                                            .servedArtifact()
                                            .orElseThrow()),
                            StandardCharsets.UTF_8))
                    .contains("\"token_file\" : \"backend\"")
                    .doesNotContain("s3cret");
        }
    }

    @Test
    void endsACircleOfServers() throws Exception {
        serve("circle", behind.url());
        RemoteTarget itself = new RemoteTarget(
                List.of(RemoteTarget.backend(front.url())),
                "circle",
                Optional.empty(),
                Wire.REST,
                Duration.ofSeconds(10),
                new Secret.None(),
                Retries.ALWAYS,
                RemoteTarget.CALLS);
        serve("circle", itself);
        assertFails("circle", 400, "millwright-hops: 5, counted with the next server (expected: at most 4)");
    }

    @Test
    void saysWhatIsWrong_whenItIsConnected() throws Exception {
        assertThat(client.post("/api/v1/models/connect", "{\"name\":\"x\",\"urls\":[\"http://127.0.0.1:1\"]}")
                        .status())
                .isEqualTo(401);
        Map<String, String> wrong = Map.of(
                "{\"name\":\"x\"}",
                "body: (expected: name, and urls",
                "{\"name\":\"x\",\"urls\":[\"http://127.0.0.1:1\"]}",
                "backend http://127.0.0.1:1: can't be reached",
                "{\"name\":\"x\",\"urls\":[\"" + behind.url() + "\"]}",
                "answered 404 at /v2/models/x",
                "{\"name\":\"x\",\"urls\":[\"file:///etc/passwd\"]}",
                "url: ",
                "{\"name\":\"x\",\"urls\":[\"http://h\"],\"wire\":\"smtp\"}",
                "wire: smtp (expected: rest or grpc)",
                "{\"name\":\"x\",\"urls\":[\"http://h\"],\"token_variable\":\"HOME\"}",
                "token_variable: HOME",
                "{\"name\":\"x\",\"urls\":[\"" + behind.url() + "\"],\"token_file\":\"none\"}",
                "token_file: none");
        for (Map.Entry<String, String> each : wrong.entrySet()) {
            Client.Answer refused = client.post("/api/v1/models/connect", each.getKey(), "Authorization", TOKEN);
            assertThat(refused.json().path("error").asText()).as(each.getKey()).contains(each.getValue());
            assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        }
    }

    @Test
    void refusesServersThatHaveAnotherModel_whenConnectedAndWhenLoaded() throws Exception {
        try (ScriptedServer server = new ScriptedServer()) {
            serve("changing", server.url());
            server.describes(
                    "{\"inputs\":[{\"name\":\"INPUT0\",\"datatype\":\"FP32\",\"shape\":[2]}],\"outputs\":[{\"name\":\"y\",\"datatype\":\"FP32\",\"shape\":[2]}]}");
            assertThat(connect(behind.url(), server.url()))
                    .isEqualTo("backend " + server.url() + ": inputs: [INPUT0] (expected: [INPUT0, INPUT1])."
                            + " Connect it as a version of its own.");
            front.services().deployments().unload("changing");
            Client.Answer refused = client.post("/v2/repository/models/changing/load", "{}", "Authorization", TOKEN);
            assertThat(refused.status()).isEqualTo(400);
            assertThat(refused.body()).contains("changing/1: its servers have another model now");

            server.describes("{\"name\":\"simple\"}");
            assertThat(connect(server.url())).contains("says of the model neither which tensors it takes");
            server.describes("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"COMPLEX\",\"shape\":[2]}]}");
            assertThat(connect(server.url())).contains("inputs[0].datatype: COMPLEX (expected: one of BOOL");
            server.describes("{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[-2]}]}");
            assertThat(connect(server.url())).contains("inputs[0].shape: not understood");
        }
    }

    private static String connect(String... urls) throws Exception {
        Client.Answer refused = client.post(
                "/api/v1/models/connect",
                "{\"name\":\"simple\",\"urls\":[\"" + String.join("\",\"", urls) + "\"]}",
                "Authorization",
                TOKEN);
        assertThat(refused.status()).as(refused.body()).isEqualTo(400);
        return refused.json().path("error").asText();
    }

    @Test
    void connectsServers_ofWhichOneIsNotThereYet() {
        Connected connected = front.services()
                .deployments()
                .connection()
                .connect(
                        "early",
                        target(Wire.GRPC, Duration.ofSeconds(1), new Secret.None(), behind.url(), "http://127.0.0.1:1"),
                        "");
        assertThat(connected.inputs()).containsExactly("INPUT0 INT32[-1,16]", "INPUT1 INT32[-1,16]");
        assertThat(connected.silent()).singleElement().asString().contains("can't be reached");
    }
}
