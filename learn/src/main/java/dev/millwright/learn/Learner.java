package dev.millwright.learn;

import dev.millwright.core.Progress;
import dev.millwright.core.Task;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An algorithm that turns rows with labels into a model. A pure function: the same data, parameters and seed give the same
 * bytes. Implementations hold no state and are thread-safe.
 */
public sealed interface Learner permits GradientBoosting, LinearRegression, LogisticRegression {
    /** The name that a pipeline file uses. */
    String name();

    /** The kinds of task that it can learn. */
    Set<Task> tasks();

    /** Every parameter that {@link #fit} takes; the same list checks the user's map and feeds the documentation. */
    List<ParameterSpec> parameters();

    /**
     * Learns a model.
     *
     * @param parameters by name; what is left out takes its default
     * @param seed of whatever the algorithm draws at random
     * @param progress hears how many trees or iterations are done
     * @throws dev.millwright.core.InvalidInputException naming everything that is wrong with the parameters, or why the
     *     data cannot be learnt from
     */
    TrainedModel fit(TrainingData data, Map<String, Object> parameters, long seed, Progress progress);
}
