package dev.millwright.pipelines.jobs;

/** How many jobs of an endpoint are in a state; those that ended count until their answers are forgotten. */
public record JobCount(String endpoint, Job.State state, int jobs) {}
