package dev.millwright.evaluation;

import java.util.List;

/** What pictures and tables of an evaluation are drawn from. Curves are thinned to what an eye can tell apart. */
public sealed interface Diagnostics {

    /**
     * Of two classes. Curves are empty when one class only occurs.
     *
     * @param baseRate the share of positives
     * @param roc x: false positive rate, y: true positive rate
     * @param precisionRecall x: recall, y: precision
     * @param calibration of the positive class's probability
     * @param gains x: share of rows taken, greatest scores first, y: share of positives among them
     * @param lift for each tenth of the rows, greatest scores first
     * @param thresholds by falling threshold
     * @param bestF1Threshold the threshold with the greatest F1 on these rows, NaN without positives
     */
    record Binary(
            double baseRate,
            ConfusionMatrix confusion,
            List<CurvePoint> roc,
            List<CurvePoint> precisionRecall,
            Calibration calibration,
            List<CurvePoint> gains,
            List<LiftRow> lift,
            List<ThresholdRow> thresholds,
            double bestF1Threshold)
            implements Diagnostics {
        public Binary {
            roc = List.copyOf(roc);
            precisionRecall = List.copyOf(precisionRecall);
            gains = List.copyOf(gains);
            lift = List.copyOf(lift);
            thresholds = List.copyOf(thresholds);
        }
    }

    /**
     * Of three or more classes.
     *
     * @param classes in the order of the confusion matrix
     * @param calibration of the probability of the chosen class (Guo et al. 2017)
     */
    record Multiclass(ConfusionMatrix confusion, List<ClassSummary> classes, Calibration calibration)
            implements Diagnostics {
        public Multiclass {
            classes = List.copyOf(classes);
        }
    }

    /** Of numbers. */
    record Regression(ResidualSummary residuals) implements Diagnostics {}

    /**
     * One class against all the others; rates are NaN where undefined.
     *
     * @param support rows of the class
     * @param roc empty when the class has no rows, or all
     */
    record ClassSummary(
            String name,
            long support,
            double precision,
            double recall,
            double f1,
            double rocAuc,
            double averagePrecision,
            List<CurvePoint> roc) {
        public ClassSummary {
            roc = List.copyOf(roc);
        }
    }

    /**
     * A tenth of the rows.
     *
     * @param upTo the share of rows down to the end of this tenth: 0.1, 0.2 … 1
     * @param rate the share of positives in this tenth
     * @param lift {@code rate} over the share of positives in all rows
     * @param found the share of all positives down to the end of this tenth
     */
    record LiftRow(double upTo, double rate, double lift, double found) {}
}
