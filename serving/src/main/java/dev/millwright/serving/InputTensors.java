package dev.millwright.serving;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.serving.protocol.OtherTensors;
import dev.millwright.serving.protocol.RequestProblems;
import dev.millwright.serving.protocol.Tensor;
import dev.millwright.serving.protocol.TensorMetadata;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Checks that tensors are those that a model takes. */
final class InputTensors {
    private InputTensors() {}

    /**
     * The tensors in the model's order.
     *
     * @throws InvalidInputException naming everything that doesn't fit, by its place among those that were sent
     */
    static List<Tensor> fit(List<TensorMetadata> expected, List<Tensor> sent) {
        return fit(expected, sent, OtherTensors.NONE);
    }

    /** The same where some may be meant for {@code others}, which are passed over. */
    static List<Tensor> fit(List<TensorMetadata> expected, List<Tensor> sent, OtherTensors others) {
        RequestProblems problems = new RequestProblems();
        @Nullable Tensor[] fitted = new Tensor[expected.size()];
        List<String> names = expected.stream().map(TensorMetadata::name).toList();
        for (int i = 0; i < sent.size(); i++) {
            Tensor tensor = sent.get(i);
            int place = names.indexOf(tensor.name());
            if (place < 0 && others.takes(tensor.name())) {
                continue;
            }
            String problem = place < 0
                    ? "name: " + Words.shortened(tensor.name()) + " (expected: an input of the model)."
                            + Words.suggestion(tensor.name(), names)
                    : fitted[place] != null
                            ? "name: " + tensor.name() + " a second time (expected: each input once)"
                            : expected.get(place).misfit(tensor).orElse(null);
            if (place >= 0) {
                fitted[place] = tensor;
            }
            if (problem != null) {
                problems.add("inputs[" + i + "]." + problem
                        + (place < 0 || problem.startsWith("name") ? "" : ". Input: " + tensor.name()));
            }
        }
        for (int place = 0; place < fitted.length; place++) {
            if (fitted[place] == null) {
                problems.add("inputs: " + names.get(place) + " is missing (expected: a tensor for each input)");
            }
        }
        problems.requireNone();
        return List.of(fitted);
    }
}
