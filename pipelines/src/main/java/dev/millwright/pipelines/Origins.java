package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.Schema;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.FeaturePlanner;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.PipelineRun;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Finds again the pipeline that made a model version: the file as it was then, over the dataset versions of then. */
public final class Origins {
    private final Registry registry;

    public Origins(Registry registry) {
        this.registry = registry;
    }

    /** Whether a pipeline made the version, and not a client. */
    public boolean isPipelines(ModelVersion version) {
        return version.runId().flatMap(registry.steps()::find).isPresent();
    }

    /** The request that would make the version anew, from today's data. */
    public RunRequest request(ModelVersion version) {
        if (!isPipelines(version)) {
            throw new MillwrightException(
                    PipelineError.NO_PIPELINE,
                    "model version: " + version.id() + " was registered by a client (expected: one that a pipeline made)."
                            + " It takes feature rows, and no one but the client can train it anew.");
        }
        PipelineRun run = registry.steps().load(version.requireRunId());
        return RunRequest.restored(run.fileText(), run.settings());
    }

    /** The pipeline file of the version. */
    public PipelineFile file(ModelVersion version) {
        RunRequest request = request(version);
        return PipelineReader.read(request.file(), request.text(), request.settings());
    }

    /** The dataset versions that the version's run read. */
    public List<RecordedDataset> datasets(ModelVersion version) {
        return registry.datasets().usedBy(version.requireRunId());
    }

    /** The version's feature view. */
    public FeaturePlan plan(ModelVersion version) {
        Map<String, Schema> schemas = new TreeMap<>();
        datasets(version).forEach(dataset -> schemas.put(dataset.dataset(), dataset.schema()));
        return FeaturePlanner.plan(PipelineCheck.query(file(version)), schemas);
    }
}
