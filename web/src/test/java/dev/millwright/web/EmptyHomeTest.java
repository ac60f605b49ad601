package dev.millwright.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.millwright.core.ModelSignature;
import dev.millwright.core.Task;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.NewModelVersion;
import dev.millwright.registry.NewRun;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunArtifact;
import dev.millwright.registry.RunKind;
import dev.millwright.web.Client.Answer;
import dev.millwright.web.page.Paths;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EmptyHomeTest {
    private static final String HOSTILE = "\"><img src=x onerror=alert(1)>&'";

    @TempDir
    private Path folder;

    @Test
    void anEmptyHome_saysWhatToTypeNext() throws Exception {
        try (SmallHome home = new SmallHome(folder)) {
            Client client = Client.of(home.url());
            assertThat(client.page("/").body()).contains("./millwright init", "./millwright run", "./millwright demo");
            assertThat(client.page("/datasets").body()).contains("No datasets yet", "./millwright run");
            assertThat(client.page("/runs").body()).contains("No runs yet", "./millwright run");
            assertThat(client.page("/models").body()).contains("No models yet", "./millwright run");
            assertThat(client.page("/endpoints").body()).contains("./millwright demo");
            assertThat(client.page("/timeline").body()).contains("Nothing has happened yet");
            assertThat(client.page("/timeline?at=2026-01-01T00:00").body()).contains("Nothing served.");
            assertThat(client.page("/events").body()).contains("The record is empty", "chain holds");
            assertThat(client.get("/v2/models").json().path("models").size()).isZero();
        }
    }

    @Test
    void isReady_onceTheWayOfRequestsIsWarm() throws Exception {
        try (SmallHome home = new SmallHome(folder)) {
            Client client = Client.of(home.url());
            for (String path : List.of("/readyz", "/v2/health/ready")) {
                assertThat(client.get(path).status()).isEqualTo(503);
                assertThat(client.get(path).body()).isEqualTo("{\"ready\":false}");
            }
            home.warmUp();
            for (String path : List.of("/readyz", "/v2/health/ready")) {
                assertThat(client.get(path).status()).isEqualTo(200);
            }
            home.services().predictions().flush();
            assertThat(home.services().predictions().status().rowsWritten()).isZero();
            assertThat(client.get("/v2/models").json().path("models").size()).isZero();
            assertThat(client.get("/metrics").body()).doesNotContain("warm-up");
        }
    }

    @Test
    void hostileNames_areShownAndNotRun() throws Exception {
        try (SmallHome home = new SmallHome(folder)) {
            Client client = Client.of(home.url());
            Registry registry = home.registry();
            String experiment = registry.experiments().create(HOSTILE).id();
            Run run = registry.runs()
                    .create(NewRun.of(experiment, HOSTILE, RunKind.TRACKED).ofPipeline(HOSTILE));
            registry.runs().logParam(run.id(), HOSTILE, HOSTILE);
            registry.runs()
                    .logMetric(run.id(), HOSTILE, 0.5, home.services().clock().instant(), 0);
            Artifact script = registry.artifacts().put("<script>alert(1)</script>".getBytes(StandardCharsets.UTF_8));
            registry.runs().addArtifact(run.id(), new RunArtifact(HOSTILE + ".html", script, "text/html"));
            registry.models()
                    .createVersion(new NewModelVersion(
                            HOSTILE,
                            run.id(),
                            new ModelSignature(
                                    Task.REGRESSION,
                                    List.of(new ModelSignature.Input(HOSTILE, ModelSignature.InputType.TEXT)),
                                    List.of(),
                                    0),
                            Map.of(HOSTILE + ".html", script),
                            Map.of("learner", HOSTILE)));
            registry.endpoints().create("visits", HOSTILE);
            registry.alerts().open("visits", "drift", HOSTILE, HOSTILE, "{}");
            for (String path : List.of(
                    "/",
                    "/runs?kind=all&pipeline=" + Paths.part(HOSTILE),
                    "/runs/" + run.id(),
                    "/models",
                    Paths.model(HOSTILE),
                    Paths.modelVersion(HOSTILE, 1),
                    "/endpoints",
                    "/endpoints/visits",
                    "/endpoints/visits/monitor",
                    "/timeline?endpoint=" + Paths.part(HOSTILE),
                    "/events?subject=" + Paths.part(HOSTILE),
                    "/nowhere/" + Paths.part(HOSTILE))) {
                Answer answer = client.page(path);
                assertThat(answer.status()).as(path).isIn(200, 404);
                assertThat(answer.body()).as(path).doesNotContain("<img src=x", "<script>alert");
            }
            Answer file = client.get(Paths.modelVersion(HOSTILE, 1) + "/artifacts/" + Paths.part(HOSTILE + ".html"));
            assertThat(file.status()).isEqualTo(200);
            assertThat(file.header("content-security-policy")).contains("sandbox");
        }
    }
}
