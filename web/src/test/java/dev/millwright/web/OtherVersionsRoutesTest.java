package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelInferResponse;
import dev.millwright.inference.messages.ModelMetadataRequest;
import dev.millwright.inference.messages.ModelMetadataResponse;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.ModelSource;
import dev.millwright.serving.Route;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.routing.Assignment;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.RoutingRule;
import dev.millwright.serving.routing.StickyKey;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A rollout between versions that take other columns than each other touches its share only, whichever way requests come. */
final class OtherVersionsRoutesTest {
    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;
    private static HttpClient http;
    private static GRPCInferenceServiceBlockingStub grpc;

    /** Predicts the sum of its columns. */
    private record Sum(ModelSignature signature) implements ModelRuntime {
        static ModelSource of(String... columns) {
            return ModelSource.of(new Sum(new ModelSignature(
                    Task.REGRESSION,
                    Stream.of(columns)
                            .map(column -> new Input(column, InputType.NUMBER))
                            .toList(),
                    List.of(),
                    0)));
        }

        @Override
        public Predictions predict(Frame rows) {
            float[] sums = new float[rows.rows()];
            for (FeatureColumn column : rows.columns()) {
                for (int row = 0; row < sums.length; row++) {
                    sums[row] += ((FeatureColumn.Numeric) column).values()[row];
                }
            }
            return new Predictions.Values(sums);
        }

        @Override
        public void close() {}
    }

    /** How a request goes, each input of which is 1. Answers {@code VERSION: VALUE}, or says why not. */
    private enum Wire {
        JSON {
            @Override
            String ask(String endpoint, String pin, String... inputs) throws Exception {
                String tensors = tensors("\"data\":[1]", inputs);
                Client.Answer answer = pin.isEmpty()
                        ? client.post("/v2/models/" + endpoint + "/infer", tensors)
                        : client.post("/v2/models/" + endpoint + "/infer", tensors, "X-Millwright-Version", pin);
                return said(answer.status(), answer.json());
            }
        },
        BINARY {
            @Override
            String ask(String endpoint, String pin, String... inputs) throws Exception {
                byte[] head = tensors("\"parameters\":{\"binary_data_size\":4}", inputs)
                        .getBytes(StandardCharsets.UTF_8);
                ByteBuffer body = ByteBuffer.allocate(head.length + 4 * inputs.length)
                        .order(ByteOrder.LITTLE_ENDIAN)
                        .put(head);
                for (int i = 0; i < inputs.length; i++) {
                    body.putFloat(1);
                }
                return send(endpoint, pin, head.length, body.array());
            }
        },
        GRPC {
            @Override
            String ask(String endpoint, String pin, String... inputs) {
                ModelInferRequest.Builder request = message(endpoint, inputs);
                request.getInputsBuilderList()
                        .forEach(input -> input.getContentsBuilder().addFp32Contents(1));
                return call(request, pin);
            }
        },
        GRPC_RAW {
            @Override
            String ask(String endpoint, String pin, String... inputs) {
                ModelInferRequest.Builder request = message(endpoint, inputs);
                for (int i = 0; i < inputs.length; i++) {
                    request.addRawInputContents(ByteString.copyFrom(one()));
                }
                return call(request, pin);
            }
        };

        abstract String ask(String endpoint, String pin, String... inputs) throws Exception;
    }

    private static byte[] one() {
        return ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putFloat(1).array();
    }

    private static String tensors(String data, String... inputs) {
        return Stream.of(inputs)
                .map(input -> "{\"name\":\"" + input + "\",\"datatype\":\"FP32\",\"shape\":[1,1]," + data + "}")
                .collect(Collectors.joining(",", "{\"inputs\":[", "]}"));
    }

    private static String said(int status, JsonNode answer) {
        return status == 200
                ? answer.path("model_version").asText() + ": "
                        + answer.path("outputs").get(0).path("data").get(0).asDouble()
                : answer.path("error").asText();
    }

