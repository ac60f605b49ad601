package dev.millwright.pipelines;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.Artifacts;
import dev.millwright.registry.ModelVersion;
import dev.millwright.serving.ParitySet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Rows on which an inference graph is tried: columns of the rows that are kept with its members, so that each member sees values that
 * it knows; columns that none of them has are made up.
 *
 * @param origin where they come from, in words
 */
record TrialRows(Frame rows, String origin) {
    static TrialRows of(List<Input> columns, List<ModelVersion> members, Artifacts artifacts) {
        Frame madeUp = ExampleRows.madeUp(columns, Collections.nCopies(columns.size(), false));
        Map<String, FeatureColumn> kept = new LinkedHashMap<>();
        for (ModelVersion member : members) {
            Artifact parity = member.artifacts().get(GraphFitting.PARITY);
            if (parity != null) {
                ParitySet.fromJson(artifacts.read(parity))
                        .rows()
                        .columns()
                        .forEach(column -> kept.putIfAbsent(column.name(), column));
            }
        }
        List<FeatureColumn> chosen = new ArrayList<>();
        int known = 0;
        for (FeatureColumn column : madeUp.columns()) {
            FeatureColumn own = kept.get(column.name());
            if (own != null && own.getClass() == column.getClass()) {
                known++;
                chosen.add(repeated(own, madeUp.rows()));
            } else {
                chosen.add(column);
            }
        }
        return new TrialRows(
                new Frame(madeUp.rows(), chosen),
                Text.count(madeUp.rows(), "row") + " whose columns are "
                        + (known == chosen.size()
                                ? "those of rows kept with its models"
                                : known + " of " + chosen.size()
                                        + " from rows kept with its models, the others made up"));
    }

    private static FeatureColumn repeated(FeatureColumn column, int rows) {
        return column.select(
                IntStream.range(0, rows).map(row -> row % column.rows()).toArray());
    }
}
