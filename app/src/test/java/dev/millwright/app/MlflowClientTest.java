package dev.millwright.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.millwright.registry.HomeLock;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service;
import org.mlflow.api.proto.Service.Metric;
import org.mlflow.api.proto.Service.Param;
import org.mlflow.api.proto.Service.Run;
import org.mlflow.api.proto.Service.RunInfo;
import org.mlflow.api.proto.Service.RunStatus;
import org.mlflow.api.proto.Service.RunTag;
import org.mlflow.api.proto.Service.ViewType;
import org.mlflow.tracking.MlflowClient;
import org.mlflow.tracking.MlflowClientException;
import org.mlflow.tracking.MlflowHttpException;

/** MLflow's own Java client against a started server. */
class MlflowClientTest {
    @TempDir
    private Path home;

    private OwnedHome server;
    private MlflowClient client;

    @BeforeEach
    void start() {
        server = OwnedHome.open(HomeLock.tryAcquire(home).orElseThrow(), 0, InstantSource.system());
        client = new MlflowClient(server.url());
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void tracksARun() {
        String experiment = client.createExperiment("java");
        RunInfo run = client.createRun(experiment);
        client.logParam(run.getRunId(), "depth", "3");
        client.logMetric(run.getRunId(), "auc", 0.5);
        client.logMetric(run.getRunId(), "auc", 0.75, 1_700_000_000_000L, 1);
        client.setTag(run.getRunId(), "team", "risk");
        client.logBatch(
                run.getRunId(),
                List.of(Metric.newBuilder()
                        .setKey("loss")
                        .setValue(Double.NaN)
                        .setTimestamp(1_700_000_000_000L)
                        .setStep(2)
                        .build()),
                List.of(Param.newBuilder().setKey("eta").setValue("0.1").build()),
                List.of(RunTag.newBuilder().setKey("k").setValue("v").build()));
        client.setTerminated(run.getRunId(), RunStatus.FINISHED);

        Run stored = client.getRun(run.getRunId());

        assertThat(stored.getInfo().getStatus()).isEqualTo(RunStatus.FINISHED);
        assertThat(stored.getData().getParamsList().stream().collect(Collectors.toMap(Param::getKey, Param::getValue)))
                .isEqualTo(Map.of("depth", "3", "eta", "0.1"));
        assertThat(stored.getData().getMetricsList().stream()
                        .collect(Collectors.toMap(Metric::getKey, Metric::getValue)))
                .isEqualTo(Map.of("auc", 0.75, "loss", Double.NaN));
        assertThat(client.getMetricHistory(run.getRunId(), "auc")).hasSize(2);
        assertThat(client.searchRuns(
                                List.of(experiment),
                                "metrics.auc > 0.7 and tags.team = 'risk'",
                                ViewType.ACTIVE_ONLY,
                                10)
                        .getItems())
                .extracting(found -> found.getInfo().getRunId())
                .containsExactly(run.getRunId());
    }

    @Test
    void handlesExperiments() {
        String experiment = client.createExperiment("java");
        client.renameExperiment(experiment, "java 2");
        client.setExperimentTag(experiment, "k", "v");
        assertThat(client.getExperimentByName("java 2").orElseThrow().getExperimentId())
                .isEqualTo(experiment);
        client.deleteExperiment(experiment);
        assertThat(client.searchExperiments().getItems())
                .extracting(Service.Experiment::getName)
                .containsExactly("Default");
        client.restoreExperiment(experiment);
        assertThat(client.getExperiment(experiment).getTagsList()).hasSize(1);
        assertThatThrownBy(() -> client.createExperiment("java 2"))
                .isInstanceOf(MlflowHttpException.class)
                .hasMessageContaining("RESOURCE_ALREADY_EXISTS");
        assertThatThrownBy(() -> client.getRun("nothing")).isInstanceOf(MlflowClientException.class);
    }

    @Test
    void registersModels() {
        RunInfo run = client.createRun();
        // The client has methods for reading the registry only; what writes goes through its plain calls.
        client.sendPost("registered-models/create", "{\"name\": \"java-model\"}");
        client.sendPost(
                "model-versions/create",
                "{\"name\": \"java-model\", \"run_id\": \"%s\", \"source\": \"%s/model\"}"
                        .formatted(run.getRunId(), run.getArtifactUri()));
        client.sendPost(
                "model-versions/transition-stage",
                "{\"name\": \"java-model\", \"version\": \"1\", \"stage\": \"Production\","
                        + " \"archive_existing_versions\": true}");

        List<ModelVersion> latest = client.getLatestVersions("java-model", List.of("Production"));

        assertThat(latest).singleElement().satisfies(version -> {
            assertThat(version.getRunId()).isEqualTo(run.getRunId());
            assertThat(version.getCurrentStage()).isEqualTo("Production");
        });
        assertThat(client.getModelVersionDownloadUri("java-model", "1")).isEqualTo(run.getArtifactUri() + "/model");
    }
}
