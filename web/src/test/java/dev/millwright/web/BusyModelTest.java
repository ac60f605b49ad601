package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc.GRPCInferenceServiceStub;
import dev.millwright.inference.messages.InferParameter;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.inference.messages.ModelStreamInferResponse;
import dev.millwright.serving.ModelSource;
import dev.millwright.serving.Route;
import dev.millwright.serving.RouterOptions;
import dev.millwright.serving.WeightedVersion;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** What clients are told while a model has no time for them, over both wires. */
final class BusyModelTest {
    private static final int QUEUED_ROWS = 2;

    @TempDir
    private static Path folder;

    private static SmallHome home;
    private static Client client;
    private static GRPCInferenceServiceBlockingStub grpc;
    private static ExecutorService clients;

    private HeldModel model;
    private String endpoint;

    @BeforeAll
    static void open() {
        home = new SmallHome(
                folder, WebOptions.loopback(0, SmallHome.TOKEN, "0.1.0"), new RouterOptions(1, 64, QUEUED_ROWS, 16, 7));
        client = Client.of(home.url());
        grpc = GrpcClients.newClient("gproto+" + home.url() + "/", GRPCInferenceServiceBlockingStub.class);
        clients = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterAll
    static void close() {
        clients.close();
        home.close();
    }

    /** A model of its own for each test: how long one took of late would change what the next is told. */
    @BeforeEach
    void serve(TestInfo test) {
        model = new HeldModel();
        endpoint = test.getTestMethod().orElseThrow().getName();
        home.services()
                .router()
                .install(endpoint, Route.of(endpoint, new WeightedVersion(endpoint, 1, 1, ModelSource.of(model))));
    }

    @AfterEach
    void letGo() {
        model.letGo();
    }

    private static String json(int rows, String parameters) {
        return "{\"parameters\":{" + parameters + "},\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":["
                + rows + ",1],\"data\":" + Collections.nCopies(rows, 1) + "}]}";
    }

    private Client.Answer rest(int rows, String parameters) throws Exception {
        return client.post("/v2/models/" + endpoint + "/infer", json(rows, parameters));
    }

    private ModelInferRequest.Builder message(int rows) {
        ModelInferRequest.Builder request = ModelInferRequest.newBuilder().setModelName(endpoint);
        request.addInputsBuilder()
                .setName("x")
                .setDatatype("FP32")
                .addShape(rows)
                .addShape(1)
                .getContentsBuilder()
                .addAllFp32Contents(Collections.nCopies(rows, 1f));
        return request;
    }

    private Future<Client.Answer> begin() {
        return clients.submit(() -> rest(1, ""));
    }

    private void awaitQueued(int rows) {
        while (home.services().router().metrics().versions().stream()
                        .filter(lane -> lane.endpoint().equals(endpoint))
                        .findFirst()
                        .orElseThrow()
                        .queuedRows()
                != rows) {
            Thread.onSpinWait();
        }
    }

    private static void assertTooMany(Client.Answer refused, String reason) {
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("retry-after")).isEqualTo("1");
        assertThat(refused.json().path("error").asText()).startsWith(reason);
    }

    private static void assertRefused(ModelInferRequest request, Status.Code code, String reason) {
        assertThatThrownBy(() -> grpc.modelInfer(request))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(code);
                    assertThat(refused.getStatus().getDescription()).startsWith(reason);
                });
    }

    @Test
    void whatFindsNoRoomInTheQueue_isToComeAgain() throws Exception {
        Future<Client.Answer> first = begin();
        model.asked.await();
        Future<Client.Answer> second = begin();
        awaitQueued(1);
        String full = "queue: 1 rows wait (expected: at most 2)";
        assertTooMany(rest(2, ""), full);
        assertRefused(message(2).build(), Status.Code.RESOURCE_EXHAUSTED, full);

        Future<Client.Answer> third = begin();
        awaitQueued(2);
        assertTooMany(rest(1, ""), Failures.OVERLOADED);
        assertRefused(message(1).build(), Status.Code.RESOURCE_EXHAUSTED, Failures.OVERLOADED);
        assertThat(inAStream(message(1).setId("5").build()))
                .extracting(
                        ModelStreamInferResponse::getErrorMessage,
                        answer -> answer.getInferResponse().getId())
                .containsExactly(Failures.OVERLOADED, "5");

        model.letGo();
        for (Future<Client.Answer> each : List.of(first, second, third)) {
            assertThat(each.get().status()).isEqualTo(200);
        }
        assertThat(rest(1, "").status()).isEqualTo(200);
    }

    /** The one answer to the one message of a stream. */
    private static ModelStreamInferResponse inAStream(ModelInferRequest request) throws Exception {
        CompletableFuture<ModelStreamInferResponse> answer = new CompletableFuture<>();
        StreamObserver<ModelInferRequest> stream = GrpcClients.newClient(
                        "gproto+" + home.url() + "/", GRPCInferenceServiceStub.class)
                .modelStreamInfer(new StreamObserver<>() {
                    @Override
                    public void onNext(ModelStreamInferResponse response) {
                        answer.complete(response);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        stream.onNext(request);
        ModelStreamInferResponse found = answer.get();
        stream.onCompleted();
        return found;
    }

    @Test
    void whoseTimePassedInTheQueue_isToldSo() throws Exception {
        Future<Client.Answer> first = begin();
        model.asked.await();

        Client.Answer late = rest(1, "\"timeout\":1000");
        assertThat(late.status()).isEqualTo(504);
        assertThat(late.json().path("error").asText()).startsWith("deadline: passed");
        ModelInferRequest hurried = message(1)
                .putParameters(
                        "timeout",
                        InferParameter.newBuilder().setInt64Param(1000).build())
                .build();
        assertRefused(hurried, Status.Code.DEADLINE_EXCEEDED, "deadline: passed");
        assertThat(statusOf(message(1).build(), "20m"))
                .isEqualTo(Integer.toString(Status.Code.DEADLINE_EXCEEDED.value()));
        awaitQueued(0);

        model.letGo();
        assertThat(first.get().status()).isEqualTo(200);
        assertThat(rest(1, "\"timeout\":30000000").status()).isEqualTo(200);
    }

    /** What the server says of a call with that {@code grpc-timeout}; libraries would answer for it when the time has passed. */
    private static String statusOf(ModelInferRequest request, String timeout) {
        byte[] message = request.toByteArray();
        byte[] frame = ByteBuffer.allocate(5 + message.length)
                .putInt(1, message.length)
                .put(5, message)
                .array();
        AggregatedHttpResponse answer = WebClient.of("h2c://127.0.0.1:" + home.port())
                .execute(
                        RequestHeaders.of(
                                HttpMethod.POST,
                                "/inference.GRPCInferenceService/ModelInfer",
                                "content-type",
                                "application/grpc",
                                "te",
                                "trailers",
                                "grpc-timeout",
                                timeout),
                        HttpData.wrap(frame))
                .aggregate()
                .join();
        return answer.headers().get("grpc-status", answer.trailers().get("grpc-status", "none"));
    }
}
