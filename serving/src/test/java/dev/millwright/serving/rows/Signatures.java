package dev.millwright.serving.rows;

import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Task;
import java.util.List;

/** What the models of these tests take and give. */
final class Signatures {
    private static final List<Input> INPUTS = List.of(
            new Input("amount", InputType.NUMBER),
            new Input("age", InputType.NUMBER),
            new Input("city", InputType.TEXT));
    static final ModelSignature BINARY = new ModelSignature(Task.BINARY, INPUTS, List.of("no", "yes"), 0.5);
    static final ModelSignature REGRESSION = new ModelSignature(Task.REGRESSION, INPUTS.subList(0, 2), List.of(), 0);

    /** Takes a tensor of two columns, and a text. */
    static final ModelSignature WIDE = new ModelSignature(
            Task.REGRESSION,
            List.of(
                    new Input("X[0]", InputType.NUMBER),
                    new Input("X[1]", InputType.NUMBER),
                    new Input("plan", InputType.TEXT)),
            List.of(),
            0);

    private Signatures() {}
}
