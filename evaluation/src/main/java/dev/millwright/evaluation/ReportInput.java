package dev.millwright.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * All that a report shows.
 *
 * @param threshold of a binary classifier: from this probability on it says yes
 * @param comparisons with the champion, on rows that neither model trained on
 */
public record ReportInput(
        ModelFacts facts,
        Optional<Evaluation> validation,
        Optional<Evaluation> test,
        Optional<Double> threshold,
        Optional<ImportanceStudy> importance,
        List<Comparison> comparisons) {

    /**
     * The outcome of {@link PermutationImportance}.
     *
     * @param metric whose loss is meant
     * @param rows that were shuffled
     */
    public record ImportanceStudy(String metric, int rows, int repeats, List<Importance> importances) {
        public ImportanceStudy {
            importances = List.copyOf(importances);
        }
    }

    public ReportInput {
        comparisons = List.copyOf(comparisons);
    }

    /** The evaluation whose curves are drawn: that on test rows, else that on validation rows. */
    Optional<Evaluation> main() {
        return test.or(() -> validation);
    }

    String mainSplit() {
        return test.isPresent() ? "test" : "validation";
    }
}
