package dev.millwright.serving.graph;

import dev.millwright.core.FeatureColumn;
import dev.millwright.core.Frame;
import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.Problem;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns that several parts take together, each name once. Not thread-safe. */
final class Columns {
    private final Map<String, Input> columns = new LinkedHashMap<>();
    private final Map<String, String> takenBy = new LinkedHashMap<>();
    private final List<Problem> problems;

    Columns(List<Problem> problems) {
        this.problems = problems;
    }

    /**
     * Adds what a part takes.
     *
     * @param place of the part, for problems
     */
    void add(String place, List<Input> inputs) {
        for (Input input : inputs) {
            Input known = columns.putIfAbsent(input.name(), input);
            if (known == null) {
                takenBy.put(input.name(), place);
            } else if (known.type() != input.type()) {
                problems.add(Problem.about(
                        place,
                        input.name() + ": " + word(input) + " here, " + word(known) + " in "
                                + takenBy.getOrDefault(input.name(), "another part")
                                + " (expected: one type). Export one of the models anew."));
            }
        }
    }

    private static String word(Input input) {
        return input.type().name().toLowerCase(Locale.ROOT);
    }

    List<Input> list() {
        return List.copyOf(columns.values());
    }

    /** Throws everything that was found wrong. */
    static void requireNone(List<Problem> problems) {
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
    }

    /** Where a part finds its columns among those of the whole. */
    static Pick pick(List<Input> whole, List<Input> part) {
        if (whole.equals(part)) {
            return new Pick(null);
        }
        List<String> names = whole.stream().map(Input::name).toList();
        return new Pick(
                part.stream().mapToInt(input -> names.indexOf(input.name())).toArray());
    }

    /** @param from the places of a part's columns; null when they are all, in the same order */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Pick(int @Nullable [] from) {
        Frame of(Frame rows) {
            if (from == null) {
                return rows;
            }
            List<FeatureColumn> columns = new ArrayList<>(from.length);
            for (int index : from) {
                columns.add(rows.columns().get(index));
            }
            return new Frame(rows.rows(), columns);
        }
    }
}
