package dev.millwright.app;

import dev.millwright.data.Lake;
import dev.millwright.monitoring.FeedbackStore;
import dev.millwright.pipelines.RunDesk;
import dev.millwright.registry.Registry;

/**
 * Removes what killed processes left behind in the lake, files that nothing refers to any more, and labels that no prediction
 * ever matched.
 */
record Housekeeping(Lake lake, FeedbackStore feedback, Registry registry, RunDesk desk) implements Runnable {
    @Override
    public void run() {
        lake.sweep();
        feedback.expire();
        if (desk.isIdle()) {
            registry.sweep();
        }
    }
}
