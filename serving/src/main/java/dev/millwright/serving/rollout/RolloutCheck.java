package dev.millwright.serving.rollout;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.ModelSignature;
import dev.millwright.core.ModelSignature.Input;
import dev.millwright.core.ModelSignature.InputType;
import dev.millwright.core.Problem;
import dev.millwright.core.Task;
import dev.millwright.core.Words;
import dev.millwright.serving.protocol.TensorMetadata;
import dev.millwright.serving.routing.RequestCondition;
import dev.millwright.serving.routing.StickyKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Whether a plan can be followed with a model: what it looks at must be there. */
public final class RolloutCheck {
    private final RolloutPlan plan;
    private final List<String> problems = new ArrayList<>();

    private RolloutCheck(RolloutPlan plan) {
        this.plan = plan;
    }

    /**
     * What is wrong.
     *
     * @param inputs of the model
     * @param tasks one of which is the model's; a problem is one for all of them
     */
    public static List<String> problems(RolloutPlan plan, List<Input> inputs, Collection<Task> tasks) {
        RolloutCheck check = new RolloutCheck(plan);
        check.columns(inputs);
        check.tasks(tasks);
        return check.problems;
    }

    /**
     * Refuses a plan that does not fit.
     *
     * @param signature empty for a model that takes tensors
     * @throws InvalidInputException with all that is wrong
     */
    public static void require(RolloutPlan plan, Optional<ModelSignature> signature) {
        List<String> problems = signature
                .map(known -> problems(plan, known.inputs(), List.of(known.task())))
                .orElseGet(() -> tensorProblems(plan));
        if (!problems.isEmpty()) {
            throw new InvalidInputException(problems.stream()
                    .map(problem -> Problem.of("rollout." + problem))
                    .toList());
        }
    }

    /**
     * Refuses a plan that looks at numbers which a model doesn't give.
     *
     * @param outputs the tensors of a model that gives some
     * @throws InvalidInputException when that is so
     */
    public static void requireNumbers(RolloutPlan plan, List<TensorMetadata> outputs) {
        boolean asked = plan.rollBackIf().stream().anyMatch(RollBackRule.MeanDifference.class::isInstance);
        if (asked && outputs.stream().noneMatch(output -> output.datatype().isFloating())) {
            throw new InvalidInputException("rollout.roll_back_if: mean_difference is about floating-point numbers, and"
                    + " this model gives none (expected: such as disagreement > 5%).");
        }
    }

    private static List<String> tensorProblems(RolloutPlan plan) {
        RolloutCheck check = new RolloutCheck(plan);
        check.columns(List.of());
        check.tensors();
        return check.problems;
    }

    /** Labels come for rows, and values have one distribution where there is one a row. */
    private void tensors() {
        if (plan.strategy() instanceof AbTest || plan.strategy() instanceof Bandit) {
            problems.add(plan.strategy().label()
                    + ": goes by labels of predictions, and this model answers with tensors, which get none (expected:"
                    + " canary, blue_green, shadow or conditions).");
        }
        for (RollBackRule rule : plan.rollBackIf()) {
            if (rule instanceof RollBackRule.QualityLoss || rule instanceof RollBackRule.OutputShift) {
                problems.add("roll_back_if: " + rule.label()
                        + ": can't be judged by tensors, with which this model answers (expected: error_rate, a latency,"
                        + " disagreement or mean_difference).");
            }
        }
        if (!(plan.score() instanceof QualityScore.Brier) && !(plan.strategy() instanceof Bandit)) {
            problems.add(
                    "score: " + plan.score().label()
                            + ": is of labelled predictions, and this model answers with tensors (expected: none). Leave it out.");
        }
    }

    private void columns(List<Input> inputs) {
        if (plan.strategy().stickyBy() instanceof StickyKey.Column(String name)) {
            find(inputs, name, "sticky_by");
        }
        if (plan.strategy() instanceof Conditions(List<Conditions.Rule> rules)) {
            rules.forEach(rule -> condition(inputs, rule.when()));
        }
    }

    private void condition(List<Input> inputs, RequestCondition condition) {
        switch (condition) {
            case RequestCondition.Every(List<RequestCondition> parts) -> parts.forEach(part -> condition(inputs, part));
            case RequestCondition.HeaderIs _ -> {}
            case RequestCondition.NumberIs number ->
                find(inputs, number.column(), "when")
                        .filter(input -> input.type() != InputType.NUMBER)
                        .ifPresent(_ -> problems.add("when: " + number.label() + ": " + number.column()
                                + " holds texts (expected: a text in quotes)."));
            case RequestCondition.TextIs text ->
                find(inputs, text.column(), "when")
                        .filter(input -> input.type() != InputType.TEXT)
                        .ifPresent(_ -> problems.add("when: " + text.label() + ": " + text.column()
                                + " holds numbers (expected: a single number, without quotes)."));
        }
    }

    private Optional<Input> find(List<Input> inputs, String name, String key) {
        Optional<Input> found =
                inputs.stream().filter(input -> input.name().equals(name)).findFirst();
        if (found.isEmpty()) {
            problems.add(key + ": no input column '" + Words.shortened(name) + "' (expected: one that the model takes)."
                    + Words.suggestion(name, inputs.stream().map(Input::name).toList()));
        }
        return found;
    }

    private void tasks(Collection<Task> tasks) {
        if (plan.judgesQuality()) {
            List<String> wrong = tasks.stream()
                    .flatMap(task -> plan.score().problem(task).stream())
                    .toList();
            if (wrong.size() == tasks.size()) {
                problems.add(wrong.getFirst());
            }
        }
        boolean labels = plan.rollBackIf().stream().anyMatch(RollBackRule.Disagreement.class::isInstance);
        if (labels && tasks.stream().noneMatch(Task::isClassification)) {
            problems.add("roll_back_if: disagreement is about labels, and this model predicts numbers (expected: such"
                    + " as mean_difference > 5).");
        }
    }
}
