package dev.millwright.registry;

/**
 * What a finished step gave.
 *
 * @param outputs a JSON document
 * @param runId the run that did the work
 * @param seconds how long that took
 */
public record StepResult(String outputs, String runId, double seconds) {}
