package dev.millwright.pipelines;

import dev.millwright.core.ErrorKind;
import dev.millwright.pipelines.RunSummary.BySplit;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.pipelines.StepOutputs.Evaluated;
import dev.millwright.pipelines.StepOutputs.Featured;
import dev.millwright.pipelines.StepOutputs.GateVerdict;
import dev.millwright.pipelines.StepOutputs.Ingested;
import dev.millwright.pipelines.StepOutputs.Registered;
import dev.millwright.pipelines.StepOutputs.Replayed;
import dev.millwright.pipelines.StepOutputs.Selected;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Gathers a run's summary step by step, so that a run that stops half-way still says what it did. */
final class SummaryBuilder {
    private final String pipeline;
    private final String run;
    private final List<String> warnings;
    private final List<RunSummary.Dataset> datasets = new ArrayList<>();
    private Optional<RunSummary.Rows> rows = Optional.empty();
    private Optional<Selected> features = Optional.empty();
    private Optional<RunSummary.Model> model = Optional.empty();
    private Optional<Evaluated> evaluated = Optional.empty();
    private Optional<String> selection = Optional.empty();
    private Optional<Replayed> parity = Optional.empty();
    private List<GateVerdict> gates = List.of();
    private Optional<Deployed> deployed = Optional.empty();

    SummaryBuilder(String pipeline, String run, List<String> warnings) {
        this.pipeline = pipeline;
        this.run = run;
        this.warnings = new ArrayList<>(warnings);
    }

    void warning(String sentence) {
        warnings.add(sentence);
    }

    void dataset(Ingested dataset, int version) {
        datasets.add(new RunSummary.Dataset(
                dataset.dataset(), version, dataset.rowsRead(), dataset.rows(), dataset.quarantined()));
    }

    void rows(Featured featured) {
        rows = Optional.of(
                new RunSummary.Rows(featured.train(), featured.validation(), featured.test(), featured.unlabelled()));
    }

    void selected(Selected value) {
        features = Optional.of(value);
    }

    void evaluated(Evaluated value, String selectionMetric) {
        evaluated = Optional.of(value);
        selection = Optional.of(selectionMetric);
    }

    void model(Registered registered, String learner) {
        model = Optional.of(
                new RunSummary.Model(registered.model(), registered.version(), registered.semanticVersion(), learner));
    }

    void parity(Replayed value) {
        parity = Optional.of(value);
    }

    void gates(List<GateVerdict> verdicts) {
        gates = List.copyOf(verdicts);
    }

    void deployed(Deployed value) {
        deployed = Optional.of(value);
    }

    /** Why a run did not finish. */
    record Failure(String message, ErrorKind kind) {}

    RunSummary build(String status, Optional<Failure> failure, Map<String, Double> seconds, List<String> reused) {
        return new RunSummary(
                pipeline,
                run,
                status,
                List.copyOf(datasets),
                rows,
                features,
                model,
                selection,
                evaluated.map(each -> new BySplit<>(Scores.values(each.validation()), Scores.values(each.test()))),
                evaluated.map(
                        each -> new BySplit<>(Scores.intervals(each.validation()), Scores.intervals(each.test()))),
                parity,
                gates,
                deployed.map(Deployed::endpoint),
                deployed,
                seconds,
                reused,
                List.copyOf(warnings),
                failure.map(Failure::message),
                failure.map(Failure::kind));
    }
}
