package dev.millwright.data;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.Problem;
import dev.millwright.core.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Which columns of a source are a model's inputs, and which are kept beside its predictions.
 *
 * @param inputs for each input, the position of its column; -1 where the source may lack it
 * @param kept positions
 */
record ColumnChoice(List<Integer> inputs, List<Integer> kept) {
    /** The key of the problem that a column is missing. */
    static final String KEY = "missing_column";

    ColumnChoice {
        inputs = List.copyOf(inputs);
        kept = List.copyOf(kept);
    }

    /** @throws InvalidInputException naming every column that is missing */
    static ColumnChoice of(Path file, List<String> names, BatchRequest request) {
        ColumnChoice choice = among(names, request);
        List<Problem> problems = new ArrayList<>();
        for (int i = 0; i < choice.inputs.size(); i++) {
            if (choice.inputs.get(i) < 0) {
                String input = request.inputs().get(i).name();
                problems.add(Problem.about(
                        KEY,
                        file + ": column: '" + input + "' is missing (expected: every column that the model takes)."
                                + Words.suggestion(input, names)));
            }
        }
        for (String wanted : request.keep()) {
            if (find(names, wanted) < 0) {
                problems.add(Problem.of("--keep: " + wanted + " (expected: a column of " + file + ")."
                        + Words.suggestion(wanted, names)));
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems);
        }
        return choice;
    }

    /** The same where rows need not have every column. */
    static ColumnChoice among(List<String> names, BatchRequest request) {
        List<Integer> inputs = request.inputs().stream()
                .map(ModelSignature.Input::name)
                .map(name -> find(names, name))
                .toList();
        List<Integer> kept = request.keep().isEmpty()
                ? IntStream.range(0, names.size()).boxed().toList()
                : request.keep().stream()
                        .map(name -> find(names, name))
                        .filter(position -> position >= 0)
                        .distinct()
                        .toList();
        return new ColumnChoice(inputs, kept);
    }

    private static int find(List<String> names, String wanted) {
        int exact = names.indexOf(wanted);
        if (exact >= 0) {
            return exact;
        }
        return IntStream.range(0, names.size())
                .filter(i -> names.get(i).equalsIgnoreCase(wanted))
                .findFirst()
                .orElse(-1);
    }
}
