package dev.millwright.pipelines;

import dev.millwright.core.Progress;
import dev.millwright.registry.Registry;
import dev.millwright.registry.StepResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Does the steps of one run, one after the other. A step whose key is known is not done again; one that is done is
 * durable before the next begins. Not thread-safe: a run is one thread.
 */
final class StepRunner {
    private static final double NANOS = 1e9;

    private final Registry registry;
    private final String runId;
    private final int steps;
    private final RunListener listener;
    private final Map<String, Double> seconds = new LinkedHashMap<>();
    private final List<String> reused = new ArrayList<>();
    private int ordinal;

    StepRunner(Registry registry, String runId, int steps, RunListener listener) {
        this.registry = registry;
        this.runId = runId;
        this.steps = steps;
        this.listener = listener;
    }

    /** Seconds that each step took in this run; 0 where an earlier result was taken. */
    Map<String, Double> seconds() {
        return new LinkedHashMap<>(seconds);
    }

    /** The steps whose earlier result was taken. */
    List<String> reused() {
        return List.copyOf(reused);
    }

    /**
     * Does a step, or takes the result of an earlier one with the same key.
     *
     * @param usable whether what an earlier result names is still there
     * @param work does it, durably; called again with the same inputs after a crash
     * @param summary one line for a person
     */
    <T> T step(
            String name,
            String key,
            Class<T> type,
            Predicate<T> usable,
            Function<Progress, T> work,
            Function<T, String> summary) {
        ordinal++;
        listener.on(new RunEvent.StepStarted(name, ordinal, steps));
        Optional<StepResult> known =
                registry.steps().findFinished(key).filter(result -> usable.test(StepJson.read(result.outputs(), type)));
        if (known.isPresent()) {
            T outputs = StepJson.read(known.get().outputs(), type);
            // A run that is resumed finds its own results: they stay what they are, for others to find.
            if (!known.get().runId().equals(runId)) {
                registry.steps().reuse(runId, name, ordinal, key, known.get());
            }
            reused.add(name);
            return finished(name, 0, true, outputs, summary);
        }
        long start = System.nanoTime();
        registry.steps().begin(runId, name, ordinal, key);
        T outputs;
        try {
            outputs =
                    work.apply((what, done, total) -> listener.on(new RunEvent.StepProgress(name, what, done, total)));
            registry.steps().finish(runId, name, StepJson.write(outputs));
        } catch (RuntimeException | Error failed) {
            listener.on(new RunEvent.StepFailed(name, String.valueOf(failed.getMessage())));
            registry.steps().fail(runId, name, String.valueOf(failed.getMessage()));
            throw failed;
        }
        return finished(name, (System.nanoTime() - start) / NANOS, false, outputs, summary);
    }

    /** A step whose result an equal key always stands for. */
    <T> T step(String name, String key, Class<T> type, Function<Progress, T> work, Function<T, String> summary) {
        return step(name, key, type, outputs -> true, work, summary);
    }

    private <T> T finished(String name, double took, boolean reused, T outputs, Function<T, String> summary) {
        seconds.put(name, took);
        listener.on(new RunEvent.StepFinished(name, took, reused, summary.apply(outputs)));
        return outputs;
    }
}
