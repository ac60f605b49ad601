package dev.millwright.pipelines;

import dev.millwright.data.Handover;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.registry.Run;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The variables that a command which trains finds: those of this process, those that say what to do, and the file's own. */
final class TrainingVariables {
    private static final List<String> RESERVED = List.of(
            "MILLWRIGHT_",
            "MLFLOW_TRACKING_",
            "MLFLOW_REGISTRY_URI",
            "MLFLOW_RUN_ID",
            "MLFLOW_EXPERIMENT_ID",
            "MLFLOW_EXPERIMENT_NAME",
            "MLFLOW_ACTIVE_MODEL_ID",
            "MLFLOW_WORKSPACE");

    private TrainingVariables() {}

    /** Whether only Millwright may say what the variable holds; what this process inherited of it is not passed on. */
    static boolean isReserved(String name) {
        return RESERVED.stream().anyMatch(name::startsWith);
    }

    /**
     * Where a command finds what, and leaves what.
     *
     * @param output a folder whose files become artifacts of the run
     */
    record Places(Path train, Path validation, Path signature, Path output) {
        static Places in(Path folder) {
            return new Places(
                    folder.resolve("train.parquet"),
                    folder.resolve("validation.parquet"),
                    folder.resolve("signature.json"),
                    folder.resolve("output"));
        }
    }

    /** The variables that say what to do, and for which run. */
    static Map<String, String> of(Run run, Handover rows, Featured featured, long seed, Places places) {
        return Map.ofEntries(
                Map.entry("MILLWRIGHT_TRAIN", places.train().toString()),
                Map.entry("MILLWRIGHT_VALIDATION", places.validation().toString()),
                Map.entry("MILLWRIGHT_SIGNATURE", places.signature().toString()),
                Map.entry("MILLWRIGHT_OUTPUT", places.output().toString()),
                Map.entry(
                        "MILLWRIGHT_FEATURES",
                        StepJson.write(rows.inputs().stream()
                                .map(input -> input.name())
                                .toList())),
                Map.entry("MILLWRIGHT_LABEL", rows.label()),
                Map.entry("MILLWRIGHT_TASK", featured.task().label()),
                Map.entry("MILLWRIGHT_CLASSES", StepJson.write(featured.classes())),
                Map.entry("MILLWRIGHT_SEED", Long.toString(seed)),
                Map.entry("MLFLOW_RUN_ID", run.id()),
                Map.entry("MLFLOW_EXPERIMENT_ID", run.experimentId()));
    }

    /** All variables of the command. Python's output comes line by line unless the file says otherwise. */
    static Map<String, String> all(Map<String, String> inherited, Map<String, String> task, Map<String, String> own) {
        Map<String, String> all = new HashMap<>(inherited);
        all.keySet().removeIf(TrainingVariables::isReserved);
        all.putIfAbsent("PYTHONUNBUFFERED", "1");
        all.putAll(own);
        all.putAll(task);
        return all;
    }
}
