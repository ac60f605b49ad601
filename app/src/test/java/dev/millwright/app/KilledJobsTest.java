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
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server is killed again and again while jobs are submitted and answered: each that was accepted is answered, rightly. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class KilledJobsTest {
    private static final int KILLS = 4;

    @TempDir
    Path folder;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** What was accepted: the address of each job, and the number that it was sent. */
    private final Map<String, Integer> accepted = new LinkedHashMap<>();

    @Test
    void answersEveryJobThatWasAccepted_wheneverTheServerIsKilled() throws Exception {
        Path graph = folder.resolve("double.onnx");
        Files.write(graph, DoublingGraph.bytes());
        Path home = folder.resolve("home");
        Child.Launcher launcher = Child.Launcher.make(folder);
        Invocation.in(home, "models", "import", graph, "--tensors", "--endpoint", "double")
                .exits(ExitCode.DONE);
        Random random = new Random(3);
        for (int kill = 0; kill < KILLS; kill++) {
            try (Child server = serve(launcher, home)) {
                Thread killer = Thread.ofPlatform().start(() -> {
                    try {
                        server.letGoOn(Duration.ofMillis(200 + random.nextInt(800)));
                        server.kill();
                    } catch (InterruptedException stopping) {
                        Thread.currentThread().interrupt();
                    }
                });
                submitUntilKilled(home);
                killer.join();
            }
        }
        assertThat(accepted).hasSizeGreaterThan(KILLS);
        try (Child server = serve(launcher, home)) {
            for (Map.Entry<String, Integer> job : accepted.entrySet()) {
                assertThat(answer(home, job.getKey()))
                        .as(() -> job.getKey() + server.printed())
                        .isEqualTo(2 * job.getValue());
            }
        }
    }

    private static Child serve(Child.Launcher launcher, Path home) throws Exception {
        Child child = launcher.start("server", "--home", home, "--port", 0);
        assertThat(child.await("Millwright")).as(child.printed()).isTrue();
        return child;
    }

    private HttpRequest.Builder request(Path home, String path) {
        return HttpRequest.newBuilder(URI.create(
                "http://127.0.0.1:" + OwnerInfo.find(home).orElseThrow().port() + path));
    }

    private void submitUntilKilled(Path home) throws InterruptedException {
        while (true) {
            int x = accepted.size();
            String body = "{\"inputs\":[{\"name\":\"x\",\"shape\":[1],\"datatype\":\"INT32\",\"data\":[" + x + "]}]}";
            try {
                HttpResponse<String> answer = http.send(
                        request(home, "/endpoints/double/jobs")
                                .POST(BodyPublishers.ofString(body))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
                accepted.put(answer.headers().firstValue("Location").orElseThrow(), x);
            } catch (IOException killed) {
                return;
            }
        }
    }

    private int answer(Path home, String job) throws IOException, InterruptedException {
        while (true) {
            HttpResponse<String> answer =
                    http.send(request(home, job + "/answer").build(), BodyHandlers.ofString());
            if (answer.statusCode() != 409) {
                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                JsonNode outputs = Json.mapper().readTree(answer.body()).path("outputs");
                return outputs.get(0).path("data").get(0).asInt();
            }
        }
    }
}
