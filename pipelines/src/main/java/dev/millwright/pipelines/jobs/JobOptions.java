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
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(5);

    /** How long to wait after so many attempts: twice as long each time, up to five minutes. */
    Duration pauseAfter(int attempts) {
        long millis = pause.toMillis() << Math.min(attempts - 1, 20);
        return Duration.ofMillis(Math.min(LONGEST_PAUSE.toMillis(), millis));
    }

    /** For a machine with that many cores: half of them, so that requests which are waited for always find some. */
    public static JobOptions forCores(int cores) {
        return new JobOptions(Math.max(1, cores / 2), 10_000, 2L << 30, Duration.ofDays(1), Duration.ofSeconds(1), 10);
    }
}
