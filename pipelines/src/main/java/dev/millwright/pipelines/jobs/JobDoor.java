package dev.millwright.pipelines.jobs;

import dev.millwright.core.MillwrightException;

/** Answers requests as they would have been answered at once. Blocks. */
@FunctionalInterface
public interface JobDoor {
    /**
     * The answer, which may say that the request is wrong.
     *
     * @throws MillwrightException of kind UNAVAILABLE when the request may be answered later
     */
    JobAnswer answer(JobRequest request);
}
