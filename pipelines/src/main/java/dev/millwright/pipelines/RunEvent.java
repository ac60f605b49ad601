package dev.millwright.pipelines;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a watcher of a pipeline run sees, in the order in which it happens. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "event")
@JsonSubTypes({
    @JsonSubTypes.Type(value = RunEvent.StepStarted.class, name = "step_started"),
    @JsonSubTypes.Type(value = RunEvent.StepProgress.class, name = "step_progress"),
    @JsonSubTypes.Type(value = RunEvent.StepPrinted.class, name = "step_printed"),
    @JsonSubTypes.Type(value = RunEvent.StepFinished.class, name = "step_finished"),
    @JsonSubTypes.Type(value = RunEvent.StepFailed.class, name = "step_failed"),
    @JsonSubTypes.Type(value = RunEvent.RunEnded.class, name = "run_ended")
})
public sealed interface RunEvent {

    /**
     * A step begins.
     *
     * @param ordinal counts from 1
     * @param steps how many there are in all
     */
    record StepStarted(String step, int ordinal, int steps) implements RunEvent {}

    /** How far a step is; {@code total} is 0 when unknown. */
    record StepProgress(String step, String what, long done, long total) implements RunEvent {}

    /**
     * A command of the step printed something.
     *
     * @param first the number of the first of the lines, counted from 1; a watcher that expected a smaller one missed some
     */
    record StepPrinted(String step, long first, List<String> lines) implements RunEvent {
        public StepPrinted {
            lines = List.copyOf(lines);
        }
    }

    /**
     * A step is done and its result is durable.
     *
     * @param reused whether an earlier run's result with the same inputs was taken
     * @param summary one line for a person
     */
    record StepFinished(String step, double seconds, boolean reused, String summary) implements RunEvent {}

    /** A step ended the run. */
    record StepFailed(String step, String message) implements RunEvent {}

    /**
     * The last event of a run.
     *
     * @param summary the document that {@code run --json} prints
     */
    record RunEnded(String run, String status, String summary) implements RunEvent {}
}
