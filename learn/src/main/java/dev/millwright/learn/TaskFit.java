package dev.millwright.learn;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Task;

/** Whether a learner can learn a task. */
final class TaskFit {
    private TaskFit() {}

    /** Throws, naming the learners that could, when it cannot. */
    static void require(Learner learner, Task task) {
        if (!learner.tasks().contains(task)) {
            throw new InvalidInputException("learner: " + learner.name() + " (expected: one that learns "
                    + task.label() + ": "
                    + String.join(
                            ", ",
                            Learners.names().stream()
                                    .filter(name -> Learners.find(name)
                                            .filter(other -> other.tasks().contains(task))
                                            .isPresent())
                                    .toList())
                    + ")");
        }
    }
}
