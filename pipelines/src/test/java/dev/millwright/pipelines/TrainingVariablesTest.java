package dev.millwright.pipelines;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TrainingVariablesTest {
    private static final Map<String, String> TASK = Map.of(
            TrackingAccess.URI,
            "http://127.0.0.1:8750",
            TrackingAccess.TOKEN,
            "of the run",
            "MLFLOW_RUN_ID",
            "r1",
            "MLFLOW_EXPERIMENT_ID",
            "1");

    /** MLflow's client prefers a name and password to a token, and a name of an experiment to an id. */
    @Test
    void nothingLeadsTheCommandAway_fromItsRun() {
        Map<String, String> inherited = new HashMap<>(Map.of("PATH", "/bin", "HOME", "/home/ana"));
        for (String name : List.of(
                "MLFLOW_TRACKING_URI",
                "MLFLOW_TRACKING_USERNAME",
                "MLFLOW_TRACKING_PASSWORD",
                "MLFLOW_TRACKING_TOKEN",
                "MLFLOW_TRACKING_AUTH",
                "MLFLOW_TRACKING_INSECURE_TLS",
                "MLFLOW_REGISTRY_URI",
                "MLFLOW_EXPERIMENT_ID",
                "MLFLOW_EXPERIMENT_NAME",
                "MLFLOW_RUN_ID",
                "MLFLOW_ACTIVE_MODEL_ID",
                "MLFLOW_WORKSPACE",
                "MILLWRIGHT_HOME")) {
            inherited.put(name, "of the server");
        }
        Map<String, String> expected = new HashMap<>(TASK);
        expected.put("PATH", "/bin");
        expected.put("HOME", "/home/ana");
        expected.put("PYTHONUNBUFFERED", "1");

        assertThat(TrainingVariables.all(inherited, TASK, Map.of())).isEqualTo(expected);
    }

    @Test
    void whatTheFileSays_overridesWhatIsInherited_andNothingOfTheTask() {
        assertThat(TrainingVariables.all(
                        Map.of("SEED", "1", "PYTHONUNBUFFERED", "1"),
                        TASK,
                        Map.of("SEED", "2", "PYTHONUNBUFFERED", "0", "MLFLOW_RUN_ID", "another")))
                .containsEntry("SEED", "2")
                .containsEntry("PYTHONUNBUFFERED", "0")
                .containsAllEntriesOf(TASK);
    }
}
