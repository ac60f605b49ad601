package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Schema;
import dev.millwright.pipelines.StepOutputs.Registered;
import dev.millwright.pipelines.StepOutputs.Selected;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.FeaturePlanner;
import dev.millwright.registry.LineageNode;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.PipelineRun;
import dev.millwright.registry.RecordedDataset;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import dev.millwright.registry.RunFilter;
import dev.millwright.registry.RunKind;
import dev.millwright.registry.RunStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Finds again the pipeline that made a model version: the file as it was then, over the dataset versions of then. */
public final class Origins {
    private static final int RECENT = 20;

    private final Registry registry;

    public Origins(Registry registry) {
        this.registry = registry;
    }

    /** Whether a pipeline made the version, and not a client. */
    public boolean isPipelines(ModelVersion version) {
        return version.runId().flatMap(registry.steps()::find).isPresent();
    }

    /** The models at the ends of an inference graph, also of those that it asks itself; of any other version itself alone. */
    List<ModelVersion> models(ModelVersion version) {
        if (!version.isInferenceGraph()) {
            return List.of(version);
        }
        return registry
                .models()
                .lineage(version.model(), version.version())
                .nodes(LineageNode.Kind.MODEL_VERSION)
                .stream()
                .map(node -> {
                    int slash = node.id().lastIndexOf('/');
                    return registry.models()
                            .load(
                                    node.id().substring(0, slash),
                                    Integer.parseInt(node.id().substring(slash + 1)));
                })
                .filter(found -> !found.isInferenceGraph())
                .toList();
    }

    private PipelineRun trainedBy(ModelVersion version) {
        return version.runId()
                .flatMap(registry.steps()::find)
                .orElseThrow(() -> new MillwrightException(
                        PipelineError.NO_PIPELINE,
                        "model version: " + version.id() + " was registered by a client (expected: one that a pipeline"
                                + " made). It takes feature rows, and no one but the client can train it anew."));
    }

    /**
     * The newest finished run that came to this version: the one that trained it, or a later one of the same pipeline that
     * trained nothing new. How a version is watched may have changed since it was trained.
     */
    public PipelineRun latestRun(ModelVersion version) {
        PipelineRun own = trainedBy(version);
        return own.run().pipeline().stream()
                .flatMap(pipeline -> registry
                        .runs()
                        .list(
                                RunFilter.ALL
                                        .pipeline(pipeline)
                                        .kind(RunKind.PIPELINE)
                                        .status(RunStatus.FINISHED),
                                RECENT,
                                Optional.empty())
                        .items()
                        .stream())
                .filter(run -> cameTo(run, version))
                .findFirst()
                .map(run -> registry.steps().load(run.id()))
                .orElse(own);
    }

    private boolean cameTo(Run run, ModelVersion version) {
        return registry.steps().list(run.id()).stream()
                .filter(step -> step.name().equals(PipelineRunner.REGISTER))
                .flatMap(step -> step.outputs().stream())
                .map(outputs -> StepJson.read(outputs, Registered.class))
                .anyMatch(made -> made.model().equals(version.model()) && made.version() == version.version());
    }

    /** The request that would make the version anew, from today's data. */
    public RunRequest request(ModelVersion version) {
        return request(latestRun(version));
    }

    private static RunRequest request(PipelineRun run) {
        return RunRequest.restored(run.fileText(), run.settings());
    }

    /** The pipeline file that the version was trained by, with the features from related tables that it kept. */
    public PipelineFile file(ModelVersion version) {
        PipelineRun run = trainedBy(version);
        PipelineFile file = file(run);
        return file.features().related().isEmpty()
                ? file
                : registry.steps().list(run.id()).stream()
                        .filter(step -> step.name().equals(PipelineRunner.SELECT))
                        .flatMap(step -> step.outputs().stream())
                        .flatMap(outputs -> StepJson.read(outputs, Selected.class).sql().stream())
                        .findFirst()
                        .map(file::withSql)
                        .orElse(file);
    }

    /** The pipeline file of a run. */
    public PipelineFile file(PipelineRun run) {
        RunRequest request = request(run);
        return PipelineReader.read(request.file(), request.text(), request.settings());
    }

    /** The dataset versions that the version's run read, by the names that its file gives them. */
    public Map<String, RecordedDataset> tables(ModelVersion version) {
        // Refuses what no pipeline made.
        trainedBy(version);
        return registry.datasets().tables(version.requireRunId());
    }

    /** The version's feature view, without features that it does without. */
    public FeaturePlan plan(ModelVersion version) {
        Map<String, Schema> schemas = new TreeMap<>();
        tables(version).forEach((table, dataset) -> schemas.put(table, dataset.schema()));
        PipelineFile file = file(version);
        FeaturePlan plan = FeaturePlanner.plan(PipelineCheck.query(file), TableShapes.of(file, schemas));
        return file.chooses() ? plan.keeping(features(version)) : plan;
    }

    /** The names of what the version takes. */
    static List<String> features(ModelVersion version) {
        return version.signature().inputs().stream()
                .map(ModelSignature.Input::name)
                .toList();
    }
}
