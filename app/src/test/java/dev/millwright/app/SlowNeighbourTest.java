package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.millwright.registry.OwnerInfo;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three models of one server: two take a large part of a second, and are asked all the time. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SlowNeighbourTest {
    private static final List<String> SLOW = List.of("slow", "sluggish");
    private static final int CLIENTS = 12 * Runtime.getRuntime().availableProcessors();

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void aModelIsAnswered_whileSlowOnesAreAskedForMoreThanTheyCanDo() throws Exception {
        Path home = folder.resolve("home");
        for (String name : SLOW) {
            deploy(home, name, multiplied(2000, 4));
        }
        // Too slow for an event loop, so that it needs a thread like the other one.
        deploy(home, "brisk", multiplied(300, 1));
        try (Child server = Child.Launcher.make(folder).start("server", "--home", home, "--port", "0")) {
            assertThat(server.await("Millwright")).as(server.printed()).isTrue();
            String url =
                    "http://127.0.0.1:" + OwnerInfo.find(home).orElseThrow().port();
            assertThat(SLOW)
                    .allSatisfy(name -> assertThat(ask(url, name).statusCode()).isEqualTo(200));
            assertThat(ask(url, "brisk").statusCode()).isEqualTo(200);

            List<Integer> answers = beside(url, () -> {
                List<Integer> statuses = new ArrayList<>();
                for (int i = 0; i < 20; i++) {
                    statuses.add(ask(url, "brisk").statusCode());
                }
                return statuses;
            });

            assertThat(answers).containsOnly(200);
        }
    }

    /** What is done while more clients ask for each slow model than it has runs. */
    private <T> T beside(String url, Asking<T> asking) throws Exception {
        AtomicBoolean ending = new AtomicBoolean();
        List<CountDownLatch> refused =
                SLOW.stream().map(_ -> new CountDownLatch(1)).toList();
        List<CompletableFuture<Void>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int slow = i % SLOW.size();
            clients.add(CompletableFuture.runAsync(
                    () -> {
                        while (!ending.get()) {
                            if (ask(url, SLOW.get(slow)).statusCode() == 429) {
                                refused.get(slow).countDown();
                            }
                        }
                    },
                    command -> Thread.ofPlatform().daemon().start(command)));
        }
        try {
            // Then each has all that it can have, and a queue.
            for (CountDownLatch each : refused) {
                each.await();
            }
            return asking.ask();
        } finally {
            ending.set(true);
            CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new)).join();
        }
    }

    @FunctionalInterface
    private interface Asking<T> {
        T ask() throws Exception;
    }

    private HttpResponse<String> ask(String url, String model) {
        String body = "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}";
        return http.sendAsync(
                        HttpRequest.newBuilder(URI.create(url + "/v2/models/" + model + "/infer"))
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString())
                .join();
    }

    private void deploy(Path home, String name, byte[] graph) throws Exception {
        Path file = folder.resolve(name + ".onnx");
        Files.write(file, graph);
        Invocation.in(home, "models", "import", file, "--tensors", "--endpoint", name)
                .exits(ExitCode.DONE);
    }

    /** {@code y = max(x · M · M · …)}, where every element of M, n by n, is 1/n. */
    private static byte[] multiplied(int n, int times) {
        ByteBuffer matrix = ByteBuffer.allocate(n * n * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (matrix.hasRemaining()) {
            matrix.putFloat(1f / n);
        }
        OnnxMl.GraphProto.Builder graph = OnnxMl.GraphProto.newBuilder()
                .setName("multiplied")
                .addInput(value("x"))
                .addOutput(value("y"))
                .addInitializer(OnnxMl.TensorProto.newBuilder()
                        .setName("m")
                        .setDataType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
                        .addDims(n)
                        .addDims(n)
                        .setRawData(ByteString.copyFrom(matrix.flip())))
                .addNode(node("Mul", "a0", "x", "m"));
        for (int i = 0; i < times; i++) {
            graph.addNode(node("MatMul", "a" + (i + 1), "a" + i, "m"));
        }
        graph.addNode(node("ReduceMax", "r", "a" + times)).addNode(node("Mul", "y", "x", "r"));
        return OnnxMl.ModelProto.newBuilder()
                .setIrVersion(9)
                .addOpsetImport(OnnxMl.OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(graph)
                .build()
                .toByteArray();
    }

    private static OnnxMl.NodeProto node(String operator, String output, String... inputs) {
        OnnxMl.NodeProto.Builder node =
                OnnxMl.NodeProto.newBuilder().setOpType(operator).addOutput(output);
        List.of(inputs).forEach(node::addInput);
        if (operator.equals("ReduceMax")) {
            node.addAttribute(OnnxMl.AttributeProto.newBuilder()
                    .setName("keepdims")
                    .setType(OnnxMl.AttributeProto.AttributeType.INT)
                    .setI(0));
        }
        return node.build();
    }

    private static OnnxMl.ValueInfoProto value(String name) {
        OnnxMl.TensorShapeProto.Builder shape = OnnxMl.TensorShapeProto.newBuilder();
        shape.addDimBuilder().setDimValue(1);
        return OnnxMl.ValueInfoProto.newBuilder()
                .setName(name)
                .setType(OnnxMl.TypeProto.newBuilder()
                        .setTensorType(OnnxMl.TypeProto.Tensor.newBuilder()
                                .setElemType(OnnxMl.TensorProto.DataType.FLOAT_VALUE)
                                .setShape(shape)))
                .build();
    }
}
