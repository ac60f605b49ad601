package dev.millwright.pipelines;

import dev.millwright.core.MillwrightException;
import dev.millwright.data.Split;
import dev.millwright.pipelines.StepOutputs.Deployed;
import dev.millwright.pipelines.StepOutputs.Evaluated;
import dev.millwright.pipelines.StepOutputs.Gated;
import dev.millwright.pipelines.StepOutputs.Replayed;
import dev.millwright.pipelines.StepOutputs.Trained;
import dev.millwright.registry.ModelVersion;
import dev.millwright.registry.ModelVersionStatus;
import dev.millwright.serving.ModelRuntime;
import dev.millwright.serving.Parity;
import dev.millwright.serving.ParityReport;
import dev.millwright.serving.ParitySet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The way of a registered version to its endpoint: parity, gates, rollout. */
final class PromotionSteps {
    private final RunContext context;
    private final ChampionRows champions;

    PromotionSteps(RunContext context) {
        this.context = context;
        this.champions = new ChampionRows(context);
    }

    /** Replays the trainer's predictions through the runtime that will serve. */
    void parity(ModelVersion version, Trained chosen) {
        String key = StepKeys.of("parity-1", version.id(), chosen.onnx(), chosen.parity());
        Replayed replayed = context.steps()
                .step(
                        "parity",
                        key,
                        Replayed.class,
                        progress -> {
                            ParitySet rows = ParitySet.fromJson(context.bytes(chosen.parity()));
                            try (ModelRuntime runtime =
                                    context.workshop().deployments().open(version)) {
                                return replayed(version, Parity.replay(runtime, rows));
                            }
                        },
                        done -> Text.count(done.rows(), "row") + " replayed, largest difference "
                                + done.largestDifference());
        context.summary().parity(replayed);
    }

    private Replayed replayed(ModelVersion version, ParityReport report) {
        if (!report.passed()) {
            String reason = "parity: " + report.mismatchCount() + " of the replayed values differ from the trainer's: "
                    + report.mismatches().stream().map(Object::toString).collect(Collectors.joining("; "));
            refuse(version, reason);
            throw new MillwrightException(PipelineError.GATE_REFUSED, reason);
        }
        return new Replayed(report.rows(), report.largestDifference());
    }

    /** Judges every gate; throws when one refuses. */
    void gate(ModelVersion version, Evaluated evaluated, TrainingRows rows) {
        Optional<ModelVersion> champion = context.registry()
                .models()
                .findByAlias(version.model(), Deployments.CHAMPION)
                .filter(known -> known.version() != version.version());
        String key = StepKeys.of(
                "gate-1",
                version.id(),
                champion.map(ModelVersion::id),
                context.file().gates().stream().map(gate -> gate.text().text()).toList(),
                evaluated.test());
        Gated gated = context.steps()
                .step(
                        "gate",
                        key,
                        Gated.class,
                        progress -> judge(version, evaluated, rows, champion),
                        done -> done.gates().isEmpty()
                                ? "none"
                                : done.gates().stream()
                                                .filter(StepOutputs.GateVerdict::passed)
                                                .count() + " of " + done.gates().size() + " passed");
        context.summary().gates(gated.gates());
        if (!gated.passed()) {
            String reason = gated.gates().stream()
                    .filter(verdict -> !verdict.passed())
                    .map(verdict -> "gate '" + verdict.gate() + "': " + verdict.reason())
                    .collect(Collectors.joining("; "));
            refuse(version, reason);
            throw new MillwrightException(
                    PipelineError.GATE_REFUSED, "version " + version.version() + " is not deployed: " + reason);
        }
        if (version.status() == ModelVersionStatus.REFUSED) {
            context.registry()
                    .models()
                    .admit(
                            version.model(),
                            version.version(),
                            "it meets the gates of run " + context.run().id());
        }
    }

    /** A version that serves already stays ready: stricter gates refuse the run, not what passed before. */
    private void refuse(ModelVersion version, String reason) {
        boolean serves = context.registry().endpoints().list().stream()
                .filter(endpoint -> endpoint.model().equals(version.model()))
                .flatMap(endpoint -> endpoint.rollout().versions().stream())
                .anyMatch(served -> served.version() == version.version());
        if (!serves) {
            context.registry().models().refuse(version.model(), version.version(), reason);
        }
    }

    private Gated judge(ModelVersion version, Evaluated evaluated, TrainingRows rows, Optional<ModelVersion> champion) {
        if (context.file().gates().isEmpty()) {
            return new Gated(List.of());
        }
        List<ModelRuntime> opened = new ArrayList<>();
        try (ModelRuntime challenger = context.workshop().deployments().open(version)) {
            Optional<GateStep.Champion> known = champion.map(it -> {
                ModelRuntime runtime = context.workshop().deployments().open(it);
                opened.add(runtime);
                return new GateStep.Champion(
                        it.version(), runtime, champions.trainedOn(it), champions.testRows(it, rows));
            });
            return new Gated(GateStep.judge(
                    context.file().gates(), evaluated.test(), rows.split(Split.TEST), challenger, known));
        } finally {
            opened.forEach(ModelRuntime::close);
        }
    }

    /** Rolls the version out. */
    void deploy(PipelineFile.Deploy deploy, ModelVersion version) {
        Deployed deployed = context.steps()
                .step(
                        "deploy",
                        StepKeys.of("deploy-1", context.run().id(), version.id()),
                        Deployed.class,
                        progress -> {
                            Deployments deployments = context.workshop().deployments();
                            Deployed rolledOut = deployments.deploy(deploy.endpoint(), version, deploy.rollout());
                            deploy.cache()
                                    .ifPresent(cache -> deployments.setCache(deploy.endpoint(), Optional.of(cache)));
                            return rolledOut;
                        },
                        done -> done.endpoint() + ": " + done.reason());
        context.summary().deployed(deployed);
    }
}
