package dev.millwright.app;

import dev.millwright.data.Lake;
import dev.millwright.monitoring.FeedbackStore;
import dev.millwright.pipelines.RunDesk;
import dev.millwright.pipelines.jobs.JobDesk;
import dev.millwright.registry.Registry;

/**
 * Removes what killed processes left behind in the lake, files that nothing refers to any more, labels that no prediction ever
 * matched, and answers that were kept long enough.
 */
record Housekeeping(Lake lake, FeedbackStore feedback, Registry registry, RunDesk desk, JobDesk jobs)
        implements Runnable {
    @Override
    public void run() {
        lake.sweep();
        feedback.expire();
        jobs.sweep();
        if (desk.isIdle()) {
            registry.sweep();
        }
    }
}
