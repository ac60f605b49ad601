package dev.millwright.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * One step of a pipeline run.
 *
 * @param ordinal its place in the pipeline, from 0
 * @param key a hash of everything that its result depends on: inputs, settings, code version
 * @param attempt counts from 1
 * @param outputs a JSON document, once finished or reused
 * @param reusedFrom the run that did the work, when reused
 */
public record Step(
        String runId,
        String name,
        int ordinal,
        String key,
        StepStatus status,
        int attempt,
        Optional<String> outputs,
        Optional<String> reusedFrom,
        Optional<String> error,
        Instant started,
        Optional<Instant> ended) {}
