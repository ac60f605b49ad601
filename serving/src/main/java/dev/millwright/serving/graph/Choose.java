package dev.millwright.serving.graph;

import dev.millwright.core.Frame;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.Predictions;
import dev.millwright.serving.Deadline;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Each row is answered by the first member whose condition holds for it, or by the last one, which has none. A member is asked once,
 * with all of its rows.
 */
public final class Choose implements RowNode {
    private final Members members;
    private final List<RowCondition> conditions;
    private final List<Columns.Pick> picks;
    private final Together together;

    private Choose(Members members, List<RowCondition> conditions, Together together) {
        this.members = members;
        this.conditions = conditions;
        this.together = together;
        this.picks = conditions.stream()
                .map(condition -> Columns.pick(members.signature().inputs(), condition.columns()))
                .toList();
    }

    /**
     * @param conditions one a member but the last
     * @throws dev.millwright.core.InvalidInputException with problems about {@code choose[n]}
     */
    public static Choose of(List<RowNode> members, List<RowCondition> conditions, Together together) {
        if (conditions.size() != members.size() - 1) {
            throw new IllegalArgumentException("conditions: " + conditions.size() + " (expected: "
                    + (members.size() - 1) + ", one for each member but the last)");
        }
        List<Input> looked = conditions.stream()
                .flatMap(condition -> condition.columns().stream())
                .distinct()
                .toList();
        return new Choose(
                Members.of(members, place -> "[" + place + "]", looked, Members.HALF),
                List.copyOf(conditions),
                together);
    }

    @Override
    public ModelSignature signature() {
        return members.signature();
    }

    @Override
    public Predictions predict(Frame rows, Deadline deadline) {
        int[] chosen = choose(rows);
        List<int[]> parts = new ArrayList<>();
        List<Together.Asking> askings = new ArrayList<>();
        for (int i = 0; i < members.count(); i++) {
            int member = i;
            int[] part = IntStream.range(0, chosen.length)
                    .filter(row -> chosen[row] == member)
                    .toArray();
            if (part.length == rows.rows()) {
                return members.predict(member, rows, deadline);
            }
            if (part.length > 0) {
                parts.add(part);
                askings.add(new Together.Asking(
                        members.node(member).recentNanos(),
                        () -> members.predict(member, rows.select(part), deadline)));
            }
        }
        Scatter scatter = new Scatter(signature(), rows.rows());
        List<Predictions> answers = together.ask(askings);
        for (int i = 0; i < parts.size(); i++) {
            scatter.put(parts.get(i), answers.get(i));
        }
        return scatter.all();
    }

    private int[] choose(Frame rows) {
        int[] chosen = new int[rows.rows()];
        Arrays.fill(chosen, conditions.size());
        for (int i = conditions.size() - 1; i >= 0; i--) {
            boolean[] holds = conditions.get(i).holds(picks.get(i).of(rows));
            for (int row = 0; row < chosen.length; row++) {
                chosen[row] = holds[row] ? i : chosen[row];
            }
        }
        return chosen;
    }

    @Override
    public long recentNanos() {
        return members.sumOfNanos() / members.count();
    }
}
