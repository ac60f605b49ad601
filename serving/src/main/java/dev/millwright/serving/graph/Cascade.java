package dev.millwright.serving.graph;

import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Predictions;
import dev.millwright.core.Problem;
import dev.millwright.serving.Deadline;
import java.util.List;
import java.util.stream.IntStream;

/** Asks the first member, and each further one only for the rows of which those before it were not sure. */
public final class Cascade implements RowNode {
    private final Members members;
    private final Sureness sureness;

    private Cascade(Members members, Sureness sureness) {
        this.members = members;
        this.sureness = sureness;
    }

    /** @throws InvalidInputException with problems about {@code of[n]} */
    public static Cascade of(List<RowNode> members, Sureness sureness) {
        Members checked = Members.of(members, place -> "of[" + place + "]", List.of(), Members.HALF);
        if (!checked.classify()) {
            throw new InvalidInputException(List.of(Problem.about(
                    "of", "numbers (expected: classifiers, which say how sure they are). Use choose instead.")));
        }
        return new Cascade(checked, sureness);
    }

    @Override
    public ModelSignature signature() {
        return members.signature();
    }

    @Override
    public Predictions predict(Frame rows, Deadline deadline) {
        Predictions.Classes first = (Predictions.Classes) members.predict(0, rows, deadline);
        int[] all = IntStream.range(0, rows.rows()).toArray();
        int[] left = unsure(first, all);
        if (left.length == 0) {
            return first;
        }
        Scatter scatter = new Scatter(signature(), rows.rows());
        scatter.put(all, first);
        for (int next = 1; next < members.count() && left.length > 0; next++) {
            Frame part = left.length == rows.rows() ? rows : rows.select(left);
            Predictions.Classes answers = (Predictions.Classes) members.predict(next, part, deadline);
            scatter.put(left, answers);
            left = unsure(answers, left);
        }
        return scatter.all();
    }

    /** @param rows the places of the answers */
    private int[] unsure(Predictions.Classes answers, int[] rows) {
        return IntStream.range(0, rows.length)
                .filter(i -> !sureness.isSure(answers, i))
                .map(i -> rows[i])
                .toArray();
    }

    @Override
    public long recentNanos() {
        return members.node(0).recentNanos();
    }
}
