package dev.millwright.pipelines;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Predictions;
import dev.millwright.monitoring.ColumnProfile;
import dev.millwright.monitoring.Profiler;
import dev.millwright.monitoring.ReferenceProfile;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.Artifacts;
import dev.millwright.registry.ModelVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** With what drift of an inference graph's columns is compared: the rows that its members were trained on. */
final class GraphReference {
    /** The artifact of a version that holds the profile of its training rows. */
    static final String PROFILE = "profile.json";

    private GraphReference() {}

    /**
     * The columns as the members knew them in training, and what the graph says of the rows that it is tried on.
     *
     * @throws InvalidInputException when no members that were trained on equally many rows know all columns
     */
    static ReferenceProfile of(TrialRows trial, Predictions answers, List<ModelVersion> members, Artifacts artifacts) {
        List<String> wanted =
                trial.rows().columns().stream().map(FeatureColumn::name).toList();
        Map<Long, Map<String, ColumnProfile>> known = new LinkedHashMap<>();
        for (ModelVersion member : members) {
            Artifact stored = member.artifacts().get(PROFILE);
            if (stored != null) {
                ReferenceProfile profile = ReferenceProfile.fromJson(artifacts.read(stored));
                Map<String, ColumnProfile> columns =
                        known.computeIfAbsent(profile.rows(), rows -> new LinkedHashMap<>());
                profile.columns().forEach(column -> columns.putIfAbsent(column.column(), column));
            }
        }
        for (Map.Entry<Long, Map<String, ColumnProfile>> each : known.entrySet()) {
            if (each.getValue().keySet().containsAll(wanted)) {
                List<ColumnProfile> columns = new ArrayList<>();
                each.getValue().forEach((name, column) -> {
                    if (wanted.contains(name)) {
                        columns.add(column);
                    }
                });
                columns.sort((a, b) -> Integer.compare(wanted.indexOf(a.column()), wanted.indexOf(b.column())));
                return new ReferenceProfile(
                        columns, Profiler.of(trial.rows(), answers).outputs(), each.getKey());
            }
        }
        throw new InvalidInputException("monitor: nothing is known of how " + wanted
                + " were distributed in training (expected: members that a pipeline trained on them). Leave it out.");
    }
}
