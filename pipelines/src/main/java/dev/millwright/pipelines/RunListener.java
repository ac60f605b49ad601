package dev.millwright.pipelines;

/** Watches a pipeline run. Called from the run's own thread, and from a step's workers: be quick and thread-safe. */
@FunctionalInterface
public interface RunListener {
    /** For runs that nobody watches. */
    RunListener NONE = event -> {};

    void on(RunEvent event);
}
