package dev.millwright.pipelines;

import dev.millwright.core.InvalidInputException;
import dev.millwright.core.Words;
import dev.millwright.registry.Artifact;
import dev.millwright.registry.Registry;
import dev.millwright.registry.Run;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the steps of one run share. Used by the run's one thread. */
final class RunContext {
    private final Workshop workshop;
    private final CheckedPipeline pipeline;
    private final Run run;
    private final StepRunner steps;
    private final SummaryBuilder summary;
    private final Map<String, String> tables = new LinkedHashMap<>();

    RunContext(Workshop workshop, CheckedPipeline pipeline, Run run, StepRunner steps, SummaryBuilder summary) {
        this.workshop = workshop;
        this.pipeline = pipeline;
        this.run = run;
        this.steps = steps;
        this.summary = summary;
    }

    Workshop workshop() {
        return workshop;
    }

    Registry registry() {
        return workshop.registry();
    }

    CheckedPipeline pipeline() {
        return pipeline;
    }

    PipelineFile file() {
        return pipeline.file();
    }

    Run run() {
        return run;
    }

    StepRunner steps() {
        return steps;
    }

    SummaryBuilder summary() {
        return summary;
    }

    /** Notes that this run reads the dataset through {@code reference}. */
    void addTable(String dataset, String reference) {
        tables.put(dataset, reference);
    }

    /** The dataset version that this run reads, as a table in DuckDB SQL. */
    String table(String dataset) {
        String reference = tables.get(dataset);
        if (reference == null) {
            throw new InvalidInputException(
                    "data: has no '" + dataset + "'." + Words.suggestion(dataset, tables.keySet()));
        }
        return reference;
    }

    byte[] bytes(Artifact artifact) {
        try (InputStream stream = registry().artifacts().open(artifact)) {
            return stream.readAllBytes();
        } catch (IOException failed) {
            throw new UncheckedIOException("artifact " + artifact.sha256() + " could not be read", failed);
        }
    }
}
