package dev.millwright.app;

import dev.millwright.data.Lake;
import dev.millwright.monitoring.FeedbackStore;
import dev.millwright.pipelines.RunDesk;
import dev.millwright.pipelines.datasets.DatasetDesk;
import dev.millwright.pipelines.jobs.JobDesk;
import dev.millwright.registry.Registry;

/**
 * Records what killed processes did to datasets, and removes what they left behind in the lake, files that nothing refers to any more, labels that no prediction ever
 * matched, and answers that were kept long enough.
 */
record Housekeeping(
        Lake lake, DatasetDesk datasets, FeedbackStore feedback, Registry registry, RunDesk desk, JobDesk jobs)
        implements Runnable {
    @Override
    public void run() {
        datasets.settle();
        lake.sweep();
        feedback.expire();
        jobs.sweep();
        if (desk.isIdle()) {
            registry.sweep();
        }
    }
}
