package dev.millwright.pipelines;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.data.LabelledFrame;
import dev.millwright.data.Split;
import dev.millwright.data.TrainingSet;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.plan.FeaturePlanner;
import dev.millwright.registry.ModelVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A champion's side of a comparison: the rows that it knows, and the new test rows as its own view computes them. */
final class ChampionRows {
    private final RunContext context;

    ChampionRows(RunContext context) {
        this.context = context;
    }

    /**
     * The ids of the rows that the champion was trained and tuned on, or the models of an inference graph; empty when a training set
     * is gone or was never known.
     */
    Optional<Set<Long>> trainedOn(ModelVersion champion) {
        Set<Long> ids = new HashSet<>();
        for (ModelVersion model : new Origins(context.registry()).models(champion)) {
            Optional<Path> file = Optional.ofNullable(model.tags().get(ModelTags.TRAINING_SET))
                    .map(name -> context.workshop().layout().trainingSets().resolve(name))
                    .filter(Files::isRegularFile);
            if (file.isEmpty()) {
                return Optional.empty();
            }
            ids.addAll(rowIds(model, file.get()));
        }
        return Optional.of(ids);
    }

    private Set<Long> rowIds(ModelVersion champion, Path trainingSet) {
        Set<Long> ids = new HashSet<>();
        for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
            LabelledFrame rows = TrainingSet.read(
                    context.workshop().duck(),
                    trainingSet,
                    List.of(),
                    champion.signature().task(),
                    champion.signature().classes(),
                    split);
            for (long id : rows.rowIds()) {
                ids.add(id);
            }
        }
        return ids;
    }

    /** The test rows as the champion's own view computes them; empty when it can't be computed on this run's data. */
    Optional<Frame> testRows(ModelVersion champion, TrainingRows rows) {
        Origins origins = new Origins(context.registry());
        LabelledFrame test = rows.split(Split.TEST);
        List<ModelVersion> models = origins.models(champion);
        if (!models.stream().allMatch(origins::isPipelines)) {
            return Optional.empty();
        }
        List<PipelineFile> files = models.stream().map(origins::file).toList();
        if (files.stream().allMatch(this::hasThisView) && hasColumns(test.frame(), champion)) {
            return Optional.of(test.frame());
        }
        // Of an inference graph each model may have another view, of which none gives the columns of all.
        return champion.isInferenceGraph() ? Optional.empty() : testRows(champion, files.getFirst(), rows, test);
    }

    /** A version may have kept other features of the same view. */
    private static boolean hasColumns(Frame frame, ModelVersion champion) {
        Set<String> names = frame.columns().stream().map(FeatureColumn::name).collect(Collectors.toSet());
        return names.containsAll(Origins.features(champion));
    }

    private boolean hasThisView(PipelineFile file) {
        return file.features().definition().equals(context.file().features().definition())
                && file.features().zone().equals(context.file().features().zone());
    }

    private Optional<Frame> testRows(ModelVersion champion, PipelineFile its, TrainingRows rows, LabelledFrame test) {
        try {
            FeaturePlan view = FeaturePlanner.plan(
                    PipelineCheck.query(its),
                    TableShapes.of(its, context.pipeline().schemas()));
            String sql = "SELECT v.* FROM (" + view.duckDbSql(context::table) + ") v JOIN read_parquet('"
                    + rows.file().toString().replace("'", "''")
                    + "', file_row_number = true) t ON v._row_id = t._row_id WHERE t._split = 'test' ORDER BY t.file_row_number";
            Frame frame = TrainingSet.readRows(
                    context.workshop().duck(), sql, champion.signature().inputs());
            return frame.rows() == test.rows() ? Optional.of(frame) : Optional.empty();
        } catch (InvalidInputException unplannable) {
            return Optional.empty();
        }
    }
}
