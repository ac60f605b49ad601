package dev.millwright.app;

import dev.millwright.pipelines.RolloutDesk;
import dev.millwright.pipelines.RolloutView;
import dev.millwright.registry.HomeLock;
import dev.millwright.registry.OwnerInfo;
import dev.millwright.serving.rollout.QualityFigures;
import dev.millwright.serving.rollout.RolloutFigures;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows a rollout under way, or does something to it. */
@Command(
        name = "rollout",
        mixinStandardHelpOptions = true,
        description = {
            "Show the rollout under way on an endpoint, or pause, resume, promote or stop it.",
            "promote: the new version serves alone, at once. stop: the one that served before does."
        },
        footer = {
            "",
            "Examples:",
            "  millwright rollout churn",
            "  millwright rollout churn promote --reason 'looks good'"
        })
final class RolloutCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private GlobalOptions options = new GlobalOptions();

    @Parameters(index = "0", paramLabel = "ENDPOINT", description = "The endpoint.")
    private String endpoint = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "ACTION",
            defaultValue = "STATUS",
            description = "One of: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Action action = Action.STATUS;

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            defaultValue = "by hand",
            description = "Why, for the record (default: ${DEFAULT-VALUE}).")
    private String reason = "";

    RolloutCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    private enum Action {
        STATUS(Optional.empty()),
        PAUSE(Optional.of(RolloutDesk.Steering.PAUSE)),
        RESUME(Optional.of(RolloutDesk.Steering.RESUME)),
        PROMOTE(Optional.of(RolloutDesk.Steering.PROMOTE)),
        STOP(Optional.of(RolloutDesk.Steering.STOP));

        private final Optional<RolloutDesk.Steering> steering;

        Action(Optional<RolloutDesk.Steering> steering) {
            this.steering = steering;
        }

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        HomeReader.requireState(options.home());
        switch (HomeDoor.enter(options.home())) {
            case HomeDoor.Free(HomeLock lock) -> {
                try (OwnedHome home = OwnedHome.open(lock, 0, InstantSource.system())) {
                    RolloutDesk rollouts = home.deployments().rollouts();
                    if (action.steering.isPresent()) {
                        tell(rollouts.steer(endpoint, action.steering.get(), reason));
                    } else {
                        tell(rollouts.loadView(endpoint));
                    }
                }
            }
            case HomeDoor.Held(OwnerInfo owner) -> {
                OwnerClient client = new OwnerClient(owner);
                if (action.steering.isPresent()) {
                    tell(client.steer(endpoint, action.steering.get(), reason));
                } else {
                    tell(client.rollout(endpoint));
                }
            }
        }
        return ExitCode.DONE.number();
    }

    private void tell(RolloutDesk.Standing standing) {
        if (options.json()) {
            terminal.out()
                    .println(Json.pretty(
                            Map.of("endpoint", endpoint, "status", standing.status(), "reason", standing.reason())));
        } else {
            terminal.out().println(endpoint + " is " + standing.status() + " (" + standing.reason() + ")");
        }
    }

    private void tell(RolloutView rollout) {
        if (options.json()) {
            terminal.out().println(Json.pretty(rollout));
            return;
        }
        terminal.table(
                List.of("VERSION", "SHARE", "REQUESTS", "FAILED", "P50", "P99", "QUALITY"),
                rollout.figures().versions().stream()
                        .map(counts -> row(rollout, counts))
                        .toList());
        facts(rollout).forEach(terminal.out()::println);
        terminal.out().println(rollout.endpoint() + ": " + rollout.strategy() + ", " + standing(rollout));
    }

    private static String standing(RolloutView rollout) {
        if (rollout.pausedSince().isPresent()) {
            return "paused at " + rollout.stage() + " since "
                    + Times.stamp(rollout.pausedSince().get());
        }
        return "at " + rollout.stage() + " since " + Times.stamp(rollout.stageStarted())
                + rollout.stageEnds()
                        .map(end -> ", until " + Times.stamp(end) + " at least")
                        .orElse("");
    }

    private static List<String> row(RolloutView rollout, RolloutFigures.VersionCounts counts) {
        String version = Integer.toString(counts.version());
        String role = counts.version() == rollout.champion()
                ? " (champion)"
                : counts.version() == rollout.candidate() ? " (candidate)" : "";
        return List.of(
                version + role,
                percent(rollout.shares().getOrDefault(version, 0.0)),
                Long.toString(counts.requests()),
                Long.toString(counts.failures()),
                String.format(Locale.ROOT, "%.2f ms", counts.p50Millis()),
                String.format(Locale.ROOT, "%.2f ms", counts.p99Millis()),
                rollout.figures().quality().stream()
                        .flatMap(quality -> quality.versions().stream())
                        .filter(quality -> quality.version() == counts.version())
                        .map(RolloutCommand::quality)
                        .findFirst()
                        .orElse(""));
    }

    private static String quality(QualityFigures.VersionQuality quality) {
        return String.format(
                Locale.ROOT,
                "%.4f [%.3f, %.3f] over %d labels",
                quality.mean(),
                quality.lower(),
                quality.upper(),
                quality.labels());
    }

    private static List<String> facts(RolloutView rollout) {
        List<String> facts = new ArrayList<>();
        rollout.figures().outputPsi().ifPresent(psi -> facts.add(String.format(Locale.ROOT, "output PSI %.3f", psi)));
        rollout.figures()
                .disagreement()
                .ifPresent(found -> facts.add(String.format(
                        Locale.ROOT,
                        "disagreement %s of %d rows that both answered, scores differ by %.4g on average and %.4g at most",
                        percent(found.share()),
                        found.rows(),
                        found.meanDifference(),
                        found.largestDifference())));
        rollout.figures()
                .quality()
                .ifPresent(quality -> quality.difference()
                        .ifPresent(found -> facts.add(String.format(
                                Locale.ROOT,
                                "%s of the candidate minus the champion's: %.4f [%.3f, %.3f], alpha %s",
                                quality.score(),
                                found.mean(),
                                found.lower(),
                                found.upper(),
                                percent(quality.alpha())))));
        if (!rollout.rollBackIf().isEmpty()) {
            facts.add("rolled back if " + String.join(", ", rollout.rollBackIf()));
        }
        return facts;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
