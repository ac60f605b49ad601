package dev.millwright.data;

import dev.millwright.core.ColumnType;
import dev.millwright.core.Task;
import java.util.Optional;

/**
 * What the labels of some rows are like, and whether there is anything to learn from them.
 *
 * @param rows with a label
 * @param example the first of the labels in their order, when there is one
 */
record LabelSurvey(long rows, LabelInference.Facts facts, Optional<String> example) {

    /** Counts the labels of a relation with the columns of {@link #columns}, of which {@code class} is never missing. */
    static LabelSurvey of(Session session, String relation) {
        return session.single(
                "SELECT count(*), count(DISTINCT class), coalesce(min(number), 0), coalesce(max(number), 0),"
                        + " coalesce(bool_and(number = trunc(number)), false), min(class) FROM " + relation,
                row -> new LabelSurvey(
                        row.getLong(1),
                        new LabelInference.Facts(
                                row.getLong(2),
                                row.getDouble(3),
                                row.getDouble(4),
                                row.getBoolean(5) ? LabelInference.Integers.ALL : LabelInference.Integers.NOT_ALL),
                        Optional.ofNullable(row.getString(6))));
    }

    /** The columns {@code number} and {@code class} of a label. */
    static String columns(ColumnType type) {
        String number = type.isNumeric() ? "CAST(" + ReservedColumns.LABEL + " AS DOUBLE)" : "CAST(NULL AS DOUBLE)";
        return number + " AS number, " + className(type) + " AS class";
    }

    /** The condition that a row has a label. */
    static String present(ColumnType type) {
        String label = ReservedColumns.LABEL;
        return type == ColumnType.DOUBLE
                ? "(" + label + " IS NOT NULL AND isfinite(" + label + "))"
                : label + " IS NOT NULL";
    }

    /** The name of a label's class: a whole number without its point, {@code false} or {@code true}, or the text. */
    static String className(ColumnType type) {
        String label = ReservedColumns.LABEL;
        return type == ColumnType.DOUBLE
                ? "CASE WHEN " + label + " = trunc(" + label + ") AND abs(" + label + ") < 9e15 THEN CAST(CAST(" + label
                        + " AS BIGINT) AS VARCHAR) ELSE CAST(" + label + " AS VARCHAR) END"
                : "CAST(" + label + " AS VARCHAR)";
    }

    /**
     * Why nothing can be learnt from these labels, if that is so.
     *
     * @param wanted inferred when it is empty
     * @throws dev.millwright.core.InvalidInputException when no task fits the type
     */
    Optional<String> findProblem(ColumnType type, Optional<Task> wanted) {
        if (facts.distinct() == 0) {
            return Optional.of("label: missing in every row (expected: rows with a label)");
        }
        if (facts.distinct() == 1) {
            return Optional.of(
                    "label: '" + example.orElseThrow() + "' in every row (expected: at least two different labels)");
        }
        Task task = wanted.orElseGet(() -> LabelInference.infer(type, facts));
        return task == Task.MULTICLASS && 2 * facts.distinct() > rows
                ? Optional.of("label: " + facts.distinct() + " classes in " + rows
                        + " rows (expected: several rows of each class, or a number); a name or key of the row can't be"
                        + " learnt")
                : Optional.empty();
    }
}
