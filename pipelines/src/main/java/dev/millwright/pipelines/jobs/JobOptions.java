package dev.millwright.pipelines.jobs;

import java.time.Duration;

/**
 * The bounds of what is answered later.
 *
 * @param running jobs at a time
 * @param mostWaiting jobs of one endpoint that may wait
 * @param mostBytes that all jobs and their answers may take, in bytes
 * @param keep how long answers are kept, and jobs wait at most
 * @param pause before a job is begun again that could not be answered, doubled each time
 * @param attempts after which a job is given up
 */
public record JobOptions(int running, int mostWaiting, long mostBytes, Duration keep, Duration pause, int attempts) {
    /** For a machine with that many cores: half of them, so that requests which are waited for always find some. */
    public static JobOptions forCores(int cores) {
        return new JobOptions(Math.max(1, cores / 2), 10_000, 2L << 30, Duration.ofDays(1), Duration.ofSeconds(1), 10);
    }
}
