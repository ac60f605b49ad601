package dev.millwright.serving.protocol;

import dev.millwright.core.Words;
import java.util.List;

/** An output that the client asks for, and the form in which it wants it. */
public record RequestedOutput(String name, TensorForm form) {
    /**
     * Checks that a version gives what is asked for.
     *
     * @param given by the version
     * @param others whose outputs may be asked for as well, beside one of this version's
     */
    public static void check(
            List<RequestedOutput> asked, List<String> given, OtherTensors others, RequestProblems problems) {
        boolean gives = asked.isEmpty();
        for (int i = 0; i < asked.size(); i++) {
            String name = asked.get(i).name();
            if (given.contains(name)) {
                gives = true;
            } else if (!others.gives(name)) {
                problems.add("outputs[" + i + "].name: " + Words.shortened(name)
                        + " (expected: an output of the model)." + Words.suggestion(name, given));
                gives = true;
            }
        }
        if (!gives) {
            problems.add("outputs: none that the version gives which was to answer (expected: one of "
                    + String.join(", ", given) + ", or none to get all)");
        }
    }
}
