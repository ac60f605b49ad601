package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.registry.OwnerInfo;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two servers that have a model, and one before them: each of the two is killed under load, and no request is lost. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LostReplicaTest {
    private static final int CLIENTS = 8;
    private static final int AFTER = 300;

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Test
    void losesNoRequest_whenEitherOfTwoServersIsKilled() throws Exception {
        Path graph = folder.resolve("double.onnx");
        Files.write(graph, DoublingGraph.bytes());
        Child.Launcher launcher = Child.Launcher.make(folder);
        List<Path> homes = List.of(folder.resolve("first"), folder.resolve("second"));
        for (Path home : homes) {
            Invocation.in(home, "models", "import", graph, "--tensors", "--endpoint", "double")
                    .exits(ExitCode.DONE);
        }
        Path front = folder.resolve("front");
        List<Child> returned = new ArrayList<>();
        try (Child first = serve(launcher, homes.get(0), 0);
                Child second = serve(launcher, homes.get(1), 0);
                Child router = serve(launcher, front, 0)) {
            int port = OwnerInfo.find(homes.get(0)).orElseThrow().port();
            for (String wire : List.of("rest", "grpc")) {
                List<Object> command =
                        new ArrayList<>(List.of("models", "connect", wire, "--model", "double", "--endpoint", wire));
                if (wire.equals("grpc")) {
                    command.add("--grpc");
                }
                for (Path home : homes) {
                    command.addAll(List.of("--url", url(home)));
                }
                Invocation.in(front, command.toArray()).exits(ExitCode.DONE);
            }
            under(url(front), answered -> {
                awaitMore(answered, AFTER);
                first.kill();
                awaitMore(answered, AFTER);
                returned.add(serve(launcher, homes.get(0), port));
                awaitReady(url(front), url(homes.get(0)));
                second.kill();
                awaitMore(answered, AFTER);
            });
            assertThat(router.printed()).doesNotContain("ERROR");
        } finally {
            for (Child child : returned) {
                child.close();
            }
        }
    }

    private static Child serve(Child.Launcher launcher, Path home, int port) throws Exception {
        Child child = launcher.start("server", "--home", home, "--port", port);
        assertThat(child.await("Millwright")).as(child.printed()).isTrue();
        return child;
    }

    private static String url(Path home) {
        return "http://127.0.0.1:" + OwnerInfo.find(home).orElseThrow().port();
    }

    /** What is done while requests come. */
    private interface Doing {
        void with(AtomicLong answered) throws Exception;
    }

    /** Asks over both wires without a pause meanwhile, and counts every answer: each must be right. */
    private void under(String url, Doing doing) throws Exception {
        AtomicBoolean ending = new AtomicBoolean();
        AtomicLong answered = new AtomicLong();
        AtomicInteger number = new AtomicInteger();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Void>> clients = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                String endpoint = i % 2 == 0 ? "rest" : "grpc";
                clients.add(CompletableFuture.runAsync(
                        () -> {
                            while (!ending.get()) {
                                ask(url, endpoint, number.incrementAndGet());
                                answered.incrementAndGet();
                            }
                        },
                        threads));
            }
            CompletableFuture<Void> all = CompletableFuture.allOf(clients.toArray(CompletableFuture[]::new));
            try {
                doing.with(answered);
            } finally {
                ending.set(true);
            }
            all.join();
        }
    }

    private void ask(String url, String endpoint, int x) {
        String body = "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"INT32\",\"data\":[" + x + "]}]}";
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create(url + "/v2/models/" + endpoint + "/infer"))
                            .POST(BodyPublishers.ofString(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode())
                    .as(() -> answer.body() + metrics(url))
                    .isEqualTo(200);
            JsonNode output =
                    Json.mapper().readTree(answer.body()).path("outputs").get(0);
            assertThat(output.path("data").get(0).asInt()).isEqualTo(2 * x);
        } catch (IOException lost) {
            throw new AssertionError("a request was lost", lost);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitMore(AtomicLong answered, int more) {
        long enough = answered.get() + more;
        while (answered.get() < enough) {
            Thread.onSpinWait();
        }
    }

    /** How the servers stand, in the words of the one before them. */
    private String metrics(String url) {
        try {
            String all = http.send(
                            HttpRequest.newBuilder(URI.create(url + "/metrics")).build(), BodyHandlers.ofString())
                    .body();
            return all.lines()
                    .filter(line -> line.startsWith("millwright_backend_"))
                    .collect(Collectors.joining("\n", "\n", "\n"));
        } catch (IOException lost) {
            throw new AssertionError("the server before the two is lost", lost);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /** Until the server that came back is asked again over both wires. */
    private void awaitReady(String url, String backend) {
        while (true) {
            long ready = metrics(url)
                    .lines()
                    .filter(line -> line.startsWith("millwright_backend_state{")
                            && line.contains(backend)
                            && line.contains("state=\"ready\"")
                            && line.endsWith(" 1"))
                    .count();
            if (ready == 2) {
                return;
            }
            Thread.onSpinWait();
        }
    }
}