    private static String send(String endpoint, String pin, int jsonLength, byte[] body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create(home.url() + "/v2/models/" + endpoint + "/infer"))
                .header("Inference-Header-Content-Length", Integer.toString(jsonLength))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        if (!pin.isEmpty()) {
            request.header("X-Millwright-Version", pin);
        }
        HttpResponse<byte[]> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        Optional<String> length = answer.headers().firstValue("Inference-Header-Content-Length");
        if (length.isEmpty()) {
            return said(answer.statusCode(), Json.tree(new String(answer.body(), StandardCharsets.UTF_8)));
        }
        int json = Integer.parseInt(length.get());
        float value =
                ByteBuffer.wrap(answer.body()).order(ByteOrder.LITTLE_ENDIAN).getFloat(json);
        return Json.tree(new String(answer.body(), 0, json, StandardCharsets.UTF_8))
                        .path("model_version")
                        .asText()
                + ": " + value;
    }

    private static ModelInferRequest.Builder message(String endpoint, String... inputs) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(endpoint);
        for (String input : inputs) {
            request.addInputsBuilder()
                    .setName(input)
                    .setDatatype("FP32")
                    .addShape(1)
                    .addShape(1);
        }
        return request;
    }

    private static String call(ModelInferRequest.Builder request, String pin) {
        Metadata metadata = new Metadata();
        if (!pin.isEmpty()) {
            metadata.put(Metadata.Key.of("x-millwright-version", Metadata.ASCII_STRING_MARSHALLER), pin);
        }
        try {
            ModelInferResponse answer = grpc.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata))
                    .modelInfer(request.build());
            float value = answer.getRawOutputContentsCount() > 0
                    ? answer.getRawOutputContents(0)
                            .asReadOnlyByteBuffer()
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getFloat()
                    : answer.getOutputs(0).getContents().getFp32Contents(0);
            return answer.getModelVersion() + ": " + value;
        } catch (StatusRuntimeException refused) {
            return String.valueOf(refused.getStatus().getDescription());
        }
    }

    @BeforeAll
    static void open() {
        home = new SmallHome(folder);
        client = Client.of(home.url());
        http = HttpClient.newHttpClient();
        grpc = GrpcClients.newClient("gproto+" + home.url() + "/", GRPCInferenceServiceBlockingStub.class);
    }

    @AfterAll
    static void close() {
        http.close();
        home.close();
    }

    /** Version 2 is to replace version 1. */
    private static void install(String endpoint, ModelSource candidate, double share, ModelSource champion) {
        home.services()
                .router()
                .install(
                        endpoint,
                        new Route(
                                endpoint,
                                List.of(
                                        new WeightedVersion(endpoint, 2, share, candidate),
                                        new WeightedVersion(endpoint, 1, 1 - share, champion)),
                                Optional.empty()));
    }

    @ParameterizedTest
    @EnumSource
    void aCandidateWithAColumnMore_isTroubleForItsShareAlone(Wire wire) throws Exception {
        String endpoint = "more-" + wire;
        // Ready as the green one of two is, or as a canary's before its first step.
        install(endpoint, Sum.of("a", "b"), 0, Sum.of("a"));
        assertThat(wire.ask(endpoint, "", "a")).isEqualTo("1: 1.0");
        assertThat(wire.ask(endpoint, "", "a", "b")).isEqualTo("1: 1.0");
        assertThat(wire.ask(endpoint, "2", "a", "b")).isEqualTo("2: 2.0");
        assertThat(wire.ask(endpoint, "2", "a")).contains("inputs: b is missing");
        assertThat(wire.ask(endpoint, "", "a", "c")).contains("inputs[1].name: c (expected: an input of the model)");

        // Its share is all.
        install(endpoint, Sum.of("a", "b"), 1, Sum.of("a"));
        assertThat(wire.ask(endpoint, "", "a", "b")).isEqualTo("2: 2.0");
        assertThat(wire.ask(endpoint, "", "a")).contains("inputs: b is missing");
        assertThat(wire.ask(endpoint, "1", "a")).isEqualTo("1: 1.0");
    }

    @ParameterizedTest
    @EnumSource
    void aCandidateWithAColumnLess_leavesTheChampionAskable(Wire wire) throws Exception {
        String endpoint = "less-" + wire;
        install(endpoint, Sum.of("a"), 0.1, Sum.of("a", "b"));
        for (int i = 0; i < 20; i++) {
            assertThat(wire.ask(endpoint, "", "a", "b")).isIn("1: 2.0", "2: 1.0");
        }
        assertThat(wire.ask(endpoint, "1", "a", "b")).isEqualTo("1: 2.0");
        assertThat(wire.ask(endpoint, "2", "a", "b")).isEqualTo("2: 1.0");
    }

    @ParameterizedTest
    @EnumSource
    void aCandidateThatTakesTensors_servesBesideRows(Wire wire) throws Exception {
        String endpoint = "kinds-" + wire;
        HeldModel candidate = new HeldModel();
        candidate.letGo();
        install(endpoint, ModelSource.of(candidate), 0, Sum.of("a"));
        assertThat(wire.ask(endpoint, "", "a")).isEqualTo("1: 1.0");
        assertThat(wire.ask(endpoint, "", "a", "x")).isEqualTo("1: 1.0");
        assertThat(wire.ask(endpoint, "2", "a", "x")).isEqualTo("2: 1.0");
        assertThat(wire.ask(endpoint, "2", "a")).contains("inputs: x is missing");

        String other = "otherwise-" + wire;
        install(other, Sum.of("a"), 0, ModelSource.of(candidate));
        assertThat(wire.ask(other, "", "a", "x")).isEqualTo("1: 1.0");
        assertThat(wire.ask(other, "2", "a", "x")).isEqualTo("2: 1.0");
    }

    @Test
    void aBodyThatIsTheOneTensor_isReadByTheVersionThatAnswers() throws Exception {
        install("raw", Sum.of("a", "b"), 0, Sum.of("a"));
        assertThat(send("raw", "", 0, one())).isEqualTo("1: 1.0");
        assertThat(send("raw", "2", 0, one())).contains("the model takes 2 inputs");
    }

    @Test
    void whatOnlyOneKindOfVersionCanRead_reachesThatVersion() throws Exception {
        HeldModel champion = new HeldModel();
        champion.letGo();
        RoutingRule gold = new RoutingRule(RequestCondition.parse("header x-tier = gold"), 2);
        home.services()
                .router()
                .install(
                        "forms",
                        new Route(
                                "forms",
                                List.of(
                                        new WeightedVersion("forms", 2, 0, Sum.of("a")),
                                        new WeightedVersion("forms", 1, 1, ModelSource.of(champion))),
                                Optional.empty(),
                                new Assignment(List.of(gold), StickyKey.CLIENT_ID, 0, 0)));
        String missing = "{\"inputs\":[{\"name\":\"a\",\"datatype\":\"INT64\",\"shape\":[1,1],\"data\":[null]}]}";
        Client.Answer answer = client.post("/v2/models/forms/infer", missing, "x-tier", "gold");
        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        assertThat(answer.json().path("model_version").asText()).isEqualTo("2");
        Client.Answer refused = client.post("/v2/models/forms/infer", missing);
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.body()).contains("data: null");
        assertThat(client.post("/v2/models/forms/infer", "{", "x-tier", "gold").status())
                .isEqualTo(400);
    }

    @Test
    void theChampionIsDescribed_unlessAnotherVersionIsNamed() throws Exception {
        install("described", Sum.of("a", "b"), 0.4, Sum.of("a"));
        assertThat(client.get("/v2/models/described").json().path("inputs")).hasSize(1);
        assertThat(client.get("/v2/models/described/versions/2").json().path("inputs"))
                .hasSize(2);
        ModelMetadataResponse champion = grpc.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("described").build());
        assertThat(champion.getInputsCount()).isEqualTo(1);
        assertThat(champion.getVersionsList()).containsExactly("2", "1");
        assertThat(grpc.modelMetadata(ModelMetadataRequest.newBuilder()
                                .setName("described")
                                .setVersion("2")
                                .build())
                        .getInputsCount())
                .isEqualTo(2);
        assertThatThrownBy(() -> grpc.modelMetadata(ModelMetadataRequest.newBuilder()
                        .setName("described")
                        .setVersion("3")
                        .build()))
                .hasMessageContaining("version: 3 does not serve");
    }
}
