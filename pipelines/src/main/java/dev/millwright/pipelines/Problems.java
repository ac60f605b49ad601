package dev.millwright.pipelines;

import dev.millwright.core.Problem;
import dev.millwright.core.Problem.Position;
import java.util.Comparator;
import java.util.List;

/** Puts problems in the order in which a reader of the file meets them. */
final class Problems {
    private static final Comparator<Position> BY_PLACE = Comparator.comparing(Position::file)
            .thenComparingInt(Position::line)
            .thenComparingInt(Position::column);

    private Problems() {}

    static List<Problem> inOrder(List<Problem> problems) {
        return problems.stream()
                .distinct()
                .sorted(Comparator.comparing(problem -> problem.where().orElse(new Position("", 0, 0)), BY_PLACE))
                .toList();
    }
}
