package dev.millwright.pipelines;

import dev.millwright.core.Schema;
import dev.millwright.data.SourceSpec;
import dev.millwright.learn.Learner;
import dev.millwright.plan.FeaturePlan;
import dev.millwright.registry.RecordedDataset;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pipeline whose every name has been looked up: the sources exist, the feature SQL type-checks against their schemas,
 * the learners take their parameters.
 *
 * @param folder where relative paths in the file start
 * @param sources to be read, by dataset, in the order of the file
 * @param versions that were read before, by the names that the file gives them
 * @param schemas by the names in the file, as inspected
 * @param related features from related tables that the plan has beside those of the file
 * @param sourceWarnings by dataset, what a user should look at, though the run goes on
 */
public record CheckedPipeline(
        PipelineFile file,
        Path folder,
        Map<String, SourceSpec> sources,
        Map<String, RecordedDataset> versions,
        Map<String, Schema> schemas,
        FeaturePlan plan,
        List<ChosenLearner> learners,
        Map<String, List<String>> sourceWarnings,
        Optional<RelatedFeatures> related) {
    public CheckedPipeline {
        sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        schemas = Collections.unmodifiableMap(new LinkedHashMap<>(schemas));
        learners = List.copyOf(learners);
        sourceWarnings = Collections.unmodifiableMap(new LinkedHashMap<>(sourceWarnings));
    }

    /** All warnings as sentences, each with its dataset. */
    public List<String> warnings() {
        return sourceWarnings.entrySet().stream()
                .flatMap(entry -> entry.getValue().stream().map(warning -> entry.getKey() + ": " + warning))
                .toList();
    }

    /** The same with these features alone. */
    CheckedPipeline keeping(List<String> features) {
        return new CheckedPipeline(
                related.map(found -> file.withSql(found.sql(features))).orElse(file),
                folder,
                sources,
                versions,
                schemas,
                plan.keeping(features),
                learners,
                sourceWarnings,
                related);
    }

    /** A learner with the parameters that the file sets. */
    public record ChosenLearner(Learner learner, Map<String, Object> parameters) {}
}
