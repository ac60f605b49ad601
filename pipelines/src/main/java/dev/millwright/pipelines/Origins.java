package dev.millwright.pipelines;

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

    /** The request that would make the version anew, from today's data. */
    public RunRequest request(ModelVersion version) {
        PipelineRun run = registry.steps().load(version.runId());
        return RunRequest.restored(run.fileText(), run.settings());
    }

    /** The pipeline file of the version. */
    public PipelineFile file(ModelVersion version) {
        RunRequest request = request(version);
        return PipelineReader.read(request.file(), request.text(), request.settings());
    }

    /** The dataset versions that the version's run read. */
    public List<RecordedDataset> datasets(ModelVersion version) {
        return registry.datasets().usedBy(version.runId());
    }

    /** The version's feature view. */
    public FeaturePlan plan(ModelVersion version) {
        Map<String, Schema> schemas = new TreeMap<>();
        datasets(version).forEach(dataset -> schemas.put(dataset.dataset(), dataset.schema()));
        return FeaturePlanner.plan(PipelineCheck.query(file(version)), schemas);
    }
}
