package dev.millwright.web;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.millwright.serving.ExecutionStatistics;
import dev.millwright.serving.Route;
import dev.millwright.serving.Router;
import dev.millwright.serving.StatisticsSnapshot;
import dev.millwright.serving.VersionStatistics;
import dev.millwright.serving.VersionStatistics.Outcome;
import dev.millwright.serving.WeightedVersion;
import dev.millwright.serving.cache.CacheCounts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The protocol's statistics extension: what each version did since the start. */
final class InferenceStatistics {
    private final Router router;

    InferenceStatistics(Router router) {
        this.router = router;
    }

    /** How often something happened, and how long that took together. */
    record Timed(long count, long ns) {}

    /** Requests and the parts of their way. Without a cache nothing is hit or missed. */
    record Requests(
            Timed success,
            Timed fail,
            Timed queue,
            @JsonProperty("compute_input") Timed computeInput,
            @JsonProperty("compute_infer") Timed computeInfer,
            @JsonProperty("compute_output") Timed computeOutput,
            @JsonProperty("cache_hit") Timed cacheHit,
            @JsonProperty("cache_miss") Timed cacheMiss) {}

    /** Runs of the model with equally many rows. */
    record Batch(
            @JsonProperty("batch_size") int batchSize,
            @JsonProperty("compute_input") Timed computeInput,
            @JsonProperty("compute_infer") Timed computeInfer,
            @JsonProperty("compute_output") Timed computeOutput) {}

    /**
     * One version.
     *
     * @param lastInference milliseconds since 1970; 0 before the first
     * @param inferenceCount rows
     * @param executionCount runs of the model
     */
    record ModelStatistics(
            String name,
            String version,
            @JsonProperty("last_inference") long lastInference,
            @JsonProperty("inference_count") long inferenceCount,
            @JsonProperty("execution_count") long executionCount,
            @JsonProperty("inference_stats") Requests inferenceStats,
            @JsonProperty("batch_stats") List<Batch> batchStats) {}

    /** Of everything that serves. */
    List<ModelStatistics> all() {
        return router.list().stream()
                .flatMap(route -> of(route, Optional.empty()).stream())
                .toList();
    }

    /** Of the one version, or of all that serve. */
    List<ModelStatistics> of(Route route, Optional<String> version) {
        return InferenceDesk.meant(route, version).stream()
                .map(each -> statistics(route.endpoint(), each))
                .toList();
    }

    private ModelStatistics statistics(String endpoint, WeightedVersion version) {
        VersionStatistics counted =
                router.findStatistics(endpoint, version.version()).orElseThrow();
        StatisticsSnapshot requests = counted.snapshot();
        ExecutionStatistics runs =
                router.findExecutions(endpoint, version.version()).orElseThrow();
        CacheCounts.Snapshot cached = counted.cached().snapshot();
        long answered = requests.count(Outcome.OK);
        long failed = requests.timed() - answered;
        return new ModelStatistics(
                endpoint,
                Integer.toString(version.version()),
                counted.lastAnswered().map(Instant::toEpochMilli).orElse(0L),
                runs.rows(),
                runs.executions(),
                new Requests(
                        new Timed(answered, requests.latencySumNanos() - requests.failureNanos()),
                        new Timed(failed, requests.failureNanos()),
                        new Timed(runs.requests(), runs.waitedNanos()),
                        new Timed(runs.requests(), runs.joinNanos()),
                        new Timed(runs.requests(), runs.runNanos()),
                        new Timed(runs.requests(), runs.partNanos()),
                        new Timed(cached.hits(), cached.hitNanos()),
                        new Timed(cached.misses(), cached.missNanos())),
                runs.batches().stream().map(InferenceStatistics::batch).toList());
    }

    private static Batch batch(ExecutionStatistics.Batch batch) {
        return new Batch(
                batch.rows(),
                new Timed(batch.executions(), batch.joinNanos()),
                new Timed(batch.executions(), batch.nanos()),
                new Timed(batch.executions(), batch.partNanos()));
    }
}
