package dev.millwright.web;

import com.google.protobuf.ByteString;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.grpc.GrpcClients;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Predictions;
import dev.millwright.core.Task;
import dev.millwright.inference.messages.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import dev.millwright.inference.messages.ModelInferRequest;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.PredictionSink;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.RouterOptions;
import dev.millwright.web.access.AccessControl;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Goes the way of inference requests, over both wires and a port of its own, until the JVM has compiled it: to a model of no
 * consequence, so that nothing is logged or counted. What only a certain model needs is warmed up when that is loaded.
 */
final class WarmUp {
    private static final String MODEL = "warm-up";
    private static final int ROUNDS = 200;
    private static final int LONGEST_REQUEST = 1 << 20;
    private static final Duration LONGEST = Duration.ofSeconds(2);
    private static final ModelSignature SIGNATURE = new ModelSignature(
            Task.BINARY,
            IntStream.range(0, 10)
                    .mapToObj(i -> new Input("x" + i, i < 8 ? InputType.NUMBER : InputType.TEXT))
                    .toList(),
            List.of("no", "yes"),
            0.5);

    private final Executor threads;
    private final ModelRepository repository;
    private final AccessControl access;

    /** {@code access} lets everybody on this machine predict. */
    WarmUp(Executor threads, ModelRepository repository, AccessControl access) {
        this.threads = threads;
        this.repository = repository;
        this.access = access;
    }

    /** Blocks for some seconds at most, or until it is {@code closing}. */
    void run(BooleanSupplier closing) throws IOException {
        Router router = new Router(
                RouterOptions.forCores(1, 0), PredictionSink.NONE, InstantSource.system(), System::nanoTime, threads);
        router.install(MODEL, Route.of(MODEL, MODEL, 1, new Undecided()));
        Server server = server(router);
        server.start().join();
        try {
            ask(WebOptions.LOOPBACK + ":" + server.activeLocalPort(), closing);
        } finally {
            // Nobody needs to wait for that.
            var _ = server.stop().thenRun(router::close);
        }
    }

    private Server server(Router router) {
        ServerBuilder builder = HttpServer.builder(LONGEST)
                .port(new ServerPort(new InetSocketAddress(WebOptions.LOOPBACK, 0), SessionProtocol.HTTP))
                .decorator(access);
        Routes routes = new Routes(builder, threads, new ApiDocument());
        InferenceDesk desk = new InferenceDesk(router, threads);
        InferenceStatistics statistics = new InferenceStatistics(router);
        Readiness readiness = new Readiness();
        InferenceRoutes.add(routes, desk, statistics, "", readiness);
        GrpcCalls.add(
                routes,
                new GrpcInference(desk, statistics, repository, "", readiness, threads),
                readiness,
                LONGEST_REQUEST);
        Server server = builder.build();
        access.learn(server);
        return server;
    }

    private static void ask(String authority, BooleanSupplier closing) throws IOException {
        long end = System.nanoTime() + LONGEST.toNanos();
        URI rest = URI.create("http://" + authority + "/v2/models/" + MODEL + "/infer");
        // The common factory ends with the process, be it in the middle of this, and keeps its threads until then.
        ClientFactory clients = ClientFactory.builder().workerGroup(1).build();
        try {
            GRPCInferenceServiceBlockingStub grpc = GrpcClients.builder("gproto+http://" + authority)
                    .factory(clients)
                    .build(GRPCInferenceServiceBlockingStub.class);
            byte[] json = json();
            ModelInferRequest message = message();
            for (int round = 0; round < ROUNDS && end - System.nanoTime() > 0 && !closing.getAsBoolean(); round++) {
                post(rest, json);
                grpc.modelInfer(message);
            }
        } finally {
            var _ = clients.closeAsync();
        }
    }

    private static byte[] json() {
        return SIGNATURE.inputs().stream()
                .map(input -> "{\"name\":\"%s\",\"shape\":[1,1],%s}"
                        .formatted(
                                input.name(),
                                switch (input.type()) {
                                    case NUMBER -> "\"datatype\":\"FP32\",\"data\":[-12.345678]";
                                    case TEXT -> "\"datatype\":\"BYTES\",\"data\":[\"a word\"]";
                                }))
                .collect(Collectors.joining(",", "{\"id\":\"1\",\"inputs\":[", "]}"))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static ModelInferRequest message() {
        ModelInferRequest.Builder message = ModelInferRequest.newBuilder().setModelName(MODEL);
        for (Input input : SIGNATURE.inputs()) {
            ModelInferRequest.InferInputTensor.Builder tensor =
                    message.addInputsBuilder().setName(input.name()).addShape(1).addShape(1);
            switch (input.type()) {
                case NUMBER -> tensor.setDatatype("FP32").getContentsBuilder().addFp32Contents(-12.345678f);
                case TEXT ->
                    tensor.setDatatype("BYTES")
                            .getContentsBuilder()
                            .addBytesContents(ByteString.copyFromUtf8("a word"));
            }
        }
        return message.build();
    }

    private static void post(URI uri, byte[] body) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setDoOutput(true);
        connection.setFixedLengthStreamingMode(body.length);
        connection.setRequestProperty("Content-Type", "application/json");
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
        }
        try (InputStream in = connection.getInputStream()) {
            in.transferTo(OutputStream.nullOutputStream());
        }
    }

    /** A model that costs nothing to ask. */
    private static final class Undecided implements ModelRuntime {
        @Override
        public ModelSignature signature() {
            return SIGNATURE;
        }

        @Override
        public Predictions predict(Frame rows) {
            float[] probabilities = new float[rows.rows() * 2];
            Arrays.fill(probabilities, 0.5f);
            return new Predictions.Classes(SIGNATURE.classes(), probabilities, new int[rows.rows()]);
        }

        @Override
        public void close() {
            // It holds nothing.
        }
    }
}
