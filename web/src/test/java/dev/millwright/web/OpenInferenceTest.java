package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import dev.millwright.inference.messages.InferParameter;
import dev.millwright.inference.messages.InferTensorContents;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelInferResponse;
import dev.millwright.inference.messages.ModelStatistics;
import dev.millwright.inference.messages.ModelStatisticsRequest;
import dev.millwright.inference.messages.ModelStreamInferResponse;
import dev.millwright.pipelines.ModelImport;
import dev.millwright.registry.TimelineEntry;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The protocol over both wires, with a graph that takes tensors. */
final class OpenInferenceTest {
    private static final String TOKEN = "Bearer " + SmallHome.TOKEN;

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;

    @BeforeAll
    static void open() throws Exception {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        Path file = folder.resolve("simple.onnx");
        Files.write(file, Graphs.sumAndDifference());
        new ModelImport(home.registry(), home.services().deployments())
                .add(file, "simple", ModelImport.Serving.ROWS_IF_POSSIBLE, "");
    }

    @AfterAll
    static void close() {
        home.close();
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    output_psi > 0.25     | rollout.roll_back_if: output_psi > 0.25: can't be judged by tensors
                    mean_difference > 1   | rollout.roll_back_if: mean_difference is about floating-point numbers
                    """, delimiter = '|')
    void aRolloutThatTensorsCouldNeverTurnBack_isRefused(String rule, String problem) throws Exception {
        Client.Answer answer = client.post(
                "/api/v1/endpoints/judged/deploy",
                "{\"model\": \"simple\", \"version\": 1, \"rollout\": \"{canary: [5%], roll_back_if: [" + rule
                        + "]}\"}",
                "Authorization",
                TOKEN);
        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).contains(problem);
        assertThat(home.registry().endpoints().find("judged")).isEmpty();
    }

    private static Map<String, String> states() throws Exception {
        Map<String, String> states = new HashMap<>();
        client.post("/v2/repository/index", "{}")
                .json()
                .forEach(entry -> states.put(
                        entry.path("name").asText(), entry.path("state").asText()));
        return states;
    }

    private static void load(String model) throws Exception {
        assertThat(client.post("/v2/repository/models/" + model + "/load", "{}", "Authorization", TOKEN)
                        .status())
                .isEqualTo(200);
    }

    private static String request() {
        String row = String.join(
                ",", IntStream.range(0, 16).mapToObj(Integer::toString).toList());
        String input = "{\"name\":\"INPUT%d\",\"shape\":[1,16],\"datatype\":\"INT32\",\"data\":[%s]}";
        return "{\"id\":\"7\",\"inputs\":[" + input.formatted(1, row) + "," + input.formatted(0, row) + "]}";
    }

    @Test
    void loadsAndUnloads_asTheRepositoryIsTold() throws Exception {
        load("simple");
        assertThat(states()).containsEntry("simple", "READY");
        JsonNode answer = client.post("/v2/models/simple/infer", request()).json();
        assertThat(answer.path("id").asText()).isEqualTo("7");
        assertThat(answer.path("parameters").path("prediction_id").asText()).isNotEmpty();
        assertThat(answer.path("outputs").get(0).path("data").get(15).asInt()).isEqualTo(30);
        assertThat(answer.path("outputs").get(1).path("data").get(15).asInt()).isZero();

        assertThat(client.post("/v2/repository/models/simple/unload", "{}", "Authorization", TOKEN)
                        .status())
                .isEqualTo(200);
        assertThat(states()).containsEntry("simple", "UNAVAILABLE");
        assertThat(client.post("/v2/models/simple/infer", request()).status()).isEqualTo(404);
        load("simple");
        assertThat(client.post("/v2/models/simple/infer", request()).status()).isEqualTo(200);
        assertThat(home.registry().endpoints().timeline("simple"))
                .extracting(TimelineEntry::change)
                .contains("endpoint.unloaded");
    }

    @Test
    void refusesFilesInALoad_thatWouldBeIgnored() throws Exception {
        Client.Answer refused = client.post(
                "/v2/repository/models/simple/load", "{\"parameters\":{\"config\":\"{}\"}}", "Authorization", TOKEN);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("parameters.config: not supported");
    }

    @Test
    void countsWhatItDid() throws Exception {
        load("simple");
        client.post("/v2/models/simple/infer", request());
        JsonNode statistics =
                client.get("/v2/models/simple/stats").json().path("model_stats").get(0);
        assertThat(statistics.path("name").asText()).isEqualTo("simple");
        assertThat(statistics.path("inference_count").asLong()).isPositive();
        assertThat(statistics.path("execution_count").asLong()).isPositive();
        assertThat(statistics.path("last_inference").asLong()).isPositive();
        assertThat(statistics
                        .path("inference_stats")
                        .path("success")
                        .path("count")
                        .asLong())
                .isPositive();
        JsonNode batch = statistics.path("batch_stats").get(0);
        assertThat(batch.path("batch_size").asInt()).isEqualTo(1);
        long runs = batch.path("compute_infer").path("count").asLong();
        assertThat(runs).isPositive();
        for (String part : List.of("compute_input", "compute_output")) {
            assertThat(batch.path(part).path("count").asLong()).as(part).isEqualTo(runs);
            assertThat(batch.path(part).has("ns")).as(part).isTrue();
        }
        ModelStatistics overGrpc = GrpcClients.newClient(
                        "gproto+" + home.url() + "/", GRPCInferenceServiceBlockingStub.class)
                .modelStatistics(
                        ModelStatisticsRequest.newBuilder().setName("simple").build())
                .getModelStats(0);
        assertThat(overGrpc.getBatchStats(0).getBatchSize()).isEqualTo(1);
        assertThat(overGrpc.getBatchStats(0).getComputeInput().getCount()).isGreaterThanOrEqualTo(runs);
        assertThat(overGrpc.getBatchStats(0).getComputeInfer().getNs()).isPositive();
        assertThat(overGrpc.getBatchStats(0).getComputeOutput().getCount()).isGreaterThanOrEqualTo(runs);
    }

    @Test
    void namesTheTensorThatDoesNotFit() throws Exception {
        load("simple");
        Client.Answer refused = client.post("/v2/models/simple/infer", request().replaceFirst("\\[1,16\\]", "[2,8]"));
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().path("error").asText())
                .isEqualTo("inputs[0].shape: [2,8] (expected: [-1,16]). Input: INPUT1");
    }

    @Test
    void takesTensorsAsBytes_andGivesThem() throws Exception {
        load("simple");
        byte[] head = ("{\"inputs\":[{\"name\":\"INPUT0\",\"shape\":[1,16],\"datatype\":\"INT32\","
                        + "\"parameters\":{\"binary_data_size\":64}},{\"name\":\"INPUT1\",\"shape\":[1,16],"
                        + "\"datatype\":\"INT32\",\"parameters\":{\"binary_data_size\":64}}],"
                        + "\"parameters\":{\"binary_data_output\":true}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer body = ByteBuffer.allocate(head.length + 128)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(head);
        IntStream.range(0, 32).forEach(body::putInt);
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create(home.url() + "/v2/models/simple/infer"))
                            .header("Inference-Header-Content-Length", Integer.toString(head.length))
                            .POST(HttpRequest.BodyPublishers.ofByteArray(body.array()))
                            .build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            int json = Integer.parseInt(answer.headers()
                    .firstValue("Inference-Header-Content-Length")
                    .orElseThrow());
            ByteBuffer tensors = ByteBuffer.wrap(answer.body(), json, answer.body().length - json)
                    .order(ByteOrder.LITTLE_ENDIAN);
            assertThat(tensors.remaining()).isEqualTo(128);
            assertThat(tensors.getInt(json)).isEqualTo(16);
            assertThat(tensors.getInt(json + 64)).isEqualTo(-16);
        }
    }

    @Test
    void answersOverGrpc_inTheStyleOfTheRequest() throws Exception {
        load("simple");
        GRPCInferenceServiceBlockingStub stub =
                GrpcClients.newClient("gproto+" + home.url() + "/", GRPCInferenceServiceBlockingStub.class);
        ModelInferRequest.Builder typed =
                ModelInferRequest.newBuilder().setModelName("simple").setId("9");
        ModelInferRequest.Builder raw = ModelInferRequest.newBuilder().setModelName("simple");
        ByteBuffer row = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        InferTensorContents.Builder contents = InferTensorContents.newBuilder();
        for (int i = 0; i < 16; i++) {
            row.putInt(i);
            contents.addIntContents(i);
        }
        for (String name : new String[] {"INPUT0", "INPUT1"}) {
            typed.addInputsBuilder()
                    .setName(name)
                    .setDatatype("INT32")
                    .addShape(1)
                    .addShape(16)
                    .setContents(contents);
            raw.addInputsBuilder()
                    .setName(name)
                    .setDatatype("INT32")
                    .addShape(1)
                    .addShape(16);
            raw.addRawInputContents(ByteString.copyFrom(row.array()));
        }
        ModelInferResponse inMessages = stub.modelInfer(typed.build());
        assertThat(inMessages.getId()).isEqualTo("9");
        assertThat(inMessages.getOutputs(0).getContents().getIntContents(15)).isEqualTo(30);
        assertThat(inMessages.getRawOutputContentsCount()).isZero();
        ModelInferResponse asBytes = stub.modelInfer(raw.build());
        assertThat(asBytes.getRawOutputContents(0)
                        .asReadOnlyByteBuffer()
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .getInt(60))
                .isEqualTo(30);
        assertThat(asBytes.getOutputs(0).hasContents()).isFalse();
    }

    @Test
    void refusesParametersThatAskForSomethingElse_overBothWires() throws Exception {
        load("simple");
        GRPCInferenceServiceBlockingStub stub =
                GrpcClients.newClient("gproto+" + home.url() + "/", GRPCInferenceServiceBlockingStub.class);
        InferParameter three = InferParameter.newBuilder().setInt64Param(3).build();
        ModelInferRequest.Builder outputs = ModelInferRequest.newBuilder().setModelName("simple");
        outputs.addOutputsBuilder().setName("OUTPUT0").putParameters("priority", three);
        outputs.addOutputsBuilder().setName("OUTPUT1").putParameters("classification", three);
        assertRefused(
                stub, outputs, "outputs[1].parameters.classification: not supported (expected: none). Leave it out");

        ModelInferRequest.Builder inputs = ModelInferRequest.newBuilder().setModelName("simple");
        inputs.addInputsBuilder()
                .setName("INPUT0")
                .setDatatype("INT32")
                .addShape(1)
                .addShape(16)
                .putParameters("shared_memory_region", three);
        assertRefused(
                stub,
                inputs,
                "inputs[0].parameters.shared_memory_region: not supported (expected: none). Leave it out. Input: INPUT0");
        String json = request().replaceFirst("\\}\\]\\}$", ",\"parameters\":{\"shared_memory_region\":\"r\"}}]}");
        assertThat(client.post("/v2/models/simple/infer", json)
                        .json()
                        .path("error")
                        .asText())
                .startsWith("inputs[1].parameters.shared_memory_region: not supported (expected: none). Leave it out");
    }

    private static void assertRefused(
            GRPCInferenceServiceBlockingStub stub, ModelInferRequest.Builder request, String reason) {
        assertThatThrownBy(() -> stub.modelInfer(request.build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
                    assertThat(refused.getStatus().getDescription()).isEqualTo(reason);
                });
    }

    @Test
    void keepsWhatWasAskedAndAnswered() throws Exception {
        load("simple");
        client.post("/v2/models/simple/infer", request());
        home.services().predictions().flush();
        assertThat(home.services().predictions().status().dropped()).isZero();
        assertThat(home.services().predictions().status().rowsWritten()).isPositive();
        assertThat(client.page("/endpoints/simple").body())
                .contains("This model takes tensors")
                .contains("/v2/models/simple/infer");
    }

    @Test
    void describesTensors_andGivesAnExampleThatIsAnswered() throws Exception {
        load("simple");
        Client.Answer schema = client.get("/endpoints/simple/schema");
        assertThat(schema.status()).isEqualTo(200);
        assertThat(schema.header("content-type")).startsWith("application/schema+json");
        JsonNode inputs = schema.json().at("/properties/inputs/items/oneOf");
        assertThat(inputs.findValuesAsText("const")).containsExactly("INPUT0", "INT32", "16", "INPUT1", "INT32", "16");
        assertThat(schema.json().at("/$defs/INT32/items/anyOf/0/maximum").asLong())
                .isEqualTo(Integer.MAX_VALUE);

        Client.Answer example = client.get("/endpoints/simple/example");
        assertThat(example.json().path("inputs").findValuesAsText("name")).containsExactly("INPUT0", "INPUT1");
        Client.Answer answer = client.post("/v2/models/simple/infer", example.body());
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.json().path("outputs").findValuesAsText("name"))
                .isEqualTo(schema.json()
                        .at("/$defs/answer/properties/outputs/items/oneOf")
                        .valueStream()
                        .map(output -> output.at("/properties/name/const").asText())
                        .toList());
        assertThat(client.get("/endpoints/simple/example?as=v2").body()).isEqualTo(example.body());
        Client.Answer rows = client.get("/endpoints/simple/example?as=records");
        assertThat(rows.status()).isEqualTo(400);
        assertThat(rows.body()).contains("as: records (expected: v2, for simple takes tensors)");
    }

    @Test
    void endsAStream_afterItsLastAnswer_wheneverTheClientCloses() throws Exception {
        load("simple");
        GRPCInferenceServiceStub stub =
                GrpcClients.newClient("gproto+" + home.url() + "/", GRPCInferenceServiceStub.class);
        ModelInferRequest unfit =
                ModelInferRequest.newBuilder().setModelName("simple").setId("4").build();
        for (int i = 0; i < 400; i++) {
            Answers answers = new Answers();
            StreamObserver<ModelInferRequest> requests = stub.modelStreamInfer(answers);
            requests.onNext(unfit);
            // Closes earlier and later than the answer is made.
            long until = System.nanoTime() + i * 1_500L;
            while (System.nanoTime() < until) {
                Thread.onSpinWait();
            }
            requests.onCompleted();
            assertThat(answers.all.get(30, TimeUnit.SECONDS))
                    .extracting(answer -> answer.getInferResponse().getId())
                    .containsExactly("4");
        }
    }

    private static final class Answers implements StreamObserver<ModelStreamInferResponse> {
        private final List<ModelStreamInferResponse> sofar = new ArrayList<>();
        private final CompletableFuture<List<ModelStreamInferResponse>> all = new CompletableFuture<>();

        @Override
        public void onNext(ModelStreamInferResponse answer) {
            sofar.add(answer);
        }

        @Override
        public void onError(Throwable failure) {
            all.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            all.complete(sofar);
        }
    }
}
