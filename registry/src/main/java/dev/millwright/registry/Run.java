package dev.millwright.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * One piece of work that logs params, metrics, tags and artifacts.
 *
 * @param id 32 hexadecimal digits that sort by time
 * @param pipeline the pipeline that it belongs to, if any
 * @param parentId the run that started it, if any
 * @param error why it did not finish well
 * @param user who started it, as the client said; empty when nobody did
 * @param artifactUri where its artifacts are, for clients
 */
public record Run(
        String id,
        String experimentId,
        String name,
        RunKind kind,
        RunStatus status,
        Optional<String> pipeline,
        Optional<String> parentId,
        Instant started,
        Optional<Instant> ended,
        Optional<String> error,
        String user,
        String artifactUri,
        Lifecycle lifecycle) {}
