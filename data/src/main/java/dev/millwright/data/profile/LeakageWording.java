package dev.millwright.data.profile;

import dev.millwright.core.Task;
import dev.millwright.data.profile.LeakageWarning.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Says what was found, so that a person knows what to look at. */
final class LeakageWording {
    /** Test rows that may have a twin before a score is moved by them. */
    private static final double MANY = 0.05;

    private static final double ONE_LABEL = 0.95;

    /** How many times as many twins as chance would give. */
    private static final double BEYOND_CHANCE = 5;

    private final String label;
    private final Task task;

    LeakageWording(String label, Task task) {
        this.label = label;
        this.task = task;
    }

    String metric() {
        return switch (task) {
            case BINARY -> "roc_auc";
            case MULTICLASS -> "roc_auc_ovr";
            case REGRESSION -> "r2";
        };
    }

    private String score(double value) {
        return (task == Task.REGRESSION ? "R² " : "ROC AUC ") + String.format(Locale.ROOT, "%.3f", value);
    }

    List<LeakageWarning> of(LeakageRule.Verdict verdict, int columns) {
        List<LeakageWarning> warnings = new ArrayList<>();
        for (ColumnScore score : verdict.tooGood()) {
            warnings.add(new LeakageWarning(
                    Kind.NEARLY_THE_LABEL,
                    List.of(score.column()),
                    basis(score) + " alone predicts nearly every " + label + " ("
                            + score(score.score().value())
                            + "). Is it the label in another form, or known only after it?"));
        }
        for (ColumnScore score : verdict.farAbove()) {
            int others = columns - verdict.tooGood().size() - verdict.farAbove().size();
            warnings.add(new LeakageWarning(
                    Kind.FAR_ABOVE_THE_REST,
                    List.of(score.column()),
                    basis(score) + " alone predicts " + label + " with "
                            + score(score.score().value())
                            + ", far above the next column ("
                            + score(verdict.next().orElseThrow()) + ") and above the "
                            + others + " others together ("
                            + score(verdict.others().orElseThrow())
                            + "). Is it known when a prediction is made?"));
        }
        return warnings;
    }

    private static String basis(ColumnScore score) {
        return switch (score.basis()) {
            case VALUE, ORDER -> score.column();
            case MISSINGNESS -> "whether " + score.column() + " is missing";
        };
    }

    String madeFromTheLabel(String column) {
        return column + " is the mean of " + label + " over the rows that share its value: it was made from the label,"
                + " each row's own included. Encode within folds, or leave it out.";
    }

    String missingByLabel(String column, String state, String value, long ofClass, long all) {
        return String.format(
                Locale.ROOT,
                "%s %s in %,d rows, and %s is '%s' in %s of them. Is it written down because of the label?",
                column,
                state,
                all,
                label,
                value,
                ofClass == all ? "all" : String.format(Locale.ROOT, "%,d", ofClass));
    }

    /** Columns that somebody said come later than their row; of the label that is no wonder. */
    List<LeakageWarning> declared(Map<String, String> knownAfter, String labelColumn) {
        return knownAfter.entrySet().stream()
                .filter(entry -> !entry.getKey().equalsIgnoreCase(labelColumn))
                .map(entry -> new LeakageWarning(
                        Kind.KNOWN_AFTER,
                        List.of(entry.getKey()),
                        entry.getKey() + " is known only " + entry.getValue()
                                + ", as its contract says: a prediction made with the row can't use it."))
                .toList();
    }

    String knownAfter(String column, String time, double later, List<String> companions) {
        String too = companions.isEmpty()
                ? ""
                : "; so " + (companions.size() == 1 ? "is " : "are ") + String.join(", ", companions) + ", which "
                        + (companions.size() == 1 ? "is" : "are") + " missing in the same rows";
        return String.format(
                Locale.ROOT,
                "%s is later than %s in %.1f %% of the rows that have both: unless it was planned, it is known only"
                        + " afterwards%s.",
                column,
                time,
                100 * later,
                too);
    }

    /** A warning, where enough of the test rows have twins that no chance explains and that have one label. */
    Optional<LeakageWarning> of(SharedRows shared) {
        boolean many = shared.near() >= MANY
                && shared.agreeing() >= ONE_LABEL
                && shared.near() >= BEYOND_CHANCE * shared.byChance();
        if (!many) {
            return Optional.empty();
        }
        String parted = switch (shared.by()) {
            case RANDOM -> "With a random split";
            case TIME -> "With a split by time";
            case SOURCE -> "Of the two sources";
        };
        return Optional.of(new LeakageWarning(
                Kind.SHARED_ROWS,
                List.of(),
                String.format(
                        Locale.ROOT,
                        "%s, %.1f %% of the test rows stand among the training rows, too (%.1f %% to the last digit)."
                                + " Remove the copies, or keep each with its like by an entity.",
                        parted,
                        100 * shared.near(),
                        100 * shared.exact())));
    }
}
