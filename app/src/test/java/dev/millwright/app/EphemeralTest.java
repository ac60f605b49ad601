package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import dev.millwright.pipelines.RunListener;
import dev.millwright.pipelines.RunRequest;
import dev.millwright.registry.Experiment;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.NewRun;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.registry.Registry;
import dev.millwright.registry.RegistryOptions;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunKind;
import dev.millwright.web.access.AccessOptions;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that keeps nothing, and can be emptied. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EphemeralTest {
    @TempDir
    Path folder;

    private OwnedHome open(Opening.Keeping keeping) {
        HomeLock lock = HomeLock.tryAcquire(folder.resolve("home")).orElseThrow();
        return OwnedHome.open(
                lock,
                new Opening(0, keeping, AccessOptions.loopback(), RegistryOptions.DEFAULT),
                InstantSource.system());
    }

    private static HttpResponse<String> reset(OwnedHome home, String... headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(home.url() + "/api/v1/reset"))
                .POST(HttpRequest.BodyPublishers.noBody());
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    @Test
    void forgetsRunsFilesModelsAndEvents_whenItIsReset() throws Exception {
        try (OwnedHome home = open(Opening.Keeping.IN_MEMORY)) {
            Registry registry = home.registry();
            for (int round = 0; round < 2; round++) {
                Experiment experiment = registry.experiments().create("mine");
                assertThat(experiment.id()).isEqualTo("1");
                registry.runs().create(NewRun.of(experiment.id(), "first", RunKind.TRACKED));
                registry.artifactFiles().put("1/x/artifacts/a.txt", Files.newInputStream(aFile()));
                registry.registeredModels().create("model", "", Map.of());

                HttpResponse<String> answer = reset(home);

                assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
                assertThat(registry.experiments().list())
                        .extracting(Experiment::id, Experiment::name)
                        .containsExactly(tuple("0", "Default"));
                assertThat(registry.runs()
                                .list(RunFilter.ALL, 10, Optional.empty())
                                .items())
                        .isEmpty();
                assertThat(registry.artifactFiles().list("")).isEmpty();
                assertThat(registry.events().verify().firstBroken()).isEmpty();
            }
        }
    }

    private Path aFile() throws IOException {
        return Files.writeString(folder.resolve("a.txt"), "alpha");
    }

    @Test
    void servesAPipelinesModelAnew_afterAReset() throws Exception {
        Customers.write(folder.resolve("customers.csv"), 1200, 1);
        Path file = Customers.pipeline(folder.resolve("keep.yaml"), "deploy:\n  endpoint: keep\n");
        try (OwnedHome home = open(Opening.Keeping.IN_MEMORY)) {
            home.serve();
            for (int round = 0; round < 2; round++) {
                RunRequest request = new RunRequest("keep.yaml", folder, Files.readString(file), Map.of());
                home.desk().submit(request, RunListener.NONE).outcome().get(2, TimeUnit.MINUTES);
                JsonNode prediction = new OwnerClient(
                                OwnerInfo.find(folder.resolve("home")).orElseThrow())
                        .post(
                                "/endpoints/keep/events",
                                Map.of("spend", 20.0, "visits", 25, "plan", "basic", "city", "Oslo"));
                assertThat(prediction.path("predictions")).hasSize(1);

                assertThat(reset(home).statusCode()).isEqualTo(200);

                assertThat(home.registry().endpoints().list()).isEmpty();
                assertThat(home.predictions().files("keep", Instant.EPOCH, Instant.now()))
                        .isEmpty();
            }
        }
    }

    @Test
    void refusesAResetThatAPageOfAnotherOriginAsksFor() throws Exception {
        try (OwnedHome home = open(Opening.Keeping.IN_MEMORY)) {
            home.registry().experiments().create("mine");

            assertThat(reset(home, "Origin", "http://evil.example").statusCode())
                    .isEqualTo(403);
            assertThat(home.registry().experiments().findByName("mine")).isPresent();
        }
    }

    @Test
    void aServerThatKeepsWhatItIsSent_refusesToForgetIt() throws Exception {
        try (OwnedHome home = open(Opening.Keeping.ON_DISK)) {
            home.registry().experiments().create("mine");

            HttpResponse<String> answer = reset(home);

            assertThat(answer.statusCode()).isEqualTo(404);
            assertThat(answer.body()).contains("--ephemeral").contains("Nothing was deleted");
            assertThat(home.registry().experiments().findByName("mine")).isPresent();
        }
    }

    @Test
    void leavesNothingBehind_whenItIsStopped() throws Exception {
        Child.Launcher launcher = Child.Launcher.make(folder);
        try (Child server = launcher.start("server", "--ephemeral", "--port", "0", "--json")) {
            assertThat(server.await("\"url\"")).as(server.printed()).isTrue();
            assertThat(server.await("}")).isTrue();
            Path home = Path.of(Json.mapper()
                    .readTree(server.printed().getBytes(StandardCharsets.UTF_8))
                    .path("home")
                    .asText());
            assertThat(home.resolve("owner.json")).exists();

            server.stop();

            assertThat(home).doesNotExist();
            try (var left = Files.list(home.getParent())) {
                assertThat(left.map(path -> path.getFileName().toString())
                                .filter(name -> name.startsWith("millwright-"))
                                .toList())
                        .isEqualTo(List.of());
            }
        }
    }

    @Test
    void refusesAHome_whichItWouldNotUse() {
        Invocation refused = Invocation.in(folder, "server", "--ephemeral").exits(ExitCode.WRONG_INPUT);

        assertThat(refused.err()).contains("--home: " + folder).contains("--ephemeral");
    }

    @Test
    void aRegistryOnDisk_canNotBeEmptied() {
        try (Registry registry = Registry.open(folder.resolve("home"), InstantSource.system())) {
            assertThatThrownBy(registry::empty)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("kept in files");
        }
    }
}
